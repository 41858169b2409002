"""Association and vision: consensus, founding on a core, membership, money, staff, closing, brand."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.mechanisms.association import (
    DESIGNED,
    ORGANIC,
    REDESIGNED,
    collect_and_pay,
    found,
    organise,
    recruit,
    share_vision,
)
from clustersim.state import ASSOCIATION, FREE


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
    assert founding(make, designed=1.0, founded=2).origin == REDESIGNED


def test_founding_comes_at_its_rate(make):
    founded = 0
    for quarter in range(300):
        case = make(1)
        case.world.quarter = quarter
        case.cluster.component = case.cluster.vision = 1.0
        found(case.cluster, case.world, case.p.association)
        founded += int(case.cluster.formal)
    assert founded / 300 == pytest.approx(case.p.association.founding_rate, abs=0.06)


def joined(make, member=0, rate=1.0, **values):
    """Return the share of firms that are members after a quarter in which all consider it."""
    case = make(200)
    case.p.association.join_rate = rate
    case.lever(facilitation=values.pop("facilitation", 0.0))
    case.cluster.vision = values.pop("vision", 0.3)
    case.all(**({"member": member, "belief": 0.3, "climate": 0.4, "top": 0} | values))
    recruit(case.actors, case.cluster, case.world, case.p.association)
    assert case.cluster.members == case.get("member").sum()
    return case.cluster.members / 200


def test_belief_vision_climate_and_partners_draw_firms_in(make):
    base = joined(make)
    assert base == pytest.approx(0.5, abs=0.12)  # the bar is where half would join
    for change in ({"belief": 0.6}, {"vision": 0.6}, {"climate": 0.7}, {"top": 3}):
        assert joined(make, **change) > base + 0.2, change
    assert joined(make, belief=0.0, climate=0.2) < 0.1
    assert joined(make, rate=0.0) == 0.0


def test_facilitators_help_firms_to_join(make):
    assert joined(make, facilitation=1.0, belief=0.2) > joined(make, belief=0.2) + 0.2


def test_members_leave_when_they_lean_away(make):
    assert joined(make, member=1, belief=1.0, vision=1.0) > 0.97
    assert joined(make, member=1, belief=0.0, vision=0.0, climate=0.2) < 0.03
    assert joined(make, member=1, belief=0.5) > joined(make, member=1, belief=0.2) + 0.3
    assert joined(make, member=1, belief=0.0, vision=0.0, climate=0.0, rate=0.0) == 1.0


def test_free_rows_do_not_join(make):
    case = make(10)
    case.p.association.join_rate, case.cluster.vision = 1.0, 5.0
    case.set(slice(5, None), kind=FREE)
    recruit(case.actors, case.cluster, case.world, case.p.association)
    assert case.cluster.members == 5


def formal(make, members=10, cash=0.0, **change):
    """Return an association with members whose fees are in the middle range."""
    case = make(10)
    for name, value in change.items():
        case.p.association[name] = value
    case.cluster.formal, case.cluster.members = 1, members
    case.set(slice(0, members), member=1)
    case.all(sales=2000.0)
    case.actors.cash[ASSOCIATION] = cash
    return case


def pay(case):
    """Collect fees and pay staff; the books balance."""
    before = case.books()
    collect_and_pay(case.actors, case.cluster, case.p.association)
    assert case.books() == pytest.approx(before, rel=1e-12)


def test_members_pay_fees_in_proportion_to_sales_within_limits(make):
    case = formal(make, members=4)
    case.set(0, sales=1.0)
    case.set(1, sales=1e6)
    case.set(2, cash=0.3)
    before = case.get("cash")
    pay(case)
    p = case.p.association
    assert before - case.get("cash") == pytest.approx([p.fee_floor, p.fee_cap, 0.3, 1.0, 0, 0, 0, 0, 0, 0])
    assert case.cluster.income_private == pytest.approx(p.fee_floor + p.fee_cap + 1.3)


def test_services_raise_income_with_vision(make):
    incomes = []
    for seen, services in ((0.0, 0.5), (1.0, 0.5), (1.0, 0.0)):
        case = formal(make, services=services)
        case.cluster.vision = seen
        pay(case)
        incomes.append(case.cluster.income_private)
    assert incomes == pytest.approx([10.0, 15.0, 10.0])


def test_a_firm_in_debt_pays_no_fee(make):
    case = formal(make, members=1)
    case.set(0, cash=-5.0)
    pay(case)
    assert case.get("cash")[0] == -5.0 and case.cluster.income_private == 0.0


def test_staff_follows_what_can_be_paid(make):
    case = formal(make, members=0, cash=400.0)
    cost = case.p.association.staff_cost * case.cluster.wage
    pay(case)
    staff = 0.25 * 400.0 / (2 * cost)
    assert case.cluster.staff == pytest.approx(staff)
    assert case.actors.cash[ASSOCIATION] == pytest.approx(400.0 - cost * staff)
    assert case.cluster.nation == pytest.approx(cost * staff)
    rich = formal(make, cash=1e9)
    for _ in range(100):
        pay(rich)
    assert rich.cluster.staff == pytest.approx(rich.p.association.staff_max)


def test_it_closes_when_it_cannot_pay_staff_for_too_long(make):
    case = formal(make, fee=0.0, fee_floor=0.0, patience=3.0)
    case.cluster.vision = 0.5
    for _ in range(3):
        pay(case)
    assert case.cluster.formal and case.cluster.distress == 3
    case.actors.cash[ASSOCIATION] = 5.0
    pay(case)
    assert (case.cluster.formal, case.cluster.members, case.cluster.staff, case.cluster.distress) == (0, 0, 0, 0)
    assert not case.get("member").any() and case.actors.cash[ASSOCIATION] == 0.0
    assert case.cluster.vision == pytest.approx(0.5 * 0.7)


def test_it_closes_when_it_is_short_of_members(make):
    for members, lives in ((5, 1), (4, 0)):
        case = formal(make, members=members, cash=1e4, patience=3.0)
        for _ in range(4):
            pay(case)
        assert case.cluster.formal == lives


def test_distress_counts_quarters_in_a_row(make):
    case = formal(make, cash=0.0, fee=0.0, fee_floor=0.0)
    pay(case)
    assert case.cluster.distress == 1
    case.actors.cash[ASSOCIATION] = 1e4
    pay(case)
    assert case.cluster.distress == 0


def test_the_brand_grows_with_vision_while_an_association_acts_and_decays_without(make):
    case = formal(make, cash=1e4)
    case.cluster.vision, case.cluster.brand = 0.6, 0.2
    case.p.association.join_rate = 0.0
    organise(case.actors, case.cluster, case.world, case.p.association)
    p = case.p.association
    assert case.cluster.brand == pytest.approx(0.2 + p.brand_gain * case.cluster.vision * 0.8 - p.brand_decay * 0.2)
    idle = make(10)
    idle.cluster.vision, idle.cluster.brand = 0.6, 0.2
    organise(idle.actors, idle.cluster, idle.world, idle.p.association)
    assert idle.cluster.brand == pytest.approx(0.2 * (1 - p.brand_decay))


def test_an_association_that_was_just_founded_recruits_at_once(make):
    case = make(40)
    case.p.association.founding_rate = case.p.association.join_rate = 1.0
    case.cluster.component, case.cluster.vision = 0.5, 0.9
    case.all(belief=0.9)
    organise(case.actors, case.cluster, case.world, case.p.association)
    assert case.cluster.formal and case.cluster.members > 30
    assert np.isclose(case.cluster.members, case.get("member").sum())
