"""Who meets whom: docs/odd.md, section 7.4."""

from __future__ import annotations

import math

from clustersim.model.state import EXTERNAL, HORIZONTAL, INSTITUTIONAL, VERTICAL
from reference.cluster import Cluster
from reference.entities import Actor, Firm, SmallFirm, Tie, TractorFirm
from reference.world import gumbel, pair, total, turn


def has_attention(actor: Actor) -> bool:
    p = actor.cluster.p.meeting
    if not actor.is_firm:
        return actor.taken < p.institution_attention
    most = p.attention * actor.capacity * math.exp(p.attention_growth * actor.log_size)
    if isinstance(actor, TractorFirm):
        most *= 1.0 + p.contract_attention * min(1.0, actor.cluster.levers["supplier_quality"])
    return actor.taken < most


def liking(i: Firm, j: Actor) -> float:
    p, levers = i.cluster.p.meeting, i.cluster.levers
    result = -p.closeness * i.cluster.factor("closeness") * math.hypot(i.x - j.x, i.y - j.y)
    if j.is_firm:
        if abs(i.segment - j.segment) == 1:
            result += p.chain * (1.0 + levers["matching"])
        result += p.cognitive * (1.0 - 2.0 * turn(i.technology, j.technology))
        if i.member and j.member:
            result += p.fellow * i.cluster.groups
    elif j in i.cluster.schools:
        result += levers["extension"]
    return result


def esteem(j: Actor) -> float:
    """How much j is thought of, whoever asks."""
    p = j.cluster.p.meeting
    if not j.is_firm:
        return p.public
    return p.reach * math.log(1.0 + len(j.ties)) + p.standing * (j.knowledge - j.cluster.knowledge)


class Meeting:
    """An arranged meeting; b is None for the outside; the seeker is who will ask the other for advice."""

    def __init__(self, a: Firm, b: Actor | None, seeker: Actor, brokered: bool):
        self.a, self.b, self.seeker, self.brokered = a, b, seeker, brokered
        world = a.cluster.world
        who = a.uid if b is None else pair(a.uid, b.uid)
        self.priority = math.floor(world.uniform("meeting_priority", who) * 2.0**53) * 2 + (0 if brokered else 1)


def meetings(cluster: Cluster) -> None:
    """7.4: arrange meetings, then handle them by priority; those that take place make new ties at level 0."""
    arranged: list[Meeting] = []
    for firm in cluster.firms:
        firm.referrals *= 1.0 - cluster.p.meeting.referral_fading
    for firm in cluster.firms:
        _look_around(firm, arranged)
    _broker(cluster, arranged)
    _bridge(cluster, arranged)
    arranged.sort(key=lambda meeting: meeting.priority)
    before = -1
    for meeting in arranged:
        if meeting.priority // 2 != before:
            _meet(cluster, meeting)
        before = meeting.priority // 2


def _look_around(firm: Firm, arranged: list[Meeting]) -> None:
    cluster = firm.cluster
    p, world = cluster.p.meeting, cluster.world
    partner = _anchor(firm)
    brokered = partner is not None
    chance = p.rate * firm.search * (1.0 + p.event_bonus * firm.lever("events")) * (1.0 + p.member_bonus * firm.member)
    if partner is None and world.uniform("meeting_happens", firm.uid) < chance and has_attention(firm):
        partner = _choose(firm)
    if partner is not None and not firm.knows(partner):
        arranged.append(Meeting(firm, partner, firm, brokered))
    chance = p.pipeline_rate * cluster.factor("pipelines") * (1.0 + cluster.levers["linking"])
    chance *= firm.search * firm.absorptive * firm.log_size
    if world.uniform("pipeline", firm.uid) < chance:
        arranged.append(Meeting(firm, None, firm, brokered=False))


def _anchor(firm: Firm) -> Firm | None:
    """A tractor firm that an SME in supplier development is brought to."""
    cluster, world, help_ = firm.cluster, firm.cluster.world, firm.lever("supplier_quality")
    if not isinstance(firm, SmallFirm) or help_ == 0.0 or cluster.anchors == 0:
        return None
    if world.uniform("contract", firm.uid) >= cluster.p.meeting.contract_rate * min(1.0, help_):
        return None
    anchor = cluster.rows[int(world.uniform("contract_anchor", firm.uid) * cluster.anchors)]
    if isinstance(anchor, TractorFirm) and anchor.segment > firm.segment and has_attention(firm):
        return anchor
    return None


def _choose(firm: Firm) -> Actor | None:
    best, highest = None, -math.inf
    for k in range(int(firm.cluster.p.meeting.alternatives)):
        candidate = _candidate(firm, k)
        if candidate is None or candidate is firm:
            continue
        utility = gumbel(firm.cluster.world.uniform("meeting_taste", firm.uid + k))
        utility += liking(firm, candidate) + esteem(candidate)
        if k == 0 and firm.ties:
            utility += firm.cluster.p.meeting.triad
        if utility > highest:
            best, highest = candidate, utility
    return best


def _candidate(firm: Firm, k: int) -> Actor | None:
    cluster, world, who = firm.cluster, firm.cluster.world, firm.uid + k
    u = world.uniform("meeting_choice", who)
    if k == 0 and firm.ties:
        between = firm.ties[int(u * len(firm.ties))].other(firm)
        if between is None or not between.ties:
            return None
        return between.ties[int(world.uniform("meeting_route", who) * len(between.ties))].other(between)
    if k == 1 and world.uniform("meeting_route", who) < cluster.p.meeting.institution_chance:
        return _institution(cluster, u)
    if k == 2 and cluster.ties:
        return _spoken_of(cluster.ties[int(u * len(cluster.ties))])
    return cluster.rows[int(u * len(cluster.rows))]


