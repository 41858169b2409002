"""The short form of the campaign: each attack a few times, in less than two minutes; nothing may be wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .attacks import ATTACKS
from .mutation import Corpus
from .page import BEGIN, END, FIGURES, PAGE, table

REPOSITORY = Path(__file__).parents[2]
BESIDE = {"dask", "slurm"}  # take too long for the short form; tests/experiments has tests of both
NAMES = [name for name in ATTACKS if name not in BESIDE]

pytestmark = pytest.mark.xdist_group("alone")


@pytest.fixture(scope="module")
def figures(request, tmp_path_factory):
    """Return what the campaign found, which does those attacks that are asked for, in a process of its own."""
    specs = [item.callspec for item in request.session.items if item.module.__name__ == __name__ and hasattr(item, "callspec")]
    names = [spec.params["name"] for spec in specs]
    state = tmp_path_factory.mktemp("campaign") / "state.json"
    memory = Path("/dev/shm")
    done = subprocess.run(
        [sys.executable, "-m", "tests.campaign", *names, "--state", str(state), "--seconds", "2.5"], cwd=REPOSITORY, text=True,
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


def test_a_case_is_the_same_however_the_campaign_came_to_it():
    import random

    def texts(numbers):
        corpus = Corpus(["a: 1\nb: [2, 3]\n"], ["a", "b"], len, ("nothing",))
        return [corpus.text(number, random.Random(number)) for number in numbers]

    assert texts(range(0, 45_000, 5_000))[-1] == texts([40_000])[0]


def test_the_page_has_the_table_of_the_figures():
    figures = json.loads(FIGURES.read_text("utf-8"))
    assert table(figures) in PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
