"""Spaces of a design: which values levers and uncertain numbers take, by grid, list, Latin hypercube or Sobol' sequence."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from clustersim.core.errors import InputError
from clustersim.core.words import N_, _
from clustersim.model.parameters import PARAMETERS
from clustersim.scenario.keys import clip, did_you_mean, either

POINTS_MAX = 1_000_000
METHODS = ("grid", "list", "latin_hypercube", "sobol")


class Strict(BaseModel):
    """No unknown keys, no change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Range(Strict):
    """An interval of a number, or the values that it may take."""

    low: float | None = Field(None, description=N_("Lower bound; that of the declared range for a parameter."))
    high: float | None = Field(None, description=N_("Upper bound; that of the declared range for a parameter."))
    levels: int | None = Field(None, ge=2, le=10_000, description=N_("Number of values between the bounds, in a grid."))
    scale: Literal["linear", "log"] = Field("linear", description=N_("Even steps of the number, or of its logarithm."))
    values: tuple[Any, ...] | None = Field(None, min_length=1, description=N_("Values, in place of an interval."))

    @model_validator(mode="after")
    def _either(self) -> Range:
        if self.values is not None and (self.low, self.high, self.levels, self.scale) != (None, None, None, "linear"):
            raise ValueError(_("has both values and an interval; give one of them."))
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(_("low {low} is not below high {high}.", low=f"{self.low:g}", high=f"{self.high:g}"))
        if self.scale == "log" and self.low is not None and self.low <= 0:
            raise ValueError(_("a logarithmic scale needs bounds above 0."))
        return self

    def at(self, share: float, whole: bool) -> Any:
        """Return the value at a share (0 to 1) of the interval, or of the list of values."""
        if self.values is not None:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        assert self.low is not None and self.high is not None
        if whole:  # each whole number gets an equal part of the interval, or of its logarithm
            first, last = math.ceil(self.low), math.floor(self.high)
            return min(math.floor(self._between(first, last + 1, share)), last)
        return float(self._between(self.low, self.high, share))

    def _between(self, low: float, high: float, share: float) -> float:
        return low * (high / low) ** share if self.scale == "log" else low + share * (high - low)

    def grid(self, whole: bool) -> list[Any]:
        """Return the values of a grid, both bounds among them."""
        if self.values is not None:
            return list(self.values)
        assert self.levels is not None and self.low is not None and self.high is not None
        shares = [k / (self.levels - 1) for k in range(self.levels)]
        if not whole:
            return [self.at(share, False) for share in shares]
        first, last = math.ceil(self.low), math.floor(self.high)
        return sorted({min(max(round(self._between(self.low, self.high, share)), first), last) for share in shares})


class Option(Strict):
    """One element of a list: dotted keys that are set together, and what the combination is called."""

    name: str = Field("", max_length=60, description=N_("Name; made from the values if not given."))
    set: dict[str, Any] = Field(default_factory=dict, description=N_("Values by dotted key; empty: the scenario as it is."))


class Space(Strict):
    """Values of several dotted keys, and how they are combined."""

    method: Literal["grid", "list", "latin_hypercube", "sobol"] = Field("grid", description=N_("How values are combined."))
    keys: dict[str, Range] = Field(default_factory=dict, description=N_("Values or bounds by dotted key."))
    options: tuple[Option, ...] = Field((), description=N_("Combinations, for the method list."))
    points: int | None = Field(None, ge=1, le=POINTS_MAX, description=N_("Sampled points, for Latin hypercube and Sobol'."))
    seed: int = Field(1, ge=0, lt=2**63, description=N_("Seed of the sampling."))

    @model_validator(mode="after")
    def _fits_method(self) -> Space:
        sampled = self.method in ("latin_hypercube", "sobol")
        if self.method == "list":
            if self.keys or not self.options:
                raise ValueError(_("the method list takes options (each with `set`), and no keys."))
        elif self.options:
            raise ValueError(_("the method {method} takes keys; options belong to the method list.", method=self.method))
        elif not self.keys:
            raise ValueError(_("the method {method} needs keys.", method=self.method))
        if sampled and self.points is None:
            raise ValueError("points: " + _("the method {method} needs their number.", method=self.method))
        if not sampled and self.points is not None:
            raise ValueError("points: " + _("the method {method} takes none.", method=self.method))
        if not sampled and "seed" in self.model_fields_set:
            raise ValueError("seed: " + _("the method {method} takes none.", method=self.method))
        for key in (key for key, one in self.keys.items() if sampled and one.levels is not None):
            said = _("{key}: levels belong to the method grid; {method} takes none.", key=clip(key), method=self.method)
            raise ValueError(said)
        if self.method == "sobol" and self.points and self.points & (self.points - 1):
            near = 2 ** (self.points.bit_length() - 1)
            said = _("{points} is not a power of two, which a Sobol' sequence needs; nearest: {near}.", points=self.points,
                     near=either((str(near), str(2 * near))))  # fmt: skip
            raise ValueError(f"points: {said}")
        return self


