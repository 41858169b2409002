"""Names and titles that are markup, formulas, patterns, or signs that no font has: a page and a picture show them and no more."""

from __future__ import annotations

import io
import re
import shutil
import warnings
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from test_report import Document

from clustersim.experiments.sweeping import sweep
from clustersim.results import simulate, write_result
from clustersim.scenario.model import Scenario
from clustersim.studies.comparison import compare, write_comparison
from clustersim.studies.synergy import interactions
from clustersim.views.figures import draw_all
from clustersim.views.figures.interactions import draw_interactions
from clustersim.views.figures.layout import Page, Picture, file_name, save
from clustersim.views.figures.names import LONGEST, identifier
from clustersim.views.figures.text import BOX, shorten, shorten_middle, text_width
from clustersim.views.report import write_report
from clustersim.views.report.figures import draw_all as draw_comparison
from clustersim.views.report.svg import inline

MARKUP = '"></title></svg><img src=x onerror=alert(1)><script>alert(1)</script>{{ 7 * 7 }}{n} $\\frac{1$ \\d\\g<1> id="a1.23456" '
SIGNS = "纺织 \t🏭 צמח نسيج \u202e\u2066 url(#a)"
HOSTILE = MARKUP + SIGNS
FILES = ['a"><img src=x onerror=alert(1)> ', "b\\d\\g<1>", "b \\d\\g<1>", "$\\frac{1}{2", "纺织\u202e🏭"]
NOT_LATIN = {"cjk": "纺织工业", "tab": "a\tb", "emoji": "🏭🧵", "right to left": "צמח نسيج", "control": "a\x07\x1b[31mb\x00\x9f",
             "bidi": "a\u202eb\u2066"}  # fmt: skip


def small(title: str, name: str = "valley") -> dict:
    """Return a scenario of a year as a file could say it."""
    stage = {"name": "build", "quarters": 4, "instruments": [{"use": "facilitator", "per_year": 120}]}
    return {
        "title": title, "description": title, "horizon": {"years": 1},
        "place": {"clusters": [{"name": name, "smes": 12, "tractors": 1, "trust": 0.5}]},
        "programme": {"stages": [stage]},
    }  # fmt: skip


def of_run(name: str, folder: Path) -> Path:
    result = simulate(Scenario.model_validate(small(name)), replicates=2, seed=5, name=identifier(name))
    return write_result(result, folder, lambda place: draw_all(result, place / "figures"))


def of_comparison(name: str, folder: Path) -> Path:
    options = {name[:60]: Scenario.model_validate(small(name)), "other": Scenario.model_validate(small(name + " again"))}
    found = compare(options, replicates=2, seed=5)
    return write_comparison(found, folder, lambda place: draw_comparison(found, place / "figures"))


def experiment(title: str, scenarios: list[str], **more: object) -> dict:
    """Return an experiment with all four corners of two parts."""
    keys = {"institutions.government.coordination": [0.2, 0.8], "place.clusters.valley.trust": [0.3, 0.4]}
    return {"title": title, "scenarios": scenarios, "replicates": 2, "years": 1, "levers": {"keys": keys}, **more}


def of_sweep(name: str, folder: Path) -> Path:
    """Sweep over scenarios whose files bear hostile names, or plain ones."""
    folder.mkdir()
    files = FILES if name == HOSTILE else ["a", "b", "c", "d", "e"]
    for file in files:
        (folder / f"{file}.yaml").write_text("extends: organic\n", encoding="utf-8")
    result = sweep(experiment(name, [str(folder / f"{file}.yaml") for file in files]), folder, name=files[0])
    draw_interactions(interactions(result), result.folder / "figures")
    return result.folder


def of_options(name: str, folder: Path) -> Path:
    """Sweep over options that have names of their own."""
    named = {name[:60]: 0.3, f"b {name[-58:]}": 0.4}
    options = [{"name": said, "set": {"place.clusters.valley.trust": trust}} for said, trust in named.items()]
    levers = {"method": "list", "options": options}
    outputs = {"indicators": ["employment"], "every": "yearly"}
    return sweep(experiment(name, ["organic"], levers=levers, outputs=outputs), folder, name="options").folder


