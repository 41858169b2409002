"""The error that a user's input can cause: which file, which key, what was found, what is allowed, what was meant.

An error is made in the language in force, and speaks of options to whoever came by the command line, of arguments and functions
to whoever came by Python: see `door`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal

from clustersim.core.language import N_, SPEAKING, _, _n, language

# What systems say of files, in the words of the C library.
_REASONS = (
    N_("No such file or directory"), N_("Permission denied"), N_("Is a directory"), N_("Not a directory"), N_("File exists"),
    N_("File name too long"), N_("No space left on device"), N_("Read-only file system"), N_("Disk quota exceeded"),
    N_("Too many open files"), N_("Input/output error"), N_("Directory not empty"), N_("Invalid argument"),
    N_("Operation not permitted"), N_("File too large"), N_("Too many levels of symbolic links"), N_("Stale file handle"),
    N_("Invalid cross-device link"), N_("embedded null byte"), N_("embedded null character"), N_("Connection refused"),
)  # fmt: skip

# Characters of an error: all that is shown, its parts as a rule, file and key at most, and what message and hint have when these
# are long.
WHOLE, MOST, FILE_MOST, KEY_MOST, LEAST = 500, 400, 160, 80, 300
FRAME_MOST = 300  # what stands around message and hint; beyond it the command to see all does not repeat the file
BETWEEN = "\n  "  # the lines of an error
QUOTED_LEAST = 24  # of a value that is cut first
_QUOTED = re.compile(r"""(?<!\w)(?:'[^'\n]*'|"[^"\n]*")(?!\w)""")
_NAMES = re.compile(r"(?<![\w.\[\]-])[\w.\[\]-]+(?:, [\w.\[\]-]*[\w\]]){3,}")

# Signs that command a terminal instead of standing in it: all control signs but tab and line end, and what turns the direction of
# writing, so that a text shows as another one.
_COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_door: Literal["command", "python"] = "python"


@contextmanager
def entering(by: Literal["command", "python"]) -> Iterator[None]:
    """Let errors that are made inside, in any thread, speak to whoever came by the command line, or by Python.

    Examples
    --------
    >>> from clustersim.core.errors import door, entering
    >>> with entering("command"):
    ...     door(command="--set", python="overrides")
    '--set'
    >>> door(command="--set", python="overrides")
    'overrides'
    """
    global _door
    before, _door = _door, by
    try:
        yield
    finally:
        _door = before


def door(command: str, python: str) -> str:
    """Return the words for who came by the command line, or for who came by Python: the name of an option, or of an argument."""
    return command if _door == "command" else python


def reason(error: BaseException) -> str:
    """Return what the system, or Python, says of an error, without its number and in the language in force."""
    system = getattr(error, "strerror", None)
    said = system or " ".join(str(error).split()).rstrip(".")
    text = _(said)
    return text[:1].lower() + text[1:] if system else text


def said_by(error: BaseException, most: int = 200) -> str:
    """Return the type of an error and the first line of what it says, also of one whose own code fails when it is asked.

    Examples
    --------
    >>> from clustersim.core.errors import said_by
    >>> said_by(ValueError("too many\\nmore"))
    'ValueError: too many'
    """
    name, first = "error", ""
    try:
        name = cut("".join(type(error).__name__), 60)
        lines = "".join(str(error))[: 100 * most].strip().splitlines()
        first = cut("".join(sign if sign.isprintable() else " " for sign in lines[0]).rstrip("."), most) if lines else ""
    except BaseException as other:
        first = _("what it says cannot be read, for that fails with {error}", error=type.__repr__(type(other))[8:-2])
    return f"{name}: {first}" if first else name


def cut(text: str, most: int) -> str:
    """Return a text of at most so many characters, its middle left out if need be.

    Examples
    --------
    >>> from clustersim.core.errors import cut
    >>> cut("abcdefghij", 7)
    'abcd…ij'
    """
    if len(text) <= most:
        return text
    tail = (most - 1) // 3
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}"


def visible(text: str) -> str:
    """Return a text as a terminal may have it: signs that would command it are replaced, one by one.

    Examples
    --------
    >>> from clustersim.core.errors import visible
    >>> visible("tex\\x1b[2Jtil")
    'tex�[2Jtil'
    """
    return _COMMANDING.sub("\N{REPLACEMENT CHARACTER}", text)


def escaped(json: str) -> str:
    """Return a JSON document with the same content in which nothing commands a terminal.

    Examples
    --------
    >>> from clustersim.core.errors import escaped
    >>> escaped('"a\\x7fb"')
    '"a\\\\u007fb"'
    """
    return _COMMANDING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json)


def caution(text: str, category: type[Warning] = UserWarning, stacklevel: int = 1) -> None:
    """Warn, in a sentence that is as short as an error; `stacklevel` counts from the caller, as for `warnings.warn`."""
    warnings.warn(visible(fitted(text, WHOLE)), category, stacklevel=stacklevel + 1)


def several(items: Iterable[str], most: int, between: str = ", ") -> str:
    """Return as many items of a list as have room, and how many more there are; at least the beginning of the first.

    Examples
    --------
    >>> from clustersim.core.errors import several
    >>> several(["north", "south", "east"], 16)
    'north and 2 more'
    """
    items = list(items)
    whole = between.join(items)
    if len(whole) <= most:
        return whole
    before = " " if between == ", " else between
    text, shown = "", 0
    while True:
        longer = between.join((text, items[shown])) if shown else items[0]
        left = len(items) - shown - 1
        if len(longer) + (len(before + _("and {n} more", n=left)) if left else 0) > most:
            break
        text, shown = longer, shown + 1
    more = before + _("and {n} more", n=len(items) - max(shown, 1)) if len(items) > 1 else ""
    return (text or cut(items[0], most - len(more))) + more


