"""A sample taken as a law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import _core
from ..arguments import Duration, durations
from .base import Distribution, knots
from .horizon import Horizon, of_count


class Empirical(Distribution):
    """A sample taken as a law: each of its values equally likely.

    It never draws a duration that was not in the sample and knows nothing beyond the longest.

    Parameters
    ----------
    sample : array_like of durations
        One value or more, each zero or more, in any order.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Empirical([0.01, 0.02, 0.02, 0.5]).ccdf(0.02)
    0.25
    """

    def __init__(self, sample: Any) -> None:
        found = durations("sample", sample)
        found = found.copy()
        found.flags.writeable = False
        self._build(_core.Distribution.empirical(found), sample=found)

    def __repr__(self) -> str:
        sample = self.parameters["sample"]
        return f"Empirical(<{sample.size} values from {sample.min():.4g} to {sample.max():.4g} s>)"

    def _horizon_of(self, parts: list[Horizon | None]) -> Horizon:
        sample = self.parameters["sample"]
        told = of_count(sample.size)
        return Horizon(told, float(self.icdf(told)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Empirical) and self._core == other._core

    def __hash__(self) -> int:
        return hash(self.parameters["sample"].tobytes())

    @classmethod
    def from_quantiles(cls, quantiles: Mapping[float, Duration]) -> Distribution:
        """Return the law with these quantiles and equal density between neighbours.

        Parameters
        ----------
        quantiles : mapping of probability to duration
            Must have the probabilities 0 (the shortest duration) and 1 (the longest): how far the
            law reaches beyond the quantiles one happens to know cannot be guessed.

        Examples
        --------
        >>> import suspicion as sus
        >>> law = sus.Empirical.from_quantiles({0: "1ms", 0.5: "2ms", 0.99: "20ms", 1: "1s"})
        >>> law.iccdf(0.005)
        0.5100000000000002
        """
        return Quantiles(quantiles)


class Quantiles(Distribution):
    """A law known by some of its quantiles; see `Empirical.from_quantiles`."""

    def __init__(self, quantiles: Mapping[float, Duration]) -> None:
        pairs = sorted(knots(quantiles))
        self._build(_core.Distribution.interpolated(pairs), quantiles=dict(pairs))
