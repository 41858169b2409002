"""What results offer in Python: a short name, a page in notebooks, figures, a CSV file, a data set, a bar."""

from __future__ import annotations

import io
import re
import time

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from clustersim import InputError, load_scenario, simulate, sweep
from clustersim.core.words import speaking
from clustersim.results import progress
from clustersim.studies.selection.criteria import CRITERIA
from clustersim.studies.selection.measures import Measures
from clustersim.studies.selection.ranking import rank
from compare_cases import small
from result_cases import recorded, scenario
from sweep_cases import experiment


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Return a finished sweep."""
    folder = tmp_path_factory.mktemp("swept")
    return sweep(experiment(folder), folder)


@pytest.fixture(scope="module")
def ranked():
    """Return a ranking of two candidates."""
    values = np.random.default_rng(1).random((3, 2, len(CRITERIA)))
    return rank(Measures(["<shoes>", "cheese"], values, True), dict.fromkeys(CRITERIA, 1.0))


@pytest.fixture(scope="module", params=["run", "comparison", "sweep", "ranking"])
def each(request, swept, ranked):
    """Return a result of each kind."""
    return {"run": recorded(), "comparison": small(), "sweep": swept, "ranking": ranked}[request.param]


def test_names_are_short_and_say_what_it_is(each):
    said = repr(each)
    assert said.startswith(f"<{type(each).__name__} ") and len(said) < 200 and "\n" not in said
    assert len(repr(load_scenario("designed"))) < 120 and str(load_scenario("designed")) == repr(load_scenario("designed"))


def test_pages_in_notebooks_are_escaped_and_speak_the_language_in_force(each):
    page = each._repr_html_()
    assert page.startswith("<div>") and "<table>" in page and len(page) < 10_000
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page)
    assert cells and not any("nan" in cell for cell in cells)
    with speaking("es"):
        other = each._repr_html_()
    assert other.count("<tr>") == page.count("<tr>")
    assert other != page


def test_what_a_scenario_says_is_no_markup():
    page = scenario(title="<script>alert(1)</script>")._repr_html_()
    assert "<script>" not in page and "&lt;script&gt;" in page and "programme: first, second" in page
    assert "no programme" in scenario(programme=None)._repr_html_()


def test_a_run_shows_medians_with_units_of_each_cluster():
    page, last = recorded()._repr_html_(), recorded().indicators.query("quarter == 21")
    firms = last[last["cluster"] == "south"]["firms"].median()
    row = re.search(r"<td[^>]*>Firms · south</td><td[^>]*>firms</td><td[^>]*>[^<]*</td><td[^>]*>([^<]*)</td>", page)
    assert row is not None and row[1].split(" ")[0] == f"{firms:.1f}"


def test_a_comparison_shows_means_and_differences():
    found, page = small(), small()._repr_html_()
    mean = found.outcome("supported", "public_cost").mean()
    assert f"{mean:,.0f}" in page and "With help &amp; &lt;care&gt;" in page


def test_figures_are_drawn_by_name_in_either_language(each):
    figure = each.plot()
    assert isinstance(figure, Figure) and figure._repr_png_().startswith(b"\x89PNG")
    texts = ["".join(text.get_text() for text in each.plot(language=lang).findobj(match=_is_text)) for lang in ("en", "es")]
    assert texts[0] != texts[1]
    with pytest.raises(InputError, match="Allowed: "):
        each.plot("no_such_figure")
    with pytest.raises(InputError, match="not a language"):
        each.plot(language="fr")


def _is_text(artist):
    return hasattr(artist, "get_text")


def test_a_figure_of_one_cluster_is_called_by_its_name():
    north, south = (recorded().plot(f"firms_and_jobs:{name}") for name in ("north", "south"))
    assert any("south" in text.get_text() for text in south.findobj(match=_is_text))
    assert not any("south" in text.get_text() for text in north.findobj(match=_is_text))
    with pytest.raises(InputError, match="Did you mean 'life_cycle'"):
        recorded().plot("lifecycle")


def test_csv_holds_the_main_table(each, tmp_path):
    frame = pd.read_csv(each.to_csv(tmp_path / "table.csv"))
    assert len(frame) > 0 and not [path for path in tmp_path.iterdir() if path.name != "table.csv"]
    with pytest.raises(InputError, match="does not exist"):
        each.to_csv(tmp_path / "nowhere" / "table.csv")
    with pytest.raises(InputError, match="is a folder"):
        each.to_csv(tmp_path)


def test_csv_of_a_run_reads_back_to_the_last_bit(tmp_path):
    frame = pd.read_csv(recorded().to_csv(str(tmp_path / "run.csv")))
    np.testing.assert_array_equal(frame["trust"].to_numpy(), recorded().indicators["trust"].to_numpy())


def test_a_run_is_a_data_set_with_dimensions_and_units():
    pytest.importorskip("xarray")
    found, frame = recorded().to_xarray(), recorded().indicators
    assert dict(found.sizes) == {"replicate": 3, "cluster": 2, "quarter": 22}
    assert found["employment"].attrs["units"] == "persons" and float(found["year"][0]) == 1990.0
    assert found["cluster"].values.tolist() == ["north", "south"]
    row = frame[(frame["replicate"] == 2) & (frame["cluster"] == "south") & (frame["quarter"] == 13)].iloc[0]
    there = found.sel(replicate=2, cluster="south", quarter=13)
    assert float(there["trust"]) == row["trust"] and str(there["phase"].item()) == row["phase"]


def test_a_comparison_is_a_data_set_by_option():
    pytest.importorskip("xarray")
    found = small().to_xarray()
    assert found["option"].values.tolist() == ["alone", "supported", "again"]
    np.testing.assert_array_equal(found["jobs"].sel(option="supported").to_numpy(), small().outcome("supported", "jobs"))
    series = found["employment"].sel(option="supported").to_numpy()
    np.testing.assert_array_equal(series, small().series("supported", "employment"))
    assert found["jobs"].attrs["units"] == "jobs"


def test_a_sweep_is_a_data_set_with_its_levers(swept):
    pytest.importorskip("xarray")
    found = swept.to_xarray()
    assert found["institutions.government.coordination"].dims == ("option",)
    assert found["place.clusters.valley.trust"].dims == ("world",)
    frame = swept.indicators.iloc[17]
    where = {name: frame[name] for name in ("scenario", "option", "world", "seed", "replicate", "cluster", "quarter")}
    assert float(found["employment"].sel(where)) == frame["employment"]


def test_without_xarray_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "xarray", None)
    with pytest.raises(InputError, match="xarray, which is not installed") as caught:
        recorded().to_xarray()
    assert "clustersim[xarray]" in caught.value.hint


def test_progress_shows_a_bar_and_changes_no_number(capsys):
    plain = simulate(scenario(), seed=5, replicates=2, years=1)
    shown = simulate(scenario(), seed=5, replicates=2, years=1, progress=True)
    pd.testing.assert_frame_equal(plain.indicators, shown.indicators)
    assert "100%" in (said := capsys.readouterr().err) and "8 of 8 quarters" in said
    simulate(scenario(), seed=5, years=1, progress=False)
    assert capsys.readouterr().err == ""
    calls = []
    simulate(scenario(), seed=5, years=1, progress=lambda done, total: calls.append((done, total)))
    assert calls[-1] == (4, 4)


def test_a_sweep_shows_a_bar_too(tmp_path, capsys):
    sweep(experiment(tmp_path), tmp_path, progress=True)
    assert "120 of 120 runs" in capsys.readouterr().err


def test_no_speed_is_told_before_it_means_something():
    assert progress.progress_line(0, 1000, 0.0) == "0 of 1,000 quarters"
    assert progress.progress_line(0, 1000, 300.0) == "0 of 1,000 quarters", "a long wait is no speed of 0"
    assert progress.progress_line(5, 1000, 300.0) == "5 of 1,000 quarters"
    assert progress.progress_line(500, 1000, 10.0) == "500 of 1,000 quarters, 50.0 quarters/s, about 10 s left"


def test_a_bar_moves_seldom_and_always_ends(monkeypatch):
    said, stream = [], io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    with progress.shown(True) as bar:
        monkeypatch.setattr(bar._bar, "set_description_str", said.append)
        began = time.monotonic()
        for done in range(1, 2001):
            bar(done, 2000)
        lasted = time.monotonic() - began
    assert len(said) <= 3 + lasted / progress.EVERY and said[-1].startswith("2,000 of 2,000 quarters")


@pytest.mark.parametrize("wrong", [None, 3, 1.5, b"x", [], {}, object(), "\0", "\ud800", "x" * 300])
def test_a_file_that_cannot_be_is_refused_in_one_sentence(wrong):
    with pytest.raises(InputError) as refused:
        recorded().to_csv(wrong)
    assert len(str(refused.value).splitlines()) == 1


class Nameless:
    """What cannot say what it is."""

    def __repr__(self):
        raise RuntimeError("no name")


@pytest.mark.parametrize("wrong", [3, b"x", [], np.arange(3), np.array(["knowledge", "firms_and_jobs"]), Nameless()])
def test_what_is_no_name_of_a_figure_or_a_language_is_refused(wrong):
    with pytest.raises(InputError, match="is not a figure"):
        recorded().plot(wrong)
    with pytest.raises(InputError, match="is not a language"):
        recorded().plot("life_cycle", language=wrong)
