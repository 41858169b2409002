"""Errors keep the language in which they were made, and speak to who came by the command line or by Python."""

from __future__ import annotations

import errno
import os
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

from clustersim.core.errors import InputError, door, entering, reason
from clustersim.core.words import speaking
from clustersim.scenario.loading import load_scenario


def test_an_error_keeps_its_language_wherever_it_is_shown():
    with speaking("es"):
        error = InputError("f", "k", "falta.", "", 3, 1)
    said = "f: k: falta.\n  En la línea 3.\n  Y 1 problema más; para verlos todos: clustersim.scenario.loading.problems('f')"
    with speaking("en"):
        assert str(error) == str(pickle.loads(pickle.dumps(error))) == said


def test_each_side_has_its_own_words_in_all_threads_and_until_it_leaves():
    with entering("command"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(door, "--set", "overrides").result() == "--set"
        assert str(InputError("f", "k", "m", others=2)).endswith("to see all: clustersim scenario check f")
    assert door("--set", "overrides") == "overrides"
    assert str(InputError("f", "k", "m", others=2)).endswith("to see all: clustersim.scenario.loading.problems('f')")


def test_options_are_named_to_the_command_line_only():
    for by, file in (("command", "--set"), ("python", "overrides")):
        with entering(by), pytest.raises(InputError) as caught:
            load_scenario("organic", ["seed=x"])
        assert caught.value.file == file


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOTDIR, errno.ENOSPC, errno.EROFS])
def test_what_the_system_says_is_said_in_spanish(number):
    error = OSError(number, os.strerror(number))
    with speaking("en"):
        english = reason(error)
    with speaking("es"):
        assert reason(error) != english
    assert english.casefold() == os.strerror(number).casefold()
