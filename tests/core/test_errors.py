"""Errors keep the language in which they were made, and speak to who came by the command line or by Python."""

from __future__ import annotations

import errno
import os
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

from clustersim.core.errors import InputError, door, entering, fewer, fitted, reason, said_by, several
from clustersim.core.words import speaking
from clustersim.scenario.loading import load_scenario, problems


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


@pytest.mark.parametrize("long", [1, 60, 300, 6_000, 1_000_000])
def test_an_error_stays_short_whatever_the_user_wrote(long):
    text = "a" * long
    error = InputError(text, text, f"found '{text}'; it must be short.", f"Did you mean {text}?", 3)
    assert len(str(error)) <= 500 and "it must be short." in str(error) and str(error).endswith("?")
    assert len(str(InputError("s.yaml", "place.clusters[0].tractor_segment", f"found '{text}'; it must be short.", text))) <= 430
    assert str(pickle.loads(pickle.dumps(error))) == str(error) == str(error.placed(error.file, 3))
    if long == 1:
        assert error.message == "found 'a'; it must be short." and error.hint == "Did you mean a?"


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("by", ["command", "python"])
@pytest.mark.parametrize("others", [None, 0, 1, 123_456])
def test_no_error_has_more_than_500_characters_however_long_its_parts_are(lang, by, others):
    long = {most: "a" * most for most in (3, 59, 79, 159, 400, 5_000)}
    with speaking(lang), entering(by):
        for file in long.values():
            for key in ("", *long.values()):
                for hint in ("", *long.values()):
                    error = InputError(file, key, f"found '{long[5_000]}'; it must be short.", hint, 123_456, others)
                    assert len(str(error)) <= 500 and "it must be short." in str(error), (len(file), len(key), len(hint))
                    assert not others or f" {others} " in str(error)


def test_the_command_to_see_all_never_names_half_a_file():
    with entering("command"):
        assert str(InputError("a" * 100, "k", "m", others=2)).endswith(f"scenario check {'a' * 100}")
        assert str(InputError("a" * 200, "k", "m", others=2)).endswith("scenario check FILE")
    assert str(InputError("a" * 200, "k", "m", others=2)).endswith("loading.problems(FILE)")


def test_of_a_long_message_the_value_is_cut_and_neither_what_is_allowed_nor_the_key():
    allowed = "a whole number from 0 to 100000, or one of " + ", ".join(f"name_{k}" for k in range(20))
    error = InputError("s.yaml", "programme.stages[0].instruments[3].per_year", f"found '{'9' * 500}'; it must be {allowed}.")
    assert error.key == "programme.stages[0].instruments[3].per_year" and error.message.endswith(f"it must be {allowed}.")
    assert "…" in error.message.partition(";")[0]


@pytest.mark.parametrize(("lang", "more"), [("en", "and 58 more"), ("es", "y 58 más")])
def test_of_a_long_list_whole_names_are_said_and_how_many_there_are_besides(lang, more):
    names = [f"name_{k:02}" for k in range(60)]
    with speaking(lang):
        assert several(names, 30) == f"name_00, name_01 {more}"
        assert fewer(f"Allowed: {', '.join(names)}.", 40) == f"Allowed: name_00, name_01 {more}."
        assert several(["one fault", "two faults", "three"], 25, "; ") == "one fault; " + more.replace("58", "2")
    assert several(["a", "b"], 4) == "a, b" and several([], 4) == "" and several(["a" * 9], 5) == "aaa…a"
    assert fitted("'" + "a" * 90 + "', b", 40) == "'" + "a" * 23 + "…" + "a" * 11 + "', b"


@pytest.mark.parametrize(("lang", "more"), [("en", "And 99 more problems"), ("es", "Y 99 problemas más")])
def test_a_thousand_faults_of_a_scenario_are_one_short_error_that_counts_them(tmp_path, lang, more):
    file = tmp_path / "s.yaml"
    file.write_text("extends: no_policy\n" + "".join(f"{'wrong' * 8}{k}: {'long' * 50}\n" for k in range(1000)))
    with speaking(lang), pytest.raises(InputError, match=more) as caught:
        load_scenario(str(file))
    with speaking(lang):
        listed = problems(str(file))
    assert len(listed) == 100 and max(len(str(one)) for one in (caught.value, *listed)) <= 500


class _Mute(Exception):
    def __str__(self):
        raise KeyboardInterrupt


@pytest.mark.parametrize(("error", "said"), [
    (ValueError("a.\nb"), "ValueError: a"), (KeyError(), "KeyError"), (_Mute(), "_Mute: what it says cannot be read, for"),
    (ValueError("x" * 1_000_000), "ValueError: xxx"), (ValueError("a\x1b[31m\0b"), "ValueError: a [31m b"),
])  # fmt: skip
def test_what_an_error_of_the_users_code_says_is_one_short_line(error, said):
    found = said_by(error)
    assert found.startswith(said) and len(found) <= 260 and found.isprintable()
