"""Tails beyond a threshold: how rare what was hardly ever seen is, and how little is known of it."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from ..arguments import Duration, Floats, durations, frozen, level, number, refuse, seconds
from ..distribution import Distribution, Empirical, GeneralizedPareto, Mixture
from ..distribution.horizon import Horizon, of_count
from ..units import duration
from .interval import Estimate
from .observations import Observations, Observed, observations

SHAPES = (-0.5, 5.0)
"""Where the core looks for a shape."""

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

SHARES = (
    0.25,
    0.2,
    0.15,
    0.1,
    0.07,
    0.05,
    0.03,
    0.02,
    0.014,
    0.01,
    0.007,
    0.005,
    0.003,
    0.002,
    0.001,
)
"""Shares of the samples that exceed the thresholds of the diagnostics."""

FEWEST = 100
"""Exceedances of the highest threshold of the diagnostics."""

APART = 2.0
"""Forms whose logarithm of the likelihood is within this of the best are not told apart: likelihoods
that differ by a factor of seven or less."""

DRIFT = 0.05
"""Shapes above several thresholds are taken for one as long as the p value is above this."""


@dataclass(frozen=True)
class Stability:
    """Tails above thresholds that rise: of a generalised Pareto tail the shape stays and the mean excess is a line."""

    threshold: Floats
    """Thresholds, in seconds, ascending."""
    exceeding: NDArray[np.int64]
    """How many samples exceed each."""
    shape: Floats
    """Fitted shapes."""
    shape_error: Floats
    """Their standard errors, (1 + shape)/sqrt(exceeding)."""
    mean_excess: Floats
    """Mean of the excesses, in seconds."""
    p_value: Floats
    """Of one shape above each threshold and all higher ones."""
    chosen: int
    """The place of the lowest threshold above which the shape is one."""

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the shape against the threshold, with bands of two standard errors."""
        from ..plot.tail import draw_stability

        return draw_stability(self, ax)


