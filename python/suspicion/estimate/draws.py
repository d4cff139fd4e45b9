"""Parameters drawn from how uncertain they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .fit import Fit

MOST_TRIES = 1000
"""A draw that no law can have is drawn again, at most so often."""


def drawn_parameters(fit: Fit, count: int, rng: np.random.Generator) -> list[list[float]]:
    """Return parameters: normal in their coordinates, and by their pivots where they lie on an edge."""
    core = fit._core
    values = np.array(core.parameters())
    logarithmic, pinned = np.array(core.logarithmic()), np.array(core.pinned())
    middle = np.where(logarithmic, np.log(np.where(logarithmic, values, 1.0)), values)
    covariance = np.array(core.covariance_of_coordinates())
    covariance[pinned] = covariance[:, pinned] = 0.0
    vectors, roots = _square_root(covariance)
    found: list[list[float]] = []
    for _ in range(count):
        for _ in range(MOST_TRIES):
            at = middle + vectors @ (roots * rng.standard_normal(len(middle)))
            drawn = np.where(logarithmic, np.exp(np.where(logarithmic, at, 0.0)), at)
            if pinned.any():
                drawn = _beyond_edges(fit, drawn, pinned, rng)
            try:
                fit._law(drawn.tolist())
            except ValueError:
                continue
            found.append(drawn.tolist())
            break
        else:
            raise ValueError(f"fit = {fit!r}, expected one whose parameters can be drawn")
    return found


def _square_root(covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values, vectors = np.linalg.eigh(covariance)
    return vectors, np.sqrt(np.maximum(values, 0.0))


def _beyond_edges(
    fit: Fit, drawn: np.ndarray, pinned: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return parameters of which those on an edge are moved past the outermost sample."""
    samples = fit.observations.samples
    if fit.family == "Pareto":
        excess = rng.exponential() / (drawn[1] * len(fit.observations))
        return np.array([drawn[0] * np.exp(-excess), drawn[1]])
    width = float(samples.max() - samples.min())
    reach = width * np.expm1(rng.exponential(size=2) / max(len(samples) - 1, 1))
    low, high = drawn
    return np.array([max(low - reach[0], 0.0), high + reach[1] if pinned[1] else high])
