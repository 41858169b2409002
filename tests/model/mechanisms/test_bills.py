"""Bills: a programme pays a part of what firms owe for research, export, certificates and paperwork, and no more than it has."""

from __future__ import annotations

import numpy as np
import pytest
from books import CERTIFICATE_COST, EXPORT_COST, QUIET, one_firm, step
from places import place_of
from places import step as trade
from stills import step as learn
from stills import still_life

from clustersim.core.schema import record_dtype
from clustersim.model.levers import BILLS, LEVERS
from clustersim.model.mechanisms.complacency import relax
from clustersim.model.reach import CERTIFICATE_BILL, EXPORT_BILL, PAPERWORK_BILL, RD_BILL, aid
from clustersim.model.state import CLUSTERS, FREE

KINDS = {"rd_support": 40.0, "export_support": EXPORT_COST, "certification": CERTIFICATE_COST, "paperwork": 0.15 * 0.06 * 400.0}
MOST = {"rd_support": 0.9, "export_support": 1.0, "certification": 0.9, "paperwork": 1.0}


def bill(channel):
    """Return the number of a bill."""
    return BILLS.index(list(LEVERS).index(channel))


def billed(make, firms=1, **columns):
    """Return firms with equal books that get all four bills, but for these columns."""
    case = make(firms)
    for name in QUIET:
        case.p.finance[name] = 0.0
    case.all(**({"rd_share": 0.1, "export_share": 0.02, "certified": 1} | columns))
    return case


def gains(make, firms=1, granted=1e6, classes=0b1111, columns=None, **levers):
    """Return by how much each firm's profit rises with this support and this money for each bill, and the case."""
    plain, case = (billed(make, firms, **(columns or {})) for _ in range(2))
    case.lever(classes=classes, **levers)
    case.grant(**dict.fromkeys(levers, granted))
    step(plain)
    step(case)
    return case.get("profit") - plain.get("profit"), case


def test_there_are_four_bills_each_with_a_channel():
    assert [BILLS[k] for k in (RD_BILL, EXPORT_BILL, CERTIFICATE_BILL, PAPERWORK_BILL)] == [
        list(LEVERS).index(name) for name in ("rd_support", "export_support", "certification", "paperwork")
    ]
    assert sorted(BILLS) == sorted(set(BILLS)) and len(BILLS) == len(KINDS)


@pytest.mark.parametrize("channel", KINDS)
def test_each_bill_is_paid_as_far_as_its_channel_promises(make, channel):
    for lever in (0.25, 0.5, 7.0):
        gain, case = gains(make, **{channel: lever})
        assert gain[0] == pytest.approx(min(lever, MOST[channel]) * KINDS[channel]), lever
        assert case.cluster.part[bill(channel)] == 1.0


@pytest.mark.parametrize("channel", KINDS)
def test_firms_never_get_more_than_the_money_given_for_it(make, channel):
    """Three firms are promised half of their bills; there is money for a third of that, and each gets a third."""
    promised = 0.5 * KINDS[channel]
    gain, case = gains(make, firms=3, granted=promised, **{channel: 0.5})
    assert gain == pytest.approx([promised / 3] * 3) and gain.sum() == pytest.approx(promised)
    assert case.cluster.part[bill(channel)] == pytest.approx(1 / 3)
    assert case.cluster.returned == 0.0
    assert gains(make, firms=3, granted=0.0, **{channel: 0.5})[0] == pytest.approx(0.0)


@pytest.mark.parametrize("channel", KINDS)
def test_money_that_nobody_claims_goes_back(make, channel):
    promised = 2 * 0.5 * KINDS[channel]
    case = gains(make, firms=2, granted=promised + 70.0, **{channel: 0.5})[1]
    assert case.cluster.returned == pytest.approx(70.0) and case.cluster.part[bill(channel)] == 1.0


def test_bills_are_paid_each_from_its_own_money(make):
    """Research takes half of what is promised, exports all of it, certificates nothing; what is left for exports goes back."""
    case = billed(make, 2)
    case.lever(rd_support=0.5, export_support=0.5, certification=0.5)
    case.grant(rd_support=20.0, export_support=100.0, certification=0.0)
    step(case)
    plain = billed(make, 2)
    step(plain)
    assert case.get("profit") - plain.get("profit") == pytest.approx([10.0 + 0.5 * EXPORT_COST] * 2)
    assert case.cluster.part == pytest.approx([0.5, 1.0, 0.0, 1.0])
    assert case.cluster.returned == pytest.approx(100.0 - EXPORT_COST)


def test_the_part_holds_for_large_and_small_bills_alike(make):
    gain, case = gains(make, 2, 25.0, columns={"sales": np.array([400.0, 100.0])}, rd_support=1.0)
    assert gain == pytest.approx([20.0, 5.0]) and case.cluster.part[RD_BILL] == pytest.approx(25.0 / 45.0)


