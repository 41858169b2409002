"""Firm registers as people keep them: read in English or Spanish, reported row by row, turned into scenarios."""
