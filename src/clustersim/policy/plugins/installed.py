"""Plugins that are installed packages: entry points of the groups ``clustersim.instruments``, ``.rules`` and ``.indicators``.

Each is called as what it brings, and imported when a programme or a run names that, or when all are asked for; not before.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from clustersim.core.errors import InputError, said_by
from clustersim.core.words import _
from clustersim.policy.indicator import Indicator
from clustersim.policy.instruments import INSTRUMENTS, Instrument
from clustersim.policy.plugins import registry
from clustersim.policy.plugins.contract import check
from clustersim.policy.plugins.registry import PARTS, Plugin, indicators, kinds, rules, use_of
from clustersim.policy.plugins.watching import Escaped, Overdue, Watch, watched
from clustersim.policy.rule import Rule

GROUP, RULES, INDICATORS = "clustersim.instruments", "clustersim.rules", "clustersim.indicators"
BASE: dict[str, type] = {GROUP: Instrument, RULES: Rule, INDICATORS: Indicator}


def find(use: object) -> type[Instrument] | None:
    """Return the instrument of a name, imported from an installed package if need be; None if there is none.

    Raises
    ------
    InputError
        If an installed package has an instrument of this name that cannot be used.
    """
    kind = kinds().get(use) if isinstance(use, str) else None
    return kind or _installed(use, GROUP)


def find_rule(use: object) -> type[Rule] | None:
    """Return the rule of a name; see `find`."""
    rule = rules().get(use) if isinstance(use, str) else None
    return rule or _installed(use, RULES)


def find_indicator(use: object) -> type[Indicator] | None:
    """Return the user's own indicator of a name; see `find`."""
    indicator = indicators().get(use) if isinstance(use, str) else None
    return indicator or _installed(use, INDICATORS)


def names() -> list[str]:
    """Return the names of all instruments that a programme may use now."""
    return list(dict.fromkeys([*kinds(), *(entry.name for entry in metadata.entry_points(group=GROUP))]))


def rule_names() -> list[str]:
    """Return the names of all rules that a programme may use now."""
    return list(dict.fromkeys([*rules(), *(entry.name for entry in metadata.entry_points(group=RULES))]))


def indicator_names() -> list[str]:
    """Return the names of all indicators of the user's own that a run may measure now."""
    return list(dict.fromkeys([*indicators(), *(entry.name for entry in metadata.entry_points(group=INDICATORS))]))


def load_all() -> list[InputError]:
    """Load what all installed packages bring; return what is wrong with those that cannot be used."""
    faults: list[InputError] = []
    for entry in (entry for group in BASE for entry in metadata.entry_points(group=group)):
        owner = registry.owner(entry.name)
        if owner is not None and owner.path is None and owner.label != registry.REGISTERED:
            continue
        try:
            _load(entry)
        except InputError as error:
            faults.append(error)
    return faults


def _installed(use: object, group: str) -> Any:
    """Return what the first entry point of a name brings; None if there is none."""
    found = metadata.entry_points(group=group, name=use) if isinstance(use, str) else ()
    return next((_load(entry) for entry in found), None)


def _load(entry: metadata.EntryPoint) -> Any:
    label = entry.dist.name if entry.dist is not None else entry.module.partition(".")[0]
    file = _("{package} (entry point {name})", package=label, name=entry.name)
    others = {use: plugin.label for plugin in registry.plugins() for use in plugin.uses}

    def work(watch: Watch) -> Any:
        with contextlib.redirect_stdout(sys.stderr):
            kind = entry.load()
        watch.next()
        check(kind, file, taken=others, base=BASE[entry.group])
        if use_of(kind) != entry.name:
            must = _("as the entry point is called, {name!r}", name=entry.name)
            message = _("found {found}; it must be {must}", found=repr(use_of(kind)), must=must)
            raise InputError(file, f"class {kind.__name__}", f"use: {message}")
        return kind

    try:
        kind = watched(work)
    except InputError:
        raise
    except Exception as error:
        said = str(error) if isinstance(error, Overdue | Escaped) else said_by(error)
        raise InputError(file, "", _("cannot be loaded: {reason}", reason=said),
                         _("Mend or remove the package that brings it.")) from None  # fmt: skip
    if entry.name not in INSTRUMENTS:
        version = entry.dist.version if entry.dist is not None else ""
        brings: dict[str, Any] = {"kinds": (), PARTS[BASE[entry.group]]: (kind,)}
        registry.put_installed(entry.name, Plugin(label, _hash(entry.module), version=version, **brings))
    return kind


def _hash(module: str) -> str:
    """Return the hash of all sources of the package that a module belongs to, or of the module if it stands alone."""
    top = sys.modules[module.partition(".")[0]]
    folders = [Path(folder) for folder in getattr(top, "__path__", ())]
    files = [(path.relative_to(folder).as_posix(), path) for folder in folders for path in folder.rglob("*.py")]
    if not folders and top.__file__ is not None:
        files = [(Path(top.__file__).name, Path(top.__file__))]
    digest = hashlib.sha256()
    for name, path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
