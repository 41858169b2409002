"""Pipelines: who opens links to the outside, and where they lead."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from crowds import column, crowd_of, step

from clustersim.model.state import EXTERNAL, OUTSIDE


@pytest.fixture
def crowd(make):
    """Return the maker of clusters in which every firm looks for a partner in every quarter."""
    return partial(crowd_of, make)


def test_pipelines_open_to_the_outside_up_to_their_limit(crowd):
    case = crowd(30)
    p = case.p.meeting
    p.rate, p.pipeline_rate, p.pipelines_max = 0.0, 1.0, 2.0
    assert step(case) == 30
    assert (column(case, "kind") == EXTERNAL).all() and (column(case, "b") == OUTSIDE).all()
    assert (column(case, "trust_ab") == p.pipeline_trust).all()
    target = column(case, "target")
    assert len(set(target)) == 30 and 0.0 < target.min() < 0.3 and 0.7 < target.max() < 1.0
    assert step(case, 5) == 30
    assert (case.get("degree") == 2).all()
    assert len(set(column(case, "uid"))) == 60


def test_pipelines_need_search_capacity_and_size(crowd):
    counts = {}
    changes = {"usual": {}, "complacent": {"search": 0.3}, "dull": {"absorptive": 0.1}, "tiny": {"employees": 1.0}}
    for name, change in changes.items():
        case = crowd(400)
        case.p.meeting.rate, case.p.meeting.pipeline_rate = 0.0, 0.3
        case.all(**change)
        counts[name] = step(case)
    assert all(counts[name] < 0.6 * counts["usual"] for name in counts if name != "usual")
    case.p.meeting.pipeline_rate = 0.0
    assert step(case, 5) == 0


def test_linking_opens_more_links(crowd):
    counts = []
    for linking in (0.0, 1.0, 3.0):
        case = crowd(400)
        case.p.meeting.rate, case.p.meeting.pipeline_rate = 0.0, 0.05
        case.lever(linking=linking)
        counts.append(step(case))
    assert counts[0] == pytest.approx(400 * 0.05 * 0.5 * np.log(11.0), abs=16)
    assert counts[1] == pytest.approx(2 * counts[0], rel=0.25) and counts[2] == pytest.approx(4 * counts[0], rel=0.25)


def opened(crowd, firms=600, related=(), **change):
    """Return home slots and targets of one link of each firm, where the market asks for 0.9."""
    case = crowd(firms)
    p = case.p.meeting
    p.rate, p.pipeline_rate, p.pipeline_spread = 0.0, 100.0, 0.2
    for name, value in change.items():
        p[name] = value
    case.world.regime = 0.9
    for slot, (nearness, technology) in enumerate(related):
        case.cluster.relatedness[slot], case.cluster.related_technology[slot] = nearness, technology
    assert step(case) == firms
    return column(case, "home"), column(case, "target")


def offsets(targets, centre):
    """Return signed distances on the circle."""
    return (targets - centre + 0.5) % 1.0 - 0.5


def test_partners_abroad_scatter_around_what_the_market_asks_for(crowd):
    home, target = opened(crowd)
    apart = offsets(target, 0.9)
    assert (home == -1).all()
    assert np.abs(apart).max() <= 0.2 and apart.min() < -0.18 and apart.max() > 0.18 and abs(apart.mean()) < 0.02
    assert ((target >= 0.0) & (target < 1.0)).all()


def test_a_part_of_the_links_leads_to_related_clusters_by_their_nearness(crowd):
    """Three slots share six tenths of all links: two of them fully related, the third half."""
    home, target = opened(crowd, related=((1.0, 0.2), (0.5, 0.4), (1.0, 0.98)), domestic=0.6)
    parts = [np.mean(home == slot) for slot in (-1, 0, 1, 2)]
    assert parts == pytest.approx([0.5, 0.2, 0.1, 0.2], abs=0.05)
    for slot, centre in enumerate((0.2, 0.4, 0.98)):
        apart = offsets(target[home == slot], centre)
        assert np.abs(apart).max() <= 0.05 and np.abs(apart).max() > 0.04, slot
    assert np.abs(offsets(target[home == -1], 0.9)).max() > 0.15


def test_without_related_clusters_or_a_domestic_share_all_links_lead_abroad(crowd):
    assert (opened(crowd, 200, domestic=1.0)[0] == -1).all()
    assert (opened(crowd, 200, related=((1.0, 0.2),) * 3, domestic=0.0)[0] == -1).all()
    assert sorted(set(opened(crowd, 200, related=((1.0, 0.2),) * 3, domestic=1.0)[0])) == [0, 1, 2]


def test_ties_inside_have_no_home_and_no_target(crowd):
    case = crowd(20)
    case.ties.home[:], case.ties.target[:] = 2, 0.7  # left over in rows that were used before
    step(case)
    assert (column(case, "home") == -1).all() and (column(case, "target") == 0.0).all()
