"""Families that can be fitted."""

from __future__ import annotations

from ..arguments import choice
from ..distribution import Distribution

FAMILIES = (
    "Exponential",
    "Uniform",
    "LogNormal",
    "Gamma",
    "Weibull",
    "Pareto",
    "GeneralizedPareto",
    "TruncatedNormal",
)
"""Families that can be fitted."""


def family_of(family: object) -> str:
    """Return the name of a family."""
    if isinstance(family, type) and issubclass(family, Distribution):
        family = family.__name__
    return choice("family", family, FAMILIES)
