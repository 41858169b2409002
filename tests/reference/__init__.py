"""The oracle: a slow, plain model of the same rules, written from docs/odd.md alone; see `reference.model`."""
