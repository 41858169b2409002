"""Step 2, government: who decides and who executes, what public bodies know and how they coordinate, and who pays.

Coordination can be bought: teams of several public bodies raise it while they are paid, and institutions learn methods that
outlive the money. What localities know, how fast money arrives and how much of it follow from who decides (ILO §2.3). A party
that comes to power undoes some of it. All of this stands before the programme acts in the quarter.
"""

from __future__ import annotations

import numpy as np

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, bell, normal, stream, uniform
from clustersim.core.schema import Parameter
from clustersim.model.levers import CAPABILITY, COORDINATION, DIALOGUE
from clustersim.model.state import DONORS_MAX

PARAMETERS = {
    "team_speed": Parameter(0.5, "1/quarter", 0.05, 1.0, "Part of the teams that are not yet at work which a quarter of full "
                            "payment brings together"),
    "team_fading": Parameter(0.25, "1/quarter", 0.0, 1.0, "Part of the teams that come apart in a quarter"),
    "team_reach": Parameter(0.6, "share", 0.0, 1.0, "Part of what public bodies lack in coordination that full teams make up "
                            "for", "ILO table 5: inter-agency teams (sign); value assumed"),
    "method_speed": Parameter(0.06, "1/quarter", 0.0, 0.5, "Part of the methods not yet held that institutions learn in a "
                              "quarter of full payment"),
    "method_wear": Parameter(0.01, "1/quarter", 0.0, 0.2, "Part of the methods that institutions lose in a quarter"),
    "method_reach": Parameter(0.4, "share", 0.0, 1.0, "Part of what public bodies lack in coordination that institutions with "
                              "all methods make up for", "RP: institutions as depositaries of methods; ILO fig 17 (signs); "
                              "value assumed"),
    "hearing_speed": Parameter(0.25, "1/quarter", 0.05, 1.0, "Part of what policy has not yet heard that a quarter of full "
                               "dialogue tells it"),
    "hearing_fading": Parameter(0.1, "1/quarter", 0.0, 0.5, "Part of what it heard that is out of date a quarter later"),
    "alone": Parameter(0.3, "share", 0.0, 1.0, "Part of a dialogue that reaches policy where no association speaks",
                       "ILO table 5: exchange between government and cluster (sign); value assumed"),
    "known_most": Parameter(1.1, "ratio", 1.0, 1.5, "What policy that hears all knows of a place, over what its own public "
                            "bodies know", "ILO table 5 (sign); value assumed"),
    "known_feedback": Parameter(1.0, "share", 0.0, 1.0, "What is known of a place where centre and localities decide together, "
                                "over what its own public bodies know"),
    "known_centre": Parameter(0.8, "share", 0.0, 1.0, "The same where the centre decides",
                              "ILO §2.3; ILO §2.4: in Chile success varied by local capability (signs); value assumed"),
    "autonomy_shared": Parameter(0.5, "share", 0.0, 1.0, "Part of fiscal autonomy that counts where centre and localities decide "
                                 "together"),
    "centre_arrives": Parameter(0.9, "share", 0.0, 1.0, "Part of the money planned for a place that arrives from the centre",
                                "ILO §2.5: fiscal autonomy is a condition of success (sign); value assumed"),
    "wait_feedback": Parameter(1.0, "quarters", 0.0, 8.0, "How long money from the centre is under way where both must agree",
                               "ILO §2.3 (sign); value assumed"),
    "wait_centre": Parameter(0.0, "quarters", 0.0, 8.0, "The same where one of them decides",
                             "ILO §2.4: no lag in centralised Chile (sign); value assumed"),
    "party_teams": Parameter(0.5, "share", 0.0, 1.0, "Part of the teams that a new party in power takes apart",
                             "DINI: political fluctuation (sign); value assumed"),
    "party_credibility": Parameter(0.3, "share", 0.0, 1.0, "Part of a programme's credibility that goes with the party which "
                                   "began it", "DINI: political fluctuation (sign); value assumed"),
    "party_ends": Parameter(0.3, "1", 0.0, 1.0, "Chance that a new party ends the programme of the old one",
                            "DINI: political fluctuation (sign); value assumed"),
    "handover_loss": Parameter(0.15, "share", 0.0, 1.0, "Part of what is meant that is lost from one level of a programme to the "
                               "next where public bodies do not coordinate at all", "ILO §2.4: the more levels, the less success "
                               "(sign); value assumed"),
    "executor_spread": Parameter(0.2, "1", 0.0, 0.5, "Standard deviation of what executors achieve, over what is usual"),
    "tender_error": Parameter(0.7, "standard deviations", 0.0, 5.0, "Error in judging bids, over the spread of what bidders "
                              "achieve"),
}  # fmt: skip
PARTY, PARTY_KEEPS = PROCESS["party"], PROCESS["party_keeps"]
BIDDER, TENDER = PROCESS["bidder"], PROCESS["tender"]
FEEDBACK, CENTRALISED = 1, 2  # see REGIMES


