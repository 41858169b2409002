"""From a scenario to numbers: the first state, the engine that advances it, and the Mesa model over the same engine."""
