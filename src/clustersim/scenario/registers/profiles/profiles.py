"""Reads profiles of public registers, and finds the one that a file's headings show.

A profile is data and nothing else; a user may write one. Nothing in it is executed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clustersim.core.errors import InputError, door
from clustersim.core.words import _, language
from clustersim.scenario.keys import clip, did_you_mean, format_key, listed
from clustersim.scenario.registers.columns import COLUMNS, Column, plain
from clustersim.scenario.registers.countries import COUNTRIES
from clustersim.scenario.yaml_reader import read_file

FOLDER = Path(__file__).parent


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Titles(_Part):
    """A title in each language."""

    en: str = Field(min_length=1, max_length=200)
    es: str = Field(min_length=1, max_length=200)


class Id(_Part):
    """An id that several columns make together."""

    headings: list[str] = Field(min_length=1)
    joiner: str = ""


class Status(_Part):
    """Words or codes for whether a firm still is, beside those that all registers share."""

    open: list[str] = []
    closed: list[str] = []


class Money(_Part):
    """What money is in."""

    currency: str = Field(pattern=r"^[A-Z]{3}$")
    scale: float = Field(default=1.0, gt=0.0)


class Indicators(_Part):
    """Of a table with one number in a row: which column says what the number is, and what its values mean, with their unit."""

    headings: list[str] = Field(min_length=1)
    value: str
    place: str
    columns: dict[Literal["employees", "sales", "exports"], dict[str, float]]


class Profile(_Part):
    """A public register.

    Attributes
    ----------
    title : Titles
        Its name.
    country : str, optional
        ISO code of two letters.
    source : str
        Where its layout is described.
    kind : {"firms", "nation"}
        Firms, or a nation's table by activity.
    recognise : list of str
        Headings that tell it, all of them.
    headings : dict
        For each heading the column that it means; empty for one that is known and not used.
    assumed : list of str
        Headings of which it is not sure that the register writes them so.
    id : Id, optional
        Columns that make the id together.
    numbered : bool
        Whether rows have no id, so that their number is theirs.
    codes : dict
        For a column, what its codes stand for, such as a class of size.
    status : Status
        Words for whether a firm still is.
    money : Money, optional
        What money is in.
    keep : dict
        For a heading, the values of which rows are kept.
    indicators : Indicators, optional
        In a nation's table with one number in a row, which rows tell what.
    activity : str
        Classification of activities.
    period : {"latest"}, optional
        That of several years the latest is meant.
    establishments : {"sum", "each"}, optional
        What several rows of one firm are.
    crs : str, optional
        What coordinates in metres are.
    """

    title: Titles
    country: str | None = None
    source: str
    kind: Literal["firms", "nation"] = "firms"
    recognise: list[str] = Field(min_length=1)
    headings: dict[str, str]
    assumed: list[str] = []
    id: Id | None = None
    numbered: bool = False
    codes: dict[str, dict[str, str]] = {}
    status: Status = Status()
    money: Money | None = None
    keep: dict[str, list[str]] = {}
    indicators: Indicators | None = None
    activity: str = ""
    period: Literal["latest"] | None = None
    establishments: Literal["sum", "each"] | None = None
    crs: str | None = None

    def meanings(self) -> dict[str, str]:
        """Return what its headings mean, by their plain words."""
        return {plain(heading): column for heading, column in self.headings.items()}

    def telling(self) -> set[str]:
        """Return the plain words of the headings by which it is recognised."""
        return {plain(heading) for heading in self.recognise}

    def called(self) -> str:
        """Return its title in the language in force."""
        return self.title.es if language() == "es" else self.title.en


@lru_cache(maxsize=1)
def shipped() -> dict[str, Profile]:
    """Return the profiles that come along, by name.

    Examples
    --------
    >>> from clustersim.scenario.registers.profiles.profiles import shipped
    >>> shipped()["denue"].country
    'MX'
    """
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.yaml"))}


def named(name: str) -> Profile:
    """Return a profile by its name, or by the path of a user's own.

    Raises
    ------
    InputError
        If there is none, or it is not one.
    """
    if name in shipped():
        return shipped()[name]
    if name.endswith((".yaml", ".yml")):
        return _read(Path(name))
    hint = did_you_mean(name, shipped(), listed(shipped()))
    option = door(command="--register", python="register")
    raise InputError(option, "", _("{name!r} is neither a register that is known nor a YAML file.", name=clip(name)), hint)


def recognised(headings: Sequence[str], kind: str = "firms") -> tuple[str, Profile] | None:
    """Return the profile whose telling headings are all there, the most telling one; None if there is none.

    Examples
    --------
    >>> from clustersim.scenario.registers.profiles.profiles import recognised
    >>> recognised(["id", "clee", "nom_estab", "codigo_act", "per_ocu"])[0]
    'denue'
    """
    there = {plain(heading) for heading in headings}
    fitting = [(name, one) for name, one in shipped().items() if one.kind == kind and one.telling() <= there]
    return max(fitting, key=lambda item: len(item[1].telling()), default=None)


def widened(columns: dict[str, Column], kind: str = "firms") -> dict[str, Column]:
    """Return columns with the headings of all profiles among their names, so that a file of theirs is seen to be a table."""
    names = {name: list(column.names) for name, column in columns.items()}
    for profile in shipped().values():
        for word, column in profile.meanings().items() if profile.kind == kind else ():
            if column in names and word not in names[column]:
                names[column].append(word)
    return {name: Column(column.kind, column.label, tuple(names[name])) for name, column in columns.items()}


def _read(path: Path) -> Profile:
    label = str(path)
    document = read_file(path, label)
    if document.problems:
        raise document.problems[0]
    try:
        profile = Profile.model_validate(document.data)
    except ValidationError as error:
        # A misspelt key goes before what it leaves missing.
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        key = tuple(part for part in first["loc"])
        message = {
            "missing": _("is missing."),
            "extra_forbidden": _("is not a key of a profile."),
        }.get(first["type"], _("found {found!r}; it cannot be that.", found=clip(str(first["input"]))))
        hint = did_you_mean(str(key[-1]), Profile.model_fields) if first["type"] == "extra_forbidden" else ""
        hint = hint or _("A profile has: {names}.", names=", ".join(Profile.model_fields))
        raise InputError(label, format_key(key), message, hint, document.mark(key).line) from None
    for heading, column in profile.headings.items():
        if column and column not in COLUMNS:
            message = _("{name!r} is not a column that is known here.", name=clip(column))
            raise InputError(label, f"headings.{clip(heading)}", message, did_you_mean(column, COLUMNS, listed(COLUMNS)))
    for column in profile.codes:
        if column not in COLUMNS:
            message = _("{name!r} is not a column that is known here.", name=clip(column))
            raise InputError(label, "codes", message, did_you_mean(column, COLUMNS, listed(COLUMNS)))
    if profile.country is not None and profile.country not in COUNTRIES:
        message = _("found {found!r}; it cannot be that.", found=clip(profile.country))
        raise InputError(label, "country", message, listed(COUNTRIES))
    return profile
