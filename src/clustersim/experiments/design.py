"""An experiment file: scenarios, levers, uncertain numbers, replicates and outputs; read strictly, checked before any run."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from clustersim.core.errors import InputError
from clustersim.core.words import N_, _
from clustersim.experiments.spaces import Space, Strict, written_out
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import PHASES
from clustersim.policy.plugins.installed import indicator_names
from clustersim.scenario.explain import wrong_value
from clustersim.scenario.json_schema import keys_of, schema_at, translate
from clustersim.scenario.keys import Key, clip, did_you_mean, format_key, listed, must_be, show
from clustersim.scenario.translations import Texts, Translations
from clustersim.scenario.version import CURRENT, EXPERIMENT, MEANING, bring_up
from clustersim.scenario.yaml_reader import Document, read_file

DEFAULT_INDICATORS = (
    "phase", "firms", "employment", "sales", "exports", "productivity", "trust", "linked_share", "formal", "vision",
    "knowledge", "innovations", "public_spending",
)  # fmt: skip
FLOWS = ("/quarter",)  # ends of the units whose sum over time has a meaning


class Outputs(Strict):
    """What is kept of each run."""

    indicators: tuple[str, ...] | Literal["all"] = Field(DEFAULT_INDICATORS, description=N_("Names of indicators, or all."))
    every: int | Literal["yearly", "last"] = Field("yearly", description=N_("Quarters between two records, or yearly, or last."))
    totals: tuple[str, ...] = Field((), description=N_("Indicators per quarter that are summed from the start: total_NAME."))
    reached: tuple[str, ...] = Field((), description=N_("Phases whose first year is kept: years_to_PHASE."))


class ExperimentTexts(Texts):
    """Title and question in one more language."""

    question: str | None = Field(None, max_length=5000, description=N_("The question that it answers, in that language."))


class Experiment(Strict):
    """A design over scenarios: every option of the levers in every uncertain world, in every replicate."""

    version: int = Field(CURRENT, ge=1, le=CURRENT, description=MEANING)
    title: str = Field(..., max_length=200, description=N_("Title in one line."))
    question: str = Field("", max_length=5000, description=N_("The question that it answers."))
    translations: Translations[ExperimentTexts] | None = Field(None, description=N_("Title and question in other languages, such "
                                                               "as `es: {title: …}` (a remark)."))
    scenarios: tuple[str, ...] = Field(..., min_length=1, max_length=50, description=N_("Shipped scenarios by name, or files."))
    set: dict[str, Any] = Field(default_factory=dict, description=N_("Values set in all runs, by dotted key."))
    levers: Space | None = Field(None, description=N_("Policy: what somebody can decide."))
    uncertain: Space | None = Field(None, description=N_("What nobody can decide or knows: the worlds."))
    replicates: int = Field(10, ge=1, le=1_000_000, description=N_("Replicates of each point."))
    seeds: tuple[int, ...] = Field((1,), min_length=1, max_length=10_000, description=N_("Seeds; points share them."))
    years: float | None = Field(None, gt=0, le=200, description=N_("Horizon; each scenario's own if not given."))
    outputs: Outputs = Field(default_factory=Outputs, description=N_("What is kept of each run."))

    def titled(self) -> str:
        """Return the title in the language in force, or as the file says it."""
        return (self.translations and self.translations.of("title")) or self.title

    def asked(self) -> str:
        """Return the question in the language in force, or as the file says it."""
        return (self.translations and self.translations.of("question")) or self.question


def shipped_experiments() -> dict[str, Path]:
    """Return the experiments that come with clustersim: file by name."""
    package = Path(__file__).resolve().parents[1]
    folder = package / "experiment_files"
    if not folder.is_dir():
        folder = package.parents[1] / "experiments"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def find_experiment(name_or_path: str | os.PathLike[str]) -> Path:
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
    path = Path(name)
    try:
        if path.is_file():
            return path
    except (OSError, ValueError):
        pass
    hint = did_you_mean(path.stem or name, shipped, _("Shipped experiments: {names}.", names=", ".join(shipped)))
    raise InputError(clip(name, 200), "", _("no such file, and no shipped experiment has this name."), hint)


def load_experiment(name_or_path: str | os.PathLike[str]) -> tuple[Experiment, Document, Path]:
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
    bring_up(document, EXPERIMENT)
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
    describe = _("See: {command}", command="clustersim describe indicators")
    no_indicator, no_phase = N_("{name!r} is not an indicator."), N_("{name!r} is not a phase.")
    for key, names, known, text, see in (
        ("indicators", asked, list(INDICATORS), no_indicator, describe),
        ("totals", outputs.totals, list(INDICATORS), no_indicator, describe),
        ("reached", outputs.reached, list(PHASES), no_phase, listed(PHASES)),
    ):
        for place, name in enumerate(names):
            where: Key = ("outputs", key, place)
            if key != "reached" and name in indicator_names():
                message = _("{name!r} is an indicator of your own, which sweeps do not measure; runs do.", name=name)
                raise placed(document, where, message)
            if name not in known:
                raise placed(document, where, _(text, name=name), did_you_mean(name, known, see))
            if key == "totals" and not INDICATORS[name].unit.endswith(FLOWS):
                text = N_("{name!r} is not a flow (its unit is {unit}), so it has no total.")
                raise placed(document, where, _(text, name=name, unit=_(INDICATORS[name].unit)))
    if isinstance(outputs.every, int) and not 1 <= outputs.every <= 800:
        must = _("{names}, or {low} to {high} quarters", names="yearly, last", low=1, high=800)
        raise placed(document, ("outputs", "every"), must_be(str(outputs.every), must))
    for place, seed in enumerate(experiment.seeds):
        if not 0 <= seed < 2**63:
            must = _("{kind} from {low} to {high}", kind=_("a whole number"), low=0, high="2**63 - 1")
            raise placed(document, ("seeds", place), must_be(str(seed), must))
    if len(set(experiment.seeds)) < len(experiment.seeds):
        raise placed(document, ("seeds",), _("the same seed stands twice."))
    return experiment


def placed(document: Document, path: Key, message: str, hint: str = "") -> InputError:
    """Return an error about a value of the experiment file."""
    return InputError(document.mark(path).file or document.mark(()).file, format_key(path), message, hint)


def _explained(detail: dict[str, Any], document: Document) -> InputError:
    """Return one sentence for a fault that pydantic found."""
    path, kind, found = tuple(detail["loc"]), detail["type"], detail["input"]
    if kind == "extra_forbidden":
        fields = keys_of(schema_at(path[:-1], document.data, _schema()))
        message = _("{name!r} is not a key here.", name=clip(str(path[-1])))
        return placed(document, path, message, did_you_mean(str(path[-1]), fields, listed(fields)))
    if kind == "missing":
        return placed(document, path, _("is missing."))
    if kind == "value_error":
        return placed(document, path, str(detail["ctx"]["error"]))
    if path[:2] == ("outputs", "every"):
        return placed(document, path[:2], must_be(show(found), _("{names}, or a number of quarters", names="yearly, last")))
    if path[:2] == ("outputs", "indicators"):
        return placed(document, path[:2], must_be(show(found), _("a list of indicators, or {names}", names="all")))
    return placed(document, path, *wrong_value(found, schema_at(path, document.data, _schema())))


def _schema() -> dict[str, Any]:
    """Return what an experiment file may say, in the language in force."""
    schema = Experiment.model_json_schema()
    translate(schema)
    return schema


def _label(path: Path) -> str:
    """Return how messages call a file: from here if it lies below the working folder."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(path)
