"""JSON: a list of objects or of rows, alone or under a key such as "data", one object a line, and GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.registers.forms.cells import text, two_ways
from clustersim.scenario.registers.forms.guard import check_made, whole
from clustersim.scenario.registers.forms.pages import look
from clustersim.scenario.registers.forms.source import Known, Opener, Source, check_shape
from clustersim.scenario.size import check_fits

BYTES_PER_VALUE = 120  # of memory, beside the text: from 40 for empty lists to 230 for keys that come once
DEGREES = ("CRS84", "4326")


class _Number(str):
    """A number as it stands in the file, which no text is."""

    __slots__ = ()


def source(open_: Opener, file: str, known: Known) -> Source:
    """Return the table of a JSON document.

    Raises
    ------
    InputError
        If it is none, or holds no table.
    """
    content = whole(open_, file)
    marks = sum(map(content.count, (b",", b"[", b"{")))  # at least as many as values, but for one
    check_fits(BYTES_PER_VALUE * marks + 2.0 * len(content), file)
    seen = look(open_, file)
    document = _read(content.decode(seen.coding, seen.errors), file)
    del content
    form, records, degrees = "JSON", _records(document, known), True
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        form, degrees = "GeoJSON", _in_degrees(document)
        features = document.get("features")
        listed = features if isinstance(features, list) else []
        records = [_feature(item, degrees, known) for item in listed if isinstance(item, dict)]
    if not records:
        message = _("holds no list of objects, which a table of firms is in JSON.")
        raise InputError(file, "", message, _("Save it as CSV (UTF-8)."))
    found = Source(form, (), seen.name, headed=isinstance(records[0], dict), numbers=True)
    found.rows = _objects(records, found, file) if found.headed else _lists(records, found)
    return found


def _read(page: str, file: str) -> Any:
    def loads(said: str) -> Any:
        return json.loads(said, parse_float=_Number, parse_int=_Number, parse_constant=lambda _name: None)

    try:
        return loads(page)
    except (json.JSONDecodeError, RecursionError) as error:
        lines = [line for line in page.splitlines() if line.strip()]
        if isinstance(error, json.JSONDecodeError) and len(lines) > 1 and lines[0].strip()[:1] == "{":
            try:
                return [loads(line) for line in lines]
            except (json.JSONDecodeError, RecursionError):
                pass
        deep = isinstance(error, RecursionError)
        message = _("is JSON that is nested too deeply.") if deep else _("is not well-formed JSON.")
        raise InputError(file, "", message, _("Save it as CSV (UTF-8)."), getattr(error, "lineno", None)) from None


def _records(document: Any, known: Known) -> list[Any]:
    """Return the list of objects, or of rows, that names most columns."""
    if isinstance(document, list):
        listed = [item for item in document if isinstance(item, dict)]
        if listed:
            return listed
        return [item for item in document if isinstance(item, list)]
    if not isinstance(document, dict):
        return []
    columns = document.get("columns")
    if isinstance(columns, list) and isinstance(document.get("data"), list) and all(isinstance(c, str) for c in columns):
        return [columns, *(item for item in document["data"] if isinstance(item, list))]
    inside = [found for value in document.values() if (found := _records(value, known) if isinstance(value, list | dict) else [])]
    return max(inside, key=lambda found: (known.count([str(key) for key in found[0]]), len(found)), default=[])


def _in_degrees(document: dict[str, Any]) -> bool:
    """Return whether places are in degrees, which they are unless the document names another system."""
    crs = document.get("crs")
    said = json.dumps(crs) if isinstance(crs, dict) else ""
    return not said or any(name in said for name in DEGREES)


def _feature(feature: dict[str, Any], degrees: bool, known: Known) -> dict[str, Any]:
    properties = feature.get("properties")
    found = dict(properties) if isinstance(properties, dict) else {}
    if "id" in feature and not any(str(key).casefold() == "id" for key in found):
        found["id"] = feature["id"]
    shape = feature.get("geometry")
    place = shape.get("coordinates") if isinstance(shape, dict) and shape.get("type") == "Point" else None
    names = ("longitude", "latitude") if degrees else ("x", "y")
    if {known(str(key)) for key in found} >= set(names):
        return found  # what an office wrote beside the shape is what it means
    numbers = place[:2] if isinstance(place, list) and len(place) > 1 else [None, None]
    for name, number in zip(names, numbers, strict=True):
        found.setdefault(name, number if isinstance(number, _Number) else None)
    return found


def _flat(record: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Return the fields of an object, those of objects within it behind its key."""
    for key, value in record.items():
        name = f"{before}{key}"
        if isinstance(value, dict) and before.count(".") < 3:
            yield from _flat(value, f"{name}.")
        else:
            yield name, value


def _objects(records: list[Any], found: Source, file: str) -> Iterator[tuple[int, list[str]]]:
    names: dict[str, int] = {}
    for record in records:
        if isinstance(record, dict):
            for name, _value in _flat(record):
                names.setdefault(name, len(names))
        check_shape(file, len(names))
    yield 0, list(names)
    missing = 0
    for number, record in enumerate(records, 1):
        row = [""] * len(names)
        told = list(_flat(record))
        missing += len(names) - len(told)
        check_made(file, missing, number)
        for name, value in told:
            row[names[name]] = _text(value, names[name], found)
        yield number, row


def _lists(records: list[Any], found: Source) -> Iterator[tuple[int, list[str]]]:
    for number, record in enumerate(records, 1):
        yield number, [_text(value, place, found) for place, value in enumerate(record)]


def _text(value: Any, place: int, found: Source) -> str:
    if isinstance(value, _Number):
        # As the file writes it, but for whole numbers that a program has given a point.
        return value[:-2] if value.endswith(".0") and value[:-2].lstrip("-").isdecimal() else str(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    said = text(value)
    if two_ways(said):
        found.fused.add(place)
    return said
