"""Step 2, programme: stages with gates, launch lag, budget, matching private money, and what coordination leaves of it.

The programme of a cluster is a table: each row is an instrument's pull on one channel at one price (`clustersim.policy.programme`
writes it). Money leaves the nation through the government and reaches whoever the row names; a channel moves in
proportion to the money that was really paid, times what the delivery system keeps. No money, no movement.
"""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, stream, uniform
from clustersim.core.schema import Parameter
from clustersim.model.gates import OPEN, standing
from clustersim.model.levers import ASSOCIATION as TO_ASSOCIATION
from clustersim.model.levers import BILLS, TARGETING
from clustersim.model.levers import FACILITATOR as TO_FACILITATOR
from clustersim.model.levers import GUARANTEES as TO_GUARANTEES
from clustersim.model.levers import NATION as TO_NATION
from clustersim.model.levers import PROJECTS as TO_PROJECTS
from clustersim.model.levers import UNIVERSITY as TO_UNIVERSITY
from clustersim.model.levers import VENTURES as TO_VENTURES
from clustersim.model.reach import full_cost, move, served, take_aim
from clustersim.model.state import ASSOCIATION, DONORS_MAX, FACILITATOR, FREE, PROJECTS_MAX, UNIVERSITY
from clustersim.model.units import HALF_YEAR, TINY, YEAR

PARAMETERS = {
    "delivery_floor": Parameter(0.4, "share", 0.0, 1.0, "Part of an instrument's effect left when public bodies do not "
                                "coordinate at all", "ILO §2.4: coordination is the weakest point (sign); value assumed"),
    "delay_loss": Parameter(0.06, "1/quarter", 0.0, 0.2, "Credibility lost per quarter between launch and action",
                            "ILO §2.4, delay spoils expectations (sign); value assumed"),
    "delivery_gain": Parameter(0.04, "1/quarter", 0.0, 0.2, "Credibility regained per quarter of action"),
    "targeting": Parameter(0.2, "share", 0.0, 1.0, "Rise of every instrument's effect where the cluster is fully mapped",
                           "ILO table 2, ILO §3.8: better targeting (sign); value assumed"),
    "map_speed": Parameter(0.25, "1/quarter", 0.05, 1.0, "Part of what is not yet mapped that a quarter of full mapping maps"),
    "map_fading": Parameter(0.05, "1/quarter", 0.0, 0.3, "Part of the map that is out of date a quarter later"),
    "failure_loss": Parameter(0.01, "1/project", 0.0, 0.1, "Credibility lost with a joint project that fails under the "
                              "programme", "DINI: failed expectations (sign); value assumed"),
    "interruption_hazard": Parameter(0.0, "1/quarter", 0.0, 0.2, "Chance that politics interrupts public money"),
    "swing": Parameter(0.3, "1", 0.0, 1.0, "Chance that an election interrupts public money", "DINI: political fluctuation "
                       "(sign); value assumed"),
    "interruption_quarters": Parameter(4.0, "quarters", 1.0, 12.0, "Length of an interruption"),
    "ready_cash": Parameter(0.1, "share", 0.0, 1.0, "Part of their cash that firms put up at most in a quarter"),
    "report_staff": Parameter(0.5, "persons", 0.0, 3.0, "Staff without which the report of an association is not accepted"),
    "report_outcomes": Parameter(0.05, "projects", 0.0, 1.0, "Recent successes and failures above which a report shows work, "
                                 "where no project runs"),
    "coordination_feedback": Parameter(0.15, "1", 0.0, 0.5, "What feedback between centre and localities adds to coordination",
                                       "ILO §2.3 (sign); value assumed"),
    "coordination_centre": Parameter(-0.1, "1", -0.5, 0.0, "What a centralised regime adds to coordination",
                                     "ILO §2.3 (sign); value assumed"),
    "mixed_politics": Parameter(0.5, "share", 0.0, 1.0, "Political change that reaches a programme led by a mixed body",
                                "DINI (sign); value assumed"),
    "private_politics": Parameter(0.2, "share", 0.0, 1.0, "Political change that reaches a programme that private bodies lead",
                                  "DINI (sign); value assumed"),
    "private_turnover": Parameter(1.5, "ratio", 1.0, 4.0, "Turnover of facilitators whom private bodies pay, over the usual one",
                                  "DINI (sign); value assumed"),
    "mixed_delay": Parameter(2.0, "quarters", 0.0, 8.0, "Quarters that a new mixed body needs to find its place",
                             "DINI (sign); value assumed"),
    "judging_error": Parameter(0.5, "standard deviations", 0.0, 3.0, "Error in judging clusters by competitiveness, over the "
                               "spread of merit"),
    "calls_error": Parameter(1.5, "standard deviations", 0.0, 5.0, "The same in the first public call",
                             "ILO §2.4: calls improve (sign); value assumed"),
    "calls_learning": Parameter(0.6, "share", 0.0, 1.0, "Part of that error left in the next call",
                                "ILO §2.4: calls improve (sign); value assumed"),
    "call_error": Parameter(0.5, "standard deviations", 0.0, 3.0, "Error in judging firms in a call, over the spread of their "
                            "merit"),
    "return_after": Parameter(8.0, "quarters", 0.0, 40.0, "Quarters after the last planned money at which unspent funds go "
                              "back to the nation"),
}  # fmt: skip
POLITICS, ELECTION = PROCESS["politics"], PROCESS["election"]
PAID_BY_FIRMS = 1


