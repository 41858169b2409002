"""Code of the user's that is watched: it gets a time limit, and whatever it raises is its own fault and nobody's Ctrl-C.

It runs in a thread of its own. The user's Ctrl-C reaches the main thread alone, so a `KeyboardInterrupt` in there was raised by
the code itself. What takes too long is asked to end, and left alone if it does not.
"""

from __future__ import annotations

import contextvars
import ctypes
import math
import os
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from clustersim.core.errors import InputError, said_by
from clustersim.core.words import _

SECONDS = 60.0  # which no decision and no import needs, on a busy shared file system either
VARIABLE = "CLUSTERSIM_PLUGIN_SECONDS"

T = TypeVar("T")


class Overdue(Exception):
    """Code of the user's that did not come back in time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return _("it was not done after {seconds:g} s; {variable} allows more", seconds=self.seconds, variable=VARIABLE)


class Escaped(Exception):
    """What code of the user's raised that is no `Exception`, such as a `KeyboardInterrupt` that nobody typed."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(said_by(error))


class _Ended(BaseException):
    """Raised inside code that did not come back in time."""


def limit() -> float:
    """Return the seconds that one call of the user's code may take.

    Raises
    ------
    InputError
        If the environment names no possible time.

    Examples
    --------
    >>> from clustersim.policy.plugins.watching import limit
    >>> limit()
    60.0
    """
    said = os.environ.get(VARIABLE)
    if said is None:
        return SECONDS
    try:
        seconds = float(said)
    except ValueError:
        seconds = math.nan
    if not 0.0 < seconds <= threading.TIMEOUT_MAX:
        raise InputError(VARIABLE, "", _("found {found!r}; it must be a number of seconds above 0, such as 60", found=said[:40]))
    return seconds


class Watch:
    """The clock of watched work, which tells it when one call is over and the next begins."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def next(self) -> None:
        """Begin anew to count the time."""
        self.began = time.monotonic()


def watched(work: Callable[[Watch], T], seconds: float | None = None) -> T:
    """Return what some work returns, which is done in a thread of its own.

    Parameters
    ----------
    work : callable
        Takes the `Watch`, and should itself turn into plain errors whatever the user's code may raise.
    seconds : float, optional
        Time for each of its calls; see `limit` for what is usual.

    Raises
    ------
    Overdue
        If one of them took longer.
    Escaped
        If it raised what is no `Exception`.

    Examples
    --------
    >>> from clustersim.policy.plugins.watching import watched
    >>> watched(lambda watch: 2 + 2)
    4
    """
    seconds = limit() if seconds is None else seconds
    watch, context = Watch(), contextvars.copy_context()
    came: dict[str, Any] = {}

    def do() -> None:
        try:
            came["value"] = context.run(work, watch)
        except BaseException as error:
            came["error"] = error

    # A daemon, so that work which never ends does not keep the process from ending.
    thread = threading.Thread(target=do, name="clustersim-plugin", daemon=True)
    thread.start()
    while thread.is_alive() and (left := watch.began + seconds - time.monotonic()) > 0.0:
        thread.join(left)
    if thread.is_alive():
        assert thread.ident is not None
        # Ends a loop of Python's own, which would else take its share of the processor until the process ends.
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_Ended))
        raise Overdue(seconds)
    if "error" in came:
        error = came["error"]
        raise error if isinstance(error, Exception) else Escaped(error)
    value: T = came["value"]
    return value
