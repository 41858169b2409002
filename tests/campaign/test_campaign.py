"""The short form of the campaign: each attack a few times, in some minutes; nothing may be wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from . import attack
from .attack import FAULTS, Attack, Fault, State, counted, fresh, go_through, in_own_process, judged, note, one, worded
from .attacks import ATTACKS
from .mutation import Corpus
from .page import BEGIN, END, FIGURES, PAGE, PLANTS, PLANTS_END, REGISTERS, nowhere, plants, table

REPOSITORY = Path(__file__).parents[2]
BESIDE = {"dask", "slurm"}  # take too long for the short form; tests/experiments has tests of both
NAMES = [name for name in ATTACKS if name not in BESIDE]

pytestmark = pytest.mark.xdist_group("alone")


@pytest.fixture(scope="module")
def figures(request, tmp_path_factory):
    """Return what the campaign found, which does those attacks that are asked for, in a process of its own."""
    specs = [item.callspec for item in request.session.items if item.module.__name__ == __name__ and hasattr(item, "callspec")]
    names = [spec.params["name"] for spec in specs if "name" in spec.params]
    state = tmp_path_factory.mktemp("campaign") / "state.json"
    memory = Path("/dev/shm")
    done = subprocess.run(
        [sys.executable, "-m", "tests.campaign", *names, "--state", str(state), "--seconds", "0.5"], cwd=REPOSITORY, text=True,
        capture_output=True, env=os.environ | {"TMPDIR": str(memory)} if memory.is_dir() else None,
    )  # fmt: skip
    assert state.is_file(), done.stdout + done.stderr
    return json.loads(state.read_text("utf-8")) | {"said": done.stdout + done.stderr}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost_wrong_or_left(figures, name):
    found = figures[name]
    if found["not"]:
        pytest.skip(found["not"])
    assert found["next"] > 0, figures["said"]
    assert not found["failed"], json.dumps(found["examples"], indent=1)


class Planted(Attack):
    """An attack in which something is wrong in every third case."""

    name, seconds = "planted", 0.05

    def case(self, number, draw):
        if number % 6 == 3:
            while True:
                pass
        return judged(lambda: 1 / (number % 3), ())[1]


def test_what_is_wrong_is_counted_and_a_campaign_goes_on_where_it_was_left():
    figures, now, saved = fresh(), bytearray(8), []
    for upto in (4, 9):
        go_through(Planted(), figures, upto, 60.0, 0, lambda: saved.append(figures["next"]), now)
    assert saved == [1, 4, 4, 7, 9] and figures["failed"] == 3
    assert figures["faults"] == dict.fromkeys(FAULTS, 0) | {"traceback": 2, "hung": 1}
    assert [one["case"] for one in figures["examples"]] == [0, 3, 6] and "ZeroDivisionError" in figures["examples"][0]["what"]


class Sound(Attack):
    """An attack in which nothing is wrong; it remembers its cases."""

    name = "sound"

    def __init__(self, total=None):
        self.done, self.total = [], total

    def cases(self):
        return self.total

    def case(self, number, draw):
        self.done.append(number)
        return []


def on_another_state(figures, monkeypatch, tmp_path, state):
    """Return figures as they are read on another state of the code."""
    monkeypatch.setattr(attack, "code", lambda: state)
    kept = State(tmp_path / "state.json")
    kept.figures["one"] = figures
    kept.save()
    return State(tmp_path / "state.json").of("one")


def done(figures, attack, upto):
    """Go through an attack."""
    go_through(attack, figures, upto, 60.0, 0, lambda: None, bytearray(8))
    return figures


def test_sound_cases_of_earlier_states_of_the_code_count_and_new_ones_are_done(monkeypatch, tmp_path):
    monkeypatch.setattr(attack, "code", lambda: "a")
    figures = done(fresh(), Sound(), 4)
    figures = on_another_state(figures, monkeypatch, tmp_path, "b")
    sound = Sound()
    done(figures, sound, 7)
    assert sound.done == [4, 5, 6] and figures["states"] == {"a": 4, "b": 3} and counted(figures) == 7
    assert figures["seconds"] >= 0.0 and figures["next"] == 7
    known = Sound(total=9)
    done(on_another_state(figures, monkeypatch, tmp_path, "c"), known, 1000)
    assert known.done == [7, 8]


def test_a_state_in_which_something_was_wrong_counts_for_nothing_later_and_what_was_wrong_is_done_first(monkeypatch, tmp_path):
    monkeypatch.setattr(attack, "code", lambda: "a")
    figures = on_another_state(done(fresh(), Sound(), 4), monkeypatch, tmp_path, "b")
    done(figures, Planted(), 9)
    assert figures["failed"] == 1 and figures["examples"][0]["case"] == 6  # 4, 5, 7 and 8 are sound
    figures = on_another_state(figures, monkeypatch, tmp_path, "c")
    assert counted(figures) == figures["failed"] == 0 and figures["again"] == [6] and figures["next"] == 9
    on_a_third = on_another_state(json.loads(json.dumps(figures)), monkeypatch, tmp_path, "d")
    assert on_a_third["again"] == [6]  # until it has been done
    sound = Sound()
    done(on_a_third, sound, 3)
    assert sound.done == [6, 9, 10] and on_a_third["states"] == {"d": 3} and on_a_third["again"] == []


def test_where_there_are_only_so_many_cases_all_are_done_again_after_a_fault(monkeypatch, tmp_path):
    monkeypatch.setattr(attack, "code", lambda: "a")
    planted = Planted()
    monkeypatch.setattr(planted, "cases", lambda: 2, raising=False)
    figures = on_another_state(done(fresh(), planted, 9), monkeypatch, tmp_path, "b")
    sound = Sound(total=2)
    assert counted(done(figures, sound, 9)) == 2 and sound.done == [0, 1]


def test_a_warning_of_pythons_that_a_user_would_see_is_a_fault():
    class Warned(Attack):
        name = "warned"

        def case(self, number, draw):
            np.multiply(np.array([1e308]), 10.0)
            return []

    assert [fault.kind for fault in one(Warned(), 0, 0)] == ["traceback"] and "overflow" in one(Warned(), 1, 0)[0].what


def test_a_case_that_ends_the_process_is_noted_and_those_before_it_count():
    figures = fresh()
    note(figures, 5, [Fault("traceback", "signal 11 \ud800")])
    assert counted(figures) == figures["next"] == 6 and figures["failed"] == 1
    assert figures["examples"][0]["what"] == "signal 11 \\ud800"  # which a file can hold


def test_the_page_tells_cases_of_all_states_from_those_of_todays_code():
    one = fresh() | {"states": {"before": 1000, "now": 234}, "code": "now"}
    again = fresh() | {"again": [17], "states": {}, "code": "now"}
    said = table({"code": "now", "attacks": {"fuzz-rules": one, "limits": again}})
    assert "| 1,234 | 234 | 0 |" in said and "Today's code: `now`" in said and "234 cases)" in said
    assert "Earlier states that count: `before` (1,000 cases)." in said
    assert "`limits`: what was wrong on an earlier state is still to be done again (cases 17)." in said


@pytest.mark.parametrize(("said", "kind"), [("", "words"), ("x" * 501, "words"), ("Unexpected failure, which …", "traceback"),
                                            ("a.py:3: RuntimeWarning: overflow", "traceback")])  # fmt: skip
def test_words_of_refusals_are_judged(said, kind):
    assert [fault.kind for fault in worded(said)] == [kind] and worded("One sentence.") == []


def test_a_command_that_lists_faults_is_judged_by_each_of_them_and_by_their_being_all(tmp_path, monkeypatch):
    from clustersim.core.errors import entering
    from clustersim.scenario.loading import problems

    from .fuzz import called

    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text("extends: organic\n" + "".join(f"{'wrong' * 8}{k}: 1\n" for k in range(9)))
    with entering("command"):
        listed = [str(problem) for problem in problems("s.yaml")]
    check = ["scenario", "check", "s.yaml"]
    assert len(listed) == 9 and sum(map(len, listed)) > 500 and called(check, listed)[2] == []
    assert [fault.kind for fault in called(check)[2]] == ["words"]
    assert [fault.kind for fault in called(check, listed[:-1])[2]] == ["wrong"]
    assert [fault.kind for fault in called(check, [*listed[:-1], "x" * 501])[2]] == ["words", "wrong"]


def test_each_call_that_changes_a_file_can_be_the_last_or_refused(tmp_path):
    """In processes of their own, as the campaign does it."""
    from .points import Points

    def child(points):
        def work():
            points.watch()
            with open(tmp_path / "a", "wb", buffering=0) as file:
                file.write(b"12345678")
            os.replace(tmp_path / "a", tmp_path / "b")

        status = in_own_process(work)
        return status, {path.name: path.read_bytes() for path in tmp_path.iterdir()}, points.counted()

    assert child(Points()) == (0, {"b": b"12345678"}, 3)
    (tmp_path / "b").unlink()
    assert child(Points(0)) == (-9, {}, 1)
    assert child(Points(1)) == (-9, {"a": b"1234"}, 2)
    assert child(Points(2)) == (-9, {"a": b"12345678"}, 3)
    assert child(Points(1, "full"))[:2] == (1, {"a": b"1234"})


def test_a_case_is_the_same_however_the_campaign_came_to_it():
    import random

    def texts(numbers):
        corpus = Corpus(["a: 1\nb: [2, 3]\n"], ["a", "b"], len, ("nothing",))
        return [corpus.text(number, random.Random(number)) for number in numbers]

    assert texts(range(0, 45_000, 5_000))[-1] == texts([40_000])[0]


def test_the_page_names_no_place_of_the_machine_that_it_was_made_on():
    places = f"/dev/shm/case-u2jzjd0g/case.yaml] {REPOSITORY}/src/x.py /home/me/v/lib/python3.11/site-packages/a/b.py"
    said = nowhere(f"[scenario check {places}")
    assert said == "[scenario check …/case.yaml] src/x.py …/a/b.py" and nowhere("1/2 of small.yaml") == "1/2 of small.yaml"


def test_the_page_has_the_table_of_the_figures():
    figures = json.loads(FIGURES.read_text("utf-8"))
    assert table(figures) in PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    assert plants(figures) in REGISTERS.read_text("utf-8").partition(PLANTS)[2].partition(PLANTS_END)[0]


def test_the_table_of_plants_tells_each_kind_and_all():
    tally = {"sales: negative: told": 7, "sales: negative: wrong": 1, "flag: right": 2}
    said = plants({"code": "now", "attacks": {"register-plants": fresh() | {"tally": tally}}})
    assert "| sales: negative | 8 | 7 | 0 | 1 |" in said and "| flag | 2 | 0 | 2 | 0 |" in said
    assert said.endswith("| **all** | 10 | 7 | 2 | 1 |")


def test_what_an_attack_learns_is_not_of_a_cases_time_and_has_a_limit_of_its_own(monkeypatch):
    class Slow(Attack):
        name, seconds = "slow", 0.05

        def ready(self, number):
            time.sleep(0.2)

        def case(self, number, draw):
            time.sleep(0.2 * number)
            return []

    assert one(Slow(), 0, 0) == []
    assert [fault.kind for fault in one(Slow(), 1, 0)] == ["hung"]
    monkeypatch.setattr(attack, "READY_SECONDS", 0.05)
    assert [fault.kind for fault in one(Slow(), 0, 0)] == ["hung"]
