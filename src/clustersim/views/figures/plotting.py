"""`result.plot(kind)`: the figure of any result, by the name that its files have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.words import _, speaking
from clustersim.experiments.reading import SweepResult
from clustersim.results import RunResult
from clustersim.scenario.keys import did_you_mean, listed
from clustersim.studies.comparison import Comparison
from clustersim.studies.evidence import Evidence
from clustersim.studies.selection.ranking import Ranking
from clustersim.studies.synergy import Interactions
from clustersim.views.figures import BY_CLUSTER, WHOLE, FigureData, draw_maps, simulate_again, sweeps
from clustersim.views.figures.evidence import evidence
from clustersim.views.figures.interactions import interactions
from clustersim.views.figures.selection import selection

MAP = "map_and_network"


def plot(result: Any, kind: str | None = None, language: str | None = None) -> Figure:
    """Return a figure of a run, a comparison, a sweep, a ranking or facts; see `clustersim.results.presenting.Presented.plot`."""
    with speaking(language):
        if isinstance(result, RunResult):
            return _of_run(result, kind)
        if isinstance(result, Comparison):
            return _of_comparison(result, kind)
        if isinstance(result, SweepResult):
            return _of_sweep(result, kind)
        if isinstance(result, Interactions):
            return _of_interactions(result, kind)
        if isinstance(result, Ranking):
            _chosen(kind, ["selection"])
            return selection(result, _("{n} candidates", n=len(result.order)))
        if isinstance(result, Evidence):
            _chosen(kind, ["evidence"])
            return evidence(result)
    raise TypeError(f"no figure of a {type(result).__name__}")


def _chosen(kind: str | None, kinds: Sequence[str]) -> str:
    """Return which of these kinds is asked for, the first if none is."""
    if kind is None:
        return kinds[0]
    if not isinstance(kind, str) or kind not in kinds:
        said = _("{kind} is not a figure of this result", kind=arguments.said(kind))
        hint = f"{did_you_mean(kind, kinds) if isinstance(kind, str) else ''} {listed(kinds, 2000)}".strip()
        raise InputError("plot", "kind", said, hint)
    return kind


def _of_run(result: RunResult, kind: str | None) -> Figure:
    """Return a figure of a run; one that shows a single cluster may name it: ``knowledge:valley``."""
    data = FigureData(result)
    whole, single = ({figure.__name__: figure for figure in group} for group in (WHOLE, BY_CLUSTER))
    kinds = [*whole]
    for name in (*single, MAP):
        kinds += [name, *(f"{name}:{cluster}" for cluster in data.shown if len(data.clusters) > 1)]
    name, _colon, cluster = _chosen(kind, kinds).partition(":")
    cluster = cluster or data.shown[0]
    if name == MAP:
        return draw_maps(data, simulate_again(result))[cluster]
    return whole[name](data) if name in whole else single[name](data, cluster)


def _of_comparison(result: Comparison, kind: str | None) -> Figure:
    from clustersim.views.report.drawing import Drawing
    from clustersim.views.report.figures import FIGURES, drawn

    return FIGURES[_chosen(kind, drawn(result))](Drawing(result))


def _of_sweep(result: SweepResult, kind: str | None) -> Figure:
    """Return all outputs of a sweep (the first eight), or the one that is named."""
    if not result.done:
        raise InputError(str(result.folder), "", _("has no finished runs to draw"))
    outputs = sweeps.drawable(result)
    if not outputs:
        raise InputError("plot", "kind", _("the sweep keeps no output that is a number over time"))
    name = _chosen(kind, ["outputs", *outputs])
    return sweeps.sweep_lines(result, outputs[: sweeps.PANELS] if name == "outputs" else [name])


def _of_interactions(found: Interactions, kind: str | None) -> Figure:
    """Return the matrix of pairs of the first four outcomes, or of the one that is named."""
    drawn = [name for name in found.outcomes if any(found.pairs(name, scenario) for scenario in found.designs)]
    if not drawn:
        raise InputError("plot", "kind", found.why_none or _("there are no pairs to draw"))
    name = _chosen(kind, ["interactions", *drawn])
    return interactions(found, () if name == "interactions" else [name])
