"""Which instruments, rules and own indicators there are now: clustersim's, and those of the plugins that are loaded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clustersim.policy.indicator import Indicator
from clustersim.policy.instruments import INSTRUMENTS, Instrument
from clustersim.policy.rule import Rule
from clustersim.policy.rules import RULES


@dataclass(frozen=True, slots=True)
class Plugin:
    """Code that brings instruments, rules, indicators, or several of them.

    Attributes
    ----------
    label : str
        Name of the file, or of the installed package; `REGISTERED` of what was made known from Python.
    sha256 : str
        Hash of its code, 64 hex digits.
    kinds : tuple of type
        Its instruments.
    path : Path or None
        Where the file lies; None for an installed package.
    version : str
        Version of the installed package.
    rules : tuple of type
        Its rules.
    indicators : tuple of type
        Its indicators.

    Examples
    --------
    >>> from clustersim.plugins import Plugin
    >>> Plugin("mine.py", "0" * 64, ()).version
    ''
    """

    label: str
    sha256: str
    kinds: tuple[type[Instrument], ...]
    path: Path | None = None
    version: str = ""
    rules: tuple[type[Rule], ...] = ()
    indicators: tuple[type[Indicator], ...] = ()

    @property
    def uses(self) -> list[str]:
        """Names of all that it brings; no two of them can share one."""
        return [*map(use_of, self.kinds), *map(use_of, self.rules), *map(use_of, self.indicators)]


# Where a plugin holds what is derived from each of the three bases.
PARTS: dict[type, str] = {Instrument: "kinds", Rule: "rules", Indicator: "indicators"}
REGISTERED = "registered in Python"  # the label of plugins that are no file and no package

# One table for the whole process, not one for each thread: sweeps resolve scenarios in many threads.
_files: dict[Path, Plugin] = {}
_installed: dict[str, Plugin] = {}
_registered: dict[str, Plugin] = {}
_tried: dict[str, type[Instrument]] = {}


def use_of(kind: type[Any]) -> str:
    """Return the name by which an instrument, a rule or an indicator is called."""
    return str(kind.model_fields["use"].default)


def kinds() -> dict[str, type[Instrument]]:
    """Return all instruments that are known now, by name: those of clustersim first."""
    return INSTRUMENTS | {use_of(kind): kind for plugin in plugins() for kind in plugin.kinds} | _tried


def rules() -> dict[str, type[Rule]]:
    """Return all rules that are known now, by name: those of clustersim first."""
    return RULES | {use_of(rule): rule for plugin in plugins() for rule in plugin.rules}


def indicators() -> dict[str, type[Indicator]]:
    """Return all indicators of the user's own that are known now, by name."""
    return {use_of(one): one for plugin in plugins() for one in plugin.indicators}


def measured() -> list[str]:
    """Return the names of those that a run measures unasked: what was loaded from files or registered, in this order."""
    return [use_of(one) for plugin in (*_files.values(), *_registered.values()) for one in plugin.indicators]


def plugins() -> list[Plugin]:
    """Return the plugins loaded now: files in the order in which they were named, what was registered, installed packages."""
    return [*_files.values(), *_registered.values(), *dict.fromkeys(_installed.values())]


def paths() -> list[Path]:
    """Return where the files loaded now lie."""
    return list(_files)


def owner(use: str) -> Plugin | None:
    """Return the plugin that an instrument, a rule or an indicator comes from; None if it is clustersim's own, or not known."""
    return next((plugin for plugin in plugins() if use in plugin.uses), None)


def put_files(found: dict[Path, Plugin]) -> None:
    """Let these files, by their path, take the place of all that were there."""
    _files.clear()
    _files.update(found)


def put_installed(use: str, plugin: Plugin) -> None:
    """Add what an installed package brings under a name."""
    _installed[use] = plugin


def registered() -> list[str]:
    """Return the names of all that was registered from Python."""
    return list(_registered)


def put_registered(use: str, plugin: Plugin) -> Plugin | None:
    """Add what is registered from Python; return what had this name before."""
    before = _registered.get(use)
    _registered[use] = plugin
    return before


def forget_registered() -> None:
    """Forget all that was registered from Python."""
    _registered.clear()


def forget_installed() -> None:
    """Forget what was loaded of installed packages."""
    _installed.clear()


@contextmanager
def trying(kind: type[Instrument]) -> Iterator[None]:
    """Know an instrument inside the block, whether or not a plugin brings it."""
    use = use_of(kind)
    before = _tried.get(use)
    _tried[use] = kind
    try:
        yield
    finally:
        if before is None:
            del _tried[use]
        else:
            _tried[use] = before
