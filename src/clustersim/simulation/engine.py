"""`Simulation`: the one engine behind the command line, the Mesa model and the sweeps."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import pairwise

import numpy as np

from clustersim.core.machine import processors
from clustersim.model import quarter as kernels
from clustersim.model.indicators import INDICATORS, by_name
from clustersim.model.mechanisms.nation import YEAR, publish
from clustersim.model.state import Record
from clustersim.scenario.model import Scenario
from clustersim.simulation.initial import State, build, make_room
from clustersim.simulation.ruling import Ruling


@cache
def _threads(workers: int, process: int) -> ThreadPoolExecutor:
    """Return this process's pool; a forked child gets its own, since threads do not survive a fork."""
    return ThreadPoolExecutor(workers, thread_name_prefix=f"clustersim-{process}")


class Simulation:
    """One or many replicates of a scenario, advanced together, quarter by quarter.

    Parameters
    ----------
    scenario : Scenario
        A checked scenario.
    seed : int, optional
        Seed; the scenario's if not given.
    replicates : iterable of int
        Numbers of the replicates; each is the same whichever others run beside it.
    workers : int, optional
        Threads; the processors of this machine if not given. Results do not depend on it.

    Attributes
    ----------
    state : State
        All arrays; see `clustersim.model.state` for their meaning and units.

    Examples
    --------
    >>> from clustersim import Simulation, load_scenario
    >>> simulation = Simulation(load_scenario("organic"), seed=1, replicates=range(3))
    >>> record = simulation.advance(4)
    >>> record.indicators.shape[:2]
    (4, 3)
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int | None = None,
        replicates: Iterable[int] = (0,),
        workers: int | None = None,
    ) -> None:
        self.scenario = scenario = scenario.expanded()
        self.seed = scenario.seed if seed is None else seed
        self.replicates = list(replicates)
        self.workers = workers or processors()
        self.state: State = build(scenario, self.seed, self.replicates)
        self._ruling: Ruling | None = None
        if scenario.programme is not None and scenario.programme.rule is not None:
            names = [spec.name for spec in scenario.place.clusters]
            self._ruling = Ruling(scenario.programme.rule, scenario.programme, names)

    @property
    def quarter(self) -> int:
        """Quarters done since the start."""
        return int(self.state.worlds.quarter[0])

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
        s = self.state
        out = Record(np.zeros((quarters, len(s.clusters), len(INDICATORS))), np.zeros((quarters, len(s.plan.rows), 2)))
        nation = len(s.clusters) > len(s.worlds)
        done = 0
        while done < quarters:
            step = min(quarters - done, YEAR - self.quarter % YEAR) if nation else quarters - done
            if self._ruling is not None:
                self._ruling.decide(self.state)
                step = min(step, self._ruling.left(self.quarter))
            self._advance(step, Record(*(part[done : done + step] for part in out)))
            done += step
            if self._ruling is not None:
                self._ruling.note(out.indicators[done - 1])
            if nation and self.quarter % YEAR == 0:
                publish(self.state.clusters, self.state.worlds)
        return out

    def _advance(self, quarters: int, out: Record) -> None:
        """Advance all clusters along the path of their worlds, which nothing in them changes meanwhile."""
        s = self.state
        path = np.zeros((len(s.worlds), quarters), s.worlds.dtype).view(np.recarray)
        kernels.foresee(s.worlds, s.plan.shocks, s.parameters, path)
        done, named = np.zeros(len(s.clusters), np.int64), out._replace(indicators=by_name(out.indicators))
        while (done < quarters).any():
            s = self.state
            arrays = (s.actors, s.ties, s.meetings, s.clusters, path, s.plan, s.parameters, named, done)
            self._share(len(s.clusters), partial(kernels.advance, *arrays))
            if (done < quarters).any():
                self.state = make_room(s)

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
        total = self.scenario.quarters - self.quarter if quarters is None else quarters
        parts: list[Record] = []
        done = 0
        while done < total:
            parts.append(self.advance(min(chunk, total - done)))
            done += parts[-1].indicators.shape[0]
            if progress is not None:
                progress(done)
        return Record(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
