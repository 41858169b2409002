"""The ILO manual on the table: what of its tables 2, 5 and 6, figure 17 and annex 2 is found here, and by which name.

Which instruments belong to a place of the manual is read in their `source`; only what is no instrument is listed here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from clustersim.core.words import N_, _
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.views.catalogue import label

# Places of the manual, as sources cite them, and what stands there.
PLACES = {
    "table 2": N_("instruments of cluster policy by what they aim at"),
    "table 5": N_("what governments do for clusters"),
    "table 6": N_("the facilitator's tasks by state of the cluster"),
    "fig 17": N_("how public policy acts on the diamond"),
    "annex 2": N_("the twelve steps of an idealised process"),
}
KINDS = {
    "instrument": N_("instrument"), "parameter": N_("parameter"), "indicator": N_("indicator"),
    "stage": N_("stage of the scenario pipso_twelve_steps"),
}  # fmt: skip
STEPS = "pipso_twelve_steps"


class Found(NamedTuple):
    """Something of the manual, and where it is in clustersim."""

    place: str  # a key of PLACES
    item: str  # in our words
    kind: str  # a key of KINDS
    name: str  # how it is called there


ELSEWHERE = (
    Found("table 2", N_("Co-location"), "instrument", "industrial_park"),
    Found("table 2", N_("Co-location"), "instrument", "incubator"),
    Found("table 6", N_("Branding"), "parameter", "association.brand_told"),
    Found("table 6", N_("Lobbying"), "instrument", "policy_dialogue"),
    Found("table 6", N_("Fund raising"), "parameter", "association.raised"),
    Found("table 6", N_("Matching expectations"), "parameter", "facilitation.focus"),
    Found("table 6", N_("Network events and seminars"), "instrument", "awareness_events"),
    Found("table 6", N_("Sharing knowledge"), "parameter", "meeting.brokered"),
    Found("table 6", N_("Idea workshops"), "instrument", "consensus_workshops"),
    Found("table 6", N_("Small cooperation projects"), "parameter", "joint_action.launch_help"),
    Found("table 6", N_("Analysis of the market"), "instrument", "market_intelligence"),
    Found("table 6", N_("Portfolio of projects"), "indicator", "projects_running"),
    Found("table 6", N_("Cooperation between clusters"), "instrument", "cluster_linkage"),
    Found("table 6", N_("Innovation projects"), "instrument", "joint_rd_grant"),
    Found("annex 2", N_("Step 1: relevance"), "stage", "relevance"),
    Found("annex 2", N_("Step 2: identification"), "stage", "identification"),
    Found("annex 2", N_("Step 3: analysis"), "stage", "analysis"),
    Found("annex 2", N_("Step 4: governance"), "stage", "governance"),
    Found("annex 2", N_("Step 5: preferred future"), "stage", "preferred_future"),
    Found("annex 2", N_("Step 6: initial strategy"), "stage", "initial_strategy"),
    Found("annex 2", N_("Step 7: agenda"), "stage", "action_agenda"),
    Found("annex 2", N_("Step 8: formal organisation"), "stage", "formal_organisation"),
    Found("annex 2", N_("Step 9: upgraded agenda"), "stage", "upgraded_agenda"),
    Found("annex 2", N_("Step 10: common goods"), "stage", "common_goods"),
    Found("annex 2", N_("Step 11: cluster linkage"), "stage", "cluster_linkage"),
    Found("annex 2", N_("Step 12: measurement"), "stage", "measurement"),
)


def entries() -> list[dict[str, Any]]:
    """Return what of the manual is found here, in the order of its places, one mapping each: place, item, kind, name."""
    found = [Found(place, "", "instrument", use)
             for use, kind in INSTRUMENTS.items() for place in PLACES if place in kind.source]  # fmt: skip
    order = list(PLACES)
    rows = sorted((*found, *ELSEWHERE), key=lambda one: order.index(one.place))
    return [{"place": f"ILO {one.place}", "item": _(one.item) if one.item else label(one.name), "kind": one.kind,
             "name": one.name} for one in rows]  # fmt: skip
