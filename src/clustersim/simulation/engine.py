"""`Simulation`: the one engine behind the command line, the Mesa model and the sweeps."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.machine import processors
from clustersim.core.words import N_, _
from clustersim.model import quarter as kernels
from clustersim.model.indicators import INDICATORS, by_name
from clustersim.model.mechanisms.nation import YEAR, publish
from clustersim.model.state import Record
from clustersim.policy.plugins.choosing import RECORDED
from clustersim.policy.programme import Programme
from clustersim.scenario.changing import scenario_of
from clustersim.scenario.model import Scenario
from clustersim.scenario.plain import plain
from clustersim.simulation import checkpoint
from clustersim.simulation.changing import Change, changed, shock_list, under, written
from clustersim.simulation.initial import State, build, make_room
from clustersim.simulation.ruling import Ruling
from clustersim.simulation.showing import shown

SET_AT_START = {
    "scenario": N_("change(...) changes what can change in mid-run, and branch(...) goes on under another programme"),
    "seed": N_("make another simulation for another seed"),
    "replicates": N_("make another simulation for other replicates"),
    "workers": N_("make another simulation for another number of threads"),
}


class _AtStart:
    """An attribute that a simulation has from its start."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, simulation: Any, owner: type | None = None) -> Any:
        return self if simulation is None else simulation.__dict__["_" + self.name]

    def __set__(self, simulation: Any, value: Any) -> None:
        message = _("cannot be set: {way}", way=_(SET_AT_START[self.name]))
        raise InputError("", self.name, message)


@cache
def _threads(workers: int, process: int) -> ThreadPoolExecutor:
    """Return this process's pool; a forked child gets its own, since threads do not survive a fork."""
    return ThreadPoolExecutor(workers, thread_name_prefix=f"clustersim-{process}")


