"""Choosing where to act: criteria, what they measure in a register or a run, and candidates ranked by them."""
