"""docs/registers.md: its table of known registers is what reading their files gives, and it names all options."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from clustersim.cli.reading import READING

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def writer():
    """Return the script that writes the table, and how it reads the files."""
    spec = importlib.util.spec_from_file_location("known_registers", DOCS / "registers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, module.plans()


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_table_is_what_reading_gives(writer, lang):
    module, plans = writer
    assert len(plans) == 15
    page = module.PAGES[lang].read_text(encoding="utf-8")
    assert module.table(plans, lang) in page, "run docs/registers.py"
    assert [name for name in READING if f"--{name.replace('_', '-')}" not in page] == []
