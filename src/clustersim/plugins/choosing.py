"""How a programme finds the class of an instrument by its `use`, plugins included; for pydantic."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationError, ValidationInfo
from pydantic_core import core_schema

from clustersim.instruments import INSTRUMENTS, Instrument
from clustersim.plugins.installed import find
from clustersim.plugins.registry import kinds

# Context in which the scenario of a finished result is validated: it may name instruments whose plugin is not at hand.
RECORDED = {"recorded": True}


class RecordedInstrument(Instrument):
    """An instrument whose plugin is not at hand: all that a result says of it, to be read and not to be run."""

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


def _union(known: dict[str, type[Instrument]]) -> Any:
    return Annotated[reduce(or_, known.values()), Field(discriminator="use")]


def _chosen(value: Any, own: Callable[[Any], Instrument], info: ValidationInfo) -> Instrument:
    """Return an instrument; `own`, the union of clustersim's own, says what is wrong with names that nobody knows."""
    if isinstance(value, Instrument):
        return value
    use = value.get("use") if isinstance(value, dict) else None
    if info.context == RECORDED and isinstance(use, str) and use not in INSTRUMENTS:  # reading a result loads no code
        return _recorded(kinds().get(use), value)
    kind = find(use)
    if kind is None:
        return own(value)
    try:
        if info.mode == "json":  # which is validated strictly wherever scenarios are read; see `clustersim.scenario.explain`
            return kind.model_validate_json(json.dumps(value), strict=True)
        return kind.model_validate(value)
    except ValidationError:
        raise
    except Exception as error:  # of a validator that the plugin brings
        said = " ".join(str(error).split())[:200]
        raise ValueError(f"the plugin's own check of {use!r} failed with {type(error).__name__}: {said}") from error


def _recorded(kind: type[Instrument] | None, value: dict[str, Any]) -> Instrument:
    if kind is not None:
        try:
            return kind.model_validate(value)
        except ValidationError:  # the plugin has changed since
            pass
    return RecordedInstrument.model_validate(value)


if TYPE_CHECKING:
    AnyInstrument: TypeAlias = Instrument
else:
    AnyInstrument = Annotated[_union(INSTRUMENTS), _ByUse()]
