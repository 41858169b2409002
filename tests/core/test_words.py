"""The texts of the program: each has its Spanish, with the same fields, and the kept catalogue is the collected one."""

from __future__ import annotations

import ast
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from clustersim.core import numbers, words
from clustersim.core.errors import InputError

REPOSITORY = Path(__file__).parents[2]


def test_every_text_is_translated_and_the_catalogue_is_up_to_date():
    done = subprocess.run([sys.executable, REPOSITORY / "tools" / "words.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_text_is_said_inside_an_f_string():
    """Where it would not be collected: before Python 3.12 an f-string is a single token."""
    found = []
    for path in (REPOSITORY / "src" / "clustersim").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            inside = ast.walk(node) if isinstance(node, ast.JoinedStr) else ()
            calls = [part for part in inside if isinstance(part, ast.Call) and ast.unparse(part.func) in ("_", "_n", "_c", "N_")]
            found += [f"{path.name}:{call.lineno}" for call in calls if isinstance(call.args[0], ast.Constant)]
    assert found == []


@pytest.mark.parametrize(
    ("environment", "lang"),
    [({}, "en"), ({"LANG": "es_MX.UTF-8"}, "es"), ({"LANG": "es_MX.UTF-8", "LC_ALL": "C"}, "en"),
     ({"CLUSTERSIM_LANG": "es", "LANG": "de_DE.UTF-8"}, "es"), ({"CLUSTERSIM_LANG": "fr", "LANG": "es_ES"}, "es"),
     ({"LANG": "de_DE.UTF-8"}, "en")],
)  # fmt: skip
def test_the_environment_chooses_the_language(monkeypatch, environment, lang):
    for name in (words.VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert words.language() == lang


def test_a_block_speaks_for_its_own_thread_and_a_process_for_all():
    before = words.use("es")
    try:
        with words.speaking("en"), ThreadPoolExecutor(1) as pool:
            assert words.language() == "en"
            assert pool.submit(words.language).result() == "es"
        assert words.language() == "es"
    finally:
        words.use(before)


def test_an_unknown_language_is_one_sentence():
    with pytest.raises(InputError, match="'fr' is not a language"), words.speaking("fr"):
        pass


@pytest.mark.parametrize(
    ("write", "english", "spanish"),
    [
        (lambda: numbers.number(1234), "1,234", "1234"),
        (lambda: numbers.number(-12345.6), "−12,346", "−12\u202f346"),
        (lambda: numbers.number(0.25), "0.250", "0,250"),
        (lambda: numbers.number(-0.0001, 2), "0.00", "0,00"),
        (lambda: numbers.number(float("nan")), "–", "–"),
        (lambda: numbers.shortest(0.25), "0.25", "0,25"),
        (lambda: numbers.shortest(1e7), "10,000,000", "10\u202f000\u202f000"),
        (lambda: numbers.shortest(-0.000012345, 3), "−0.0000123", "−0,0000123"),
        (lambda: numbers.shortest(-0.0), "0", "0"),
        (lambda: numbers.signed(3.5), "+3.50", "+3,50"),
        (lambda: numbers.percent(0.0149), "1.5\u00a0%", "1,5\u00a0%"),
        (lambda: numbers.years(4), "1 year", "1 año"),
        (lambda: numbers.years(2), "0.5 years", "0,5 años"),
        (lambda: numbers.money(12_345), "USD\u00a012.3\u00a0million", "12,3\u00a0millones\u00a0de\u00a0USD"),
        (lambda: numbers.money_range(1.0, 2.0), "USD\u00a01,000 to USD\u00a02,000", "1000\u00a0USD a 2000\u00a0USD"),
        (lambda: numbers.date(date(2026, 11, 28)), "28 November 2026", "28 de noviembre de 2026"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_the_language_does(write, english, spanish):
    with words.speaking("en"):
        assert write() == english
    with words.speaking("es"):
        assert write() == spanish
