"""The folder of a comparison: written whole or not at all, and read again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.policy.plugins.choosing import RECORDED
from clustersim.results import register
from clustersim.results.storage import (
    COMPARISON,
    check_numbers,
    places_in,
    read_document,
    read_parquet,
    unreadable,
    write_tables,
)
from clustersim.scenario.model import Scenario
from clustersim.studies.comparison.comparison import Comparison
from clustersim.studies.comparison.options import Option
from clustersim.studies.comparison.outcomes import CHANCE, OUTCOMES, YEARLY
from clustersim.studies.comparison.provenance import FORMAT

if TYPE_CHECKING:
    import pandas as pd

# Column (unit, meaning) of each table, for the data dictionary.
_OUTCOME_COLUMNS = {name: (said.unit, f"{said.label}: {said.doc}") for name, said in OUTCOMES.items()}
_OPTION = {"option": ("name", "option, by the name in comparison.json")}
_REPLICATE = {"replicate": ("index", "replicate, from 0; the same number means the same draws in every option")}
TABLES: dict[str, dict[str, Any]] = {
    "runs.parquet": {
        "rows": "one for each option and replicate",
        "columns": _OPTION | _REPLICATE | {"seed": ("number", "seed of the option")} | _OUTCOME_COLUMNS,
    },
    "differences.parquet": {
        "rows": "one for each option but the baseline, and replicate: outcomes less those of the baseline in the same replicate",
        "columns": _OPTION | _REPLICATE | _OUTCOME_COLUMNS,
    },
    "yearly.parquet": {
        "rows": "one for each option, replicate and year: the whole place, clusters added up or weighted by firms",
        "columns": _OPTION
        | _REPLICATE
        | {"year": ("year", "calendar year")}
        | {name: (unit, f"indicator {name}" if not name.startswith("in_") else f"clusters {name} at the year's end")
           for name, unit in YEARLY.items()},
    },
    "worlds.parquet": {
        "rows": "one for each option and uncertain world (with --worlds): means over its replicates",
        "columns": _OPTION | {"world": ("index", "world, from 0; the same number means the same parameters")}
        | _OUTCOME_COLUMNS | {CHANCE: ("jobs²", "variance that chance gives its mean difference in jobs to the baseline")},
    },
    "draws.parquet": {
        "rows": "one for each uncertain world (with --worlds): the value of each drawn parameter",
        "columns": {"world": ("index", "world, from 0")},
    },
}  # fmt: skip


def _tables(comparison: Comparison) -> dict[str, pd.DataFrame]:
    """Return the tables that a comparison has, by name, with their units."""
    import pandas as pd

    found = {"runs": comparison.runs, "differences": comparison.differences, "yearly": comparison.yearly}
    if comparison.worlds is not None:
        found["worlds"] = comparison.worlds
        found["draws"] = pd.DataFrame({"world": range(comparison.world_count)} | comparison.draws)
    for name, frame in found.items():
        columns = TABLES[f"{name}.parquet"]["columns"]
        frame.attrs["units"] = {column: columns[column][0] for column in frame if column in columns}
    return found


def write_comparison(
    comparison: Comparison, folder: str | Path, extras: Callable[[Path], object] | None = None
) -> Path:
    """Write a comparison as a folder, whole or not at all.

    Parameters
    ----------
    comparison : Comparison
        A finished comparison.
    folder : str or Path
        Its own folder, such as ``Path("results") / comparison.folder_name``.
    extras : callable, optional
        Called with the hidden folder that becomes the result, to add figures.

    Returns
    -------
    Path
        `folder`.

    Examples
    --------
    >>> import tempfile
    >>> from clustersim import compare, write_comparison
    >>> found = compare(["no_policy", "designed"], replicates=2, years=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sorted(path.name for path in write_comparison(found, f"{folder}/{found.folder_name}").glob("*.parquet"))
    ['differences.parquet', 'runs.parquet', 'yearly.parquet']
    """
    if not isinstance(comparison, Comparison):
        raise arguments.refused("comparison", comparison, _("what compare returned"))
    folder = arguments.place(folder, "folder")
    text = json.dumps(comparison.document(), indent=1, ensure_ascii=False, allow_nan=False)

    def add(place: Path) -> None:
        for option in comparison.options:
            register.keep_inputs(option.scenario, place)
        if extras is not None:
            extras(place)

    write_tables(Path(folder), _tables(comparison), COMPARISON, text, add)
    if comparison.kept is not None:
        comparison.kept.clear()
    return Path(folder)


def read_comparison(folder: str | Path) -> Comparison:
    """Read a comparison that `write_comparison` wrote.

    Parameters
    ----------
    folder : str or Path
        The comparison's folder.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If the folder holds no comparison, or one that is damaged.

    Examples
    --------
    >>> import tempfile
    >>> from clustersim import compare, read_comparison, write_comparison
    >>> found = compare(["no_policy", "designed"], replicates=2, years=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     read_comparison(write_comparison(found, f"{folder}/compared")).names
    ['no_policy', 'designed']
    """
    folder = arguments.place(folder, "folder")
    path = folder / COMPARISON
    if not folder.is_dir():
        raise InputError(str(folder), "", _("there is no such folder"))
    if not path.is_file():
        raise InputError(str(folder), "", _("is not a comparison: it has no {name}", name=COMPARISON))
    said = read_document(folder, COMPARISON)
    try:
        if said["format"] != FORMAT:
            raise KeyError("format")
        return _comparison(folder, said)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unreadable(path, said) from error


def _comparison(folder: Path, said: dict[str, Any]) -> Comparison:
    import pandas as pd

    options = [
        Option(o["name"], register.with_inputs(Scenario.model_validate(o["scenario"], context=RECORDED), folder), o["called"],
               o["file"])
        for o in said["options"]
    ]  # fmt: skip
    texts = [text for option in options for text in (option.name, option.called)]
    numbers = [said["seed"], said["replicates"], said["discount"], said["worlds"]["count"], said["worlds"]["replicates_each"]]
    if not all(isinstance(text, str) for text in texts) or not isinstance(said["answers"], dict):
        raise TypeError("texts")
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        raise TypeError("numbers")
    if said["baseline"] not in [option.name for option in options]:
        raise ValueError("baseline")

    def read(name: str) -> pd.DataFrame:
        frame, path = read_parquet(folder, name), folder / f"{name}.parquet"
        check_numbers(frame, {column: told for column, told in TABLES[path.name]["columns"].items() if column in frame}, path)
        for column in ("option", "replicate") if name in ("runs", "yearly") else ("world",):
            if column not in frame:
                raise InputError(str(path), "", _("is damaged: it has no column {column!r}", column=column))
        return frame

    worlds, draws = None, {}
    if said["worlds"]["count"]:
        worlds = read("worlds")
        frame = read("draws")
        draws = {str(name): frame[name].to_numpy(dtype=float) for name in frame if name != "world"}
    found = Comparison(
        options=options, baseline=said["baseline"], seed=said["seed"], replicates=said["replicates"], paired=said["paired"],
        discount=said["discount"], runs=read("runs"), yearly=read("yearly"), worlds=worlds, draws=draws,
        replicates_each=said["worlds"]["replicates_each"], provenance={k: v for k, v in said.items() if k != "answers"},
    )  # fmt: skip
    names = [option.name for option in options]
    # Answers and figures take numbers by their place: each option and replicate stands once, all in the order of the options.
    if not 0 < found.replicates <= len(found.runs):
        raise ValueError("replicates")
    single = {"option": names, "replicate": range(found.replicates)}
    yearly = single | {"year": range(len(found.years))}
    grids = {"runs": single, "yearly": yearly, "worlds": {"option": names, "world": range(found.world_count)}}
    for name, grid in grids.items():
        if (frame := getattr(found, name)) is not None:
            frame["option"] = pd.Categorical(frame["option"].astype(str), names)
            told = frame
            if name == "yearly":  # each option begins in a year of its own
                starts = frame["option"].map({option.name: option.scenario.horizon.start_year for option in options})
                told = frame.assign(year=frame["year"] - starts.astype(float))
            order = np.argsort(places_in(grid, told, folder / f"{name}.parquet"))
            setattr(found, name, frame.iloc[order].reset_index(drop=True))
    found.answers = said["answers"]
    return found
