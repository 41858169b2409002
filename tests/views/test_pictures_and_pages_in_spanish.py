"""The Spanish walk: what figures and pages of tiny results say in one language holds no text of the other."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from clustersim.core.language import DOMAIN, LANGUAGES, LOCALE
from clustersim.core.words import speaking
from clustersim.results import simulate, write_result
from clustersim.studies.comparison import compare, write_comparison
from clustersim.studies.selection import from_result
from clustersim.studies.selection.criteria import CRITERIA
from clustersim.studies.selection.ranking import rank
from clustersim.studies.validation.histories import ITEMS as HISTORIES
from clustersim.studies.validation.histories.pool import SOURCES as PLACES
from clustersim.studies.validation.nulls import ThreeEquations
from clustersim.studies.validation.pattern import UNDEFINED
from clustersim.studies.validation.patterns import PATTERNS
from clustersim.studies.validation.plausibility import ITEMS
from clustersim.studies.validation.plausibility.item import Item
from clustersim.studies.validation.plausibility.sample import SCENARIOS
from clustersim.views import figures
from clustersim.views.figures.map_and_network import Moment, draw, moments
from clustersim.views.figures.plausibility import histories, plausibility
from clustersim.views.figures.selection import selection
from clustersim.views.figures.validation import overview, pattern
from clustersim.views.report import write_report
from clustersim.views.report.drawing import Drawing
from clustersim.views.report.figures import FIGURES, drawn
from compare_cases import alone, small, supported, worlds
from result_cases import scenario

FIELD = re.compile(r"\{\w*(?:![rs])?(?::[^}]*)?\}")
SOURCES = re.compile(r"<details><summary>(?:All \d+ parameters|Los \d+ parámetros).*?</details>", re.S)


def plain(text: str) -> str:
    return " ".join(text.split())


def parts(texts: Iterable[str]) -> set[str]:
    """Return what texts say between their fields."""
    return {plain(part) for text in texts for part in FIELD.split(text)}


def other(lang: str) -> list[str]:
    """Return what the catalogue says, in more than one word, in the other language only."""
    catalogue = gettext.translation(DOMAIN, LOCALE, ["es"])._catalog
    english = [(key[0] if isinstance(key, tuple) else key).rpartition("\x04")[2] for key in catalogue if key]
    spanish = [text for key, text in catalogue.items() if key]
    foreign, own = (english, spanish) if lang == "es" else (spanish, english)
    return sorted(part for part in parts(foreign) - parts(own) if len(re.findall(r"\w\w+", part)) > 1)


def strangers(texts: list[str], lang: str) -> list[tuple[str, str]]:
    """Return texts of the other language, each with what it was found in."""
    joined = "\n".join(plain(text) for text in texts)
    found = []
    for part in other(lang):
        if (at := joined.find(part)) >= 0 and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", joined):
            found.append((part, joined[max(0, at - 30) : at + len(part) + 30]))
    return found


def said(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text().strip()]


def page(text: str) -> str:
    """Return what a page says: without its tags, and without the sources of parameters, which stay in their language."""
    text = re.sub(r"<(style|code)>.*?</\1>", " ", SOURCES.sub(" ", text), flags=re.S)
    return unescape(re.sub(r"<[^>]+>", "\n", text))


def measured(**change: object) -> dict[str, object]:
    numbers = {"value": 1.5, "low": 1.25, "high": 2.0, "ablated_value": 0.1, "ablated_low": 0.0, "ablated_high": 0.25}
    told = {"threshold": 0.5, "passed": True, "ablation_vanishes": True, "reason": None, "ablated_reason": None, "nulls": [],
            "null_passes": None, "retired": False, "retired_why": ""}  # fmt: skip
    return numbers | told | change


@pytest.fixture(scope="module")
def run():
    return simulate(scenario(), seed=5, replicates=3, name="small")


def run_figures(run) -> Iterator[Figure]:
    data = figures.FigureData(run)
    yield from (figure(data) for figure in figures.WHOLE)
    yield from (figure(data, cluster) for cluster in data.shown for figure in figures.BY_CLUSTER)
    yield from figures.draw_maps(data, figures.simulate_again(run)).values()
    when = [Moment(moment.phase + 1, moment.quarter, last=True) for moment in moments(data, "north", 0)]
    taken = figures.snapshots(figures.simulate_again(run), 0, [(moment.quarter, 0) for moment in when])
    yield draw(data, "north", 0, when, [taken[moment.quarter, 0] for moment in when])  # not the phases that the run had


def comparison_figures() -> Iterator[Figure]:
    for comparison in (small(), worlds()):
        yield from (FIGURES[name](Drawing(comparison)) for name in drawn(comparison))


def validation_figures() -> Iterator[Figure]:
    fails = {"passed": False, "ablation_vanishes": False, "threshold": 0.0}
    undefined = {"ablated_value": np.nan, "ablated_low": np.nan, "ablation_vanishes": False, "ablated_reason": UNDEFINED}
    null = {"name": ThreeEquations.name, "value": 1.0, "low": 0.75, "high": 1.25, "passes": True, "reason": None}
    kinds = [{"nulls": [null], "null_passes": True}, fails, undefined | {"retired": True, "retired_why": PATTERNS[0].statement}]
    patterns = [
        measured(id=p.id, statement=p.statement, statistic=p.statistic, why=p.why, mechanism=p.mechanism, **kinds[k % 3])
        for k, p in enumerate(PATTERNS)
    ]
    yield overview(patterns, {"P98": PATTERNS[0].mechanism}, 1, 60)
    yield from (pattern(result, 1, 60) for result in patterns)
    yield plausibility(compared(ITEMS, SCENARIOS), 1, 4)
    yield histories(compared(HISTORIES, [source.name for source in PLACES]), 1, 4)


def compared(items: Sequence[Item], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return a result of each item, inside, outside and not comparable in turn."""
    return [
        {"id": item.id, "statement": item.statement, "value": 1.0, "low": 0.5, "high": 1.5, "published_low": item.low,
         "published_high": item.high, "scenarios": dict.fromkeys(names, 1.25), "from_memory": not item.read,
         "inside": (True, False, None)[k % 3], "distance": 0.125}
        for k, item in enumerate(items)
    ]  # fmt: skip


