"""Exported tables hold no formulas, and what clustersim reads back is what it wrote."""

from __future__ import annotations

import csv
import io
import re
import time
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustersim.core.cells import csv_text, original, safe
from clustersim.results.exporting import write_tables

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t1", "\r1", "=HYPERLINK(1)", "＝1", "'=1"]
PARTS = {"a;=1": "a;'=1", "b\t=1": "b\t'=1", "c|@x": "c|'@x", "d\n-1+1": "d\n'-1+1", "e;;\"=1": "e;;'\"=1", "f;'＝1": "f;''＝1",
         "\t=1": "'\t'=1", "\r=1": "'\r'=1"}  # fmt: skip
CALCULATED = tuple("=+-@＝＋－＠")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_spreadsheets_calculate_gets_an_apostrophe(text):
    assert safe(text) == f"'{text}" and original(safe(text)) == text


@pytest.mark.parametrize(("text", "written"), PARTS.items())
def test_a_part_that_another_reader_would_take_for_a_cell_gets_one_too(text, written):
    assert safe(text) == written and original(written) == text


@pytest.mark.parametrize("between", [";", "\t", "|", ","])
@given(st.lists(st.lists(st.text(alphabet="=-@＝;|\t\r\n,'\"a"), min_size=3, max_size=3), min_size=1, max_size=2))
def test_no_reader_finds_a_formula_wherever_it_splits_rows(between, rows):
    text = csv_text(rows)
    assert [[original(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))] == rows
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=between):
        assert not any(cell.lstrip("\t\r\n").startswith(CALCULATED) for cell in row), (text, row)


def test_a_cell_with_another_separator_is_quoted():
    for sign in ";\t|\r":
        assert csv_text([["first", f"a{sign}b", 3]]) == f'"first","a{sign}b",3\n'


@pytest.mark.parametrize("cell", ["", "valley", "-1.5", "+3e4", "1-2", "it's", "a;b", "a; 'b'", "a\n\nb", "'90s", -1.5, None, 3])
def test_numbers_and_other_texts_stay(cell):
    assert safe(cell) is cell


@given(st.text(alphabet="'=+-@\t\r\n a1;|\""))
def test_any_text_comes_back(text):
    assert original(safe(text)) == text
    (row,) = csv.reader(io.StringIO(csv_text([["first", text]]), newline=""))
    assert original(row[1]) == text


def test_a_long_cell_takes_no_longer_than_it_is_long():
    """No sign is tried twice: so many took minutes."""
    for text in ("-" + "1" * 200_000 + "!", "+." + "1" * 200_000 + "e", "'" * 200_000, "-1e" + "1" * 200_000 + "x"):
        started = time.process_time()
        assert original(safe(text)) == text
        assert time.process_time() - started < 1.0


def test_exports_of_tables_are_safe_in_csv_and_untouched_in_parquet(tmp_path):
    texts = pa.array(["=1+1", "b", None, "=1+1"])
    table = pa.table({"option": texts, "coded": texts.dictionary_encode().cast(pa.string()), "=name": [-1.0, 2.0, 3.0, 4.0]})
    write_tables([table, table], tmp_path / "t.csv", "csv")
    rows = list(csv.reader(Path(tmp_path / "t.csv").open(newline="")))
    assert rows[0] == ["option", "coded", "'=name"] and rows[1] == ["'=1+1", "'=1+1", "-1"] and len(rows) == 9
    write_tables([table], tmp_path / "t.parquet", "parquet")
    assert pa.parquet.read_table(tmp_path / "t.parquet").equals(table)


def test_nothing_else_writes_csv():
    package = Path(__file__).parents[2] / "src" / "clustersim"
    texts = {path.relative_to(package).as_posix(): path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    examples = re.compile(r"^ *(>>>|\.\.\.) .*$", re.MULTILINE)  # call `to_csv` of results, which goes by these two
    words = ("csv.writer", "CSVWriter", ".to_csv(")
    found = sorted(name for name, text in texts.items() if any(word in examples.sub("", text) for word in words))
    assert found == ["core/cells.py", "results/exporting.py"]
