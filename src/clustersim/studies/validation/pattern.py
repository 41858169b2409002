"""A pattern: a named behaviour that must emerge, a statistic that shows it, an ablation under which it must vanish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.core.words import N_
from clustersim.studies.validation.lab import Laboratory, NoValue, Values

if TYPE_CHECKING:
    from clustersim.studies.validation.nulls import Null

Estimate = tuple[float, float, float]  # value, and its 5-95 % bootstrap interval over replicates
NONE: Estimate = (float("nan"),) * 3
UNDEFINED = N_("the statistic has no value in more than one resample in twenty")


@dataclass(frozen=True)
class Pattern:
    """One behaviour of the whole that no rule of the model states.

    Attributes
    ----------
    id, statement : str
        Name and what must emerge.
    statistic, why : str
        What is computed, and why it shows the pattern.
    threshold : float
        The pattern is shown if the whole interval lies above it.
    measure : callable
        ``measure(laboratory, off)`` returns the estimate, with the parameters `off` switched off. It raises `NoValue` with the
        reason where what it needs is not there; a laboratory may be a null model, too.
    off : mapping
        The ablation: parameters of the responsible mechanism.
    mechanism : str
        What the ablation switches off, in words.
    threshold_set, threshold_why : date, str
        The day on which the threshold was written down, and its reason.
    only_channel : bool
        Whether the ablation leaves no other way in which the behaviour could come about, so that it must vanish.
    retired : bool
        Whether the pattern is listed only, and counts no longer.
    retired_why : str
        Why it is retired.

    Examples
    --------
    >>> from clustersim.studies.validation.lab import Laboratory, bootstrap
    >>> def trust_lasts(lab, off):
    ...     trust = lab.run(trust=0.45, years=1, off=off)["trust"][-1]
    ...     return bootstrap(lambda who: float(trust[who].mean()), lab.replicates)
    >>> pattern = Pattern(
    ...     "P99", "Trust lasts", "Mean trust after a year", "It could fade.", 0.2, trust_lasts, {"trust.gain": 0.0},
    ...     "learning from success", date(2026, 11, 28), "Less is distrust.",
    ... )
    >>> found = pattern.check(Laboratory(4))
    >>> found["passed"], found["null_passes"]
    (True, None)
    """

    id: str
    statement: str
    statistic: str
    why: str
    threshold: float
    measure: Callable[[Laboratory, Values], Estimate]
    off: Values
    mechanism: str
    threshold_set: date
    threshold_why: str
    only_channel: bool = False
    retired: bool = False
    retired_why: str = ""

    def check(self, lab: Laboratory, nulls: Sequence[Null] = ()) -> dict[str, Any]:
        """Return value, interval and verdict, with and without the responsible mechanism, and what null models give.

        A missing value is a failure: it neither shows a pattern nor lets one vanish; ``reason`` and ``ablated_reason`` say why.
        """
        (value, low, high), reason = self._measured(lab, {})
        ablated, ablated_reason = self._measured(lab, self.off)
        scored = [self._scored(null) for null in nulls]
        told = [each["passes"] for each in scored if each["passes"] is not None]
        passed = reason is None and low > self.threshold
        vanishes = ablated_reason is None and not ablated[1] > self.threshold
        null_passes = any(told) if told else None
        return {
            "id": self.id, "statement": self.statement, "statistic": self.statistic, "value": value, "low": low, "high": high,
            "threshold": self.threshold, "passed": passed, "reason": reason, "ablated_value": ablated[0],
            "ablated_low": ablated[1], "ablated_high": ablated[2], "ablation_vanishes": vanishes,
            "ablated_reason": ablated_reason, "only_channel": self.only_channel, "mechanism": self.mechanism, "why": self.why,
            "null_passes": null_passes, "nulls": scored, "threshold_set": self.threshold_set.isoformat(),
            "threshold_why": self.threshold_why, "retired": self.retired, "retired_why": self.retired_why,
            "evidence": passed and vanishes and null_passes is False and not self.retired,
        }  # fmt: skip

    def _measured(self, lab: Any, off: Values) -> tuple[Estimate, str | None]:
        """Return the estimate, and why it is missing; without any number that is not one."""
        try:
            estimate = self.measure(lab, off)
        except NoValue as missing:
            return NONE, missing.reason
        return (estimate, None) if np.isfinite(estimate).all() else (NONE, UNDEFINED)

    def _scored(self, null: Null) -> dict[str, Any]:
        """Return what a null model gives under the same statistic; ``passes`` is None if it has no such output."""
        estimate, reason = self._measured(null, {})
        value, low, high = estimate
        passes = low > self.threshold if reason is None else (False if reason == UNDEFINED else None)
        return {"null": null.id, "name": null.name, "value": value, "low": low, "high": high, "passes": passes, "reason": reason}


def facilitator(years: float, per_year: float = 80.0, lag: int = 0, extra: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """Return a programme with one stage that pays a facilitator and whatever else is given."""
    instruments = ({"use": "facilitator", "per_year": per_year}, *extra)
    return {"lag_quarters": lag, "stages": [{"name": "support", "quarters": round(4 * years), "instruments": instruments}]}
