"""Rules that come along, one file each: how a programme learns from gaps, from other clusters, or from what it moved."""

from __future__ import annotations

from clustersim.policy.rule import Rule
from clustersim.policy.rules.gap_driven import GapDriven
from clustersim.policy.rules.staged_experiment import StagedExperiment
from clustersim.policy.rules.stop_or_scale import StopOrScale

RULES: dict[str, type[Rule]] = {
    str(rule.model_fields["use"].default): rule for rule in (GapDriven, StagedExperiment, StopOrScale)
}

__all__ = ["RULES", "GapDriven", "StagedExperiment", "StopOrScale"]
