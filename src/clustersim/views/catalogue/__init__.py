"""The catalogue of instruments: what each does, through which channel and mechanism, for whom, at what cost, how well known."""

from __future__ import annotations

from typing import Any

from clustersim.model.levers import LEVERS
from clustersim.policy.instruments import Instrument
from clustersim.policy.instruments.base import GRADES
from clustersim.policy.plugins.registry import kinds, owner
from clustersim.scenario.json_schema import number, schema_at
from clustersim.views.catalogue.words import FAMILIES, GRADE, PARAMETERS, PAYER, PER, REACHES, RECIPIENT, TEXTS, UNIT


def label(use: str) -> str:
    """Return the English name of an instrument."""
    plain = use.replace("_", " ").capitalize()
    return plain.replace("Rd ", "R&D ").replace("Fdi ", "FDI ").replace(" rd ", " R&D ")


def reaches(kind: type[Instrument]) -> str:
    """Return whom the effects of an instrument reach: "firms", "cluster", "both", or "money" where it has none."""
    found = {LEVERS[effect.channel].reach for effect in kind.effects}
    if not found:
        return "money"
    return found.pop() if len(found) == 1 else "both"


def entries() -> list[dict[str, Any]]:
    """Return all instruments that are known now, plugins included, one mapping each."""
    return [_entry(use, kind) for use, kind in kinds().items()]


def _entry(use: str, kind: type[Instrument]) -> dict[str, Any]:
    effects = []
    for effect in kind.effects:
        lever = LEVERS[effect.channel]
        effects.append({
            "channel": effect.channel, "strength": effect.strength, "unit": lever.unit, "meaning": lever.meaning,
            "read_by": list(lever.read_by), "full_cost": effect.full_cost, "per": effect.per,
        })  # fmt: skip
    plugin, family = owner(use), kind.__module__.rpartition(".")[2]
    return {
        "name": use, "label": label(use), "etiqueta": kind.etiqueta, "family": family if family in FAMILIES else "plugin",
        "plugin": plugin.label if plugin else None, "meaning": " ".join((kind.__doc__ or "").split()),
        "descripcion": kind.descripcion, "channel": ", ".join(effect.channel for effect in kind.effects), "effects": effects,
        "reaches": reaches(kind), "recipient": kind.recipient, "payer": kind.payer, "grade": kind.grade, "source": kind.source,
        "parameters": [_parameter(use, kind, key) for key in kind.model_fields if key != "use"],
    }  # fmt: skip


def _parameter(use: str, kind: type[Instrument], key: str) -> dict[str, Any]:
    field = kind.model_fields[key]
    here = {"programme": {"stages": [{"instruments": [{"use": use}]}]}}
    node = schema_at(("programme", "stages", 0, "instruments", 0, key), here)
    return {
        "name": key, "required": field.is_required(), "default": None if field.is_required() else field.default,
        "low": node.get("minimum", node.get("exclusiveMinimum")), "high": node.get("maximum"), "range": _range(node),
        "meaning": field.description or "", "significado": PARAMETERS.get(key, ""),
    }  # fmt: skip


def _range(node: dict[str, Any]) -> str:
    """Return what a value may be, without words."""
    if "items" in node:
        return ", ".join(node["items"].get("enum", ()))
    if node.get("type") == "boolean":
        return "true, false"
    low = f"> {number(node['exclusiveMinimum'])}" if "exclusiveMinimum" in node else number(node["minimum"])
    return f"{low} – {number(node['maximum'])}"


def facts(entry: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """Return what there is to say of an instrument, as headings and texts."""
    place = lang == "es"

    def say(key: str, **values: object) -> str:
        return TEXTS[key][place].format(**values)

    said = []
    for e in entry["effects"]:
        unit = UNIT.get(e["unit"], (e["unit"], e["unit"]))[place]
        by = say("moves_by", channel=e["channel"], strength=f"{e['strength']:g}", unit=unit).rstrip()
        said.append((say("moves"), by if place else f"{by}: {e['meaning']}"))  # channels are declared in English only
        said.append((say("read_by"), ", ".join(e["read_by"])))
        said.append((say("cost"), say("cost_of", cost=f"{e['full_cost']:g}", per=PER[e["per"]][place])))
    if not said:
        said.append((say("moves"), say("nothing")))
    return [
        *said,
        (say("reaches"), REACHES[entry["reaches"]][place]),
        (say("paid_to"), RECIPIENT[entry["recipient"]][place]),
        (say("cofinance"), PAYER[entry["payer"]][place]),
        (say("grade"), f"{GRADE[entry['grade']][place]}: {grade_meaning(entry['grade'], lang)}"),
        (say("source"), entry["source"]),
        *([(say("plugin"), entry["plugin"])] if entry["plugin"] else []),
    ]


def grade_meaning(grade: str, lang: str) -> str:
    """Return what a grade of evidence means."""
    return GRADES[grade][lang == "es"]


def common(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parameters that all instruments take."""
    return [p for p in found[0]["parameters"] if p["name"] in Instrument.model_fields]


def own(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parameters that an instrument alone takes."""
    return [p for p in entry["parameters"] if p["name"] not in Instrument.model_fields]
