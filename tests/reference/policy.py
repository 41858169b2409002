"""Programme and facilitation: docs/odd.md, sections 7.2 (but for whom it serves: announcing.py) and 7.3."""

from __future__ import annotations

from clustersim.model.levers import FIRM_CHANNELS, LEVERS
from clustersim.model.state import AIMS_MAX, SEGMENTS_MAX
from clustersim.policy.instruments import Instrument
from reference.announcing import terms
from reference.cluster import Cluster
from reference.entities import BILLS, Firm, size_class
from reference.targets import CLASSES, aim_anew, aims
from reference.world import above_zero, total

ALL_SEGMENTS = 2**SEGMENTS_MAX - 1


class Row:
    """One effect of an instrument (or the instrument, if it has none) in a cluster."""

    def __init__(
        self, cluster: Cluster, stage: int, instrument: Instrument, effect, duration: int, scale: float, prices: float, aim: int
    ):
        self.aim = aim
        self.use = getattr(instrument, "use", "")  # an evaluation has none
        self.factor = 1.0  # what a rule makes of its money
        self.stage, self.start = stage, instrument.start
        self.duration = duration if instrument.quarters is None else instrument.quarters
        effects = max(len(instrument.effects), 1)
        self.taper, self.cofinance, self.recipient = instrument.taper, instrument.cofinance, instrument.recipient
        self.firms_pay = (instrument.paid_by or instrument.payer) == "firms"
        self.report = getattr(instrument, "report", False)
        self.until = instrument.until_private or 0.0
        self.classes = total(2 ** CLASSES.index(name) for name in set(instrument.classes))
        self.segments = ALL_SEGMENTS
        if instrument.segments is not None:
            self.segments = total(2**k for k, name in enumerate(cluster.spec.segments) if name in instrument.segments)
        elsewhere = instrument.clusters is not None and cluster.name not in instrument.clusters
        self.money = instrument.per_year / 4.0 / effects * scale if self.segments and not elsewhere else 0.0
        self.channel, self.strength, self.full_cost, self.counted = "", 0.0, 0.0, ""
        if effect is not None:
            self.channel, self.strength = effect.channel, effect.strength
            self.full_cost = effect.full_cost * self._extent(cluster, effect.per) / 4.0 / effects * prices
        self.public = self.private = 0.0

    def _extent(self, cluster: Cluster, per: str) -> float:
        """How many hundred firms or thousand jobs the row reaches at the start; with an aim they are counted later."""
        self.counted = per if self.aim >= 0 and self.channel in FIRM_CHANNELS else ""
        if self.counted:
            return 1.0
        reached = self.reached(cluster) if self.channel in FIRM_CHANNELS else cluster.firms
        if per == "hundred firms":
            return max(len(reached), 1) / 100.0
        if per == "thousand jobs":
            return max(total(firm.employees for firm in reached), 1.0) / 1000.0
        return 1.0

    def _now(self, cluster: Cluster) -> float:
        """The same now, for a row with an aim."""
        if self.counted == "hundred firms":
            return max(cluster.aim_firms[self.aim], 1.0) / 100.0
        if self.counted == "thousand jobs":
            return max(cluster.aim_jobs[self.aim], 1.0) / 1000.0
        return 1.0

    def cost(self, cluster: Cluster) -> float:
        """What the full effect costs now."""
        return self.full_cost * self._now(cluster)

    def reached(self, cluster: Cluster) -> list[Firm]:
        if self.aim >= 0:
            return [firm for firm in cluster.firms if firm.targets >> self.aim & 1]
        return [firm for firm in cluster.firms if self.reaches(size_class(firm.employees), firm.segment)]

    def reaches(self, size: int, segment: int) -> bool:
        return bool(self.classes >> size & 1 and self.segments >> segment & 1)

    def planned(self, cluster: Cluster, q: int) -> float:
        """Planned money of this quarter, before the budget."""
        return self.usual(cluster, q) * self.factor

    def usual(self, cluster: Cluster, q: int) -> float:
        """The same, whatever a rule says."""
        begin = cluster.began[self.stage]
        if begin < 0:
            return 0.0
        done = q - begin - self.start
        if not 0 <= done < self.duration + cluster.wait:
            return 0.0
        if self.aim >= 0 and cluster.aim_firms[self.aim] == 0.0:
            return 0.0
        if self.until > 0.0 and cluster.formal and cluster.board_private >= self.until:
            return 0.0
        if self.report and done % 4 >= 2 and not _report_accepted(cluster):
            return 0.0
        arriving = cluster.own * self._part(done) + cluster.arrives * self._part(done - cluster.wait)
        return self.money * arriving * cluster.kept * cluster.funded

    def local(self, cluster: Cluster) -> float:
        """The part of its money that the place itself pays."""
        done = cluster.world.quarter - cluster.began[self.stage] - self.start
        own, arriving = cluster.own * self._part(done), cluster.arrives * self._part(done - cluster.wait)
        return own / (own + arriving)

    def _part(self, done: int) -> float:
        """The part of its money that is left after so many quarters."""
        if not 0 <= done < self.duration:
            return 0.0
        tail, left = self.taper * self.duration, self.duration - done
        return left / (tail + 1.0) if left <= tail else 1.0


    def payable(self, cluster: Cluster) -> bool:
        return self.recipient != "association" or bool(cluster.formal)


