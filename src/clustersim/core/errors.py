"""The error that a user's input can cause: which file, which key, what was found, what is allowed, what was meant."""

from __future__ import annotations


class InputError(Exception):
    """Something in a file, or on the command line, that cannot be used as it stands.

    Parameters
    ----------
    file : str
        File, or option such as ``--set``, that holds the fault; may be empty.
    key : str
        Key within it, with dots and positions, such as ``programme.stages[0].name``; may be empty.
    message : str
        What was found and what is allowed, in one sentence.
    hint : str, optional
        The nearest valid name, or where to look.
    line : int, optional
        Line in the file, counted from 1.
    others : int, optional
        How many more faults the same file has, of an error that stands for all of them.

    Notes
    -----
    ``str()`` gives the lines that a user sees; it needs no traceback beside it. In a list of faults each begins with file and
    line; an error that stands alone and has a key begins with file and key, and the line comes after the hint.
    """

    def __init__(
        self, file: str, key: str, message: str, hint: str = "", line: int | None = None, others: int | None = None
    ) -> None:
        super().__init__(file, key, message, hint, line, others)
        self.file, self.key, self.message, self.hint, self.line, self.others = file, key, message, hint, line, others

    def __str__(self) -> str:
        alone = self.others is not None and bool(self.key)
        place = f"{self.file}:{self.line}" if self.file and self.line and not alone else self.file
        lines = [": ".join(part for part in (place, self.key, self.message) if part)]
        if self.hint:
            lines.append(self.hint)
        if alone and self.line:
            lines.append(f"In line {self.line}.")
        if self.others:
            more = "1 more problem" if self.others == 1 else f"{self.others} more problems"
            lines.append(f"And {more}; to see all: clustersim scenario check {self.file}")
        return "\n  ".join(lines)

    def placed(self, file: str, line: int | None = None) -> InputError:
        """Return the same error at another place."""
        return InputError(file, self.key, self.message, self.hint, line)

    def counted(self, others: int) -> InputError:
        """Return the same error as the one that stands for `others` more."""
        return InputError(self.file, self.key, self.message, self.hint, self.line, others)


class RuleFault(InputError):
    """A rule of the user's that failed in one replicate; another may well go through."""


class Interrupted(Exception):
    """Work that a signal ended, in a state from which it can go on.

    Parameters
    ----------
    number : int
        Number of the signal; the process ends with status 128 + number.
    message : str
        What was kept and how to go on, in one sentence.
    """

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.status = 128 + number
