"""Validation: the laboratory, the command, its files and pictures, and the patterns themselves."""

from __future__ import annotations

import itertools
import json
import re
from datetime import date

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from clustersim import __version__
from clustersim.cli import command_line as cli
from clustersim.cli.validate import reasons, remarks
from clustersim.core.words import N_, said_in, speaking
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import AGGLOMERATION, DEVELOPMENT, DISSOLVED, PHASES
from clustersim.studies.validation import effects, histories, plausibility, validation
from clustersim.studies.validation.describing import check_ids, count
from clustersim.studies.validation.lab import COLUMN, Laboratory, NoValue, Run, advantage, bootstrap
from clustersim.studies.validation.nulls import Null, three_equations
from clustersim.studies.validation.pattern import UNDEFINED as no_value
from clustersim.studies.validation.pattern import Pattern, facilitator
from clustersim.studies.validation.patterns import PATTERNS
from clustersim.studies.validation.patterns.policy import relapse
from clustersim.views.figures import style
from clustersim.views.figures.validation import overview, pattern, plain, scaled

FIELDS = {
    "id", "statement", "statistic", "value", "low", "high", "threshold", "passed", "reason", "ablation_vanishes",
    "ablated_reason", "only_channel", "null_passes", "nulls", "threshold_set", "threshold_why", "retired", "evidence",
}  # fmt: skip
MADE_FOR = N_("it has no such output")


class Invented(Null):
    """A null model that gives what it is told, or has no such output."""

    id, name = "invented", MADE_FOR

    def __init__(self, estimate):
        self.estimate = estimate

    def run(self, **variation):
        raise NoValue(MADE_FOR)


def result(id_="P01", full=(2.0, 1.5, 2.5), ablated=(0.1, -0.2, 0.4), threshold=1.0, nulls=(), **more):
    """Return the result of an invented pattern; an estimate that is a text is the reason why there is none."""
    measured = iter([full, ablated])

    def measure(lab, off):
        estimate = lab.estimate if isinstance(lab, Null) else next(measured)
        if isinstance(estimate, str):
            raise NoValue(estimate)
        return estimate

    made = Pattern(
        id_, "A behaviour of the whole that no rule of the model states must emerge, however long its statement may be",
        "Share of places " * 9, "It would not come about by chance.", threshold, measure, {},
        "the mechanism held responsible", date(2026, 11, 28), "It is small.", **more,
    )  # fmt: skip
    return made.check(None, [Invented(estimate) for estimate in nulls])


NAN = (float("nan"),) * 3
GOOD, FAILS = result(), result("P02", full=(1.2, 0.8, 1.4), ablated=(1.3, 1.1, 1.5))
UNDEFINED, ZERO = result("P03", ablated=NAN), result("P04", (0.002, 0.001, 0.003), (0.0, 0.0, 0.0), 0.0)
NOTHING = result("P05", full=NAN, ablated=NAN)
INVENTED = [GOOD, FAILS, UNDEFINED, ZERO, NOTHING]
UNMEASURED = {"P98": "bargaining over the surplus of a contract"}  # a pattern that nothing measures, for a reason with Spanish


# the laboratory


def made_run(**columns):
    """Return a run with the given indicators, each (quarter, replicate), and zeros elsewhere."""
    quarters, replicates = np.shape(next(iter(columns.values())))
    record = np.zeros((quarters, replicates, len(INDICATORS)))
    for name, values in columns.items():
        record[:, :, COLUMN[name]] = values
    return Run(record)


def test_first_is_the_first_quarter_at_the_level_and_undefined_if_never():
    run = made_run(trust=[[0.1, 0.5, 0.1], [0.4, 0.2, 0.2], [0.3, 0.6, 0.3]])
    np.testing.assert_array_equal(run.first("trust", 0.4), [1.0, 0.0, np.nan])
    np.testing.assert_array_equal(run["trust"][0], [0.1, 0.5, 0.1])


def test_developed_counts_development_and_beyond_before_the_quarter():
    phase = np.full((4, 4), AGGLOMERATION)
    phase[2, 0], phase[3, 1], phase[1:, 2] = DEVELOPMENT, DEVELOPMENT, DISSOLVED
    run = made_run(phase=phase)
    assert run.developed(3).tolist() == [True, False, False, False]
    assert run.developed(4).tolist() == [True, True, False, False]


