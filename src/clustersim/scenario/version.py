"""The version of the format in which scenario and experiment files are written: the key `version`, the current one if not given.

A file of an older format is brought to the current one while it is read, with a warning that says what changed; one of a newer
format is refused, for it may say what this version does not know. The key is about the file: no number depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from clustersim.core.errors import InputError, caution
from clustersim.core.version import __version__
from clustersim.core.words import N_, _
from clustersim.scenario.yaml_reader import Document

CURRENT = 1
MEANING = N_("Version of the format of this file; the current one if not given. No number depends on it.")


class OlderFormat(UserWarning):
    """A file was written in an older format, and was read all the same."""


class Change(NamedTuple):
    """What the format after an older one changed: said to the reader, and done to the values of a file, in place."""

    said: str
    bring: Callable[[dict[str, Any]], object]


# By the older format. A change of format raises CURRENT, and puts here what brings a file of the format before to it.
SCENARIO: Mapping[int, Change] = {}
EXPERIMENT: Mapping[int, Change] = {}


def bring_up(document: Document, changes: Mapping[int, Change], current: int = CURRENT) -> None:
    """Bring a file that was just read to the current format, in place.

    Parameters
    ----------
    document : Document
        A single file, before it is laid over another one.
    changes : mapping
        `SCENARIO` or `EXPERIMENT`.
    current : int, optional
        The format to bring it to.

    Raises
    ------
    InputError
        If the file is of a newer format.

    Warns
    -----
    OlderFormat
        With what changed, if the file is of an older one.
    """
    found = document.data.get("version", current)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        return  # said with all other faults
    mark = document.mark(("version",))
    if found > current:
        message = _("the file is of format {found}, which takes a newer clustersim than {version}: this one reads formats up to "
                    "{current}.", found=found, version=__version__, current=current)  # fmt: skip
        raise InputError(mark.file, "version", message, _("To update: {command}", command="pip install --upgrade clustersim"),
                         mark.line)  # fmt: skip
    while found < current:
        said, bring = changes[found]
        bring(document.data)
        found += 1
        document.data["version"] = found
        text = _("{file} is of an older format and was read as one of format {version}: {said}", file=mark.file, version=found,
                 said=_(said))  # fmt: skip
        caution(text, OlderFormat, stacklevel=2)
