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
    "ciiu": "CIIU", "isic": "ISIC", "nace": "NACE", "cnae": "CNAE", "clae": "CLAE", "clae6": "CLAE", "scian": "SCIAN",
    "naics": "NAICS",
    "sic": "SIC", "ciiu4": "CIIU", "cnae09": "CNAE",
}  # fmt: skip
# Classes of ISIC and NACE that begin with 0, and whose zero a spreadsheet takes.
_EARLY = frozenset(
    "0111 0112 0113 0114 0115 0116 0119 0121 0122 0123 0124 0125 0126 0127 0128 0129 0130 0141 0142 0143 0144 0145 0146 0147 "
    "0149 "
    "0150 0161 0162 0163 0164 0170 0210 0220 0230 0240 0311 0312 0321 0322 0510 0520 0610 0620 0710 0721 0729 0810 0811 0812 "
    "0891 "
    "0892 0893 0899 0910 0990".split()
)
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
    split = {
        text: found[1] or found[2] for text in filled if not digits(text) and (found := _WITH_TEXT.fullmatch(text)) is not None
    }
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
    """Give codes of farming and mining the zero back that a spreadsheet has taken: 113 among codes of four digits is 0113."""
    texts, place = distinct(cells["activity"])
    plainly = [text for text in texts if text.isdecimal()]
    if not plainly or len(plainly) < sum(map(bool, texts)) or any(text.startswith("0") for text in plainly):
        return
    usual = max(map(len, plainly))
    short = {text: f"0{text}" for text in plainly if len(text) == usual - 1}
    mixed = any(code.startswith(text) for text in short for code in plainly if code != text)  # groups beside classes
    known = all(code[:4] in _EARLY for code in short.values())
    if usual >= 4 and short and known and not mixed and all(len(text) >= usual - 1 for text in plainly):
        cells["activity"] = np.array([short.get(text, text) for text in texts], object)[place]
        first = next(iter(short))
        register.decisions["activity_zeros"] = f"{len(short)}: {first} = {short[first]}"


def scheme_of(heading: str, codes: list[str], said: str = "") -> str:
    """Return the classification of codes: what is said, or the heading names, or their form shows; "" if nothing does."""
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
