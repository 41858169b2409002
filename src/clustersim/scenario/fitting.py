"""Checks that a programme names what its place holds, on what a file says: all misfits at once, whatever else is wrong.

The scenario model checks the same of scenarios made in Python, but only once every single value is right, and stops at the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clustersim.core.errors import InputError
from clustersim.scenario.keys import Path, did_you_mean, format_key, show
from clustersim.scenario.model import ClusterSpec


def misfits(data: dict[str, Any]) -> list[tuple[Path, InputError]]:
    """Return the names of clusters and segments in a scenario's data that stand twice, or for nothing."""
    clusters = [item for item in _list(_mapping(data.get("place")).get("clusters")) if isinstance(item, dict)]
    if not clusters:
        return []
    programme = _mapping(data.get("programme"))
    return [*_twice(data), *_strange_clusters(programme, clusters), *_strange_segments(programme, clusters)]


def _twice(data: dict[str, Any]) -> Iterator[tuple[Path, InputError]]:
    seen: set[str] = set()
    for k, cluster in enumerate(data["place"]["clusters"]):
        name = _mapping(cluster).get("name")
        if isinstance(name, str) and name in seen:
            yield _fault(("place", "clusters", k, "name"), f"two are called {name!r}.")
        elif isinstance(name, str):
            seen.add(name)


def _strange_clusters(programme: dict[str, Any], clusters: list[dict[str, Any]]) -> Iterator[tuple[Path, InputError]]:
    names = _texts(cluster.get("name") for cluster in clusters)
    served: list[tuple[Path, Any]] = [(("clusters", k), name) for k, name in enumerate(_list(programme.get("clusters")))]
    used: list[tuple[Path, Any]] = [
        (("stages", s, "instruments", i, "clusters", k), name) for s, i, instrument in _instruments(programme)
        for k, name in enumerate(_list(instrument.get("clusters")))
    ]  # fmt: skip
    scaled: list[tuple[Path, Any]] = [(("scale", name), name) for name in _mapping(programme.get("scale"))]
    for path, name in (*served, *scaled, *used):
        if isinstance(name, str) and name not in names:
            message = f"{show(name)} is not a cluster of this place."
            yield _fault(("programme", *path), message, did_you_mean(name, names, _allowed("Its clusters", names)))


def _strange_segments(programme: dict[str, Any], clusters: list[dict[str, Any]]) -> Iterator[tuple[Path, InputError]]:
    usual = ClusterSpec.model_fields["segments"].default
    segments = _texts(name for cluster in clusters for name in _list(cluster.get("segments", usual)))
    for s, i, instrument in _instruments(programme):
        for k, name in enumerate(_list(instrument.get("segments"))):
            if isinstance(name, str) and name not in segments:
                path = ("programme", "stages", s, "instruments", i, "segments", k)
                hint = did_you_mean(name, segments, _allowed("Their segments", segments))
                yield _fault(path, f"{show(name)} is a segment of no cluster.", hint)


def _instruments(programme: dict[str, Any]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Yield each instrument with its stage's place and its own."""
    for s, stage in enumerate(_list(programme.get("stages"))):
        for i, instrument in enumerate(_list(_mapping(stage).get("instruments"))):
            yield s, i, _mapping(instrument)


def _fault(path: Path, message: str, hint: str = "") -> tuple[Path, InputError]:
    return path, InputError("", format_key(path), message, hint)


def _allowed(what: str, names: dict[str, None]) -> str:
    return f"{what}: {', '.join(list(names)[:12])}{', …' if len(names) > 12 else ''}." if names else ""


def _texts(values: Any) -> dict[str, None]:
    return dict.fromkeys(value for value in values if isinstance(value, str))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
