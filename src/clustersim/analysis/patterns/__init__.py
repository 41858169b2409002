"""The patterns of `docs/odd.md` that must emerge, by family."""

from clustersim.analysis.patterns import economy, policy, takeoff

PATTERNS = tuple(sorted((*takeoff.PATTERNS, *policy.PATTERNS, *economy.PATTERNS), key=lambda pattern: pattern.id))
