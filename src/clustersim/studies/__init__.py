"""Questions asked of many runs: comparisons of programmes, choices of activity, validation."""