@kernel
def govern(cluster, world, plan, p):
    """Let public bodies learn, lose and change, and settle what stands for the quarter."""
    teams, methods = min(1.0, cluster.levers[COORDINATION]), min(1.0, cluster.levers[CAPABILITY])
    told = min(1.0, cluster.levers[DIALOGUE]) * (1.0 if cluster.formal else p.alone)
    cluster.teams += p.team_speed * teams * (1.0 - cluster.teams) - p.team_fading * cluster.teams
    cluster.capability += p.method_speed * methods * (1.0 - cluster.capability) - p.method_wear * cluster.capability
    cluster.heard += p.hearing_speed * told * (1.0 - cluster.heard) - p.hearing_fading * cluster.heard
    reform(cluster, world, plan.reforms)
    if cluster.elections > 0 and world.quarter > 0 and world.quarter % cluster.elections == 0:
        change_party(cluster, world, p)
    since = world.quarter - cluster.announced
    if cluster.bidders > 0 and cluster.announced >= 0 and since >= 0:
        if since == 0 or (cluster.tender_every > 0 and since % cluster.tender_every == 0):
            choose_executor(cluster, world, p)
    settle_funds(cluster, world, plan.funders, p)
    lacking = (1.0 - p.team_reach * cluster.teams) * (1.0 - p.method_reach * cluster.capability)
    cluster.coordinated = min(1.0, cluster.coordination + (1.0 - cluster.coordination) * (1.0 - lacking))
    base = p.known_feedback if cluster.regime == FEEDBACK else (p.known_centre if cluster.regime == CENTRALISED else 1.0)
    cluster.known = base + (p.known_most - base) * cluster.heard
    handed = (1.0 - p.handover_loss * (1.0 - cluster.coordinated)) ** cluster.handovers
    cluster.carried = cluster.known * handed * cluster.ability


@kernel
def reform(cluster, world, reforms):
    """Put the last reform that is in force by now into effect; each row says all of government from then on."""
    for k in range(len(reforms)):
        if world.quarter >= reforms[k].quarter:
            cluster.regime, cluster.autonomy = reforms[k].regime, reforms[k].autonomy
            cluster.coordination = reforms[k].coordination


@kernel
def change_party(cluster, world, p):
    """Let an election bring another party to power, in all clusters at once, which breaks with some of what there was."""
    if uniform(stream(world.key, world.quarter, PARTY), world.key) >= cluster.party_turnover:
        return
    cluster.teams -= p.party_teams * cluster.teams
    if 0 <= cluster.announced <= world.quarter:
        cluster.credibility -= p.party_credibility * cluster.exposure_to_politics * cluster.credibility
        draw = uniform(stream(world.key, world.quarter, PARTY_KEEPS), world.key)
        if draw < p.party_ends * cluster.exposure_to_politics:
            cluster.kept = 0.0


@kernel
def choose_executor(cluster, world, p):
    """Choose the best bid, as far as bids can be judged; who is appointed is the only bidder."""
    bids, errors = stream(world.key, world.quarter, BIDDER), stream(world.key, world.quarter, TENDER)
    best, chosen = 0.0, 0.0
    for k in range(cluster.bidders):
        who = cluster.uid + np.uint64(k)
        skill = bell(bids, who)
        judged = skill + p.tender_error * normal(errors, who)
        if k == 0 or judged > best:
            best, chosen = judged, skill
    cluster.ability = max(0.0, 1.0 + p.executor_spread * chosen)


@kernel
def settle_funds(cluster, world, funders, p):
    """Say which part of the planned money is paid at once, which after a wait, and whose it is."""
    counts = p.autonomy_shared if cluster.regime == FEEDBACK else (0.0 if cluster.regime == CENTRALISED else 1.0)
    cluster.own = cluster.autonomy * counts
    cluster.arrives = (1.0 - cluster.own) * p.centre_arrives
    cluster.wait = int(p.wait_feedback) if cluster.regime == FEEDBACK else int(p.wait_centre)
    cluster.funded, cluster.foreign, cluster.gives[:] = 1.0, 0.0, 0.0
    since, begun, shares = world.quarter - cluster.launched, False, 0.0
    for k in range(len(funders)):
        begun = begun or since >= funders[k].first
        if funders[k].first <= since < funders[k].last:
            shares += funders[k].share
            if funders[k].donor >= 0:
                cluster.gives[funders[k].donor] += funders[k].share
    if not begun:  # before any funder the nation pays, as it does without them
        return
    cluster.funded = min(1.0, shares)
    for donor in range(DONORS_MAX):
        cluster.gives[donor] = cluster.gives[donor] / shares if shares > 0.0 else 0.0
        cluster.foreign += cluster.gives[donor]
