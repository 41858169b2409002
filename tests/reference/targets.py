"""Targets of instruments: which firms an aim of the programme reaches: docs/odd.md, section 7.2."""

from __future__ import annotations

import math
from typing import Any

from reference.entities import Firm, size_class
from reference.register import identity_of
from reference.world import total

CLASSES = ("micro", "small", "medium", "large")


class Aim:
    """The firms that some instruments are for; its number is the firms' bit."""

    def __init__(self, number: int, instrument, stage: int, duration: int, segments: list[str]):
        self.number, self.instrument, self.stage = number, instrument, stage
        self.duration = duration if instrument.quarters is None else instrument.quarters
        self.bit = 1 << number
        self.classes = {CLASSES.index(name) for name in instrument.classes}
        wanted = segments if instrument.segments is None else instrument.segments
        self.segments = {k for k, name in enumerate(segments) if name in wanted}
        if instrument.segments is None:
            self.segments |= set(range(len(segments), 8))  # a branch that is still to come

    def might_reach(self, firm: Firm) -> bool:
        return size_class(firm.employees) in self.classes and firm.segment in self.segments


def aims(cluster, programme) -> tuple[list[Aim], list[int]]:
    """Return the aims of a programme, and for each of its instruments which one it has, -1 for everyone."""
    known: dict[tuple[Any, ...], Aim] = {}
    of = []
    each = [(s, stage, instrument) for s, stage in enumerate(programme.stages) for instrument in stage.instruments]
    for number, (s, stage, instrument) in enumerate(each):
        if instrument.target == "everyone":
            of.append(-1)
            continue
        key = (
            instrument.target, frozenset(instrument.classes),
            None if instrument.segments is None else frozenset(instrument.segments), instrument.younger_than,
            None if instrument.firms is None else frozenset(instrument.firms),
            number if instrument.target == "winners" else None,
        )  # fmt: skip
        if key not in known:
            known[key] = Aim(len(known), instrument, s, stage.quarters, list(cluster.spec.segments))
        of.append(known[key].number)
    return list(known.values()), of


def name_firms(cluster) -> None:
    """Named firms are within their aim from the start of the programme on."""
    for aim in cluster.aim_list:
        if aim.instrument.target == "named":
            named = {identity_of(id_) for id_ in aim.instrument.firms}
            for firm in cluster.firms:
                if firm.uid in named:
                    firm.targets |= aim.bit


def aim_anew(cluster) -> None:
    """Set anew which firms each aim reaches, and count them."""
    q = cluster.world.quarter
    if not cluster.aim_list:
        return
    for firm in cluster.firms:
        if firm.project >= 0:
            firm.together = q
    for aim in cluster.aim_list:
        target = aim.instrument.target
        if target == "winners":
            _call(cluster, aim)
        elif target != "named":
            for firm in cluster.firms:
                _set(firm, aim, aim.might_reach(firm) and _within(firm, aim.instrument, q))
        within = [firm for firm in cluster.firms if firm.targets & aim.bit]
        cluster.aim_firms[aim.number] = float(len(within))
        cluster.aim_jobs[aim.number] = total(firm.employees for firm in within)


def _set(firm: Firm, aim: Aim, within: bool) -> None:
    firm.targets = firm.targets | aim.bit if within else firm.targets & ~aim.bit


def _within(firm: Firm, instrument, q: int) -> bool:
    if instrument.target == "members":
        return firm.member == 1
    if instrument.target == "group":
        return firm.project >= 0 or q - firm.together <= 4
    return q - firm.born < 4 * instrument.younger_than


def _call(cluster, aim: Aim) -> None:
    """Hold the call, if it is due: the best of the firms that it is open to win."""
    begin, instrument = cluster.began[aim.stage], aim.instrument
    done = cluster.world.quarter - begin - instrument.start
    if begin < 0 or not 0 <= done < aim.duration or done % max(1, round(4 * instrument.call.every_years)):
        return
    applicants = [firm for firm in cluster.firms if aim.might_reach(firm)]
    score = _merit(cluster, aim, applicants) if instrument.call.by == "merit" else _lots(cluster, aim, applicants)
    best = sorted(applicants, key=lambda firm: (-score[firm], firm.row))[: instrument.call.winners]
    for firm in cluster.firms:
        _set(firm, aim, firm in best)


def _lots(cluster, aim: Aim, applicants: list[Firm]) -> dict[Firm, float]:
    return {firm: cluster.world.uniform("call", firm.uid + aim.number) for firm in applicants}


def _merit(cluster, aim: Aim, applicants: list[Firm]) -> dict[Firm, float]:
    merit = {firm: math.log(firm.productivity) + firm.quality for firm in applicants}
    number = max(len(applicants), 1)
    mean = total(merit.values()) / number
    spread = math.sqrt(total((own - mean) ** 2 for own in merit.values()) / number)
    error = cluster.p.programme.call_error * spread
    return {firm: own + error * cluster.world.normal("call", firm.uid + aim.number) for firm, own in merit.items()}
