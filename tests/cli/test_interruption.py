"""A request to end that comes where nothing can be raised is not lost, and no traceback is seen."""

from __future__ import annotations

import subprocess
import sys

LOST = """
import os, signal, sys, time, weakref
from clustersim.cli import command_line

class Held: pass

def work(words):
    held = Held()
    ref = weakref.ref(held, lambda _: os.kill(os.getpid(), signal.{name}))
    del held  # the signal comes in the callback, whose exceptions the interpreter throws away
    time.sleep(20.0)
    print("went on")
    return 0

command_line._call = lambda words: called_through(words)

def called_through(words):
    try:
        return work(words)
    except KeyboardInterrupt:
        return command_line._interrupted()

sys.exit(command_line.main(["doctor"]))
"""


def test_a_request_to_end_that_falls_into_a_callback_comes_again():
    for name in ("SIGTERM", "SIGINT"):
        done = subprocess.run([sys.executable, "-c", LOST.format(name=name)], capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stdout) == (1, ""), done
        assert done.stderr.strip() == "Stopped; no result was left half-written."


def test_a_request_that_is_answered_at_once_does_not_come_again():
    """What asked for an end also made the work fail, which ends it: the second request would kill the interpreter's last work."""
    quick = LOST.format(name="SIGTERM").replace("time.sleep(20.0)", "raise KeyboardInterrupt")
    quick = quick.replace("sys.exit(", "code = ").replace('["doctor"]))', '["doctor"])') + "time.sleep(0.2)\nsys.exit(code)\n"
    done = subprocess.run([sys.executable, "-c", quick], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.strip() == "Stopped; no result was left half-written."
