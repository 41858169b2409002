"""Government: what public bodies learn and lose, reforms, party, who executes, whose money: docs/odd.md, section 7.19."""

from __future__ import annotations

from reference.cluster import Cluster
from reference.world import clip, total

REGIMES = ("decentralised", "feedback", "centralised")
FOREIGN = ("donor", "multilateral")


def government(cluster: Cluster) -> None:
    """7.19: done right before the programme, with the levers of the quarter before."""
    _build_up(cluster)
    reform(cluster, cluster.world.quarter)
    _party(cluster)
    _tender(cluster)
    _what_stands(cluster)
    _funders(cluster)


def reform(cluster: Cluster, quarter: int) -> None:
    """Set what government is in a quarter: as the scenario says, overlaid by the reforms up to then."""
    p, world, spec = cluster.p.programme, cluster.world, cluster.model.given.institutions.government
    regime, coordination, autonomy = spec.regime, spec.coordination, spec.autonomy
    for change in sorted(spec.reforms, key=lambda change: max(round(4 * change.year), world.begins)):
        if max(round(4 * change.year), world.begins) <= quarter:
            regime = regime if change.regime is None else change.regime
            coordination = coordination if change.coordination is None else change.coordination
            autonomy = autonomy if change.autonomy is None else change.autonomy
    more = (0.0, p.coordination_feedback, p.coordination_centre)
    cluster.regime = REGIMES.index(regime)
    cluster.coordination = clip(coordination + more[cluster.regime], 0.0, 1.0)
    cluster.autonomy = autonomy


def _build_up(cluster: Cluster) -> None:
    p, levers = cluster.p.government, cluster.levers
    voice = 1.0 if cluster.formal else p.alone
    for name, speed, lever, fading in (
        ("teams", p.team_speed, levers["coordination"], p.team_fading),
        ("capability", p.method_speed, levers["capability"], p.method_wear),
        ("heard", p.hearing_speed * voice, levers["dialogue"], p.hearing_fading),
    ):
        old = getattr(cluster, name)
        setattr(cluster, name, old + speed * min(1.0, lever) * (1.0 - old) - fading * old)


def _party(cluster: Cluster) -> None:
    """Another party comes to power: it takes teams apart, and may end the programme."""
    p, world, q = cluster.p.government, cluster.world, cluster.world.quarter
    election = cluster.elections > 0 and q > 0 and q % cluster.elections == 0
    if not election or world.uniform("party", world.key) >= cluster.party_turnover:
        return
    cluster.teams -= p.party_teams * cluster.teams
    if 0 <= cluster.announced <= q:
        cluster.credibility -= p.party_credibility * cluster.exposure_to_politics * cluster.credibility
        if world.uniform("party_keeps", world.key) < p.party_ends * cluster.exposure_to_politics:
            cluster.kept = 0.0


def _tender(cluster: Cluster) -> None:
    """Choose who executes the programme."""
    p, world = cluster.p.government, cluster.world
    since = world.quarter - cluster.announced
    if cluster.bidders == 0 or cluster.announced < 0 or since < 0:
        return
    if since == 0 or (cluster.tender_every > 0 and since % cluster.tender_every == 0):
        bids = [cluster.uid + k for k in range(cluster.bidders)]
        skill = [world.bell("bidder", who) for who in bids]
        judged = [own + p.tender_error * world.normal("tender", who) for own, who in zip(skill, bids)]
        cluster.ability = max(0.0, 1.0 + p.executor_spread * skill[judged.index(max(judged))])


def _what_stands(cluster: Cluster) -> None:
    p, regime = cluster.p.government, cluster.regime
    lacking = (1.0 - p.team_reach * cluster.teams) * (1.0 - p.method_reach * cluster.capability)
    cluster.coordinated = min(1.0, cluster.coordination + (1.0 - cluster.coordination) * (1.0 - lacking))
    base = (1.0, p.known_feedback, p.known_centre)[regime]
    cluster.known = base + (p.known_most - base) * cluster.heard
    cluster.own = cluster.autonomy * (1.0, p.autonomy_shared, 0.0)[regime]
    cluster.arrives = (1.0 - cluster.own) * p.centre_arrives
    cluster.wait = int((p.wait_centre, p.wait_feedback, p.wait_centre)[regime])
    left = (1.0 - p.handover_loss * (1.0 - cluster.coordinated)) ** cluster.handovers
    cluster.carried = cluster.known * left * cluster.ability


def donors(funders) -> list[str]:
    """Names of foreign funders, in the order in which they are first listed."""
    return list(dict.fromkeys(funder.name for funder in funders if funder.kind in FOREIGN))


def _funders(cluster: Cluster) -> None:
    """Who pays now, and which part of the public money comes from abroad."""
    cluster.funded, cluster.foreign = 1.0, 0.0
    cluster.gives = [0.0] * len(cluster.gives)
    since = cluster.world.quarter - cluster.launched
    begun = [funder for funder in cluster.funders if since >= round(4 * funder.from_year)]
    if not begun:
        return
    paying = [funder for funder in begun if funder.until_year is None or since < round(4 * funder.until_year)]
    share = total(funder.share for funder in paying)
    cluster.funded = min(1.0, share)
    for d, name in enumerate(donors(cluster.funders)):
        given = total(funder.share for funder in paying if funder.name == name)
        cluster.gives[d] = given / share if share > 0.0 else 0.0
    cluster.foreign = total(cluster.gives)
