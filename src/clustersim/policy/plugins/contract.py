"""What a user's instrument, rule or indicator must be; a fault is one sentence: file, class, what was found, what is allowed."""

from __future__ import annotations

import difflib
import inspect
import math
import re
import reprlib
from collections.abc import Iterable, Iterator
from types import FunctionType
from typing import Any, Literal, get_args, get_origin

from pydantic import PydanticUserError

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.words import N_, _
from clustersim.model.indicators import INDICATORS
from clustersim.model.levers import LEVERS, RECIPIENTS
from clustersim.policy.indicator import EVERY_MAX, Indicator
from clustersim.policy.instruments import INSTRUMENTS, Effect, Instrument
from clustersim.policy.instruments.base import EVALUATION, GRADES
from clustersim.policy.rule import Rule
from clustersim.policy.rules import RULES

NOT_ONE: dict[type, str] = {
    Instrument: N_("is not an instrument; it must be a subclass of {base}"),
    Rule: N_("is not a rule; it must be a subclass of {base}"),
    Indicator: N_("is not an indicator; it must be a subclass of {base}"),
}
ONCE = N_("Write {name} = … without its type.")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
BASES: dict[type, str] = {
    Instrument: "clustersim.instruments.Instrument", Rule: "clustersim.programme_rules.Rule",
    Indicator: "clustersim.plugins.Indicator",
}  # fmt: skip
# Texts that a class must have, with an example of each.
ETIQUETA = ("etiqueta", N_("its name in Spanish"), "Alumbrado público")
SOURCE = ("source", N_("where what it does and what it costs come from, or that they are assumed"), "assumed")
UNIT = ("unit", N_("in what it is measured, such as share, persons or kUSD/quarter"), "share")
COLUMNS = ("replicate", "quarter", "year", "cluster", *INDICATORS)  # of the table in which an own indicator is one more
PER = ("cluster", "hundred firms", "thousand jobs")
PAYERS = ("association", "firms")
# The one field that a programme reads beside those of all instruments; any other would be read by nothing.
READ = "report"
_WRITER = reprlib.Repr()  # which stops early
_WRITER.maxstring = _WRITER.maxlong = _WRITER.maxother = 300
_WRITER.maxlist = _WRITER.maxtuple = _WRITER.maxdict = _WRITER.maxset = _WRITER.maxfrozenset = _WRITER.maxdeque = 40
ATTRIBUTES = ("descripcion", "effects", "etiqueta", "grade", "keeps_total", "payer", "recipient", "source")
OF_INDICATORS = ("descripcion", "etiqueta", "every", "unit")


def check(
    kind: Any, file: str = "", line: int | None = None, taken: dict[str, str] | None = None, base: type = Instrument
) -> None:
    """Refuse a class that is no sound instrument, rule or indicator.

    Parameters
    ----------
    kind : type
        The class.
    file : str, optional
        File that it comes from, as messages call it.
    line : int, optional
        Line in which it begins.
    taken : dict, optional
        Names that other plugins have taken, and by whom.
    base : type
        What it must be: `Instrument`, `Rule` or `Indicator`.

    Raises
    ------
    InputError
        At the first fault.

    Examples
    --------
    >>> from clustersim.instruments import Instrument
    >>> from clustersim.plugins import check
    >>> class Silent(Instrument):
    ...     pass
    >>> try:
    ...     check(Silent)
    ... except Exception as error:
    ...     print(type(error).__name__)
    InputError
    """
    if line is not None:
        arguments.whole(line, "line", 1, arguments.SEED_MAX)
    if not isinstance(taken, dict | None):
        raise arguments.refused("taken", taken, "dict")
    if not (isinstance(base, type) and base in BASES):
        raise arguments.refused("base", base, ", ".join(one.__name__ for one in BASES))
    file, name = arguments.text(file, "file"), getattr(kind, "__name__", arguments.said(kind))
    for message, hint in _faults(kind, taken or {}, base):
        raise InputError(file, f"class {name}", message, hint, line)


def _faults(kind: Any, taken: dict[str, str], base: type) -> Iterator[tuple[str, str]]:
    if base not in getattr(kind, "__mro__", ())[1:]:
        yield _(NOT_ONE[base], base=BASES[base]), ""
        return
    yield from _name_faults(kind, taken, base)
    yield from _text_faults(kind, (UNIT, ETIQUETA) if base is Indicator else (SOURCE, ETIQUETA))
    if base is Indicator:
        yield from _indicator_faults(kind)
        return
    if kind.grade not in GRADES:
        yield _not_among("grade", kind.grade, GRADES), nearest(kind.grade, GRADES)
    if base is Rule:
        yield from _rule_faults(kind)
        return
    yield from _money_faults(kind)
    yield from _field_faults(kind)
    yield from _effect_faults(kind)


