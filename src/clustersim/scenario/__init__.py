"""From files to a checked scenario: YAML, registers of firms, tables of ties."""