def selection_figures(run, folder: Path) -> Iterator[Figure]:
    ranking = rank(from_result.measure(write_result(run, folder / "run")), {name: 1.0 for name in CRITERIA} | {"exports": 2.0})
    yield selection(ranking, "tiny")
    yield selection(rank(ranking.measures, dict.fromkeys(CRITERIA, 1.0)), "tiny")


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_figure_says_a_text_of_the_other_language(run, tmp_path, lang):
    with speaking(lang):
        drawings = [*run_figures(run), *comparison_figures(), *validation_figures(), *selection_figures(run, tmp_path)]
        texts = [text for figure in drawings for text in said(figure)]
    assert len(drawings) > 40 and len(texts) > 1000
    assert strangers(texts, lang) == []


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_says_a_text_of_the_other_language(run, tmp_path, lang):
    one = {"a": alone(), "b": supported()}
    folders = [
        write_comparison(small(), tmp_path / "comparison"), write_comparison(worlds(), tmp_path / "worlds"),
        write_comparison(compare(one, replicates=1, years=1), tmp_path / "one"),
        write_comparison(compare(one, replicates=2, years=1, paired=False), tmp_path / "unpaired"),
        write_result(run, tmp_path / "run"),
        write_result(simulate(alone(), seed=5, replicates=1, years=1, name="single"), tmp_path / "single"),
    ]  # fmt: skip
    for folder in folders:
        text = page(write_report(folder, lang=lang).read_text(encoding="utf-8"))
        assert strangers(text.split("\n"), lang) == [], folder.name


def test_the_walk_finds_a_text_of_the_other_language():
    assert strangers(["Dinero por origen", "b Public share of that\nincome"], "es")
    assert strangers(["Money by source", "(Cuota pública de ese ingreso)"], "en")
    assert not strangers(["Dinero por origen"], "es") and not strangers(["Money by source"], "en")
