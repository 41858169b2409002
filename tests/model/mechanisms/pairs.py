"""A pair of firms that always meet and, if both care, always succeed; and quarters of their interaction."""

from __future__ import annotations

from clustersim.model.mechanisms.trust import interact

ALWAYS, NEVER = -20.0, 20.0  # thresholds of trust


def pair_of(make, **tie):
    """Return two firms with one tie at level 0 that always meet and, if both care, always succeed."""
    case = make(2)
    p = case.p.trust
    p.contact_0 = p.contact_1 = p.contact_2 = p.contact_3 = 1.0
    p.luck, p.gossip, p.climate_return = 1.0, 0.0, 0.0
    case.all(threshold=ALWAYS)
    case.t = case.tie(0, 1, **({"fit": 1.0} | tie))
    return case


def step(case):
    """Let one quarter of interaction pass."""
    interact(case.actors, case.ties, case.cluster, case.world, case.p.trust)
    case.world.quarter += 1
