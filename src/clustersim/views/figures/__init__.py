"""Figures of a run: one function for each, drawn from its tables, in English or Spanish.

Nothing here changes matplotlib's global state: figures are objects, and settings hold only while they are drawn. Each
function takes `FigureData`, made once from a result, and returns a matplotlib ``Figure``; `draw_all` writes all of them
as PNG and SVG.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from clustersim.core.words import speaking
from clustersim.simulation.engine import Simulation
from clustersim.views.figures import map_and_network as maps
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.firms_and_jobs import firms_and_jobs
from clustersim.views.figures.knowledge import knowledge
from clustersim.views.figures.layout import file_name, save
from clustersim.views.figures.life_cycle import life_cycle
from clustersim.views.figures.money_by_source import money_by_source
from clustersim.views.figures.phase_strip import phase_strip
from clustersim.views.figures.snapshots import Simulate, snapshots
from clustersim.views.figures.trust_and_ties import trust_and_ties

if TYPE_CHECKING:
    from clustersim.results import RunResult

WHOLE: tuple[Callable[..., Figure], ...] = (phase_strip, life_cycle)  # one file, a row or panel for each cluster
BY_CLUSTER: tuple[Callable[..., Figure], ...] = (trust_and_ties, firms_and_jobs, knowledge, money_by_source)
MOST_FIRMS_AGAIN = 200_000  # above, one replicate takes too long to simulate again for its map
map_and_network = maps.map_and_network


def draw_all(result: RunResult, folder: str | Path, lang: str | None = None, simulate: Simulate | None = None) -> list[Path]:
    """Draw all figures of a run and write each as PNG and SVG.

    Parameters
    ----------
    result : RunResult
        A finished run.
    folder : str or Path
        Where to write; made if it does not exist.
    lang : str, optional
        "en" or "es"; the language in force if not given.
    simulate : callable, optional
        Returns a new `Simulation` of the replicate with the given number alone, for map and network; made from the
        result's scenario and seed if not given, but then only if the scenario begins with at most 200,000 firms and the plugins
        of its programme are loaded.

    Returns
    -------
    list of Path
        The files. With several clusters, the name of a figure of one cluster ends in the cluster's; of more than six
        clusters, the first six are drawn.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    data = FigureData(result)
    several = len(data.clusters) > 1
    firms = sum(c.tractors + c.smes for c in result.scenario.place.clusters)
    programme = result.scenario.programme
    again = firms <= MOST_FIRMS_AGAIN and (programme is None or not programme.not_at_hand())
    with speaking(lang):
        paths = [path for figure in WHOLE for path in save(figure(data), folder, file_name(figure.__name__))]
        for cluster in data.shown:
            for figure in BY_CLUSTER:
                paths += save(figure(data, cluster), folder, file_name(figure.__name__, cluster if several else None))
        maps_of = draw_maps(data, simulate or simulate_again(result)) if simulate is not None or again else {}
        for cluster, drawn in maps_of.items():
            paths += save(drawn, folder, file_name("map_and_network", cluster if several else None))
    return paths


def draw_maps(data: FigureData, simulate: Simulate) -> dict[str, Figure]:
    """Draw map and network of each cluster that is shown; the replicate is simulated again once for all of them."""
    replicate = data.typical_replicate()
    when = {cluster: maps.moments(data, cluster, replicate) for cluster in data.shown}
    place = {c.name: k for k, c in enumerate(data.result.scenario.place.clusters)}
    asked = [(m.quarter, place[cluster]) for cluster, found in when.items() for m in found]
    taken = snapshots(simulate, replicate, asked, data.result.changes)
    return {
        cluster: maps.draw(data, cluster, replicate, found, [taken[m.quarter, place[cluster]] for m in found])
        for cluster, found in when.items()
    }


def simulate_again(result: RunResult) -> Simulate:
    """Return what simulates a single replicate of a result again."""
    return lambda replicate: Simulation(result.scenario, result.seed, [replicate])


__all__ = [
    "FigureData",
    "draw_all",
    "phase_strip",
    "life_cycle",
    "trust_and_ties",
    "firms_and_jobs",
    "knowledge",
    "money_by_source",
    "map_and_network",
    "snapshots",
    "simulate_again",
]