def _name_faults(kind: Any, taken: dict[str, str], base: type) -> Iterator[tuple[str, str]]:
    example = 'use: Literal["street_lights"] = "street_lights"'
    field = kind.model_fields.get("use")
    if field is None:
        column = base is Indicator
        text = _("has no use, the name of its column") if column else _("has no use, the name by which a programme calls it")
        yield text, _such_as(example)
        return
    names = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    if len(names) != 1 or names[0] != field.default:
        yield _("use must be a Literal of one name, with the same name as its default"), _such_as(example)
        return
    use = names[0]
    if not (isinstance(use, str) and NAME.fullmatch(use)):
        must = _("a name of small letters, digits and underscores, beginning with a letter, of at most {n} characters", n=40)
        yield _must_be("use", use, must), ""
    own = use == EVALUATION or (INSTRUMENTS | RULES).get(use, kind) is not kind or (base is Indicator and use in COLUMNS)
    by = _("clustersim itself") if own else taken.get(use)
    if by:
        topic = "indicators" if base is Indicator else "rules" if base is Rule else "instruments"
        hint = _("Choose another name; {command} lists those of clustersim.", command=f"clustersim describe {topic}")
        yield "use: " + _("{name!r} is taken by {owner}", name=use, owner=by), hint


def _text_faults(kind: Any, texts: tuple[tuple[str, str, str], ...]) -> Iterator[tuple[str, str]]:
    if not str(vars(kind).get("__doc__") or "").strip():
        yield _("has no docstring"), _("Say in one line below the class what it does.")
    for key, what, example in texts:
        found = _own(kind, key)
        own = (*INSTRUMENTS.values(), *RULES.values())
        if key == "etiqueta" and found is None and any(c in own for c in _line(kind)):
            continue  # clustersim's own are named in its catalogue
        if not (isinstance(found, str) and found.strip()):
            state = _must_be(key, found, _("text")) if found is not None else _("has no {name}", name=key)
            yield f"{state}: " + _(what), _such_as(f'{key} = "{example}"')


def _money_faults(kind: type[Instrument]) -> Iterator[tuple[str, str]]:
    for key, allowed in (("recipient", RECIPIENTS), ("payer", PAYERS)):
        found = getattr(kind, key)
        if found not in allowed:
            yield _not_among(key, found, allowed), nearest(found, allowed)


def _field_faults(kind: type[Instrument]) -> Iterator[tuple[str, str]]:
    common = set(Instrument.model_fields)
    for name in sorted(_annotated(kind) & common):
        message = _("is common to all instruments and cannot be declared anew")
        yield f"{name}: {message}", _("A validator may narrow what it takes.")
    for name in sorted(set(kind.model_fields) - common - {"use", READ}):
        message = _("is a field that nothing reads; the only one beyond those of all instruments may be {field}", field=READ)
        yield f"{name}: {message}", _(ONCE, name=name) if name in ATTRIBUTES else ""
    for name in _methods(kind):
        message = _("nothing calls it, since an instrument runs no code")
        yield f"{name}: {message}", _("A rule decides in code: {command}.", command="clustersim new rule")
    yield from _config_faults(kind)


def _methods(kind: type[Instrument]) -> list[str]:
    """Return the public methods that the class adds, but for validators, which pydantic calls."""
    used = kind.__pydantic_decorators__
    called = {*used.validators, *used.root_validators, *used.field_validators, *used.model_validators}
    methods = (FunctionType, classmethod, staticmethod, property)
    return [name for c in _line(kind) for name, value in vars(c).items()
            if isinstance(value, methods) and not name.startswith("_") and name not in called]  # fmt: skip


def _config_faults(kind: Any) -> Iterator[tuple[str, str]]:
    if not kind.model_config.get("frozen") or kind.model_config.get("extra") != "forbid":
        yield "model_config: " + _("must stay frozen and forbid unknown keys"), _("Leave {name} out.", name="model_config")


def _rule_faults(kind: type[Rule]) -> Iterator[tuple[str, str]]:
    example = _("Write it such as {example}", example='def decide(self, seen): return {"awareness_events": 0.5}')
    decide: Any = kind.decide
    if decide is Rule.decide:
        yield _("has no decide, the method that says what becomes of the money"), example
        return
    if not _takes_one(decide):
        yield "decide: " + _("must take the rule itself and what it sees, and nothing else"), example
    if _waits(decide):
        yield "decide: " + _("must return a mapping, and can neither wait nor yield"), example
    if "every" in _annotated(kind):
        yield "every: " + _("is common to all rules and cannot be declared anew"), _("A validator may narrow what it takes.")
    for name in sorted(set(kind.model_fields) & set(ATTRIBUTES)):
        yield f"{name}: " + _("is no parameter that a scenario may set"), _(ONCE, name=name)
    if not isinstance(kind.keeps_total, bool):
        yield _must_be("keeps_total", kind.keeps_total, _("true or false")), ""
    yield from _private_faults(kind, N_("a rule can keep nothing from one decision to the next"))
    try:
        kind.model_json_schema()
    except PydanticUserError:
        hint = _("Numbers, text, true or false, and lists of them are possible.")
        yield _("has a parameter that no scenario file can hold"), hint
    yield from _config_faults(kind)


