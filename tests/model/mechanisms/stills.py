"""Clusters in which no knowledge moves: a test switches on what it looks at."""

from __future__ import annotations

from clustersim.model.mechanisms.knowledge import learn

MOVES = ("research", "diffusion", "spillover", "imitation", "search", "pull", "capacity_speed", "quality_speed", "school_pull",
         "supplier_speed", "service_speed", "training_speed", "convergence", "leap")  # fmt: skip


def still_life(make, firms=4, ties=0, schools=1, **change):
    """Return a cluster in which nothing moves but what `change` switches on."""
    case = make(firms, ties=ties, schools=schools)
    for name in MOVES:
        case.p.knowledge[name] = 0.0
    for name, value in change.items():
        case.p.knowledge[name] = value
    return case


def step(case):
    """Let a quarter of learning pass."""
    learn(case.actors, case.ties, case.cluster, case.world, case.p.knowledge)
    case.world.quarter += 1
