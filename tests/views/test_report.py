"""Reports: self-contained, accessible, small, in two languages, and true to the result."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pytest

from clustersim.core import numbers
from clustersim.core.errors import InputError
from clustersim.core.words import _, speaking
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import PHASES
from clustersim.results import simulate, write_result
from clustersim.results.manifest import seal
from clustersim.results.phases import PhaseShares
from clustersim.studies.comparison import compare, units, write_comparison
from clustersim.studies.comparison.chances import chance
from clustersim.studies.comparison.outcomes import CHAIN, PAIRED
from clustersim.views.figures.names import indicator
from clustersim.views.report import compared, single, write_report
from clustersim.views.report.captions import CAPTIONS, UNITS
from clustersim.views.report.drawing import COLOURS, TRAJECTORIES
from clustersim.views.report.figures import FIGURES
from compare_cases import alone, small, supported, worlds
from result_cases import scenario

VOID = {"meta", "br", "hr", "img", "link", "input", "path", "use", "rect", "circle"}
MOST_BYTES = 1_000_000


class Document(HTMLParser):
    """A page taken apart: elements with attributes and their text, in order, and whether all are closed."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self._open, self.faults = [], [], []
        self.feed(text)
        self.close()
        self.faults += [f"<{element['tag']}> is not closed" for element in self._open]

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "attributes": dict(attributes), "text": "", "inside": [e["tag"] for e in self._open]}
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.elements.append({"tag": tag, "attributes": dict(attributes), "text": "", "inside": []})

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self._open or self._open[-1]["tag"] != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")
            return
        self._open.pop()

    def handle_data(self, text):
        for element in self._open:
            element["text"] += text

    def all(self, *tags):
        return [element for element in self.elements if element["tag"] in tags]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Pages by kind and language, with their folders."""
    place = tmp_path_factory.mktemp("reports")
    folders = {
        "comparison": write_comparison(small(), place / "comparison"),
        "worlds": write_comparison(worlds(), place / "worlds"),
        "run": write_result(simulate(scenario(), seed=5, replicates=4, name="small"), place / "run"),
        "one": write_comparison(compare({"a": alone(), "b": supported()}, replicates=1, years=1), place / "one"),
        "single": write_result(simulate(alone(), seed=5, replicates=1, years=1, name="single"), place / "single"),
    }
    found = {}
    for kind, folder in folders.items():
        for lang in ("en", "es"):
            text = write_report(folder, lang=lang).read_text(encoding="utf-8")
            found[kind, lang] = (text, Document(text), folder)
    return found


KINDS = [(kind, lang) for kind in ("comparison", "worlds", "run", "one", "single") for lang in ("en", "es")]
every = pytest.mark.parametrize("page", KINDS, ids=lambda page: "-".join(page))


@every
def test_a_page_asks_for_nothing_outside(pages, page):
    text, document, _ = pages[page]
    assert not re.search(r"https?:|//www|@import|<script|javascript:|\son\w+=", text)
    for element in document.elements:
        for name, value in element["attributes"].items():
            if name in ("href", "src", "xlink:href", "action", "data", "poster", "srcset"):
                assert value.startswith(("#", "data:text/csv")), f"<{element['tag']} {name}={value[:60]}>"
        assert not re.search(r"url\((?!#)", str(element["attributes"]))
    assert not document.all("script", "link", "iframe", "object", "embed", "img", "base")


@every
def test_a_page_is_small_and_whole(pages, page):
    text, document, _ = pages[page]
    assert len(text.encode()) < MOST_BYTES
    assert not document.faults, document.faults[:3]
    assert "{{" not in text and "{%" not in text
    assert not [e["text"] for e in document.all("td", "span") if re.search(r"\b(nan|None|inf)\b", e["text"])]


@every
def test_a_page_is_accessible(pages, page):
    _, document, _ = pages[page]
    assert document.all("html")[0]["attributes"]["lang"] == page[1]
    assert len(document.all("h1")) == 1 and len(document.all("main")) == 1 and document.all("nav")[0]["attributes"]["aria-label"]
    levels = [int(e["tag"][1]) for e in document.all("h1", "h2", "h3", "h4") if "svg" not in e["inside"]]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for heading in document.all("th"):
        assert heading["attributes"].get("scope") in ("col", "row")
    for table in document.all("table"):
        assert table["text"].strip()
    assert len(document.all("caption")) == len(document.all("table"))
    names = [element["attributes"]["id"] for element in document.elements if "id" in element["attributes"]]
    assert len(names) == len(set(names)), "an id stands twice"
    for svg in document.all("svg"):
        assert svg["attributes"]["role"] == "img"
        for name in svg["attributes"]["aria-labelledby"].split():
            said = next(e for e in document.elements if e["attributes"].get("id") == name)
            assert len(said["text"].strip()) > (3 if said["tag"] == "title" else 20)
    targets = {e["attributes"]["href"][1:] for e in document.all("a", "use") if e["attributes"].get("href", "").startswith("#")}
    assert targets <= set(names)


@every
def test_every_chart_has_its_data_in_tables_and_as_csv_with_points(pages, page):
    _, document, _ = pages[page]
    order = [e["tag"] for e in document.elements if e["tag"] in ("figure", "details", "table", "svg")]
    figures = [k for k, tag in enumerate(order) if tag == "figure"]
    assert len(figures) == len(document.all("svg")) > 0
    for k in figures:
        assert order[k + 1 : k + 4] == ["svg", "details", "table"]
    links = [e for e in document.all("a") if "download" in e["attributes"]]
    assert len(links) >= len(figures)
    for link in links:
        content = unquote(link["attributes"]["href"].partition(",")[2])
        rows = list(csv.reader(io.StringIO(content)))
        assert len({len(row) for row in rows}) == 1 and len(rows) > 1
        for row in rows[1:]:
            assert all(cell == "" or float(cell) is not None for cell in row[1:]), row


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_numbers_are_those_of_the_result(pages, lang):
    _, document, folder = pages["comparison", lang]
    answers = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))["answers"]
    cells = [e["text"] for e in document.all("td", "th")]
    gain = answers["differences"]["supported"]["jobs"]
    best = max(answers["differences"][name]["jobs"]["estimate"] for name in ("supported", "again"))
    chances = answers["chances"]["supported"]["alone"]
    worst = answers["risk"]["options"]["supported"]["worst_tenth_difference"]
    with speaking(lang):
        mean, low, high = (numbers.signed_whole(gain[key]) for key in ("estimate", "low", "high"))
        assert any(cell.startswith(mean) and low in cell and high in cell for cell in cells)
        assert numbers.whole(answers["options"]["alone"]["jobs"]["mean"]) in cells
        card = next(e for e in document.all("span") if e["attributes"].get("class") == "number")
        assert card["text"] == numbers.signed_whole(best)
        assert chance(chances["wins"], chances["of"]) in cells
        assert {"en": "equal in all 6", "es": "igual en las 6"}[lang] in cells
        assert numbers.signed_whole(worst) in cells


def test_jobs_improved_and_what_they_cost_are_said_or_why_not(pages, tmp_path):
    name = {"en": "Public cost per job improved, net of jobs worsened",
            "es": "Costo público por empleo mejorado, descontados los empeorados"}  # fmt: skip
    for lang in ("en", "es"):
        _, document, folder = pages["comparison", lang]
        answers = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))["answers"]
        who = next(e for e in document.all("section") if e["attributes"]["id"] == "who")["text"]
        for outcome in PAIRED:
            found = answers["differences"]["supported"][outcome]
            with speaking(lang):
                assert units.label(outcome) in who and units.difference(found, outcome) in who
        assert "10\N{NO-BREAK SPACE}%" in who
        assert name[lang] in [e["text"] for e in document.all("th")]
    cells = {
        "sure": ({"cost_per_job_improved": {"estimate": 12.3, "low": 10.0, "high": 20.0}, "improved_sign": 1}, "12,000 (USD"),
        "unsure": ({"cost_per_job_improved": None, "improved_sign": 0}, "not given: a net improvement is not sure"),
        "worse": ({"cost_per_job_improved": None, "improved_sign": -1}, "not given: more jobs worsen than improve"),
    }
    for case, (change, words) in cells.items():
        folder = write_comparison(small(), tmp_path / case)
        said = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
        said["answers"]["money"]["supported"] |= change
        (folder / "comparison.json").write_text(json.dumps(said), encoding="utf-8")
        seal(folder)
        text = write_report(folder).read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
        assert words in text, case


def test_a_page_of_unpaired_options_says_that_jobs_improved_are_not_defined(tmp_path):
    folder = write_comparison(compare({"a": alone(), "b": supported()}, replicates=2, years=1, paired=False), tmp_path / "free")
    for lang, words in (("en", "not defined: the simulations are not paired"), ("es", "no son pareadas")):
        document = Document(write_report(folder, lang=lang).read_text(encoding="utf-8"))
        assert not document.faults and any(words in e["text"] for e in document.all("td"))
        captions = [e["text"] for e in document.all("caption")]
        assert not {"Jobs improved and worsened", "Empleos mejorados y empeorados"} & set(captions)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_tables_of_a_run_name_the_units_of_what_they_tell(pages, lang):
    """Beside figures that tell amounts a year stand amounts a quarter: the heading says so."""
    headings = {e["text"] for e in pages["run", lang][1].all("th")}
    with speaking(lang):
        flows = {indicator(name): _(said.unit) for name, said in INDICATORS.items() if said.unit.endswith("/quarter")}
    assert any(f"{label} ({unit})" in headings for label, unit in flows.items())
    assert not set(flows) & headings


def test_a_csv_holds_the_series_of_the_result(pages):
    _, document, _ = pages["comparison", "es"]
    link = next(e for e in document.all("a") if e["attributes"].get("download") == "paired_employment.csv")
    rows = list(csv.DictReader(io.StringIO(unquote(link["attributes"]["href"].partition(",")[2]))))
    series = small().difference_series("supported", "employment")
    assert [row["year"] for row in rows] == [str(1990 + k) for k in range(6)]
    assert float(rows[-1]["supported_p90"]) == pytest.approx(series.p90[-1], rel=1e-5)  # the light band of the chart
    for k, row in enumerate(rows):
        assert float(row["supported_mean"]) == pytest.approx(series.mean[k], rel=1e-5, abs=1e-9)
        assert float(row["supported_low"]) == pytest.approx(series.low[k], rel=1e-5, abs=1e-9)


@every
def test_the_answer_says_what_bands_do_not_show(pages, page):
    _, document, _ = pages[page]
    answer = next(e for e in document.all("section") if e["attributes"]["id"] == "answer")
    words = {"en": "not uncertainty about the model itself", "es": "no la incertidumbre sobre el propio modelo"}
    assert words[page[1]] in answer["text"]
    assert document.all("section")[0] is answer


def test_titles_are_escaped(pages):
    text, document, _ = pages["comparison", "en"]
    assert "<care>" not in text and "With help &amp; &lt;care&gt;" in text
    assert any("With help & <care>" in e["text"] for e in document.all("th"))


@pytest.mark.parametrize("kind", ["comparison", "worlds"])
def test_a_page_names_the_command_sources_and_assumptions(pages, kind):
    _, document, folder = pages[kind, "en"]
    code = document.all("code")[0]["text"]
    said = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    assert said["command"] in code and "clustersim report results/compare-" in code
    text = next(e for e in document.all("section") if e["attributes"]["id"] == "assumptions")["text"]
    assert "assumed" in text and "market.noise" in text and "Stanley et al. 1996" in text and "Association founding" in text


def test_spanish_pages_speak_spanish(pages):
    for kind in ("comparison", "worlds", "run"):
        _, document, _ = pages[kind, "es"]
        plain = " ".join(e["text"] for e in document.all("h1", "h2", "h3", "p", "caption", "figcaption", "summary"))
        for english in (" the ", " jobs", "Over time", "chance of", "simulations", "baseline", "Data behind"):
            assert english not in plain, english
        assert "simulaciones" in plain


def test_the_phase_at_the_end_is_told_with_the_one_that_is_close(monkeypatch):
    found, base = small(), small().baseline
    for second, said in ((0.6, "most often in creation at the end."),
                         (0.52, "about as often in agglomeration as in creation at the end.")):  # fmt: skip
        shares = np.zeros((len(PHASES), 6))
        shares[0], shares[1] = [1.0] * 5 + [1.0 - second], [0.0] * 5 + [second]
        monkeypatch.setattr(found, "phase_shares", lambda option, shares=shares: PhaseShares(shares, 200))
        facts = compared._Writer(found)._facts("phases")
        assert facts[found.names.index(base)].endswith(f": {said}")


def test_every_figure_has_its_caption():
    assert set(CAPTIONS) == set(FIGURES) and set(UNITS) >= {*TRAJECTORIES, *CHAIN}


def test_all_or_none_of_the_simulations_is_told_as_a_count_with_a_bound(tmp_path):
    folder = write_comparison(small(), tmp_path / "result")
    said = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    for option in ("supported", "again"):
        said["answers"]["chances"][option]["alone"] |= {"wins": 10, "ties": 0, "of": 10}
    said["answers"]["differences"]["supported"]["jobs"]["sign"] = 1
    (folder / "comparison.json").write_text(json.dumps(said), encoding="utf-8")
    seal(folder)
    for lang, words in (
        ("en", ("in 10 of 10 paired simulations, so the chance of that is at least 79 %", "10 of 10 (at least 79 %)")),
        ("es", ("en 10 de 10 simulaciones pareadas, de modo que la probabilidad de ello es de al menos un 79 %",
                "10 de 10 (al menos un 79 %)")),
    ):  # fmt: skip
        text = write_report(folder, lang=lang).read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
        assert all(part in text for part in words), lang
        assert "more than 79" not in text and "más del 79" not in text


def test_clusters_of_one_simulation_are_no_further_simulations(tmp_path):
    result = simulate(supported(), seed=5, replicates=4, years=6)
    codes = result.indicators["phase"].cat.codes.to_numpy().copy()
    codes[:] = PHASES.index("agglomeration")
    south, odd = (result.indicators["cluster"] == "south").to_numpy(), (result.indicators["replicate"] % 2 == 1).to_numpy()
    for where, chance_said, card in (
        (np.ones(len(codes), bool), "in 4 of 4 simulations, so the chance of that is at least 60 %", "4 of 4"),
        (south & odd, "of development in that time is 25 % (6–64 %)", "25 %"),
    ):
        result.indicators["phase"] = pd.Categorical.from_codes(
            np.where(where, PHASES.index("development"), codes), categories=list(PHASES)
        )
        page = single.run_page(result)
        assert chance_said in page.sentences[1].replace("\N{NO-BREAK SPACE}", " ")
        assert page.cards[1].number.replace("\N{NO-BREAK SPACE}", " ") == card


def test_the_command_of_a_run_with_chosen_replicates_or_changes_does_that_run_again(tmp_path):
    growth = {"quarter": 2, "key": "parameters.trust.gain", "now": 0.1}
    for options in ({"replicates": 2}, {"replicates": [1, 3]}, {"replicates": 2, "changes": [growth]}):
        result = simulate(alone(), seed=5, years=1, name="place", **options)
        code = [b.text for section in single.run_page(result).sections for b in section.blocks if b.kind == "code"]
        again = f"clustersim reproduce results/{result.folder_name}\n"
        if options == {"replicates": 2}:
            again = "clustersim run place --replicates 2 --years 1 --seed 5\n"
        assert code[0].startswith(again)


def test_names_at_lines_can_be_read_on_white():
    def luminance(colour):
        linear = [
            channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
            for channel in (int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5))
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert all(1.05 / (luminance(colour) + 0.05) >= 4.5 for colour in COLOURS)


def test_eight_options_over_forty_years_stay_small(tmp_path):
    options = {f"option_{k}": supported(horizon={"years": 40}) if k else alone(horizon={"years": 40}) for k in range(8)}
    folder = write_comparison(compare(options, replicates=2), tmp_path / "result")
    assert write_report(folder).stat().st_size < MOST_BYTES


# the command line


def test_report_writes_where_it_says(call, tmp_path):
    folder = write_comparison(small(), tmp_path / "result")
    code, out, _ = call("report", "result", "--lang", "es")
    assert code == 0 and out.strip() == "result/report_es.html" and (folder / "report_es.html").is_file()
    code, out, _ = call("report", "result", "--out", "pages/mine.html")
    assert code == 0 and (tmp_path / "pages" / "mine.html").is_file()
    assert not list(tmp_path.rglob("*.partial-*"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "there is no such folder"),
        (["empty"], "is not a result"),
        (["result", "--lang", "fr"], "'fr' is not a language"),
        (["result", "--out", "empty"], "is a folder; name a file"),
        (["result", "--out", "file/page.html"], "cannot write this file"),
    ],
)
def test_what_cannot_be_reported_is_said_in_a_sentence(call, tmp_path, arguments, words):
    write_comparison(small(), tmp_path / "result")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, out, err = call("report", *arguments)
    assert code == 2 and words in err and "Traceback" not in err and not out


def test_without_jinja_the_extra_is_named(tmp_path, monkeypatch):
    import sys

    folder = write_comparison(small(), tmp_path / "result")
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(InputError, match=r"clustersim\[report\]"):
        write_report(folder)
    assert not list(folder.glob("*.html"))
