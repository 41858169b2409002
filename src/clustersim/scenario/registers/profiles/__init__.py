"""Public registers as data: one YAML file for each, with its headings, codes and habits."""
