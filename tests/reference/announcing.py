"""Whom a programme serves, from when, under which lead and with what budget: docs/odd.md, section 7.2."""

from __future__ import annotations

import math

from reference.cluster import Cluster
from reference.entities import Donor
from reference.government import donors
from reference.world import identity, total


def lead(cluster: Cluster, who: str) -> tuple[float, float, int]:
    """By who leads: exposure to politics, factor on the turnover of facilitators, additional lag."""
    p = cluster.p.programme
    if who == "mixed":
        return p.mixed_politics, 1.0, int(p.mixed_delay)
    return (p.private_politics, p.private_turnover, 0) if who == "private" else (1.0, 1.0, 0)


def terms(cluster: Cluster, programme, own: str | None = None) -> tuple[float, float, int]:
    """The same for the whole programme, or for a stage with a lead of its own."""
    if programme.levels is None:
        return lead(cluster, own or programme.lead)
    levels = programme.levels
    bodies = [level.run for level in (levels.direction, levels.coordination) if level is not None]
    each = [lead(cluster, who) for who in (*bodies, own or levels.execution.run)]
    return total(politics for politics, _, _ in each) / len(each), each[-1][1], max(delay for _, _, delay in each)


def _run(cluster: Cluster, levels) -> None:
    """On which levels it is run, and how who executes is chosen."""
    if levels is None:
        return
    given = [level for level in (levels.direction, levels.coordination, levels.execution) if level is not None]
    tender = levels.execution.tender
    cluster.handovers = len(given) - 1
    cluster.overhead = 1.0 - math.prod(1.0 - level.overhead for level in given)
    cluster.bidders = tender.bidders if tender else 1
    cluster.tender_every = max(1, round(4 * tender.every_years)) if tender else 0


def _bring_donors(cluster: Cluster, funders) -> None:
    """Give each foreign funder a row behind the other institutions."""
    for _ in donors(funders):
        k = len(cluster.institutions)
        cluster.institutions.append(Donor(cluster, identity(cluster.uid, -2, k)))
        cluster.institutions[-1].row = k
    cluster.donors = len(donors(funders))
    for place, firm in enumerate(cluster.rows):
        firm.row = len(cluster.institutions) + place


def serve(clusters: list[Cluster], programme) -> None:
    """Tell each cluster when the programme is announced there, and on which terms."""
    if programme is None:
        return
    named = [cluster for cluster in clusters if programme.clusters is None or cluster.name in programme.clusters]
    first = round(4 * programme.announced)
    if programme.selection is None:
        for cluster in named:
            cluster.announced = first
    else:
        _select(named, programme.selection, first)
    for cluster in named:
        if cluster.announced >= 0:
            cluster.announced = max(cluster.announced, cluster.world.begins)
    served = [cluster for cluster in clusters if cluster.announced >= 0]
    for cluster in clusters:
        cluster.exposure_to_politics, cluster.turnover_factor, delay = terms(cluster, programme)
        cluster.lag = programme.lag_quarters + delay
        cluster.launched = max(first, cluster.world.begins)
        cluster.funders = programme.funders
        _run(cluster, programme.levels)
        if cluster.announced >= 0:
            _bring_donors(cluster, programme.funders)
        if programme.budget is not None:
            cluster.budget = programme.budget.per_year / 4.0
            if programme.budget.shared:
                cluster.budget /= max(len(served), 1)


def _select(named: list[Cluster], selection, first: int) -> None:
    p = named[0].p.programme
    e, r = {  # the error, and what is left of it from round to round
        "politics": (1e6, 1.0), "competitiveness": (p.judging_error, 1.0), "calls": (p.calls_error, p.calls_learning),
    }[selection.mode]  # fmt: skip
    merit = _merit(named)
    sure = {name for call in selection.rounds if not isinstance(call.clusters, int) for name in call.clusters}
    waiting = [c for c in range(len(named)) if named[c].name not in sure]
    for k, call in enumerate(selection.rounds):
        score = {
            c: merit[c] + e * r**k * named[c].world.normal("selection", named[c].uid, quarter=k) for c in waiting
        }
        if isinstance(call.clusters, int):
            taken = sorted(waiting, key=lambda c: (-score[c], c))[: call.clusters]
        else:
            taken = [c for c in range(len(named)) if named[c].name in call.clusters]
        for c in taken:
            named[c].announced = first + round(4 * call.year)
        waiting = [c for c in waiting if c not in taken]


def _merit(named: list[Cluster]) -> list[float]:
    """Mean of five standardised features."""
    merit = [0.0] * len(named)
    specs = [cluster.spec for cluster in named]
    for values in (
        [spec.location_quotient for spec in specs],
        [spec.trust for spec in specs],
        [math.log(1.0 + spec.tractors) for spec in specs],
        [spec.export_share for spec in specs],
        [math.log(spec.tractors + spec.smes) for spec in specs],
    ):
        if len(set(values)) == 1:
            continue
        mean = total(values) / len(values)
        deviation = math.sqrt(total((value - mean) ** 2 for value in values) / len(values))
        merit = [m + (value - mean) / deviation / 5.0 for m, value in zip(merit, values)]
    return merit
