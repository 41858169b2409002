"""Requests to end the command: Ctrl-C, and the SIGTERM of batch schedulers.

While the command works (`heeded`) a request is raised there, so that it cleans up. It comes again until it is answered: what the
interpreter or a compiled library calls back may throw away whatever is raised in it (Numba does, when it looks at a record).
Before, while modules are imported, and after, when all is said and the interpreter ends, a request is noted only: raised there
it would end in a traceback.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

AGAIN = 0.3  # seconds after which a request comes again
_asked = _noted = _heeding = False  # no events of threading's: a signal may come while one of them is locked


def listen() -> None:
    """Note requests to end from here on."""
    global _asked, _noted
    _asked = _noted = False
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _come)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _come)
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, _come_again)
            sys.unraisablehook = _thrown_away


def asked() -> bool:
    """Whether the last command of this process was asked to end; libraries may turn that into an error of another kind."""
    return _asked


@contextmanager
def heeded() -> Iterator[None]:
    """Let a request to end raise `KeyboardInterrupt` inside the block; one that was noted before does so at once."""
    global _asked, _noted, _heeding
    _asked = _noted  # not what an earlier command of this process was asked
    _heeding = True
    try:
        if _noted:
            _noted = False
            raise KeyboardInterrupt
        yield
    finally:
        answered()


def answered() -> None:
    """Raise no request any more; also for whom one reached just at the end of the block."""
    global _heeding
    _heeding = False
    if _asked and hasattr(signal, "SIGALRM") and signal.getsignal(signal.SIGALRM) is _come_again:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
    # An interruption inside the `exec` of a text, as libraries use it, sets a flag in the interpreter: at its end it would
    # kill itself, though the interruption was caught. The next such `exec` takes the flag back.
    exec("")


def _come(number: int, frame: object) -> None:
    """Let a request to end clean up; who asks again, when there is nothing left to clean up, is obeyed at once."""
    global _asked, _noted
    before, _asked = _asked, True
    if _heeding:
        if hasattr(signal, "SIGALRM"):
            signal.setitimer(signal.ITIMER_REAL, AGAIN, AGAIN)
        raise KeyboardInterrupt
    _noted = True
    if before:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def _come_again(number: int, frame: object) -> None:
    """Ask to end once more, unless the request is just being answered."""
    error = sys.exc_info()[1]
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    if _heeding and error is None:
        raise KeyboardInterrupt


def _thrown_away(what: sys.UnraisableHookArgs) -> None:
    """Say nothing of a request that came in a callback of the interpreter's: it comes again."""
    if what.exc_type is not KeyboardInterrupt:
        sys.__unraisablehook__(what)
