"""What a user may say of how a register is to be read."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from clustersim.core.errors import InputError, door
from clustersim.core.words import _
from clustersim.scenario.keys import clip, did_you_mean, listed

CHOICES = {
    "decimal": ("comma", "point"), "money": ("usd", "kusd", "musd"), "establishments": ("sum", "each"),
    "closed": ("leave_out", "keep"), "shares": ("percent", "fraction"), "trust": ("1-5", "0-10", "percent", "0-1"),
    "total": ("leave_out", "keep"),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """All that a user may say of how to read; a field that is None, or empty, is not said.

    Each field is an option of the command line, with hyphens; what it answers is no doubt any more (see `Doubt`).

    Attributes
    ----------
    register : str, optional
        Name of a profile, or path of a user's own.
    table : str, optional
        Sheet of a workbook, or member of an archive.
    decimal : {"point", "comma"}, optional
        What an unclear number such as '1.234' is read by.
    money : {"usd", "kusd", "musd"}, optional
        Unit of money where headings do not tell it.
    currency : str, optional
        ISO code of the currency of all money, "USD" included.
    rate : float, optional
        Units of that currency for one US dollar.
    start_year : int, optional
        The year whose beginning the register shows.
    year : int, optional
        Of several years in one file: which is read.
    establishments : {"sum", "each"}, optional
        Whether rows of one firm are added up, or are firms of their own.
    closed : {"leave_out", "keep"}, optional
        What becomes of firms that are no longer.
    shares : {"percent", "fraction"}, optional
        What a column of shares is written in.
    crs : str, optional
        What coordinates are: "degrees", "km", or a code such as "EPSG:32717".
    swapped : bool, optional
        Whether latitude and longitude are exchanged.
    trust : {"1-5", "0-10", "percent", "0-1"}, optional
        Scale of trust in ties.
    total : {"leave_out", "keep"}, optional
        What becomes of a row that has as many employees as all others together.
    ignore : tuple of str
        Headings to leave out.
    read : tuple of str
        "HEADING=column": what a heading means.

    Examples
    --------
    >>> from clustersim.scenario.registers.asking import Asked
    >>> Asked(currency="MXN", rate=17.1).currency
    'MXN'
    """

    register: str | None = None
    table: str | None = None
    decimal: str | None = None
    money: str | None = None
    currency: str | None = None
    rate: float | None = None
    start_year: int | None = None
    year: int | None = None
    establishments: str | None = None
    closed: str | None = None
    shares: str | None = None
    crs: str | None = None
    swapped: bool | None = None
    trust: str | None = None
    total: str | None = None
    ignore: tuple[str, ...] = ()
    read: tuple[str, ...] = ()


def checked(asked: Asked) -> Asked:
    """Return what was asked, if it can be.

    Raises
    ------
    InputError
        Naming the option, what was found and what it can be.

    Examples
    --------
    >>> from clustersim.scenario.registers.asking import Asked, checked
    >>> checked(Asked(closed="keep")).closed
    'keep'
    """
    for name, allowed in CHOICES.items():
        given = getattr(asked, name)
        if given is not None and given not in allowed:
            hint = did_you_mean(str(given), allowed, listed(allowed))
            raise InputError(_option(name), "", _("{word!r} is not possible.", word=clip(str(given))), hint)
    if asked.currency is not None and not re.fullmatch(r"[A-Z]{3}", asked.currency):
        message = _("found {found!r}; it must be an ISO code of three capital letters, such as MXN.", found=clip(asked.currency))
        raise InputError(_option("currency"), "", message)
    if asked.rate is not None and not (math.isfinite(asked.rate) and asked.rate > 0.0):
        message = _(
            "found {found}; it must be a number above 0: units of the currency for one US dollar.", found=f"{asked.rate:g}"
        )
        raise InputError(_option("rate"), "", message)
    if asked.rate is not None and asked.currency == "USD":
        raise InputError(_option("rate"), "", _("the currency is the US dollar, which needs no rate."))
    if asked.money is not None and asked.currency not in (None, "USD"):
        message = _(
            "says US dollars, and {other} says {currency}; say one of them.", other=_option("currency"), currency=asked.currency
        )
        raise InputError(_option("money"), "", message)
    if asked.crs is not None and not re.fullmatch(r"degrees|km|EPSG:\d{4,6}", asked.crs):
        message = _("found {found!r}; it must be degrees, km, or a code such as EPSG:32717.", found=clip(asked.crs))
        raise InputError(_option("crs"), "", message)
    return asked


def _option(name: str) -> str:
    return door(command=f"--{name}", python=name)
