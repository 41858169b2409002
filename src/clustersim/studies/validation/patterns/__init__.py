"""The patterns of `docs/odd.md` that must emerge, by family."""

from clustersim.studies.validation.patterns import anchors, economy, life_cycle, networks, policy, takeoff

PATTERNS = tuple(
    sorted(
        (*takeoff.PATTERNS, *policy.PATTERNS, *economy.PATTERNS, *anchors.PATTERNS, *life_cycle.PATTERNS, *networks.PATTERNS),
        key=lambda pattern: pattern.id,
    )
)
