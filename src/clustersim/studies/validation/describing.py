"""What validation finds, as one JSON document: patterns that must emerge, firms and places beside published data, effects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from clustersim.core.code import model_code
from clustersim.core.errors import InputError
from clustersim.core.version import __version__
from clustersim.core.words import _
from clustersim.scenario.keys import did_you_mean

Progress = Callable[[str, str, int, int], object]


def check(ids: Iterable[str], seed: int) -> list[str]:
    """Return the ids of patterns as `check_ids` does; raise `InputError` for one that there is not, or an impossible seed."""
    from clustersim.studies.validation import validation
    from clustersim.studies.validation.patterns import PATTERNS

    wanted = check_ids(ids, sorted([*(pattern.id for pattern in PATTERNS), *validation.MISSING]))
    if not 0 <= seed < 2**63:
        raise InputError("--seed", "", _("{seed} is not possible; allowed: a whole number from 0 to 2**63 - 1", seed=seed))
    return wanted


def check_ids(given: Iterable[str], known: Sequence[str]) -> list[str]:
    """Return the ids in capitals, each once; raise `InputError` for one that there is not."""
    found: list[str] = []
    for text in given:
        id_ = text.strip().upper()
        if id_ not in known:
            number = re.fullmatch(r"P?0*(\d{1,2})", id_.replace("O", "0"))
            near = f"P{int(number[1]):02d}" if number else id_
            hint = did_you_mean(near, known, _("Allowed: {names}.", names=", ".join(known)))
            raise InputError("--pattern", "", _("{text!r} is not a pattern", text=text[:60]), hint)
        if id_ not in found:
            found.append(id_)
    return found


def measure(
    ids: Iterable[str] = (), quick: bool = False, seed: int = 1, compares: bool | None = None, progress: Progress | None = None,
    tells_histories: bool | None = None, tries_instruments: bool | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Measure patterns, each with the mechanism that should bring it about and without; compare firms and places with data.

    Parameters
    ----------
    ids : iterable of str, optional
        Patterns such as "P04"; all if empty.
    quick : bool, optional
        Fewer replicates.
    seed : int, optional
        Seed of all runs.
    compares : bool, optional
        Whether firms are compared with published data as well; only if no pattern is named if not given.
    progress : callable, optional
        Called with id, statement, position from 1 and number of each pattern or item before it is measured.
    tells_histories : bool, optional
        Whether places are compared with published histories of clusters; only if no pattern is named if not given.
    tries_instruments : bool, optional
        Whether each instrument's effect on firms is measured; only if no pattern is named if not given.

    Returns
    -------
    dict
        ``patterns`` with value, interval and verdict of each; ``missing``: why a pattern is not measured; ``plausibility``;
        ``histories``; ``effects``, what `clustersim.studies.validation.effects.measure` returns; ``counted``, what `count`
        returns; ``ok``: whether all that count are shown, and vanish when they must; seed, replicates and version.

    Raises
    ------
    InputError
        If there is no such pattern, or the seed is not possible.
    """
    from clustersim.studies.validation import effects, histories, plausibility, validation
    from clustersim.studies.validation.patterns import PATTERNS

    wanted = check(ids, seed)
    statements = {pattern.id: pattern.statement for pattern in PATTERNS if not wanted or pattern.id in wanted}
    items, tales = (
        {item.id: item.statement for item in study.ITEMS} if _asked(asked, wanted) else {}
        for study, asked in ((plausibility, compares), (histories, tells_histories))
    )
    patterns = validation.validate(list(statements), quick, seed, _told(progress, statements)) if statements else []
    compared = plausibility.compare(quick, seed, _told(progress, items)) if items else []
    told = histories.compare(quick, seed, _told(progress, tales)) if tales else []
    tries = {trial.use: trial.meaning for trial in effects.TRIALS}
    tried = effects.measure(quick, seed, _told(progress, tries)) if _asked(tries_instruments, wanted) else {}
    return {
        "version": __version__, "model_code": model_code(), "seed": seed,
        "replicates": validation.QUICK if quick else validation.FULL, "patterns": patterns,
        "missing": {id_: why for id_, why in validation.MISSING.items() if not wanted or id_ in wanted},
        "plausibility_replicates": plausibility.QUICK if quick else plausibility.FULL, "plausibility": compared,
        "histories_places": histories.QUICK if quick else histories.FULL, "histories": told, "effects": tried,
        "counted": (counted := count(patterns)),
        "ok": 0 < counted["patterns"] == counted["holds"],
    }  # fmt: skip


def _asked(asked: bool | None, wanted: Sequence[str]) -> bool:
    """Return whether a study beside the patterns is to run: as asked for, else where no pattern is named."""
    return not wanted if asked is None else asked


def count(patterns: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return of how many patterns, retired ones left out, what was found.

    ``holds``: shown, and vanishing without the mechanism; of these ``beyond_nulls``, which no null model passes, and ``no_null``,
    where none has such an output.

    Examples
    --------
    >>> found = {"retired": False, "passed": True, "ablation_vanishes": True, "null_passes": False, "evidence": True}
    >>> count([found, found | {"null_passes": True, "evidence": False}, found | {"retired": True}])
    {'patterns': 2, 'shown': 2, 'vanish': 2, 'holds': 2, 'beyond_nulls': 1, 'no_null': 0}
    """
    counted = [found for found in patterns if not found["retired"]]
    holds = [found for found in counted if found["passed"] and found["ablation_vanishes"]]
    return {
        "patterns": len(counted), "shown": sum(found["passed"] for found in counted),
        "vanish": sum(found["ablation_vanishes"] for found in counted), "holds": len(holds),
        "beyond_nulls": sum(found["evidence"] for found in holds),
        "no_null": sum(found["null_passes"] is None for found in holds),
    }  # fmt: skip


def _told(progress: Progress | None, statements: dict[str, str]) -> Callable[[str], None] | None:
    """Return what tells `progress` of each id in turn."""
    if progress is None:
        return None
    ids = list(statements)

    def tell(id_: str) -> None:
        progress(id_, statements[id_], ids.index(id_) + 1, len(ids))

    return tell
