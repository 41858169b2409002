"""The page that answers the sources item by item: every item has its answer, and whatever an answer names is there."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path

import pytest

from clustersim.cli import main
from clustersim.experiments.design import shipped_experiments
from clustersim.model.indicators import INDICATORS
from clustersim.model.parameters import PARAMETERS
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.policy.rules import RULES
from clustersim.scenario.reference import keys
from clustersim.studies.selection.criteria import ALL as CRITERIA

REPOSITORY = Path(__file__).parents[1]
DOCS = REPOSITORY / "docs"
PAGE = DOCS / "coverage.md"
TEXT = PAGE.read_text(encoding="utf-8")
SPANISH = (DOCS / "es" / "cobertura.md").read_text(encoding="utf-8")
REASONS = ("Outside the idea: ", "No data: ", "Later: ")
VERDICTS = {"shown": "shown", "not shown": "not shown", "retired (shown)": "retired"}


def script():
    """Return the script that counts and measures."""
    spec = importlib.util.spec_from_file_location("coverage_measures", DOCS / "coverage_measures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = script()
ROWS = SCRIPT.rows(TEXT)


def names() -> set[str]:
    """Return every name that the page may set as code, but for commands."""
    scenarios = {path.stem for path in (REPOSITORY / "scenarios").glob("*.yaml")}
    parameters = {f"{group}.{name}" for group, declared in PARAMETERS.items() for name in declared}
    taken = {field for kind in INSTRUMENTS.values() for field in kind.model_fields}
    written = {key.key.replace("[]", "") for key in keys()}
    declared = {*INSTRUMENTS, *INDICATORS, *CRITERIA, *RULES, *parameters, *taken, *written}
    return {*declared, *scenarios, *shipped_experiments(), *SCRIPT.facts()}


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub names them."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def verdicts(page: str, pattern: str) -> dict[str, str]:
    """Return what a page's table of results says of each pattern or item."""
    return dict(re.findall(pattern, (DOCS / page).read_text(encoding="utf-8"), flags=re.M))


def test_every_item_of_each_source_has_one_answer():
    expected = [f"{source}{number}" for source, items in SCRIPT.SOURCES.items() for number in range(1, items + 1)]
    assert [row.name for row in ROWS] == expected and len(expected) == 203
    assert Counter(row.weight for row in ROWS) == {"3": 34, "2": 169}
    assert {row.answer for row in ROWS} <= set(SCRIPT.ANSWERS)
    assert len({row.item for row in ROWS}) == 203, "two items of the same words"
    assert SCRIPT.counts(TEXT) in TEXT, "run docs/coverage_measures.py --count"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_answer_says_where_or_why(row):
    pointed = re.search(r"`[^`]+`|\]\(", row.where)
    assert pointed or row.answer == "not", "what is there has a name or a place"
    assert (row.answer == "not") == row.where.startswith(REASONS)
    assert row.answer != "done" or "not comparable" not in row.where, "what cannot be compared is not done"


def test_the_spanish_page_has_the_items_of_most_weight_with_the_same_answers():
    words = dict(zip(SCRIPT.HEADS["es"][3:6], SCRIPT.ANSWERS, strict=True))
    told = re.findall(r"^\| ([A-Z]+\d+) \| [^|]+ \| ([\w ]+) \|", SPANISH, flags=re.M)
    assert [(name, words[answer]) for name, answer in told] == [(row.name, row.answer) for row in ROWS if row.weight == "3"]
    assert SCRIPT.counts(TEXT, "es") in SPANISH, "run docs/coverage_measures.py --count"


@pytest.mark.parametrize(("text", "folder"), [(TEXT, DOCS), (SPANISH, DOCS / "es")], ids=["en", "es"])
def test_links_lead_somewhere(text, folder):
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        there = (folder / file).resolve() if file else PAGE
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_whatever_is_named_is_there(capsys):
    known = names()
    for name in re.findall(r"`([^`]+)`", TEXT + SPANISH):
        if name.startswith("clustersim "):
            *command, option = name.removeprefix("clustersim ").split(" ")
            assert main([*command, "--help"] if option.startswith("-") else [*command, option, "--help"]) == 0
            said = capsys.readouterr().out
            assert not option.startswith("-") or option in said, name
        elif not name.startswith("python docs/"):
            assert name.replace("[]", "") in known, name


def test_what_is_said_of_a_pattern_is_what_was_measured():
    found = verdicts("validation.md", r"^\| (P\d\d) \| (?:[^|]+\|){2} (shown|not shown|retired \(shown\)) \|")
    assert len(found) == 26
    for row in ROWS:
        for name in re.findall(r"P\d\d", row.where):
            said = re.search(rf"{name}.*?(not shown|shown|retired)", row.where)
            assert said and said[1] == VERDICTS[found[name]], (row.name, name)


def test_what_is_said_of_a_fact_is_what_was_measured():
    facts = set(SCRIPT.facts()) - set(INDICATORS)
    for row in ROWS:
        told = re.findall(r"`(\w+)` (?:met|missed|not comparable)", row.where)
        assert facts & set(re.findall(r"`(\w+)`", row.where)) <= set(told), row.name
    assert SCRIPT.renewed(TEXT) == TEXT, "run docs/coverage_measures.py --count"


@pytest.mark.slow
def test_what_was_measured_for_the_page_can_be_measured_again():
    said = SCRIPT.measured(replicates=2)
    for line in said.splitlines():
        name = re.match(r"- (\w+\d+),", line)[1]
        assert f"\n- {name}," in TEXT
        assert "(#measured-for-this-page)" in next(row.where for row in ROWS if row.name == name)
        assert not re.search(r"\bnan\b", line)