@kernel
def act(actors, cluster, world, programme, p):
    """Reset the levers, open the stages that are due, pay the instruments and move their channels."""
    cluster.mapped += p.map_speed * min(1.0, cluster.levers[TARGETING]) * (1.0 - cluster.mapped) - p.map_fading * cluster.mapped
    cluster.levers[:], cluster.aimed[:], cluster.granted[:] = 0.0, 0.0, 0.0
    cluster.picked[:, : cluster.aims] = 0.0
    cluster.public_spending = cluster.private_cofinance = cluster.foreign_spending = 0.0
    cluster.income_public = cluster.income_private = cluster.returned = 0.0
    cluster.income_local = cluster.income_fees = cluster.income_services = cluster.income_sponsors = 0.0
    for row in range(cluster.rows_first, cluster.rows_last):
        programme.rows[row].public = programme.rows[row].private = 0.0
    if cluster.announced < 0 or world.quarter < cluster.announced:
        return
    open_stages(cluster, world, programme.stages, p)
    evaluate(cluster, world)
    take_aim(actors, cluster, world, programme.rows, p.call_error)
    suffer_politics(cluster, world, p)
    if world.quarter < cluster.interrupted:
        cluster.credibility -= p.delay_loss * cluster.credibility
        return
    keep_total(cluster, world, programme.rows, p)
    delivery = (p.delivery_floor + (1.0 - p.delivery_floor) * cluster.coordinated) * cluster.credibility
    delivery *= (1.0 + p.targeting * cluster.mapped) * cluster.carried
    asked = 0.0
    for row in range(cluster.rows_first, cluster.rows_last):
        asked += planned(cluster, world, programme.rows[row], p) * (1.0 - programme.rows[row].cofinance)
    scale = cluster.budget / asked if cluster.budget > 0.0 and asked > cluster.budget else 1.0
    for row in range(cluster.rows_first, cluster.rows_last):
        money = scale * planned(cluster, world, programme.rows[row], p)
        pay(actors, cluster, programme.rows[row], money, delivery, p)
        count_local(cluster, world, programme.rows[row])
    charge_donors(cluster)
    return_unspent(cluster, asked, p)


@kernel
def suffer_politics(cluster, world, p):
    """Interrupt public money after a political accident or an election, as far as politics reaches the programme."""
    hazard = (p.interruption_hazard + world.unrest) * cluster.exposure_to_politics
    stopped = uniform(stream(world.key, world.quarter, POLITICS), cluster.uid) < hazard
    if cluster.elections > 0 and world.quarter > 0 and world.quarter % cluster.elections == 0:
        draw = uniform(stream(world.key, world.quarter, ELECTION), world.key)  # one election for the whole nation
        stopped = stopped or draw < p.swing * cluster.exposure_to_politics
    if stopped:
        cluster.interrupted = world.quarter + int(p.interruption_quarters)


