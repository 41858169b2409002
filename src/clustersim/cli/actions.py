"""What the commands do; `clustersim.cli.command_line` reads the command line and turns errors into sentences."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def json_text(content: Any) -> str:
    """Return a JSON document; what is not a number becomes null."""

    def clean(node: Any) -> Any:
        if isinstance(node, dict):
            return {str(key): clean(value) for key, value in node.items()}
        if isinstance(node, list | tuple):
            return [clean(value) for value in node]
        if isinstance(node, float) and not math.isfinite(node):
            return None
        return node

    return json.dumps(clean(content), indent=1, ensure_ascii=False)


def print_json(content: Any) -> None:
    """Print one JSON document on stdout; what is not a number becomes null."""
    print(json_text(content))


def run(
    scenario: str, replicates: int | None, years: float | None, seed: int | None, overrides: Sequence[str],
    records: Sequence[str], out: Path, as_json: bool, lang: str, figures: bool, workers: int | None,
) -> None:  # fmt: skip
    """Simulate a scenario, write the result, print its summary."""
    from clustersim.cli.terminal import console, with_progress
    from clustersim.results import check_records, simulate, with_run, write_result
    from clustersim.results.running import planned_folder_name
    from clustersim.results.storage import check_free, check_writable
    from clustersim.scenario.loading import check_size, load_scenario

    began = time.perf_counter()
    note = console(error=True)
    wanted = check_records(part.strip() for given in records for part in given.split(",") if part.strip())
    loaded = with_run(load_scenario(scenario, list(overrides)), seed, replicates, years)
    check_size(loaded, loaded.replicates, loaded.quarters, file=scenario)
    check_writable(out)
    check_free(out / planned_folder_name(loaded, Path(scenario).stem))
    compile_if_cold(note)
    result = with_progress(
        note,
        lambda progress: simulate(
            loaded,
            replicates=loaded.replicates,
            records=wanted,
            workers=workers,
            progress=progress,
            name=Path(scenario).stem,
            keep=out,
            tell=lambda text: note.print(text, markup=False, soft_wrap=True),
        ),
    )
    folder = out / result.folder_name
    pictures: list[str] = []

    def draw(place: Path) -> None:
        from clustersim.views.figures import draw_all

        drawn = draw_all(result, place / "figures", lang=lang)
        pictures.extend(str(folder / "figures" / Path(path).name) for path in drawn)

    with note.status("Drawing the figures…" if figures else "Writing the result…"):
        write_result(result, folder, draw if figures else None)
    _report(result, folder, sorted(pictures), as_json, lang, time.perf_counter() - began)


def compile_if_cold(note: Any) -> None:
    """Compile the kernels now, and say so, if they are not in the cache."""
    from clustersim.core import accelerate
    from clustersim.simulation.compiling import compile_kernels

    if accelerate.is_warm():
        return
    text = "Compiling the kernels once, about half a minute…"
    if note.is_terminal:
        with note.status(text):
            compile_kernels()
    else:
        note.print(text)
        compile_kernels()


def _report(result: Any, folder: Path, pictures: list[str], as_json: bool, lang: str, seconds: float) -> None:
    from clustersim.results.summary import summaries

    found = summaries(result)
    if as_json:
        print_json({
            "scenario": result.name, "title": result.scenario.title, "seed": result.seed,
            "replicates": result.replicates, "quarters": result.scenario.quarters,
            "start_year": result.scenario.horizon.start_year,
            "version": result.provenance["versions"]["clustersim"], "seconds": round(seconds, 3), "folder": str(folder),
            "files": [str(folder / "run.json"), *(str(folder / f"{name}.parquet") for name in result.tables())],
            "figures": pictures, "clusters": [summary.document() for summary in found],
        })  # fmt: skip
        return
    from rich.text import Text

    from clustersim.cli.terminal import console, print_summary, say

    out = console()
    print_summary(out, found, lang)
    files = ", ".join(["run.json", *(f"{name}.parquet" for name in result.tables())])
    out.print(Text(f"\n{say('result', lang)}: {folder}\n  {files}"), soft_wrap=True)
    if pictures:
        kinds = len({Path(path).stem for path in pictures})
        out.print(Text(f"{say('pictures', lang)}: {folder / 'figures'} ({kinds} × PNG, SVG)"), soft_wrap=True)


def scenario_list(as_json: bool) -> None:
    """List the shipped scenarios."""
    from clustersim.cli.terminal import console, print_rows
    from clustersim.scenario.loading import load_scenario, shipped_scenarios

    found: list[dict[str, Any]] = []
    for name in shipped_scenarios():
        loaded = load_scenario(name)
        firms = sum(cluster.tractors + cluster.smes for cluster in loaded.place.clusters)
        found.append({
            "name": name, "title": loaded.title, "description": loaded.description,
            "clusters": len(loaded.place.clusters), "firms": firms, "years": loaded.horizon.years,
            "start_year": loaded.horizon.start_year, "replicates": loaded.replicates,
            "programme": loaded.programme is not None,
        })  # fmt: skip
    if as_json:
        print_json(found)
        return
    lines = [
        (s["name"], s["title"], str(s["clusters"]), f"{s['firms']:,}", f"{s['years']:g} from {s['start_year']}",
         "yes" if s["programme"] else "no")
        for s in found
    ]  # fmt: skip
    print_rows(console(), ("Scenario", "Title", "Clusters", "Firms", "Years", "Programme"), lines, right=(2, 3))


def scenario_show(name: str, overrides: Sequence[str], as_json: bool) -> None:
    """Print every value of a scenario, and where it came from."""
    from clustersim.scenario.keys import format_key
    from clustersim.scenario.loading import resolved

    found = resolved(name, list(overrides))
    if as_json:
        print_json(found)
        return
    from clustersim.cli.terminal import console

    out = console()
    for path, value in _lines(found["values"], ()):
        key = format_key(path)
        # A list of plain values stands in one line; each of its elements may have an origin of its own (`--set`).
        origins = dict.fromkeys(found["origins"].get(format_key((*path, *end)), "") for end in _ends(value))
        if key.startswith("parameters.") and list(origins) == ["default"]:
            continue  # `describe parameters` lists them
        places = [
            origin.rsplit("/", 1)[-1] + " (parent)" * (origin.rpartition(":")[0] in found["parents"]) for origin in origins
        ]
        source = "" if list(origins) == ["default"] else _source(path, found["sources"])
        remark = "; ".join(part for part in (*places, source) if part)
        out.print(f"{key}: {json.dumps(value, ensure_ascii=False)}    # {remark}", markup=False, soft_wrap=True)
    out.print("# all other parameters: see `clustersim describe parameters`", markup=False)


def _ends(value: Any) -> list[tuple[int, ...]]:
    return [(place,) for place in range(len(value))] if isinstance(value, list) and value else [()]


def _source(path: tuple[str | int, ...], sources: dict[str, str]) -> str:
    """Return what is cited for a value: its own source, or that of the nearest part that holds it."""
    from clustersim.scenario.keys import format_key

    keys = (format_key(path[:length]) for length in range(len(path), 0, -1))
    return next((sources[key] for key in keys if key in sources), "")


def _lines(node: Any, path: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], Any]]:
    """Return each value of a scenario with its path, one for each line."""
    if isinstance(node, dict) and node:
        return [line for key, value in node.items() if (path or key != "sources") for line in _lines(value, (*path, key))]
    if isinstance(node, list) and node and any(isinstance(item, dict) for item in node):
        return [line for place, item in enumerate(node) for line in _lines(item, (*path, place))]
    return [(path, node)]


def scenario_check(name: str, overrides: Sequence[str], as_json: bool) -> bool:
    """Say all that is wrong with a scenario; return whether it can be run."""
    from clustersim.cli.terminal import console
    from clustersim.scenario.loading import problems

    found = problems(name, list(overrides))
    if as_json:
        listed = [
            {"file": e.file, "line": e.line, "key": e.key, "message": e.message, "hint": e.hint} for e in found
        ]  # fmt: skip
        print_json({"scenario": name, "valid": not found, "problems": listed})
    elif found:
        for error in found:
            console(error=True).print(str(error), markup=False, soft_wrap=True)
    else:
        console().print(f"{name}: no problems found.", markup=False, soft_wrap=True)
    return not found
