"""Indicators of one's own: their contract, their faults, where they come from, the template and the helper."""

from __future__ import annotations

import itertools
import json
import math
import re
import sys
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from clustersim.core.errors import InputError
from clustersim.plugins import Indicator, load_plugin, register
from clustersim.policy.plugins import registry
from clustersim.results import simulate
from clustersim.results.describing import indicators, result_files
from clustersim.scenario.loading import problems
from clustersim.scenario.model import Scenario
from clustersim.testing import check_indicator

HEAD = '''import random
from typing import Literal
from clustersim.plugins import Indicator, Look

SEEN = []

class Odd(float):
    def __float__(self): raise ValueError("odd")

class Largest(Indicator):
    """Employment of the largest firm."""

    use: Literal["largest"] = "largest"
    unit = "persons"
    etiqueta = "Empresa mayor"

    def measure(self, look: Look, _kept=[]):
'''
SOUND = HEAD + "        return look.firms.employees.max()\n"
TINY = Scenario.model_validate({
    "title": "tiny", "horizon": {"years": 1}, "place": {"clusters": [{"name": "valley", "smes": 8, "tractors": 1}]},
})  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(text=SOUND):
    """Load a file; return its indicator."""
    Path("largest.py").write_text(text, encoding="utf-8")
    (found,) = load_plugin("largest.py").indicators
    return found


BROKEN = [
    ('unit = "persons"', "", "has no unit"),
    ('unit = "persons"', "unit = 3", "unit: found 3; it must be text"),
    ('unit = "persons"', 'unit = "persons"\n    every: int = 4', "every: is declared with a type"),
    ('etiqueta = "Empresa mayor"', "", "has no etiqueta"),
    ('"""Employment of the largest firm."""', "", "has no docstring"),
    ('"largest"] = "largest"', '"trust"] = "trust"', "'trust' is taken by clustersim itself"),
    ('"largest"] = "largest"', '"cluster"] = "cluster"', "'cluster' is taken by clustersim itself"),
    ('"largest"] = "largest"', '"facilitator"] = "facilitator"', "'facilitator' is taken by clustersim itself"),
    ('use: Literal["largest"] = "largest"', "", "has no use, the name of its column"),
    ('etiqueta = "Empresa mayor"', 'etiqueta = "Empresa mayor"\n    every = 0', "every: found 0; it must be a whole number"),
    ('etiqueta = "Empresa mayor"', 'etiqueta = "Empresa mayor"\n    least: int = 3', "least: is a field that nothing sets"),
    ('etiqueta = "Empresa mayor"', 'etiqueta = "Empresa mayor"\n    _last: int = 3', "_last: an indicator can keep nothing"),
    ("def measure(self, look: Look, _kept=[]):", "def measure(self):", "measure: must take the indicator itself"),
    ("def measure(", "async def measure(", "measure: must return a number"),
    ("def measure(", "def measures(", "has no measure"),
    ("class Largest(Indicator):", "class Largest:", "is not an indicator; it must be a subclass of clustersim.plugins.Indicator"),
]


@pytest.mark.filterwarnings("ignore:Field name")  # pydantic says it as well
@pytest.mark.parametrize(("old", "new", "said"), BROKEN)
def test_a_class_that_breaks_the_contract_is_refused_in_one_sentence(old, new, said):
    assert old in SOUND
    with pytest.raises(InputError, match=r"^largest\.py:\d+: class Largest: ") as caught:
        load(SOUND.replace(old, new, 1))
    assert said in str(caught.value) and "\n" not in caught.value.message and registry.plugins() == []


