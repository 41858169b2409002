"""Pattern of anchor-firm projects: P15."""

from __future__ import annotations

from datetime import date

import numpy as np

from clustersim.core.words import N_
from clustersim.model.state import SME
from clustersim.scenario.loading import load_scenario
from clustersim.simulation.engine import Simulation
from clustersim.studies.validation.lab import COLUMN, Laboratory, Values, bootstrap, with_values
from clustersim.studies.validation.pattern import Estimate, Pattern

BEFORE, AFTER = 4, 12  # quarters: the projects begin at the first and are read at the second, two years later
# Smallest and largest outcome of the chains for which the programme reported one (RP): investment per job created (six
# chains, USD), growth of the anchor's sales (four chains) and of its suppliers' sales (three chains).
OBSERVED = {"cost": (562.0, 37500.0), "anchor": (0.0322, 2.0), "supplier": (0.10, 0.40)}
# Part by which the quality of a firm must exceed its own without the project for its jobs to count as improved (assumed).
BETTER = 0.02


def outcomes(lab: Laboratory, off: Values) -> dict[str, np.ndarray]:
    """Return what the nine projects did: arrays (replicate, chain).

    ``jobs``: persons more than without the projects; ``improved``: persons in SMEs that were there before and whose quality is
    better than the same firm's without; ``spent``: public and private money (kUSD); ``anchor``: growth of the anchors' sales
    over the two years; ``supplier``: that of the SMEs that sell to an anchor at the end.
    """
    replicates = max(20, lab.replicates // 8)
    scenario = with_values(load_scenario("ecuador_anchor_chains"), off)
    jobs, quality, result = [], [], {}
    for variant in (scenario, scenario.model_copy(update={"programme": None})):
        simulation = Simulation(variant, lab.seed, range(replicates))
        first = simulation.run(BEFORE).indicators
        then = _of_each(simulation, "sales")
        last = simulation.run(AFTER - BEFORE).indicators
        shape = (replicates, len(scenario.place.clusters))
        jobs.append(last[-1, :, COLUMN["employment"]].reshape(shape))
        quality.append(_of_each(simulation, "quality"))
        if variant is scenario:
            money = last[:, :, [COLUMN["public_spending"], COLUMN["private_cofinance"]]].sum(axis=(0, 2))
            anchor = COLUMN["anchor_sales"]
            with np.errstate(divide="ignore", invalid="ignore"):  # an anchor may have left
                growth = last[-1, :, anchor] / first[-1, :, anchor] - 1.0
            people, before = _of_each(simulation, "employees"), then
            result = {"spent": money.reshape(shape), "anchor": growth.reshape(shape),
                      "supplier": _growth_of_suppliers(simulation, then).reshape(shape)}  # fmt: skip
    improved = np.zeros(shape)
    for firm in before.keys() & quality[0].keys() & quality[1].keys():
        if quality[0][firm] > (1.0 + BETTER) * quality[1][firm]:
            improved[np.unravel_index(firm[0], shape)] += people[firm]
    return {"jobs": jobs[0] - jobs[1], "improved": improved, **result}


def _of_each(simulation: Simulation, column: str) -> dict[tuple[int, int], float]:
    """Return a column of each SME, by its cluster and identity."""
    actors = simulation.state.actors
    rows = np.flatnonzero(actors.kind == SME)
    places = np.searchsorted(simulation.state.clusters["first"], rows, side="right") - 1
    return dict(zip(zip(places.tolist(), actors.uid[rows].tolist()), getattr(actors, column)[rows].tolist(), strict=True))


def _growth_of_suppliers(simulation: Simulation, then: dict[tuple[int, int], float]) -> np.ndarray:
    """Return for each cluster the growth of sales of the SMEs that sell to cluster buyers now and were there before."""
    actors, clusters = simulation.state.actors, simulation.state.clusters
    rows = np.flatnonzero((actors.kind == SME) & (actors.trade > 0))
    places = np.searchsorted(clusters["first"], rows, side="right") - 1
    before = np.array([then.get((c, u), 0.0) for c, u in zip(places.tolist(), actors.uid[rows].tolist(), strict=True)])
    known = before > 0
    now = np.bincount(places[known], actors.sales[rows][known], len(clusters))
    past = np.bincount(places[known], before[known], len(clusters))
    return np.divide(now, past, out=np.full(len(clusters), np.nan), where=past > 0) - 1.0


def anchors_in_range(lab: Laboratory, off: Values) -> Estimate:
    """P15: share of the nine chains whose outcome lies inside the observed range, the smallest over three outcomes."""
    out = outcomes(lab, off)

    def smallest_share(who: np.ndarray) -> float:
        jobs = out["jobs"][who].mean(axis=0)
        cost = np.where(jobs > 0, 1000.0 * out["spent"][who].mean(axis=0) / np.maximum(jobs, 1e-9), np.inf)
        found = {"cost": cost, **{key: np.nanmedian(out[key][who], axis=0) for key in ("anchor", "supplier")}}
        return min(float(((low <= found[key]) & (found[key] <= high)).mean()) for key, (low, high) in OBSERVED.items())

    return bootstrap(smallest_share, len(out["jobs"]))


PATTERNS = (
    Pattern(
        "P15",
        N_("Anchor-firm projects land inside the observed range of cost per job and of sales growth"),
        N_(
            "Share of nine chains inside the range that the programme reported, two years after the projects began: the smallest "
            "over money per job created (562 to 37 500 USD), growth of anchors' sales (0.03 to 2.00) and of their suppliers' "
            "(0.10 to 0.40)"
        ),
        N_("Each project has the money that it had; jobs are counted against the same places without projects."),
        0.5,
        anchors_in_range,
        {"knowledge.supplier_speed": 0.0, "meeting.contract_rate": 0.0},
        N_("help to suppliers to reach the standard and to win contracts"),
        date(2026, 11, 20),
        N_("More than half of the chains inside the range."),
    ),
)
