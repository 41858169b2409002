"""Association and vision: consensus, founding on a core, the quarter of an association, brand."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.model.mechanisms.association import DESIGNED, ORGANIC, REDESIGNED, found, organise, share_vision
from clustersim.model.state import ASSOCIATION


def vision(make, start=0.4, change=None, **cluster):
    """Return the vision that one quarter makes of `start`."""
    case = make(10)
    case.cluster.vision = start
    for name, value in cluster.items():
        if name == "workshops":
            case.lever(consensus=value)
        else:
            case.cluster[name] = value
    for name, value in (change or {}).items():
        case.p.association[name] = value
    share_vision(case.cluster, case.p.association)
    return float(case.cluster.vision)


def test_vision_decays_where_nobody_takes_part(make):
    assert vision(make) == pytest.approx(0.4 * (1 - 0.03))
    assert vision(make, change={"vision_decay": 0.0}) == 0.4


def test_vision_grows_with_participation_times_trust(make):
    p = make().p.association
    full = vision(make, members=10.0, trust=1.0)
    assert full == pytest.approx(0.4 + p.vision_gain * 0.6 - p.vision_decay * 0.4)
    assert vision(make, members=5.0, trust=1.0) - vision(make) == pytest.approx(0.5 * p.vision_gain * 0.6)
    assert vision(make, members=10.0, trust=0.0) == vision(make, members=0.0, trust=1.0) == vision(make)
    assert vision(make, linked=1.0, trust=1.0) == pytest.approx(vision(make, members=5.0, trust=1.0))  # links count half
    assert vision(make, members=10.0, trust=1.0, change={"vision_gain": 0.0}) == vision(make)


def test_vision_grows_with_wins_and_workshops_up_to_a_limit(make):
    base = vision(make)
    assert base < vision(make, wins=1.0) < vision(make, wins=3.0) == vision(make, wins=30.0)
    assert base < vision(make, workshops=0.5) < vision(make, workshops=1.0) == vision(make, workshops=9.0)


def test_vision_wears_with_turnover_and_failures(make):
    base = vision(make)
    assert vision(make, entries=1.0, exits=1.0, spinoffs=1.0) == pytest.approx(base - 0.4 * 0.5 * 0.3)
    assert base > vision(make, losses=1.0) > vision(make, losses=3.0) == vision(make, losses=9.0)
    still = {"vision_turnover": 0.0, "vision_failures": 0.0}
    assert vision(make, exits=3.0, losses=3.0, change=still) == base


def test_policy_from_above_costs_a_part_of_the_growth(make):
    joined = {"members": 10.0, "trust": 1.0}
    gain = vision(make, **joined) - vision(make)
    paid = vision(make, top_down=1.0, public_spending=1.0, **joined) - vision(make)
    assert paid == pytest.approx(0.5 * gain)
    assert vision(make, top_down=1.0, **joined) - vision(make) == pytest.approx(gain), "only while the programme pays"
    assert vision(make, top_down=1.0, change={"politicisation": 0.0}, **joined) == vision(make, **joined)


def test_private_seats_on_the_board_keep_policy_from_above_at_bay(make):
    """Full participation and trust let vision grow by 0.15 of what is missing; the state takes half of it, less by its seats."""
    joined = {"members": 10.0, "trust": 1.0, "top_down": 1.0, "public_spending": 1.0}
    gains = [vision(make, formal=1, board_private=seats, **joined) - vision(make) for seats in (0.0, 0.5, 1.0)]
    assert gains == pytest.approx([0.15 * 0.6 * kept for kept in (0.5, 0.75, 1.0)])
    assert vision(make, formal=0, board_private=1.0, **joined) - vision(make) == pytest.approx(gains[0]), "no board, no seats"


def test_vision_stays_between_nothing_and_full(make):
    assert vision(make, start=0.99, members=10.0, trust=1.0, wins=3.0, workshops=1.0, change={"vision_decay": 0.0}) <= 1.0
    assert vision(make, start=0.5, entries=30.0, change={"vision_turnover": 3.0}) == 0.0


def test_successes_and_failures_are_forgotten(make):
    case = make()
    case.cluster.wins = case.cluster.losses = 2.0
    share_vision(case.cluster, case.p.association)
    assert case.cluster.wins == case.cluster.losses == pytest.approx(2.0 * (1 - case.p.association.memory))


def founding(make, designed=0.0, change=None, **cluster):
    """Return a cluster after one chance to found, which comes for certain."""
    case = make()
    case.p.association.founding_rate = case.p.association.designed_rate = 1.0
    for name, value in (change or {}).items():
        case.p.association[name] = value
    case.lever(founding=designed)
    for name, value in cluster.items():
        case.cluster[name] = value
    found(case.cluster, case.world, case.p.association)
    return case.cluster


def test_firms_found_an_association_on_a_core_and_a_vision(make):
    p = make().p.association
    ready = {"component": p.core_needed, "vision": p.vision_needed}
    cluster = founding(make, **ready)
    assert (cluster.formal, cluster.origin, cluster.founded) == (1, ORGANIC, 5)
    assert not founding(make, **(ready | {"component": p.core_needed - 0.01})).formal
    assert not founding(make, **(ready | {"vision": p.vision_needed - 0.01})).formal
    assert not founding(make, change={"founding_rate": 0.0}, **ready).formal


def test_the_programme_founds_without_either(make):
    cluster = founding(make, designed=0.2)
    assert (cluster.formal, cluster.origin) == (1, DESIGNED)
    assert not founding(make, designed=0.2, change={"designed_rate": 0.0}).formal
    assert not founding(make).formal


def test_the_second_association_is_a_redesign(make):
    assert founding(make, designed=1.0, origin=ORGANIC).origin == REDESIGNED


def test_a_new_board_has_its_usual_private_seats_and_no_large_members(make):
    cluster = founding(make, designed=1.0, board_private=0.1, board_large=0.9, distress=4)
    assert (cluster.board_private, cluster.board_large, cluster.distress) == (0.6, 0.0, 0)


def test_founding_comes_at_its_rate(make):
    founded = 0
    for quarter in range(200):
        case = make(1)
        case.world.quarter = quarter
        case.cluster.component = case.cluster.vision = 1.0
        found(case.cluster, case.world, case.p.association)
        founded += int(case.cluster.formal)
    assert founded / 200 == pytest.approx(case.p.association.founding_rate, abs=0.07)


def test_the_brand_grows_with_vision_while_an_association_acts_and_decays_without(make):
    case = make(10)
    case.cluster.formal, case.actors.cash[ASSOCIATION] = 1, 1e4
    case.cluster.vision, case.cluster.brand = 0.6, 0.2
    case.p.association.join_rate = 0.0
    organise(case.actors, case.cluster, case.world, case.p.association)
    p = case.p.association
    assert case.cluster.brand == pytest.approx(0.2 + p.brand_gain * case.cluster.vision * 0.8 - p.brand_decay * 0.2)
    idle = make(10)
    idle.cluster.vision, idle.cluster.brand = 0.6, 0.2
    organise(idle.actors, idle.cluster, idle.world, idle.p.association)
    assert idle.cluster.brand == pytest.approx(0.2 * (1 - p.brand_decay))
    poor = make(10)  # an association without staff does nothing for the brand
    poor.cluster.formal, poor.cluster.vision, poor.cluster.brand = 1, 0.6, 0.2
    organise(poor.actors, poor.cluster, poor.world, poor.p.association)
    assert poor.cluster.brand == idle.cluster.brand


def told(make, speakers, brand=0.2, **change):
    """Return the brand of a place without an association after a quarter in which facilitators speak for it."""
    case = make(10)
    case.p.association.brand_decay = 0.1
    for name, value in change.items():
        case.p.association[name] = value
    case.cluster.brand, case.cluster.speakers = brand, speakers
    organise(case.actors, case.cluster, case.world, case.p.association)
    return float(case.cluster.brand)


def test_facilitators_who_speak_for_the_place_make_its_brand(make):
    """Each closes a twentieth of what is missing to a full brand, all of it at most, with or without an association."""
    assert told(make, 2.0, brand_told=0.05) == pytest.approx(0.2 + 0.1 * 0.8 - 0.1 * 0.2)
    assert told(make, 0.0, brand_told=0.05) == told(make, 2.0, brand_told=0.0) == pytest.approx(0.18)
    assert told(make, 90.0, brand_told=0.05) == pytest.approx(1.0 - 0.1 * 0.2)


def test_an_acting_association_and_facilitators_add_up(make):
    case = make(10)
    case.cluster.formal, case.actors.cash[ASSOCIATION] = 1, 1e4
    case.cluster.vision, case.cluster.brand, case.cluster.speakers = 0.6, 0.2, 2.0
    p = case.p.association
    p.join_rate, p.brand_told = 0.0, 0.05
    organise(case.actors, case.cluster, case.world, p)
    assert case.cluster.brand == pytest.approx(0.2 + (p.brand_gain * case.cluster.vision + 0.1) * 0.8 - p.brand_decay * 0.2)


def test_an_association_that_was_just_founded_recruits_at_once(make):
    case = make(40)
    case.p.association.founding_rate = case.p.association.join_rate = 1.0
    case.cluster.component, case.cluster.vision = 0.5, 0.9
    case.all(belief=0.9)
    organise(case.actors, case.cluster, case.world, case.p.association)
    assert case.cluster.formal and case.cluster.members > 30
    assert np.isclose(case.cluster.members, case.get("member").sum())
