"""Plugins that are installed packages: entry points of the group ``clustersim.instruments``, each called as its instrument.

An entry point is imported when a programme names its instrument, or when all instruments are asked for; not before.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from importlib import metadata
from pathlib import Path

from clustersim.errors import InputError
from clustersim.instruments import INSTRUMENTS, Instrument
from clustersim.plugins import registry
from clustersim.plugins.contract import check
from clustersim.plugins.registry import Plugin, kinds, use_of

GROUP = "clustersim.instruments"


def find(use: object) -> type[Instrument] | None:
    """Return the instrument of a name, imported from an installed package if need be; None if there is none.

    Raises
    ------
    InputError
        If an installed package has an instrument of this name that cannot be used.
    """
    if not isinstance(use, str):
        return None
    known = kinds().get(use)
    if known is not None:
        return known
    for entry in metadata.entry_points(group=GROUP, name=use):
        return _load(entry)
    return None


def names() -> list[str]:
    """Return the names of all instruments that a programme may use now."""
    return list(dict.fromkeys([*kinds(), *(entry.name for entry in metadata.entry_points(group=GROUP))]))


def load_all() -> list[InputError]:
    """Load the instruments of all installed packages; return what is wrong with those that cannot be used."""
    faults: list[InputError] = []
    for entry in metadata.entry_points(group=GROUP):
        owner = registry.owner(entry.name)
        if owner is not None and owner.path is None:
            continue
        try:
            _load(entry)
        except InputError as error:
            faults.append(error)
    return faults


def _load(entry: metadata.EntryPoint) -> type[Instrument]:
    label = entry.dist.name if entry.dist is not None else entry.module.partition(".")[0]
    file = f"{label} (entry point {entry.name})"
    try:
        with contextlib.redirect_stdout(sys.stderr):
            kind = entry.load()
    except (Exception, SystemExit) as error:
        first = (str(error).strip().splitlines() or [""])[0][:300]
        raise InputError(file, "", f"cannot be loaded: {type(error).__name__}: {first}".rstrip(": "),
                         "Mend or remove the package that brings it.") from None  # fmt: skip
    others = {use_of(k): plugin.label for plugin in registry.plugins() for k in plugin.kinds}
    check(kind, file, taken=others)
    if use_of(kind) != entry.name:
        raise InputError(file, f"class {kind.__name__}", f"use: found {use_of(kind)!r}; it must be as the entry point is called, "
                         f"{entry.name!r}")  # fmt: skip
    if entry.name not in INSTRUMENTS:
        version = entry.dist.version if entry.dist is not None else ""
        registry.put_installed(entry.name, Plugin(label, _hash(entry.module), (kind,), None, version))
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
