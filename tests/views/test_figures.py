"""Figures: each is written as PNG and SVG in both languages, with its words inside the page and none over another."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from clustersim.core.errors import InputError
from clustersim.core.words import speaking
from clustersim.experiments.sweeping import sweep
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import PHASES
from clustersim.results import RunResult, simulate
from clustersim.results.phases import PhaseShares
from clustersim.scenario.model import Scenario
from clustersim.views import figures
from clustersim.views.figures import FigureData, draw_all, style
from clustersim.views.figures.layout import whose
from clustersim.views.figures.life_cycle import PART, phase_band
from clustersim.views.figures.map_and_network import Moment, draw, moments, notes
from clustersim.views.figures.names import PHASE_NAMES, figure_title, instrument
from clustersim.views.figures.snapshots import Snapshot, snapshots
from clustersim.views.figures.sweeps import sweep_lines

LANGUAGES = ("en", "es")
PER_CLUSTER = ("trust_and_ties", "firms_and_jobs", "knowledge", "money_by_source", "map_and_network")
ALL = ("phase_strip", "life_cycle", *PER_CLUSTER)
INSTRUMENTS = ("facilitator", "association_grant", "project_cofinance", "export_network", "rd_tax_credit", "incubator",
               "fdi_attraction", "university_programme", "consensus_workshops", "cluster_mapping")  # fmt: skip


def scenario(clusters: list[str], years: float, title: str = "Machine tools, Basque Country") -> Scenario:
    """Return a small scenario, its programme as short as the horizon asks."""
    stage = {
        "name": "build",
        "quarters": 8,
        "instruments": [
            {"use": "facilitator", "per_year": 120},
            {"use": "association_founding", "per_year": 40, "quarters": 2},
            {"use": "association_grant", "per_year": 100},
        ],
    }
    return Scenario.model_validate({
        "title": title,
        "horizon": {"years": years, "start_year": 1990},
        "place": {"clusters": [{"name": n, "smes": 30, "tractors": 2, "trust": 0.5} for n in clusters]},
        "programme": {"stages": [stage]},
    })  # fmt: skip


def made_up(clusters: int = 1, replicates: int = 20, quarters: int = 120, survivors: float = 1.0, name: str = "place",
            spends: bool = True, title: str = "Machine tools, Basque Country") -> RunResult:  # fmt: skip
    """Return a result of invented numbers that runs through all phases; part of the replicates lose all firms half-way."""
    chance = np.random.default_rng(1)
    names = [f"{name}_{k}" for k in range(clusters)]
    made = scenario(names, quarters / 4, title)
    c, r, q = (a.ravel() for a in np.meshgrid(range(clusters), range(replicates), range(quarters), indexing="ij"))
    frame = pd.DataFrame({"replicate": r, "quarter": q, "year": 1990 + q / 4, "cluster": np.array(names)[c]})
    drift = np.cumsum(chance.normal(0.0, 0.05, (clusters, replicates, quarters)), axis=2).ravel()
    for key, indicator in INDICATORS.items():
        size = 1.0 if indicator.unit in ("1", "share", "log points", "turn", "share of sales") else 400.0
        frame[key] = 0.5 * size * np.exp(np.clip(drift, -0.6, 0.6)) * chance.uniform(0.9, 1.1)
    dead = (r >= survivors * replicates) & (q >= quarters // 2)
    frame.loc[dead, list(INDICATORS)] = 0.0
    shift = np.minimum(q * len(PHASES) // quarters + r % 2, len(PHASES) - 1)
    frame["phase"] = pd.Categorical.from_codes(np.where(dead, PHASES.index("dissolved"), shift), list(PHASES))
    columns = {"stage": "build", "public": 25.0 + r, "private": 5.0}
    spent = pd.concat([frame.iloc[:, :4].assign(instrument=use, **columns) for use in INSTRUMENTS])
    spent = spent if spends else spent.iloc[:0]
    frame["public_spending"] *= float(spends)
    order = chance.permutation(len(frame))  # figures must not lean on the order of rows
    return RunResult(made, 1, replicates, frame.iloc[order].reset_index(drop=True), pd.DataFrame(), spent)


CASES = {
    "usual": {},
    "one replicate": {"replicates": 1},
    "many replicates": {"replicates": 200},
    "one quarter": {"replicates": 3, "quarters": 1},
    "part of a year": {"replicates": 3, "quarters": 6},
    "three clusters": {"clusters": 3, "quarters": 40},
    "eight clusters with long names": {"clusters": 8, "quarters": 40, "name": "a_name_of_nearly_forty_letters_in_all"},
    "most replicates die": {"survivors": 0.3},
    "all replicates die": {"survivors": 0.0},
    "no spending": {"spends": False},
    "long title": {"title": "On $ and _ and <&> in titles: " + "a very long one " * 10},
}


@pytest.fixture(scope="module")
def run() -> RunResult:
    """Return a small run, simulated."""
    return simulate(scenario(["machine_tools"], 6.0), replicates=3, seed=2)


def draw_each(result: RunResult, lang: str) -> dict[str, Figure]:
    """Return all figures that rest on tables alone, for the first two clusters."""
    data = FigureData(result)
    drawn = {"phase_strip": figures.phase_strip(data, lang), "life_cycle": figures.life_cycle(data, lang)}
    for cluster in data.shown[:2]:
        for name in PER_CLUSTER[:-1]:
            drawn[f"{name} {cluster}"] = getattr(figures, name)(data, cluster, lang)
    return drawn


def texts(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[float, ...]]]:
    """Return the texts that a figure really draws, with their corners in pixels."""
    seen: dict[int, Text] = {}
    plain = Text.draw

    def draw(self: Text, renderer: object) -> None:
        if self.get_visible() and self.get_text().strip():
            seen[id(self)] = self
        plain(self, renderer)

    with monkeypatch.context() as patch, style.settings():
        patch.setattr(Text, "draw", draw)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        return [(t.get_text(), tuple(t.get_window_extent(canvas.get_renderer()).extents)) for t in seen.values()]


def assert_tidy(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check that no text leaves the page or lies over another."""
    found = texts(figure, monkeypatch)
    assert len(found) > 5
    for text, (x0, y0, x1, y1) in found:
        assert x0 >= 0 and y0 >= 0 and x1 <= figure.bbox.width and y1 <= figure.bbox.height, f"outside: {text!r}"
    for (text, a), (other, b) in itertools.combinations(found, 2):
        apart = a[0] > b[2] - 0.5 or b[0] > a[2] - 0.5 or a[1] > b[3] - 0.5 or b[1] > a[3] - 0.5
        assert apart, f"{text!r} lies over {other!r}"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_texts_stay_on_the_page_and_apart(case: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for figure in draw_each(made_up(**CASES[case]), lang).values():
        assert_tidy(figure, monkeypatch)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_draw_all_writes_each_figure_as_png_and_svg(run: RunResult, tmp_path: Path, lang: str) -> None:
    paths = draw_all(run, tmp_path / "figures", lang)
    assert sorted(p.name for p in paths) == sorted(f"{name}.{kind}" for name in ALL for kind in ("png", "svg"))
    assert sorted(paths) == sorted((tmp_path / "figures").iterdir())
    for path in paths:
        content = path.read_bytes()
        assert content.startswith(b"\x89PNG" if path.suffix == ".png" else b"<?xml"), path
        if path.suffix == ".svg":
            with speaking(lang):
                assert figure_title(path.stem) in content.decode()


@pytest.mark.slow
def test_several_clusters_have_a_file_each_and_more_than_six_are_cut_openly(tmp_path: Path) -> None:
    result = simulate(scenario([f"c{k}" for k in range(8)], 0.5), replicates=2)
    names = {path.name for path in draw_all(result, tmp_path)}
    assert {f"{figure}_c{k}.svg" for figure in PER_CLUSTER for k in range(6)} <= names
    assert not [name for name in names if "c6" in name or "c7" in name]
    strip = (tmp_path / "phase_strip.svg").read_text(encoding="utf-8")
    assert "first 6 of 8 clusters" in strip and "all 8 clusters" in strip


def test_a_choice_of_clusters_is_not_called_the_first() -> None:
    data = FigureData(simulate(scenario([f"c{k}" for k in range(8)], 0.5), replicates=2))
    data.shown = data.clusters[2:5]
    assert "3 of 8 clusters" in whose(data, None) and "first" not in whose(data, None)


def test_svg_holds_the_words_and_says_what_bands_are(tmp_path: Path) -> None:
    data = FigureData(made_up(replicates=7))
    expected = {
        "en": ["share of 7", "replicates (%)", "Transformation", "Museum", "10th to 90th percentile of 7 replicates", "jobs"],
        "es": ["proporción de 7", "réplicas (%)", "Transformación", "Museo", "percentiles 10 a 90 de 7 réplicas", "empleo"],
    }
    for lang, words in expected.items():
        figures.layout.save(figures.phase_strip(data, lang), tmp_path, f"strip_{lang}")
        figures.layout.save(figures.life_cycle(data, lang), tmp_path, f"curve_{lang}")
        text = "".join((tmp_path / f"{name}_{lang}.svg").read_text(encoding="utf-8") for name in ("strip", "curve"))
        text = re.sub(r"</text>\s*<text[^>]*>|</tspan>\s*<tspan[^>]*>", " ", text)
        for word in words:
            assert word in text, (lang, word)


def test_the_same_figure_gives_the_same_bytes(tmp_path: Path) -> None:
    result = made_up(quarters=12)
    for name in ("first", "second"):
        figures.layout.save(figures.phase_strip(FigureData(result)), tmp_path, name)
    for kind in ("png", "svg"):
        assert (tmp_path / f"first.{kind}").read_bytes() == (tmp_path / f"second.{kind}").read_bytes()
    assert "<dc:date>" not in (tmp_path / "first.svg").read_text(encoding="utf-8")


def test_nothing_global_is_changed(run: RunResult, tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    draw_all(run, tmp_path)
    assert dict(matplotlib.rcParams) == before


def test_the_palette_is_the_specified_one() -> None:
    assert style.PHASE_COLOURS | {"dissolved": ""} == {
        "agglomeration": "#D9D9D9", "creation": "#88CCEE", "development": "#0072B2", "maturity": "#004B49",
        "transformation": "#F0E442", "decline": "#D55E00", "museum": "#7F7F7F", "renaissance": "#CC79A7", "dissolved": "",
    }  # fmt: skip
    assert list(style.PHASE_COLOURS) == list(PHASES) == list(PHASE_NAMES)
    assert "museum" in style.PHASE_HATCHES and style.phase_look("museum")["hatch"]
    assert style.SERIES == ("#0072B2", "#D55E00", "#882255") and len({str(dash) for dash in style.DASHES}) == 3


def test_names_of_phases_read_on_their_colours() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

    for colour in style.PHASE_COLOURS.values():
        low, high = sorted((luminance(colour), luminance(style.ink_on(colour))))
        assert (high + 0.05) / (low + 0.05) >= 4.5  # WCAG AA


def test_the_argument_names_the_language_of_a_figure_and_nothing_else() -> None:
    data = FigureData(made_up(quarters=8))
    with speaking("es"):
        assert "Conocimiento y diversidad" in [text.get_text() for text in figures.knowledge(data, "place_0").texts]
        assert "Knowledge and diversity" in [text.get_text() for text in figures.knowledge(data, "place_0", "en").texts]
    with pytest.raises(InputError, match="'fr' is not a language"):
        figures.knowledge(data, "place_0", "fr")


def test_instruments_have_their_names_in_both_languages() -> None:
    with speaking("en"):
        assert instrument("rd_tax_credit") == "R&D tax credit"
    with speaking("es"):
        assert instrument("facilitator") == "Facilitador"


@pytest.mark.parametrize(("lang", "ticks"), [("en", {"0", "1,000", "2,000"}), ("es", {"0", "1000", "2000"})])
def test_ticks_keep_the_language_of_their_figure(lang: str, ticks: set[str]) -> None:
    with speaking(lang):
        figure = Figure()
        ax = figure.add_subplot()
        ax.plot([1990.0, 1995.0], [0.0, 2000.0])
        style.scale_axes(ax, 1990.0, 1995.0)
    with speaking("en" if lang == "es" else "es"):
        FigureCanvasAgg(figure).draw()
    assert ticks <= {label.get_text() for label in ax.get_yticklabels()}


def test_bands_are_percentiles_and_leave_out_the_undefined() -> None:
    values = np.array([[1.0, np.nan, np.nan], [2.0, 4.0, np.nan], [3.0, 8.0, np.nan]])
    found = style.bands(values)
    np.testing.assert_allclose(found.median, [2.0, 6.0, np.nan])
    np.testing.assert_allclose(found.low, [1.2, 4.4, np.nan])
    np.testing.assert_allclose(found.upper, [2.5, 7.0, np.nan])


def test_labels_are_moved_apart_and_keep_their_order() -> None:
    placed = style.spread([0.5, 0.5, 0.1, 0.52], [0.1] * 4)
    assert np.argsort(placed, kind="stable").tolist() == [2, 0, 1, 3]
    assert np.diff(np.sort(placed)).min() >= 0.1 - 1e-12
    assert placed[2] == pytest.approx(0.1)
    assert np.ptp(style.spread([0.5] * 30, [0.1] * 30)) <= 1.0 + 1e-12
    assert style.spread([], []) == []


def test_strip_and_curve_change_the_phase_where_the_result_does() -> None:
    result = made_up(replicates=40, quarters=80)
    codes = np.zeros((40, 80), dtype=int)
    codes[:, 20:] = 1
    for quarter in range(40, 60):  # 21 and 19 replicates take turns
        codes[: (21 if quarter % 2 else 19), quarter] = 0
    codes[:, 60:] = 4
    frame = result.indicators
    frame["phase"] = pd.Categorical.from_codes(codes[frame["replicate"], frame["quarter"]], list(PHASES))
    told = result.most_frequent_phase()
    assert (told["phase"] != told["phase"].shift()).sum() == 3 and told["close"].notna().sum() == 20
    for figure, place in ((figures.phase_strip, 0), (figures.life_cycle, 1)):
        axes = figure(FigureData(result)).axes[place]
        lines = [line.get_xdata()[0] for line in axes.lines if line.get_color() == style.INK]
        assert lines == told["year"][told["phase"] != told["phase"].shift()].tolist()[1:]
        assert {"Agglomeration", "Transformation"} <= {text.get_text() for text in axes.texts}


def test_the_curve_splits_its_strip_where_two_phases_are_close() -> None:
    shares = np.zeros((len(PHASES), 4))
    shares[1], shares[5] = [0.3, 0.45, 0.52, 0.7], [0.7, 0.55, 0.48, 0.3]
    heights, told = phase_band(PhaseShares(shares, 1000))
    assert [tuple(spell) for spell in told] == [(5, 0, 3), (1, 3, 4)]
    np.testing.assert_allclose(heights.sum(axis=0), 1.0)
    np.testing.assert_allclose(heights[5], [1.0, 1.0, 1.0 - PART, 0.0])


def test_data_takes_any_order_of_rows_and_refuses_a_part() -> None:
    result = made_up(clusters=2, replicates=3, quarters=8)
    data = FigureData(result)
    frame = result.indicators
    row = frame[(frame.cluster == "place_1") & (frame.replicate == 2) & (frame.quarter == 5)]
    assert data.values("trust", "place_1")[2, 5] == row.trust.item()
    assert PHASES[data.phases("place_1")[2, 5]] == row.phase.item()
    shares = data.phase_shares(None).shares
    np.testing.assert_allclose(shares.sum(axis=0), 1.0)
    result.indicators = frame.iloc[1:]
    with pytest.raises(ValueError, match="47 rows"):
        FigureData(result)


def test_spending_by_year_adds_up_and_relative_employment_starts_at_the_base() -> None:
    result = made_up(replicates=4, quarters=14)
    data = FigureData(result)
    spending = data.spending("place_0")
    full_years = result.spending[result.spending.quarter < 12]
    assert spending.public.sum() == pytest.approx(full_years.public.sum())
    assert spending.public.shape == (len(INSTRUMENTS), 4, 3)
    quotient = result.scenario.place.clusters[0].location_quotient
    one = 100.0 * data.values("location_quotient", "place_0") / quotient
    np.testing.assert_allclose(data.relative_employment("place_0"), one)
    np.testing.assert_allclose(data.relative_employment(None), one)  # one cluster: all together are the same


@pytest.mark.parametrize("quarters", [1, 2, 3, 4, 7])
def test_what_is_told_a_year_is_so_in_a_run_that_is_shorter_than_a_year(quarters: int) -> None:
    """The axes say a year: half a year's sales are told twice, as everywhere else; of longer runs whole years are summed."""
    result = made_up(quarters=quarters)
    result.indicators["sales"] = 10.0
    result.spending["public"] = 25.0
    data = FigureData(result)
    np.testing.assert_allclose(data.yearly(data.values("sales", "place_0")), 40.0)
    np.testing.assert_allclose(data.spending("place_0").public, 100.0)
    assert len(data.years) == 1


def test_bands_of_a_sweep_are_named_where_they_are_drawn(tmp_path: Path) -> None:
    for options, drawn in ((3, True), (4, False)):
        keys = {"institutions.government.coordination": [0.2, 0.4, 0.6, 0.8][:options]}
        what = {"title": "Options", "scenarios": ["organic"], "set": {"place.clusters.valley.smes": 8}, "replicates": 1,
                "years": 0.5, "levers": {"keys": keys}, "outputs": {"indicators": ["employment"], "every": 1}}  # fmt: skip
        figure = sweep_lines(sweep(what, tmp_path, name=f"of{options}", workers=1), ["employment"])
        assert bool(figure.axes[0].collections) == drawn == any("bands" in text.get_text() for text in figure.texts)


def test_snapshots_of_a_run_that_was_changed_in_mid_run_are_those_of_the_changed_run() -> None:
    changes = [{"quarter": 4, "key": "parameters.trust.gain", "now": 0.12}, {"quarter": 6, "key": "environment.shocks", "now": [
        {"kind": "demand", "year": 1.5, "size": -0.4}]}]  # fmt: skip
    run = simulate("organic", years=4, changes=changes)
    moments_of = [(quarter, 0) for quarter in (3, 4, 7, 16)]
    taken = snapshots(figures.simulate_again(run), 0, moments_of, run.changes)
    rows = run.indicators.set_index("quarter")
    for quarter, cluster in moments_of:
        assert taken[quarter, cluster].jobs.sum() == pytest.approx(rows.loc[quarter - 1].employment, rel=1e-12)
    assert run.plot("map_and_network") is not None


def test_snapshots_are_those_of_the_recorded_run(run: RunResult) -> None:
    data = FigureData(run)
    replicate = data.typical_replicate()
    when = moments(data, "machine_tools", replicate)
    taken = snapshots(figures.simulate_again(run), replicate, [(moment.quarter, 0) for moment in when])
    rows = run.indicators[run.indicators.replicate == replicate].set_index("quarter")
    for moment in when:
        row, snapshot = rows.loc[moment.quarter - 1], taken[moment.quarter, 0]
        assert (snapshot.firms, snapshot.outside) == (row.firms, row.external_ties)
        assert snapshot.jobs.sum() == pytest.approx(row.employment, rel=1e-12)
        assert PHASES[snapshot.phase] == PHASES[moment.phase] == row.phase
        assert snapshot.a.size == snapshot.ties and (snapshot.level >= 1).all()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_map_is_tidy_with_and_without_firms(run: RunResult, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = FigureData(run)
    assert_tidy(figures.map_and_network(data, "machine_tools", figures.simulate_again(run), lang), monkeypatch)
    none = np.zeros(0)
    empty = Snapshot(none, none, none, none, none.astype(int), none.astype(int), none, 0, 0, 0, 12.0, PHASES.index("dissolved"))
    for count in range(1, 10):
        when = [Moment(PHASES.index("dissolved"), 1 + k, last=k == 8) for k in range(count)]
        with speaking(lang):
            assert_tidy(draw(data, "machine_tools", 0, when, [empty] * count), monkeypatch)


def test_a_map_says_whether_its_replicate_is_typical_or_was_chosen(run: RunResult) -> None:
    data = FigureData(run)
    typical = data.typical_replicate()
    chosen = next(number for number in data.replicates.tolist() if number != typical)
    with speaking("en"):
        assert "the nearest to the median final employment" in notes(data, typical, [], [])[0]
        assert notes(data, chosen, [], [])[0].startswith(f"Replicate {chosen}, which was chosen. Area")


def test_the_check_of_tidiness_finds_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = figures.knowledge(FigureData(made_up(quarters=8)), "place_0")
    figure.text(0.02, 0.99, "over the title", va="top")
    with pytest.raises(AssertionError, match="lies over"):
        assert_tidy(figure, monkeypatch)
    figure.texts[-1].set(x=0.99, y=0.5)
    with pytest.raises(AssertionError, match="outside"):
        assert_tidy(figure, monkeypatch)
