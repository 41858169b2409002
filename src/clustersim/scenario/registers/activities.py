"""Which cluster and which segment of its value chain a firm belongs to, by its activity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.model.state import SEGMENTS_MAX
from clustersim.scenario.keys import clip
from clustersim.scenario.registers.activity_codes import digits
from clustersim.scenario.registers.columns import MAP_COLUMNS, plain, recognise
from clustersim.scenario.registers.firms import Register
from clustersim.scenario.registers.numerals import distinct
from clustersim.scenario.registers.sheet import read_sheet
from clustersim.scenario.yaml_reader import CONTROL

REST = "other"
CLUSTERS_MAX = 5000
LARGEST = 5  # activities that a map leaves, named


@dataclass(frozen=True)
class ActivityMap:
    """What each activity stands for.

    Attributes
    ----------
    exact, prefixes : dict
        For an activity, or the beginning of one (written with ``*`` at its end), its segment and cluster; either may be empty.
    """

    exact: dict[str, tuple[str, str]]
    prefixes: dict[str, tuple[str, str]]

    def find(self, activity: str) -> tuple[str, str] | None:
        """Return segment and cluster of an activity; the longest matching beginning counts.

        Codes match as written, or else by their digits: 15.20 is C1520, and 113 is 0113 without its zero.

        Examples
        --------
        >>> from clustersim.scenario.registers.activities import ActivityMap
        >>> ActivityMap({}, {"c15": ("footwear", "")}).find("1520")
        ('footwear', '')
        """
        written, number = activity.casefold(), digits(activity)
        if written in self.exact:
            return self.exact[written]
        exact, prefixes = self._coded
        letter = written[:1] if written[:1].isalpha() else ""

        def agrees(sign: str) -> bool:
            return not letter or not sign or sign == letter

        fitting = [
            (len(digits(prefix) or prefix), meant) for prefix, meant in self.prefixes.items() if written.startswith(prefix)
        ]
        for form in (number, f"0{number}", number.removeprefix("0")) if number else ():
            found = [meant for sign, meant in exact.get(form, ()) if agrees(sign)]
            if found:
                return found[0]
            fitting += [
                (len(code), meant) for code, several in prefixes.items() if form.startswith(code)
                for sign, meant in several if agrees(sign)
            ]  # fmt: skip
            if fitting:
                break
        return max(fitting, key=lambda one: one[0])[1] if fitting else None

    @cached_property
    def _coded(self) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
        """The same by the digits of codes: their letter, and what they stand for."""
        made: tuple[dict[str, list[Any]], dict[str, list[Any]]] = ({}, {})
        for into, said in zip(made, (self.exact, self.prefixes), strict=True):
            for text, meant in said.items():
                if number := digits(text):
                    into.setdefault(number, []).append((text[0] if text[0].isalpha() else "", meant))
        return made

    def segments(self, cluster: str) -> list[str]:
        """Return the segments of a cluster in the order of the map: upstream first."""
        listed = [*self.exact.values(), *self.prefixes.values()]
        return list(dict.fromkeys(segment for segment, name in listed if segment and name in ("", cluster)))


@dataclass
class Assignment:
    """Cluster and segment of each row.

    Attributes
    ----------
    cluster, segment : ndarray of object
        Names; the segment is empty where it is not known, and will be drawn.
    code : ndarray of int
        Position of each row's cluster among `names`, -1 for a row that is not used.
    names : list of str
        The clusters.
    segments : dict
        For each cluster its segments, upstream first.
    grouped : dict
        For each cluster the activities that were put together as "other".
    """

    cluster: np.ndarray
    segment: np.ndarray
    code: np.ndarray
    names: list[str]
    segments: dict[str, list[str]]
    grouped: dict[str, list[str]]


def read_map(path: Path) -> ActivityMap:
    """Read an activity map: activity, segment and, if wanted, cluster; the rows of a chain stand in order, upstream first.

    Raises
    ------
    InputError
        If it is not such a table, or says two things of one activity.
    """
    sheet = read_sheet(path, MAP_COLUMNS)
    header = recognise(sheet.headings, MAP_COLUMNS, sheet.file, ("activity",))
    if "segment" not in header.found and "cluster" not in header.found:
        raise InputError(sheet.file, "", _("has neither a column 'segment' ('segmento') nor a column 'cluster'."), "", 1)
    empty = np.full(len(sheet), "", object)
    cells = {name: sheet.cells[header.found[name]] if name in header.found else empty for name in MAP_COLUMNS}
    exact: dict[str, tuple[str, str]] = {}
    prefixes: dict[str, tuple[str, str]] = {}
    spelt: dict[tuple[str, str], str] = {}
    coded: dict[tuple[str, str, bool], tuple[str, str]] = {}
    rows = zip(cells["activity"], cells["segment"], cells["cluster"], sheet.lines.tolist(), strict=True)
    for activity, segment, cluster, line in rows:
        if not activity:
            raise InputError(sheet.file, header.written["activity"], _("is empty."), "", line)
        for name, text in (("segment", segment), ("cluster", cluster)):
            if CONTROL.search(text):
                message = _("the text holds a control character, which is not allowed.")
                raise InputError(sheet.file, header.written[name], message, "", line)
            if text != (usual := spelt.setdefault((name, " ".join(text.casefold().split())), text)):
                message = _("{text!r} stands as {other!r} in a line above; write it in one way.", text=clip(text),
                            other=clip(usual))  # fmt: skip
                raise InputError(sheet.file, header.written[name], message, "", line)
        if len(segment) > 60:
            message = _("{text!r} is longer than {most} characters.", text=clip(segment), most=60)
            raise InputError(sheet.file, header.written["segment"], message, "", line)
        into = prefixes if activity.endswith("*") else exact
        key = activity.rstrip("*").casefold()
        meant = into.setdefault(key, (segment, cluster))
        if number := digits(key):  # 15.20 and 1520 are one code
            meant = coded.setdefault((key[0] if key[0].isalpha() else "", number, into is prefixes), meant)
        if meant != (segment, cluster):
            message = _("{activity!r} is mapped twice, and differently.", activity=clip(activity))
            raise InputError(sheet.file, header.written["activity"], message, "", line)
    return ActivityMap(exact, prefixes)


def assign(register: Register, chart: ActivityMap | None, default: str, by_municipality: bool = False) -> Assignment:
    """Return cluster and segment of each row, and mark rows that have none as not used.

    Parameters
    ----------
    register : Register
        A register; its notes are added to.
    chart : ActivityMap, optional
        What activities stand for; firms of other activities are not used. Without it each activity is a segment.
    default : str
        Name of the cluster of firms to which the map gives none.
    by_municipality : bool
        Whether each municipality is a cluster of its own.
    """
    activity = register.texts["activity"]
    texts, place = distinct(activity)
    meant = [_meant(text, chart) for text in texts]
    known = np.array([m is not None for m in meant], bool)[place]
    segment = np.array([m[0] if m else "" for m in meant], object)[place]
    cluster = np.array([m[1] if m else "" for m in meant], object)[place]
    if chart is not None:
        _say_unmapped(register, ~known & (activity != ""))
    _leave_out(register, "unmapped", ~known & (activity != ""), "activity")
    if chart is not None and any(name for _segment, name in [*chart.exact.values(), *chart.prefixes.values()]):
        _leave_out(register, "no_cluster", activity == "", "activity")
    cluster = np.where(cluster == "", default, cluster)
    if by_municipality:
        towns = register.texts["municipality"]
        _leave_out(register, "no_cluster", towns == "", "municipality")
        several = len(set(cluster[register.used])) > 1
        cluster = np.array([f"{town} {name}" if several else town for town, name in zip(towns, cluster, strict=True)], object)
    names = list(dict.fromkeys(cluster[register.used]))
    if len(names) > CLUSTERS_MAX:
        message = _("makes {count} clusters; a scenario may have {most}.", count=len(names), most=CLUSTERS_MAX)
        raise InputError(register.sheet.file, "", message)
    place_of = {name: k for k, name in enumerate(names)}
    code = np.where(register.used, [place_of.get(name, -1) for name in cluster], -1)
    found = Assignment(cluster, segment, code, names, {}, {})
    for k, name in enumerate(names):
        _choose_segments(register, chart, found, name, code == k)
    return _renamed(found)


def _say_unmapped(register: Register, rows: np.ndarray) -> None:
    """Say what part of the firms a map leaves out, and which of their activities are the largest."""
    rows = rows & register.used
    if rows.any():
        names, counts = np.unique(register.texts["activity"][rows].astype(str), return_counts=True)
        order = np.argsort(-counts, kind="stable")[:LARGEST]
        largest = ", ".join(f"{clip(str(names[k]), 30)} ({counts[k]})" for k in order)
        register.decisions["map_leaves"] = f"{rows.sum()} / {register.used.sum()}: {largest}"


def _meant(activity: str, chart: ActivityMap | None) -> tuple[str, str] | None:
    if chart is None:
        return activity[:60], ""
    return chart.find(activity) if activity else ("", "")


def _leave_out(register: Register, code: str, rows: np.ndarray, column: str) -> None:
    rows = rows & register.used
    register.notes.add(code, rows, column, register.texts[column][rows])
    register.used &= ~rows


def _choose_segments(register: Register, chart: ActivityMap | None, found: Assignment, name: str, rows: np.ndarray) -> None:
    """List the segments of a cluster; where there are too many, the smallest are put together."""
    present, counts = np.unique(found.segment[rows].astype(str), return_counts=True)
    size = {str(segment): int(count) for segment, count in zip(present, counts, strict=True) if segment}
    order = [segment for segment in (chart.segments(name) if chart else sorted(size)) if segment in size]
    order += [segment for segment in size if segment not in order]
    if len(order) > SEGMENTS_MAX:
        large = sorted(order, key=lambda segment: (-size[segment], segment))[: SEGMENTS_MAX - 1]
        small = [segment for segment in order if segment not in large]
        moved = np.flatnonzero(rows)
        moved = moved[np.isin(found.segment[rows].astype(str), small)]
        register.notes.add("grouped", moved, "activity", register.texts["activity"][moved])
        found.segment[moved] = REST
        found.grouped[name] = small
        order = [segment for segment in order if segment in large and segment != REST] + [REST]
    found.segments[name] = order or [plain(name)[:60] or "firms"]


def _renamed(found: Assignment) -> Assignment:
    """Give clusters names that a scenario allows: small letters, digits and underscores, each once."""
    new: dict[str, str] = {}
    for name in found.names:
        word = plain(name)
        word = (word if word[:1].isalpha() else f"c_{word}")[:40].rstrip("_")
        stem, count = word, 2
        while word in new.values():
            word = f"{stem[:36]}_{count}"
            count += 1
        new[name] = word
    cluster = np.array([new.get(name, "") for name in found.cluster], object)
    segments = {new[name]: listed for name, listed in found.segments.items()}
    grouped = {new[name]: listed for name, listed in found.grouped.items()}
    return Assignment(cluster, found.segment, found.code, list(new.values()), segments, grouped)


def candidates(register: Register, chart: ActivityMap | None) -> Iterable[str]:
    """Return the cluster that the map gives to each row, or its activity where there is none."""
    for activity in register.texts["activity"]:
        meant = _meant(activity, chart)
        yield (meant[1] or meant[0]) if meant else ""
