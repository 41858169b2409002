"""Instruments, rules and indicators made known from Python: classes of a notebook, which stand in no file of their own."""

from __future__ import annotations

import hashlib
import inspect
import textwrap
from collections.abc import Iterable
from typing import Any, TypeVar

from clustersim.core.errors import InputError, caution, door
from clustersim.core.words import _
from clustersim.policy.indicator import Indicator
from clustersim.policy.instruments import Instrument
from clustersim.policy.plugins import registry
from clustersim.policy.plugins.contract import check
from clustersim.policy.plugins.registry import PARTS, Plugin, use_of
from clustersim.policy.rule import Rule

Brought = TypeVar("Brought", type[Instrument], type[Rule], type[Indicator], Instrument, Rule, Indicator)


def register(brought: Brought) -> Brought:
    """Make an instrument, a rule or an indicator known by its name, to all runs of this process, until it ends.

    Results carry the hash of the class's source text; what the class uses beside itself, such as a function of another cell, is
    not part of it. Whoever registers another class under the name replaces the first one, and is told so. Workers in other
    processes (Dask, SLURM) cannot see it; for them it must stand in a file, see `load_plugin`.

    Parameters
    ----------
    brought : type or instance
        A class derived from `clustersim.instruments.Instrument`, `clustersim.programme_rules.Rule` or
        `clustersim.plugins.Indicator`, or an object of one.

    Returns
    -------
    type or instance
        The same, so that this can stand above a class as a decorator.

    Raises
    ------
    InputError
        If the class does not meet the contract, its name is one of clustersim's own or of a loaded plugin, or its source text is
        not at hand; then nothing has changed.

    Examples
    --------
    >>> from clustersim import InputError
    >>> from clustersim.plugins import register
    >>> try:
    ...     register(int)
    ... except InputError as error:
    ...     print(error.key)
    class int
    """
    kind: Any = brought if isinstance(brought, type) else type(brought)
    base = next((base for base in PARTS if issubclass(kind, base)), Instrument)
    taken = {use: plugin.label for plugin in registry.plugins() if plugin.label != registry.REGISTERED for use in plugin.uses}
    check(kind, "register", taken=taken, base=base)
    try:
        source = textwrap.dedent(inspect.getsource(kind))
    except (OSError, TypeError):
        message = _("its source text is not at hand, so results could not say what it was")
        hint = _("Write it in a notebook or a file; {function} takes a file.", function="clustersim.plugins.load_plugin")
        raise InputError("register", f"class {kind.__name__}", message, hint) from None
    sha256, use = hashlib.sha256(source.encode()).hexdigest(), use_of(kind)
    brings: dict[str, Any] = {"kinds": (), PARTS[base]: (kind,)}
    before = registry.put_registered(use, Plugin(registry.REGISTERED, sha256, **brings))
    if before is not None and before.sha256 != sha256:
        caution(_("{use!r} is now the class that was registered last; the one before is forgotten.", use=use), stacklevel=2)
    return brought


def check_files(uses: Iterable[str]) -> None:
    """Refuse instruments and rules that were registered from Python, which no other process can see.

    Raises
    ------
    InputError
        If one of `uses` was.
    """
    for use in sorted(set(uses) & set(registry.registered())):
        message = _("{use!r} was registered in Python, and workers in other processes cannot see it; it must be a file.", use=use)
        loader = door(command="--plugin FILE", python="clustersim.plugins.load_plugin(FILE)")
        raise InputError(door(command="--backend", python="backend"), "", message, _("Load it with {loader}.", loader=loader))
