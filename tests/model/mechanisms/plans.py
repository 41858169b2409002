"""Programmes for hand-made clusters: rows and stages as tables, and quarters in which books must balance."""

from __future__ import annotations

import pytest

from clustersim.model.gates import CODES
from clustersim.model.levers import LEVERS, NATION
from clustersim.model.mechanisms.programme import act
from clustersim.model.reach import EVERY_CLASS, EVERY_SEGMENT
from clustersim.model.state import PROGRAMME_ROWS, STAGE_ROWS, table

NAMES = list(LEVERS)
ROW = {"channel": "events", "recipient": NATION, "stage": 0, "start": 0, "quarters": 8, "money": 10.0, "full_cost": 20.0,
       "strength": 1.0, "taper": 0.0, "cofinance": 0.0, "payer": 0, "classes": EVERY_CLASS, "segments": EVERY_SEGMENT,
       "report": 0, "until": 0.0, "factor": 1.0}  # fmt: skip
STAGE = {"quarters": 8, "gate": 0, "level": 0.0, "not_before": 0, "politics": 1.0, "turnover": 1.0}


def plan(case, *rows, stages=({},), **cluster):
    """Give a cluster a programme, announced in quarter 0."""
    programme = case.plan._replace(rows=table(PROGRAMME_ROWS, len(rows)), stages=table(STAGE_ROWS, len(stages)))
    for k, row in enumerate(rows):
        for name, value in (ROW | row).items():
            programme.rows[name][k] = NAMES.index(value) if name == "channel" else value
    for k, stage in enumerate(stages):
        for name, value in (STAGE | stage).items():
            programme.stages[name][k] = CODES[value] if name == "gate" and isinstance(value, str) else value
    case.plan = programme
    case.cluster.rows_last, case.cluster.stages = len(rows), len(stages)
    case.cluster.announced = 0
    for name, value in cluster.items():
        case.cluster[name] = value
        if name == "coordination":
            case.cluster.coordinated = value
        if name == "exposure_to_politics":  # of whoever leads every stage
            programme.stages.politics = value
    case.world.quarter = 0
    return case


def step(case, quarters=1):
    """Let the programme act and the quarters pass; return the public spending of each quarter."""
    spent = []
    for _ in range(quarters):
        before = case.books()
        act(case.actors, case.cluster, case.world, case.plan, case.p.programme)
        assert case.books() == pytest.approx(before, abs=1e-9)
        assert case.plan.rows.public.sum() == pytest.approx(case.cluster.public_spending)
        assert case.plan.rows.private.sum() == pytest.approx(case.cluster.private_cofinance)
        spent.append(float(case.cluster.public_spending))
        case.world.quarter += 1
    return spent
