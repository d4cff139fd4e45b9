"""A law of each family that is fitted, with parameters to be found."""

from __future__ import annotations

import suspicion as sus

TRUTH = {
    "Exponential": sus.Exponential(mean=2.0),
    "LogNormal": sus.LogNormal(median=0.5, sigma=0.9),
    "Gamma": sus.Gamma(shape=2.5, scale=0.4),
    "Weibull": sus.Weibull(scale=1.2, shape=0.8),
    "GeneralizedPareto": sus.GeneralizedPareto(scale=0.5, shape=0.3),
    "Pareto": sus.Pareto(minimum=0.5, tail_index=2.5),
    "TruncatedNormal": sus.TruncatedNormal(mean=1.0, std=0.7),
}
