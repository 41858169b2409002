"""The plan of a sweep: written once, complete in itself, and the same bytes for the same design.

Runs are numbered: all replicates of a seed, all seeds of a point, all worlds of an option, all options of a scenario.
"""

from __future__ import annotations

import copy
import hashlib
import json
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from pydantic import ValidationError

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.experiments.identity import canonical
from clustersim.scenario.explain import clash
from clustersim.scenario.keys import clip, locate, parse_key
from clustersim.scenario.model import Scenario

FORMAT = 1
RUNS_MAX = 50_000_000


class Point(NamedTuple):
    """One combination of scenario, option and world."""

    scenario: str
    option: int
    world: int


class Plan:
    """What a sweep consists of.

    Parameters
    ----------
    name : str
        Name of the experiment; of no consequence for the runs.
    content : dict
        ``model`` (version and code), ``scenarios`` (name, resolved data), ``options`` (name, values by dotted key), ``worlds``
        (keys, rows), ``seeds``, ``replicates``, ``outputs``.
    """

    def __init__(self, name: str, content: dict[str, Any]) -> None:
        self.name, self.content = name, content
        self.scenarios: list[str] = [scenario["name"] for scenario in content["scenarios"]]
        self.options: list[dict[str, Any]] = content["options"]
        self.worlds: int = len(content["worlds"]["rows"])
        self.seeds: list[int] = content["seeds"]
        self.replicates: int = content["replicates"]
        self.outputs: dict[str, Any] = content["outputs"]

    @cached_property
    def data(self) -> bytes:
        """The bytes of ``plan.json``: the content and its hash, by which damage is known from a change."""
        return (canonical(self.content | {"sha256": self.hash}) + "\n").encode()

    @cached_property
    def hash(self) -> str:
        """Hash of the content; every chunk carries it."""
        return hashlib.sha256(canonical(self.content).encode()).hexdigest()

    @property
    def points(self) -> int:
        """Number of points: scenarios, options and worlds multiplied."""
        return len(self.scenarios) * len(self.options) * self.worlds

    @property
    def runs(self) -> int:
        """Number of runs."""
        return self.points * self.per_point

    @property
    def per_point(self) -> int:
        """Runs of each point: seeds and replicates multiplied."""
        return len(self.seeds) * self.replicates

    def point(self, number: int) -> Point:
        """Return the point of a number."""
        rest, world = divmod(number, self.worlds)
        scenario, option = divmod(rest, len(self.options))
        return Point(self.scenarios[scenario], option, world)

    def base(self, scenario: str) -> dict[str, Any]:
        """Return a scenario as it is before levers and uncertain numbers are set."""
        return next(some["data"] for some in self.content["scenarios"] if some["name"] == scenario)

    def world(self, number: int) -> dict[str, Any]:
        """Return the values of a world, by dotted key."""
        worlds = self.content["worlds"]
        return dict(zip(worlds["keys"], worlds["rows"][number], strict=True))

    def scenario(self, point: int) -> Scenario:
        """Return the complete scenario of a point.

        Raises
        ------
        InputError
            If its values clash.
        """
        where = self.point(point)
        data = copy.deepcopy(self.base(where.scenario))
        # In the order of keys, as they come back from the file: what encloses a value is set before it.
        for key, value in sorted((self.options[where.option]["set"] | self.world(where.world)).items()):
            put(data, key, value)
        try:
            return Scenario.model_validate(data).expanded()
        except ValidationError as error:
            raise InputError("", "", _("the values of this point clash: {said}", said=clash(error, data))) from None

    def split(self, runs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return point, seed (its place in `seeds`) and replicate of each run."""
        rest, replicate = np.divmod(runs, self.replicates)
        point, seed = np.divmod(rest, len(self.seeds))
        return point, seed, replicate

    @classmethod
    def read(cls, name: str, data: bytes) -> Plan:
        """Return the plan that a file holds.

        Raises
        ------
        ValueError
            If it is damaged, or of another format.
        """
        content = json.loads(data)
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise ValueError(_("it is of another format"))
        promised = content.pop("sha256", None)
        try:
            plan = cls(name, content)
        except (KeyError, TypeError) as error:
            raise ValueError(_("something is missing in it")) from error
        if plan.hash != promised or plan.data != data:
            raise ValueError(_("its content does not match its hash"))
        return plan


def put(data: dict[str, Any], key: str, value: Any) -> None:
    """Set a value of a scenario by dotted key, in place; raise `InputError` if the key leads nowhere."""
    path = locate(data, parse_key(key))
    node: Any = data
    for part in path[:-1]:
        if isinstance(node, dict) and node.get(str(part)) is None:
            node[str(part)] = {}
        node = node[part]
    node[path[-1]] = copy.deepcopy(value)


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return what differs between two plans, one line each."""
    lines: list[str] = []

    def compare(before: Any, after: Any, path: str) -> None:
        if before == after:
            return
        if isinstance(before, dict) and isinstance(after, dict):
            for key in dict.fromkeys([*before, *after]):
                compare(before.get(key), after.get(key), f"{path}.{key}" if path else key)
        elif isinstance(before, list) and isinstance(after, list) and len(before) != len(after):
            lines.append(_("{path}: {m} elements before, {n} now", path=path, m=len(before), n=len(after)))
        elif isinstance(before, list) and isinstance(after, list):
            for place, (one, other) in enumerate(zip(before, after, strict=True)):
                compare(one, other, f"{path}[{place}]")
        else:
            lines.append(_("{path}: {before} before, {after} now", path=path, before=_short(before), after=_short(after)))

    compare(old, new, "")
    return lines


def _short(value: Any) -> str:
    return clip(json.dumps(value, ensure_ascii=False), 60)
