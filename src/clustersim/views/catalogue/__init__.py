"""The catalogue of instruments: what each does, through which channel and mechanism, for whom, at what cost, how well known."""

from __future__ import annotations

from typing import Any

from clustersim.core.numbers import shortest
from clustersim.core.words import _, _c, language, said_in, speaking
from clustersim.model.levers import LEVERS
from clustersim.policy.instruments import Instrument
from clustersim.policy.instruments.base import GRADES
from clustersim.policy.plugins.registry import kinds, owner
from clustersim.policy.plugins.registry import rules as known_rules  # a module here is called `rules`
from clustersim.scenario.json_schema import number, schema_at
from clustersim.views.catalogue.words import FAMILIES, PAYER, PER, REACHES, RECIPIENT, UNIT, grade


def label(use: str) -> str:
    """Return the name of an instrument, or of a rule, in the language in force."""
    plain = use.replace("_", " ").capitalize().replace("Rd ", "R&D ").replace("Fdi ", "FDI ").replace(" rd ", " R&D ")
    return _own_spanish(use, "etiqueta") or _(plain)


def meaning(use: str) -> str:
    """Return in the language in force what an instrument or a rule does, as its docstring says; "" if it is not at hand."""
    return _own_spanish(use, "descripcion") or _(" ".join((getattr(_known(use), "__doc__", None) or "").split()))


def _known(use: str) -> Any:
    return kinds().get(use) or known_rules().get(use)


def _own_spanish(use: str, attribute: str) -> str:
    """Return the Spanish that a plugin's class brings with it; "" in English, or where it brings none."""
    return getattr(_known(use), attribute, "") if language() == "es" else ""


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
    with speaking("en"):
        name, does = label(use), meaning(use)
    with speaking("es"):
        etiqueta, descripcion = label(use), meaning(use)
    return {
        "name": use, "label": name, "etiqueta": etiqueta, "family": family if family in FAMILIES else "plugin",
        "plugin": plugin.label if plugin else None, "meaning": does, "descripcion": descripcion,
        "channel": ", ".join(effect.channel for effect in kind.effects), "effects": effects,
        "reaches": reaches(kind), "recipient": kind.recipient, "payer": kind.payer, "grade": kind.grade, "source": kind.source,
        "parameters": [_parameter(use, kind, key) for key in kind.model_fields if key != "use"],
    }  # fmt: skip


def _parameter(use: str, kind: type[Instrument], key: str) -> dict[str, Any]:
    field = kind.model_fields[key]
    here = {"programme": {"stages": [{"instruments": [{"use": use}]}]}}
    node = schema_at(("programme", "stages", 0, "instruments", 0, key), here)
    said = field.description or ""
    return {
        "name": key, "required": field.is_required(), "default": None if field.is_required() else field.default,
        "low": node.get("minimum", node.get("exclusiveMinimum")), "high": node.get("maximum"), "range": _range(node),
        "meaning": said, "significado": said_in("es", said),
    }  # fmt: skip


def _range(node: dict[str, Any]) -> str:
    """Return what a value may be, without words."""
    if "items" in node:
        return ", ".join(node["items"].get("enum", ()))
    if node.get("type") == "boolean":
        return "true, false"
    if "enum" in node or "properties" in node:
        return ", ".join(node.get("enum", node.get("properties", ())))
    low = f"> {number(node['exclusiveMinimum'])}" if "exclusiveMinimum" in node else number(node["minimum"])
    return f"{low} – {number(node['maximum'])}"


def facts(entry: dict[str, Any], lang: str | None = None) -> list[tuple[str, str]]:
    """Return what there is to say of an instrument, as headings and texts; in the language in force if `lang` is not given."""
    with speaking(lang):
        said = []
        for e in entry["effects"]:
            strength = f"{shortest(e['strength'])} {_(UNIT.get(e['unit'], e['unit']))}".rstrip()
            by = _("{channel} by {strength}", channel=e["channel"], strength=strength)
            said.append((_("moves"), f"{by}: {_(e['meaning'])}"))
            said.append((_("read by"), ", ".join(e["read_by"])))
            cost = _("{cost} kUSD a year per {per}", cost=shortest(e["full_cost"]), per=_(PER[e["per"]]))
            said.append((_("full effect"), cost))
        if not said:
            said.append((_("moves"), _("no channel: it pays money only")))
        return [
            *said,
            (_("reaches"), _(REACHES[entry["reaches"]])),
            (_("paid to"), _(RECIPIENT[entry["recipient"]])),
            (_("co-finance"), _(PAYER[entry["payer"]])),
            (_("evidence"), f"{grade(entry['grade'])}: {_(GRADES[entry['grade']])}"),
            (_("source"), _(entry["source"])),
            *([(_c("plugin", "from"), entry["plugin"])] if entry["plugin"] else []),
        ]


def common(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parameters that all instruments take."""
    return [p for p in found[0]["parameters"] if p["name"] in Instrument.model_fields]


def own(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parameters that an instrument alone takes."""
    return [p for p in entry["parameters"] if p["name"] not in Instrument.model_fields]