def _indicator_faults(kind: type[Indicator]) -> Iterator[tuple[str, str]]:
    example = _("Write it such as {example}", example="def measure(self, look): return look.firms.employees.max()")
    measure: Any = kind.measure
    if measure is Indicator.measure:
        yield _("has no measure, the method that returns its number"), example
        return
    if not _takes_one(measure):
        yield "measure: " + _("must take the indicator itself and what it sees, and nothing else"), example
    if _waits(measure):
        yield "measure: " + _("must return a number, and can neither wait nor yield"), example
    every: Any = kind.every
    if not (isinstance(every, int) and not isinstance(every, bool) and 1 <= every <= EVERY_MAX):
        yield _must_be("every", every, _("a whole number of quarters from 1 to {most}", most=EVERY_MAX)), ""
    for name in sorted({*kind.model_fields, *_annotated(kind)} - {"use"}):
        if name in OF_INDICATORS:
            yield f"{name}: " + _("is declared with a type"), _(ONCE, name=name)
        elif name in kind.model_fields:
            message = _("is a field that nothing sets, since no scenario names indicators")
            yield f"{name}: {message}", _("Write it as a constant above the class.")
    yield from _private_faults(kind, N_("an indicator can keep nothing from one quarter to the next"))
    yield from _config_faults(kind)


def _takes_one(method: Any) -> bool:
    """Whether a method can be called with its object and one thing more."""
    try:
        inspect.signature(method).bind(None, None)
    except (TypeError, ValueError):
        return False
    return True


def _waits(method: Any) -> bool:
    return inspect.iscoroutinefunction(method) or inspect.isgeneratorfunction(method)


def _private_faults(kind: Any, text: str) -> Iterator[tuple[str, str]]:
    if kind.__private_attributes__:
        yield f"{min(kind.__private_attributes__)}: {_(text)}", _("What it needs to know is in what it sees.")


def _effect_faults(kind: type[Instrument]) -> Iterator[tuple[str, str]]:
    effects = kind.effects
    if not (isinstance(effects, tuple) and all(isinstance(effect, Effect) for effect in effects)):
        example = 'effects = (Effect("events", 1.0, 60.0, per="hundred firms"),)'
        yield _must_be("effects", effects, _("a tuple of Effect")), _such_as(example)
        return
    if not effects and kind.recipient == "nation":
        yield (_("has no effects and pays nobody: it must move a channel, or name a recipient that the money reaches"),
               _("Channels: {names}.", names=", ".join(LEVERS)))  # fmt: skip
    for k, effect in enumerate(effects):
        key = f"effects[{k}]"
        if effect.channel not in LEVERS:
            yield _not_among(f"{key}.channel", effect.channel, LEVERS), nearest(effect.channel, LEVERS)
        for part, must in (("strength", N_("a number above 0, in the unit of the channel")),
                           ("full_cost", N_("a number above 0, in kUSD a year"))):  # fmt: skip
            value = getattr(effect, part)
            number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
            if not (number and value > 0):
                yield _must_be(f"{key}.{part}", value, _(must)), ""
        if effect.per not in PER:
            yield _not_among(f"{key}.per", effect.per, PER), nearest(effect.per, PER)
    channels = [effect.channel for effect in effects]
    if len(set(channels)) < len(channels):
        twice = max(channels, key=channels.count)
        yield "effects: " + _("{name!r} stands twice; each channel may stand once", name=twice), ""


def _line(kind: Any) -> tuple[type, ...]:
    """Return the class and those between it and the base, which count as well, so that nothing hides in a parent."""
    return tuple(kind.__mro__[: kind.__mro__.index(next(c for c in kind.__mro__ if c in BASES))])


def _annotated(kind: Any) -> set[str]:
    return {name for c in _line(kind) for name in vars(c).get("__annotations__", {})}


def _own(kind: Any, key: str) -> Any:
    """Return a class attribute that the class, or one between it and the base, declares; None if none does."""
    return next((vars(c)[key] for c in _line(kind) if key in vars(c)), None)


def _not_among(key: str, found: Any, allowed: Iterable[str]) -> str:
    return _must_be(key, found, _("one of {names}", names=", ".join(allowed)))


def _must_be(key: str, found: Any, must: str) -> str:
    return f"{key}: " + _("found {found}; it must be {must}", found=shown(found), must=must)


def _such_as(example: str) -> str:
    return _("Write it such as {example}.", example=example)


def nearest(found: Any, allowed: Iterable[str]) -> str:
    """Return a hint at the allowed name that is nearest to what was found; "" if none is near."""
    near = difflib.get_close_matches(str(found)[:60].lower(), list(allowed), 1)
    return _("Did you mean {name!r}?", name=near[0]) if near else ""


def shown(value: Any) -> str:
    """Return a value as Python writes it, in one short line; also one that is huge, or cannot be written."""
    try:
        text = f"{_WRITER.repr(value)}"[:200]
        text = "".join(sign if sign.isprintable() else " " for sign in text[:61])
        return text if len(text) <= 60 else text[:59] + "…"
    except BaseException:
        return f"<{type.__repr__(type(value))[8:-2]}>"[:60]
