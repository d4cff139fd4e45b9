"""Families side by side, the likeliest first, and whether any of them fits."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import frames
from ..arguments import Duration, level, refuse, seconds
from ..distribution import Distribution
from ..frames import Row, as_html, as_text
from ..units import duration, rounded
from .families import FAMILIES, family_of
from .fit import Fit
from .observations import Durations, Window, observations

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

SIGNIFICANCE = 0.01
"""A law fits where an agreement as bad as this would be seen more often than so if it were right."""


def fits(
    data: Durations,
    families: Sequence[str | type[Distribution]] | None = None,
    *,
    censored: ArrayLike | None = None,
    truncated: Window | None = None,
    offset: Duration = 0.0,
    confidence_level: float = 0.95,
) -> Ranking:
    """Fit several families and rank them by Akaike's criterion.

    The first is the likeliest for its number of parameters, which does not mean that it fits: see
    `Ranking.best`.

    Parameters
    ----------
    data, censored, truncated, offset, confidence_level
        As for `fit`.
    families : sequence of str or class, optional
        Which; all that can be fitted without it.

    Returns
    -------
    Ranking

    Examples
    --------
    >>> import suspicion as sus
    >>> waits = sus.Pareto(minimum="10ms", tail_index=2.5).sample(2000, rng=1)
    >>> ranking = sus.fits(waits)
    >>> ranking.best.family
    'Pareto'
    >>> ranking = sus.fits(waits, ["TruncatedNormal", "Exponential"])
    >>> ranking.best is None
    True
    >>> print(ranking.verdict)
    None of these fits...
    """
    seen = observations(data, censored, truncated)
    if families is None:
        names: Sequence[str] = FAMILIES
    else:
        expected = "a sequence of families, one or more, each once"
        if isinstance(families, (str, bytes, dict)) or not hasattr(families, "__iter__"):
            raise refuse("families", families, expected, TypeError)
        listed = list(families)
        for family in listed:
            if not isinstance(family, (str, type)):
                raise refuse("families", families, expected, TypeError)
        try:
            names = [family_of(family) for family in listed]
        except ValueError:
            raise refuse("families", families, f"names out of {', '.join(FAMILIES)}") from None
        if not names or len(set(names)) < len(names):
            raise refuse("families", families, expected)
    shift, found, failures = seconds("offset", offset), [], {}
    for name in names:
        try:
            found.append(Fit(seen, name, shift, (0.0, math.inf), level(confidence_level)))
        except ValueError as error:
            failures[name] = str(error)
    if not found:
        raise ValueError("; ".join(dict.fromkeys(failures.values())))
    return Ranking(found, failures)


class Ranking:
    """Fits of several families to the same data, by Akaike's criterion; see `fits`.

    Attributes
    ----------
    fits : tuple of Fit
        The likeliest for its number of parameters first.
    weights : tuple of float
        Akaike weights: how much of the evidence each has, *if* one of them is right.
    failures : dict of str to str
        Families without a fit, and why.
    """

    def __init__(self, found: Sequence[Fit], failures: dict[str, str]) -> None:
        ordered = tuple(sorted(found, key=lambda fit: fit.aic))
        shares = [math.exp(0.5 * (ordered[0].aic - fit.aic)) for fit in ordered]
        held = {
            "fits": ordered,
            "weights": tuple(share / sum(shares) for share in shares),
            "failures": dict(failures),
        }
        for name, value in held.items():
            object.__setattr__(self, name, value)

    fits: tuple[Fit, ...]
    weights: tuple[float, ...]
    failures: dict[str, str]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a ranking cannot be changed; make another one")

    def __reduce__(self) -> tuple[Any, ...]:
        return Ranking, (self.fits, self.failures)

    def __len__(self) -> int:
        return len(self.fits)

    def __iter__(self) -> Iterator[Fit]:
        return iter(self.fits)

    def __getitem__(self, family: str) -> Fit:
        """Return the fit of a family."""
        for fit in self.fits:
            if fit.family == family:
                return fit
        raise KeyError(family)

    @property
    def best(self) -> Fit | None:
        """The first of the ranking, or None where the data are at odds even with that.

        At odds are those that would be seen with less than one chance in a hundred if the law were right
        (`Fit.p_value`). A million durations are at odds with almost any law: `Fit.tail_counts` says how
        far off it is where it matters.
        """
        return self.fits[0] if fitting(self.fits[0]) else None

    @property
    def verdict(self) -> str:
        """The answer in a sentence or two."""
        first = self.fits[0]
        seen = f"{len(first.observations):,} durations"
        if fitting(first):
            others = [
                fit.family for fit in self.fits[1:] if fitting(fit) and fit.aic - first.aic < 10.0
            ]
            also = f" {', '.join(others)} cannot be ruled out." if others else ""
            if math.isnan(first.p_value):
                also += " There are too few data to see a misfit."
            return f"{first.family} agrees with {seen} up to {first.identifiable_to}.{also}"
        return (
            f"None of these fits. {first.family} comes nearest, but {seen} are at odds with it "
            f"(p = {first.p_value:.1g}): {worst_tail(first)}."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the ranking as columns: one row for each family."""
        fits = self.fits
        return {
            "family": [fit.family for fit in fits],
            "law": [repr(fit.law) for fit in fits],
            "log_likelihood": [fit.log_likelihood for fit in fits],
            "aic": [fit.aic for fit in fits],
            "weight": list(self.weights),
            "p_value": [fit.p_value for fit in fits],
            "fits": [fitting(fit) for fit in fits],
        }

    def to_frame(self, backend: str | None = None) -> Any:
        """Return `to_dict` as a data frame of pandas, polars or pyarrow."""
        return frames.to_frame(self.to_dict(), backend)

    def _table(self) -> tuple[Row, list[Row]]:
        first = self.fits[0].aic
        rows: list[Row] = [
            (
                rounded(repr(fit.law)),
                f"{fit.aic - first:.1f}",
                f"{weight:.2g}",
                "too few data" if math.isnan(fit.p_value) else f"{fit.p_value:.2g}",
                worst_tail(fit),
            )
            for fit, weight in zip(self.fits, self.weights, strict=True)
        ]
        return ("law", "AIC above best", "weight", "p", "farthest off in the tail"), rows

    def __str__(self) -> str:
        failed = "".join(f"\nnot {name}: {why}" for name, why in self.failures.items())
        return f"{as_text(*self._table())}{failed}\n{self.verdict}"

    def __repr__(self) -> str:
        return f"Ranking({', '.join(fit.family for fit in self.fits)})"

    def _repr_html_(self) -> str:
        return as_html("fits", *self._table()) + f"<p>{html.escape(self.verdict)}</p>"


def fitting(fit: Fit) -> bool:
    """Return whether nothing speaks against a fit; too few data speak against none."""
    return not fit.p_value < SIGNIFICANCE


def worst_tail(fit: Fit) -> str:
    """Return the tail count that is least likely, in words."""
    tail = fit.tail_counts()
    if not len(tail["p_value"]):
        return "no tail to count"
    rank = int(np.argmin(tail["p_value"]))
    return (
        f"{tail['observed'][rank]:,.0f} longer than {duration(tail['time_s'][rank])}, "
        f"{tail['expected'][rank]:,.3g} expected"
    )
