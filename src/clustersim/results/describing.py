"""What there is to know of the model and of results, as documents: parameters, indicators, the files of a result.

Names and units stay as they are declared, since programs read them; meanings are told in the language in force.
"""

from __future__ import annotations

from typing import Any

from clustersim.core.words import _, language, said_in


def json_text(content: Any) -> str:
    """Return a JSON document; what is not a number becomes null.

    Parameters
    ----------
    content : mapping or sequence
        Of texts, numbers, truths, nothing, and mappings and sequences of them.

    Examples
    --------
    >>> from clustersim.results.describing import json_text
    >>> print(json_text({"name": "clúster", "trust": float("nan")}))
    {
     "name": "clúster",
     "trust": null
    }
    """
    from pydantic_core import to_json

    return to_json(content, indent=1, inf_nan_mode="null").decode()


def parameters() -> list[dict[str, Any]]:
    """Return all declared parameters, one mapping each: name, default, range, unit, meaning, source."""
    from clustersim.model.parameters import PARAMETERS

    return [
        {
            "mechanism": group, "name": name, "default": p.default, "unit": p.unit, "low": p.low, "high": p.high,
            "meaning": _(p.doc), "source": _(p.source),
        }
        for group, declared in PARAMETERS.items()
        for name, p in declared.items()
    ]  # fmt: skip


def indicators() -> list[dict[str, Any]]:
    """Return all indicators, one mapping each: name, labels, unit, formula; behind, the user's own with their plugin."""
    from clustersim.model.indicators import INDICATORS

    return [
        *({"name": name, "label": i.label, "etiqueta": said_in("es", i.label), "unit": i.unit, "formula": _(i.formula)}
          for name, i in INDICATORS.items()),
        *own_indicators(),
    ]  # fmt: skip


def own_indicators() -> list[dict[str, Any]]:
    """Return the user's own indicators that are known now, one mapping each."""
    from clustersim.policy.plugins.record import declared_indicator
    from clustersim.policy.plugins.registry import indicators, owner

    found = []
    for name, kind in indicators().items():
        said, plugin = declared_indicator(kind), owner(name)
        formula = (language() == "es" and kind.descripcion) or said["meaning"]
        found.append({"name": name, "label": name.replace("_", " "), "etiqueta": said["etiqueta"], "unit": said["unit"],
                      "formula": formula, "every": said["every"], "plugin": plugin.label if plugin else None})  # fmt: skip
    return found


def result_files() -> dict[str, Any]:
    """Return the data dictionary: for each file of a result its rows and its columns with unit and meaning."""
    from clustersim.model.indicators import INDICATORS
    from clustersim.results.tables import DATA_DICTIONARY

    composed = {f"{i.label}: {i.formula}": i for i in INDICATORS.values()}

    def meaning(doc: str) -> str:
        said = composed.get(doc)
        return f"{_(said.label)}: {_(said.formula)}" if said else _(doc)

    own = [{"name": one["name"], "unit": one["unit"], "meaning": one["formula"]} for one in own_indicators()]
    found: dict[str, Any] = {
        file: {
            "rows": _(said["rows"]),
            "columns": [{"name": name, "unit": unit, "meaning": meaning(doc)} for name, (unit, doc) in said["columns"].items()],
        }
        for file, said in DATA_DICTIONARY.items()
    }
    found["indicators.parquet"]["columns"] += own
    return found
