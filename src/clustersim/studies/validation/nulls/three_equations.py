"""A null model of three equations: trust, links and vision of a place, without a single firm.

Each of the three changes from quarter to quarter by a quadratic function of all three and of public support, with correlated
noise. Whatever else it offers hangs on them: chances to develop and to fall back, to found and to close an association, and to
dissolve; the paths of projects and of mean knowledge. It is fitted as kindly as can be, to quarterly steps of the model itself
under programmes that resemble those of the patterns, though never to what a pattern reads. What it can do needs no firms, no ties
and no rule of the model; a pattern that it passes is no evidence for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from clustersim.core.words import N_
from clustersim.model.state import AGGLOMERATION, DEVELOPMENT, DISSOLVED, RENAISSANCE
from clustersim.studies.validation.lab import Laboratory, NoValue, Run
from clustersim.studies.validation.nulls.null import NO_SCENARIO, NO_SWITCH, Null, NullRun
from clustersim.studies.validation.nulls.support import Support

PATHS = ("trust", "linked_share", "vision", "projects_running", "knowledge")  # the three, and two that follow them
PROJECTS = PATHS.index("projects_running")
REPLICATES, YEARS, TRUST = 25, 40.0, (0.18, 0.26, 0.34, 0.42, 0.50)
PAID = {"facilitator": 160.0, "consensus_workshops": 80.0, "association_founding": 60.0, "association_grant": 150.0}
RESEARCH = {"technology_centre": 500.0, "joint_rd_grant": 300.0}


def _programme(lag: int, quarters: int, money: Mapping[str, float]) -> dict[str, Any]:
    use = tuple({"use": name, "per_year": per_year} for name, per_year in money.items())
    return {"lag_quarters": lag, "stages": [{"name": "support", "quarters": quarters, "instruments": use}]}


# Each kind of support alone and together, early and late, so that its effect is told from that of time.
PROGRAMMES: tuple[dict[str, Any] | None, ...] = (
    None, _programme(0, 60, {"facilitator": 80.0}), _programme(24, 40, {"facilitator": 160.0}),
    _programme(12, 28, {"consensus_workshops": 80.0}), _programme(0, 32, PAID), _programme(40, 24, PAID),
    _programme(20, 80, RESEARCH),
)  # fmt: skip


def features(state: np.ndarray, first: np.ndarray, formal: np.ndarray, support: Support) -> np.ndarray:
    """Return what the three equations are made of: an array (feature, …)."""
    trust, links, vision = state
    f, w, r = support.facilitators, support.workshops, support.research
    return np.stack(np.broadcast_arrays(
        1.0, trust, links, vision, trust**2, links**2, vision**2, trust**3, trust * links, trust * vision, links * vision,
        first, formal, f, f * trust, w, w * vision, r, r * links,
    ))  # fmt: skip


def states(state: np.ndarray, given: Any) -> np.ndarray:
    """Return what the chances hang on: an array (feature, …)."""
    return np.stack(np.broadcast_arrays(1.0, *state, given))


@dataclass(frozen=True)
class Fit:
    """The coefficients of one kind of place.

    Attributes
    ----------
    start, start_noise : ndarray
        First values by 1, trust and its square as the scenario states it, and the square root of the covariance of the rest.
    steps : tuple of ndarray
        Coefficients of the change of each path.
    lasting, noise : ndarray
        Square roots of the covariance of what the equations leave: between places, for good, and from quarter to quarter.
    chances : dict
        Log odds of a change in a quarter: ``develop``, ``fall``, ``found``, ``close``.
    dissolve : float
        Chance to dissolve in a quarter.
    """

    start: np.ndarray
    start_noise: np.ndarray
    steps: tuple[np.ndarray, ...]
    lasting: np.ndarray
    noise: np.ndarray
    chances: Mapping[str, np.ndarray]
    dissolve: float


def fitted(place: Mapping[str, Any]) -> Fit:
    """Fit the null to the model in one kind of place: all keys of a cluster but trust."""
    lab = Laboratory(REPLICATES)
    seen = [(trust, programme, lab.run(trust=trust, programme=programme, years=YEARS, **place))
            for trust in TRUST for programme in PROGRAMMES]  # fmt: skip
    quarters = round(4 * YEARS)
    declared = np.repeat([trust for trust, _programme, _run in seen], REPLICATES)
    path = np.array([np.concatenate([run[name] for *_, run in seen], axis=1) for name in PATHS], float)  # path, quarter, place
    phase, formal = (np.concatenate([run[name] for *_, run in seen], axis=1) for name in ("phase", "formal"))
    support = Support.joined([Support.planned(programme, quarters, REPLICATES) for _trust, programme, _run in seen])
    alive = (phase != DISSOLVED)[:-1] & (phase != DISSOLVED)[1:]

    basis = np.stack([np.ones(declared.size), declared, declared**2])
    start, start_noise = _least_squares(basis, path[:, 0])
    now, then, given = path[:, :-1], path[:, 1:], support.after_first()
    x = features(now[:3], path[0, 0], formal[:-1], given)[:, alive]
    time = np.broadcast_to(np.arange(quarters - 1.0)[:, None], alive.shape)[alive]
    steps, left = [], np.full(now.shape, np.nan)
    for number in range(len(PATHS)):
        own = x if number < 3 else np.vstack([x, now[number][alive], time])
        step, _noise = _least_squares(own, (then - now)[number, alive][None])
        steps.append(step[:, 0])
        left[number, alive] = (then - now)[number, alive] - step[:, 0] @ own

    developed = (phase >= DEVELOPMENT) & (phase <= RENAISSANCE)
    chances = {}
    for up, down, state, given_up, given_down in (
        ("develop", "fall", developed, formal[:-1], formal[:-1]),
        ("found", "close", formal > 0, given.founding, given.grant > 0),
    ):
        for name, before, extra in ((up, ~state[:-1], given_up), (down, state[:-1], given_down)):
            at_risk = alive & before
            z = states(now[:3], extra)[:, at_risk]
            chances[name] = _log_odds(z, (state[1:] != state[:-1])[at_risk])
    lasting, noise = _two_noises(left)
    for root in (start_noise, lasting, noise):
        root[PROJECTS] = root[:, PROJECTS] = 0.0  # few places have any: their path is an expectation, not a draw
    dissolved = (phase == DISSOLVED).any(axis=0).sum() / max((phase != DISSOLVED).sum(), 1)
    return Fit(start, start_noise, tuple(steps), lasting, noise, chances, float(dissolved))


def _two_noises(left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the roots of the covariances of residuals (path, quarter, place), between places alike in all and within them."""
    known = np.isfinite(left[0])
    counts = np.maximum(known.sum(axis=0), 1)
    means = np.where(known, left, 0.0).sum(axis=1) / counts
    within = np.cov((left - means[:, None])[:, known])
    alike = means.reshape(len(means), -1, REPLICATES)  # by trust and programme
    between = np.cov((alike - alike.mean(axis=2, keepdims=True)).reshape(means.shape))
    return _root(between - within * (1.0 / counts).mean()), _root(within)


