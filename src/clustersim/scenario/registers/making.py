"""From a register of firms to a scenario on disk, with its tables, its report row by row, and a summary of what was made."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from clustersim.core.arguments import flag, path_text, place, text
from clustersim.core.errors import InputError, door
from clustersim.core.words import _, language, speaking
from clustersim.scenario.registers.columns import plain
from clustersim.scenario.registers.plan import Plan, Sources, plan_of
from clustersim.scenario.registers.reading import reading, refuse_doubts
from clustersim.scenario.registers.writing import anonymise as without_ids
from clustersim.scenario.registers.writing import check_outputs, outputs, write


def make_scenario(
    firms: str | Path, out: str | Path | None = None, *, ties: str | Path | None = None, activity_map: str | Path | None = None,
    title: str | None = None, extends: str | None = None, by_municipality: bool = False, anonymise: bool = False,
    force: bool = False, lang: str | None = None, **given: Any,
) -> tuple[Plan, dict[str, Any]]:  # fmt: skip
    """Build a scenario from a register of real firms, and write it.

    Parameters
    ----------
    firms : str or Path
        The register, as the office gives it, with headings in English, Spanish or Portuguese.
    out : str or Path, optional
        The scenario, a YAML file; named after the register in the working folder if not given. Its tables lie beside it.
    ties, activity_map : str or Path, optional
        Ties between the firms, and what their activities stand for.
    title : str, optional
        Title of the scenario.
    extends : str, optional
        Scenario whose programme it takes over.
    by_municipality : bool, optional
        Make each municipality a cluster.
    anonymise : bool, optional
        Write running numbers in place of ids; only the reports, which must not be shared then, say whose they are.
    force : bool, optional
        Write over files that exist.
    lang : str, optional
        Language of report and title; the one in force if not given.
    **given
        What is said of how to read: the fields of `clustersim.scenario.registers.asking.Asked`, such as ``currency="MXN",
        rate=17.1``.

    Returns
    -------
    Plan
        How each heading and row was read, and what was made of it.
    dict
        The summary as a JSON document, with the files written.

    Raises
    ------
    InputError
        If a file cannot be used, no firm is left, something can be read in two ways and no argument says how, or a file exists;
        then nothing is written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from clustersim import load_scenario, make_scenario
    >>> with TemporaryDirectory() as folder:
    ...     firms = Path(folder) / "firms.csv"
    ...     _ = firms.write_text("id,employees\\nA,12\\nB,300\\n")
    ...     plan, document = make_scenario(firms, Path(folder) / "place.yaml")
    ...     load_scenario(document["files"]["scenario"]).place.clusters[0].tractors
    1
    """
    asked = reading(**given)
    firms = place(firms, "firms")
    anonymise = flag(anonymise, "anonymise")
    sources = Sources(
        firms, None if ties is None else place(ties, "ties"),
        None if activity_map is None else place(activity_map, "activity_map"),
        flag(by_municipality, "by_municipality"), anonymise,
    )  # fmt: skip
    force = flag(force, "force")
    title = None if title is None else text(title, "title")
    extends = None if extends is None else path_text(extends, "extends")
    word = (plain(title or firms.stem) or "place")[:40]
    scenario = Path(f"{word if word[0].isalpha() else f'place_{word}'}.yaml") if out is None else place(out, "out")
    where = door(command="--out", python="out")
    if scenario.suffix not in (".yaml", ".yml"):
        raise InputError(where, "", _("{name!r} must end in .yaml.", name=str(scenario)))
    if not scenario.name.isprintable():  # the scenario names its tables by it
        raise InputError(where, "", _("{name!r} holds a control character, which no file of a scenario may have in its name.",
                                      name=scenario.name))  # fmt: skip
    files = outputs(scenario, ties is not None)
    check_outputs(files, [path for path in (firms, sources.ties, sources.activity_map) if path is not None], force)
    plan = plan_of(sources, asked, word)
    refuse_doubts(plan.doubtful(), door(command="--dry-run", python="read_plan"))
    if anonymise:
        without_ids(plan.build)
    with speaking(lang):
        write(plan.build, files, title or _("Firms of {file}", file=firms.name), extends, language())
    return plan, made(plan, files)


def made(plan: Plan, files: dict[str, Path]) -> dict[str, Any]:
    """Return the document of what was made: the plan, the files, which of them not to share, and what to do next."""
    document = plan.document() | {"files": {kind: str(path) for kind, path in files.items()}}
    private = [kind for kind in ("report", "ties_report") if kind in files] if plan.build.anonymous else []
    document["private"] = [document["files"][kind] for kind in private]
    if document["next"]["why"] != "jobs":
        scenario = document["files"]["scenario"]
        command = door(command=f"clustersim run {shlex.quote(scenario)}", python=f"simulate({scenario!r})")
        document["next"] = {"why": "run", "command": command}
    return document
