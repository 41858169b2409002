"""A request to end is answered in one sentence and with status 1 whenever it comes, and no traceback is seen."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import clustersim

STOPPED = "Stopped; no result was left half-written."
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(clustersim.__file__).parents[1])}
LOST = """
import os, signal, sys, time, weakref
from clustersim.cli import command_line, main

class Held: pass

def work(words):
    held = Held()
    ref = weakref.ref(held, lambda _: os.kill(os.getpid(), signal.{name}))
    del held  # the signal comes in the callback, whose exceptions the interpreter throws away
    time.sleep(20.0)
    print("went on")
    return 0

command_line._run = work
sys.exit(main(["doctor"]))
"""
MOMENTS = {
    "in the imports": "class Late:\n def find_spec(self, name, *_): name == 'typer' and ask()\nsys.meta_path.insert(0, Late())\n",
    "before the work": "from clustersim.cli import command_line as c\nc.asked_language = lambda words: ask()\n",
    "in the text that a library executes": "from clustersim.cli import command_line as c\nc._run = lambda words: exec('ask()')\n",
    "in what a library imports": "from clustersim.cli import command_line as c\nc._run = lambda words: failing(words)\n",
    "in what throws it away": "from clustersim.cli import command_line as c\nc._run = lambda words: deaf()\n",
    "when all is said": "from clustersim.cli import command_line as c\nc._run = lambda words: failing(words)\n"
                        "said = c._interrupted\nc._interrupted = lambda: (ask(), said())[1]\n",
    "in the interpreter's last work": "import atexit\natexit.register(lambda: asked and ask())\n"
                                      "from clustersim.cli import command_line as c\nc._run = lambda words: ask()\n",
}  # fmt: skip
ASKING = """
import builtins, os, signal, sys, time
import clustersim.cli
asked = []
def ask():
    asked.append(1)
    if len(asked) == 1: os.kill(os.getpid(), signal.{name}); time.sleep(0.05)
builtins.ask = ask
def failing(words):
    try: ask()
    except KeyboardInterrupt: raise ImportError("initialization failed") from None
def deaf():
    try: ask()
    except BaseException: pass
    time.sleep(20.0)
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_whenever_a_request_to_end_comes_it_ends_in_one_sentence(tmp_path, name, moment):
    """As a module of its own: at the end of ``python -m`` the interpreter kills itself after some interruptions."""
    text = ASKING.format(name=name) + MOMENTS[moment] + "if __name__ == '__main__': sys.exit(clustersim.cli.main(['doctor']))\n"
    (tmp_path / "asked_to_end.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "asked_to_end"], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=120,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert (done.returncode, done.stderr.strip(), done.stdout) == (1, STOPPED, "")


@pytest.mark.parametrize(("name", "interrupts"), [("SIGTERM", "SIG_DFL"), ("SIGTERM", "SIG_IGN"), ("SIGINT", "SIG_DFL")])
def test_a_request_to_end_that_falls_into_a_callback_comes_again(name, interrupts):
    """Also where Ctrl-C is ignored, as in what was started behind a shell."""
    done = subprocess.run(
        [sys.executable, "-c", LOST.format(name=name)], capture_output=True, text=True, timeout=120,
        preexec_fn=lambda: signal.signal(signal.SIGINT, getattr(signal, interrupts)),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.strip() == STOPPED


def test_a_request_that_is_answered_at_once_does_not_come_again():
    """What asked for an end also made the work fail, which ends it: the second request would kill the interpreter's last work."""
    quick = LOST.format(name="SIGTERM").replace("time.sleep(20.0)", "raise KeyboardInterrupt")
    quick = quick.replace("sys.exit(", "code = ").replace('["doctor"]))', '["doctor"])') + "time.sleep(0.8)\nsys.exit(code)\n"
    done = subprocess.run([sys.executable, "-c", quick], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.strip() == STOPPED


def test_cleaning_up_is_not_asked_again():
    """It may take longer than a request that was lost waits before it comes again."""
    cleaning = ("import clustersim.cli.command_line\ndef slow(words):\n try: ask()\n finally: time.sleep(1.0); print('clean')\n"
                "clustersim.cli.command_line._run = slow\nsys.exit(clustersim.cli.main(['doctor']))")  # fmt: skip
    text = ASKING.format(name="SIGTERM") + cleaning
    done = subprocess.run([sys.executable, "-c", text], env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip(), done.stderr.strip()) == (1, "clean", STOPPED)


def test_a_request_that_comes_just_as_the_work_ends_is_raised_no_more_when_all_is_said():
    ending = ("import clustersim.cli.command_line\n"
              "def trace(frame, event, arg):\n"
              " if frame.f_code.co_name == 'answered' and not asked: ask()\n"
              "clustersim.cli.command_line._run = lambda words: sys.settrace(trace) or 0\n"
              "code = clustersim.cli.main(['doctor'])\ntime.sleep(0.8)\nsys.exit(code)")  # fmt: skip
    text = ASKING.format(name="SIGTERM") + ending
    done = subprocess.run([sys.executable, "-c", text], env=ENVIRONMENT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (1, "", STOPPED)


def test_who_asks_again_when_all_is_said_is_obeyed_at_once():
    hanging = LOST.format(name="SIGTERM").replace("held = Held()", "raise KeyboardInterrupt")
    hanging = hanging.replace("sys.exit(", "code = ").replace('["doctor"]))', '["doctor"])')
    hanging += "os.kill(os.getpid(), signal.SIGTERM)\nos.kill(os.getpid(), signal.SIGTERM)\ntime.sleep(20.0)\n"
    done = subprocess.run([sys.executable, "-c", hanging], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (-signal.SIGTERM, "", STOPPED)


def test_a_request_to_end_leaves_nothing_behind(tmp_path):
    """SIGTERM, as batch schedulers send it, when the first quarters are done."""
    command = [sys.executable, "-m", "clustersim", "run", "organic", "--replicates", "2000", "--records", "firms,ties,events"]
    process = subprocess.Popen(command, cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert "of 320,000 quarters" in process.stderr.readline()
    process.terminate()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1 and err.strip().endswith(STOPPED) and "Traceback" not in err
    assert not list(tmp_path.rglob("*partial*"))