def _institution(cluster: Cluster, u: float) -> Actor:
    """The university, technology centre or bank that a number below 1 picks."""
    pick = int(u * (len(cluster.schools) + 1))
    return cluster.bank if pick == len(cluster.schools) else cluster.schools[pick]


def _spoken_of(tie: Tie) -> Actor:
    """The better known of the firms of a tie."""
    if not tie.between_firms:
        return tie.a if tie.a.is_firm else tie.b
    return tie.b if len(tie.b.ties) > len(tie.a.ties) else tie.a


def _broker(cluster: Cluster, arranged: list[Meeting]) -> None:
    p, world = cluster.p.meeting, cluster.world
    pairs = int(p.brokered_pairs)
    first = p.tractors_first if cluster.facilitation_state == 0 and cluster.anchors > 0 else 0.0
    for k in range(_wanted(cluster, "meeting_broker", p.brokered * cluster.brokers)):
        best, highest = None, -math.inf
        for option in range(pairs):
            who = cluster.uid + 2 * pairs * k + 2 * option + 1
            u = world.uniform("meeting_broker", who)
            a = cluster.rows[
                int(u / first * cluster.anchors) if u < first else int((u - first) / (1.0 - first) * len(cluster.rows))
            ]
            b = cluster.rows[int(world.uniform("meeting_broker", who + 1) * len(cluster.rows))]
            if a is None or b is None or a is b:
                continue
            if isinstance(a, TractorFirm) and world.uniform("willing", who) >= p.willing + a.belief:
                continue
            if liking(a, b) > highest:
                best, highest = (a, b), liking(a, b)
        if best is not None and _is_room(cluster, arranged):
            arranged.append(Meeting(*best, min(best, key=lambda firm: firm.knowledge), brokered=True))


def _wanted(cluster: Cluster, process: str, most: float) -> int:
    """How many meetings the facilitators arrange of those for which they have time."""
    limit = min(most, cluster.p.meeting.brokered_most * cluster.firm_count)
    return int(limit) + (1 if cluster.world.uniform(process, cluster.uid) < limit - int(limit) else 0)


def _is_room(cluster: Cluster, arranged: list[Meeting]) -> bool:
    return len(arranged) < 2 * (len(cluster.institutions) + len(cluster.rows))


def _bridge(cluster: Cluster, arranged: list[Meeting]) -> None:
    """Bring firms to universities, technology centres, the bank and partners outside."""
    world = cluster.world
    for k in range(_wanted(cluster, "bridge", cluster.p.meeting.bridged * cluster.bridgers)):
        who = cluster.uid + 2 * k + 1
        firm = cluster.rows[int(world.uniform("bridge", who) * len(cluster.rows))]
        u = 2.0 * world.uniform("bridge", who + 1)
        if firm is not None and _is_room(cluster, arranged):
            arranged.append(Meeting(firm, _institution(cluster, u) if u < 1.0 else None, firm, brokered=True))


def _meet(cluster: Cluster, meeting: Meeting) -> None:
    if not has_attention(meeting.a):
        return
    if meeting.b is None:
        _open_pipeline(cluster, meeting.a)
        return
    if not has_attention(meeting.b) or meeting.a.knows(meeting.b):
        return
    bring_together(meeting.a, meeting.b, meeting.seeker, meeting.brokered)


def bring_together(one: Actor, other: Actor, seeker: Actor, brokered: bool) -> Tie:
    """Form the new tie of two actors, of whom the seeker asks the other for advice."""
    cluster, p = one.cluster, one.cluster.p.meeting
    a, b = sorted((one, other), key=lambda actor: actor.row)
    if not (a.is_firm and b.is_firm):
        kind = INSTITUTIONAL
    else:
        kind = VERTICAL if a.segment != b.segment else HORIZONTAL
    tie = Tie(a, b, pair(a.uid, b.uid), cluster.world.quarter, kind)
    tie.asker = int(seeker is b)
    w = p.assurance if brokered else 0.0
    tie.trust_ab = a.climate + w * (1.0 - a.climate)
    tie.trust_ba = b.climate + w * (1.0 - b.climate)
    if tie.between_firms:
        a.referrals += 2.0 * p.referral * b.log_size / (a.log_size + b.log_size)
        b.referrals += 2.0 * p.referral * a.log_size / (a.log_size + b.log_size)
    cluster.ties.append(tie)
    a.taken += 1
    b.taken += 1
    return tie


def _open_pipeline(cluster: Cluster, firm: Firm) -> None:
    p, world = cluster.p.meeting, cluster.world
    if total(1 for tie in firm.ties if tie.outside) >= p.pipelines_max:
        return
    tie = Tie(firm, None, pair(firm.uid, world.quarter + 4096), world.quarter, EXTERNAL)
    centre, spread = world.regime, p.pipeline_spread
    d, border = world.uniform("pipeline_home", tie.uid), 0.0
    for slot, relatedness in enumerate(cluster.relatedness):
        piece = p.domestic * relatedness / 3.0
        if border <= d < border + piece:
            tie.home = slot
            centre, spread = cluster.related_technology[slot], p.domestic_spread
        border += piece
    tie.target = (centre + spread * (2.0 * world.uniform("pipeline_target", tie.uid) - 1.0)) % 1.0
    tie.trust_ab = tie.trust_ba = p.pipeline_trust
    cluster.ties.append(tie)
    firm.taken += 1