KINDS = {"run": of_run, "comparison": of_comparison, "sweep": of_sweep, "options": of_options}


@pytest.fixture(scope="module", params=KINDS)
def both(request, tmp_path_factory):
    """Return the folders of two results of a kind with their pages, the second of hostile names; no library warns."""
    place = tmp_path_factory.mktemp("hostile")
    with warnings.catch_warnings():
        warnings.filterwarnings("error", category=UserWarning)
        folders = [KINDS[request.param](name, place / str(k)) for k, name in enumerate(["plain", HOSTILE])]
        return [(folder, write_report(folder).read_text(encoding="utf-8")) for folder in folders]


def parts(page: str) -> set[tuple[str, str]]:
    """Return the elements of a page, each with each of its attributes."""
    return {(found["tag"], attribute) for found in Document(page).elements for attribute in ("", *found["attributes"])}


def test_no_element_or_attribute_of_a_page_comes_from_a_name(both):
    (_folder, plain), (_other, hostile) = both
    assert Document(hostile).faults == []
    assert parts(hostile) <= parts(plain) | {("tspan", ""), ("tspan", "x"), ("tspan", "y"), ("tspan", "style")}
    assert "alert(1)" in hostile and "<img" not in hostile and "<script" not in hostile, "the name is shown, and is text"


def test_addresses_within_a_page_are_plain_and_lead_to_one_place_each(both):
    document = Document(both[1][1])
    ids = Counter(found["attributes"]["id"] for found in document.elements if "id" in found["attributes"])
    assert [name for name, count in ids.items() if count > 1 or not re.fullmatch(r"[\w.-]+", name)] == []
    for found in document.elements:
        told = found["attributes"]
        asked = [told.get("href", "")[1:]] if told.get("href", "").startswith("#") else []
        asked += told.get("aria-labelledby", "").split()
        asked += [name for value in told.values() for name in re.findall(r"url\(#([^)]+)\)", value or "")
                  if found["tag"] not in ("a", "div")]  # fmt: skip
        assert set(asked) <= set(ids), told


def test_pictures_of_hostile_names_are_sound_and_have_plain_names(both):
    places = [sorted((folder / "figures").glob("*.svg")) for folder, _page in both]
    assert len(places[0]) == len(places[1]), "each has a file of its own"
    tags = [{found.tag for path in paths for found in ElementTree.parse(path).iter()} for paths in places]
    assert tags[1] <= tags[0] | {"{http://www.w3.org/2000/svg}tspan"}
    assert all(re.fullmatch(r"[\w-]+", path.stem) for path in places[1])


def test_texts_of_a_picture_stay_as_they_are_in_a_page():
    page = Page(1.0, 'id="a" url(#a) x="1.23456"', "href", [], "")
    assert 'id="a" url(#a) x="1.23456"' in inline(page.figure, "a", "title", "what it shows")


@pytest.mark.parametrize("name", ["", "a b", "a-b", "a_b", 'a"b', "a<b", "\ud800", "é", "a" * 300, "\\1", "../../a", "a\n"])
def test_an_identifier_is_plain_and_short(name):
    assert re.fullmatch(r"[\w-]+", identifier(name)) and len(identifier(name)) < LONGEST + 10


def test_identifiers_of_different_names_differ():
    names = ["a b", "a-b", 'a"b', "a<b", "a" * 300, "a" * 301, "", " ", "é", "e"]
    assert len({identifier(name) for name in names}) == len(names)
    assert file_name("knowledge", "machine_tools") == "knowledge_machine_tools", "usual names stay"


