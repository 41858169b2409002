"""Crowds of firms that look for partners, and quarters of meetings."""

from __future__ import annotations

import numpy as np

from clustersim.model.mechanisms.meeting import meet


def crowd_of(make, firms=60, **cluster):
    """Return a cluster in which every firm looks for a partner in every quarter, and nobody outside."""
    case = make(firms, ties=firms * 20, **cluster)
    p = case.p.meeting
    p.rate, p.pipeline_rate, p.institution_chance = 1.0, 0.0, 0.0
    case.set(slice(0, None, 2), segment=1)
    return case


def step(case, quarters=1, reindex=True):
    """Let quarters of meetings pass; return the number of new ties."""
    before = int(case.cluster.tie_count)
    for _ in range(quarters):
        meet(case.actors, case.ties, case.meetings, case.cluster, case.world, case.p.meeting)
        case.world.quarter += 1
        if reindex:
            case.index()
    return int(case.cluster.tie_count) - before


def column(case, name):
    """Return a column of the ties in use."""
    return getattr(case.ties, name)[list(case.live_ties())]


def shares(case, wanted, quarters=30):
    """Return the share of the first ties of many quarters for which `wanted(a, b)` holds."""
    found = []
    for _ in range(quarters):
        case.cluster.tie_count = 0
        case.index()
        step(case)
        found += [wanted(a, b) for a, b in zip(column(case, "a"), column(case, "b"), strict=True)]
    return np.mean(found)