FAULTS = [
    ("raise KeyboardInterrupt", "its measure failed with KeyboardInterrupt"),
    ("raise SystemExit(0)", "its measure failed with SystemExit: 0"),
    ("return 1 / 0", "its measure failed with ZeroDivisionError"),
    ("return look.firms.nothing", "its measure failed with AttributeError"),
    ("return 'x'", "its measure returned 'x'; it must be a number"),
    ("return None", "its measure returned None"),
    ("return look.firms.employees", "its measure returned array("),
    ("return float('inf')", "its measure returned inf"),
    ("return Odd(1)", "its answer cannot be read"),
    ("return random.random()", "it measures the same state once as 0."),
    ("look.record['wage'] = 1.0", "read-only"),
    ("look.indicators['trust'] = 1.0", "failed with TypeError"),
    ("look.quarter = 3", "failed with FrozenInstanceError"),
    ("SEEN.append(look.quarter); return 1", "it keeps something in SEEN from one quarter to the next"),
    ("_kept.append(1); return 1", "it keeps something in the defaults of measure"),
    ("self.__dict__['use'] = 'other'; return 1", "it keeps something in self.use"),
]


@pytest.mark.parametrize(("line", "said"), FAULTS)
def test_whatever_it_does_is_one_sentence_with_its_file(line, said):
    load(HEAD + f"        {line}\n")
    with pytest.raises(InputError) as caught:
        simulate(TINY, replicates=2)
    text = str(caught.value)
    assert text.startswith("largest.py") and "indicator largest: in cluster 'valley', quarter 0, replicate 0, " in text
    assert said in text and "\n" not in caught.value.message


@pytest.mark.parametrize("draws", [(0.1, 0.9), (0.9, 0.1)])
def test_a_number_once_and_none_once_is_not_the_same(monkeypatch, draws):
    load(HEAD + "        return float('nan') if random.random() < 0.5 else 1.0\n")
    monkeypatch.setattr("random.random", itertools.cycle(draws).__next__)
    with pytest.raises(InputError, match=r"it measures the same state once as .* and once as"):
        simulate(TINY, replicates=1)
    monkeypatch.setattr("random.random", lambda: 0.1)
    assert simulate(TINY, replicates=1).indicators["largest"].isna().all()


def test_one_that_does_not_end_is_left(monkeypatch):
    monkeypatch.setenv("CLUSTERSIM_PLUGIN_SECONDS", "0.3")
    load(HEAD + "        while look.quarter > 1: pass\n        return 1\n")
    with pytest.raises(InputError, match=r"quarter 2, replicate 0, its measure did not end: it was not done after 0\.3 s"):
        simulate(TINY)


def test_what_it_writes_into_columns_does_not_reach_the_run():
    lines = ("look.firms.cash[:] = 0.0", "cash = look.firms.cash", "cash[:] = 1e9", "return len(cash)")
    load(HEAD + "".join(f"        {line}\n" for line in lines))
    assert simulate(TINY).indicators.drop(columns="largest").equals(simulate(TINY, indicators=()).indicators)


def test_one_that_makes_the_record_writable_is_refused_and_the_run_stays_as_it_was():
    lines = ("base = look.record", "while getattr(base, 'base', None) is not None:", "    base = base.base",
             "    base.setflags(write=True)", "base.view('u1')[...] = 0", "return 1.0")  # fmt: skip
    load(HEAD + "".join(f"        {line}\n" for line in lines))
    with pytest.raises(InputError, match="it changed what it was shown, which it can only read"):
        simulate(TINY)
    seen = []

    def change(look):
        base = look.record
        while getattr(base, "base", None) is not None:
            base = base.base
            base.setflags(write=True)
        base[...] = np.zeros((), base.dtype)
        seen.append(look.quarter)
        return 1.0

    found = simulate(TINY, probes={"change": change}, indicators=()).indicators
    assert seen and found.equals(simulate(TINY, indicators=()).indicators)


def test_a_notebook_registers_one_and_two_of_a_name_are_not_possible():
    @register
    class Jobs(Indicator):
        """Jobs of all firms."""

        use: Literal["jobs"] = "jobs"
        unit, etiqueta = "persons", "Empleos"

        def measure(self, look):
            return look.firms.employees.sum()

    found = simulate(TINY)
    assert found.indicators["jobs"].tolist() == pytest.approx(found.indicators["employment"].tolist())
    assert found.provenance["plugins"][0]["file"] == "registered in Python"
    load()
    assert simulate(TINY).indicators.columns.tolist()[-2:] == ["largest", "jobs"]
    with pytest.raises(InputError, match="'jobs' is taken by another class of two"):
        one = SOUND.replace('"largest"', '"jobs"')
        Path("two.py").write_text(one + "\n\nclass Second(Indicator):\n" + one.partition("class Largest(Indicator):\n")[2])
        load_plugin("two.py")