def test_bootstrap_gives_the_value_of_all_and_an_interval_around_it():
    values = np.random.default_rng(3).normal(5.0, 1.0, 100)
    value, low, high = bootstrap(lambda who: float(values[who].mean()), 100)
    assert value == values.mean() and low < value < high
    assert high - low == pytest.approx(2 * 1.645 * values.std() / 10.0, rel=0.15)
    assert bootstrap(lambda who: float(values[who].mean()), 100) == (value, low, high)
    assert bootstrap(lambda _: 3.0, 100) == (3.0, 3.0, 3.0)


def test_bootstrap_is_undefined_if_more_than_one_sample_in_twenty_is_or_the_whole():
    assert np.isnan(bootstrap(lambda _: float("nan"), 10)).all()
    for whole in (20, 30):  # the last answer is asked of all replicates
        answers = itertools.cycle([1.0] * (whole - 1) + [float("nan")])
        assert np.isfinite(bootstrap(lambda _, said=answers: next(said), 10)).all()
    answers = itertools.cycle([1.0] * 18 + [float("nan")])
    assert np.isnan(bootstrap(lambda _: next(answers), 10)).all()
    assert np.isnan(bootstrap(lambda who: float("nan") if (who == np.arange(10)).all() else 1.0, 10)).all()


def test_advantage_is_the_chance_to_rank_right():
    assert advantage(np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, False, True, True])) == 1.0
    assert advantage(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, True, False, False])) == 0.0
    assert advantage(np.array([1.0, 1.0]), np.array([True, False])) == 0.5  # a tie counts half
    assert advantage(np.array([1.0, 3.0, 2.0]), np.array([True, True, False])) == 0.5
    assert np.isnan(advantage(np.array([1.0, 2.0]), np.array([True, True])))


def test_the_laboratory_remembers_runs_and_pairs_them():
    lab = Laboratory(2, seed=5)
    one = lab.run(trust=0.3, years=1)
    assert lab.run(years=1, trust=0.3) is one and lab.quarters_run == 8
    assert one.record.shape == (4, 2, len(INDICATORS))
    other = lab.run(trust=0.3, years=1, off={"linkage.climb": 0.0})
    assert other is not one and lab.quarters_run == 16
    np.testing.assert_array_equal(Laboratory(2, seed=5).run(trust=0.3, years=1).record, one.record)
    assert not np.array_equal(Laboratory(2, seed=6).run(trust=0.3, years=1).record, one.record)


def test_a_place_without_firms_has_not_developed():
    """P05: of places that support leaves developed, those that fall back; one that is gone by then is none of them."""
    gone, grown, fallen = PHASES.index("dissolved"), PHASES.index("development"), PHASES.index("creation")

    class Made:
        replicates = 40

        def run(self, *, programme, **more):
            end = programme["stages"][0]["quarters"]
            after = end + 32
            phase, formal = np.full((after + 1, 40), grown), np.ones((after + 1, 40))
            phase[:, 30:] = gone
            if end == 12:  # after three years of support
                phase[after], formal[after] = [fallen] * 20 + [gone] * 20, 0
            return {"phase": phase, "formal": formal}

    assert relapse(Made(), {})[0] == 1.0


def test_an_ablation_reaches_the_parameters_beyond_their_ranges():
    lab = Laboratory(1)
    scenario = lab.scenario(off={"linkage.climb": 0.0, "linkage.cost_1": 0.0, "trust.gain": 0.0}, programme=facilitator(2))
    assert scenario.parameters == {"linkage": {"climb": 0.0, "cost_1": 0.0}, "trust": {"gain": 0.0}}
    assert scenario.programme.stages[0].quarters == 8


# what is measured, and what is said of it


def test_a_pattern_is_shown_and_vanishes_by_its_intervals():
    assert (GOOD["passed"], GOOD["ablation_vanishes"]) == (True, True)
    assert (FAILS["passed"], FAILS["ablation_vanishes"]) == (False, False)

def test_a_missing_value_is_a_failure_everywhere_and_says_why():
    assert (UNDEFINED["passed"], UNDEFINED["ablation_vanishes"]) == (True, False)
    assert (NOTHING["passed"], NOTHING["ablation_vanishes"], NOTHING["evidence"]) == (False, False, False)
    assert NOTHING["reason"] == NOTHING["ablated_reason"] == UNDEFINED["ablated_reason"] == no_value and GOOD["reason"] is None
    half = result(full=(2.0, float("nan"), 2.5), ablated=(0.1, float("nan"), 0.4))
    assert (half["passed"], half["ablation_vanishes"]) == (False, False) and np.isnan(half["value"])
    absent = result(full=MADE_FOR, nulls=[NAN])
    assert (absent["passed"], absent["reason"], absent["null_passes"]) == (False, MADE_FOR, False)