def _report_accepted(cluster: Cluster) -> bool:
    runs = any(kind >= 0 for kind in cluster.project_kind)
    p = cluster.p.programme
    return cluster.staff >= p.report_staff and (cluster.wins + cluster.losses > p.report_outcomes or runs)


def programme_rows(cluster: Cluster, programme, prices: float) -> list[Row]:
    """Return the rows of all instruments, then those of the evaluation."""
    if programme is None:
        return []
    rows = []
    scale = programme.scale.get(cluster.name, 1.0)
    aim_of = iter(aims(cluster, programme)[1])
    for s, stage in enumerate(programme.stages):
        for instrument in stage.instruments:
            aim = next(aim_of)
            for effect in instrument.effects or (None,):
                rows.append(Row(cluster, s, instrument, effect, stage.quarters, scale, prices, aim))
    if programme.evaluation is not None:
        plain = Instrument(per_year=programme.evaluation.per_year)
        rows += [Row(cluster, s, plain, None, stage.quarters, scale, prices, -1) for s, stage in enumerate(programme.stages)]
    return rows


def programme(cluster: Cluster) -> None:
    """7.2: map drawn or fading; levers reset; stages, evaluation, politics, money, levers set."""
    p, q = cluster.p.programme, cluster.world.quarter
    drawn = p.map_speed * min(1.0, cluster.levers["targeting"]) * (1.0 - cluster.mapped)
    cluster.mapped += drawn - p.map_fading * cluster.mapped
    for channel in LEVERS:
        cluster.levers[channel] = 0.0
        cluster.aimed[channel] = [[0.0] * SEGMENTS_MAX for _ in CLASSES]
        cluster.picked[channel] = [0.0] * AIMS_MAX
    cluster.foreign_spending = 0.0
    cluster.public_spending = cluster.private_cofinance = cluster.income_public = cluster.income_private = 0.0
    cluster.income_local = cluster.income_fees = cluster.income_services = cluster.income_sponsors = 0.0
    cluster.returned = 0.0
    cluster.granted = [0.0] * len(BILLS)
    for row in cluster.plan:
        row.public = row.private = 0.0
    if cluster.announced < 0 or q < cluster.announced:
        return

    start = cluster.announced + cluster.lag
    if q < start:
        cluster.credibility -= p.delay_loss * cluster.credibility
    else:
        cluster.credibility += p.delivery_gain * (1.0 - cluster.credibility)
        cluster.credibility -= p.failure_loss * min(1.0, cluster.projects_failed) * cluster.credibility
        _next_stage(cluster, start)
    _evaluate(cluster)
    aim_anew(cluster)
    if _stopped(cluster):
        cluster.interrupted = q + int(p.interruption_quarters)
    if q < cluster.interrupted:
        cluster.credibility -= p.delay_loss * cluster.credibility
        return

    _keep_total(cluster, q)
    planned = [row.planned(cluster, q) for row in cluster.plan]
    asked = total(money * (1.0 - row.cofinance) for money, row in zip(planned, cluster.plan))
    if cluster.budget > 0.0 and asked > cluster.budget:
        planned = [money * cluster.budget / asked for money in planned]
    delivery = (p.delivery_floor + (1.0 - p.delivery_floor) * cluster.coordinated) * cluster.credibility
    delivery *= (1.0 + p.targeting * cluster.mapped) * cluster.carried
    for money, row in zip(planned, cluster.plan):
        _pay(cluster, row, money, delivery)
    cluster.foreign_spending = cluster.foreign * cluster.public_spending
    cluster.abroad -= cluster.foreign_spending
    cluster.nation += cluster.foreign_spending
    cluster.donated = [before + part * cluster.public_spending for before, part in zip(cluster.donated, cluster.gives)]
    cluster.idle = 0 if asked > 0.0 else cluster.idle + 1
    if cluster.idle > p.return_after:
        cluster.returned = cluster.project_fund + cluster.guarantee_fund + cluster.venture_fund
        cluster.nation += cluster.returned
        cluster.project_fund = cluster.guarantee_fund = cluster.venture_fund = 0.0


