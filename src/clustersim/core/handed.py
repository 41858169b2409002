"""What an upper floor does for a lower one that may not import it: handed down by the top of the package, loaded when asked for.

A result can be drawn (`result.plot()`), and drawings stand above results.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_DOWN: dict[str, Callable[[], Any]] = {}


def hand_down(name: str, load: Callable[[], Any]) -> None:
    """Let lower floors ask for what `load` returns, by this name."""
    _DOWN[name] = load


def handed(name: str) -> Any:
    """Return what was handed down by this name.

    Examples
    --------
    >>> from clustersim.core.handed import handed
    >>> handed("plot").__module__
    'clustersim.views.figures.plotting'
    """
    return _DOWN[name]()
