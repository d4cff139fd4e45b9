"""The survival function of durations some of which a timeout cut off."""

from __future__ import annotations

import html
import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from ..arguments import (
    Floats,
    array,
    choice,
    durations,
    finite,
    frozen,
    known,
    level,
    number,
    refuse,
    seconds,
)
from ..distribution import Constant, Distribution, Empirical, Mixture
from ..distribution.horizon import Horizon, learnt, of_count
from ..units import duration
from .interval import Estimate
from .observations import Observations, Observed, observations

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

BANDS = ("log-log", "plain")
A_FLAG_EACH = "True or False for each duration"


class KaplanMeier:
    """The share of durations that are longer, where some were cut off by timeouts.

    What a timeout cut off is known only to have taken longer. To leave it out makes the network look
    quick, to count it as the timeout makes it look as if it ended there. The product-limit estimate
    uses it for what it says: S(t) = product over t_i <= t of (1 - d_i/n_i), with d_i durations that end at
    t_i among n_i that lasted until then. Several old timeouts may be mixed. Cutting off must have
    nothing to do with how long it would still have taken.

    Past the longest timeout nothing is known, and nothing is said: `ccdf` is nan there and
    `quantile` says that it is not identifiable.

    Parameters
    ----------
    sample : array_like of durations, shape (n,), Delays, PauseLog or Observations
        How long each took, or how long it had lasted when it was cut off. With `timeout` nan or inf
        stands for one that was; so does what was lost of `Delays`, which without `timeout` is no part.
    observed : array_like of bool, shape (n,), optional
        Whether each was seen to end; all were without it.
    timeout : duration or array_like of durations, shape (n,), optional
        Instead of `observed`: what would have cut each off. A duration that is not shorter counts as cut off
        at its timeout.
    confidence_level : float
        Of the band and of the intervals of quantiles, at each point by itself.
    band : {"log-log", "plain"}
        How the band is made of Greenwood's variance: symmetric in ln(-ln S), which stays within 0 and
        1, or in S itself.

    References
    ----------
    Kaplan & Meier, "Nonparametric Estimation from Incomplete Observations", JASA 53, 1958.

    Examples
    --------
    >>> import numpy as np
    >>> import suspicion as sus
    >>> took = sus.Exponential(mean="1s").sample(30_000, rng=1)
    >>> old = np.tile([0.5, 1.0, 3.0], 10_000)
    >>> curve = sus.estimate.KaplanMeier(took, timeout=old)
    >>> curve
    KaplanMeier(<30,000 durations, 10,183 cut off; identifiable to 3 s, which 4.66 % exceed>)
    >>> print(curve.quantile(0.5))
    69... ms (6... ms to 7... ms at 95 %)
    >>> print(curve.quantile(0.99))
    not identifiable: the data end at 3 s, which 4.66 % exceed
    """

    def __init__(
        self,
        sample: Any,
        observed: ArrayLike | None = None,
        *,
        timeout: Any = None,
        confidence_level: float = 0.95,
        band: str = "log-log",
    ) -> None:
        sample, observed = opened(sample, observed, timeout)
        if timeout is None:
            took = durations("sample", sample)
            seen = np.ones(took.size, bool) if observed is None else flags(observed, took.size)
        elif observed is not None:
            raise refuse("observed", observed, "None where a timeout is given")
        else:
            took, seen = cut_off(sample, timeout)
        self.confidence_level = level(confidence_level)
        self.band = choice("band", band, BANDS)
        if took.size and took.min() < 0.0:
            raise refuse("sample", float(took.min()), "durations of zero or more")
        if not took.size:
            raise refuse("sample", sample, "one duration or more")
        self._core = _core.KaplanMeier(took, seen.astype(np.int64))
        self.n, self._longest, self._left = self._core.extent()

    @cached_property
    def _steps(self) -> tuple[Any, ...]:
        return tuple(frozen(column) for column in self._core.steps())

    @property
    def times(self) -> Floats:
        """Distinct times at which durations end, in seconds, ascending, shape (m,)."""
        return self._steps[0]  # type: ignore[no-any-return]

    @property
    def at_risk(self) -> NDArray[np.int64]:
        """How many had lasted until each of the times, shape (m,)."""
        return self._steps[1]  # type: ignore[no-any-return]

    @property
    def events(self) -> NDArray[np.int64]:
        """How many end at each of the times, shape (m,)."""
        return self._steps[2]  # type: ignore[no-any-return]

    @property
    def censored(self) -> int:
        """How many were cut off."""
        return int(self.n - self.events.sum())

    @cached_property
    def _curve(self) -> tuple[Floats, Floats, Floats]:
        return self._at(self.times)

    @property
    def survival(self) -> Floats:
        """Pr(X > t) from each of the times on, shape (m,)."""
        return self._curve[0]

    @property
    def low(self) -> Floats:
        """Lower end of the band, shape (m,)."""
        return self._curve[1]

    @property
    def high(self) -> Floats:
        """Upper end of the band, shape (m,)."""
        return self._curve[2]

    @cached_property
    def variance(self) -> Floats:
        """Greenwood's variance of the survival, S^2 sum d_i/(n_i (n_i - d_i)), shape (m,).

        Zero where none is left, as the survival is there.
        """
        left = self.survival > 0.0
        spread = np.where(left, self._steps[3], 0.0)
        return frozen(self.survival**2 * spread)

    def _at(self, t: Floats) -> tuple[Floats, Floats, Floats]:
        columns = self._core.at(t, self.band == "plain", self.confidence_level)
        return tuple(frozen(column) for column in columns)  # type: ignore[return-value]

    @property
    def identifiable_to(self) -> Horizon:
        """The longest duration that was watched for, and the share that is no longer.

        No more of it than so many durations bound from above, whatever their law.
        """
        return Horizon(
            min(1.0 - self._left, of_count(self.n, self.confidence_level)), self._longest
        )

    @property
    def _beyond(self) -> str:
        share = f"{100 * self._left:.3g} %" if self._left else "none"
        return f"{duration(self._longest)}, which {share} exceed"

    def ccdf(self, t: ArrayLike) -> Any:
        """Return Pr(X > t), of the shape of `t`, which is in seconds; nan past the longest timeout."""
        return self._shaped(t, 0)

    def interval(self, t: ArrayLike) -> tuple[Any, Any]:
        """Return the ends of the band at `t` seconds; nan past the longest timeout.

        Before the first duration that ends, the lower end is what that many without an event show.
        """
        return self._shaped(t, 1), self._shaped(t, 2)

    def _shaped(self, t: ArrayLike, column: int) -> Any:
        moments = known("t", t)
        found = self._at(moments.ravel())[column].reshape(moments.shape)
        return float(found) if found.ndim == 0 else found

    def quantile(self, p: float) -> Estimate:
        """Return the duration that a share `p` does not exceed, with its interval.

        Parameters
        ----------
        p : float
            Strictly between 0 and 1.

        Returns
        -------
        Estimate
            Seconds. Its value is nan where the curve ends before it comes so far down; `high` is infinite where the
            band does.
        """
        value, low, high = self._core.quantile(
            number("p", p), self.band == "plain", self.confidence_level
        )
        known = not math.isnan(value)
        return Estimate(
            value=value,
            low=low,
            high=high,
            confidence_level=self.confidence_level,
            unit="s",
            note="" if known else f"not identifiable: the data end at {self._beyond}",
        )

    def law(self, beyond: Distribution | str | None = None) -> Distribution:
        """Return the curve as a distribution, for a `Link` or for pauses.

        Between neighbouring times the density is equal. What was cut off at the longest timeout has to go
        somewhere, and the data do not say where.

        Parameters
        ----------
        beyond : Distribution or "at the limit", optional
            Where the mass past the longest timeout goes: the law of what exceeds the timeout, in
            excess of it, or all of it at the timeout itself, which is the least that it can be.
            Without it a curve that leaves mass is refused.

        Examples
        --------
        >>> import suspicion as sus
        >>> curve = sus.estimate.KaplanMeier([0.1, 0.2, 0.3, 0.4], timeout=0.35)
        >>> curve.law(beyond="at the limit").ccdf([0.2, 0.34, 0.35])
        array([0.5 , 0.25, 0.  ])
        """
        at_limit = beyond is not None and not isinstance(beyond, Distribution)
        if at_limit:
            if not isinstance(beyond, str):
                raise refuse("beyond", beyond, "a law, 'at the limit' or None", TypeError)
            choice("beyond", beyond, ("at the limit", "a law of the excess"))
        left = self._left
        if left and beyond is None:
            expected = f"where the {100 * left:.3g} % go that exceed {duration(self._longest)}"
            raise refuse("beyond", beyond, f"{expected}: a law of the excess or 'at the limit'")
        if left == 1.0:
            known: Distribution | None = None
        else:
            known = self._known()
        if not left:
            assert known is not None
            return learnt(known, self.n)
        rest: Distribution
        if isinstance(beyond, Distribution):
            rest = beyond + self._longest
        else:
            rest = Constant(self._longest)
        made = rest if known is None else Mixture([known, rest], weights=[1.0 - left, left])
        return learnt(made, self.n, 1.0 - left)

    def _known(self) -> Distribution:
        """Return the law given that a duration was seen to end."""
        times, mass = self.times, 1.0 - self.survival
        if times.size == 1:
            return Constant(float(times[0]))
        # The first time has its mass at itself, for there is none before.
        first = times[0] * (1.0 - 1e-12) if times[0] > 0.0 else 0.0
        if times[0] == 0.0:
            times = np.concatenate([[times[1] * 1e-12], times[1:]])
        shares = np.concatenate([[0.0], mass / mass[-1]])
        # Rounding may leave a step without mass.
        keep = np.concatenate([[True], np.diff(shares) > 0.0])
        knots = np.concatenate([[first], times])[keep], shares[keep]
        knots[1][-1] = 1.0
        return Empirical.from_quantiles(
            dict(zip(knots[1].tolist(), knots[0].tolist(), strict=True))
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the curve as a dictionary of arrays, times in seconds."""
        return {
            "time_s": self.times,
            "at_risk": self.at_risk,
            "events": self.events,
            "survival": self.survival,
            "survival_low": self.low,
            "survival_high": self.high,
        }

    def to_frame(self, backend: str | None = None) -> Any:
        """Return the curve as a data frame of pandas, polars or pyarrow, the first installed."""
        from ..frames import to_frame

        return to_frame(self.to_dict(), backend)

    def plot(self, ax: Axes | None = None, **line: Any) -> Axes:
        """Draw the curve with its band on logarithmic axes, up to where the data end.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        **line
            Passed on to `matplotlib.axes.Axes.plot`.
        """
        from ..plot.survival import draw_survival

        return draw_survival(self, ax, line)

    def __repr__(self) -> str:
        return (
            f"KaplanMeier(<{self.n:,} durations, {self.censored:,} cut off; identifiable to "
            f"{self._beyond}>)"
        )

    def _repr_html_(self) -> str:
        return f"<code>{html.escape(repr(self))}</code>"

    def __reduce__(self) -> tuple[Any, ...]:
        sample, seen = self._core.sample()
        return _restore, (type(self), sample, seen, self.confidence_level, self.band)


def _restore(
    kind: type[KaplanMeier], sample: Floats, seen: NDArray[np.int64], confidence: float, band: str
) -> KaplanMeier:
    return kind(sample, seen.astype(bool), confidence_level=confidence, band=band)


def opened(sample: Any, observed: Any, timeout: Any) -> tuple[Any, Any]:
    """Return the durations of a trace, and which ended where it says so; anything else as it is."""
    from ..traces import Delays

    if isinstance(sample, Delays) and timeout is not None:
        lost = np.full(sample.lost, math.inf)
        return np.concatenate([sample.answered, lost]), observed
    if not isinstance(sample, (Observations, Observed)):
        return sample, observed
    for name, value in (("observed", observed), ("timeout", timeout)):
        if value is not None and isinstance(sample, Observations):
            raise refuse(name, value, "None with Observations, which say so themselves")
    seen = observations(sample)
    if len(seen.edges) or seen.truncated != (0.0, math.inf):
        raise refuse("sample", sample, "durations one by one, and not in buckets or a window")
    if not len(seen.censored):
        return seen.samples, observed
    ended = np.repeat([True, False], [len(seen.samples), len(seen.censored)])
    return np.concatenate([seen.samples, seen.censored]), ended


def flags(observed: ArrayLike, n: int) -> NDArray[np.bool_]:
    """Return truth values, one for each of `n` durations."""
    if isinstance(observed, np.ma.MaskedArray):
        raise refuse("observed", observed, "an array without a mask", TypeError)
    try:
        found = np.asarray(observed)
    except ValueError:
        raise refuse("observed", observed, A_FLAG_EACH) from None
    if found.dtype != bool:
        raise refuse("observed", observed, A_FLAG_EACH, TypeError)
    if found.shape != (n,):
        raise refuse("observed", observed, f"{n} of them, one for each duration")
    return found


def cut_off(sample: Any, timeout: Any) -> tuple[Floats, NDArray[np.bool_]]:
    """Return durations up to their timeouts, and which of them ended before."""
    numeric = isinstance(sample, np.ndarray) and sample.dtype.kind in "fiu"
    if numeric or (
        isinstance(sample, (list, tuple)) and not any(isinstance(x, str) for x in sample)
    ):
        took = array("sample", sample)
        if took.ndim != 1:
            raise refuse("sample", sample, "a sequence, with one axis")
    else:
        took = durations("sample", sample)
    several = isinstance(timeout, (np.ndarray, list, tuple))
    limits = durations("timeout", timeout) if several else np.array(seconds("timeout", timeout))
    if several and limits.shape != took.shape:
        raise refuse("timeout", timeout, f"{took.size} of them, one for each duration")
    if np.any(finite("timeout", limits) <= 0.0):
        raise refuse("timeout", float(limits.min()), "durations above zero")
    # Of nan the comparison is false, as it should be.
    seen = took < limits
    return np.where(seen, took, limits), seen
