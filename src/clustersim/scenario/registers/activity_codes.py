"""Codes of activities as registers write them: their classification, and names of divisions and sectors in both languages."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import numpy as np

from clustersim.core.words import language
from clustersim.scenario.registers.columns import plain
from clustersim.scenario.registers.firms import Register
from clustersim.scenario.registers.numerals import distinct
from clustersim.scenario.yaml_reader import read_file

NAMES = Path(__file__).parent / "activity_names.yaml"
_CODE = re.compile(r"([A-Za-z])?[\s.-]?(\d{2}(?:[\d.\s-]*\d)?|\d)(?:[.]?[A-Za-z])?")
_NUMBER = r"((?:[A-Z][\s.-]?)?\d[\d./-]{1,9})"
_WITH_TEXT = re.compile(rf"{_NUMBER}\s*[-–:|]\s+\S.*|{_NUMBER}\s+[^\W\d_].*")
MOST = 0.5  # part of a column's cells that must be codes with texts, for the texts to be left
# Words of headings that say the classification.
_SAID = {
    "ciiu": "CIIU", "isic": "ISIC", "nace": "NACE", "cnae": "CNAE", "clae": "CLAE", "clae6": "CLAE", "scian": "SCIAN", "naics": "NAICS",
    "sic": "SIC", "ciiu4": "CIIU", "cnae09": "CNAE",
}  # fmt: skip
# Classifications whose first two digits are the divisions of ISIC Rev. 4, and those whose first two or three are NAICS sectors.
OF_ISIC = ("CIIU", "ISIC", "NACE", "CNAE", "CLAE", "UK SIC")
OF_NAICS = ("SCIAN", "NAICS")


def digits(text: str) -> str:
    """Return the digits of a code, without its letter, dots and blanks; empty if it is no code.

    Examples
    --------
    >>> from clustersim.scenario.registers.activity_codes import digits
    >>> digits("C1520.02"), digits("15.20-1/02"), digits("calzado")
    ('152002', '1520102', '')
    """
    bare = text.strip().replace("/", "")
    return re.sub(r"\D", "", bare) if _CODE.fullmatch(bare) else ""


def read_codes(register: Register, cells: dict[str, np.ndarray]) -> None:
    """Leave the texts that stand behind codes, and say which classification the codes are of."""
    if "activity" not in register.header.found:
        return
    texts, place = distinct(cells["activity"])
    filled = [text for text in texts if text]
    split = {text: found[1] or found[2] for text in filled if not digits(text) and (found := _WITH_TEXT.fullmatch(text)) is not None}
    if len(split) > MOST * len(filled):
        cells["activity"] = np.array([split.get(text, text) for text in texts], object)[place]
        register.decisions["activity_codes"] = f"{len(split)}: {next(iter(split))[:60]}"
        filled = [split.get(text, text) for text in filled]
    scheme = scheme_of(register.header.written["activity"], filled, register.known.activity if register.known else "")
    if scheme:
        register.decisions["activity_scheme"] = scheme
    if scheme.startswith(OF_ISIC):
        _restore_zeros(register, cells)


def _restore_zeros(register: Register, cells: dict[str, np.ndarray]) -> None:
    """Give codes of farming, fishing and mining the zero back that a spreadsheet has taken: 113 among codes of four digits is 0113."""
    texts, place = distinct(cells["activity"])
    plainly = [text for text in texts if text.isdecimal()]
    if not plainly or len(plainly) < sum(map(bool, texts)) or any(text.startswith("0") for text in plainly):
        return
    lengths = [len(text) for text in plainly]
    usual = max(set(lengths), key=lengths.count)
    short = {text: f"0{text}" for text in plainly if len(text) == usual - 1 and f"0{text[0]}" in _names()["isic"]}
    if usual >= 4 and short and len(set(lengths)) == 2 and len(short) == lengths.count(usual - 1):
        cells["activity"] = np.array([short.get(text, text) for text in texts], object)[place]
        first = next(iter(short))
        register.decisions["activity_zeros"] = f"{len(short)}: {first} = {short[first]}"


def scheme_of(heading: str, codes: list[str], said: str = "") -> str:
    """Return the classification of codes: the one that is said, or that the heading names, or that their form shows; "" if none does."""
    if not any(digits(code) for code in codes):
        return ""
    if said:
        return said
    for word in plain(heading).split("_"):
        if word in _SAID:
            return _SAID[word]
    lettered = [code for code in codes if re.fullmatch(r"[A-U][\s.-]?\d{2}.*", code) and digits(code)]
    return "ISIC" if len(lettered) > MOST * len(codes) else ""


def activity_name(code: str, scheme: str, lang: str | None = None) -> str:
    """Return the short name of the division or sector that a code belongs to, in a language or the one in force; "" if unknown.

    Parameters
    ----------
    code : str
        As written.
    scheme : str
        Its classification, as `Register.decisions` calls it ("activity_scheme").
    lang : {"en", "es"}, optional
        The language.

    Examples
    --------
    >>> from clustersim.scenario.registers.activity_codes import activity_name
    >>> activity_name("C1520.02", "CIIU 4", "en"), activity_name("316211", "SCIAN", "es")
    ('leather and footwear', 'cuero y calzado')
    """
    number = digits(code)
    names = _names()
    language_ = lang or language()
    if scheme.startswith(OF_ISIC):
        found = names["isic"].get(number[:2])
    elif scheme.startswith(OF_NAICS):
        found = names["naics"].get(number[:3]) or names["naics"].get(number[:2])
    else:
        found = None
    return found[0 if language_ == "en" else 1] if found else ""


@lru_cache(maxsize=1)
def _names() -> dict[str, dict[str, list[str]]]:
    return read_file(NAMES, NAMES.name).data
