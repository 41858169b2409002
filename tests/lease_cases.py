"""Processes that work in a shared folder, each in a process namespace of its own, as containers have: shared by tests."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

NEW = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
SOURCE = Path(__file__).parents[1] / "src"


@functools.cache
def _unshare() -> bool:
    try:
        return not subprocess.run([*NEW, "true"], capture_output=True).returncode
    except OSError:
        return False


def in_a_container(words, folder, **options):
    """Start a command as process 1 of a namespace of its own; skip where this user may not."""
    if not _unshare():
        pytest.skip("this user may make no process namespaces")
    source = os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"PYTHONPATH": source, "CLUSTERSIM_LANG": "en"}
    return subprocess.Popen(
        [*NEW, sys.executable, *words], cwd=folder, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
    )  # fmt: skip


def script(text):
    """Return the words that let Python do a text."""
    return ["-c", textwrap.dedent(text)]


def wait_for(condition, seconds=60.0):
    """Wait until a condition holds; return what it gave."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "nothing came in time"
        time.sleep(0.01)
    return found
