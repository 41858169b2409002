"""Step 3, facilitation: what facilitators do with their hours, and how far they are believed.

A facilitator needs time to be credible, and takes that credit along when leaving. Hours are limited: in a potential cluster
most go into meetings, tractor firms first, and into brand and money; in a latent one into trust between partners; in a
consolidated one into projects and links to institutions, other clusters and abroad (ILO §3.4 table 6). A facilitator sent by a
top-down policy is less neutral.
"""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, stream, uniform
from clustersim.core.schema import Parameter
from clustersim.model.levers import FACILITATION

PARAMETERS = {
    "focus": Parameter(0.4, "share", 0.0, 1.0, "Part of a facilitator's hours that moves with the state of the cluster",
                       "ILO §3.4 table 6 (form); value assumed"),
    "rapport_start": Parameter(0.6, "1", 0.0, 1.0, "Credibility of a new facilitator"),
    "rapport_gain": Parameter(0.10, "1/quarter", 0.0, 0.5, "Growth of that credibility toward 1 with time in place"),
    "turnover": Parameter(0.03, "1/quarter", 0.0, 0.2, "Chance that the facilitators are replaced"),
    "inherited": Parameter(0.8, "share", 0.0, 1.0, "Part of that credibility which a new facilitator takes over where "
                           "institutions hold all methods", "RP: institutions as depositaries of methods (sign); value assumed"),
    "partiality": Parameter(0.3, "share", 0.0, 1.0, "Part of the effect lost where policy is wholly top-down"),
}  # fmt: skip
TURNOVER = PROCESS["facilitator_turnover"]
# What the hours for meetings, bridges, trust, projects and speaking for the cluster gain in a state; hours are limited, so that
# the others lose it: rows sum to 0.
HOURS = ((1.0, -1.0, 0.0, -1.0, 1.0), (-0.5, 0.0, 1.0, -0.5, 0.0), (-1.0, 1.0, 0.0, 1.0, -1.0))


@kernel
def assign(cluster, world, p):
    """Turn facilitators at work into effective brokers, bridgers, mediators, promoters of projects and speakers."""
    staff = cluster.levers[FACILITATION]
    if staff <= 0.0:
        cluster.rapport = cluster.brokers = cluster.mediators = cluster.promoters = 0.0
        cluster.bridgers = cluster.speakers = 0.0
        return
    draw = uniform(stream(world.key, world.quarter, TURNOVER), cluster.uid)
    if cluster.rapport == 0.0 or draw < p.turnover * cluster.turnover_factor:
        known = p.inherited * cluster.capability * max(0.0, cluster.rapport - p.rapport_start)
        cluster.rapport = p.rapport_start + known
    cluster.rapport += p.rapport_gain * (1.0 - cluster.rapport)
    able = staff * cluster.rapport * (1.0 - p.partiality * cluster.top_down)
    meetings, bridges, trust, projects, voice = HOURS[cluster.facilitation_state]
    cluster.brokers = able * (1.0 + p.focus * meetings)
    cluster.mediators = able * (1.0 + p.focus * trust)
    cluster.promoters = able * (1.0 + p.focus * projects)
    cluster.bridgers = able * (1.0 + p.focus * bridges)
    cluster.speakers = able * (1.0 + p.focus * voice)
