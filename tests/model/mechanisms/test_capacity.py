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
    case = still(3, capacity_speed=0.1, quality_speed=0.1)
    case.all(rd_share=np.array([0.0, 0.03, 0.12]), absorptive=0.5, quality=0.3)
    step(case)
    targets = np.minimum(1.0, 1.3 * np.array([0.0, 0.03, 0.12]) / (np.array([0.0, 0.03, 0.12]) + 0.03))
    assert case.get("absorptive") == pytest.approx(0.5 + 0.1 * (targets - 0.5))
    assert case.get("quality") == pytest.approx([0.3, 0.3 + 0.1 * 0.35, 0.3 + 0.1 * 0.7])  # it does not fall


def test_support_for_research_raises_the_effort(still):
    gains = []
    for support in (0.0, 0.5):
        case = still(capacity_speed=0.1)
        case.lever(rd_support=support)
        step(case)
        gains.append(case.get("absorptive")[0])
    assert gains[1] > gains[0]


def test_support_for_research_reaches_whom_it_is_for(still):
    case = still(2, capacity_speed=0.1)
    case.set(1, employees=300.0)
    case.lever(rd_support=1.0, classes=0b1000)
    step(case)
    assert case.get("absorptive") == pytest.approx([0.5 + 0.1 * 0.15, 0.5 + 0.1 * (1.3 * 0.06 / 0.09 - 0.5)])


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
        case = still(2, quality_speed=0.1)
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
