"""Names that are markup, emoji codes or commands for a terminal: every command shows them as they are, and obeys none of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from clustersim.cli import command_line as cli
from clustersim.cli.terminal import console, print_rows, say
from clustersim.core.errors import WHOLE, InputError, Unchecked, caution
from clustersim.results.manifest import warn

PACKAGE = Path(cli.__file__).parents[1]
MARKED = "Bad [/b] [red]x[/red] :smile:"  # what a scenario may be called
COMMANDS = "\x1b]0;OWNED\x07 \x1b[31m \x7f \x9b2J \u202egnp \u2066x\u2069 \r"  # what a cell of a register may hold besides
HOSTILE = MARKED + COMMANDS
COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
PLACE = "horizon: {years: 0.5}\nplace: {clusters: [{name: valley, smes: 5, tractors: 1}]}\n"
FILE = "a[red]b[foo:smile:.yaml"


@pytest.fixture
def shows(call):
    """Call a command that succeeds; return what it shows, in one line, and assert that nothing in it commands a terminal."""

    def _shows(*words, code=0):
        found, out, err = call(*words)
        assert found == code, (words, err)
        assert not COMMANDING.search(out + err), (words, COMMANDING.findall(out + err))
        return " ".join((out + err).split())

    return _shows


def all_in(text, *parts):
    """Assert that each word of these parts is shown; tables fold longer texts."""
    for word in " ".join(parts).split():
        assert word in text, (word, text)


def test_titles_and_file_names_of_scenarios(shows):
    Path("one.yaml").write_text(PLACE + f"title: {json.dumps(MARKED)}\n", encoding="utf-8")
    Path(FILE).write_text(PLACE + "title: Other [/i]\n", encoding="utf-8")
    quick = ("--replicates", "2", "--no-figures")
    all_in(shows("compare", "one.yaml", FILE, *quick), MARKED, "[/i]")
    all_in(shows("run", "one.yaml", *quick), MARKED)
    all_in(shows("scenario", "show", "one.yaml"), MARKED)
    assert FILE in shows("scenario", "check", FILE)
    keys = {"parameters.trust.gain": [0.05, 0.1], "institutions.government.coordination": [0.2, 0.8]}
    plan = {"title": MARKED, "scenarios": ["one.yaml", FILE], "replicates": 2, "levers": {"method": "grid", "keys": keys}}
    Path("plan.yaml").write_text(json.dumps(plan), encoding="utf-8")
    all_in(shows("sweep", "plan.yaml", "--workers", "1"), FILE.removesuffix(".yaml"))
    assert FILE.removesuffix(".yaml") in shows("results", "show", "results/plan")


def test_activities_and_cells_of_registers(shows):
    rows = [f'F{k},"{HOSTILE} {k % 3}",{5 + k}' for k in range(9)]
    Path("reg.csv").write_bytes("\n".join(["id,activity,employees", *rows, ""]).encode())
    all_in(shows("select", "reg.csv"), MARKED)
    assert json.loads(Path("results/selection-reg/selection.json").read_text(encoding="utf-8"))
    all_in(shows("scenario", "from-firms", "reg.csv", "--dry-run"), "[/b]", "[red]x[/red]")
    Path("marked.csv").write_bytes(Path("reg.csv").read_bytes().replace(COMMANDS.encode(), b""))
    shows("scenario", "from-firms", "marked.csv", "--out", "made.yaml")
    all_in(shows("scenario", "show", "made.yaml"), "[/b]", "[red]x[/red]")


def test_documents_escape_what_commands_a_terminal(call, shows):
    rows = [f'F{k},"{HOSTILE} {k % 3}",{5 + k}' for k in range(9)]
    Path("reg.csv").write_bytes("\n".join(["id,activity,employees", *rows, ""]).encode())
    shows("select", "reg.csv", "--json")
    document = json.loads(call("select", "reg.csv", "--json")[1])
    # Control signs of a register are spaces; the sign that turns the direction of writing is escaped, and read again.
    assert any("2J \u202egnp" in candidate["candidate"] for candidate in document["candidates"])


def test_names_of_folders_and_of_what_is_in_results(shows):
    Path("one.yaml").write_text(PLACE + "title: x\n", encoding="utf-8")
    Path("plan.yaml").write_text(
        "title: t\nscenarios: [one.yaml]\nreplicates: 1\nlevers: {keys: {parameters.trust.gain: [0.05, 0.1]}}\n", encoding="utf-8"
    )
    folder = Path(f"w {COMMANDS.strip()}[b]")
    shows("sweep", "plan.yaml", "--workers", "1", "--out", str(folder))
    all_in(shows("results", "list", str(folder)), "plan")
    for command in ("show", "verify", "digest", "compact"):
        shows("results", command, str(folder / "plan"))
    shows("results", "export", str(folder / "plan"), "csv", "--to", str(folder / "x.csv"))
    shows("sweep", "plan.yaml", "--out", str(folder), "--write-sbatch", "2", code=2)  # a script must not have such a path
    shows("report", str(folder / "plan"))
    shows("run", str(folder / "no.yaml"), code=2)
    shows("run", COMMANDS, code=2)
    shows("run", "one.yaml", "--set", f"{HOSTILE}=3", code=2)
    shows(COMMANDS, code=2)
    shows("run", "one.yaml", f"--{COMMANDS}", code=2)


@pytest.mark.parametrize(("kind", "topic"), [("indicator", "indicators"), ("instrument", "instruments"), ("rule", "rules")])
def test_what_a_plugin_says_of_itself(shows, kind, topic):
    shows("new", kind, "my_own")
    text = Path("my_own.py").read_text(encoding="utf-8")
    said = MARKED + r"\x1b]0;OWNED\x07 \x9b2J \u202egnp"
    changed = re.sub(r'(class \w+\(.*\):\n    """)[^.\n]*', lambda found: found[1] + said, text, count=1)
    assert changed != text
    Path("my_own.py").write_text(changed, encoding="utf-8")
    all_in(shows("describe", topic, "--plugin", "my_own.py"), MARKED)


