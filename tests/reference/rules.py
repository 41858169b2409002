"""Rules that steer the money of a programme: docs/odd.md, section 7.20."""

from __future__ import annotations

import math
from typing import NamedTuple

from reference.cluster import Cluster
from reference.policy import Row, planned_next
from reference.world import above_zero, clip, total

GAPS = ("education", "government", "firms", "market", "capital", "research", "clusters")
CHANNELS = {
    "firms": (
        "facilitation", "events", "matching", "tie_subsidy", "consensus", "founding", "cofinance", "supplier_quality",
        "purchasing", "consortia", "planning", "services", "bargaining", "teams",
    ),
    "education": ("graduates", "training", "talent"),
    "government": ("procurement", "paperwork", "targeting", "coordination", "capability", "dialogue", "preparation"),
    "market": (
        "supplier_quality", "export_support", "brand", "attraction", "benchmarking", "certification", "standards",
        "intelligence", "public_goods",
    ),
    "capital": ("guarantee", "venture", "incubation", "mutual"),
    "research": ("rd_support", "extension", "consortia", "observatory"),
    "clusters": ("linking",),
}  # fmt: skip


class Seen(NamedTuple):
    """What a rule sees of a cluster where the programme is announced."""

    cluster: Cluster
    now: dict[str, float]
    first: dict[str, float]
    since: int | None
    factors: dict[str, float]
    announced: int


def instruments(programme) -> dict:
    """The instruments of a programme by name, each once, in the order of their first appearance."""
    found: dict = {}
    for stage in programme.stages:
        for instrument in stage.instruments:
            found.setdefault(instrument.use, instrument)
    return found


def gaps_of(instrument) -> list[str]:
    channels = {effect.channel for effect in instrument.effects}
    return [gap for gap in GAPS if channels & set(CHANNELS[gap])]


def take_turns(clusters: list[Cluster], rule) -> None:
    """Clusters begin one after the other."""
    served = sorted((cluster for cluster in clusters if cluster.announced >= 0), key=lambda cluster: cluster.announced)
    for k, cluster in enumerate(served):
        cluster.announced += round(4 * rule.years_apart * (k // rule.at_a_time))


def decide(clusters: list[Cluster], programme, q: int) -> None:
    """At the start of a quarter: what the rule says for each cluster, of what all of them are now."""
    rule = programme.rule
    if rule is None or q == 0 or q % rule.every:
        return
    world = [_see(cluster, q) for cluster in clusters if 0 <= cluster.announced <= q]
    said = {"gap_driven": _gap_driven, "staged_experiment": _staged_experiment, "stop_or_scale": _stop_or_scale}[rule.use]
    answers = [said(rule, programme, seen, [other for other in world if other is not seen]) for seen in world]
    for seen, factors in zip(world, answers):
        for row in _rows(seen.cluster):
            row.factor = factors.get(row.use, 1.0)


def _rows(cluster: Cluster) -> list[Row]:
    """The rows of instruments, without those of evaluations."""
    return [row for row in cluster.plan if row.use]


def _see(cluster: Cluster, q: int) -> Seen:
    if cluster.first_seen is None:
        cluster.first_seen = cluster.indicators
    factors: dict[str, float] = {}
    for row in _rows(cluster):
        factors.setdefault(row.use, row.factor)
    since = q - cluster.began[0] if cluster.began[0] >= 0 else None
    return Seen(cluster, cluster.indicators, cluster.first_seen, since, factors, cluster.announced)


def _reported(cluster: Cluster) -> dict[str, float] | None:
    """The seven gaps as the members of the association see them."""
    members = [firm for firm in cluster.firms if firm.member]
    if not cluster.formal or cluster.staff < cluster.p.programme.report_staff or not members:
        return None
    number = len(members)
    sales, exports = total(firm.sales for firm in members), total(firm.exports for firm in members)
    pull = cluster.export_pull
    linked = total(firm.top >= 2 for firm in members)
    schooled = total(any(t.level >= 1 and t.other(f) in cluster.schools for t in f.ties) for f in members)
    abroad = total(tie.outside for firm in members for tie in firm.ties)
    return {
        **{gap: cluster.indicators[f"gap_{gap}"] for gap in ("education", "government", "capital")},
        "firms": 1.0 - linked / number,
        "market": clip(1.0 - exports / sales / pull, 0.0, 1.0) if sales > 0.0 < pull else 0.0,
        "research": 1.0 - schooled / number,
        "clusters": above_zero(1.0 - abroad / number),
    }


def _gap_driven(rule, programme, seen: Seen, others: list[Seen]) -> dict[str, float]:
    widths = {gap: seen.now[f"gap_{gap}"] for gap in GAPS}
    if rule.informed_by == "associations":
        reported = _reported(seen.cluster)
        if reported is None:
            return {}
        widths = reported
    usual = max(total(widths[gap] for gap in GAPS) / len(GAPS), 0.01)
    factors = {}
    for use, instrument in instruments(programme).items():
        if closed := gaps_of(instrument):
            own = total(widths[gap] for gap in closed) / len(closed)
            factors[use] = min(10.0, (max(own, 0.01) / usual) ** rule.focus)
    return factors


def _staged_experiment(rule, programme, seen: Seen, others: list[Seen]) -> dict[str, float]:
    uses = list(instruments(programme))
    cohort = len({other.announced for other in others if other.announced < seen.announced})
    if cohort < rule.explorers:
        return {use: 1.0 + rule.variation * (i % rule.explorers == cohort) for i, use in enumerate(uses)}
    lessons = [
        other for other in others
        if other.announced < seen.announced and other.since is not None and other.since >= 4
        and other.first[rule.outcome] > 0.0 and other.now[rule.outcome] > 0.0
    ]  # fmt: skip
    if len(lessons) < 3:
        return {}
    y = [math.log(other.now[rule.outcome] / other.first[rule.outcome]) / (other.since / 4.0) for other in lessons]
    factors = {}
    for use in uses:
        x = []
        for other in lessons:
            mean = total(other.factors[name] for name in uses) / len(uses)
            x.append(other.factors[use] / mean if mean > 0.0 else 1.0)
        trust = rule.learning * (1.0 - 2.0 / len(lessons))
        factors[use] = clip(1.0 + trust * _correlation(x, y), 0.0, 10.0)
    return factors


def _correlation(x: list[float], y: list[float]) -> float:
    mean_x, mean_y = total(x) / len(x), total(y) / len(y)
    squares_x, squares_y = total((one - mean_x) ** 2 for one in x), total((one - mean_y) ** 2 for one in y)
    if squares_x <= 1e-12 or squares_y <= 1e-12:
        return 0.0
    return total((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / math.sqrt(squares_x * squares_y)


def _stop_or_scale(rule, programme, seen: Seen, others: list[Seen]) -> dict[str, float]:
    if seen.since is None or seen.since < 4 * rule.least_years:
        return {}
    planned = planned_next(seen.cluster)
    works = {}
    for use, instrument in instruments(programme).items():
        closed = gaps_of(instrument)
        if closed and planned[use] > 0.0:
            narrowed = [(seen.first[f"gap_{gap}"] - seen.now[f"gap_{gap}"]) / (seen.since / 4.0) for gap in closed]
            works[use] = total(narrowed) / len(closed) >= rule.bar
    if set(works.values()) != {False, True}:
        return {}
    return {use: rule.scale if well else rule.keep for use, well in works.items()}
