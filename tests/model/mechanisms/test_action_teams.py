"""Action teams: short and easy projects, looked for side by side, beside what the association looks for."""

from __future__ import annotations

from functools import partial

import clubs
import numpy as np
import pytest
from clubs import running, step

from clustersim.core.draws import PROCESS
from clustersim.model.mechanisms.joint_action import PURCHASE, TRAINING
from clustersim.model.state import PROJECTS_MAX


@pytest.fixture
def club(make):
    """Return the maker of clusters in which teams alone look for projects."""

    def idle(firms=60, teams=5.0, change=None, **firm):
        case = partial(clubs.club, make)(firms, **firm)
        p = case.p.joint_action
        p.launch, p.team_launch, p.attention, p.partners_min = 0.0, 1.0, 0.2, 2.0
        for name, value in (change or {}).items():
            p[name] = value
        case.lever(teams=teams)
        return case

    return idle


def test_several_projects_start_in_one_quarter_each_with_partners_of_its_own(club):
    case = club()
    step(case)
    assert len(running(case)) == 5 == case.cluster.projects_started
    for slot in range(5):
        assert (case.get("project") == slot).sum() == case.cluster.project_partners[slot] >= 2.0


def test_without_teams_nothing_starts(club):
    for idle in ({"teams": 0.0}, {"change": {"team_launch": 0.0}}):
        case = club(**idle)
        step(case, 3)
        assert running(case) == []


def test_they_need_no_association(club):
    case = club(formal=0)
    step(case)
    assert len(running(case)) == 5


def test_no_more_than_there_are_places_and_teams(club):
    case = club(firms=400, teams=30.0, change={"attention": 0.05})
    step(case)
    assert len(running(case)) == PROJECTS_MAX
    case = club(firms=400, teams=30.0, change={"attention": 0.05, "teams_most": 3.0})
    step(case)
    assert len(running(case)) == 3


def test_they_take_up_easy_projects_only(club):
    for hardest in (PURCHASE, TRAINING):
        case = club(firms=200, change={"team_hardest": float(hardest), "choice_spread": 99.0, "attention": 0.05})
        kinds: set[int] = set()
        for _ in range(12):
            step(case)
            kinds |= set(running(case))
        assert kinds == set(range(hardest + 1))


def test_a_part_of_a_team_looks_as_much_less_often(club):
    """The draw of team 1 decides at its chance: the second of one and a half teams looks half as often."""
    draw = club().draw(PROCESS["team_launch"], np.uint64(77 + 1))
    for edge, count in ((0.999, 1), (1.001, 2)):
        case = club(teams=1.0 + draw * edge)
        first = case.draw(PROCESS["team_launch"], np.uint64(77))
        step(case)
        assert first < 1.0 and len(running(case)) == count, edge


def test_what_the_association_looks_for_is_drawn_as_without_them(club):
    alone, beside = (club(teams=teams, change={"launch": 1.0, "attention": 1.0}, cash=1e6) for teams in (0.0, 5.0))
    for case in (alone, beside):
        step(case)
    assert running(alone)[0] == running(beside)[0]
    assert (alone.get("project") == 0).tolist() == (beside.get("project") == 0).tolist()
