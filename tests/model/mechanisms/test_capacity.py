"""Capacity: how absorptive capacity and quality follow research, training, standards and services, and who is certified."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from stills import step, still_life

from clustersim.model.state import TRACTOR


@pytest.fixture
def still(make):
    """Return the maker of clusters in which nothing moves."""
    return partial(still_life, make)


def test_absorptive_capacity_and_quality_follow_research(still):
    """Learning by doing counts as a hundredth of sales: nought, three and twelve hundredths head for 1.3/4, 5.2/7 and full."""
    case = still(3, capacity_speed=0.1, quality_speed=0.1, rd_least=0.01)
    case.all(rd_share=np.array([0.0, 0.03, 0.12]), absorptive=0.5, quality=0.3)
    step(case)
    targets = np.array([1.3 / 4, 5.2 / 7, 1.0])
    assert case.get("absorptive") == pytest.approx(0.5 + 0.1 * (targets - 0.5))
    assert case.get("quality") == pytest.approx(0.3 + 0.1 * (targets - 0.3))


def test_who_pays_for_research_makes_no_difference_to_what_it_teaches(still):
    """Support lowers the price, and more is done for it; the same research brings the same."""
    for support in (0.0, 0.9):
        case = still(capacity_speed=0.1, rd_least=0.0)
        case.lever(rd_support=support)
        step(case)
        assert case.get("absorptive") == pytest.approx(0.5 + 0.1 * 0.15), support


def worn(still, quality, **change):
    """Return what a quarter makes of a quality where research keeps up 0.65, at a rise of 0.1 and a wear of 0.2."""
    case = still(1, **({"quality_speed": 0.1, "quality_wear": 0.2, "rd_least": 0.0} | change))
    case.all(quality=quality)
    step(case)
    return float(case.get("quality")[0])


def test_quality_above_what_research_keeps_up_wears_off(still):
    assert worn(still, 0.9) == pytest.approx(0.9 - 0.2 * 0.25)
    assert worn(still, 0.65) == pytest.approx(0.65)
    assert worn(still, 0.4) == pytest.approx(0.4 + 0.1 * 0.25), "below it rises, and nothing wears"
    assert worn(still, 0.9, quality_wear=0.0) == 0.9
    assert worn(still, 0.9, rd_least=0.01) == pytest.approx(0.9 - 0.2 * (0.9 - 5.2 / 7)), "doing keeps it up as well"


def test_practices_that_help_brought_wear_off_without_it(still):
    """A quarter of supplier development lifts from 0.65 to 0.79; in each quarter after it a fifth of the gain is lost."""
    case = still(1, quality_wear=0.2, supplier_speed=0.4, rd_least=0.0)
    case.all(quality=0.65)
    case.lever(supplier_quality=1.0)
    path = []
    for _ in range(3):
        step(case)
        path.append(float(case.get("quality")[0]))
        case.lever(supplier_quality=0.0)
    assert path == pytest.approx([0.65 + 0.14, 0.65 + 0.14 * 0.8, 0.65 + 0.14 * 0.64])


def test_wear_and_help_of_one_quarter_come_one_after_the_other(still):
    case = still(1, quality_wear=0.2, supplier_speed=0.4, rd_least=0.0)
    case.all(quality=0.9)
    case.lever(supplier_quality=1.0)
    step(case)
    assert case.get("quality")[0] == pytest.approx(0.85 + 0.4 * 0.15)


def test_training_closes_a_part_of_the_distance_to_full_capacity(still):
    for lever, part in ((0.0, 0.0), (0.5, 0.05), (1.0, 0.1), (7.0, 0.1)):
        case = still(2, training_speed=0.1)
        case.set(1, employees=5.0)
        case.lever(training=lever, classes=0b0010)
        step(case)
        assert case.get("absorptive") == pytest.approx([0.5 + part * 0.5, 0.5]), lever


def test_standards_hurry_quality_toward_what_capacity_allows(still):
    """At the usual research quality heads for 0.65, from 0.3 by a tenth of the way; standards of one double that."""
    for lever, part in ((0.0, 0.1), (1.0, 0.2), (3.0, 0.4), (99.0, 1.0)):
        case = still(2, quality_speed=0.1, rd_least=0.0)
        case.all(quality=0.3)
        case.set(1, segment=1)
        case.lever(standards=lever, segments=0b01)
        step(case)
        assert case.get("quality") == pytest.approx([0.3 + part * 0.35, 0.3 + 0.1 * 0.35]), lever
    high = still(1, quality_speed=0.1)
    high.all(quality=0.9)
    high.lever(standards=1.0)
    step(high)
    assert high.get("quality")[0] == 0.9, "standards lower nobody"
    for standards in (0.0, 9.0):
        case = still(1, quality_speed=0.1, quality_wear=0.2, rd_least=0.0)
        case.all(quality=0.9)
        case.lever(standards=standards)
        step(case)
        assert case.get("quality")[0] == pytest.approx(0.85), "nor do they hurry what wears off"


def lifted(still, change, kind=None, member=1, **levers):
    """Return what one quarter makes of a quality of one half."""
    case = still(1, **change)
    case.all(member=member)
    if kind is not None:
        case.all(kind=kind)
    case.lever(**levers)
    step(case)
    return float(case.get("quality")[0])


def test_supplier_development_lifts_smes_alone(still):
    speed = {"supplier_speed": 0.06}
    assert lifted(still, speed, supplier_quality=1.0) == pytest.approx(0.53)
    assert lifted(still, speed, supplier_quality=0.5) == pytest.approx(0.515)
    assert lifted(still, speed, supplier_quality=50.0) == pytest.approx(0.53)  # not more than all
    assert lifted(still, speed, kind=TRACTOR, supplier_quality=1.0) == 0.5
    assert lifted(still, speed, supplier_quality=1.0, classes=0b1101) == 0.5


def test_shared_services_lift_members_of_every_kind_alone(still):
    speed = {"service_speed": 0.1}
    assert lifted(still, speed, services=1.0) == lifted(still, speed, kind=TRACTOR, services=4.0) == pytest.approx(0.55)
    assert lifted(still, speed, services=0.3) == pytest.approx(0.515)
    assert lifted(still, speed, member=0, services=1.0) == lifted(still, speed, services=1.0, segments=0b10) == 0.5


def test_help_adds_up_and_lifts_no_higher_than_full(still):
    both = {"service_speed": 0.1, "supplier_speed": 0.06}
    assert lifted(still, both, services=1.0, supplier_quality=1.0) == pytest.approx(0.5 + 0.16 * 0.5)
    assert lifted(still, {"service_speed": 0.7, "supplier_speed": 0.7}, services=1.0, supplier_quality=1.0) == 1.0


def certified(still, support=0.0, classes=0b1111, **firm):
    """Return whether a firm with the quality that a certificate asks for holds one."""
    case = still(1, certificate=0.7, certificate_cost=1.5, certificate_worth=0.005)
    case.all(**({"quality": 0.7} | firm))
    case.lever(certification=support, classes=classes)
    step(case)
    return int(case.get("certified")[0])


def test_a_certificate_needs_quality_and_sales_that_pay_for_it(still):
    """It costs 1.5 a quarter and is worth half a per cent of sales: it pays above sales of 300."""
    assert certified(still) == 1
    assert certified(still, quality=0.699) == 0 == certified(still, sales=300.0)
    assert certified(still, sales=300.1) == 1


def test_support_brings_certificates_within_reach_of_smaller_sellers(still):
    """Six tenths of the cost are paid: sales above 120 suffice; at most nine tenths are: above 30."""
    assert certified(still, 0.6, sales=120.1) == 1 and certified(still, 0.6, sales=119.9) == 0
    assert certified(still, 5.0, sales=30.1) == 1 and certified(still, 5.0, sales=29.9) == 0
    assert certified(still, 0.6, classes=0b1000, sales=120.1) == 0
    assert certified(still, 0.6, quality=0.6, sales=1e9) == 0, "money buys no quality"


def test_a_certificate_is_lost_with_what_it_rests_on(still):
    case = still(2)
    case.all(quality=0.9, certified=1, sales=np.array([400.0, 10.0]))
    step(case)
    assert list(case.get("certified")) == [1, 0]
