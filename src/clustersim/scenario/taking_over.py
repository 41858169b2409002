"""A programme taken over as text: the lines of one scenario file, remarks included, in the place of those of another."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pydantic import ValidationError

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.policy.programme import Programme
from clustersim.scenario.loading import load_scenario, shipped_scenarios
from clustersim.scenario.yaml_reader import read_text

EXAMPLE = "pipso_twelve_steps"


def with_programme_of(scenario: str, text: str, names: Collection[str]) -> str:
    """Return a scenario's text with the programme of another, and what that one says of its sources.

    Parameters
    ----------
    scenario : str
        The other scenario: a shipped one by name, or a path.
    text : str
        Text of a scenario file with a programme of its own.
    names : collection of str
        Clusters and segments of its place.

    Raises
    ------
    InputError
        If the other one has no programme in its own file, or one that names clusters or segments which are not there.

    Examples
    --------
    >>> text = "title: Mine\\nprogramme: null\\nsources:\\n  programme: assumed\\n"
    >>> taken = with_programme_of("oecd_sequence", text, ())
    >>> "name: joint_projects" in taken, "programme: assumed" in taken
    (True, False)
    """
    programme, lines = load_scenario(scenario).programme, _lines(scenario)
    if programme is None or not _stands_in(lines, programme):
        said = _("cannot be taken over: a programme must stand whole in the file of the scenario")
        raise InputError(scenario, "programme", said, _("Such as {example}.", example=EXAMPLE))
    if strange := [name for name in _named(programme) if name not in names]:
        said = _("cannot be taken over: it names {name!r}, which the new place does not have", name=strange[0])
        raise InputError(scenario, "programme", said, _("Such as {example}.", example=EXAMPLE))
    mine = text.splitlines()
    for old, new in ((_block(mine, "programme"), _block(lines, "programme")), (_sources(mine), _sources(lines))):
        at = mine.index(old[0])
        mine[at : at + len(old)] = new
    return "\n".join(mine) + "\n"


def _stands_in(lines: list[str], programme: Programme) -> bool:
    """Whether a file alone says all of a programme that may come from several which extend one another."""
    own = _block(lines, "programme")
    try:
        return bool(own) and Programme.model_validate(read_text("\n".join(own), "").data["programme"]) == programme
    except ValidationError:
        return False


def _lines(scenario: str) -> list[str]:
    return (shipped_scenarios().get(scenario) or Path(scenario)).read_text(encoding="utf-8").splitlines()


def _named(programme: Programme) -> list[str]:
    """Return the clusters and segments that a programme names."""
    of_instruments = [name for _stage, one in programme.instruments() for name in (*(one.clusters or ()), *(one.segments or ()))]
    rounds = programme.selection.rounds if programme.selection else ()
    winners = [name for one in rounds if not isinstance(one.clusters, int) for name in one.clusters]
    return [*(programme.clusters or ()), *programme.scale, *winners, *of_instruments]


def _block(lines: list[str], key: str) -> list[str]:
    """Return the lines of a key at the top of a file, up to the next one."""
    first = next((k for k, line in enumerate(lines) if line.startswith(f"{key}:")), len(lines))
    last = next((k for k, line in enumerate(lines[first + 1 :], first + 1) if line and line[0] not in " #"), len(lines))
    return lines[first:last]


def _sources(lines: list[str]) -> list[str]:
    """Return the lines on the sources of a programme, those that go on in a further line included; they stand together."""
    found, taken, block = [], False, _block(lines, "sources")[1:]
    margin = min((len(line) - len(line.lstrip()) for line in block if line.strip() and line.lstrip()[0] != "#"), default=0)
    for line in block:
        if line.strip() and not line.startswith(" " * (margin + 1)):
            taken = line.lstrip(" '\"").startswith("programme")
        if taken:
            found.append(f"  {line[margin:]}".rstrip())
    return found