def test_a_name_that_nothing_brings_is_refused():
    with pytest.raises(InputError, match="indicators: 'largest' is not an own indicator, for none is loaded"):
        simulate(TINY, indicators=["largest"])
    load()
    with pytest.raises(InputError, match=r"'largst' is not an own indicator; known are largest"):
        simulate(TINY, indicators=["largst"])
    with pytest.raises(InputError, match="indicators: "):
        simulate(TINY, indicators="largest")


def test_an_installed_one_is_measured_when_it_is_named(folder, monkeypatch):
    place, about = folder / "site" / "measureworks", folder / "site" / "measureworks-1.2.dist-info"
    place.mkdir(parents=True), about.mkdir()
    monkeypatch.syspath_prepend(str(folder / "site"))
    (place / "__init__.py").write_text(SOUND)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: measureworks\nVersion: 1.2\n")
    (about / "entry_points.txt").write_text("[clustersim.indicators]\nlargest = measureworks:Largest\n")
    assert "largest" not in simulate(TINY).indicators
    found = simulate(TINY, indicators=["largest"])
    assert (found.indicators["largest"] >= 1).all()
    (said,) = found.provenance["plugins"]
    assert (said["package"], said["version"], said["indicators"][0]["unit"]) == ("measureworks", "1.2", "persons")
    assert "largest" not in simulate(TINY).indicators, "that it is loaded now does not mean that others ask for it"
    del sys.modules["measureworks"]


def test_it_is_described_with_the_others_and_in_the_data_dictionary(call):
    load()
    assert indicators()[-1] == {
        "name": "largest", "label": "largest", "etiqueta": "Empresa mayor", "unit": "persons",
        "formula": "Employment of the largest firm.", "every": 1, "plugin": "largest.py",
    }  # fmt: skip
    column = {"name": "largest", "unit": "persons", "meaning": "Employment of the largest firm."}
    assert result_files()["indicators.parquet"]["columns"][-1] == column
    code, out, _ = call("describe", "indicators", "--plugin", "largest.py")
    assert code == 0 and "largest" in out
    code, out, _ = call("describe", "results", "--json")
    assert code == 0 and column not in json.loads(out)["indicators.parquet"]["columns"], "no plugin is given"


@pytest.mark.parametrize("name", ["five_largest", "indicator", "look"])
def test_the_template_works_at_once(call, name):
    code, out, _ = call("new", "indicator", name, "--json")
    assert code == 0 and json.loads(out)["files"] == [f"{name}.py", f"test_{name}.py", f"{name}.yaml"]
    (kind,) = load_plugin(f"{name}.py").indicators
    assert problems(f"{name}.yaml") == [] and check_indicator(kind, replicates=2).values == 6
    code, _, err = call("new", "indicator", "trust")
    assert code == 2 and "'trust' is taken by clustersim itself" in err


def test_the_example_of_the_page_is_an_indicator():
    page = (Path(__file__).parents[2] / "docs" / "extending.md").read_text(encoding="utf-8")
    (code,) = [text for text in re.findall(r"```python\n(.*?)```", page, re.S) if "(Indicator)" in text]
    found = check_indicator(load(code), replicates=2)
    assert found.values == 6 and 0.0 < found.least <= found.most <= 1.0


def test_the_helper_refuses_one_that_prints_and_counts_what_is_missing():
    with pytest.raises(AssertionError, match="it prints"):
        check_indicator(load(HEAD + "        print(look.cluster); return 1\n"), replicates=1)
    found = check_indicator(load(HEAD + "        return float('nan')\n"), replicates=1)
    assert found.values == 0 and math.isnan(found.most)
