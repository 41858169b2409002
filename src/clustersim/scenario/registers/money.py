"""Units that stand beside numbers of money: currency, thousands and millions, per cent, the year of prices; none is thrown away.

A heading ("Ventas (miles de USD)"), a row of units or a cell ("1.234,56 €") may tell them. Money without a currency is taken
for US dollars; what is in another currency is read only with its rate, and what can hardly be dollars is a doubt.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from clustersim.model.parameters import PARAMETERS
from clustersim.scenario.tables import LARGE

QUARTERS = 4.0
_OUTPUT = PARAMETERS["population"]["output"]
_MEDIAN = math.exp(
    -PARAMETERS["population"]["knowledge_gap"].default
)  # a median firm's output, in that of a firm at the frontier
# Sales per employee, in kUSD a year, of a median firm: the most is what the model's range of output can hold; the least lies
# far below it, since a street vendor of a poor region sells some hundred dollars a year.
PLAUSIBLE = (0.04 * _OUTPUT.low * _MEDIAN * QUARTERS, _OUTPUT.high * _MEDIAN * QUARTERS)
# Without employees: a median firm that would have to be a tractor firm at the least plausible sales per employee, in kUSD a year.
PLAUSIBLE_FIRM = PLAUSIBLE[1] * LARGE
ENOUGH = 8  # firms of which a median says something

# Signs of currencies as words; "$" alone is that of the dollar and of half a dozen pesos, "A$" of several that are none of these.
_SIGNS = (
    ("us$", " usd "), ("u$s", " usd "), ("usd$", " usd "), ("mm$", " millones dollarsign "), ("m$", " miles dollarsign "),
    ("r$", " brl "), ("a$", " ¤ "), ("s/.", " pen "), ("s/", " pen "), ("€", " eur "), ("£", " gbp "), ("$", " dollarsign "),
    ("%", " percent "), ("₲", " pyg "), ("₡", " crc "), ("¥", " jpy "), ("º", ""), ("°", ""),
)  # fmt: skip
PESO = "peso"  # some peso, nobody says which
CURRENCIES = {
    "usd": "USD", "dolares": "USD", "dolar": "USD", "dollars": "USD", "dollar": "USD", "kusd": "USD", "musd": "USD",
    "estadounidenses": "USD", "eur": "EUR", "euro": "EUR", "euros": "EUR", "keur": "EUR", "meur": "EUR", "gbp": "GBP",
    "libras": "GBP",
    "pounds": "GBP", "mxn": "MXN", "mexicanos": "MXN", "cop": "COP", "colombianos": "COP", "clp": "CLP", "chilenos": "CLP",
    "ars": "ARS", "argentinos": "ARS", "uyu": "UYU", "uruguayos": "UYU", "dop": "DOP", "dominicanos": "DOP", "pen": "PEN",
    "soles": "PEN", "sol": "PEN", "brl": "BRL", "reais": "BRL", "real": "BRL", "bob": "BOB", "bolivianos": "BOB", "pyg": "PYG",
    "guaranies": "PYG", "gtq": "GTQ", "quetzales": "GTQ", "hnl": "HNL", "lempiras": "HNL", "crc": "CRC", "colones": "CRC",
    "nio": "NIO", "cordobas": "NIO", "clf": "CLF", "uf": "CLF", "jpy": "JPY", "cny": "CNY", "cad": "CAD", "chf": "CHF", "mn": "",
    "pesos": PESO, "peso": PESO, "dollarsign": "",
}  # fmt: skip
SCALES = {
    "miles": 1e3, "mil": 1e3, "thousand": 1e3, "thousands": 1e3, "th": 1e3, "k": 1e3, "kusd": 1e3, "keur": 1e3, "milhares": 1e3,
    "millones": 1e6, "millon": 1e6, "million": 1e6, "millions": 1e6, "mill": 1e6, "mio": 1e6, "mm": 1e6, "m": 1e6, "musd": 1e6,
    "meur": 1e6, "milhoes": 1e6,
}  # fmt: skip
_SHORT = ("k", "m", "th", "mn", "mm", "sol", "real", "uf", "mil", "mill")  # units only beside another unit, or a number
# Before a unit that a title or a note tells, as a sign or a word; and between the words of one.
_BEFORE = {
    *"([:;,.-–—/*", "en", "in", "em", "moneda", "currency", "moeda", "divisa", "ventas", "sales", "vendas", "exportaciones",
    "exports", "ingresos", "facturacion", "turnover", "revenue", "valores", "values", "cifras", "figures", "importes", "montos",
    "amounts",
}  # fmt: skip
_UNITS = {*CURRENCIES, *SCALES}
_BETWEEN = {"de", "of", "en", "in", "em", "us"}
PERCENT = ("percent", "percentage", "porcentaje", "porcentual", "pct", "porcentagem", "percentual")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"[-+]?\(?[-+]?\d[\d.,'’\s]*\)?")


@dataclass(frozen=True)
class Unit:
    """What stands beside numbers.

    Attributes
    ----------
    scale : float, optional
        1,000 for thousands, and so on; None if nothing says it.
    currency : str, optional
        ISO code, "peso" for some peso, "" for the sign "$" alone; None if nothing says it.
    year : int, optional
        Year that the numbers are of.
    percent : bool
        Whether they are per cent of something.
    """

    scale: float | None = None
    currency: str | None = None
    year: int | None = None
    percent: bool = False

    def over(self, other: Unit) -> Unit:
        """Return this unit, with what it leaves open taken from another."""
        currency = self.currency or other.currency
        currency = self.currency if currency is None else currency
        scale = other.scale if self.scale is None else self.scale
        return Unit(scale, currency, self.year or other.year, self.percent or other.percent)


NOTHING = Unit()


def spelt(text: str) -> str:
    """Return a text in small letters without accents, with the signs of currencies and per cent as words.

    Examples
    --------
    >>> from clustersim.scenario.registers.money import spelt
    >>> spelt("Ventas (US$)")
    'ventas ( usd )'
    """
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    for sign, word in _SIGNS:
        if sign in bare:
            # "M$" and "R$" only where no other letter goes before: "NUM$" is nobody's unit.
            bare = re.sub(rf"(?<![a-z]){re.escape(sign)}" if sign[0].isalpha() else re.escape(sign), word, bare)
    return " ".join(bare.split())


def is_foreign(spelt_text: str) -> bool:
    """Whether a text holds letters, or signs of currencies, of which nothing is known here, so that its unit is not known.

    Examples
    --------
    >>> from clustersim.scenario.registers.money import is_foreign, spelt
    >>> is_foreign(spelt("Ventas (₩)")), is_foreign(spelt("Facturación (€)"))
    (True, False)
    """
    return any(not sign.isascii() and (sign.isalpha() or unicodedata.category(sign) == "Sc") for sign in spelt_text)


def take_units(words: list[str], year: bool = True) -> tuple[Unit, list[str]]:
    """Return the unit that words tell, and the words that tell none."""
    plain = [word for word in words if word not in _SHORT]
    telling = any(word in CURRENCIES or word in SCALES for word in plain) or any(word in ("uf", "mm") for word in words)
    scale: float | None = None
    currency: str | None = None
    years: list[int] = []
    percent, rest = False, []
    for place, word in enumerate(words):
        short = word in _SHORT and not telling
        if word in SCALES and not short:
            scale = (scale or 1.0) * (SCALES[word] if words.index(word) == place else 1.0)  # "2m to 10m" says it once
            currency = CURRENCIES[word] if word in CURRENCIES else currency
        elif word in CURRENCIES and not short:
            currency = CURRENCIES[word] if currency in (None, "", PESO) else currency
        elif word in PERCENT:
            percent = True
        elif year and _YEAR.fullmatch(word):
            years.append(int(word))
        else:
            rest.append(word)
    return Unit(scale, currency, max(years, default=None), percent), rest


def spoken_units(text: str) -> list[Unit]:
    """Return the units of money that a title or a note tells: what stands after "in", or alone, and no amount of anything.

    Examples
    --------
    >>> from clustersim.scenario.registers.money import spoken_units
    >>> spoken_units("Cifras en miles de euros"), spoken_units("Empresas con ventas de 2 millones de euros")
    ([Unit(scale=1000.0, currency='EUR', year=None, percent=False)], [])
    """
    tokens = ["(", *re.findall(r"[a-z]+|\d[\d.,]*|[^\sa-z\d]", spelt(text))]
    found, place = [], 1
    while place < len(tokens):
        end = place
        while end < len(tokens) and (tokens[end] in _UNITS or (end > place and tokens[end] in _BETWEEN)):
            end += 1
        words = tokens[place:end]
        while len(words) > 1 and words[-1] in _BETWEEN and words[-2] in CURRENCIES:  # "euros de 2015"
            words.pop()
        # "Miles de empresas" counts something else, "2 millones de euros" is an amount, and "peso" a weight.
        if words and words[-1] not in _BETWEEN and tokens[place - 1] in _BEFORE and words != ["peso"]:
            found.append(take_units([word for word in words if word not in _BETWEEN])[0])
        place = max(end, place + 1)
    return [unit for unit in found if unit != NOTHING]


def split(cell: str) -> tuple[str, Unit | None]:
    """Return the number in a cell as text, and the unit beside it; None for the unit if it cannot be understood.

    Examples
    --------
    >>> from clustersim.scenario.registers.money import split
    >>> split("1.234,56 €")
    ('1.234,56', Unit(scale=None, currency='EUR', year=None, percent=False))
    """
    found = _NUMBER.search(cell)
    if found is None:
        return cell, None
    number = found[0].strip()
    if number.startswith("(") and number.endswith(")"):
        number = f"-{number[1:-1].strip()}"
    beside = f"{cell[: found.start()]} {cell[found.end() :]}"
    if not beside.strip():
        return number, NOTHING
    words = re.findall(r"[a-z_]+|[^\sa-z_]+", spelt(beside))
    words = [word for word in words if word not in ("de", ".", "of")]
    # A number beside them is enough for short units: "12 M".
    unit, rest = take_units([*words, "usd"] if any(word in _SHORT for word in words) else words, year=False)
    if rest:
        return cell, None
    if "usd" not in words and unit.currency == "USD" and any(word in _SHORT for word in words):
        unit = Unit(unit.scale, take_units(words, year=False)[0].currency, None, unit.percent)
    return number, unit