def _keep_total(cluster: Cluster, q: int) -> None:
    """Under a rule money moves between instruments: what all of them ask for stays as it would be without it."""
    if cluster.model.given.programme.rule is None:
        return
    rows = [row for row in cluster.plan if row.use]
    payable = [row for row in rows if row.payable(cluster)]
    usual = total(row.usual(cluster, q) * (1.0 - row.cofinance) for row in payable)
    moved = total(row.planned(cluster, q) * (1.0 - row.cofinance) for row in payable)
    if moved > 1e-9 * usual:
        for row in rows:
            row.factor *= usual / moved
    else:
        for row in payable:
            if row.usual(cluster, q) > 0.0:
                row.factor = 1.0


def planned_next(cluster: Cluster) -> dict[str, float]:
    """What the instruments will ask for in this quarter, whatever a rule says: stages begun and evaluations made, no politics."""
    q, start = cluster.world.quarter, cluster.announced + cluster.lag
    terms_now = ("stage", "exposure_to_politics", "turnover_factor", "kept", "baseline")
    before, began = [getattr(cluster, name) for name in terms_now], list(cluster.began)
    if q >= start:
        _next_stage(cluster, start)
    _evaluate(cluster)
    asked: dict[str, float] = {}
    for row in cluster.plan:
        if row.use:
            money = row.usual(cluster, q) * (1.0 - row.cofinance) if row.payable(cluster) else 0.0
            asked[row.use] = asked.get(row.use, 0.0) + money
    for name, value in zip(terms_now, before):
        setattr(cluster, name, value)
    cluster.began = began
    return asked


def _next_stage(cluster: Cluster, start: int) -> None:
    q, stages, now = cluster.world.quarter, cluster.stages, cluster.stage
    if now + 1 == len(stages):
        return
    if now >= 0 and q < cluster.began[now] + stages[now].quarters:
        return
    following = stages[now + 1]
    if q < start + following.not_before:
        return
    if following.gate is not None:
        if _read(cluster, following.gate.indicator) < following.gate.at_least:
            return
    cluster.stage = now + 1
    cluster.began[now + 1] = q
    cluster.exposure_to_politics, cluster.turnover_factor, _ = terms(
        cluster, cluster.model.given.programme, following.lead
    )  # fmt: skip


def _read(cluster: Cluster, observed: str) -> float:
    """What gates and evaluations read."""
    return getattr(cluster, "board_private" if observed == "private" else observed)


def _evaluate(cluster: Cluster) -> None:
    evaluation, begin = cluster.evaluation, cluster.began[0]
    if evaluation is None or begin < 0 or cluster.kept <= 0.0:
        return
    since = cluster.world.quarter - begin
    now = _read(cluster, evaluation.indicator)
    if since == 0:
        cluster.baseline = now
    elif since % max(1, round(4 * evaluation.every_years)) == 0:
        cluster.kept = 1.0 if now - cluster.baseline >= evaluation.gain else evaluation.keep


