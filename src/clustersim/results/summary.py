"""What a run came to, in a few numbers with bands: phases over time, milestones, key indicators at start and end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.core.words import said_in
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import CREATION, DECLINE, DEVELOPMENT, MATURITY, MUSEUM, PHASES, RENAISSANCE, TRANSFORMATION
from clustersim.results.phases import PhaseShares
from clustersim.results.tables import cluster_names

if TYPE_CHECKING:
    from clustersim.results import RunResult

KEY_INDICATORS = (
    "firms", "employment", "location_quotient", "sales", "productivity", "export_share", "trust", "linked_share",
    "external_ties", "vision", "members", "frontier_gap", "innovations",
)  # fmt: skip
MONEY = ("public_spending", "private_cofinance")
# A milestone is reached in the phase itself and in those that can only follow it.
MILESTONES = {
    "creation": (CREATION, DEVELOPMENT, MATURITY, TRANSFORMATION, DECLINE, MUSEUM, RENAISSANCE),
    "development": (DEVELOPMENT, MATURITY, TRANSFORMATION, DECLINE, MUSEUM, RENAISSANCE),
    "maturity": (MATURITY, TRANSFORMATION),
}
CLUSTERS_MAX = 4  # beyond, all clusters are pooled

Band = dict[str, float | None]


def band(values: np.ndarray) -> Band:
    """Return median, 10th and 90th percentile; None where there is no value."""
    values = values[np.isfinite(values)]
    if not values.size:
        return {"p10": None, "p50": None, "p90": None}
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9))
    return {"p10": float(low), "p50": float(middle), "p90": float(high)}


class Summary:
    """The numbers of one cluster, or of all clusters pooled.

    Parameters
    ----------
    result : RunResult
        A finished run.
    cluster : str, optional
        Name of a cluster; all of them, each cluster of each replicate a case of its own, if not given.
    """

    def __init__(self, result: RunResult, cluster: str | None = None) -> None:
        self.cluster = cluster
        self.result = result
        frame = result.indicators
        if cluster is not None:
            frame = frame[frame["cluster"] == cluster]
        self.quarters = int(frame["quarter"].nunique())
        self.cases = len(frame) // self.quarters
        self._frame = frame.sort_values(["replicate", "cluster", "quarter"])
        self.phases: np.ndarray = self._frame["phase"].cat.codes.to_numpy().reshape(self.cases, self.quarters)
        """Codes of phases (case, quarter)."""

    def values(self, name: str) -> np.ndarray:
        """Return an indicator (case, quarter)."""
        return self._frame[name].to_numpy(dtype=float).reshape(self.cases, self.quarters)

    @property
    def _ends(self) -> np.ndarray:
        """The last quarter of each year, from 0."""
        return np.unique(np.append(np.arange(3, self.quarters, 4), self.quarters - 1))

    @property
    def _dates(self) -> list[float]:
        """When they end."""
        return [self.result.scenario.horizon.start_year + (int(quarter) + 1) / 4.0 for quarter in self._ends]

    def indicators(self) -> list[dict[str, Any]]:
        """Return the key indicators at start and end, and the money spent over the whole run."""
        found = []
        for name in KEY_INDICATORS:
            values, said = self.values(name), INDICATORS[name]
            found.append(_line(name, said.label, said_in("es", said.label), said.unit, band(values[:, 0]), band(values[:, -1])))
        for name in MONEY:
            said = INDICATORS[name]
            total = band(self.values(name).sum(axis=1))
            spanish = f"{said_in('es', said.label)}, total"
            found.append(_line(f"{name}_total", f"{said.label}, total", spanish, "kUSD", None, total))
        return found

    def milestones(self) -> list[dict[str, Any]]:
        """Return the years until each milestone was first reached, over the cases that reached it, and their share."""
        found = []
        for name, codes in MILESTONES.items():
            inside = np.isin(self.phases, codes)
            reached = inside.any(axis=1)
            years = inside.argmax(axis=1)[reached] / 4.0
            found.append({
                "name": name, "years": band(years), "reached": int(reached.sum()), "cases": self.cases,
                "share": float(reached.mean()),
            })  # fmt: skip
        return found

    def shares(self) -> dict[str, Any]:
        """Return the share of cases in each phase at the end of each year."""
        shares = PhaseShares.of(self.phases[:, self._ends]).shares
        return {"year": self._dates} | {name: each.tolist() for name, each in zip(PHASES, shares, strict=True)}

    def most_frequent(self) -> dict[str, Any]:
        """Return the most frequent phase at the end of each year, and the one that is close to it, or None."""
        found, ends = PhaseShares.of(self.phases), self._ends
        close = [PHASES[code] if code >= 0 else None for code in found.close()[ends]]
        return {"year": self._dates, "phase": [PHASES[code] for code in found.most_frequent()[ends]], "close": close}

    def document(self) -> dict[str, Any]:
        """Return all of it as one JSON object."""
        return {
            "cluster": self.cluster,
            "cases": self.cases,
            "phase_shares": self.shares(),
            "most_frequent_phase": self.most_frequent(),
            "milestones": self.milestones(),
            "indicators": self.indicators(),
        }


def _line(name: str, label: str, etiqueta: str, unit: str, start: Band | None, end: Band) -> dict[str, Any]:
    return {"name": name, "label": label, "etiqueta": etiqueta, "unit": unit, "start": start, "end": end}


def summaries(result: RunResult) -> list[Summary]:
    """Return one summary for each cluster, or one of all clusters pooled when there are many."""
    names = cluster_names(result.scenario)
    if len(names) > CLUSTERS_MAX:
        return [Summary(result)]
    return [Summary(result, name) for name in names]


def document(
    result: RunResult, folder: Path | None = None, figures: Sequence[str] = (), seconds: float | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return what a run came to as one JSON object.

    Parameters
    ----------
    result : RunResult
        A finished run.
    folder : Path, optional
        Where it was written; its files are then named.
    figures : sequence of str, optional
        Pictures that were drawn of it.
    seconds : float, optional
        How long all of it took; what the run itself took if not given.

    Returns
    -------
    dict
        Scenario, seed, replicates, horizon, version, files, and under ``clusters`` one summary for each cluster (or one of
        all of them pooled): phase shares and the most frequent phase by year, milestones, key indicators at start and end.

    Examples
    --------
    >>> from clustersim import simulate
    >>> from clustersim.results.summary import document
    >>> found = document(simulate("organic", replicates=2, years=1))
    >>> [milestone["name"] for milestone in found["clusters"][0]["milestones"]]
    ['creation', 'development', 'maturity']
    """
    names = ["run.json", *(f"{name}.parquet" for name in result.tables())] if folder is not None else []
    taken = result.provenance["seconds"] if seconds is None else seconds
    return {
        "scenario": result.name, "title": result.scenario.title, "seed": result.seed,
        "replicates": result.replicates, "quarters": result.scenario.quarters,
        "start_year": result.scenario.horizon.start_year,
        "version": result.provenance["versions"]["clustersim"], "seconds": round(taken, 3),
        "folder": None if folder is None else str(folder), "files": [str(Path(folder or "") / name) for name in names],
        "figures": sorted(figures), "clusters": [summary.document() for summary in summaries(result)],
    }  # fmt: skip