def fitted(text: str, most: int) -> str:
    """Return a text of at most so many characters: long quoted values give way first, then the ends of lists of names.

    Examples
    --------
    >>> from clustersim.core.errors import fitted
    >>> fitted("found 'abcdefghijklmnopqrstuvwxyzabcdefghijklm'; it must be short.", 55)
    "found 'abcdefghijklmnopqr…efghijklm'; it must be short."
    """
    while len(text) > most and (quoted := [one for one in _QUOTED.finditer(text) if len(one[0]) > QUOTED_LEAST + 2]):
        longest = max(quoted, key=lambda one: len(one[0]))
        inside = cut(longest[0][1:-1], max(QUOTED_LEAST, most - len(text) + len(longest[0]) - 2))
        text = f"{text[: longest.start() + 1]}{inside}{text[longest.end() - 1 :]}"
    return fewer(text, most)


def fewer(text: str, most: int) -> str:
    """Return a text of at most so many characters: the end of its longest list of names gives way first, then its middle."""
    names = max(_NAMES.finditer(text), key=lambda one: len(one[0]), default=None) if len(text) > most else None
    if names and (room := most - len(text) + len(names[0])) > QUOTED_LEAST:
        text = f"{text[: names.start()]}{several(names[0].split(', '), room)}{text[names.end() :]}"
    return cut(text, most)


class InputError(Exception):
    """Something in a file, or on the command line, that cannot be used as it stands.

    Parameters
    ----------
    file : str
        File, or option or argument (such as ``--set``, ``overrides``), that holds the fault; may be empty.
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
    Whatever a user wrote, an error stays readable: it has at most 500 characters, in every language, and its parts together some
    400. What is quoted in it is cut first, then lists of names say how many more there are, then its middle is left out.

    ``str()`` gives the lines that a user sees, in the language in which the error was made; it needs no traceback beside it. In
    a list of faults each begins with file and line; an error that stands alone and has a key begins with file and key, and the
    line comes after the hint.

    Examples
    --------
    >>> from clustersim import InputError, load_scenario
    >>> try:
    ...     load_scenario("orgnic")
    ... except InputError as error:
    ...     print(error)
    orgnic: no such file, and no shipped scenario has this name.
      Did you mean 'organic'?
    """

    def __init__(
        self, file: str, key: str, message: str, hint: str = "", line: int | None = None, others: int | None = None
    ) -> None:
        file, key, message, hint = (visible(part) for part in (file, key, message, hint))
        file, key = cut(file, FILE_MOST), cut(key, KEY_MOST)
        self.file, self.key, self.line, self.others, self.language = file, key, line, others, language()
        self.see = self._command(file)
        if len(self._shown("", "")) > FRAME_MOST:
            self.see = self._command("FILE")
        frame = len(self._shown("", "")) + len(": ") + len(BETWEEN)
        room = min(max(MOST - len(file) - len(key), LEAST), WHOLE - frame)
        self.message = fitted(message, max(room * 2 // 3, room - len(hint)))
        self.hint = fewer(hint, room - len(self.message))
        super().__init__(file, key, self.message, self.hint, line, others)

    def __str__(self) -> str:
        return self._shown(self.message, self.hint)

    @staticmethod
    def _command(file: str) -> str:
        """Return how all faults of a file are seen."""
        python = "clustersim.scenario.loading.problems({})".format("FILE" if file == "FILE" else repr(file))
        return door(command=f"clustersim scenario check {file}", python=python)

    def _shown(self, message: str, hint: str) -> str:
        """Return the lines that a user sees."""
        alone = self.others is not None and bool(self.key)
        place = f"{self.file}:{self.line}" if self.file and self.line and not alone else self.file
        lines = [": ".join(part for part in (place, self.key, message) if part)]
        if hint:
            lines.append(hint)
        token = SPEAKING.set(self.language)
        try:
            if alone and self.line:
                lines.append(_("In line {line}.", line=self.line))
            if self.others:
                lines.append(_n("And {n} more problem; to see all: {command}", "And {n} more problems; to see all: {command}",
                                self.others, command=self.see))  # fmt: skip
        finally:
            SPEAKING.reset(token)
        return BETWEEN.join(lines)

    def placed(self, file: str, line: int | None = None) -> InputError:
        """Return the same error at another place."""
        return InputError(file, self.key, self.message, self.hint, line)

    def counted(self, others: int) -> InputError:
        """Return the same error as the one that stands for `others` more."""
        return InputError(self.file, self.key, self.message, self.hint, self.line, others)


class Unchecked(UserWarning):
    """A result, or a file of it, that was written without hashes: whether it is damaged cannot be told."""


class RuleFault(InputError):
    """A rule of the user's that failed in one replicate; another may well go through.

    Examples
    --------
    >>> from clustersim.errors import InputError, RuleFault
    >>> issubclass(RuleFault, InputError)
    True
    """


class Interrupted(Exception):
    """Work that a signal ended, in a state from which it can go on.

    Parameters
    ----------
    number : int
        Number of the signal; the process ends with status 128 + number.
    message : str
        What was kept and how to go on, in one sentence.

    Examples
    --------
    >>> from clustersim.errors import Interrupted
    >>> Interrupted(15, "12 of 20 runs are kept").status
    143
    """

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.status = 128 + number
