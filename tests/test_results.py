"""Results: tables, records, and what is written and read again."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from clustersim import results, run_options, storage
from clustersim.errors import InputError
from clustersim.indicators import INDICATORS
from clustersim.programme import Programme
from clustersim.results import read_result, simulate, write_result
from clustersim.scenario.model import Scenario
from clustersim.state import PHASES
from clustersim.tables import DATA_DICTIONARY, EVENTS

KEYS = ["replicate", "cluster", "quarter"]
QUARTERS = 22


def scenario(**changes):
    """Return a small world of two clusters in which everything happens: programme, projects, shocks, entry and exit."""
    facilitator = {"use": "facilitator", "per_year": 240}
    data = {
        "title": "Small world",
        "horizon": {"years": QUARTERS / 4, "start_year": 1990},
        "place": {
            "clusters": [
                {"name": "north", "smes": 40, "tractors": 3, "trust": 0.5, "segments": ["parts", "machines"]},
                {"name": "south", "smes": 20, "tractors": 1, "trust": 0.45, "segments": ["machines", "services"]},
            ]
        },
        "environment": {"shocks": [{"kind": "technology", "year": 2, "size": 0.2}]},
        "programme": {
            "stages": [
                {
                    "name": "first",
                    "quarters": 6,
                    "instruments": [facilitator, {"use": "university_programme", "per_year": 90}],
                },
                {
                    "name": "second",
                    "quarters": 20,
                    "instruments": [
                        facilitator,
                        {"use": "association_founding", "per_year": 40, "quarters": 4},
                        {"use": "association_grant", "per_year": 150},
                        {"use": "project_cofinance", "per_year": 100, "cofinance": 0.2},
                    ],
                },
            ]
        },
    }
    return Scenario.model_validate(data | changes)


@pytest.fixture(scope="module")
def result():
    return simulate(scenario(), seed=5, replicates=3, records=("firms", "ties", "events"), name="small")


@pytest.fixture(scope="module")
def at_year_end(result):
    """Indicators at the quarters in which firms and ties were read, by replicate, cluster and quarter."""
    frame = result.indicators
    return frame[frame["quarter"].isin(result.firms["quarter"].unique())].set_index(KEYS).sort_index()


def test_indicators_hold_every_quarter_once(result):
    frame = result.indicators
    assert len(frame) == 3 * 2 * QUARTERS
    assert not frame.duplicated(KEYS).any()
    assert list(frame) == list(DATA_DICTIONARY["indicators.parquet"]["columns"])
    assert set(INDICATORS) <= set(frame)
    assert list(frame["phase"].cat.categories) == list(PHASES)
    assert frame["year"].min() == 1990.0 and frame["year"].max() == 1990 + (QUARTERS - 1) / 4
    assert np.isfinite(frame.select_dtypes("number").to_numpy()).all()


def test_every_table_follows_the_dictionary_and_has_units(result):
    for name, frame in result.tables().items():
        columns = DATA_DICTIONARY[f"{name}.parquet"]["columns"]
        assert list(frame) == list(columns)
        assert frame.attrs["units"] == {key: unit for key, (unit, _) in columns.items()}
        assert not [column for column in frame if frame[column].dtype == object]
        assert all(doc and unit for unit, doc in columns.values())


def test_years_of_yearly_tables(result):
    read = result.firms.groupby("quarter")["year"].agg(["min", "max"])
    assert read.index.tolist() == [3, 7, 11, 15, 19, QUARTERS - 1]
    assert read["min"].tolist() == read["max"].tolist() == [1990, 1991, 1992, 1993, 1994, 1995]


def test_phases_are_the_changes_of_the_phase_column(result):
    frame = result.indicators.sort_values(KEYS)
    before = frame.groupby(["replicate", "cluster"], observed=True)["phase"].shift(fill_value="agglomeration")
    changed = frame[frame["phase"].astype(str) != before.astype(str)]
    assert len(changed) == len(result.phases)
    merged = result.phases.merge(changed, on=KEYS, how="inner")
    assert (merged["to"].astype(str) == merged["phase"].astype(str)).all()


def test_spending_adds_up_to_the_indicator(result):
    spent = result.spending.groupby(KEYS, observed=False)[["public", "private"]].sum()
    frame = result.indicators.set_index(KEYS)["public_spending"]
    paid = spent["public"].reindex(frame.index, fill_value=0.0)
    np.testing.assert_allclose(paid, frame, rtol=1e-9, atol=1e-9)
    assert set(result.spending["instrument"].unique()) <= {
        "facilitator", "university_programme", "association_founding", "association_grant", "project_cofinance",
    }  # fmt: skip
    assert ((result.spending["public"] > 0) | (result.spending["private"] > 0)).all()
    university = result.spending[result.spending["instrument"] == "university_programme"]
    assert university["public"].max() == pytest.approx(90 / 4)  # two effects, paid once


def _hhi(sales):
    return (sales**2).sum() / sales.sum() ** 2


FROM_FIRMS = {
    "firms": lambda f: len(f),
    "tractors": lambda f: (f["kind"] == "tractor").sum(),
    "micro": lambda f: (f["employees"] < 10).sum(),
    "small": lambda f: f["employees"].between(10, 50, inclusive="left").sum(),
    "medium": lambda f: f["employees"].between(50, 250, inclusive="left").sum(),
    "large": lambda f: (f["employees"] >= 250).sum(),
    "employment": lambda f: f["employees"].sum(),
    "productivity": lambda f: f["value_added"].sum() / f["employees"].sum(),
    "young_share": lambda f: (f["age"] <= 5).mean(),
    "concentration": lambda f: _hhi(f["sales"]),
    "dependence": lambda f: f["dependence"][f["dependence"] > 0].mean() if (f["dependence"] > 0).any() else 0.0,
    "belief": lambda f: f["belief"].mean(),
    "knowledge": lambda f: f["knowledge"].mean(),
    "absorptive": lambda f: f["absorptive"].mean(),
    "rd_share": lambda f: f["rd_share"].mean(),
    "innovations": lambda f: f["innovated"].mean(),
    "certified_share": lambda f: f["certified"].mean(),
    "quality": lambda f: f["quality"].mean(),
    "search": lambda f: f["search"].mean(),
    "sales": lambda f: f["sales"].sum(),
    "exports": lambda f: (f["export_share"] * f["sales"]).sum(),
    "export_share": lambda f: (f["export_share"] * f["sales"]).sum() / f["sales"].sum(),
    "value_added": lambda f: f["value_added"].sum(),
    "local_sourcing": lambda f: (f["local_share"] * f["sales"]).sum() / f["sales"].sum(),
    "profit": lambda f: f["profit"].sum(),
    "margin": lambda f: f["profit"].sum() / f["sales"].sum(),
    "credit": lambda f: f["debt"].sum(),
    "assets": lambda f: f["assets"].sum(),
    "cash": lambda f: f["cash"].sum(),
}


@pytest.mark.parametrize("name", FROM_FIRMS)
def test_indicator_recomputed_from_firms(result, at_year_end, name):
    groups = result.firms.groupby(KEYS, observed=True)
    found = pd.Series({key: FROM_FIRMS[name](frame) for key, frame in groups}).sort_index()
    assert len(found) == len(at_year_end)
    np.testing.assert_allclose(found.to_numpy(), at_year_end[name].to_numpy(), rtol=1e-9, atol=1e-9)


LEVEL = {"acquaintance": 0, "information": 1, "commercial": 2, "strategic": 3}
FROM_TIES = {
    "ties": lambda t: len(t),
    "acquaintances": lambda t: (t["level"] == "acquaintance").sum(),
    "information_ties": lambda t: (t["level"] == "information").sum(),
    "commercial_ties": lambda t: (t["level"] == "commercial").sum(),
    "strategic_ties": lambda t: (t["level"] == "strategic").sum(),
    "vertical_ties": lambda t: (t["kind"] == "vertical").sum(),
    "horizontal_ties": lambda t: (t["kind"] == "horizontal").sum(),
    "mean_level": lambda t: t["level"].map(LEVEL).astype(float).mean() if len(t) else 0.0,
}


@pytest.mark.parametrize("name", [*FROM_TIES, "institutional_ties", "external_ties"])
def test_indicator_recomputed_from_ties(result, at_year_end, name):
    ties = result.ties
    if name == "external_ties":
        ties, count = ties[ties["b"] == "outside"], len
    elif name == "institutional_ties":
        ties, count = ties[(ties["kind"] == "institutional") & (ties["level"] != "acquaintance")], len
    else:
        ties, count = ties[ties["kind"].isin(["vertical", "horizontal"])], FROM_TIES[name]
    found = pd.Series({key: count(frame) for key, frame in ties.groupby(KEYS, observed=True)})
    found = found.reindex(at_year_end.index, fill_value=0)
    np.testing.assert_allclose(found.to_numpy(float), at_year_end[name].to_numpy(), rtol=1e-9, atol=1e-9)
    assert found.sum() > 0


def test_partners_of_ties_are_known_firms(result):
    known = set(zip(result.firms["replicate"], result.firms["quarter"], result.firms["firm"].astype(str), strict=True))
    ties = result.ties
    for side in ("a", "b"):
        firms = ties[ties[f"{side}_kind"].isin(["tractor", "sme"])]
        assert set(zip(firms["replicate"], firms["quarter"], firms[side].astype(str), strict=True)) <= known
    assert ((ties["b"] == "outside") == (ties["kind"] == "external")).all()
    assert ties["trust_ab"].between(0, 1).all() and ties["trust_ba"].between(0, 1).all()


def _counted(result, event, **where):
    frame = result.events[result.events["event"] == event]
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame.groupby(KEYS, observed=False).size().reindex(result.indicators.set_index(KEYS).index, fill_value=0)


@pytest.mark.parametrize(
    ("indicator", "event", "where"),
    [
        ("entries", "entry", {}),
        ("spinoffs", "spinoff", {}),
        ("exits", "exit", {}),
        ("projects_started", "project_started", {}),
        ("projects_succeeded", "project_ended", {"after": "success"}),
        ("projects_failed", "project_ended", {"after": "failure"}),
    ],
)
def test_events_count_as_the_indicators_do(result, indicator, event, where):
    counted = _counted(result, event, **where)
    np.testing.assert_array_equal(counted, result.indicators.set_index(KEYS)[indicator])
    assert counted.sum() > 0


def test_ties_change_by_what_formed_and_ended(result):
    formed = sum(_counted(result, "tie_formed", detail=kind) for kind in ("vertical", "horizontal"))
    ended = sum(_counted(result, "tie_ended", detail=kind) for kind in ("vertical", "horizontal"))
    ties = result.indicators.set_index(KEYS)["ties"]
    change = ties - ties.groupby(level=[0, 1], observed=True).shift()
    later = change.notna()  # the first firms know each other before the first quarter
    np.testing.assert_array_equal((formed - ended)[later], change[later])


def test_levels_of_ties_follow_their_events(result):
    up = result.events[result.events["event"] == "tie_climbed"]
    down = result.events[result.events["event"] == "tie_dropped"]
    assert len(up) and len(down)
    assert (up["after"].astype(str).map(LEVEL) - up["before"].astype(str).map(LEVEL) == 1).all()
    assert (down["after"].astype(str).map(LEVEL) < down["before"].astype(str).map(LEVEL)).all()


def test_events_tell_stages_shocks_phases_and_associations(result):
    events = result.events
    assert set(events["event"].unique()) <= set(EVENTS)
    stages = events[events["event"] == "stage_begun"]
    assert (stages.groupby("detail", observed=True).size() == 6).all() and set(stages["detail"]) == {"first", "second"}
    shocks = events[events["event"] == "shock"]
    assert len(shocks) == 6 and set(shocks["quarter"]) == {8} and set(shocks["detail"]) == {"technology"}
    assert (events["event"] == "phase_changed").sum() == len(result.phases)
    formal = result.indicators.set_index(KEYS)["formal"]
    change = formal - formal.groupby(level=[0, 1], observed=True).shift(fill_value=0.0)
    np.testing.assert_array_equal(
        _counted(result, "association_founded") - _counted(result, "association_closed"), change
    )


def test_births_and_exits_name_the_firm(result):
    events = result.events
    born = events[events["event"].isin(["entry", "spinoff"])]
    assert born["firm"].notna().all()
    assert (born["other"].notna() == (born["event"] == "spinoff")).all()
    exits = events[events["event"] == "exit"]
    assert exits["firm"].notna().all() and exits["after"].notna().all()
    assert not exits.duplicated(["replicate", "cluster", "firm"]).any()
    assert (exits["after"] != "unknown").any()


def test_replicates_are_the_same_alone_and_in_any_batch(result, monkeypatch):
    alone = simulate(scenario(), seed=5, replicates=[1], records=("firms",), name="small")
    pd.testing.assert_frame_equal(
        alone.indicators, result.indicators.query("replicate == 1").reset_index(drop=True), check_exact=True
    )
    monkeypatch.setattr(results, "BATCH_BYTES", 1)
    seen = []
    split = simulate(scenario(), seed=5, replicates=3, records=("firms", "ties", "events"),
                     progress=lambda done, total: seen.append((done, total)))  # fmt: skip
    for name, frame in result.tables().items():
        pd.testing.assert_frame_equal(split.tables()[name].astype(str), frame.astype(str), check_exact=True, obj=name)
        assert split.tables()[name].attrs == frame.attrs
    assert seen[-1] == (3 * QUARTERS, 3 * QUARTERS)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


def test_records_do_not_change_the_run(result):
    plain = simulate(scenario(), seed=5, replicates=3)
    assert plain.firms is None and plain.events is None
    pd.testing.assert_frame_equal(plain.indicators, result.indicators, check_exact=True)
    pd.testing.assert_frame_equal(plain.spending, result.spending, check_exact=True)


def test_written_and_read_again(result, tmp_path):
    folder = write_result(result, tmp_path / "out" / result.folder_name)
    read = read_result(folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["run.json", *(f"{name}.parquet" for name in result.tables())]
    )
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    for name, frame in result.tables().items():
        pd.testing.assert_frame_equal(read.tables()[name], frame, check_exact=True)
        assert read.tables()[name].attrs == frame.attrs
    assert (read.scenario, read.seed, read.replicates, read.name) == (result.scenario, 5, 3, "small")
    assert read.folder_name == result.folder_name == folder.name


def test_run_json_says_where_the_result_comes_from(result, tmp_path):
    folder = write_result(result, tmp_path / "r")
    text = (folder / "run.json").read_text()
    run = json.loads(text)
    assert run["scenario"] == result.scenario.model_dump(mode="json")
    assert run["seed"] == run["scenario"]["seed"] == 5
    assert {"clustersim", "python", "numba", "numpy"} <= set(run["versions"])
    assert len(run["kernel_sources"]) == 16 and run["quarters"] == QUARTERS
    assert run["parameters"]["trust"]["gain"] > 0 and len(run["parameters_hash"]) == 16
    assert set(run["machine"]) == {"system", "architecture", "processors", "memory"}
    assert str(tmp_path) not in text and "/" not in json.dumps(run["machine"])


def test_folder_name_follows_what_the_result_depends_on(result):
    def name(**change):
        return simulate(
            scenario(), **({"seed": 5, "replicates": 1, "years": 0.5, "name": "small"} | change)
        ).folder_name

    first = name()
    assert first == name() and first.startswith("small-")
    assert len({first, name(seed=6), name(replicates=2), name(years=1), result.folder_name}) == 5


def test_a_failing_write_leaves_the_older_result(result, tmp_path):
    folder = write_result(result, tmp_path / "r")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(place):
        (place / "half.png").write_bytes(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_result(result, folder, fail)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["r"]
    with pytest.raises(KeyboardInterrupt):
        write_result(result, tmp_path / "new" / "deep", fail)
    assert [path.name for path in tmp_path.iterdir()] == ["r"]
    write_result(result, folder, lambda place: (place / "figures").mkdir())
    assert (folder / "figures").is_dir() and [path.name for path in tmp_path.iterdir()] == ["r"]


def test_a_folder_that_is_no_result_is_never_replaced(result, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("words")
    with pytest.raises(InputError, match="is not a result"):
        write_result(result, tmp_path / "thesis")
    with pytest.raises(InputError, match="cannot write"):
        write_result(result, tmp_path / "thesis" / "chapter.txt" / "r")
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "words"


def test_check_writable_leaves_nothing(tmp_path):
    storage.check_writable(tmp_path / "a" / "b")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="not a folder"):
        storage.check_writable(tmp_path / "file" / "b")
    with pytest.raises(InputError, match="cannot write"):
        storage.check_writable(tmp_path / ("x" * 300))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_damaged_results_are_told(result, tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        read_result(tmp_path / "none")
    with pytest.raises(InputError, match=r"no run\.json"):
        read_result(tmp_path)
    folder = write_result(result, tmp_path / "r")
    (folder / "phases.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="not a Parquet file"):
        read_result(folder)
    (folder / "phases.parquet").unlink()
    with pytest.raises(InputError, match="is missing"):
        read_result(folder)
    (folder / "run.json").write_text('{"scenario": {}}')
    with pytest.raises(InputError, match="cannot read it"):
        read_result(folder)
    (folder / "run.json").write_text("{")
    with pytest.raises(InputError, match="not a JSON"):
        read_result(folder)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"seed": -1}, "seed"),
        ({"replicates": 0}, "replicates"),
        ({"replicates": [-1]}, "replicates"),
        ({"years": float("nan")}, "years"),
        ({"years": 201}, "years"),
        ({"records": ("firm",)}, "Did you mean 'firms'"),
    ],
)
def test_impossible_arguments(change, match):
    with pytest.raises(InputError, match=match):
        simulate(scenario(), **change)


def test_records_that_do_not_fit_are_refused(monkeypatch):
    monkeypatch.setattr(run_options, "BYTES_PER_RECORD", {"firms": 10**12, "ties": 1, "events": 1})
    with pytest.raises(InputError, match="GiB of memory"):
        simulate(scenario(), records=("firms",))


def test_a_scenario_without_programme_spends_nothing():
    result = simulate(scenario(programme=None), years=0.5, records=("events",))
    assert result.spending.empty and list(result.spending) == list(DATA_DICTIONARY["spending.parquet"]["columns"])
    assert isinstance(scenario().programme, Programme)
