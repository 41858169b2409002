"""Null models: what patterns are scored against. A pattern that one of them passes is no evidence for its mechanism."""

from clustersim.studies.validation.nulls.gibrat import Gibrat
from clustersim.studies.validation.nulls.null import Null
from clustersim.studies.validation.nulls.three_equations import ThreeEquations

NULLS: tuple[type[Null], ...] = (ThreeEquations, Gibrat)
