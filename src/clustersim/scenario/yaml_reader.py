"""Strict and safe YAML: plain values only, each with its line; nothing that a reader could take for something else.

PyYAML splits the text into events; values are built here, because its own rules read `1e6` as text, `no` as false and
`010` as 8, and keep the last of two equal keys.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import yaml

from clustersim.core.errors import InputError, door, reason
from clustersim.core.words import N_, _
from clustersim.scenario.keys import Key, clip, format_key

# The parser in C where PyYAML has it: a megabyte takes a quarter of a second instead of seven.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEPTH_MAX = 20
BYTES_MAX = 1_000_000
SET = "--set"  # how marks call what is set over a file

_INTEGER = re.compile(r"[-+]?\d+")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_LEADING_ZERO = re.compile(r"[-+]?0\d")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_WORDS: dict[str, bool | None] = {"": None, "~": None}
for _word, _meaning in {"null": None, "true": True, "false": False}.items():
    _WORDS |= {_word: _meaning, _word.title(): _meaning, _word.upper(): _meaning}
# Anything but ordinary characters, tab and line ends; also halves of surrogate pairs, which no encoding can write.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class Mark(NamedTuple):
    """Where a value was given."""

    file: str
    line: int | None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def place(self) -> str:
        """How errors call the file, or the option or argument."""
        return overrides() if self.file == SET else self.file


def overrides() -> str:
    """Return how errors call the option, or the argument, by which values are set over a file."""
    return door(command=SET, python="overrides")


@dataclass
class Document:
    """What a file says: its values, where each was given, and the faults that did not stop the reading."""

    data: dict[str, Any]
    marks: dict[Key, Mark]
    problems: list[InputError] = field(default_factory=list)

    def mark(self, path: Key) -> Mark:
        """Return where the value at `path`, or what encloses it, was given."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.marks:
                return self.marks[path[:length]]
        return Mark("", None)