@kernel
def open_stages(cluster, world, stages, p):
    """Begin the next stage when the last one is over and its gate is passed; credibility follows delay and action."""
    start = cluster.announced + cluster.lag
    waiting = world.quarter < start
    cluster.credibility -= p.delay_loss * cluster.credibility if waiting else 0.0
    if waiting:
        return
    cluster.credibility += p.delivery_gain * (1.0 - cluster.credibility)
    cluster.credibility -= p.failure_loss * min(1.0, cluster.projects_failed) * cluster.credibility
    now = cluster.stage
    over = now < 0 or world.quarter >= cluster.began[now] + stages[cluster.stages_first + now].quarters
    if over and now + 1 < cluster.stages:
        stage = stages[cluster.stages_first + now + 1]
        open_gate = stage.gate == OPEN or standing(cluster, stage.gate) >= stage.level
        if world.quarter >= start + stage.not_before and open_gate:
            cluster.stage = now + 1
            cluster.exposure_to_politics, cluster.turnover_factor = stage.politics, stage.turnover
            cluster.began[now + 1] = world.quarter


@kernel
def evaluate(cluster, world):
    """Note the baseline when the first stage begins; at each evaluation cut the money where too little was gained since."""
    since = world.quarter - cluster.began[0]
    if cluster.evaluated <= 0 or cluster.began[0] < 0 or cluster.kept <= 0.0:
        return
    if since == 0:
        cluster.baseline = standing(cluster, cluster.evaluated_for)
    elif since % cluster.evaluated == 0:
        gained = standing(cluster, cluster.evaluated_for) - cluster.baseline
        cluster.kept = 1.0 if gained >= cluster.evaluated_gain else cluster.evaluated_keep


@kernel
def planned(cluster, world, row, p):
    """Return the money (kUSD) that a row asks for in this quarter, with what a rule makes of it."""
    return asked_for(cluster, world, row, row.factor, p)


@kernel
def asked_for(cluster, world, row, factor, p):
    """Return `factor` times the money (kUSD) planned for a row: what the place pays at once, and what comes from the centre."""
    began = cluster.began[row.stage]
    done = world.quarter - began - row.start
    if began < 0 or done < 0 or done >= row.quarters + cluster.wait:
        return 0.0
    if row.aim >= 0 and cluster.aim_firms[row.aim] == 0.0:
        return 0.0
    if row.until > 0.0 and cluster.formal and cluster.board_private >= row.until:
        return 0.0
    if row.report and done % YEAR >= HALF_YEAR and not accepted(cluster, p):
        return 0.0
    part = cluster.own * due(row, done) + cluster.arrives * due(row, done - cluster.wait)
    return factor * cluster.kept * row.money * part * cluster.funded


@kernel
def due(row, done):
    """Return the part of a row's money that falls due some quarters after its begin, tapered toward its end."""
    if done < 0 or done >= row.quarters:
        return 0.0
    tail = row.taper * row.quarters
    left = float(row.quarters - done)
    return left / (tail + 1.0) if left <= tail else 1.0


@kernel
def payable(cluster, row):
    """Whether there is anybody who could be paid."""
    return row.recipient != TO_ASSOCIATION or cluster.formal != 0


@kernel
def keep_total(cluster, world, rows, p):
    """Scale the factors of a rule that moves money between instruments, so that as much public money is asked for as without."""
    without, ruled = 0.0, 0.0
    for row in range(cluster.rows_first, cluster.rows_last):
        if rows[row].pooled and payable(cluster, rows[row]):
            public = asked_for(cluster, world, rows[row], 1.0, p) * (1.0 - rows[row].cofinance)
            without += public
            ruled += rows[row].factor * public
    for row in range(cluster.rows_first, cluster.rows_last):
        if rows[row].pooled and ruled > TINY * without:
            rows[row].factor *= without / ruled
        elif rows[row].pooled and payable(cluster, rows[row]) and asked_for(cluster, world, rows[row], 1.0, p) > 0.0:
            rows[row].factor = 1.0


