"""Writes the pages of the scenario library: set-up from the files, pictures and numbers from runs.

``python docs/scenarios/write.py [NAME ...]`` writes the pages and pictures of these scenarios (all if none is named), and the
tables; ``--text`` leaves out what needs a run; ``--check`` writes nothing and exits with 1 if a page, a part of it or a picture
is missing, or if what comes from a scenario's file is out of date. Numbers are not checked: they stay as the run wrote them.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
import sys
from pathlib import Path

import from_file
from findings import FINDINGS
from measures import Pair, general
from PIL import Image

from clustersim.results import RunResult
from clustersim.scenario.loading import load_scenario, shipped_scenarios
from clustersim.views.figures import FigureData, life_cycle, phase_strip
from clustersim.views.figures.style import settings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
REPLICATES = 100
SINGLE = ("national_1m",)
# Clusters in pictures of scenarios with many; outcomes of the last three chains are withheld for testing.
SHOWN = {"basque_country": ("machine_tools", "automotive", "electronics_and_ict", "aerospace", "paper", "food"),
         "ecuador_anchor_chains": ("leather", "footwear", "chilli", "dairy", "straw_hats", "ceramics"),
         "national_1m": tuple(f"{activity}_{kind}_0001" for activity in ("food", "machinery")
                              for kind in ("villages", "towns", "regions"))}  # fmt: skip
PICTURES = {"phases": phase_strip, "life_cycle": life_cycle}
PICTURE_BYTES, DPI, COLOURS = 150_000, 110, 128
MARKED = r"<!-- written: {} -->\n(.*?)\n<!-- end -->"
FROM_FILE = {"story": from_file.story, "setup": from_file.setup, "assumed": from_file.assumed}
TABLES = {HERE / "README.md": "scenarios", ROOT / "README.md": "library"}

PAGE = """# {title}

`clustersim run {name}`

## Story

<!-- written: story -->
<!-- end -->

## Set-up

Money is in thousands of constant US dollars (kUSD).

<!-- written: setup -->
<!-- end -->

## What the run shows

<!-- written: results -->
<!-- end -->

![Share of replicates in each life-cycle phase](images/{name}_phases.png)

![Jobs relative to the nation, with bands](images/{name}_life_cycle.png)

Bands show chance between replicates of one set of parameters, not the model's own error: read differences, not forecasts.

## Facts with their sources, and what is assumed

<!-- written: assumed -->
<!-- end -->
"""


def filled(text: str, key: str, content: str) -> str:
    """Return a text with one marked part written anew."""
    pattern = re.compile(rf"(<!-- written: {key} -->\n).*?(<!-- end -->)", re.S)
    if not pattern.search(text):
        raise ValueError(f"no part '{key}'")
    return pattern.sub(lambda match: f"{match[1]}{content}\n{match[2]}", text)


def part(text: str, key: str) -> str | None:
    """Return what a marked part of a text holds."""
    found = re.search(MARKED.format(key), text, re.S)
    return found[1] if found else None


def page(name: str) -> Path:
    """Return where a scenario's page lies."""
    return HERE / f"{name}.md"


def picture(name: str, kind: str) -> Path:
    """Return where a picture of a scenario lies."""
    return HERE / "images" / f"{name}_{kind}.png"


def write_text(name: str) -> None:
    """Write what a page says without a run; a page that is not there is begun."""
    path = page(name)
    text = path.read_text("utf-8") if path.exists() else PAGE.format(title=load_scenario(name).title, name=name)
    for key, source in FROM_FILE.items():
        text = filled(text, key, source(name))
    path.write_text(text, encoding="utf-8")


def with_first(result: RunResult, names: tuple[str, ...]) -> RunResult:
    """Return a result whose first clusters, which are those that pictures show, are the named ones."""
    place = result.scenario.place
    order = sorted(place.clusters, key=lambda cluster: names.index(cluster.name) if cluster.name in names else len(names))
    scenario = result.scenario.model_copy(update={"place": place.model_copy(update={"clusters": tuple(order)})})
    return dataclasses.replace(result, scenario=scenario)