def test_a_pattern_that_a_null_passes_is_no_evidence():
    fails, passes = (0.5, 0.2, 0.8), (2.0, 1.1, 3.0)
    beyond, passed, alone = (result(nulls=nulls) for nulls in ([fails, MADE_FOR], [passes, fails], [MADE_FOR]))
    assert (beyond["null_passes"], beyond["evidence"]) == (False, True)
    assert (passed["null_passes"], passed["evidence"], passed["passed"]) == (True, False, True)
    assert (alone["null_passes"], alone["evidence"]) == (None, False)
    assert [null["passes"] for null in beyond["nulls"]] == [False, None] and beyond["nulls"][1]["reason"] == MADE_FOR
    assert remarks(passed) == ["a null model passes as well: it has no such output, 2 [1.1, 3]"] and remarks(beyond) == []
    assert count([beyond, passed, alone, result(nulls=[], retired=True, retired_why="x")]) == {
        "patterns": 3, "shown": 3, "vanish": 3, "holds": 3, "beyond_nulls": 1, "no_null": 1,
    }  # fmt: skip


def test_a_retired_pattern_is_listed_and_does_not_count():
    retired = result(full=NAN, retired=True, retired_why=MADE_FOR, only_channel=True)
    assert count([retired])["patterns"] == 0 and not retired["evidence"]
    assert remarks(retired) == [
        "retired: it has no such output", "its ablation switches off the only channel, so that it must vanish"]  # fmt: skip
    assert {p.id for p in PATTERNS if p.retired} == {"P11", "P13"} and all(p.retired_why for p in PATTERNS if p.retired)


def test_reasons_name_interval_threshold_and_mechanism():
    assert reasons(GOOD) == []
    assert reasons(FAILS) == [
        "the interval 1.2 [0.8, 1.4] does not lie above the threshold 1",
        "without the mechanism held responsible it stays: 1.3 [1.1, 1.5] lies above the threshold 1",
    ]
    with speaking("es"):
        assert reasons(FAILS)[0] == "el intervalo 1,2 [0,8; 1,4] no está por encima del umbral 1"
    assert reasons(NOTHING) == [
        f"no value: {no_value}", f"no value without the mechanism held responsible: {no_value}"]  # fmt: skip


def test_ids_and_texts_of_patterns_are_complete():
    ids = [p.id for p in PATTERNS]
    assert sorted([*ids, *validation.MISSING]) == [f"P{k:02d}" for k in range(1, 27)]
    for p in PATTERNS:
        assert date(2026, 11, 20) <= p.threshold_set <= date.today()
        for text in filter(None, (p.statement, p.statistic, p.why, p.mechanism, p.threshold_why, p.retired_why)):
            assert said_in("en", text) == text != said_in("es", text), f"{p.id} has no Spanish: {text!r}"
    assert all(said_in("es", text) != text for text in validation.MISSING.values())


def test_every_ablation_names_declared_parameters():
    from clustersim.model.parameters import PARAMETERS

    for p in PATTERNS:
        for dotted in p.off:
            group, name = dotted.split(".")
            assert name in PARAMETERS[group], f"{p.id}: {dotted}"


