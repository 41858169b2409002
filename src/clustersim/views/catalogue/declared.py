"""Parameters, indicators and the files of a result as documents, one mapping each, in the language in force.

Names and units stay as they are declared, since programs read them; meanings are said in the reader's language.
"""

from __future__ import annotations

from typing import Any

from clustersim.core.words import _, said_in
from clustersim.model.indicators import INDICATORS
from clustersim.model.parameters import PARAMETERS
from clustersim.results.tables import DATA_DICTIONARY


def parameters() -> list[dict[str, Any]]:
    """Return all declared parameters."""
    return [
        {
            "mechanism": group, "name": name, "default": p.default, "unit": p.unit, "low": p.low, "high": p.high,
            "meaning": _(p.doc), "source": _(p.source),
        }
        for group, declared in PARAMETERS.items()
        for name, p in declared.items()
    ]  # fmt: skip


def indicators() -> list[dict[str, Any]]:
    """Return all indicators."""
    return [
        {"name": name, "label": i.label, "etiqueta": said_in("es", i.label), "unit": i.unit, "formula": _(i.formula)}
        for name, i in INDICATORS.items()
    ]


def results() -> dict[str, Any]:
    """Return the data dictionary: for each file of a result its rows and its columns with unit and meaning."""
    indicator = {f"{i.label}: {i.formula}": i for i in INDICATORS.values()}

    def meaning(doc: str) -> str:
        said = indicator.get(doc)
        return f"{_(said.label)}: {_(said.formula)}" if said else _(doc)

    return {
        file: {
            "rows": _(said["rows"]),
            "columns": [{"name": name, "unit": unit, "meaning": meaning(doc)} for name, (unit, doc) in said["columns"].items()],
        }
        for file, said in DATA_DICTIONARY.items()
    }
