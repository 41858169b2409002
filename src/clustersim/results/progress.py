"""How far work is: in words, and as a bar in a terminal or a notebook for who asks with ``progress=True``.

A speed and the time that is left are told only once they mean something: the first moments compile, or wait for a batch.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from clustersim.core import accelerate
from clustersim.core.numbers import number
from clustersim.core.words import N_, _

# A speed is told, and the time that is left, when so much is done, in so many seconds.
TELLING_SHARE, TELLING_SECONDS = 0.01, 1.0
EVERY = 0.1  # seconds between two pictures of a bar

Tell = Callable[[int, int], object]
QUARTERS = (N_("{done} of {total} quarters"), N_("{rate} quarters/s"))
RUNS = (N_("{done} of {total} runs"), N_("{rate} runs/s"))


def duration(seconds: float) -> str:
    """Return a time as people say it."""
    if seconds == float("inf"):
        return _("unknown time")
    if seconds >= 2 * 86400.0:
        return _("{n} days", n=number(seconds / 86400.0, 0))
    if seconds >= 2 * 3600.0:
        return _("{n} h", n=number(seconds / 3600.0, 0))
    return _("{n} min", n=number(seconds / 60.0, 0)) if seconds >= 120.0 else _("{n} s", n=number(seconds, 0))


def far_enough(done: float, total: float, seconds: float) -> bool:
    """Whether enough is done to tell a speed and the time that is left."""
    return done >= total or (done >= TELLING_SHARE * total and seconds >= TELLING_SECONDS)


def progress_line(done: int, total: int, seconds: float, of: tuple[str, str] = QUARTERS) -> str:
    """Return how far work is, and how fast and how long still once that can be told.

    Parameters
    ----------
    done, total : int
        What is done, and all there is to do.
    seconds : float
        Since the beginning.
    of : (str, str), optional
        How much is said, and how fast: `QUARTERS` or `RUNS`.
    """
    much, fast = of
    parts = [_(much, done=number(done, 0), total=number(total, 0))]
    if done and far_enough(done, total, seconds):
        rate = done / max(seconds, 1e-9)
        parts.append(_(fast, rate=number(rate)))
        if done < total:
            parts.append(_("about {time} left", time=duration((total - done) / rate)))
    return ", ".join(parts)


@contextmanager
def shown(progress: Tell | bool | None, of: tuple[str, str] = QUARTERS) -> Iterator[Tell | None]:
    """Give what is to be called with how far work is: the caller's own function, a bar if it is True, nothing if it is not.

    Parameters
    ----------
    progress : callable, bool or None
        As `clustersim.simulate` takes it.
    of : (str, str), optional
        What is counted.
    """
    if progress is None or isinstance(progress, bool):
        if not progress:
            yield None
            return
        with _bar() as bar:
            yield _Bar(bar, of)
        return
    yield progress


class _Bar:
    """Moves a bar, with what is to be said of it at its end."""

    def __init__(self, bar: Any, of: tuple[str, str]) -> None:
        self._bar, self._of, self._before = bar, of, 0
        self._compile()
        self._began, self._told = time.monotonic(), 0.0

    def _compile(self) -> None:
        """Compile the kernels first where that is to be done, so that it does not count as slow work."""
        if accelerate.is_warm():
            return
        from clustersim.simulation.compiling import compile_kernels

        self._bar.set_description_str(_("Compiling the kernels once, about half a minute…"))
        compile_kernels()
        self._bar.set_description_str("")

    def __call__(self, done: int, total: int) -> None:
        """Say how far it is."""
        now = time.monotonic()
        if done < total and now - self._told < EVERY:
            return
        self._told = now
        self._bar.total, self._bar.n = total, done
        self._bar.set_description_str(progress_line(done, total, now - self._began, self._of))


def _bar() -> Any:
    """Return a bar for where it is shown: a notebook's own, or one of characters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a notebook without ipywidgets gets the bar of characters
        from tqdm.auto import tqdm
    return tqdm(total=1, bar_format="{percentage:3.0f}%|{bar:30}| {desc}", leave=True)
