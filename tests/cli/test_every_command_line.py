"""Every command, fed wrong words, odd orders and extremes: status 0, 1 or 2, and sentences; never a traceback.

The words are drawn from a seeded generator around what each command declares, so that a new command or option is fed as
well. None runs anything large: scenarios are tiny, and what would measure or validate for minutes is only given words that
it refuses. Nothing half-written is left.
"""

from __future__ import annotations

import contextlib
import io
import random

import pytest
import typer

from clustersim import InputError, compare, simulate, sweep, write_comparison, write_result
from clustersim.cli import command_line as cli
from clustersim.scenario.model import Scenario

CASES, QUICK = 3_000, 120
TINY = "title: Ñandú\nhorizon: {years: 0.25}\nplace: {clusters: [{name: a, smes: 3, tractors: 1}]}\nreplicates: 1\n"
EXPERIMENT = ("title: t\nscenarios: [tiny.yaml]\nlevers: {keys: {parameters.trust.gain: [0.05, 0.1]}}\nreplicates: 1\n"
              "outputs: {indicators: [phase, employment]}\n")  # fmt: skip
FILES = {
    "tiny.yaml": TINY, "experiment.yaml": EXPERIMENT, "empty.yaml": "", "list.yaml": "- 1\n", "broken.yaml": "a: [1\nb: {",
    "binary.yaml": "\x00\x01", "wrong.yaml": TINY + "plaze: 3\n", "deep.yaml": "[" * 3000,
    "firms.csv": "name;employees\nA;5\nB;x\n",
    "empty.csv": "", "raises.py": "1 / 0\n", "text.py": "not python", "nothing.py": "",
}  # fmt: skip
PLACES = [
    "no", "no/such/place", "..", ".", "", " ", "a run ñ", "compared", "swept/experiment", "out", "x" * 300, "tiny.yaml/x", *FILES,
]  # fmt: skip
WORDS = [
    "-", "--", "-1", "0", "1", "2", "0.25", "2.5", "nan", "inf", "-inf", "1e400", "9" * 400, "1_0", "０", "½", "ñ",
    "\n", "\t", "\x1b[31m",
    "\udcff", "=", "a=b", "seed=3", "horizon.years=0.25", "horizon.years=", "parameters.trust.gain=nan", "place=null", "a..b=1",
    "place.clusters[9].smes=1", "=1", "firms", "firms,ties,events", "firms,,", "csv", "parquet", "netcdf",
    "indicators", "parameters",
    "schema", "rules", "0/2", "2/2", "-1/0", "1/0", "[", "{x}", "%s", "{}", "$HOME", "*", "--json", "--help", "--lang", "es",
    "--lang=xx",
    "--lang=es", "--no-such", "-x", "--replicates", "tls://x", "tcp://127.0.0.1:1", "threads", "x" * 5000,
]  # fmt: skip
LARGE = {"validate", "evidence", "benchmark", "doctor"}  # long, or of the whole machine: only with a word that is refused


def leaves(command, path=()):
    """Yield each command that does something, with the words that lead to it."""
    if hasattr(command, "commands"):
        for name, one in command.commands.items():
            yield from leaves(one, (*path, name))
    else:
        yield path, command.get_params(typer.Context(command))


def drawn(rng: random.Random, commands: list) -> list[str]:
    """Return a command line: what a command declares, with words that fit, fit badly or stand in the wrong place."""
    path, declared = rng.choice(commands)
    words = []
    for parameter in declared:
        value = rng.choice(PLACES if rng.random() < 0.6 else WORDS)
        if parameter.param_type_name == "argument":
            words += [value] if rng.random() < 0.95 else []
        elif rng.random() < 1.5 / len(declared):
            words += [parameter.opts[-1]] if parameter.is_flag else [parameter.opts[-1], value]
    if rng.random() < 0.2:
        words.insert(rng.randint(0, len(words)), rng.choice(WORDS))
    if rng.random() < 0.1:
        rng.shuffle(words)
    if path[0] in ("run", "compare"):
        words.insert(0, "--no-figures")
    if path[0] in LARGE:
        words.insert(0, "--no-such-option")
    return [*path, *words]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return a folder, also the one in which the commands run, with scenarios, tables and results, whole and broken."""
    monkeypatch.delenv(cli.DEBUG, raising=False)
    folder = tmp_path / "work"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    tiny = Scenario.model_validate({"title": "t", "horizon": {"years": 0.25}, "place": {"clusters": [{"name": "a", "smes": 3}]}})
    write_result(simulate(tiny), folder / "a run ñ")
    write_comparison(compare([tiny, tiny], replicates=2), folder / "compared")
    sweep(folder / "experiment.yaml", folder / "swept", workers=1)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("cases", [QUICK, pytest.param(CASES, marks=pytest.mark.long)])
def test_every_command_line_ends_well_or_with_a_sentence(cases, place):
    rng, commands = random.Random(cases), list(leaves(cli.commands()))
    ends = {cli.DONE: 0, cli.FAILURE: 0, cli.BAD_INPUT: 0}
    for _case in range(cases):
        words = drawn(rng, commands)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.main(words)
        said = err.getvalue()
        shown = f"{[word[:60] for word in words]}: {code}: {said[:600]}"
        assert code in ends, shown
        ends[code] += 1
        assert not any(word in said + out.getvalue() for word in ("Traceback", "which is a fault of clustersim")), shown
        assert not any(word in said for word in ("For the traceback", "Para ver", "pydantic", "\x1b[31m")), shown
        if code == cli.BAD_INPUT:  # a page of help stands on the other stream, where a group of commands is given no command
            assert (said.strip() or out.getvalue().strip()) and len(said) < 12_000, shown
    assert min(ends[cli.DONE], ends[cli.BAD_INPUT]) > 0.03 * cases, ends
    halves = [path for path in place.parent.rglob(".*") if path.name != ".gitignore"]
    assert not halves, halves


def test_a_name_too_long_and_control_signs_are_told_in_one_sentence(call, place):
    code, out, err = call("results", "export", "a run ñ", "x" * 5000)
    assert (code, out) == (2, "") and len(err) < 500 and "traceback" not in err
    code, _out, err = call("run", "\x1b[31mred")
    assert code == 2 and "[31mred" in err and "\x1b" not in err


@pytest.mark.parametrize("wrong", [len, lambda: None, object])
def test_a_function_that_cannot_be_called_with_what_is_told_is_refused(wrong):
    with pytest.raises(InputError, match="takes 2 arguments"):
        simulate("organic", years=0.25, progress=wrong)
