"""Attacks on what clustersim promises: kills, full disks, many writers, flipped bits, nonsense, clusters that fall apart.

``python -m tests.campaign`` runs them, from the top of the repository; ``make campaign`` does the same. Each case has a number
and is made from it alone, so that ``python -m tests.campaign kills-run --case 17`` does again what went wrong. What was found
stands in docs/reliability.md.
"""
