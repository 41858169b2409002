"""What ``clustersim describe`` tells: parameters, indicators, instruments, schema of scenarios, files of a result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

TOPICS = ("parameters", "indicators", "instruments", "schema", "results")


def parameters() -> list[dict[str, Any]]:
    """Return all declared parameters, one mapping each."""
    from clustersim.parameters import PARAMETERS

    return [
        {
            "mechanism": group, "name": name, "default": p.default, "unit": p.unit, "low": p.low, "high": p.high,
            "meaning": p.doc, "source": p.source,
        }
        for group, declared in PARAMETERS.items()
        for name, p in declared.items()
    ]  # fmt: skip


def indicators() -> list[dict[str, Any]]:
    """Return all indicators, one mapping each."""
    from clustersim.indicators import INDICATORS

    return [
        {"name": name, "label": i.label, "etiqueta": i.etiqueta, "unit": i.unit, "formula": i.formula}
        for name, i in INDICATORS.items()
    ]


def _shown(default: Any) -> str:
    """Return a default as a reader would write it: a number, a list of names, or nothing."""
    if default is None:
        return ""
    return ", ".join(default) if isinstance(default, tuple) else f"{default:g}"


def instruments() -> list[dict[str, Any]]:
    """Return all policy instruments: channels that they move, parameters, source."""
    from clustersim.instruments import INSTRUMENTS

    return [
        {
            "name": name,
            "etiqueta": kind.etiqueta,
            "meaning": (kind.__doc__ or "").strip(),
            "channel": ", ".join(effect.channel for effect in kind.effects),
            "effects": [
                {
                    "channel": effect.channel, "strength": effect.strength, "full_cost": effect.full_cost,
                    "per": effect.per,
                }
                for effect in kind.effects
            ],
            "recipient": kind.recipient,
            "parameters": [
                {"name": key, "required": field.is_required(),
                 "default": None if field.is_required() else field.default, "meaning": field.description or ""}
                for key, field in kind.model_fields.items() if key != "use"
            ],
            "source": kind.source,
        }
        for name, kind in INSTRUMENTS.items()
    ]  # fmt: skip


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file."""
    from clustersim.scenario.loading import scenario_json_schema

    return scenario_json_schema()


def results() -> dict[str, Any]:
    """Return the data dictionary: for each file of a result its rows and its columns with unit and meaning."""
    from clustersim.results.tables import DATA_DICTIONARY

    return {
        file: {
            "rows": said["rows"],
            "columns": [{"name": name, "unit": unit, "meaning": doc} for name, (unit, doc) in said["columns"].items()],
        }
        for file, said in DATA_DICTIONARY.items()
    }


def document(topic: str) -> Any:
    """Return what is to be told of a topic, as a JSON document."""
    return {
        "parameters": parameters,
        "indicators": indicators,
        "instruments": instruments,
        "schema": schema,
        "results": results,
    }[topic]()


def show(topic: str) -> None:
    """Print a topic as tables."""
    from clustersim.commands.terminal import console, print_rows

    out = console()

    def rows(title: str, headings: Sequence[str], lines: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
        out.print(f"\n{title}", style="bold", markup=False)
        print_rows(out, headings, lines, right)

    found = document(topic)
    lines: list[tuple[str, ...]]
    if topic == "parameters":
        for group in dict.fromkeys(p["mechanism"] for p in found):
            lines = [
                (p["name"], f"{p['default']:g}", f"{p['low']:g} – {p['high']:g}", p["unit"], p["meaning"], p["source"])
                for p in found
                if p["mechanism"] == group
            ]
            rows(group, ("Parameter", "Default", "Range", "Unit", "Meaning", "Source"), lines, (1, 2))
        out.print("Set one with --set parameters.MECHANISM.PARAMETER=VALUE.")
    elif topic == "indicators":
        lines = [(i["name"], i["label"], i["unit"], i["formula"]) for i in found]
        rows("Indicators", ("Column", "Name", "Unit", "Formula"), lines)
    elif topic == "instruments":
        lines = [(i["name"], i["channel"] or "none: money only", i["recipient"], i["meaning"], i["source"]) for i in found]
        rows("Instruments", ("Use", "Channel", "Paid to", "Meaning", "Source"), lines)
        common = found[0]["parameters"]
        lines = [(p["name"], "required" if p["required"] else _shown(p["default"]), p["meaning"]) for p in common]
        rows("Every instrument takes", ("Parameter", "Default", "Meaning"), lines)
    elif topic == "results":
        for file, said in found.items():
            rows(f"{file}: {said['rows']}", ("Column", "Unit", "Meaning"),
                 [(c["name"], c["unit"], c["meaning"]) for c in said["columns"]])  # fmt: skip