def written_out(space: Any) -> Any:
    """Return what a file says of a space in full: a list stands for ``{values: [...]}``, nothing for the declared range."""
    if not isinstance(space, dict) or not isinstance(space.get("keys"), dict):
        return space
    keys = {k: {"values": v} if isinstance(v, list) else {} if v is None else v for k, v in space["keys"].items()}
    return space | {"keys": keys}


def with_bounds(key: str, spec: Range, grid: bool) -> Range:
    """Return the specification with the bounds that the model declares, where it gives none.

    Raises
    ------
    InputError
        If there are no bounds to be had, or a grid is not told how many levels.
    """
    if spec.values is not None:
        return spec
    group, _dot, name = key.removeprefix("parameters.").partition(".")
    declared = PARAMETERS.get(group, {}).get(name) if key.startswith("parameters.") else None
    see = _("See: {command}", command="clustersim describe parameters")
    low = declared.low if spec.low is None and declared else spec.low
    high = declared.high if spec.high is None and declared else spec.high
    if key.startswith("parameters.") and declared is None:
        known = [f"parameters.{group}.{name}" for group, some in PARAMETERS.items() for name in some]
        raise InputError("", key, _("is not a parameter."), did_you_mean(key, known, see))
    if low is None or high is None:
        raise InputError("", key, _("needs low and high, or values: only parameters have a declared range."), see)
    if not low < high:
        raise InputError("", key, _("low {low} is not below high {high}.", low=f"{low:g}", high=f"{high:g}"))
    if spec.scale == "log" and low <= 0:
        raise InputError("", key, _("a logarithmic scale needs bounds above 0; low is {low}.", low=f"{low:g}"))
    if grid and spec.levels is None:
        raise InputError("", key, _("a grid needs levels, or values."))
    return spec.model_copy(update={"low": low, "high": high})


def extremes(key: str, spec: Range, whole: bool) -> list[Any]:
    """Return the values between which all that the specification can give lie: what is to be checked beforehand.

    Raises
    ------
    InputError
        If only whole numbers will do, and there is none.
    """
    if spec.values is not None:
        return list(spec.values)
    assert spec.low is not None and spec.high is not None
    if whole and math.ceil(spec.low) > math.floor(spec.high):
        said = _("there is no whole number between {low} and {high}.", low=f"{spec.low:g}", high=f"{spec.high:g}")
        raise InputError("", key, said)
    return [spec.at(0.0, whole), spec.at(1.0, whole)]


def combine(space: Space, whole: Callable[[str], bool]) -> list[dict[str, Any]]:
    """Return the points of a space with complete bounds: each a mapping of dotted key to value.

    Parameters
    ----------
    space : Space
        The space; its ranges have bounds (see `with_bounds`).
    whole : callable
        Whether a key takes whole numbers only.
    """
    if space.method == "list":
        return [dict(option.set) for option in space.options]
    keys = list(space.keys)
    if space.method == "grid":
        columns = [space.keys[key].grid(whole(key)) for key in keys]
        size = math.prod(len(column) for column in columns)
        if size > POINTS_MAX:
            raise InputError("", "keys", _("the grid has {count} points; allowed are {most}.", count=size, most=POINTS_MAX))
        return [dict(zip(keys, row, strict=True)) for row in itertools.product(*columns)]
    shares = _sample(space.method, len(keys), space.points or 1, space.seed)
    return [{key: space.keys[key].at(share, whole(key)) for key, share in zip(keys, row, strict=True)} for row in shares]


def _sample(method: str, dimensions: int, points: int, seed: int) -> list[list[float]]:
    """Return points of the unit cube."""
    from scipy.stats import qmc

    if method == "sobol":
        return qmc.Sobol(dimensions, scramble=True, rng=seed).random(points).tolist()
    return qmc.LatinHypercube(dimensions, rng=seed).random(points).tolist()


def labels(points: list[dict[str, Any]]) -> list[str]:
    """Return a short name for each point: ``announced=1, quarters=20``, with as much of the keys as tells them apart."""
    keys = list(dict.fromkeys(key for point in points for key in point))
    short: dict[str, str] = {}
    for key in keys:
        parts = key.split(".")
        for length in range(1, len(parts) + 1):
            tail = parts[-length:]
            if sum(other.split(".")[-length:] == tail for other in keys) == 1:
                break
        short[key] = ".".join(tail)
    return [", ".join(f"{short[key]}={_shown(value)}" for key, value in point.items()) or "as it is" for point in points]


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if not isinstance(value, dict | list | tuple) else "…"