def slim(path: Path) -> None:
    """Write a picture anew with a palette, which takes a third of the room."""
    with Image.open(path) as image:
        small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def write_results(name: str, replicates: int | None = None) -> None:
    """Run a scenario, draw its pictures, and write what the run shows into its page."""
    pair = Pair(name, load_scenario(name), replicates or (1 if name in SINGLE else REPLICATES))
    data = FigureData(with_first(pair.run.result, SHOWN.get(name, ())))
    for kind, draw in PICTURES.items():
        with settings():
            draw(data).savefig(picture(name, kind), dpi=DPI)
        slim(picture(name, kind))
    parts = [" ".join(general(pair))]
    own = FINDINGS[name](pair) if name in FINDINGS else []
    parts.append(" ".join(text for text in own if not text.startswith("|")))
    parts += [text for text in own if text.startswith("|")]
    text = filled(page(name).read_text("utf-8"), "results", "\n\n".join(words for words in parts if words))
    page(name).write_text(text, encoding="utf-8")


def index(folder: str, brief: bool) -> str:
    """Return the table of the library, with links to the pages in a folder."""
    head = ("scenario", "what it is", *(() if brief else ("clusters", "firms", "years", "stages of the programme")))
    rows = [head, tuple("---" for _ in head)]
    for name in shipped_scenarios():
        scenario = load_scenario(name)
        firms = sum(cluster.tractors + cluster.smes for cluster in scenario.place.clusters)
        stages = ", ".join(s.name.replace("_", " ") for s in scenario.programme.stages) if scenario.programme else "none"
        link = f"[`{name}`]({folder}{name}.md)"
        years = f"{scenario.horizon.years:g} from {scenario.horizon.start_year}"
        size = (f"{len(scenario.place.clusters):,}", f"{firms:,}", years, stages)
        rows.append((link, scenario.title) if brief else (link, scenario.description.strip(), *size))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def tables() -> dict[Path, str]:
    """Return the tables of the library by the file that holds them."""
    return {HERE / "README.md": index("", brief=False), ROOT / "README.md": index("docs/scenarios/", brief=True)}


def problems() -> list[str]:
    """Return what is missing, too large or out of date."""
    found = []
    for name in shipped_scenarios():
        text = page(name).read_text("utf-8") if page(name).exists() else ""
        if not text:
            found.append(f"{page(name).name} is missing")
            continue
        for key, source in FROM_FILE.items():
            if part(text, key) != source(name):
                found.append(f"{page(name).name}: the part '{key}' is not what the scenario's file says")
        if not re.search(r"\d", part(text, "results") or ""):
            found.append(f"{page(name).name}: the part 'results' holds no number")
        for kind in PICTURES:
            path = picture(name, kind)
            if path.name not in text or not path.exists():
                found.append(f"{path.name} is missing, or not on the page")
            elif not path.read_bytes().startswith(b"\x89PNG") or path.stat().st_size > PICTURE_BYTES:
                found.append(f"{path.name} is not a PNG of at most {PICTURE_BYTES // 1000} kB")
    for path, table in tables().items():
        if part(path.read_text("utf-8"), TABLES[path]) != table:
            found.append(f"{path.relative_to(ROOT)}: the table '{TABLES[path]}' is out of date")
    known = {*shipped_scenarios(), "README"}
    found += [f"{path.name} belongs to no scenario" for path in HERE.glob("*.md") if path.stem not in known]
    return found


def main(arguments: list[str]) -> int:
    """Write or check the pages; return the exit status."""
    parser = argparse.ArgumentParser(description="Writes the pages of the scenario library.")
    parser.add_argument("names", nargs="*", help="scenarios; all if none is named")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if something is missing or out of date")
    parser.add_argument("--text", action="store_true", help="write only what needs no run")
    parser.add_argument("--replicates", type=int, help=f"replicates of each run; {REPLICATES} if not given")
    asked = parser.parse_args(arguments)
    unknown = set(asked.names) - set(shipped_scenarios())
    if unknown:
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}; shipped are {', '.join(shipped_scenarios())}")
    if asked.check:
        found = problems()
        print("\n".join(found) or "The pages of the library are complete.", file=sys.stderr if found else sys.stdout)
        return 1 if found else 0
    for name in asked.names or shipped_scenarios():
        write_text(name)
        if not asked.text:
            write_results(name, asked.replicates)
        print(f"docs/scenarios/{name}.md")
    for path, table in tables().items():
        path.write_text(filled(path.read_text("utf-8"), TABLES[path], table), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
