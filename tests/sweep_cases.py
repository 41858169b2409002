"""Small experiments for the tests of sweeps."""

from __future__ import annotations

from pathlib import Path

from clustersim.experiments.planning import make_plan

TINY = """
title: Tiny
question: Does a small design work?
scenarios: [organic, designed]
set:
  place.clusters.valley.smes: 8
  place.clusters.valley.tractors: 1
levers:
  keys:
    institutions.government.coordination: [0.2, 0.8]
uncertain:
  method: latin_hypercube
  points: 3
  seed: 4
  keys:
    place.clusters.valley.trust: {low: 0.28, high: 0.4}
    parameters.trust.gain:
replicates: 5
seeds: [1, 9]
years: 2
outputs: {indicators: [phase, employment], totals: [public_spending], reached: [creation]}
"""


def experiment(folder: Path, text: str = TINY, name: str = "tiny") -> Path:
    """Write an experiment file; return its path."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def plan(folder: Path, text: str = TINY, name: str = "tiny"):
    """Return the plan of an experiment."""
    return make_plan(experiment(folder, text, name))[0]
