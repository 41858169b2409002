"""Membership: who joins, what members of each size pay, who sits on the board, what staff does, when it closes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from clustersim.model.mechanisms.association import collect_fees, fee_of, pay_staff, recruit
from clustersim.model.state import ASSOCIATION, FREE, TRACTOR


def joined(make, member=0, rate=1.0, **values):
    """Return the share of firms that are members after a quarter in which all consider it."""
    case = make(200)
    case.p.association.join_rate = rate
    case.facilitators(values.pop("facilitators", 0.0))
    case.cluster.vision, case.cluster.board_large = values.pop("vision", 0.3), values.pop("large", 0.0)
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
    assert joined(make, facilitators=1.0, belief=0.2) > joined(make, belief=0.2) + 0.2


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


def test_one_mediator_helps_as_much_as_many(make):
    assert joined(make, facilitators=1.0, belief=0.2) == joined(make, facilitators=9.0, belief=0.2)


def test_a_board_of_large_firms_keeps_small_ones_out_and_not_tractors(make):
    """Belief, vision and climate just reach the bar: half would join; captured, they miss it by two of its spreads."""
    captured = joined(make, large=1.0)
    assert captured == pytest.approx(1 / (1 + math.exp(0.25 / 0.12)), abs=0.05)
    assert captured < joined(make, large=0.4) < joined(make)
    assert joined(make, large=1.0, kind=TRACTOR) == joined(make, kind=TRACTOR) == joined(make)
    assert joined(make, member=1, large=1.0) == pytest.approx(1 - 1 / (1 + math.exp(-0.25 / 0.12)), abs=0.05)  # they leave


def formal(make, members=10, cash=0.0, **change):
    """Return an association whose members are small firms."""
    case = make(10)
    for name, value in change.items():
        case.p.association[name] = value
    case.cluster.formal, case.cluster.members = 1, members
    case.set(slice(0, members), member=1)
    case.all(employees=20.0)
    case.actors.cash[ASSOCIATION] = cash
    return case


def collect(case):
    """Collect fees; the books balance."""
    before = case.books()
    collect_fees(case.actors, case.cluster, case.p.association)
    assert case.books() == pytest.approx(before, rel=1e-12)


def pay(case):
    """Pay staff; the books balance."""
    before = case.books()
    pay_staff(case.actors, case.cluster, case.p.association)
    assert case.books() == pytest.approx(before, rel=1e-12)


@pytest.mark.parametrize(
    ("employees", "wages"), [(1.0, 0.02), (9.9, 0.02), (10.0, 0.05), (49.9, 0.05), (50.0, 0.1), (249.9, 0.1), (250.0, 0.5)]
)
def test_fees_are_a_tier_for_each_size_class(make, employees, wages):
    assert fee_of(employees, make().p.association) == wages
    case = formal(make, members=1)
    case.set(0, employees=employees)
    before = case.get("cash")
    collect(case)
    assert before - case.get("cash") == pytest.approx([wages * 9.6] + [0.0] * 9)
    assert case.cluster.income_private == case.actors.cash[ASSOCIATION] == pytest.approx(wages * 9.6)


def test_services_raise_income_with_vision(make):
    incomes = []
    for seen, services in ((0.0, 0.5), (1.0, 0.5), (0.5, 0.5), (1.0, 0.0)):
        case = formal(make, services=services)
        case.cluster.vision = seen
        collect(case)
        incomes.append(case.cluster.income_private)
    assert incomes == pytest.approx([4.8, 7.2, 6.0, 4.8])  # ten members at 0.05 wages of 9.6


def test_nobody_pays_more_than_it_holds(make):
    case = formal(make, members=3)
    case.set(slice(0, 2), cash=np.array([-5.0, 0.3]))
    collect(case)
    assert list(case.get("cash")[:2]) == [-5.0, 0.0] and case.cluster.income_private == pytest.approx(0.3 + 0.48)


def test_who_pays_sits_on_the_board(make):
    """One large member pays 4.8, a medium one 0.96 and seven small ones 0.48 each; the state adds as much as all of them."""
    case = formal(make)
    case.all(cash=1e6)
    case.set(0, employees=300.0)
    case.set(1, employees=249.0)
    case.set(9, kind=FREE)
    case.cluster.board_private, case.cluster.board_large = 0.6, 0.2
    private = 4.8 + 0.96 + 7 * 0.48
    case.cluster.income_public = private
    collect(case)
    assert case.cluster.board_private == pytest.approx(0.6 + 0.1 * (0.5 - 0.6))
    assert case.cluster.board_large == pytest.approx(0.2 + 0.1 * (4.8 / private / 2 - 0.2))
    for _ in range(200):
        case.cluster.income_public = 0.0
        collect(case)
    assert case.cluster.board_private == pytest.approx(1.0) and case.cluster.board_large == pytest.approx(4.8 / private)


def test_without_any_income_the_board_stays(make):
    case = formal(make, members=0)
    case.cluster.board_private, case.cluster.board_large = 0.6, 0.2
    collect(case)
    assert (case.cluster.board_private, case.cluster.board_large) == (0.6, 0.2)


def test_staff_follows_what_can_be_paid(make):
    case = formal(make, members=0, cash=400.0)
    cost = 1.6 * 9.6
    pay(case)
    staff = 0.25 * 400.0 / (2 * cost)
    assert case.cluster.staff == pytest.approx(staff)
    assert case.actors.cash[ASSOCIATION] == pytest.approx(400.0 - cost * staff)
    assert case.cluster.nation == pytest.approx(cost * staff)
    rich = formal(make, cash=1e9)
    for _ in range(100):
        pay(rich)
    assert rich.cluster.staff == pytest.approx(rich.p.association.staff_max)


def test_staff_runs_thematic_groups_for_a_part_of_the_members(make):
    """One person runs groups of twelve members."""
    for staff, members, share in ((0.25, 10, 0.3), (0.5, 10, 0.6), (5.0, 10, 1.0), (0.05, 0, 0.6)):
        case = formal(make, members=members, staff_max=staff)
        case.cluster.staff, case.actors.cash[ASSOCIATION] = staff, 1e6
        pay(case)
        assert case.cluster.groups == pytest.approx(share), (staff, members)
    case = formal(make, cash=1e6, group_members=0.0)
    pay(case)
    assert case.cluster.groups == 0.0


def test_it_closes_when_it_cannot_pay_staff_for_too_long(make):
    case = formal(make, patience=3.0)
    case.cluster.vision, case.cluster.board_private, case.cluster.board_large = 0.5, 0.6, 0.3
    for _ in range(3):
        pay(case)
    assert case.cluster.formal and case.cluster.distress == 3
    case.actors.cash[ASSOCIATION] = 5.0
    pay(case)
    assert (case.cluster.formal, case.cluster.members, case.cluster.staff, case.cluster.distress) == (0, 0, 0, 0)
    assert (case.cluster.groups, case.cluster.board_private, case.cluster.board_large) == (0, 0, 0)
    assert not case.get("member").any() and case.actors.cash[ASSOCIATION] == 0.0
    assert case.cluster.vision == pytest.approx(0.5 * 0.7)


def test_it_closes_when_it_is_short_of_members(make):
    for members, lives in ((5, 1), (4, 0)):
        case = formal(make, members=members, cash=1e4, patience=3.0)
        for _ in range(4):
            pay(case)
        assert case.cluster.formal == lives


def test_distress_counts_quarters_in_a_row(make):
    case = formal(make, cash=0.0)
    pay(case)
    assert case.cluster.distress == 1
    case.actors.cash[ASSOCIATION] = 1e4
    pay(case)
    assert case.cluster.distress == 0


def test_facilitators_who_speak_for_it_raise_money_from_sponsors(make):
    """Two persons at half vision, 0.4 wages of 9.6 each at full vision; the nation gives it, and the board counts it."""
    for speakers, seen, raised in ((2.0, 0.5, 3.84), (2.0, 0.0, 0.0), (0.0, 0.5, 0.0), (1.0, 1.0, 3.84)):
        case = formal(make, members=0, raised=0.4)
        case.cluster.speakers, case.cluster.vision, case.cluster.board_private = speakers, seen, 0.2
        collect(case)
        assert case.cluster.income_private == case.actors.cash[ASSOCIATION] == pytest.approx(raised)
        assert case.cluster.nation == pytest.approx(-raised)
        assert case.cluster.board_private == pytest.approx(0.2 + 0.1 * 0.8 * (raised > 0.0))


def test_sponsors_money_comes_on_top_of_fees(make):
    case = formal(make, raised=0.4)
    case.cluster.speakers, case.cluster.vision = 2.0, 0.5
    collect(case)
    assert case.cluster.income_private == pytest.approx(6.0 + 3.84)
    nobody = formal(make, raised=0.0)
    nobody.cluster.speakers, nobody.cluster.vision = 2.0, 0.5
    collect(nobody)
    assert nobody.cluster.income_private == pytest.approx(6.0) and nobody.cluster.nation == 0.0