def test_who_is_not_reached_claims_nothing(make):
    gain, case = gains(make, 2, 20.0, 0b0010, columns={"employees": np.array([10.0, 300.0])}, rd_support=0.5)
    assert gain == pytest.approx([20.0, 0.0]) and case.cluster.part[RD_BILL] == 1.0


def test_who_left_claims_nothing(make):
    case = billed(make, 2)
    case.set(1, kind=FREE)
    case.lever(rd_support=0.5)
    case.grant(rd_support=20.0)
    step(case)
    assert case.cluster.part[RD_BILL] == pytest.approx(1.0) and case.cluster.returned == pytest.approx(0.0)


def test_with_joint_export_projects_there_is_less_to_pay(make):
    """A full project saves half of the fixed cost; firms below the least export share have no bill."""
    assert gains(make, columns={"reach": 1.0}, export_support=1.0)[0] == pytest.approx(0.5 * EXPORT_COST)
    gain, case = gains(make, granted=30.0, columns={"export_share": 0.005}, export_support=1.0)
    assert gain == pytest.approx(0.0) and case.cluster.returned == pytest.approx(30.0)


def test_a_bill_whose_support_has_ended_is_whole_for_the_next_programme(make):
    case = billed(make)
    case.cluster.part[:] = 0.25
    step(case)
    assert list(case.cluster.part) == [1.0] * len(BILLS)


def test_what_was_short_before_does_not_shorten_what_is_promised_now(make):
    """Claims are those of the whole promise: with half of its money twice a half is paid twice, with all of it all."""
    case = billed(make)
    case.lever(rd_support=0.5)
    for money, part, back in ((10.0, 0.5, 0.0), (10.0, 0.5, 0.0), (30.0, 1.0, 10.0)):
        case.cluster.returned = 0.0
        case.grant(rd_support=money)
        step(case)
        assert case.cluster.part[RD_BILL] == pytest.approx(part) and case.cluster.returned == pytest.approx(back)


def test_all_aid_is_the_nations_loss(make):
    """What firms gain the nation pays, and no other account moves."""
    plain, case = one_firm(make, rd_share=0.1), one_firm(make, rd_share=0.1)
    case.lever(rd_support=0.5)
    case.grant(rd_support=12.0)
    step(plain)
    step(case)
    assert case.get("cash")[0] - plain.get("cash")[0] == pytest.approx(12.0) == plain.cluster.nation - case.cluster.nation
    assert case.cluster.abroad == plain.cluster.abroad


def test_at_first_all_that_is_promised_is_expected():
    assert record_dtype(CLUSTERS)["part"].shape == (len(BILLS),) and CLUSTERS["part"].empty == 1


def test_firms_decide_by_the_part_that_was_paid_last(make):
    """Half of what was promised: a support of 0.8 counts as 0.4, one beyond the most as half of the most."""
    case = make(1)
    case.cluster.part[RD_BILL] = 0.5
    case.lever(rd_support=0.8)
    assert aid(case.actors, case.cluster, case.row(0), RD_BILL, 0.9) == pytest.approx(0.4)
    case.lever(rd_support=8.0)
    assert aid(case.actors, case.cluster, case.row(0), RD_BILL, 0.9) == pytest.approx(0.45)


@pytest.mark.parametrize(("part", "exporting"), [(1.0, True), (0.5, False)])
def test_exports_begin_by_the_support_that_was_paid_last(make, part, exporting):
    """The gain of 0.1 × 400 × 3/7 is two thirds of the fixed cost: half of the cost paid is enough, a quarter is not."""
    gain = 0.1 * 400.0 * 0.3 / 0.7
    case = place_of(make, 1, change={"export_speed": 1.0, "export_cost": 1.5 * gain}, quality=1.0, certified=1)
    case.lever(export_support=0.5)
    case.cluster.part[EXPORT_BILL] = part
    trade(case)
    assert (case.get("export_share")[0] > 0.0) == exporting


@pytest.mark.parametrize(("part", "held"), [(1.0, 1), (0.5, 0)])
def test_certificates_are_taken_by_the_support_that_was_paid_last(make, part, held):
    """At sales of 200 a certificate is worth 1, of a cost of 1.5: it takes more than a third of it paid, and 0.6 are promised."""
    case = still_life(make, 1, certificate=0.7, certificate_cost=1.5, certificate_worth=0.005)
    case.all(quality=0.7, sales=200.0)
    case.lever(certification=0.6)
    case.cluster.part[CERTIFICATE_BILL] = part
    learn(case)
    assert case.get("certified")[0] == held


def test_research_is_planned_by_the_support_that_was_paid_last(make):
    """With a price elasticity of one: a support of one half doubles research, one of which half was paid brings a third more."""
    for part, research in ((1.0, 0.06), (0.5, 0.04), (0.0, 0.03)):
        case = make(1)
        case.p.complacency.speed, case.p.complacency.rd_price = 0.0, 1.0
        case.lever(rd_support=0.5)
        case.cluster.part[RD_BILL] = part
        relax(case.actors, case.cluster, case.world, case.p.complacency, case.p.finance)
        assert case.get("rd_share")[0] == pytest.approx(research), part
