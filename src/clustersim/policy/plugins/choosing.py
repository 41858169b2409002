"""How a programme finds the class of an instrument or a rule by its `use`, plugins included; for pydantic."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

from pydantic import ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationError, ValidationInfo
from pydantic_core import core_schema

from clustersim.core.errors import door, said_by
from clustersim.core.words import _
from clustersim.policy.instruments import INSTRUMENTS, Instrument
from clustersim.policy.plugins.contract import nearest
from clustersim.policy.plugins.installed import find, find_rule, rule_names
from clustersim.policy.plugins.registry import kinds, rules
from clustersim.policy.plugins.watching import Escaped, Overdue, Watch, watched
from clustersim.policy.rule import Rule

# Context in which the scenario of a finished result is validated: it may name what comes from a plugin that is not at hand.
RECORDED = {"recorded": True}
Kind = TypeVar("Kind", Instrument, Rule)


class RecordedInstrument(Instrument):
    """An instrument whose plugin is not at hand: all that a result says of it, to be read and not to be run."""

    model_config = ConfigDict(extra="allow", frozen=True)

    use: str


class RecordedRule(Rule):
    """A rule whose plugin is not at hand: all that a result says of it, to be read and not to be run."""

    model_config = ConfigDict(extra="allow", frozen=True)

    use: str


class _ByUse:
    """Adds the instruments of plugins to the union of clustersim's own, when a programme is validated and described."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        # The class of the object decides how it is written, as pydantic's SerializeAsAny has it.
        return core_schema.with_info_wrap_validator_function(
            _chosen, handler(source), serialization=core_schema.simple_ser_schema("any")
        )

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(TypeAdapter(_union(kinds())).core_schema)


class _RuleByUse:
    """Finds the rule of a programme: one of clustersim, or of a plugin."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(
            _chosen_rule, serialization=core_schema.simple_ser_schema("any")
        )

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        known = {use: TypeAdapter(rule).core_schema for use, rule in rules().items()}
        return handler(core_schema.tagged_union_schema(known, "use"))


def _union(known: Any) -> Any:
    return Annotated[reduce(or_, known.values()), Field(discriminator="use")]


def _chosen(value: Any, own: Callable[[Any], Instrument], info: ValidationInfo) -> Instrument:
    """Return an instrument; `own`, the union of clustersim's own, says what is wrong with names that nobody knows."""
    if isinstance(value, Instrument):
        return value
    use = value.get("use") if isinstance(value, dict) else None
    if info.context == RECORDED and isinstance(use, str) and use not in INSTRUMENTS:  # reading a result loads no code
        return _recorded(kinds().get(use), value, RecordedInstrument)
    kind = find(use)
    return own(value) if kind is None else _checked(kind, value, info)


def _chosen_rule(value: Any, info: ValidationInfo) -> Rule:
    """Return a rule; say what is wrong where there is none of that name."""
    if isinstance(value, Rule):
        return value
    use = value.get("use") if isinstance(value, dict) else None
    if not isinstance(value, dict):
        must = _("a mapping such as {example}", example="{use: NAME}")
        raise ValueError(_("found {found}; it must be {must}.", found=f"{value!r:.60}", must=must))
    if not isinstance(use, str):
        raise ValueError("use: " + _("must be the name of a rule."))
    if info.context == RECORDED:  # reading a result loads no code
        return _recorded(rules().get(use), value, RecordedRule)
    rule = find_rule(use)
    if rule is None:
        known = rule_names()
        said = _("{name!r} is not a rule; known are {known}.", name=use[:60], known=", ".join(known))
        loader = door(command="--plugin FILE", python="clustersim.plugins.load_plugin(FILE)")
        own = _("One of yours is loaded with {loader}.", loader=loader)
        raise ValueError(f"use: {said} {nearest(use, known) or own}")
    return _checked(rule, value, info)


def _checked(kind: type[Kind], value: Any, info: ValidationInfo) -> Kind:
    """Return the instrument or rule that a mapping describes."""

    def work(watch: Watch) -> Kind:
        if info.mode == "json":  # which is validated strictly wherever scenarios are read; see `clustersim.scenario.explain`
            return kind.model_validate_json(json.dumps(value), strict=True)
        return kind.model_validate(value)

    if getattr(kind, "__module__", "").startswith("clustersim.policy."):
        return work(Watch())
    try:
        return watched(work)
    except ValidationError:
        raise
    except Exception as error:  # of a validator that the plugin brings
        said = str(error) if isinstance(error, Overdue | Escaped) else said_by(error)
        message = _("the plugin's own check of {name!r} failed with {error}", name=value.get("use"), error=said)
        raise ValueError(message) from None


def _recorded(kind: type[Kind] | None, value: dict[str, Any], unknown: type[Kind]) -> Kind:
    if kind is not None:
        try:
            return kind.model_validate(value)
        except ValidationError:  # the plugin has changed since
            pass
    return unknown.model_validate(value)


if TYPE_CHECKING:
    AnyInstrument: TypeAlias = Instrument
    AnyRule: TypeAlias = Rule
else:
    AnyInstrument = Annotated[_union(INSTRUMENTS), _ByUse()]
    AnyRule = Annotated[Rule, _RuleByUse()]
