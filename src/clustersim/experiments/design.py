"""An experiment file: scenarios, levers, uncertain numbers, replicates and outputs; read strictly, checked before any run."""

from __future__ import annotations

import json
import os
from pathlib import Path as FilePath
from typing import Any, Literal

from pydantic import Field, ValidationError

from clustersim.core.errors import InputError
from clustersim.experiments.spaces import Option, Range, Space, Strict, written_out
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import PHASES
from clustersim.scenario.keys import Path, clip, did_you_mean, format_key, show
from clustersim.scenario.yaml_reader import Document, read_file

DEFAULT_INDICATORS = (
    "phase", "firms", "employment", "sales", "exports", "productivity", "trust", "linked_share", "formal", "vision",
    "knowledge", "innovations", "public_spending",
)  # fmt: skip
FLOWS = ("/quarter",)  # ends of the units whose sum over time has a meaning


class Outputs(Strict):
    """What is kept of each run."""

    indicators: tuple[str, ...] | Literal["all"] = Field(DEFAULT_INDICATORS, description="Names of indicators, or all.")
    every: int | Literal["yearly", "last"] = Field("yearly", description="Quarters between two records, or yearly, or last.")
    totals: tuple[str, ...] = Field((), description="Indicators per quarter that are summed from the start: total_NAME.")
    reached: tuple[str, ...] = Field((), description="Phases whose first year is kept: years_to_PHASE.")


class Experiment(Strict):
    """A design over scenarios: every option of the levers in every uncertain world, in every replicate."""

    title: str = Field(..., max_length=200, description="Title in one line.")
    question: str = Field("", max_length=5000, description="The question that it answers.")
    scenarios: tuple[str, ...] = Field(..., min_length=1, max_length=50, description="Shipped scenarios by name, or files.")
    set: dict[str, Any] = Field(default_factory=dict, description="Values set in all runs, by dotted key.")
    levers: Space | None = Field(None, description="Policy: what somebody can decide.")
    uncertain: Space | None = Field(None, description="What nobody can decide or knows: the worlds.")
    replicates: int = Field(10, ge=1, le=1_000_000, description="Replicates of each point.")
    seeds: tuple[int, ...] = Field((1,), min_length=1, max_length=10_000, description="Seeds; points share them.")
    years: float | None = Field(None, gt=0, le=200, description="Horizon; each scenario's own if not given.")
    outputs: Outputs = Field(default_factory=Outputs, description="What is kept of each run.")


def shipped_experiments() -> dict[str, FilePath]:
    """Return the experiments that come with clustersim: file by name."""
    package = FilePath(__file__).resolve().parents[1]
    folder = package / "experiment_files"
    if not folder.is_dir():
        folder = package.parents[1] / "experiments"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def find_experiment(name_or_path: str | os.PathLike[str]) -> FilePath:
    """Return the file of an experiment: a shipped one by its bare name, or a path.

    Raises
    ------
    InputError
        If there is none.
    """
    name = os.fspath(name_or_path)
    shipped = shipped_experiments()
    if name in shipped:
        return shipped[name]
    path = FilePath(name)
    try:
        if path.is_file():
            return path
    except (OSError, ValueError):
        pass
    hint = did_you_mean(path.stem or name, shipped, f"Shipped experiments: {', '.join(shipped)}.")
    raise InputError(clip(name, 200), "", "no such file, and no shipped experiment has this name.", hint)


def load_experiment(name_or_path: str | os.PathLike[str]) -> tuple[Experiment, Document, FilePath]:
    """Read an experiment; its scenarios and keys are checked when the plan is made (`clustersim.experiments.planning`).

    Returns
    -------
    Experiment, Document, Path
        The experiment, the document with the line of each value, and the file.

    Raises
    ------
    InputError
        At the first fault.
    """
    path = find_experiment(name_or_path)
    document = read_file(path, _label(path))
    for problem in document.problems:
        raise problem
    return check_experiment(document), document, path