def _least_squares(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the coefficients (feature, variable), and the square root of the residuals' covariance."""
    found = np.linalg.lstsq(x.T, y.T, rcond=None)[0]
    return found, _root(np.atleast_2d(np.cov(y - found.T @ x)))


def _root(covariance: np.ndarray) -> np.ndarray:
    """Return the symmetric square root of a covariance, which may be singular."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)) @ vectors.T)


def _log_odds(z: np.ndarray, happened: np.ndarray) -> np.ndarray:
    """Return the coefficients of a logistic chance by Newton's method; a small penalty keeps them finite where all agree."""
    found = np.zeros(len(z))
    if not happened.any():
        found[0] = -np.inf
        return found
    penalty = np.full(len(z), 1.0)
    penalty[0] = 1e-6
    for _ in range(50):
        chance = _logistic(found @ z)
        slope = z @ (happened - chance) - penalty * found
        curve = (z * (chance * (1.0 - chance))) @ z.T + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        found = found + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-8:
            break
    return found


def _logistic(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -700.0, 700.0)))


class ThreeEquations(Null):
    """Trust, links and vision, each by an equation; see the module."""

    id = "three_equations"
    name = N_("three equations: trust, links, vision")

    def __init__(self, lab: Laboratory) -> None:
        super().__init__(lab)
        self._fits: dict[str, Fit] = {}

    def run(self, **variation: Any) -> Run:
        return NullRun(self._path(**variation))

    def pushed(self, push: float, at: int, quarters: int, **variation: Any) -> tuple[Run, Run]:
        calm, hit = (self._path(**variation, push=given, at=at) for given in (0.0, push))
        window = slice(at, at + quarters)
        before, after = (NullRun({name: values[window] for name, values in path.items()}) for path in (calm, hit))
        return before, after

    def _path(
        self, *, trust: float | None = None, years: float = 40, programme: dict[str, Any] | None = None, off: Any = None,
        shocks: Any = (), government: dict[str, Any] | None = None, push: float = 0.0, at: int = -1, **place: Any,
    ) -> dict[str, np.ndarray]:  # fmt: skip
        """Return the paths of all that the null offers, by name: arrays (quarter, replicate)."""
        if off or shocks:
            raise NoValue(NO_SWITCH)
        if trust is None:  # a place that is not told by its trust, which is what the equations start from
            raise NoValue(NO_SCENARIO)
        n, quarters = self.replicates, round(4 * years)
        support = Support(programme, government, n)  # refuses what it has no term for before anything is fitted
        fit = self._fit(place)
        rng = np.random.default_rng([self.seed, 3])  # the same for all variations, which are so paired as in the laboratory
        own = fit.lasting @ rng.standard_normal((len(PATHS), n))
        noise, luck = rng.standard_normal((quarters, len(PATHS), n)), rng.random((quarters, 3, n))
        now = (np.array([1.0, trust, trust**2]) @ fit.start)[:, None] + fit.start_noise @ noise[0]
        first, formal, developed, dissolved = now[0].copy(), np.zeros(n), np.zeros(n, bool), np.zeros(n, bool)
        kept: dict[str, list[np.ndarray]] = {name: [] for name in (*PATHS, "phase", "formal", "income_public")}
        for quarter in range(quarters):
            if quarter == at:
                now[0] = np.minimum(1.0, now[0] + push)
            support.advance(quarter, now[2])
            if quarter > 0:
                x = features(now[:3], first, formal, support)
                last = np.full(n, quarter - 1.0)
                change = [step @ (x if k < 3 else np.vstack([x, now[k], last])) for k, step in enumerate(fit.steps)]
                before = now[:3]
                now = now + change + own + fit.noise @ noise[quarter]
                formal = np.where(luck[quarter, 0] < self._chance(fit, formal > 0, ("close", "found"), before, (
                    support.grant > 0, support.founding)), 1.0 - formal, formal)  # fmt: skip
                turns = luck[quarter, 1] < self._chance(fit, developed, ("fall", "develop"), before, (formal, formal))
                developed = developed ^ turns
                dissolved |= luck[quarter, 2] < fit.dissolve
            now[:3] = np.clip(now[:3], 0.0, 1.0)
            now[3] = np.maximum(now[3], 0.0)
            phase = np.where(dissolved, DISSOLVED, np.where(developed, DEVELOPMENT, AGGLOMERATION))
            for name, values in zip(kept, (*now, phase, formal, support.grant * formal), strict=True):
                kept[name].append(np.array(values))
        return {name: np.array(values) for name, values in kept.items()}

    @staticmethod
    def _chance(fit: Fit, there: np.ndarray, names: tuple[str, str], state: np.ndarray, given: tuple[Any, Any]) -> np.ndarray:
        """Return the chance of a change: the first of `names` where the state holds, else the second."""
        leave, come = (_logistic(fit.chances[name] @ states(state, each)) for name, each in zip(names, given, strict=True))
        return np.where(there, leave, come)

    def _fit(self, place: Mapping[str, Any]) -> Fit:
        key = repr(sorted(place.items()))
        if key not in self._fits:
            self._fits[key] = fitted(place)
        return self._fits[key]
