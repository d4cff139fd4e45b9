"""Stalls: a link's good and bad regime, learnt from a trace of delays and losses together."""

from __future__ import annotations

import html
import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from ..arguments import Floats, array, choice, flag, frozen, level, refuse
from ..distribution import Distribution, Empirical, Gamma, LogNormal
from ..distribution.horizon import learnt
from ..heartbeat import Arrivals
from ..network import GilbertElliott, Link
from ..pause import Timeline
from ..units import duration
from .clustering import by_number
from .interval import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

EDGE = 1e-7
"""A probability this near to none or all was estimated as such."""

PLACES = {"to_bad": 0, "to_good": 1, "good_loss": 2, "bad_loss": 3}
"""Rows of the covariance."""

UNLIKELY = 1e-3
"""Losses of a state that are even less likely to be independent are said to cluster."""

BLOCKS = 20
"""Stretches over which losses are compared."""

DELAYS = ("lognormal", "empirical")


class Regimes:
    """A good and a bad regime of a link; built by `regimes`.

    Attributes
    ----------
    to_bad, to_good : Estimate
        Rates per second of leaving the good and the bad state.
    good_loss, bad_loss : Estimate
        Probability that a message is lost in each.
    good_delay, bad_delay : LogNormal
        Delay in each.
    sent, delays : ndarray, shape (n,)
        Every heartbeat of the schedule in the order of sending; the delay of a lost one is nan.
    bad : ndarray, shape (n,)
        Probability that each was sent in the bad state, given the whole trace.
    bic : dict
        Schwarz' criterion of two regimes, of two delays without memory, and of one lognormal; the lowest is
        the best.
    raised : int
        Delays of zero, taken as half the shortest that is not.
    converged : bool
        Whether the likelihood had stopped rising.
    """

    def __init__(self, sent: Floats, delays: Floats, steps: Floats, confidence: float) -> None:
        self.sent, self.delays = frozen(sent), frozen(delays)
        self._steps = steps
        self.confidence_level = confidence
        came = ~np.isnan(delays)
        shortest = delays[came & (delays > 0.0)].min(initial=math.inf)
        raised = came & (delays <= 0.0)
        self.raised = int(raised.sum())
        self._core = _core.Regimes(steps, np.where(raised, shortest / 2.0, delays))
        self.bad = frozen(self._core.bad())
        self.rounds, self.converged = self._core.rounds()
        good, bad, _ = self._core.states()
        self.good_delay = learnt(
            LogNormal(median=math.exp(good[1]), sigma=good[2]), float((1.0 - self.bad[came]).sum())
        )
        self.bad_delay = learnt(
            LogNormal(median=math.exp(bad[1]), sigma=bad[2]), float(self.bad[came].sum())
        )
        lasting, memoryless, one = self._core.log_likelihoods()
        cost = math.log(len(delays))
        self.bic = {
            "two regimes": 8 * cost - 2 * lasting,
            "two delays without memory": 6 * cost - 2 * memoryless,
            "one regime": 3 * cost - 2 * one,
        }
        self._covariance = self._core.covariance().reshape(-1, 8)

    @property
    def better(self) -> bool:
        """Whether two regimes that last explain the trace better than less, by Schwarz' criterion."""
        return min(self.bic, key=lambda name: self.bic[name]) == "two regimes"

    @property
    def to_bad(self) -> Estimate:
        """How often the good state is left, per second."""
        return self._estimate("to_bad", self._core.leave()[0])

    @property
    def to_good(self) -> Estimate:
        """How often the bad state is left, per second."""
        return self._estimate("to_good", self._core.leave()[1])

    @property
    def good_loss(self) -> Estimate:
        """Probability that a message of the good state is lost."""
        return self._estimate("good_loss", self._core.states()[0][0])

    @property
    def bad_loss(self) -> Estimate:
        """Probability that a message of the bad state is lost."""
        return self._estimate("bad_loss", self._core.states()[1][0])

    def _estimate(self, name: str, value: float) -> Estimate:
        place, z = PLACES[name], _normal(self.confidence_level)
        loss = place >= 2
        unit = "" if loss else "/s"
        error = math.sqrt(self._covariance[place, place]) if self._covariance.size else math.nan
        if loss and math.isnan(error) and min(value, 1.0 - value) < EDGE:
            return self._at_the_edge(name, value)
        if math.isnan(error):
            note = "no interval: the likelihood is flat"
            return Estimate(value, math.nan, math.nan, self.confidence_level, unit, note)
        if not loss:
            ends = value * math.exp(-z * error), value * math.exp(z * error)
            return Estimate(value, *ends, self.confidence_level, unit)
        middle = math.log(value / (1.0 - value))
        ends = tuple(1.0 / (1.0 + math.exp(-(middle + sign * z * error))) for sign in (-1, 1))  # type: ignore[assignment]
        return Estimate(value, *ends, self.confidence_level, unit)

    def _at_the_edge(self, name: str, value: float) -> Estimate:
        """Return a loss of none or all, with what that many messages of the state show."""
        weight = self.bad if name == "bad_loss" else 1.0 - self.bad
        messages = max(1, int(weight.sum()))
        count = 0 if value < 0.5 else messages
        low, high, _ = _core.clopper_pearson(count, messages, self.confidence_level)
        return Estimate(value, low, high, self.confidence_level)

    @cached_property
    def stalls(self) -> Timeline:
        """When the link was more likely bad than good: from the first such send time to the next good one."""
        bad = self.bad > 0.5
        starts, lasting = [], []
        session = np.flatnonzero(np.isinf(self._steps))
        for begin, end in zip(session, [*session[1:], bad.size], strict=True):
            edges = np.diff(np.concatenate([[False], bad[begin:end], [False]]).astype(np.int8))
            for first, past in zip(
                np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True
            ):
                last = min(begin + past, end - 1)
                starts.append(self.sent[begin + first])
                lasting.append(self.sent[last] - self.sent[begin + first])
        origin = min(0.0, float(self.sent.min()))
        kept = [(s - origin, t) for s, t in zip(starts, lasting, strict=True) if t > 0.0]
        return Timeline(starts=[s for s, _ in kept], lasting=[t for _, t in kept])

    @property
    def body(self) -> Floats:
        """Delays of the messages that were more likely sent in the good state, in seconds."""
        return self.delays[(self.bad <= 0.5) & ~np.isnan(self.delays)]

    @property
    def stalled(self) -> Floats:
        """Delays of the messages that were more likely sent in the bad state, in seconds."""
        return self.delays[(self.bad > 0.5) & ~np.isnan(self.delays)]

    @property
    def flags(self) -> tuple[str, ...]:
        """What the fit does not explain or did not reach, in sentences."""
        said = []
        if not self.better:
            said.append("fewer parameters explain it as well")
        if not self.converged:
            said.append("the likelihood was still rising")
        lost = np.isnan(self.delays)
        bad = self.bad > 0.5
        for name, state in (("good", ~bad), ("bad", bad)):
            p_value = evenness(lost[state])
            if p_value < UNLIKELY:
                said.append(
                    f"losses of the {name} state cluster (p = {p_value:.2g}): there is a third, or a sender that was slow"
                )
        return tuple(said)

    def states(self, *, delays: str = "lognormal") -> GilbertElliott:
        """Return the two states as the loss of a link; see `link`."""
        slow = self._delays(delays)[1]
        to_bad, to_good = self._core.leave()
        good, bad, _ = self._core.states()
        return GilbertElliott(to_bad, to_good, good_loss=good[0], bad_loss=bad[0], bad_delay=slow)

    def link(self, *, delays: str = "lognormal", fifo: bool = False) -> Link:
        """Return the link that was fitted.

        Where messages keep their order a recorded delay holds the wait behind the one before; a link with
        `fifo` would add it again.

        Parameters
        ----------
        delays : {"lognormal", "empirical"}
            Delays of each state as the fitted laws, or as the delays of the messages that were more
            likely sent in it.
        fifo : bool
            Whether messages keep their order.
        """
        quick = self._delays(delays)[0]
        return Link(delay=quick, loss=self.states(delays=delays), fifo=flag("fifo", fifo))

    def _delays(self, delays: str) -> tuple[Distribution, Distribution]:
        if choice("delays", delays, DELAYS) == "lognormal":
            return self.good_delay, self.bad_delay
        both = self.body, self.stalled
        laws = self.good_delay, self.bad_delay
        return tuple(  # type: ignore[return-value]
            Empirical(np.maximum(found, 0.0)) if found.size else law
            for found, law in zip(both, laws, strict=True)
        )

    def one_link(self) -> Link:
        """Return the link of one regime: independent losses and one lognormal delay."""
        loss, mean, sigma = self._core.states()[2]
        came = int(np.count_nonzero(~np.isnan(self.delays)))
        return Link(delay=learnt(LogNormal(median=math.exp(mean), sigma=sigma), came), loss=loss)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the delays against the send time, with the stalls shaded and the lost on top."""
        from ..plot.regimes import draw_regimes

        return draw_regimes(self, ax)

    def __repr__(self) -> str:
        good, bad = (duration(law.median()) for law in (self.good_delay, self.bad_delay))
        stays = [duration(1.0 / rate) for rate in self._core.leave()]
        states = self._core.states()
        losses = [f"{100 * state[0]:.3g} %" for state in states[:2]]
        said = "".join(f"; {flag}" for flag in self.flags)
        return (
            f"Regimes(<good: {stays[0]} at a time, median {good}, {losses[0]} lost; bad: {stays[1]} at a "
            f"time, median {bad}, {losses[1]} lost{said}>)"
        )

    def _repr_html_(self) -> str:
        return f"<code>{html.escape(repr(self))}</code>"

    def __reduce__(self) -> tuple[Any, ...]:
        arguments = self.sent, self.delays, self._steps, self.confidence_level
        return type(self), tuple(
            part.copy() if isinstance(part, np.ndarray) else part for part in arguments
        )


def regimes(
    samples: Arrivals | ArrayLike,
    sent: ArrayLike | None = None,
    *,
    confidence_level: float = 0.95,
) -> Regimes:
    """Fit a link with a good and a bad state to what became of heartbeats.

    Delay and loss are taken together: a message is sent in the state the link is in, is lost with that state's
    probability, and else has a lognormal delay of that state. The state is a Markov chain in
    continuous time, seen through the messages only; its parameters are those of highest likelihood
    (Baum and Welch's rounds from several starts), their intervals come from the curvature there.

    Delays and losses within a state are taken for independent. In a real stall they are not: what waits behind it
    all arrives at its end; see `flags` for losses that no state explains. A state that is left for good and never entered again tells little of its rates, and the
    intervals, which are for long traces, are too narrow below some ten stalls.

    Parameters
    ----------
    samples : Arrivals, or array_like of shape (n,)
        Heartbeats with send times and numbers; or delays in seconds, nan for a lost message.
    sent : array_like, shape (n,), optional
        Send times in seconds that never fall, of delays given as an array.
    confidence_level : float
        Of the intervals.

    References
    ----------
    Rabiner, "A Tutorial on Hidden Markov Models", Proceedings of the IEEE 77(2), 1989. Gilbert, "Capacity of a
    Burst-Noise Channel", Bell System Technical Journal 39, 1960.

    Examples
    --------
    >>> import suspicion as sus
    >>> found = sus.estimate.regimes(sus.examples.load("south_n8_v10"))
    >>> found.better, len(found.stalls) > 1
    (True, True)
    >>> world = sus.Heartbeats(every="55ms", link=found.link())
    """
    confidence = level(confidence_level)
    if isinstance(samples, Arrivals):
        if sent is not None:
            raise refuse("sent", sent, "None for arrivals, which know")
        sessions = by_number(samples)
    else:
        delays = array("samples", samples)
        if delays.ndim != 1 or np.isinf(delays).any():
            raise refuse(
                "samples", samples, "a sequence of finite delays, or nan for what was lost"
            )
        if delays.size < 20:
            raise refuse("samples", f"{delays.size} delays", "20 or more")
        if sent is None:
            raise refuse("sent", sent, "a send time for each delay")
        times = array("sent", sent)
        if times.shape != delays.shape or not np.isfinite(times).all():
            raise refuse("sent", sent, f"{delays.size} finite times, one for each delay")
        if np.any(np.diff(times) < 0.0):
            raise refuse("sent", float(np.diff(times).min()), "send times that never fall")
        if np.any(delays < 0.0):
            raise refuse("samples", float(np.nanmin(delays)), "delays of zero or more")
        sessions = [(times, delays)]
    sent_at = np.concatenate([times for times, _ in sessions])
    took = np.concatenate([delays for _, delays in sessions])
    if np.count_nonzero(~np.isnan(took)) < 20:
        raise refuse("samples", f"{np.count_nonzero(~np.isnan(took))} delays", "20 or more")
    steps = np.concatenate([np.diff(times, prepend=-np.inf) for times, _ in sessions])
    return Regimes(sent_at, took, steps, confidence)


def evenness(lost: NDArray[np.bool_]) -> float:
    """Return the p value of losses that come as often at all times: Pearson's chi-square over stretches."""
    share = float(lost.mean()) if lost.size else 0.0
    # Five or more expected in each stretch, as chi-square asks for.
    blocks = min(BLOCKS, int(lost.sum()) // 5)
    if blocks < 2 or share == 1.0:
        return 1.0
    parts = np.array_split(lost, blocks)
    statistic = sum(
        (part.sum() - share * part.size) ** 2 / (share * (1.0 - share) * part.size)
        for part in parts
    )
    return float(Gamma(shape=(blocks - 1) / 2, scale=2.0).ccdf(float(statistic)))


def _normal(confidence: float) -> float:
    """Return the two-sided quantile of the normal law."""
    return math.log(LogNormal(median=1.0, sigma=1.0).iccdf((1.0 - confidence) / 2.0))
