"""Reach: whom a policy channel reaches, by present size and segment."""

from __future__ import annotations

import numpy as np
import pytest
from pinned import PINNED

from clustersim.model.parameters import PARAMETERS
from clustersim.model.reach import CLASSES, EVERY_CLASS, EVERY_SEGMENT, lever, reached, size_class
from clustersim.model.state import SEGMENTS_MAX

EVENTS = 1


@pytest.mark.parametrize(
    ("employees", "name"),
    [(1.0, "micro"), (9.99, "micro"), (10.0, "small"), (49.99, "small"), (50.0, "medium"), (249.99, "medium"), (250.0, "large"),
     (9e9, "large")],
)  # fmt: skip
def test_classes_of_size(employees, name):
    assert CLASSES[size_class(employees)] == name


def test_a_mask_holds_a_bit_for_each_class_and_segment(make):
    sizes = (5.0, 20.0, 100.0, 900.0)
    case = make(4 * SEGMENTS_MAX)
    for k in range(4 * SEGMENTS_MAX):
        case.set(k, employees=sizes[k % 4], segment=k // 4)
    for classes, segments in ((0b0001, 0b1), (0b1010, 0b10000001), (EVERY_CLASS, EVERY_SEGMENT), (0b0100, 0b11110000)):
        for k in range(4 * SEGMENTS_MAX):
            there = bool(reached(case.actors, case.row(k), np.int64(classes), np.int64(segments)))
            assert there == bool(classes >> (k % 4) & 1 and segments >> (k // 4) & 1), (classes, segments, k)


def test_nobody_is_reached_by_an_empty_mask(make):
    case = make(1)
    nothing, whole = np.int64(0), (np.int64(EVERY_CLASS), np.int64(EVERY_SEGMENT))
    assert reached(case.actors, case.row(0), *whole)
    assert not reached(case.actors, case.row(0), nothing, whole[1])
    assert not reached(case.actors, case.row(0), whole[0], nothing)


def test_a_channel_has_its_value_for_those_reached_and_nothing_for_the_others(make):
    case = make(3)
    case.set(1, employees=5.0)
    case.set(2, segment=1)
    case.lever(classes=0b0010, segments=0b01, events=0.7)
    assert [lever(case.actors, case.cluster, case.row(k), EVENTS) for k in range(3)] == [0.7, 0.0, 0.0]
    case.lever(events=0.7)
    assert [lever(case.actors, case.cluster, case.row(k), EVENTS) for k in range(3)] == [0.7, 0.7, 0.7]


def test_a_firm_that_grows_out_of_its_class_is_reached_no_longer(make):
    case = make(1)
    case.lever(classes=0b0010, events=1.0)
    values = []
    for employees in (9.0, 10.0, 49.0, 50.0):
        case.set(0, employees=employees)
        values.append(lever(case.actors, case.cluster, case.row(0), EVENTS))
    assert values == [0.0, 1.0, 1.0, 0.0]


def test_every_parameter_is_pinned():
    assert {group: sorted(values) for group, values in PINNED.items()} == {
        group: sorted(declared) for group, declared in PARAMETERS.items()
    }
