"""What a user may say of how a register is to be read."""

from __future__ import annotations

from dataclasses import dataclass


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
    ignore: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
