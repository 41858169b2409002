"""The texts of the program: each has its Spanish, with the same fields, and the kept catalogue is the collected one."""

from __future__ import annotations

import ast
import importlib.util
import io
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from clustersim.core import numbers, words
from clustersim.core.errors import InputError

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "src" / "clustersim"
# What is Spanish on purpose: headings of registers, and the example of what a plugin says of itself.
SPANISH_FILES = {
    "scenario/registers/columns.py", "scenario/registers/forms/asides.py", "scenario/registers/forms/pages.py",
    "scenario/registers/sheet.py", "policy/plugins/contract.py", "cli/new.py",
}  # fmt: skip
NAMES = re.compile(r"Juhász|Olavarría|Kecskemét")  # authors and places
SPANISH = re.compile(r"[áéíóúñÁÉÍÓÚÑ¿¡]| (?:del|para|con la|de los|de las) ")


def tool():
    """Return the module that keeps the catalogue."""
    spec = importlib.util.spec_from_file_location("words_tool", REPOSITORY / "tools" / "words.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_is_translated_and_the_catalogue_is_up_to_date():
    done = subprocess.run([sys.executable, REPOSITORY / "tools" / "words.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_declared_is_found_and_said_in_spanish():
    found = tool().declared()
    assert len(found) == len(set(found)) > 900
    for text, spanish in (
        ("Depreciation of assets", "Depreciación de los activos"),  # a parameter, its unit and its source
        ("kUSD/quarter", "miles de USD/trimestre"),
        ("DINI: failed expectations (sign); value assumed", "DINI: expectativas frustradas (signo); valor supuesto"),
        ("Export share", "Cuota exportada"),  # an indicator and its formula
        ("wages + profit after interest, sum over firms (interest counts as an input)",
         "salarios + beneficio después de intereses, suma de las empresas (los intereses cuentan como insumo)"),
        ("additional skilled graduates", "egresados calificados adicionales"),  # a channel
        ("Joint R&D grant", "Subvención a la I+D conjunta"),  # an instrument
        ("Public buyers as demanding first customers of firms of high quality; paid are premium and administration only.",
         "Compradores públicos como primeros clientes exigentes: pedidos para empresas de alta calidad; el dinero es la prima y "
         "la administración, los bienes se compran con presupuestos ordinarios."),
        ("Least rise above the baseline, in the indicator's unit.",  # a key of a scenario, and a mapping
         "Aumento mínimo sobre la línea de base, en la unidad del indicador."),
        ("How public bodies act.", "Cómo actúan los organismos públicos."),
        ("wage bill + operating profit", "masa salarial + beneficio de operación"),  # a column of a result
        ("Jobs at the end", "Empleo al final"),  # an outcome of a comparison
        ("technology centre", "centro tecnológico"),
    ):  # fmt: skip
        assert text in found and words.said_in("es", text) == spanish
    same = {text for text in found if words.said_in("es", text) == text}
    assert not [text for text in same if len(text.split()) > 3 and not re.match(r"ILO|Martin", text)], same


def collected(source):
    """Return what the tool finds in a source file."""
    file = io.BytesIO(source.encode())
    file.name = "example.py"
    return sorted(((name, texts) for _line, name, texts, _comments in tool().spoken(file, ("_", "_n"), (), {})), key=repr)


def test_texts_inside_f_strings_are_found_and_those_that_are_no_literal_are_left():
    source = """print(f"{_('one')} {x}", _("two" " words"), words._(names[0]))\n_n("a", "b", n)"""
    assert collected(source) == [("_", ["one"]), ("_", ["two words"]), ("_", [None]), ("_n", ["a", "b", None])]


@pytest.mark.parametrize("text", ['f"{n} firms"', '"firms: " + names', '"one" if n == 1 else "many"'])
def test_a_text_that_is_put_together_where_it_is_said_is_refused(text):
    with pytest.raises(ValueError, match=r"example\.py:1: a text must stand whole"):
        collected(f"_({text})")


def test_no_source_file_holds_spanish():
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).as_posix() in SPANISH_FILES:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in told:
                if SPANISH.search(NAMES.sub("", node.value)):
                    found.append(f"{path.relative_to(PACKAGE)}:{node.lineno}: {node.value[:60]!r}")
    assert not found, "\n".join(found)


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
