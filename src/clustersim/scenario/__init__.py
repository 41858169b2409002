"""From files to a checked scenario: YAML, registers of firms, tables of ties."""

from clustersim.scenario import changing as changing  # gives `Scenario.with_` what it does
