"""The state of a simulation as its users see it: the same arrays, to be read only.

What decides a run - parameters, the programme's table, scheduled shocks - would be taken without a check if it were written into
the arrays, and no result would say so. `Simulation.change` is the way for that, and the views of Mesa's agents for single actors.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.simulation.initial import State


def _refusal(name: str) -> InputError:
    message = _("the arrays of a simulation are to be read; what decides a run is changed with {way}",
                way='change({"parameters.trust.gain": 0.1})')  # fmt: skip
    return InputError("", name, message)


class Shown(np.recarray):
    """Records that answer an assignment with the way that there is for it; single columns answer in NumPy's words."""

    def __setattr__(self, name: str, value: Any) -> None:
        if self.dtype.names is not None and name in self.dtype.names and not self.flags.writeable:
            raise _refusal(name)
        super().__setattr__(name, value)

    def __setitem__(self, key: Any, value: Any) -> None:
        if not self.flags.writeable:
            raise _refusal("state")
        super().__setitem__(key, value)


def shown(state: State) -> State:
    """Return a state whose arrays share the memory of another's, and cannot be written."""
    return State(*(_part(part) for part in state))


def _part(part: Any) -> Any:
    if isinstance(part, np.ndarray):
        return _read_only(part)
    return type(part)(*(_read_only(column) for column in part))


def _read_only(array: np.ndarray) -> np.ndarray:
    found = array.view(Shown) if isinstance(array, np.recarray) else array.view()
    found.flags.writeable = False
    return found