def test_headings_rows_and_lines(capsys):
    for error in (False, True):
        print_rows(console(error), [HOSTILE], [[HOSTILE]])
        say(console(error), HOSTILE)
        shown = "".join(capsys.readouterr())
        assert shown.count(MARKED) == 3 and not COMMANDING.search(shown)
        assert shown.count("\ufffd]0;OWNED\ufffd \ufffd[31m \ufffd \ufffd2J \ufffdgnp \ufffdx\ufffd") == 3


def test_all_that_is_shown_is_made_literal():
    for path in (PACKAGE / "cli").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name != "terminal.py":
            assert not re.search(r"\bText[.(]", text), path.name
        strings = re.findall(r"""(?:\.print|add_column|add_row|\.status)\(\s*(?:f?["']|_\()""", text)
        assert not strings or (path.name == "validate.py" and strings == ['.status("']), (path.name, strings)


@pytest.mark.filterwarnings("always")
@pytest.mark.parametrize("name", ["x" * 5_000, "'" + "y" * 5_000 + "'", "a/" * 2_000, HOSTILE * 100])
def test_no_warning_is_longer_than_an_error(call, capsys, monkeypatch, name):
    with pytest.warns(UserWarning) as found:
        warn(Path(name))
        caution(f"{name!r} is now another one")
        caution(name)
    for one in found:
        assert len(str(one.message)) <= WHOLE and not COMMANDING.search(str(one.message))
    assert "was written without hashes; whether it is damaged cannot be told" in str(found[0].message)
    cli._warn(Unchecked(name), Unchecked, "", 0)
    cli._complain(name, 1)
    assert all(len(line) <= WHOLE for line in capsys.readouterr().err.split("\n"))
    shown = str(InputError(name, name, name, name))
    assert len(shown) <= WHOLE and not COMMANDING.search(shown)


def test_all_warnings_go_by_the_one_that_keeps_them_short():
    found = [path.name for path in PACKAGE.rglob("*.py") if "warnings.warn(" in path.read_text(encoding="utf-8")]
    assert found == ["errors.py"]