@kernel
def accepted(cluster, p):
    """Whether the association can show a year's work: staff, and projects that run or have ended lately."""
    busy = cluster.wins + cluster.losses > p.report_outcomes
    for slot in range(PROJECTS_MAX):
        busy = busy or cluster.project_kind[slot] >= 0
    return cluster.staff >= p.report_staff and busy


@kernel
def contribute(actors, cluster, row, asked, p):
    """Let the association, or the firms that the row reaches, pay the private part as far as they can; return it (kUSD)."""
    if row.payer != PAID_BY_FIRMS:
        association = cluster.first + ASSOCIATION
        private = min(asked, max(actors.cash[association], 0.0)) if cluster.formal else 0.0
        actors.cash[association] -= private
        return private
    held = 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE and served(actors, i, row):
            held += max(actors.cash[i], 0.0)
    private = min(asked, p.ready_cash * held)
    for i in range(cluster.firms, cluster.last):
        if private > 0.0 and actors.kind[i] != FREE and served(actors, i, row):
            actors.cash[i] -= private * max(actors.cash[i], 0.0) / held
    return private


@kernel
def pay(actors, cluster, row, money, delivery, p):
    """Pay one row from public and matching private money, and move its channel by what its levels leave of that."""
    if money <= 0.0 or (row.recipient == TO_ASSOCIATION and not cluster.formal):
        return
    association = cluster.first + ASSOCIATION
    private = contribute(actors, cluster, row, row.cofinance * money, p) if row.cofinance > 0.0 else 0.0
    paid = min(money, private / row.cofinance) if row.cofinance > 0.0 else money
    public = paid - private
    net = (1.0 - cluster.overhead) * paid
    cluster.nation -= public
    cluster.nation += paid - net
    if row.recipient == TO_ASSOCIATION:
        actors.cash[association] += net
        cluster.income_public += (1.0 - cluster.overhead) * public
    elif row.recipient == TO_FACILITATOR:
        actors.cash[cluster.first + FACILITATOR] += net
    elif row.recipient == TO_UNIVERSITY and cluster.first + UNIVERSITY < cluster.firms - cluster.donors:
        actors.cash[cluster.first + UNIVERSITY] += net
    elif row.recipient == TO_PROJECTS:
        cluster.project_fund += net
    elif row.recipient == TO_GUARANTEES:
        cluster.guarantee_fund += net
    elif row.recipient == TO_VENTURES:
        cluster.venture_fund += net
    else:
        cluster.nation += net
    row.public, row.private = public, private
    cluster.public_spending += public
    cluster.private_cofinance += private
    if row.full_cost > 0.0 and paid > 0.0:
        for bill in range(len(BILLS)):
            if row.channel == BILLS[bill] and row.recipient == TO_NATION:
                cluster.granted[bill] += min(1.0, delivery) * net
        move(cluster, row, row.strength * delivery * net / full_cost(cluster, row))


@kernel
def count_local(cluster, world, row):
    """Note what the place itself paid of the association's public income from a row, donors' part included."""
    if row.recipient == TO_ASSOCIATION and row.public > 0.0:
        done = world.quarter - cluster.began[row.stage] - row.start
        place, centre = cluster.own * due(row, done), cluster.arrives * due(row, done - cluster.wait)
        cluster.income_local += (1.0 - cluster.overhead) * row.public * place / (place + centre)


@kernel
def charge_donors(cluster):
    """Let foreign funders give back to the nation their part of what the quarter cost, and note what each has paid."""
    cluster.foreign_spending = cluster.foreign * cluster.public_spending
    cluster.nation += cluster.foreign_spending
    cluster.abroad -= cluster.foreign_spending
    for donor in range(DONORS_MAX):
        cluster.donated[donor] += cluster.gives[donor] * cluster.public_spending


@kernel
def return_unspent(cluster, asked, p):
    """Give what is left in the public funds back to the nation, some time after the programme has ended."""
    cluster.idle = 0 if asked > 0.0 else cluster.idle + 1
    if cluster.idle > p.return_after:
        cluster.returned = cluster.project_fund + cluster.guarantee_fund + cluster.venture_fund
        cluster.nation += cluster.returned
        cluster.project_fund = cluster.guarantee_fund = cluster.venture_fund = 0.0
