"""Texts and documents that are nearly right: how they are changed, and how those that reach new lines are found and kept."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

NUMBERS = (
    "0", "-1", "1", "2", "0.5", "1e6", "1e308", "1e400", "-0.0", ".nan", "-.inf", "9" * 30, "010", "0x10", "1_000", "2**64",
    "18446744073709551616", "-9223372036854775809", "1e-320", "NaN", "Infinity", "1,5", "1.000,50", "٣", "½", "true", "null",
)  # fmt: skip
SIGNS = (
    "", " ", "\t", "\n", "\r", "\r\n", "\x00", "\x0b", "\x1b[31m", "\x85", "\u2028", "\ufeff", "\u202e", "\ud800", "é",
    "e\u0301", "😀",
    ":", ": ", "- ", "-", "?", "? ", "|", ">", "&a ", "*a", "!!int ", "!!python/object:os.system ", "%YAML 1.1", "---", "...",
    "{", "}", "[", "]", ",", "#", "'", '"', "\\", "<<", "=", "@", "`", "~", ";", "../", "/", "A" * 300, "0" * 5000, "[" * 400,
    "%s", "{0}",
)  # fmt: skip
JSON_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 0.5, 1e308, float("nan"), float("inf"), 2**64, -(2**63) - 1, 10**400, "", "x", "é" * 300, "1",
    [], {},
    [None], [[]], {"": None}, [1, "a"], {"a": {"b": []}}, "\x00", "../../etc", "\ud800",
)  # fmt: skip


def mutated(text: str, draw: random.Random, words: Sequence[str], others: Sequence[str]) -> str:
    """Return a text with one to eight changes: of numbers, words, lines, spans and signs."""
    for _ in range(draw.choice((1, 1, 1, 2, 3, 8))):
        how, place = draw.randrange(11), draw.randrange(len(text) + 1)
        end = min(len(text), place + draw.choice((1, 1, 2, 5, 20, 200)))
        if how == 0:
            text = text[:place] + text[end:]
        elif how == 1:
            text = text[:place] + draw.choice(SIGNS) + text[place:]
        elif how == 2:
            text = text[:place] + draw.choice(words) + text[end:]
        elif how == 3:
            text = text[:place] + text[place:end] * draw.choice((2, 2, 3, 50)) + text[end:]
        elif how in (4, 5, 6):
            text = with_other_word(text, draw, place, words)
        elif how in (7, 8):
            text = with_other_lines(text, draw)
        elif how == 9:
            other = draw.choice(others)
            first = draw.randrange(len(other) + 1)
            text = text[:place] + other[first : first + draw.choice((10, 100, 1000))] + text[place:]
        else:
            text = text[:place] + chr(draw.choice((draw.randrange(128), draw.randrange(0x3000)))) + text[end:]
    return text[:60_000]


def with_other_word(text: str, draw: random.Random, place: int, words: Sequence[str]) -> str:
    """Return a text with a whole word or number, after a place, replaced by another."""
    begin = place
    while begin < len(text) and not (text[begin].isalnum() or text[begin] in "._"):
        begin += 1
    end = begin
    while end < len(text) and (text[end].isalnum() or text[end] in "._-"):
        end += 1
    number = text[begin:end].replace(".", "").isdigit()
    return text[:begin] + draw.choice(NUMBERS if number and draw.random() < 0.8 else words) + text[end:]


def with_other_lines(text: str, draw: random.Random) -> str:
    """Return a text with a line gone, doubled, moved, or indented otherwise."""
    lines = text.split("\n")
    place, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    how = draw.randrange(4)
    if how == 0:
        del lines[place]
    elif how == 1:
        lines.insert(other, lines[place])
    elif how == 2:
        lines[place], lines[other] = lines[other], lines[place]
    else:
        lines[place] = draw.choice(("  ", " ", "\t", "- ", "")) + lines[place].lstrip(" " if draw.random() < 0.5 else "")
    return "\n".join(lines)


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterable[tuple[Any, ...]]:
    """Yield the path of everything in a document of mappings and lists."""
    yield path
    inner = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for key, value in inner:
        yield from places(value, (*path, key))


def changed(document: Any, draw: random.Random, paths: Sequence[tuple[Any, ...]]) -> str:
    """Change one place of a document, which is a copy: another value, a key gone or renamed; return what was done."""
    path = draw.choice(paths[1:])
    node = document
    for key in path[:-1]:
        node = node[key]
    how = draw.random()
    if how < 0.25:
        del node[path[-1]]
        return f"without {path}"
    if how < 0.35 and isinstance(node, dict):
        node[draw.choice(("", "x", str(path[-1]).upper()))] = node.pop(path[-1])
        return f"{path} renamed"
    if how < 0.45 and isinstance(node[path[-1]], int | float):
        node[path[-1]] = draw.choice((-node[path[-1]], node[path[-1]] + 1, node[path[-1]] * 1000, str(node[path[-1]])))
    else:
        node[path[-1]] = draw.choice(JSON_VALUES)
    return f"{path} = {node[path[-1]]!r:.60}"


class Corpus:
    """Texts to begin from: those that were given, and changed ones that reached lines which no other had.

    The more cases there are, the more of them it has: with the first case of each block of `BLOCK` it learns from `LEARNT` more.
    What it learns depends on nothing but the seed, so a case is the same whether its run was resumed or not.

    Parameters
    ----------
    seeds : sequence of str
        The texts to begin from.
    words : sequence of str
        That mean something there.
    reading : callable
        Reads a text, and may raise.
    modules : sequence of str
        Ends of the names of those files whose lines count.
    """

    BLOCK, LEARNT, MOST = 20_000, 300, 400

    def __init__(
        self, seeds: Sequence[str], words: Sequence[str], reading: Callable[[str], object], modules: Sequence[str]
    ) -> None:
        self.texts, self.words, self.reading, self.modules = list(seeds), words, reading, tuple(modules)
        self.lines: set[tuple[str, int]] = set()
        self.blocks = 0
        for text in seeds:
            self.lines |= self.reached(text)

    def text(self, number: int, draw: random.Random) -> str:
        """Return the text of a case."""
        self.ready(number)
        return mutated(draw.choice(self.texts), draw, self.words, self.texts)

    def ready(self, number: int) -> None:
        """Learn what cases up to this one know."""
        while self.blocks <= number // self.BLOCK:
            self.learn(random.Random(f"block {self.blocks}"))
            self.blocks += 1

    def learn(self, draw: random.Random) -> None:
        """Try changed texts, and keep those that reach new lines."""
        for _ in range(self.LEARNT):
            text = mutated(draw.choice(self.texts), draw, self.words, self.texts)
            new = self.reached(text) - self.lines
            if new and len(self.texts) < self.MOST:
                self.lines |= new
                self.texts.append(text)

    def reached(self, text: str) -> set[tuple[str, int]]:
        """Return the lines of the modules that reading a text reaches."""
        found: set[tuple[str, int]] = set()
        files: dict[str, bool] = {}

        def inside(frame: Any, event: str, argument: object) -> Any:
            if event == "line":
                found.add((frame.f_code.co_filename, frame.f_lineno))
            return inside

        def entering(frame: Any, event: str, argument: object) -> Any:
            name = frame.f_code.co_filename
            if name not in files:
                files[name] = any(part in name for part in self.modules)
            return inside if files[name] else None

        sys.settrace(entering)
        try:
            self.reading(text)
        except Exception:
            pass  # what is wrong with the answer is looked at when it is a case
        finally:
            sys.settrace(None)
        return found


def write(path: Path, text: str) -> Path:
    """Write a text as it is, half signs included."""
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path
