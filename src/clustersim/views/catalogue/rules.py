"""The rules that are known now: those of clustersim and of plugins, with what each does and what a programme may set."""

from __future__ import annotations

from typing import Any

from clustersim.core.words import speaking
from clustersim.policy.plugins.record import declared_rule
from clustersim.policy.plugins.registry import owner, rules
from clustersim.policy.rule import Rule
from clustersim.scenario.json_schema import allowed, schema_at
from clustersim.views.catalogue import label, meaning


def entries() -> list[dict[str, Any]]:
    """Return all rules that are known now, one mapping each."""
    return [_entry(use, rule) for use, rule in rules().items()]


def _entry(use: str, rule: type[Rule]) -> dict[str, Any]:
    plugin = owner(use)
    with speaking("es"):
        etiqueta, descripcion = label(use), meaning(use)
    said = declared_rule(rule)
    return {
        "name": said.pop("use"), **said, "etiqueta": etiqueta, "descripcion": descripcion, "keeps_total": rule.keeps_total,
        "plugin": plugin.label if plugin else None,
        "parameters": [_parameter(use, rule, key) for key in rule.model_fields if key != "use"],
    }  # fmt: skip


def _parameter(use: str, rule: type[Rule], key: str) -> dict[str, Any]:
    field = rule.model_fields[key]
    node = schema_at(("programme", "rule", key), {"programme": {"rule": {"use": use}}})
    return {"name": key, "required": field.is_required(), "default": node.get("default"), "allowed": allowed(node),
            "meaning": field.description or ""}  # fmt: skip
