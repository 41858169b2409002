"""Scenarios: what they may say (`model`), and how they are read (`loading`)."""
