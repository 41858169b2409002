"""The plan of a sweep: written once, complete in itself, and the same bytes for the same design.

Runs are numbered: all replicates of a seed, all seeds of a point, all worlds of an option, all options of a scenario.
"""

from __future__ import annotations

import copy
import hashlib
import json
import sys
from collections.abc import Container
from functools import cached_property
from typing import Annotated, Any, NamedTuple

import numpy as np
from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.experiments.identity import canonical
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import PHASES
from clustersim.scenario.explain import clash
from clustersim.scenario.keys import clip, format_key, locate, parse_key
from clustersim.scenario.model import Horizon, Scenario

FORMAT = 1
RUNS_MAX = 50_000_000
EVERY_MAX = 800  # quarters between two records


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

    @cached_property
    def starts(self) -> np.ndarray:
        """Calendar year in which each point starts: a lever or an uncertain number may set another than its scenario's."""
        drawn = {"horizon", "horizon.start_year"}.intersection(self.content["worlds"]["keys"])
        worlds = [self.world(number) for number in range(self.worlds)] if drawn else [{}]
        found = np.empty((len(self.scenarios), len(self.options), self.worlds))
        for (scenario, option), starts in zip(np.ndindex(found.shape[:2]), found.reshape(-1, self.worlds), strict=True):
            horizon, given = self.base(self.scenarios[scenario])["horizon"], self.options[option]["set"]
            starts[:] = [_start(horizon, given | world) for world in worlds]
        return found.reshape(-1)

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
            If it is damaged, of another format, or does not hold together.
        """
        try:
            content = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise ValueError(_("it is not a JSON document")) from error
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise ValueError(_("it is of another format"))
        promised = content.pop("sha256", None)
        try:
            own = hashlib.sha256(canonical(content).encode()).hexdigest()
            sound = own == promised and (canonical(content | {"sha256": own}) + "\n").encode() == data
        except (ValueError, RecursionError):  # numbers that are none, texts that cannot be written
            sound = False
        if not sound:
            raise ValueError(_("its content does not match its hash"))
        check(content)
        return cls(name, content)


def _start(horizon: dict[str, Any], given: dict[str, Any]) -> float:
    """Return the start year of a horizon after what is given; as when a point is set, what encloses a value comes before it."""
    horizon = given.get("horizon", horizon)
    return float(given.get("horizon.start_year", horizon.get("start_year", Horizon().start_year)))


def check(content: dict[str, Any]) -> None:
    """Raise `ValueError` unless the content of a plan holds together: what is read of it is there, of its kind, and in range.

    Scenarios are looked at only so far as a reader asks; the whole of one is checked when it is run.
    """
    try:
        _Content.model_validate(content, strict=True)
    except ValidationError as error:
        where = tuple(part for part in error.errors(include_url=False)[0]["loc"] if part != "[key]")
        if where:
            raise ValueError(_("it does not hold together at {key}", key=clip(format_key(where), 80))) from None
        raise ValueError(_("it does not hold together")) from None


def _unique(names: list[Any]) -> list[Any]:
    if len(set(names)) < len(names):
        raise ValueError("twice")
    return names


def _finite(value: Any) -> Any:
    """Return a value that is no number too large to be one of the model's."""
    if isinstance(value, int | float) and not abs(value) <= sys.float_info.max:
        raise ValueError("too large")
    return value


def _among(known: Container[str]) -> AfterValidator:
    """Return what checks that a name is known."""

    def checked(name: str) -> str:
        if name not in known:
            raise ValueError("unknown")
        return name

    return AfterValidator(checked)


Value = Annotated[Any, AfterValidator(_finite)]
Indicator = Annotated[str, _among(INDICATORS)]
Names = Annotated[list[str], AfterValidator(_unique)]


class _Cluster(BaseModel):
    name: str


class _Place(BaseModel):
    clusters: list[_Cluster] = Field(min_length=1)


class _Horizon(BaseModel):
    years: float = Field(gt=0, le=200)
    start_year: int = Field(ge=0, le=3000)


class _Data(BaseModel):
    horizon: _Horizon
    place: _Place


class _ScenarioSaid(BaseModel):
    name: str
    data: _Data


class _Option(BaseModel):
    name: str
    set: dict[str, Value]


class _Worlds(BaseModel):
    keys: Names
    rows: list[list[Value]] = Field(min_length=1)

    @model_validator(mode="after")
    def _as_long(self) -> _Worlds:
        if any(len(row) != len(self.keys) for row in self.rows):
            raise ValueError("rows")
        return self


class _Outputs(BaseModel):
    indicators: Annotated[list[Indicator], AfterValidator(_unique)]
    every: int = Field(ge=0, le=EVERY_MAX)
    totals: Annotated[list[Indicator], AfterValidator(_unique)]
    reached: Annotated[list[Annotated[str, _among(PHASES)]], AfterValidator(_unique)]


class _Model(BaseModel):
    version: str
    code: str
    plugins: dict[str, str] = Field(default_factory=dict)


class _Content(BaseModel):
    model: _Model
    scenarios: list[_ScenarioSaid] = Field(min_length=1)
    options: list[_Option] = Field(min_length=1)
    worlds: _Worlds
    seeds: Annotated[list[Annotated[int, Field(ge=0, lt=2**63)]], Field(min_length=1), AfterValidator(_unique)]
    replicates: int = Field(ge=1)
    outputs: _Outputs
    parts: dict[str, list[list[str]]] = Field(default_factory=dict)
    changed: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _countable(self) -> _Content:
        _unique([some.name for some in self.scenarios])
        _unique([some.name for some in self.options])
        points = len(self.scenarios) * len(self.options) * len(self.worlds.rows)
        if points * len(self.seeds) * self.replicates > RUNS_MAX:
            raise ValueError("too many")
        return self


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