class Simulation:
    """One or many replicates of a scenario, advanced together, quarter by quarter.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, the name of a shipped one, or a file.
    seed : int, optional
        Seed; the scenario's if not given.
    replicates : iterable of int
        Numbers of the replicates; each is the same whichever others run beside it.
    workers : int, optional
        Threads; the processors of this machine if not given. Results do not depend on it.

    Attributes
    ----------
    scenario : Scenario
        As it is now, changes included.
    changes : list of dict
        What was changed while it ran: quarter, key, and the values before and from then on. ``simulate(changes=...)`` does the
        same again.
    state : State
        All arrays, to be read only; see `clustersim.model.state` for their meaning and units.

    Raises
    ------
    InputError
        If an argument is impossible.

    Examples
    --------
    >>> from clustersim import Simulation
    >>> simulation = Simulation("organic", seed=1)
    >>> record = simulation.advance(4)
    >>> simulation.change({"parameters.trust.gain": 0.1})
    >>> simulation.quarter, simulation.changes[0]["before"], simulation.changes[0]["now"]
    (4, 0.06, 0.1)
    """

    scenario, seed, replicates, workers = _AtStart(), _AtStart(), _AtStart(), _AtStart()

    def __init__(
        self,
        scenario: Scenario | str | os.PathLike[str],
        seed: int | None = None,
        replicates: Iterable[int] = (0,),
        workers: int | None = None,
    ) -> None:
        found = scenario_of(scenario)
        self._start(found, found.seed if seed is None else arguments.seed(seed), arguments.numbers(replicates),
                    arguments.workers(workers))  # fmt: skip

    @classmethod
    def taken(cls, scenario: Scenario, seed: int, replicates: Iterable[int], workers: int | None = None) -> Simulation:
        """Return a simulation of a scenario as it is: one that was checked before, or goes beyond ranges on purpose.

        A laboratory switches mechanisms off by values that no place has, which the constructor refuses.

        Examples
        --------
        >>> from clustersim import Simulation, load_scenario
        >>> scenario = load_scenario("organic")
        >>> Simulation.taken(scenario, 1, [0]).quarter
        0
        """
        simulation = cls.__new__(cls)
        simulation._start(scenario, seed, list(replicates), workers)
        return simulation

    def _start(self, scenario: Scenario, seed: int, replicates: list[int], workers: int | None) -> None:
        self._scenario = self._first = scenario.expanded()
        self._seed, self._replicates, self._workers = seed, replicates, workers or processors()
        self._state: State = build(self._scenario, seed, replicates)
        self._begin()

    def _begin(self, changes: Iterable[Change] = ()) -> None:
        self._changes = list(changes)
        self._ruling = self._made_ruling()
        self._shown: tuple[State, State] | None = None

    def _made_ruling(self) -> Ruling | None:
        programme = self._scenario.programme
        if programme is None or programme.rule is None:
            return None
        return Ruling(programme.rule, programme, [spec.name for spec in self._scenario.place.clusters])

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_shown": None}  # its arrays would be copies, not views

    @property
    def state(self) -> State:
        """All arrays as they are now, to be read only."""
        if self._shown is None or self._shown[0] is not self._state:
            self._shown = self._state, shown(self._state)
        return self._shown[1]

    @state.setter
    def state(self, value: Any) -> None:
        raise InputError("", "state", _("cannot be set: {way}", way=_(SET_AT_START["scenario"])))

    @property
    def changes(self) -> list[Change]:
        """What was changed since the start."""
        return copy.deepcopy(self._changes)

    @property
    def quarter(self) -> int:
        """Quarters done since the start."""
        return int(self._state.worlds.quarter[0])

    def advance(self, quarters: int = 1) -> Record:
        """Advance all replicates by `quarters` quarters.

        Returns
        -------
        Record
            ``indicators``: array (quarter, world and cluster, indicator); ``spending``: array (quarter, programme row,
            public or private) in kUSD.

        Raises
        ------
        RuleFault
            If the programme has a rule of the user's that fails; the simulation cannot go on then.
        """
        quarters = arguments.whole(quarters, "quarters", 0, arguments.QUARTERS_MAX)
        s = self._state
        out = Record(np.zeros((quarters, len(s.clusters), len(INDICATORS))), np.zeros((quarters, len(s.plan.rows), 2)))
        nation = len(s.clusters) > len(s.worlds)
        done = 0
        while done < quarters:
            step = min(quarters - done, YEAR - self.quarter % YEAR) if nation else quarters - done
            if self._ruling is not None:
                self._ruling.decide(self._state)
                step = min(step, self._ruling.left(self.quarter))
            self._advance(step, Record(*(part[done : done + step] for part in out)))
            done += step
            if self._ruling is not None:
                self._ruling.note(out.indicators[done - 1])
            if nation and self.quarter % YEAR == 0:
                publish(self._state.clusters, self._state.worlds)
        return out

    def _advance(self, quarters: int, out: Record) -> None:
        """Advance all clusters along the path of their worlds, which nothing in them changes meanwhile."""
        s = self._state
        path = np.zeros((len(s.worlds), quarters), s.worlds.dtype).view(np.recarray)
        kernels.foresee(s.worlds, s.plan.shocks, s.parameters, path)
        done, named = np.zeros(len(s.clusters), np.int64), out._replace(indicators=by_name(out.indicators))
        while (done < quarters).any():
            s = self._state
            arrays = (s.actors, s.ties, s.meetings, s.clusters, path, s.plan, s.parameters, named, done)
            self._share(len(s.clusters), partial(kernels.advance, *arrays))
            if (done < quarters).any():
                self._state = make_room(s)

    def _share(self, units: int, work: Callable[[int, int], None]) -> None:
        """Call ``work(first, last)`` on parts of ``range(units)``, side by side in `workers` threads."""
        workers = min(self.workers, units)
        if workers == 1:
            work(0, units)
            return
        edges = np.linspace(0, units, min(units, 2 * workers) + 1).astype(int).tolist()
        pool = _threads(workers, os.getpid())
        for part in [pool.submit(work, first, last) for first, last in pairwise(edges)]:
            part.result()

    def run(self, quarters: int | None = None, progress: Callable[[int], None] | None = None, chunk: int = 8) -> Record:
        """Advance to the scenario's horizon (or by `quarters`), calling ``progress(done)`` after each chunk."""
        left = max(0, self.scenario.quarters - self.quarter)
        total = left if quarters is None else arguments.whole(quarters, "quarters", 0, arguments.QUARTERS_MAX)
        chunk = arguments.whole(chunk, "chunk", 1, arguments.QUARTERS_MAX)
        told = None if progress is None else arguments.called(progress, "progress")
        parts = [self.advance(0)]
        done = 0
        while done < total:
            parts.append(self.advance(min(chunk, total - done)))
            done += parts[-1].indicators.shape[0]
            if told is not None:
                told(done)
        return Record(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))

    def change(self, overrides: Mapping[str, Any]) -> None:
        """Change the world, or policy, from the coming quarter on; checked as in a scenario, and noted in `changes`.

        Parameters
        ----------
        overrides : mapping
            Values by dotted key: parameters (``parameters.trust.gain``), what the programme pays
            (``programme.stages.NAME.instruments.USE.per_year``, ``programme.budget.per_year``), shocks to come
            (``environment.shocks``), how public bodies act (``institutions.government.coordination``), or ``programme`` as a
            whole, None for none from now on.

        Raises
        ------
        InputError
            If a value is not possible, or the start has used up what the key names; nothing is changed then.
        """
        scenario, found = changed(self._scenario, overrides, self.quarter)
        now = checkpoint.copied(self._state)
        about = (scenario, self._first, self._seed, self._replicates)
        if "programme" in overrides:
            now = under(now, *about, self.quarter)
        self._state = written(now, *about)
        self._scenario = scenario
        self._changes += found
        if "programme" in overrides:
            last = None if self._ruling is None else self._ruling.last
            self._ruling = self._made_ruling()
            if self._ruling is not None and last is not None:
                self._ruling.note(last)

    def shock(self, kind: str, size: float, years: float = 0.0) -> None:
        """Let a shock begin in the coming quarter.

        Parameters
        ----------
        kind : {"demand", "technology", "competitor", "political", "tractor_exit"}
            What happens.
        size : float
            How much; see `clustersim.scenario.model.Shock`.
        years : float, optional
            How long; 0 for good.

        Raises
        ------
        InputError
            If it is not possible.
        """
        self.change({"environment.shocks": shock_list(self._scenario, kind, size, years, self.quarter)})

    def branch(
        self, programme: Programme | Scenario | str | os.PathLike[str] | None = None, changes: Mapping[str, Any] | None = None
    ) -> Simulation:
        """Return a copy that goes on by itself, with the same random draws.

        Parameters
        ----------
        programme : Programme, Scenario, str or Path, optional
            The programme under which the copy goes on: one by itself, or that of a scenario, which may have none. It is
            announced now, or later if it says so. The copy keeps the programme if not given.
        changes : mapping, optional
            Further changes of the copy; see `change`.

        Returns
        -------
        Simulation

        Raises
        ------
        InputError
            If the programme does not fit the place, or a change is not possible.

        Examples
        --------
        >>> from clustersim import Simulation
        >>> base = Simulation("no_policy", seed=1)
        >>> record = base.advance(8)
        >>> helped = base.branch("designed")
        >>> helped.quarter, helped.scenario.programme is None, base.scenario.programme is None
        (8, False, True)
        """
        twin = Simulation.__new__(type(self))
        twin._scenario, twin._first, twin._seed = self._scenario, self._first, self._seed
        twin._replicates, twin._workers = list(self._replicates), self._workers
        twin._state = checkpoint.copied(self._state)
        twin._begin(self.changes)
        if twin._ruling is not None and self._ruling is not None:
            twin._ruling.remember(self._ruling.last, self._ruling.baselines())
        found: dict[str, Any] = {}
        if programme is not None:
            other = programme if isinstance(programme, Programme) else scenario_of(programme).programme
            found["programme"] = plain(other, "programme", "programme")
        if changes is not None and not isinstance(changes, Mapping):
            raise arguments.refused("changes", changes, _("a mapping of dotted key to value"))
        if found or changes:
            twin.change({**found, **(changes or {})})
        return twin

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the simulation into a file, from which `load` goes on with the same numbers as if it had never stopped.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        said = {"scenario": self._scenario.model_dump(mode="json"), "first": self._first.model_dump(mode="json"),
                "seed": self._seed, "replicates": self._replicates, "changes": self._changes,
                "rule": {} if self._ruling is None else self._ruling.baselines()}  # fmt: skip
        last = None if self._ruling is None else self._ruling.last
        return checkpoint.save(arguments.place(path, "path"), said, self._state, last)

    @classmethod
    def load(cls, path: str | os.PathLike[str], workers: int | None = None) -> Simulation:
        """Return a simulation that `save` wrote.

        Parameters
        ----------
        path : str or Path
            The file.
        workers : int, optional
            Threads; the processors of this machine if not given. Results do not depend on it.

        Raises
        ------
        InputError
            If the file is damaged, or was written by another model, under which its numbers would not go on as they began.
        """
        workers, path = arguments.workers(workers) or processors(), arguments.place(path, "path")
        said, state, last = checkpoint.load(path)
        found = cls.__new__(cls)
        try:
            found._scenario, found._first = (Scenario.model_validate(said[k], context=RECORDED) for k in ("scenario", "first"))
            found._seed, found._replicates, found._workers = said["seed"], said["replicates"], workers
            found._state = state
            found._begin(said["changes"])
            if found._ruling is not None:
                found._ruling.remember(last, said["rule"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise InputError(str(path), "", _("is damaged, or is no saved simulation")) from None
        return found
