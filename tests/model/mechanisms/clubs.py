"""Clubs for hand-made clusters: an eager association, and quarters of joint action in which books must balance."""

from __future__ import annotations

import pytest

from clustersim.model.mechanisms.joint_action import cooperate

EAGER = {"bond": 1.0, "belief": 1.0, "cash": 1e6}


def club(make, firms=20, formal=1, schools=1, **firm):
    """Return a cluster whose association looks for a project in every quarter and whose members are eager."""
    case = make(firms, schools=schools)
    case.p.joint_action.launch, case.p.joint_action.attention = 1.0, 1.0
    case.cluster.formal, case.cluster.vision, case.cluster.members = formal, 1.0, firms * formal
    case.all(**(EAGER | {"member": formal} | firm))
    return case


def step(case, quarters=1):
    """Let quarters pass; the books balance."""
    for _ in range(quarters):
        before = case.books()
        cooperate(case.actors, case.cluster, case.world, case.p.joint_action)
        assert case.books() == pytest.approx(before, rel=1e-12, abs=1e-9)
        case.world.quarter += 1


def running(case):
    """Return the kinds of the projects that run."""
    return [int(kind) for kind in case.cluster.project_kind if kind >= 0]