# the command


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    """Call the command line in an empty folder, with a tiny laboratory; returns exit status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(validation, "QUICK", 6)
    monkeypatch.setattr(validation, "FULL", 8)
    for name in ("QUICK", "FULL"):
        monkeypatch.setattr(plausibility, name, 2)
    monkeypatch.setattr(histories, "compare", lambda *_: [])
    monkeypatch.setattr(effects, "measure", lambda *_: {})
    monkeypatch.setattr(validation, "MISSING", UNMEASURED)
    monkeypatch.setattr(three_equations, "REPLICATES", 3)

    def _call(*arguments):
        capsys.readouterr()
        code = cli.main(["validate", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return _call


def test_json_is_one_document_with_the_fields_that_scripts_rely_on(call, tmp_path):
    code, out, err = call("--pattern", "P02", "--pattern", "p98", "--quick", "--seed", 3, "--json")
    said = json.loads(out)
    assert code == 0 and (said["version"], said["seed"], said["replicates"]) == (__version__, 3, 6)
    (found,) = said["patterns"]
    assert FIELDS <= set(found) and found["id"] == "P02" and found["passed"] is True and found["ablation_vanishes"] is True
    assert found["low"] <= found["value"] <= found["high"]
    three, gibrat = found["nulls"]
    assert (three["null"], gibrat["null"], gibrat["passes"]) == ("three_equations", "gibrat", None) and gibrat["value"] is None
    assert three["passes"] is found["null_passes"] is (three["low"] > found["threshold"])
    assert (found["threshold_set"], found["retired"]) == ("2026-11-20", False)
    assert said["counted"]["patterns"] == 1
    assert said["missing"] == validation.MISSING
    assert "P02 (1 / 1): Low-trust places stay clusters without networks" in err
    folder = tmp_path / "results" / "validation"
    assert json.loads((folder / "validation.json").read_text(encoding="utf-8")) == said | {"files": "validation.files.json"}
    names = {f"{name}.{kind}" for name in ("overview", "P02") for kind in ("png", "svg")}
    assert {path.name for path in folder.iterdir()} == names | {"validation.json", "validation.files.json"}
    assert (folder / "P02.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_table_shows_verdicts_and_what_is_missing(call, tmp_path, lang):
    code, out, _ = call("--pattern", "P02", "--pattern", "P98", "--lang", lang, "--out", "here")
    assert code == 0
    flat = " ".join(out.split())
    for text in (
        {"en": ("What must emerge", "shown", "vanishes", "P98: not measured: bargaining over the surplus", "8 replicates"),
         "es": ("Qué debe surgir", "se muestra", "desaparece", "P98: sin medir: negociación del excedente", "8 réplicas")}[lang]
    ):  # fmt: skip
        assert text in flat
    assert re.search(r"P02 .*\[.*\]", out)
    svg = (tmp_path / "here" / "P02.svg").read_text(encoding="utf-8")
    assert ("Low-trust places" if lang == "en" else "Los lugares con poca confianza") in svg


@pytest.mark.slow
def test_status_is_1_if_a_pattern_is_not_shown_or_its_ablation_stays(call, monkeypatch):
    retired = result("P11", full=NAN, retired=True, retired_why=MADE_FOR)
    for found, code in (
        ([GOOD], 0), ([GOOD, FAILS], 1), ([NOTHING], 1), ([result(ablated=(3.0, 2.0, 4.0))], 1), ([UNDEFINED], 1),
        ([GOOD, retired], 0), ([retired], 1),
    ):  # fmt: skip
        monkeypatch.setattr(validation, "validate", lambda *_, found=found: found)
        given, out, _ = call("--quick")
        assert given == code, found
        for each in found:
            for reason in (*reasons(each), *remarks(each)):
                assert f"{each['id']}: {reason.removesuffix('.')}." in out
    given, out, _ = call("--json")
    document = json.loads(out)
    assert given == 1 and document["missing"] == validation.MISSING


def test_an_undefined_value_is_null(call, monkeypatch):
    monkeypatch.setattr(validation, "validate", lambda *_: [UNDEFINED])
    code, out, _ = call("--json")
    assert code == 1 and json.loads(out)["patterns"][0]["ablated_value"] is None


def test_nothing_measured_is_not_a_success(call):
    code, out, _ = call("--pattern", "P98")
    assert code == 1 and "P98: not measured" in out and "0 measured" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--pattern", "P99"), "'P99' is not a pattern"),
        (("--pattern", "4"), "Did you mean 'P04'?"),
        (("--pattern", "PO4"), "Did you mean 'P04'?"),
        (("--pattern", "trust"), "Allowed: P01, "),
        (("--seed", "-1"), "-1 is not possible"),
        (("--lang", "fr"), "'fr' is not a language"),
        (("--out", "file/deep"), "cannot write into this folder"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(call, tmp_path, monkeypatch, arguments, said):
    monkeypatch.setattr(validation, "validate", lambda *_: pytest.fail("measured all the same"))
    (tmp_path / "file").touch()
    code, out, err = call(*arguments)
    assert code == 2 and out == "" and said in err and [path.name for path in tmp_path.iterdir()] == ["file"]


def test_ids_are_taken_in_any_case_and_once():
    assert check_ids(["p04", "P04", " P05 "], ["P04", "P05"]) == ["P04", "P05"]


def test_an_interruption_leaves_the_files_of_before(call, tmp_path, monkeypatch):
    monkeypatch.setattr(validation, "validate", lambda *_: [GOOD])
    call()
    folder = tmp_path / "results" / "validation"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(validation, "validate", lambda *_: [FAILS])
    monkeypatch.setattr("clustersim.views.figures.validation.pattern", interrupted)
    code, out, err = call()
    assert code == 1 and out == "" and "Stopped;" in err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


# the pictures


def assert_tidy(figure, monkeypatch):
    """Check that no text leaves the page or lies over another."""
    seen = {}
    plainly = Text.draw

    def draw(self, renderer):
        if self.get_visible() and self.get_text().strip():
            seen[id(self)] = self
        plainly(self, renderer)

    with monkeypatch.context() as patch, style.settings():
        patch.setattr(Text, "draw", draw)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        found = [(t.get_text(), t.get_window_extent(canvas.get_renderer()).extents) for t in seen.values()]
    assert len(found) > 8
    for text, (x0, y0, x1, y1) in found:
        assert x0 >= 0 and y0 >= 0 and x1 <= figure.bbox.width and y1 <= figure.bbox.height, f"outside: {text!r}"
    for (text, a), (other, b) in itertools.combinations(found, 2):
        apart = a[0] > b[2] - 0.5 or b[0] > a[2] - 0.5 or a[1] > b[3] - 0.5 or b[1] > a[3] - 0.5
        assert apart, f"{text!r} lies over {other!r}"


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "es"])
def test_pictures_are_tidy(monkeypatch, lang):
    texts = ("statement", "statistic", "why", "mechanism", "retired", "retired_why")
    nulls = [[(1.5, 1.2, 1.8), MADE_FOR], [MADE_FOR], [NAN]]
    real = [result(p.id, nulls=nulls[k % 3]) | {key: getattr(p, key) for key in texts} for k, p in enumerate(PATTERNS)]
    assert_tidy(overview(real, validation.MISSING, 1, 200, lang), monkeypatch)
    assert_tidy(overview(INVENTED, {}, 1, 60, lang), monkeypatch)
    for each in (*real, *INVENTED):
        assert_tidy(pattern(each, 1, 200, lang), monkeypatch)


def test_the_overview_scales_by_the_threshold():
    assert scaled(result(threshold=0.5), "") == [4.0, 3.0, 5.0]
    assert scaled(ZERO, "") == [2.0, 1.5, 2.5] and scaled(ZERO, "ablated_") == [1.0, 1.0, 1.0]


def test_numbers_are_short():
    with speaking("en"):
        said = [plain(v) for v in (0.94871, 0.0012345, 1e-17, -1e-17, 9.25, -0.03, float("nan"))]
    assert said == ["0.949", "0.00123", "0", "0", "9.25", "−0.03", "–"]
    with speaking("es"):
        assert plain(0.5) == "0,5" and plain(0.00001) == "0,00001"


# the patterns


# What docs/validation.md says falls short, and where. All else must be shown and vanish; what is mended leaves this list.
FALL_SHORT = {
    "P03": "ablation_vanishes", "P04": "passed", "P08": "passed", "P09": "passed", "P10": "passed", "P14": "ablation_vanishes",
    "P15": "passed", "P17": "passed", "P18": "ablation_vanishes", "P19": "passed", "P20": "passed", "P21": "passed",
    "P22": "ablation_vanishes", "P23": "passed", "P24": "passed", "P25": "passed",
}  # fmt: skip


PASSED_BY_A_NULL = {"P02", "P05", "P12", "P13", "P17"}
NO_NULL_SAYS = {f"P{k:02d}" for k in (6, 7, 8, 9, 10, 11, 15, 16, 20, 21, 22, 24, 25, 26)}
FEW, ALL = ("P01", "P12", "P20"), tuple(p.id for p in PATTERNS)


@pytest.mark.slow
@pytest.mark.parametrize("ids", [FEW, pytest.param(ALL, marks=pytest.mark.long)], ids=["few", "all"])
def test_patterns_hold_but_for_those_that_the_documentation_names(ids):
    seen = []
    found = validation.validate(ids, quick=True, progress=seen.append)
    assert seen == [each["id"] for each in found] == list(ids)
    assert {each["id"] for each in found if reasons(each)} == FALL_SHORT.keys() & set(ids)
    for each in found:
        assert not each[FALL_SHORT[each["id"]]] if each["id"] in FALL_SHORT else each["passed"] and each["ablation_vanishes"]
    assert {each["id"] for each in found if each["evidence"]} == {"P01"}
    assert {each["id"] for each in found if each["null_passes"]} == PASSED_BY_A_NULL & set(ids)
    assert {each["id"] for each in found if each["null_passes"] is None} == NO_NULL_SAYS & set(ids)
