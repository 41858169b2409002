"""Which code page a text was written in, told by the words with accents that it would have: those of Spanish and Portuguese."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass, field

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.registers.forms.source import Opener

PAGES = {"cp1252": "Latin-1", "cp850": "CP850", "mac_roman": "Mac Roman"}
BLOCK = 1 << 20
PARTS = 8  # blocks whose words are all looked at; of the others one in so many
WORDS_MOST = 20_000  # different words with accents that are looked at
NEXT_LINE = b"\x85"  # which ends lines on mainframes, and is a sign or a letter in code pages
MIXED = 0.2  # part of words that are UTF-8 from which a text that is not all UTF-8 is a mixture
_HIGH = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]*+[\x80-\xff][A-Za-z\x80-\xff]*+")
_QUOTE_ESCAPED = re.compile(rb'\\"[^\r\n,;|\t"]')
_NONE = re.compile(rb"(?:^|[,;|\t\r\n])\\N(?=[,;|\t\r\n]|$)")

# How much a letter speaks for a page: those of Spanish and Portuguese most, those of their neighbours less.
LETTERS = (
    dict.fromkeys("áéíóúñ", 1.0) | dict.fromkeys("üçãõ", 0.8) | dict.fromkeys("âêô", 0.6) | dict.fromkeys("à", 0.5)
    | dict.fromkeys("èòïäëöìùîûåœ", 0.2)
)  # fmt: skip
BESIDE = frozenset("ºª°¡¿€«»“”‘’„–—…·´®©²³½\u00a0")  # signs that stand at the ends of words


@dataclass
class Look:
    """What a first look at all bytes of a text shows.

    Attributes
    ----------
    coding, name, errors : str
        How Python decodes it, what people call that, and what is done with bytes that do not fit.
    escaped : bool
        Whether a quotation mark inside a cell is written with a backslash.
    none : bool
        Whether a cell without content is written as a backslash and N.
    end : str
        A sign that ends lines although Python does not take it for a line end.
    """

    coding: str
    name: str
    errors: str = "strict"
    escaped: bool = False
    none: bool = False
    end: str = ""


@dataclass
class _Bytes:
    utf8: bool = True
    bad: tuple[int, int] = (0, 0)
    words: Counter[bytes] = field(default_factory=Counter)
    escaped: bool = False
    none: bool = False
    zero: bool = False


def look(open_: Opener, file: str) -> Look:
    """Look at all bytes of a text once, in parts.

    Raises
    ------
    InputError
        If it is no text.
    """
    with open_() as stream:
        head = stream.read(BLOCK)
    wide = _wide(head)
    seen = _scan(open_, wide is not None)
    if wide is not None:
        return Look(wide, wide.upper()[:6], "strict", seen.escaped, seen.none)
    if seen.zero:
        raise InputError(file, "", _("holds zero bytes, so it is not a table of text."), _("Save it as CSV (UTF-8)."))
    if seen.utf8:
        return Look("utf-8-sig", "UTF-8", "strict", seen.escaped, seen.none)
    end = _ends_lines(head)
    if end:  # then it is no letter
        seen.words = _parted(seen.words, NEXT_LINE)
    whole = Counter({word: count for word, count in seen.words.items() if _is_utf8(word)})
    rest = seen.words - whole
    page = _page(rest)
    if whole and whole.total() >= MIXED * seen.words.total():
        other = page or "cp1252"
        return Look("utf-8-sig", f"UTF-8 + {PAGES[other]}", _filling(other), seen.escaped, seen.none)
    if page is None:
        found = _("is neither UTF-8 nor Latin-1 text: byte {byte} at position {position}.",
                  byte=f"0x{seen.bad[0]:02x}", position=seen.bad[1])  # fmt: skip
        raise InputError(file, "", found, _("Save it as CSV (UTF-8)."))
    return Look(page, PAGES[page], "strict", seen.escaped, seen.none, NEXT_LINE.decode(page) if end else "")


def _ends_lines(head: bytes) -> bool:
    """Return whether the line end of mainframes is one here: all that it and the others part has as many cells."""
    if NEXT_LINE not in head:
        return False
    parts = [part for part in re.split(rb"[\r\n\x85]+", head)[:-1] if part]
    counts = ({part.count(separator) for part in parts} for separator in (b",", b";", b"\t", b"|"))
    return len(parts) > 1 and any(len(count) == 1 and count != {0} for count in counts)


def _parted(words: Counter[bytes], sign: bytes) -> Counter[bytes]:
    found: Counter[bytes] = Counter()
    for word, count in words.items():
        for part in word.split(sign):
            if not part.isascii():
                found[part] += count
    return found


def _wide(head: bytes) -> str | None:
    """Return the coding of a text of two or four bytes a character, with or without a mark at its beginning."""
    for mark, coding in ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
                         (codecs.BOM_UTF16_BE, "utf-16")):  # fmt: skip
        if head.startswith(mark):
            return coding
    # Without a mark: most characters of a table are ASCII, so one byte in two is zero.
    some = head[: min(len(head), 4096) // 2 * 2]
    if len(some) < 4:
        return None
    first, second = some[::2].count(0) / (len(some) / 2), some[1::2].count(0) / (len(some) / 2)
    if second > 0.7 and first < 0.05:
        return "utf-16-le"
    if first > 0.7 and second < 0.05:
        return "utf-16-be"
    return None


def _scan(open_: Opener, wide: bool) -> _Bytes:
    seen = _Bytes()
    decoder = codecs.getincrementaldecoder("utf-8")()
    before, tail, number = 0, b"", 0
    with open_() as stream:
        while block := stream.read(BLOCK):
            number += 1
            failed = False
            text = tail + (block.replace(b"\0", b"") if wide else block)
            seen.escaped = seen.escaped or (b'\\"' in text and _QUOTE_ESCAPED.search(text) is not None)
            seen.none = seen.none or (b"\\N" in text and _NONE.search(text) is not None)
            tail = text[-3:]
            seen.zero = seen.zero or b"\0" in block
            if wide:
                continue
            if seen.utf8:
                pending = len(decoder.getstate()[0])
                try:
                    decoder.decode(block)
                except UnicodeDecodeError as error:
                    seen.utf8, seen.bad = False, (error.object[error.start], before - pending + error.start)
                    failed = True
            # Of a long file some parts are enough, but for the one that is no UTF-8.
            some = number <= PARTS or number % PARTS == 0 or failed
            if some and not block.isascii() and len(seen.words) < WORDS_MOST:
                seen.words.update(_HIGH.findall(block))
            before += len(block)
    if seen.utf8 and not wide:
        try:
            decoder.decode(b"", True)
        except UnicodeDecodeError as error:
            seen.utf8, seen.bad = False, (error.object[error.start], before - len(error.object) + error.start)
    return seen


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _page(words: Counter[bytes]) -> str | None:
    """Return the page in which words read most like words; none if they read like words in no page."""
    score = {page: sum(min(count, 3) * _likeness(word, page) for word, count in words.items()) for page in PAGES}
    best = max(score, key=lambda page: score[page])
    if score[best] > 0.0:
        return best
    try:  # signs alone, without any letter, are those of the commonest page
        [word.decode("cp1252") for word in words]
    except UnicodeDecodeError:
        return None
    return "cp1252"


def _likeness(word: bytes, page: str) -> float:
    """Return how much bytes look like a word in a page: letters of the region, in one case, signs only at the ends."""
    try:
        text = word.decode(page)
    except UnicodeDecodeError:
        return -3.0
    score = 0.0
    # Letters with accents alone say little: any two bytes are letters in some page.
    trust = 1.0 if any(sign.isascii() for sign in text) else 0.3 if len(text) == 1 else 0.0
    for k, sign in enumerate(text):
        if sign.isascii():
            continue
        before, after = text[k - 1 : k], text[k + 1 : k + 2]
        if (weight := LETTERS.get(sign.lower())) is not None:
            score += trust * weight
            # A small letter among capitals, or a capital after a small letter, is no writing.
            beside = [other for other in (before, after) if other.isalpha()]
            if sign.islower() and len(beside) == 2 and all(other.isupper() for other in beside):
                score -= 2.0
            elif sign.islower() and before.isupper() and len(text) > 2 and text[:k].isupper() and k > 1:
                score -= 1.5
            elif sign.islower() and after.isupper():
                score -= 2.0
            elif sign.isupper() and (before.islower() or (after == "" and before.islower())):
                score -= 2.0
            elif sign.lower() in "õã" and after.isalpha() and after.lower() not in "oesmni":
                score -= 1.0
        elif sign in BESIDE:
            score += -1.0 if before.isalpha() and after.isalpha() else 0.1 * trust
        else:
            score -= 1.5
    return score


def _filling(page: str) -> str:
    """Return the name of a way to read bytes that are no UTF-8 by a code page."""
    name = f"clustersim-{page}"

    def read(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return error.object[error.start : error.end].decode(page, errors="replace"), error.end

    codecs.register_error(name, read)
    return name
