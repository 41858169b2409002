"""Options that say how a register is read: declared once, and given to each command that reads one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from clustersim.cli.options import real, whole


def _option(*names: str, metavar: str | None = None, help: str, parser: Any = None) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, parser=parser)


_WORD, _WORDS = str | None, list[str] | None

# For each field of `Asked`, its option.
READING: dict[str, Any] = {
    "register": Annotated[_WORD, _option(metavar="NAME", help="Layout of a public register, or a YAML file with one of yours.")],
    "table": Annotated[_WORD, _option(metavar="NAME", help="Sheet of a workbook, or file of an archive.")],
    "read": Annotated[
        _WORDS, _option(metavar="HEADING=COLUMN", help="What a heading means, such as PERSONAL=employees; may be repeated.")
    ],
    "ignore": Annotated[_WORDS, _option(metavar="COLUMN", help="A column to leave out; may be repeated.")],
    "decimal": Annotated[_WORD, _option(metavar="comma|point", help="Decimal sign; found out if not given.")],
    "money": Annotated[_WORD, _option(metavar="usd|kusd|musd", help="Unit of money where headings do not tell.")],
    "currency": Annotated[_WORD, _option(metavar="CODE", help="Currency of all money, such as MXN; needs --rate if not USD.")],
    "rate": Annotated[float | None, _option(parser=real, metavar="NUMBER", help="Units of that currency for one US dollar.")],
    "start_year": Annotated[
        int | None, _option("--start-year", parser=whole, metavar="YEAR", help="Year whose beginning the register shows.")
    ],
    "year": Annotated[int | None, _option(parser=whole, metavar="YEAR", help="Of several years in one file, the one to read.")],
    "establishments": Annotated[
        _WORD, _option(metavar="sum|each", help="Several rows of one firm: add them up, or take each for a firm.")
    ],
    "closed": Annotated[_WORD, _option(metavar="leave_out|keep", help="What becomes of firms that are closed.")],
    "shares": Annotated[_WORD, _option(metavar="percent|fraction", help="What columns of shares are written in.")],
    "crs": Annotated[_WORD, _option(metavar="CODE", help="What coordinates are: degrees, km, or a code such as EPSG:32717.")],
    "swapped": Annotated[
        bool | None, _option("--swapped/--not-swapped", help="Latitude and longitude are exchanged in the file, or are not.")
    ],
    "total": Annotated[
        _WORD, _option(metavar="leave_out|keep", help="What becomes of a row that has as many employees as all others together.")
    ],
    "trust": Annotated[_WORD, _option(metavar="1-5|0-10|percent|0-1", help="Scale of trust in ties.")],
}


def reads_registers(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command all options of reading; it gets those that were said as a mapping, by its argument `given`."""
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind) for name, kind in READING.items()
    ]
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command, eval_str=True).parameters.items():
        parameters += shared if name == "given" else [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)]

    @functools.wraps(command)
    def with_options(**all_given: Any) -> None:
        given = {name: all_given.pop(name) for name in READING}
        command(**all_given, given={name: value for name, value in given.items() if value is not None})

    with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {}
    return with_options
