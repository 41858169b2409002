"""The calls by which a process changes the file system, each of which can be made to fail, or to be the process's last."""

from __future__ import annotations

import builtins
import errno
import io
import mmap
import os
import signal
import struct
from collections.abc import Callable
from typing import Any

CHANGES = ("mkdir", "rmdir", "rename", "replace", "link", "unlink", "remove", "fsync")
TAKE_ROOM = ("mkdir", "rename", "replace", "link", "fsync", "create", "write")  # what a full disk can refuse


class Points:
    """Counts the calls of a child that change the file system, and does something at one of them.

    Parameters
    ----------
    at : int, optional
        The number of that call, from 0; none if negative.
    what : {"kill", "full", "full once"}, optional
        End the process as SIGKILL does, half-way through a write; or refuse this call and all later ones for want of room, or
        this one alone.
    """

    def __init__(self, at: int = -1, what: str = "kill") -> None:
        self.at, self.what = at, what
        self._count = mmap.mmap(-1, 8)  # shared with the child
        self.calls = 0

    def counted(self) -> int:
        """Return how many calls the child made."""
        return int(struct.unpack("q", self._count[:8])[0])

    def watch(self) -> None:
        """Begin to count; called in the child."""
        for name in CHANGES:
            setattr(os, name, self._watched(name, getattr(os, name)))
        points, opened = self, builtins.open

        class Raw(io.FileIO):
            def write(self, data: Any) -> int:
                if points.reached("write"):
                    half = memoryview(data).cast("B")[: len(memoryview(data).cast("B")) // 2]
                    super().write(half)
                    points.act()
                return super().write(data)

        def watched_open(file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, errors: Any = None,
                         newline: Any = None, closefd: bool = True, opener: Any = None) -> Any:  # fmt: skip
            if isinstance(file, int) or not set(mode) & set("wxa+"):
                return opened(file, mode, buffering, encoding, errors, newline, closefd, opener)
            if points.reached("create"):
                points.act()
            raw = Raw(file, mode.replace("b", "").replace("t", ""), closefd, opener)
            if buffering == 0:
                return raw
            buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
            return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding, errors, newline)

        builtins.open = io.open = watched_open  # type: ignore[assignment]

    def _watched(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **options: Any) -> Any:
            if self.reached(name):
                self.act()
            return call(*arguments, **options)

        return watched

    def reached(self, name: str) -> bool:
        """Count a call; return whether something happens at it."""
        number, self.calls = self.calls, self.calls + 1
        self._count[:8] = struct.pack("q", self.calls)
        if self.what == "full":
            return 0 <= self.at <= number and name in TAKE_ROOM
        return number == self.at and (self.what == "kill" or name in TAKE_ROOM)

    def act(self) -> None:
        """Do what is to happen."""
        if self.what == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
