"""The likeliest law of a family."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .. import _core, distribution, frames
from ..arguments import Duration, Floats, choice, frozen, level, number, refuse, seconds
from ..arguments import whole as whole_number
from ..distribution import Distribution, Horizon
from ..distribution.truncated import upper_bound
from ..frames import Row, as_html, as_text
from ..randomness import RNG, seed_of
from ..units import rounded
from .draws import drawn_parameters
from .families import family_of
from .horizon import horizon
from .observations import Durations, Observations, Window, observations
from .quantile import Quantile

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike


def fit(
    data: Durations,
    family: str | type[Distribution],
    *,
    censored: ArrayLike | None = None,
    truncated: Window | None = None,
    offset: Duration = 0.0,
    low: Duration = 0.0,
    high: Duration = math.inf,
    confidence_level: float = 0.95,
) -> Fit:
    """Return the law of a family under which data are likeliest.

    Parameters
    ----------
    data : Observations, Delays, PauseLog, Histogram, array_like or sequence of duration
        Durations in seconds, or a trace that was read: what it takes for its observations is said by its
        ``observations()``.
    family : str or class
        ``"Exponential"``, ``"Uniform"``, ``"LogNormal"``, ``"Gamma"``, ``"Weibull"``, ``"Pareto"``,
        ``"GeneralizedPareto"`` or ``"TruncatedNormal"``, or the class of that name.
    censored, truncated
        What was cut off and what was never seen; see `Observations`.
    offset : duration
        What every duration contains, such as the time that light takes: the law is one of the family plus
        this.
    low, high : duration
        Bounds of a truncated normal law, before the offset is added; they are not estimated.
    confidence_level : float
        Of the intervals.

    Raises
    ------
    ValueError
        If no law of the family can have given the data, or none is the likeliest: the likelihood goes on
        growing as a parameter goes to zero or infinity, as with durations that are all alike.

    Notes
    -----
    For samples x, limits c, buckets (a, b] with counts k and a window [L, H] this maximises the sum of
    ln f(x), ln Pr(c < X <= H) and k ln Pr(a < X <= b), less ln Pr(L <= X <= H) for each. A million samples
    or limits enter as some 2,000 points that give the same sums to a relative 2e-10.

    Intervals are by profile likelihood. Neither end of a uniform law nor the minimum of Pareto's has a
    standard error; their intervals are exact and begin at the outermost sample. Bias and coverage are
    in ``docs/estimates.md`` of the repository: of 95 % intervals 93.5 to 96 % hold from a hundred durations on.

    Examples
    --------
    Everything slower than the old timeout of 50 ms was cut off:

    >>> import suspicion as sus
    >>> import numpy as np
    >>> waits = sus.LogNormal(median="20ms", sigma=0.8).sample(1000, rng=1)
    >>> found = sus.fit(np.minimum(waits, 0.05), "LogNormal", censored=waits > 0.05)
    >>> found.law
    LogNormal(median=0.0200..., sigma=0.779...)
    >>> found.confidence_interval("sigma")
    (0.743..., 0.818...)
    """
    seen = observations(data, censored, truncated)
    bounds = seconds("low", low), upper_bound(high)
    return Fit(seen, family_of(family), seconds("offset", offset), bounds, level(confidence_level))


class Fit:
    """The law of a family under which data are likeliest; see `fit`.

    Attributes
    ----------
    law : Distribution
        The law, with `identifiable_to`.
    family : str
        Its family.
    parameters : Mapping[str, float]
        What was estimated, durations in seconds.
    standard_errors : Mapping[str, float]
        Their standard errors from the curvature of the likelihood; nan where there is none.
    covariance : ndarray
        Covariance of the parameters.
    log_likelihood, aic, bic : float
        Largest logarithm of the likelihood, and Akaike's and Schwarz's criteria.
    exact, censored, bucketed : int
        Durations seen to their ends, cut off, and counted in buckets.
    observations : Observations
        The data.
    offset : float
        Seconds added to the law of the family.
    confidence_level : float
        Of the intervals.
    """

    def __init__(
        self,
        seen: Observations,
        family: str,
        offset: float,
        bounds: tuple[float, float],
        confidence_level: float,
    ) -> None:
        core = _core.Fit(seen._core, family, offset, *bounds)
        names, values = core.names(), core.parameters()
        covariance = np.array(core.covariance())
        n = len(seen)
        log_likelihood = core.log_likelihood()
        held = {
            "_core": core,
            "_bounds": bounds,
            "observations": seen,
            "family": family,
            "offset": offset,
            "confidence_level": confidence_level,
            "parameters": MappingProxyType(dict(zip(names, values, strict=True))),
            "standard_errors": MappingProxyType(
                dict(zip(names, np.sqrt(np.diag(covariance)).tolist(), strict=True))
            ),
            "covariance": frozen(covariance),
            "log_likelihood": log_likelihood,
            "aic": 2.0 * len(names) - 2.0 * log_likelihood,
            "bic": len(names) * math.log(n) - 2.0 * log_likelihood,
            "exact": len(seen.samples),
            "censored": len(seen.censored),
            "bucketed": int(seen.counts.sum()),
        }
        for name, value in held.items():
            object.__setattr__(self, name, value)
        law = self._law(values)
        law._set("_horizon", horizon(seen, law, confidence_level))
        object.__setattr__(self, "law", law)

    law: Distribution
    family: str
    parameters: Mapping[str, float]
    standard_errors: Mapping[str, float]
    covariance: Floats
    log_likelihood: float
    aic: float
    bic: float
    exact: int
    censored: int
    bucketed: int
    observations: Observations
    offset: float
    confidence_level: float
    _core: _core.Fit
    _bounds: tuple[float, float]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a fit cannot be changed; make another one")

    def __reduce__(self) -> tuple[Any, ...]:
        arguments = (
            self.observations, self.family, self.offset, self._bounds, self.confidence_level,
        )  # fmt: skip
        return Fit, arguments

    def _law(self, values: Sequence[float]) -> Distribution:
        arguments = dict(zip(self._core.names(), values, strict=True))
        if self.family == "TruncatedNormal":
            arguments |= {"low": self._bounds[0], "high": self._bounds[1]}
        law: Distribution = getattr(distribution, self.family)(**arguments)
        return law + self.offset if self.offset else law

    @property
    def identifiable_to(self) -> Horizon:
        """How far into the tail the data speak: a probability and a time in seconds."""
        known = self.law.identifiable_to
        assert known is not None
        return known

    def confidence_interval(
        self, name: str, *, method: Literal["profile", "wald"] = "profile"
    ) -> tuple[float, float]:
        """Return the ends of the confidence interval of a parameter.

        Parameters
        ----------
        name : str
            The parameter.
        method : str
            ``"profile"``: the values under which the data are not too unlikely, whatever the other
            parameter; an end that the data do not set is 0 or infinite. ``"wald"``: the standard error to
            both sides, of the logarithm for what is above zero; nan where there is no standard error.

        Returns
        -------
        tuple of float
        """
        names = self._core.names()
        which = names.index(choice("name", name, names))
        if choice("method", method, ("profile", "wald")) == "profile":
            return self._core.interval(which, self.confidence_level)
        logarithmic = self._core.logarithmic()[which]
        value = self.parameters[name]
        if math.isnan(self.standard_errors[name]):
            return math.nan, math.nan
        reach = self._quantile * math.sqrt(self._core.covariance_of_coordinates()[which][which])
        if logarithmic:
            return value * math.exp(-reach), value * math.exp(reach)
        return value - reach, value + reach

    def quantile(self, p: float) -> Quantile:
        """Return the duration not exceeded with probability `p`, with its interval under the law.

        Parameters
        ----------
        p : float
            Strictly between 0 and 1.

        Examples
        --------
        >>> import suspicion as sus
        >>> waits = sus.Exponential(mean="1s").sample(1000, rng=1)
        >>> print(sus.fit(waits, "Exponential").quantile(0.9999))
        9.37 s (8.81 s to 9.97 s), beyond what the data tell
        """
        share = number("p", p)
        if not 0.0 < share < 1.0:
            raise refuse("p", p, "a number strictly between 0 and 1")
        low, high = self._core.quantile_interval(math.log1p(-share), self.confidence_level)
        known = share <= self.identifiable_to.probability * (1.0 + 1e-12)
        return Quantile(share, float(self.law.iccdf(1.0 - share)), low, high, known)

    def draws(self, n: int, *, rng: RNG = None) -> list[Distribution]:
        """Return laws whose parameters are drawn from how uncertain they are.

        A simulation that is repeated with each of them carries the uncertainty of the fit along.

        Parameters
        ----------
        n : int
            How many.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from.

        Returns
        -------
        list of Distribution
            The logarithms of parameters above zero are normal, with the covariance of the fit; what
            lies on an edge follows its pivot. Each knows `identifiable_to`.
        """
        count = whole_number("n", n, most=10**6)
        normal = np.random.default_rng(np.random.SeedSequence(seed_of(rng)))
        laws = [self._law(values) for values in drawn_parameters(self, count, normal)]
        for law in laws:
            law._set("_horizon", self.law.identifiable_to)
        return laws

    @property
    def _quantile(self) -> float:
        """The normal quantile that |Z| exceeds with the rest of the confidence level."""
        standard = distribution.LogNormal(median=1.0, sigma=1.0)
        return math.log(float(standard.iccdf((1.0 - self.confidence_level) / 2.0)))

    @cached_property
    def _goodness(
        self,
    ) -> tuple[float, float, float, list[tuple[float, float, float, float, float]]]:
        return self._core.goodness(self.observations._core)

    @property
    def p_value(self) -> float:
        """Probability of so bad an agreement if the law were right; nan of too few data.

        Twice the smaller of two: Pearson's statistic over cells that grow finer into both tails, and exact
        counts beyond the tail's decades (the smallest probability times how many there are).
        """
        _, _, body, tail = self._goodness
        rarest = [min(1.0, len(tail) * min(row[4] for row in tail))] if tail else []
        found = [p for p in (body, *rarest) if not math.isnan(p)]
        return min(1.0, len(found) * min(found)) if found else math.nan

    def tail_counts(self) -> dict[str, Floats]:
        """Return how many durations exceed the law's tail quantiles, beside how many should.

        Returns
        -------
        dict of ndarray
            ``probability`` of exceeding, ``time_s``, ``expected`` and ``observed`` counts and the exact
            two-sided ``p_value``.
        """
        names = ("probability", "time_s", "expected", "observed", "p_value")
        table = np.array(self._goodness[3], dtype=np.float64).reshape(-1, 5)
        return {name: frozen(table[:, i].copy()) for i, name in enumerate(names)}

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw Pr(X > x) of the data with bands and of the law, dashed beyond what the data tell.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.

        Returns
        -------
        matplotlib Axes
        """
        from ..plot.fit import draw_fit

        return draw_fit(self, ax)

    def plot_quantiles(self, ax: Axes | None = None) -> Axes:
        """Draw quantiles of the data against those of the law, with bands; see `plot`."""
        from ..plot.fit import draw_quantiles

        return draw_quantiles(self, ax)

    def to_dict(self) -> dict[str, Any]:
        """Return estimates as columns: one row for each parameter."""
        names = list(self.parameters)
        ends = [self.confidence_interval(name) for name in names]
        return {
            "parameter": names,
            "value": list(self.parameters.values()),
            "standard_error": list(self.standard_errors.values()),
            "low": [low for low, _ in ends],
            "high": [high for _, high in ends],
        }

    def to_frame(self, backend: str | None = None) -> Any:
        """Return `to_dict` as a data frame of pandas, polars or pyarrow."""
        return frames.to_frame(self.to_dict(), backend)

    def _table(self) -> tuple[Row, list[Row]]:
        found = self.to_dict()
        rows: list[Row] = [
            (
                name,
                f"{value:.5g}",
                "none" if math.isnan(error) else f"{error:.2g}",
                f"{low:.5g} to {high:.5g}",
            )
            for name, value, error, low, high in zip(*found.values(), strict=True)
        ]
        return (
            "",
            "estimate",
            "standard error",
            f"{self.confidence_level * 100:g} % interval",
        ), rows

    def _summary(self) -> str:
        seen = [(self.exact, "samples"), (self.censored, "cut off"), (self.bucketed, "in buckets")]
        said = ", ".join(f"{count:,} {what}" for count, what in seen if count)
        return (
            f"{said}; log-likelihood {self.log_likelihood:.6g}; told up to {self.identifiable_to}"
        )

    def __str__(self) -> str:
        return f"{rounded(repr(self.law))}\n{as_text(*self._table())}\n{self._summary()}"

    def __repr__(self) -> str:
        return f"Fit({self.law!r}, {len(self.observations):,} observed)"

    def _repr_html_(self) -> str:
        return (
            as_html(rounded(repr(self.law)), *self._table())
            + f"<p>{html.escape(self._summary())}</p>"
        )