def read_file(path: Path, label: str) -> Document:
    """Read a YAML file whose top level is a mapping; `label` is how errors call it.

    Raises
    ------
    InputError
        If the file cannot be read, is too long, is not UTF-8, or is not YAML of the plain kind.
    """
    try:
        if not path.is_file():
            raise InputError(label, "", _("is not a file."))
        with path.open("rb") as stream:
            content = stream.read(BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        raise InputError(label, "", _("cannot be read: {reason}.", reason=reason(error))) from None
    if len(content) > BYTES_MAX:
        raise InputError(label, "", _("is longer than the 1 MB that a scenario may have."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(label, "", not_utf8(content, error.start), _("Save the file with the encoding UTF-8.")) from None
    return read_text(text, label)


def not_utf8(content: bytes, position: int) -> str:
    """Return the sentence for bytes that are no UTF-8 text."""
    byte = f"0x{content[position]:02x}"
    return _("is not UTF-8 text: byte {byte} at position {position}.", byte=byte, position=position)


def read_text(text: str, label: str) -> Document:
    """Read YAML whose top level is a mapping; see `read_file`."""
    builder = _Builder(text, label)
    data = builder.document()
    if data is None:
        raise InputError(label, "", _("is empty."))
    if not isinstance(data, dict):
        raise InputError(label, "", _("must hold a mapping, that is lines of the form `key: value`."), line=1)
    return Document(data, builder.marks, builder.problems)


def read_value(text: str, label: str, key: str) -> Any:
    """Read one value as a file would: for ``--set KEY=VALUE``."""
    builder = _Builder(text, label)
    try:
        value = builder.document()
        for problem in builder.problems:
            raise problem
    except InputError as error:
        raise InputError(label, key, error.message, error.hint) from None
    if text[builder.end :].lstrip().startswith("#"):
        message = _("what follows a blank and # would be left out as a remark.")
        raise InputError(label, key, message, _("A text with # needs quotes within those of the command line."))
    return value


# What the YAML parser says, as far as plain files bring it about. The sentences that name a sign or a part have fields.
_YAML = (
    N_("mapping values are not allowed here"), N_("mapping keys are not allowed here"),
    N_("sequence entries are not allowed here"), N_("could not find expected ':'"),
    N_("found unexpected end of stream"), N_("found unexpected document separator"), N_("found unexpected ':'"),
    N_("expected the node content"), N_("did not find expected node content"), N_("did not find expected key"),
    N_("expected alphabetic or numeric character"), N_("found duplicate anchor"), N_("found undefined alias"),
    N_("special characters are not allowed"), N_("unacceptable character"), N_("found a tab character that violates indentation"),
    N_("found character that cannot start any token"), N_("mapping values are not allowed in this context"),
    N_("mapping keys are not allowed in this context"), N_("block sequence entries are not allowed in this context"),
    N_("did not find expected '-' indicator"), N_("did not find expected ',' or ']'"), N_("did not find expected ',' or '}'"),
    N_("did not find expected <document start>"), N_("did not find expected alphabetic or numeric character"),
    N_("did not find expected whitespace or line break"), N_("did not find expected comment or line break"),
    N_("did not find expected hexdecimal number"), N_("did not find expected tag URI"), N_("did not find expected '!'"),
    N_("found unknown escape character"), N_("found undefined tag handle"), N_("found unexpected document indicator"),
    N_("found invalid Unicode character escape code"), N_("found an indentation indicator equal to 0"),
    N_("found a tab character where an indentation space is expected"), N_("found incompatible YAML document"),
    N_("found duplicate %YAML directive"), N_("found unknown directive name"), N_("control characters are not allowed"),
    N_("while scanning for the next token"), N_("while scanning a simple key"), N_("while parsing a block mapping"),
)  # fmt: skip
_YAML_FIELDS = (
    (r"found character (?P<sign>.+) that cannot start any token", N_("found character {sign} that cannot start any token")),
    (r"expected (?P<due>.+), but (?:found|got) (?P<found>.+)", N_("expected {due}, but found {found}")),
    (r"found unknown escape character (?P<sign>.+)", N_("found unknown escape character {sign}")),
    (r"found undefined tag handle (?P<sign>.+)", N_("found undefined tag handle {sign}")),
    (r"unacceptable character (?P<sign>\S+): .*", N_("unacceptable character {sign}")),
    (r"expected escape sequence of (?P<n>\d+) hexadecimal .*", N_("expected an escape sequence of {n} hexadecimal digits")),
)


def _not_yaml(said: str) -> str:
    """Return the sentence for what the YAML parser cannot read, with what it says of it."""
    said = clip(" ".join(said.split()), 200)
    for pattern, text in _YAML_FIELDS:
        if match := re.fullmatch(pattern, said):
            return _("is not valid YAML: {reason}.", reason=_(text, **match.groupdict()))
    return _("is not valid YAML: {reason}.", reason=_(said))


class _Builder:
    """Builds values from the parser's events."""

    def __init__(self, text: str, label: str) -> None:
        self.label = label
        self.marks: dict[Key, Mark] = {}
        self.problems: list[InputError] = []
        self.end = 0  # of the last value, in characters
        # Any: the stubs know neither the tags of events nor that they have marks.
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=LOADER))

    def document(self) -> Any:
        """Return the value of the only document, None if there is none."""
        try:
            self._next()
            if isinstance(self._next(), yaml.StreamEndEvent):
                return None
            value = self._value(self._next(), (), 1)
            self._next()
            event = self._next()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._refuse((), mark.line + 1 if mark else None, _not_yaml(error.problem or error.context or ""))
        except (yaml.YAMLError, ValueError, OverflowError, RecursionError, IndexError) as error:
            self._refuse((), None, _not_yaml(str(error)))
        if not isinstance(event, yaml.StreamEndEvent):
            self._refuse((), event.start_mark.line + 1, _("holds more than one document; keep one, without `---`."))
        return value

    def _next(self) -> Any:
        event: Any = next(self.events)
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionEndEvent):
            self.end = event.end_mark.index  # type: ignore[union-attr]  # all events of a text have marks
        return event

    def _refuse(self, path: Key, line: int | None, message: str, hint: str = "") -> NoReturn:
        raise InputError(self.label, format_key(path), message, hint, line)

    def _note(self, path: Key, line: int, message: str, hint: str = "") -> None:
        self.problems.append(InputError(self.label, format_key(path), message, hint, line))

    def _value(self, event: Any, path: Key, depth: int, line: int | None = None) -> Any:
        here = event.start_mark.line + 1
        self.marks[path] = Mark(self.label, line or here)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._note(path, here, _("anchors (&) and aliases (*) are not allowed; write the value out."),
                       _("A text that begins with & or * needs quotes."))  # fmt: skip
        if isinstance(event, yaml.AliasEvent):
            return None
        if event.tag is not None:
            self._note(path, here, _("the tag {tag!r} is not allowed; only plain values are.", tag=clip(event.tag)),
                       _("A text that begins with ! needs quotes."))  # fmt: skip
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path, here)
        if depth > DEPTH_MAX:
            self._refuse(path, here, _("is nested more than {most} levels deep.", most=DEPTH_MAX))
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := self._next(), yaml.SequenceEndEvent):
                items.append(self._value(event, (*path, len(items)), depth + 1))
            return items
        return self._mapping(path, depth)

    def _mapping(self, path: Key, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            key = self._key(event, path, line)
            inner = (*path, key)
            if key in values:
                self._note(inner, line, _("the key stands twice, in lines {first} and {second}.", first=lines[key], second=line))
            value = self._value(self._next(), inner, depth + 1, line)
            values[key], lines[key] = value, line
        return values

    def _key(self, event: Any, path: Key, line: int) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None or event.tag is not None:
            self._refuse(path, line, _("a key must be plain text."))
        key: Any = event.value if event.style else self._plain(event.value, path, line)
        if not isinstance(key, str) or not key.strip() or len(key) > 200 or "\n" in key or CONTROL.search(key):
            self._refuse(path, line, _("{found!r} cannot be a key: a key must be text, in one line.", found=clip(event.value)))
        return key

    def _scalar(self, event: Any, path: Key, line: int) -> Any:
        value = event.value if event.style else self._plain(event.value, path, line)
        if isinstance(value, str) and CONTROL.search(value):
            self._note(path, line, _("the text holds a control character, which is not allowed."))
            return CONTROL.sub("", value)
        return value

    def _plain(self, text: str, path: Key, line: int) -> Any:
        """Return what a text without quotes stands for: null, true, false, a decimal number, or itself."""
        if text in _WORDS:
            return _WORDS[text]
        if _NOT_FINITE.fullmatch(text):
            self._note(path, line, _("found {found}; a number must be finite.", found=text))
            return 0
        if not _NUMBER.fullmatch(text):
            return text
        if _LEADING_ZERO.match(text):
            self._note(path, line, _("found {found}, a number that begins with 0.", found=clip(text)),
                       _("Leave the 0 out, or put quotes around it if it is text."))  # fmt: skip
            return 0
        if _INTEGER.fullmatch(text):
            if len(text) <= 40:
                return int(text)
        elif math.isfinite(number := float(text)):
            return number
        self._note(path, line, _("found {found}; the number is too large.", found=clip(text)))
        return 0