@pytest.mark.parametrize("text", NOT_LATIN.values(), ids=NOT_LATIN)
def test_signs_that_the_font_lacks_are_shown_without_a_warning(text, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page = Page(1.0, text, text, [text], text)
        ax = page.axes(1.0, 0.1, 4.0, 0.8)
        ax.set_yticks([0, 1], [text, shorten(text * 30, 2.0, 7.0)])
        assert 0.0 < text_width(text, 7.0) < 0.2 * len(text)
        shown = save(page.figure, tmp_path, "picture")[1].read_text(encoding="utf-8")
        page.figure._repr_png_()
        page.figure.savefig(io.BytesIO(), bbox_inches="tight")
        markup = inline(page.figure, "picture", "title", "what it shows")
    ElementTree.fromstring(shown)
    ElementTree.fromstring(f"<page>{markup}</page>")
    hidden = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    assert not hidden.search(shown + markup)
    assert (BOX in shown) == bool(hidden.search(text)), "what can be written stays for those who have the sign"


def test_a_very_long_text_is_cut_in_moments_and_to_the_room_there_is():
    before = text_width.cache_info().misses
    for cut in (shorten, shorten_middle):
        for text in ("x" * 3000, "a b " * 800):
            assert 0.8 < text_width(cut(text, 1.0, 7.0), 7.0) <= 1.0
        assert cut("Wide", 0.12, 7.0) in ("…", "W…"), "where there is room for nothing, the text is not told twice"
    assert text_width.cache_info().misses - before < 100, "each takes a dozen measures, not one for each sign"


def test_other_warnings_of_a_figure_are_not_hidden():
    class Warns(Text):
        def draw(self, renderer):
            warnings.warn("something else", stacklevel=1)

    figure = Picture()
    figure.add_artist(Warns(0.5, 0.5, "a"))
    with pytest.warns(UserWarning, match="something else"):
        figure.savefig(io.BytesIO())


# writing


@pytest.fixture
def victim(tmp_path):
    """Return a file that nobody asked to change, with what is in it."""
    path = tmp_path / "victim"
    path.write_text("mine", encoding="utf-8")
    return path


def test_a_picture_is_not_written_through_a_link(tmp_path, victim):
    (tmp_path / "figures").mkdir()
    for ending in ("png", "svg"):
        (tmp_path / "figures" / f"a.{ending}").symlink_to(victim)
    for path in save(Picture(), tmp_path / "figures", "a"):
        assert path.is_file() and not path.is_symlink()
    assert victim.read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == ["a.png", "a.svg"], "nothing hidden is left"


def test_each_who_draws_a_result_replaces_links(tmp_path, victim):
    result = simulate(Scenario.model_validate(small("plain")), replicates=2, seed=5)
    swept = interactions(sweep(experiment("Two", ["organic"]), tmp_path / "sweep"))
    found = compare({"a": Scenario.model_validate(small("a")), "b": Scenario.model_validate(small("b"))}, replicates=2)
    for draw in (lambda to: draw_all(result, to), lambda to: draw_interactions(swept, to), lambda to: draw_comparison(found, to)):
        folder = tmp_path / "figures"
        shutil.rmtree(folder, ignore_errors=True)
        names = {path.name for path in draw(folder)}
        for path in folder.iterdir():
            path.unlink()
            path.symlink_to(victim)
        assert {path.name for path in draw(folder)} == names
        assert not [path for path in folder.iterdir() if path.is_symlink()]
    assert victim.read_text(encoding="utf-8") == "mine"


def test_a_picture_that_cannot_be_drawn_leaves_the_older_one(tmp_path, monkeypatch):
    before = [path.read_bytes() for path in save(Picture(), tmp_path, "a")]

    def cut(self, target, **how):
        (target.write(b"half") if how["format"] == "png" else target.write("<svg"))
        raise KeyboardInterrupt

    monkeypatch.setattr(Figure, "savefig", cut)
    with pytest.raises(KeyboardInterrupt):
        save(Picture(), tmp_path, "a")
    assert [(tmp_path / f"a.{ending}").read_bytes() for ending in ("png", "svg")] == before
    assert len(list(tmp_path.iterdir())) == 2