def check_experiment(document: Document) -> Experiment:
    """Return the experiment that a document describes; raise `InputError` at its first fault."""
    try:
        data = {key: written_out(value) if key in ("levers", "uncertain") else value for key, value in document.data.items()}
        # JSON rather than Python values: its strict mode takes a list for a tuple, but neither '3' nor true for 3.
        experiment = Experiment.model_validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        details = error.errors(include_url=False)
        # An unknown key tells more than the key that is missing for it. A union names each of its branches; the shortest
        # location is the key that the user wrote.
        detail = min(details, key=lambda d: (d["type"] != "extra_forbidden", d["type"] == "literal_error", len(d["loc"])))
        raise _explained(dict(detail), document) from None
    outputs = experiment.outputs
    asked = () if outputs.indicators == "all" else outputs.indicators
    describe = "See: clustersim describe indicators"
    for key, names, known, what, see in (
        ("indicators", asked, list(INDICATORS), "an indicator", describe),
        ("totals", outputs.totals, list(INDICATORS), "an indicator", describe),
        ("reached", outputs.reached, list(PHASES), "a phase", f"Allowed: {', '.join(PHASES)}."),
    ):
        for place, name in enumerate(names):
            where: Path = ("outputs", key, place)
            if name not in known:
                raise placed(document, where, f"{name!r} is not {what}.", did_you_mean(name, known, see))
            if key == "totals" and not INDICATORS[name].unit.endswith(FLOWS):
                unit = INDICATORS[name].unit
                raise placed(document, where, f"{name!r} is not a flow (its unit is {unit}), so it has no total.")
    if isinstance(outputs.every, int) and not 1 <= outputs.every <= 800:
        raise placed(document, ("outputs", "every"), f"found {outputs.every}; it must be yearly, last, or 1 to 800 quarters.")
    for place, seed in enumerate(experiment.seeds):
        if not 0 <= seed < 2**63:
            raise placed(document, ("seeds", place), f"found {seed}; it must be a whole number from 0 to 2**63 - 1.")
    if len(set(experiment.seeds)) < len(experiment.seeds):
        raise placed(document, ("seeds",), "the same seed stands twice.")
    return experiment


def placed(document: Document, path: Path, message: str, hint: str = "") -> InputError:
    """Return an error about a value of the experiment file."""
    return InputError(document.mark(path).file or document.mark(()).file, format_key(path), message, hint)


def _explained(detail: dict[str, Any], document: Document) -> InputError:
    """Return one sentence for a fault that pydantic found."""
    path, kind, found = tuple(detail["loc"]), detail["type"], detail["input"]
    if kind == "extra_forbidden":
        fields = list(_model_at(path[:-1]).model_fields)
        return placed(document, path, f"{clip(str(path[-1]))!r} is not a key here.",
                      did_you_mean(str(path[-1]), fields, f"Allowed: {', '.join(fields)}."))  # fmt: skip
    if kind == "missing":
        return placed(document, path, "is missing.")
    if kind == "value_error":
        return placed(document, path, str(detail["ctx"]["error"]))
    if path[:2] == ("outputs", "every"):
        return placed(document, path[:2], f"found {show(found)}; it must be yearly, last, or a number of quarters.")
    if path[:2] == ("outputs", "indicators"):
        return placed(document, path[:2], f"found {show(found)}; it must be a list of indicators, or all.")
    message = str(detail["msg"])
    return placed(document, path, f"found {show(found)}; {message[0].lower()}{message[1:]}.")


def _model_at(path: Path) -> type[Strict]:
    """Return the model that describes what stands at `path`."""
    if not path:
        return Experiment
    if path[0] == "outputs":
        return Outputs
    if len(path) > 1 and path[1] in ("keys", "options"):
        return Range if path[1] == "keys" else Option
    return Space


def _label(path: FilePath) -> str:
    """Return how messages call a file: from here if it lies below the working folder."""
    try:
        return str(path.absolute().relative_to(FilePath.cwd()))
    except (OSError, ValueError):
        return str(path)
