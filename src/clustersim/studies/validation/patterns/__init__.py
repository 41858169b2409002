"""The patterns of `docs/odd.md` that must emerge, by family."""

from clustersim.studies.validation.patterns import anchors, economy, policy, takeoff

PATTERNS = tuple(
    sorted((*takeoff.PATTERNS, *policy.PATTERNS, *economy.PATTERNS, *anchors.PATTERNS), key=lambda pattern: pattern.id)
)