class Tail:
    """The tail of a law beyond a threshold, as a generalised Pareto law; built by `tail`.

    Pr(X > x) = share (1 + shape (x - threshold)/scale)^(-1/shape) for x >= threshold.

    Attributes
    ----------
    threshold : float
        In seconds.
    exceeding : int
        Samples beyond it.
    share : float
        Their share of all.
    shape, scale : float
        Of maximum likelihood. A shape of zero is an exponential tail, one above zero a power of index
        1/shape, one below zero has an end.
    shape_interval : tuple of float
        By profile likelihood.
    forms : mapping of str to float
        Logarithm of the likelihood of the exceedances as a generalised Pareto, a lognormal and a Weibull
        tail, less the highest of the three.
    stability : Stability
        The same above other thresholds.
    """

    def __init__(
        self, samples: Floats, threshold: float, stability: Stability, confidence: float
    ) -> None:
        self._samples = samples
        self._core = _core.Tail(samples, threshold)
        self.confidence_level = confidence
        self.stability = stability
        fitted = self._core.fit()
        self.threshold, self.exceeding, self.share, self.shape, self.scale = fitted[:5]
        self._log_likelihood = fitted[6]

    @property
    def n(self) -> int:
        """All samples."""
        return int(self._samples.size)

    @cached_property
    def shape_interval(self) -> tuple[float, float]:
        """The interval of the shape by profile likelihood."""
        return self._core.shape_interval(self.confidence_level)

    @property
    def by_l_moments(self) -> tuple[float, float]:
        """Shape and scale by L-moments, as a check: shape = 2 - l1/l2, scale = l1 (l1/l2 - 1)."""
        return self._core.by_l_moments()

    @cached_property
    def forms(self) -> dict[str, float]:
        """How much less likely each form is than the best, as logarithm of the likelihood."""
        found = {"generalized Pareto": self._log_likelihood}
        for name, log_likelihood, _ in self._core.other_forms(np.array([self.share])):
            found[name] = log_likelihood
        best = max(found.values())
        return {name: value - best for name, value in found.items()}

    @property
    def not_told_apart(self) -> tuple[str, ...]:
        """The forms that the exceedances do not tell from the best one."""
        return tuple(name for name, value in self.forms.items() if value >= -APART)

    @property
    def drifts(self) -> bool:
        """Whether the shape changes between this threshold, the higher ones and one with five times the exceedances.

        A shape that falls as the threshold rises is the mark of a tail that is lighter than any power, such
        as a lognormal's: what the fit says far out is then too much.
        """
        about = self.stability.exceeding <= 5 * self.exceeding
        p = self.stability.p_value[about]
        return bool(p.size and p.min() < DRIFT)

    @property
    def flags(self) -> tuple[str, ...]:
        """What speaks against what the tail says far out, in sentences."""
        said = []
        others = [name for name in self.not_told_apart if name != "generalized Pareto"]
        if "generalized Pareto" not in self.not_told_apart:
            said.append("a " + " or ".join(others) + " tail fits better")
        elif others:
            said.append(
                f"the {self.exceeding:,} exceedances do not tell it from a "
                + " or a ".join(others)
                + " tail; far out they differ"
            )
        if self.drifts:
            said.append("the shape changes with the threshold")
        if min(self.shape - SHAPES[0], SHAPES[1] - self.shape) < 1e-3:
            said.append("the shape is at the end of what is looked for")
        return tuple(said)

    @property
    def identifiable_to(self) -> Horizon:
        """How far the samples can contradict the form.

        The largest quantile that they bound from above without any form, (alpha/2)^(1/n), and where the
        fitted tail has it. Beyond it everything rests on the form.
        """
        told = of_count(self.n, self.confidence_level)
        return Horizon(told, self._core.quantile(min(1.0 - told, self.share)))

    def quantile(self, p: float) -> Estimate:
        """Return the duration that a share `p` does not exceed: the return level of 1/(1 - p) samples.

        Parameters
        ----------
        p : float
            Above 1 - share, so that it lies beyond the threshold, and below 1.

        Returns
        -------
        Estimate
            Seconds, with the interval by profile likelihood of shape, scale and share. Beyond
            `identifiable_to` its note gives the range of what the forms say that are not told apart.
        """
        q = self._rare("p", p)
        low, high = self._core.quantile_interval(q, self.confidence_level)
        note = ""
        if p > self.identifiable_to.probability:
            note = "extrapolated: it rests on the form of the tail"
            if len(self.not_told_apart) > 1:
                near, far = map(duration, self.range(p))
                note = f"extrapolated: forms the data do not tell apart say {near} to {far}"
        return Estimate(
            self._core.quantile(q), low, high, self.confidence_level, unit="s", note=note
        )

    def range(self, p: float) -> tuple[float, float]:
        """Return the least and the greatest of what the forms that are not told apart say of a quantile."""
        q = self._rare("p", p)
        said = {"generalized Pareto": self._core.quantile(q)}
        for name, _, values in self._core.other_forms(np.array([q])):
            said[name] = float(values[0])
        kept = [said[name] for name in self.not_told_apart]
        return min(kept), max(kept)

    def _rare(self, name: str, p: float) -> float:
        found = number(name, p)
        if not 1.0 - self.share < found < 1.0:
            least = f"{1.0 - self.share:.6g}"
            raise refuse(
                name, p, f"a probability above {least}, that of the threshold, and below 1"
            )
        return 1.0 - found

    def exceedance(self, x: Duration) -> Estimate:
        """Return the probability of a duration longer than `x`, which lies beyond the threshold."""
        moment = seconds("x", x)
        if moment < self.threshold:
            raise refuse("x", x, f"a duration from the threshold, {self.threshold:.6g} s, on")
        low, high = self._core.exceedance_interval(moment, self.confidence_level)
        far = moment > self.identifiable_to.time
        return Estimate(
            self._core.exceedance(moment),
            low,
            high,
            self.confidence_level,
            note="extrapolated: it rests on the form of the tail" if far else "",
        )

    @cached_property
    def law(self) -> Distribution:
        """The samples up to the threshold and the fitted tail beyond it, for a `Link` or for pauses.

        Beyond `identifiable_to` it is an extrapolation.
        """
        beyond = GeneralizedPareto(scale=self.scale, shape=self.shape) + self.threshold
        body = self._samples[self._samples <= self.threshold]
        made: Distribution = beyond
        if body.size:
            made = Mixture([Empirical(body), beyond], weights=[1.0 - self.share, self.share])
        made._set("_horizon", self.identifiable_to)
        return made

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the samples and the forms of the tail, dashed and shaded where they extrapolate."""
        from ..plot.tail import draw_tail

        return draw_tail(self, ax)

    def __repr__(self) -> str:
        low, high = self.shape_interval
        said = "".join(f"; {flag}" for flag in self.flags)
        return (
            f"Tail(<{self.exceeding:,} of {self.n:,} beyond {duration(self.threshold)}: shape "
            f"{self.shape:.3g} ({low:.3g} to {high:.3g}){said}>)"
        )

    def _repr_html_(self) -> str:
        return f"<code>{html.escape(repr(self))}</code>"

    def __reduce__(self) -> tuple[Any, ...]:
        arguments = self._samples, self.threshold, self.stability, self.confidence_level
        return type(self), arguments


def tail(
    samples: Any,
    *,
    threshold: Duration | None = None,
    share: float | None = None,
    confidence_level: float = 0.95,
) -> Tail:
    """Fit a generalised Pareto law to what exceeds a threshold.

    Whatever the law, excesses over a high enough threshold are nearly generalised Pareto. How high that is is not
    known, and a lognormal law gets there so slowly that thousands of samples look like a heavy tail: of 50,000
    lognormal samples the top 2 % show a shape of 0.23, not 0, and p99.999 comes out 6 % too high. So the same
    exceedances are fitted as lognormal and Weibull tails too, and the result says whether they can be told apart.

    Without `threshold` and `share` the lowest of a row of thresholds is taken from which on a test does not
    refuse one shape for it and all higher ones (p > 0.05).

    Parameters
    ----------
    samples : array_like of durations, Delays or PauseLog
        Independent; of clustered ones the intervals are too narrow, see `extremal_index`.
    threshold : duration, optional
        Where the tail begins; 20 samples or more must exceed it.
    share : float, optional
        Share of the samples to take for the tail.
    confidence_level : float
        Of intervals.

    References
    ----------
    Davison & Smith, "Models for Exceedances over High Thresholds", JRSS B 52(3), 1990. Northrop &
    Coleman, "Improved Threshold Diagnostic Plots for Extreme Value Analyses", Extremes 17, 2014.

    Examples
    --------
    >>> import suspicion as sus
    >>> delays = sus.LogNormal(median="1s", sigma=1.0).sample(50_000, rng=2)
    >>> found = sus.estimate.tail(delays, share=0.02)
    >>> found
    Tail(<1,000 of 50,000 beyond 7.89 s: shape 0.234 (0.16... to 0.31...); ...>)
    >>> print(found.quantile(0.99999))
    78.5 s (61.8 s to 1.78 min at 95 %); extrapolated: forms the data do not tell apart say 74.6 s to 78.5 s
    """
    values = _samples(samples)
    if values.size < 40:
        raise refuse("samples", f"{values.size} values", "40 durations or more")
    if values.min() < 0.0:
        raise refuse("samples", float(values.min()), "durations of zero or more")
    confidence = level(confidence_level)
    values = frozen(values.copy())
    if threshold is not None:
        if share is not None:
            raise refuse("share", share, "None where a threshold is given")
        edge: float | None = seconds("threshold", threshold)
    elif share is not None:
        part = number("share", share)
        if not 0.0 < part < 1.0:
            raise refuse("share", share, "a number strictly between 0 and 1")
        count = round(part * values.size)
        if count < 20:
            raise refuse("share", share, "one that 20 values or more belong to")
        edge = float(np.partition(values, values.size - count - 1)[values.size - count - 1])
    else:
        edge = None
    found = stability(values)
    return Tail(values, found.threshold[found.chosen] if edge is None else edge, found, confidence)


def _samples(samples: Any) -> Floats:
    if not isinstance(samples, (Observations, Observed)):
        return durations("samples", samples)
    seen = observations(samples)
    if len(seen) > len(seen.samples) or seen.truncated != (0.0, math.inf):
        expected = "durations seen to their ends; `fit` takes those in buckets or cut off"
        raise refuse("samples", samples, expected)
    return seen.samples


def stability(values: Floats) -> Stability:
    """Return the tails above a row of thresholds."""
    shares = np.array([s for s in SHARES if s * values.size >= FEWEST] or [0.5])
    threshold, exceeding, shape, _, mean_excess, p_value, chosen = _core.stability(
        values, shares, DRIFT
    )
    if not threshold.size:
        raise refuse("samples", f"{values.size} values", "20 or more beyond a common value")
    return Stability(
        threshold=frozen(threshold),
        exceeding=frozen(exceeding),
        shape=frozen(shape),
        shape_error=frozen((1.0 + shape) / np.sqrt(exceeding)),
        mean_excess=frozen(mean_excess),
        p_value=frozen(p_value),
        chosen=chosen,
    )
