"""Indicators by name: each family's kernel fills just what the family declares, and reads the state without touching it."""

from __future__ import annotations

import ast
import inspect

import numpy as np
import pytest

from clustersim.model.indicators import AT, INDICATORS, by_name, economy, institution, knowledge, relations, structure, success

FAMILIES = (structure, relations, institution, knowledge, economy, success)


def written(node: ast.AST) -> list[str]:
    """Return what a piece of code writes to, but for plain variables."""
    found = []
    for part in ast.walk(node):
        if isinstance(part, (ast.Attribute, ast.Subscript)) and isinstance(part.ctx, ast.Store):
            found.append(ast.unparse(part))
    return found


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__.rpartition(".")[2])
def test_a_family_writes_what_it_declares_and_nothing_else(family):
    found = written(ast.parse(inspect.getsource(family)))
    assert sorted(found) == sorted(f"out.{name}" for name in family.INDICATORS)


def test_the_families_share_no_name():
    assert sum(len(family.INDICATORS) for family in FAMILIES) == len(INDICATORS) == len(AT)


def test_names_look_at_the_same_memory():
    array = np.zeros((3, 2, len(INDICATORS)))
    by_name(array[1:])[0, 1].firms = 7.0
    assert array[1, 1, AT["firms"]] == 7.0 and array.sum() == 7.0
    assert by_name(array).firms[1].tolist() == [0.0, 7.0]


def test_a_misspelled_name_is_an_error():
    row = by_name(np.zeros((1, len(INDICATORS))))[0]
    with pytest.raises(AttributeError):
        _ = row.frims
