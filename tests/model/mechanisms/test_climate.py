"""Generalised trust, mean trust in partners, and gossip: what firms expect of strangers, and what they hear of others."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from pairs import ALWAYS, NEVER, pair_of, step

from clustersim.model.mechanisms.trust import gossip, listen
from clustersim.model.state import FREE


@pytest.fixture
def pair(make):
    """Return the maker of two firms with one tie."""
    return partial(pair_of, make)


def test_generalised_trust_follows_realised_success(pair):
    case = pair()
    before = case.get("climate")[0]
    step(case)
    learnt = case.p.trust.climate_learning
    assert case.get("climate")[0] == pytest.approx(before + learnt * (1 - before))
    case.all(threshold=NEVER)
    raised = case.get("climate")[0]
    step(case)
    assert case.get("climate")[0] == pytest.approx(raised * (1 - learnt))
    assert case.cluster.climate == pytest.approx(case.get("climate").mean())


def test_the_climate_returns_to_its_origin_and_events_warm_it(make):
    case = make(3)
    case.all(climate=0.7)
    step(case)
    p = case.p.trust
    assert case.get("climate") == pytest.approx(0.7 - 0.2 * p.climate_return)
    case.all(climate=0.5)
    case.lever(events=1.0)
    step(case)
    assert case.get("climate") == pytest.approx(0.5 + 0.5 * p.event_warmth)
    case.all(climate=0.5)
    p.event_warmth = 0.0
    step(case)
    assert case.get("climate") == pytest.approx(0.5)


def test_institutions_learn_too(make):
    case = make(1)
    case.p.trust.contact_0 = case.p.trust.luck = 1.0
    case.all(threshold=ALWAYS)
    t = case.school_tie(0, trust=0.5, fit=1.0)
    school = case.ties.a[t]
    case.actors.threshold[school] = ALWAYS
    step(case)
    assert case.actors.climate[school] > 0.6
    assert case.actors.bond[school] == pytest.approx(case.ties.trust_ab[t])


def test_bond_is_the_mean_trust_in_partners(make):
    case = make(4)
    case.p.trust.contact_0, case.p.trust.decay, case.p.trust.gossip = 1e-300, 0.0, 0.0
    case.tie(0, 1, trust=0.2, back=0.9)
    case.tie(0, 2, trust=0.6)
    step(case)
    assert case.get("bond")[:3] == pytest.approx([0.4, 0.9, 0.6])
    assert case.get("bond")[3] == case.get("climate")[3]  # no partner: what it expects of strangers


def triangle(make, weight=0.15):
    """Return three firms that all know each other; firm 1 trusts firm 2 fully."""
    case = make(3)
    case.p.trust.gossip, case.p.trust.gossip_weight = 1.0, weight
    case.set(2, climate=0.5)
    case.tie(0, 1, trust=0.5)
    case.t = case.tie(0, 2, trust=0.2, back=0.2)
    case.tie(1, 2, trust=1.0, back=1.0)
    return case


def test_gossip_moves_trust_toward_what_the_common_partner_says(make):
    moved = []
    for quarter in range(40):
        case = triangle(make)
        case.world.quarter = quarter
        gossip(case.actors, case.ties, case.cluster, case.world, case.p.trust)
        moved.append(float(case.ties.trust_ab[case.t]))
    assert set(np.round(moved, 12)) == {0.2, round(0.2 + 0.15 * 0.8, 12)}
    assert 3 < sum(value > 0.2 for value in moved) < 25  # one way in four leads to it


def test_listeners_hear_about_their_own_common_partner_alone(make):
    """Whichever end of the tie the listener is; ties with others, and of others with the third, stay."""
    for i, third in ((0, 2), (2, 0)):
        case = make(4)
        ties = [case.tie(0, 1, trust=0.2), case.tie(1, 2, trust=0.2), case.tie(0, 2, trust=0.2), case.tie(2, 3, trust=0.2)]
        row = case.row(i)
        listen(case.ties, row, case.row(third), 1.0, case.actors.around[row], case.actors.degree[row], 0.5)
        own, back = ("trust_ab", "trust_ba") if i < third else ("trust_ba", "trust_ab")
        assert getattr(case.ties, own)[ties] == pytest.approx([0.2, 0.2, 0.6, 0.2])
        assert (getattr(case.ties, back)[ties] == 0.2).all()


def test_gossip_without_weight_or_chance_moves_nothing(make):
    for change in ({"gossip_weight": 0.0}, {"gossip": 0.0}):
        for quarter in range(10):
            case = triangle(make)
            for name, value in change.items():
                case.p.trust[name] = value
            case.world.quarter = quarter
            before = case.ties.trust_ab[:3].copy(), case.ties.trust_ba[:3].copy()
            gossip(case.actors, case.ties, case.cluster, case.world, case.p.trust)
            assert (case.ties.trust_ab[:3] == before[0]).all() and (case.ties.trust_ba[:3] == before[1]).all()


def test_gossip_needs_a_common_partner_inside(make):
    case = make(3)
    case.p.trust.gossip = 1.0
    case.tie(0, 1, trust=0.2)
    case.tie(0, None, trust=0.2)
    case.tie(1, 2, trust=0.9)
    case.tie(2, None, trust=0.9)
    for quarter in range(20):
        case.world.quarter = quarter
        gossip(case.actors, case.ties, case.cluster, case.world, case.p.trust)
    assert list(case.ties.trust_ab[:4]) == [0.2, 0.2, 0.9, 0.9]


def test_free_rows_are_left_alone(make):
    case = make(3)
    case.set(2, kind=FREE, climate=0.123)
    case.cluster.firm_count = 2
    step(case)
    assert case.get("climate")[2] == 0.123
    assert case.cluster.climate == pytest.approx(case.get("climate")[:2].mean())