def _stopped(cluster: Cluster) -> bool:
    p, world, q = cluster.p.programme, cluster.world, cluster.world.quarter
    if world.uniform("politics", cluster.uid) < (p.interruption_hazard + world.unrest) * cluster.exposure_to_politics:
        return True
    election = cluster.elections > 0 and q > 0 and q % cluster.elections == 0
    return election and world.uniform("election", world.key) < p.swing * cluster.exposure_to_politics


def _pay(cluster: Cluster, row: Row, money: float, delivery: float) -> None:
    if money <= 0.0 or not row.payable(cluster):
        return
    private = _private(cluster, row, money) if row.cofinance > 0.0 else 0.0
    paid = min(money, private / row.cofinance) if row.cofinance > 0.0 else money
    public = paid - private
    net = (1.0 - cluster.overhead) * paid
    cluster.nation += paid - net - public
    if row.recipient == "association":
        cluster.association.cash += net
        cluster.income_public += (1.0 - cluster.overhead) * public
        cluster.income_local += (1.0 - cluster.overhead) * public * row.local(cluster)
    elif row.recipient == "facilitator":
        cluster.facilitator.cash += net
    elif row.recipient == "projects":
        cluster.project_fund += net
    elif row.recipient == "guarantees":
        cluster.guarantee_fund += net
    elif row.recipient == "ventures":
        cluster.venture_fund += net
    elif row.recipient == "university":
        cluster.pay_school(net)
    else:
        cluster.nation += net
    row.public, row.private = public, private
    cluster.public_spending += public
    cluster.private_cofinance += private
    if row.full_cost > 0.0 and paid > 0.0:
        moved = row.strength * delivery * net / row.cost(cluster)
        cluster.levers[row.channel] += moved
        if row.channel in BILLS and row.recipient == "nation":
            cluster.granted[BILLS.index(row.channel)] += min(1.0, delivery) * net
        if row.aim >= 0:
            cluster.picked[row.channel][row.aim] += moved
            return
        for size in range(len(CLASSES)):
            for segment in range(SEGMENTS_MAX):
                if row.reaches(size, segment):
                    cluster.aimed[row.channel][size][segment] += moved


def _private(cluster: Cluster, row: Row, money: float) -> float:
    """Collect the private part from the association or from the firms reached."""
    if not row.firms_pay:
        private = min(row.cofinance * money, above_zero(cluster.association.cash)) if cluster.formal else 0.0
        cluster.association.cash -= private
        return private
    reached = row.reached(cluster)
    held = total(above_zero(firm.cash) for firm in reached)
    if held <= 0.0:
        return 0.0
    private = min(row.cofinance * money, cluster.p.programme.ready_cash * held)
    for firm in reached:
        firm.cash -= private * above_zero(firm.cash) / held
    return private


def facilitation(cluster: Cluster) -> None:
    """7.3: hours and credibility of facilitators."""
    p, hours = cluster.p.facilitation, cluster.levers["facilitation"]
    if hours <= 0.0:
        cluster.rapport = cluster.brokers = cluster.bridgers = 0.0
        cluster.mediators = cluster.promoters = cluster.speakers = 0.0
        return
    replaced = cluster.world.uniform("facilitator_turnover", cluster.uid) < p.turnover * cluster.turnover_factor
    if cluster.rapport == 0.0 or replaced:
        handed = p.inherited * cluster.capability * above_zero(cluster.rapport - p.rapport_start)
        cluster.rapport = p.rapport_start + handed
    cluster.rapport += p.rapport_gain * (1.0 - cluster.rapport)
    able = hours * cluster.rapport * (1.0 - p.partiality * cluster.top_down)
    m, b, t, j, v = (
        (1.0, -1.0, 0.0, -1.0, 1.0), (-0.5, 0.0, 1.0, -0.5, 0.0), (-1.0, 1.0, 0.0, 1.0, -1.0),
    )[cluster.facilitation_state]  # fmt: skip
    cluster.brokers = able * (1.0 + p.focus * m)
    cluster.bridgers = able * (1.0 + p.focus * b)
    cluster.mediators = able * (1.0 + p.focus * t)
    cluster.promoters = able * (1.0 + p.focus * j)
    cluster.speakers = able * (1.0 + p.focus * v)
