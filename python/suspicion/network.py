"""What a network does to a message: delay, loss, duplication, reordering."""

from __future__ import annotations

from . import _core
from .arguments import Rate, flag, instance, number, rate
from .distribution import Distribution
from .distribution.constant import law_of
from .distribution.horizon import untold
from .value import Value

A_LOSS = "a probability in [0, 1] or a GilbertElliott"


class GilbertElliott(Value):
    """A link that changes between a good and a bad state at random times.

    The state is a Markov chain in continuous time. The bad state loses more, and where `bad_delay` is
    given it is also slow: a message has the delay of the state in which it is sent. Slow and lossy at
    once is what real trouble looks like, and what independent losses never show.

    Parameters
    ----------
    to_bad, to_good : rate
        How often the link leaves the good and the bad state: stays last one over the rate on
        average. Numbers are per second.
    good_loss, bad_loss : float
        Probability that a message is lost in each state.
    bad_delay : Distribution, optional
        Delay in the bad state; that of the link without it.

    Examples
    --------
    A bad spell of two seconds every ten minutes, in which half of all messages are lost and the rest
    are slow:

    >>> import suspicion as sus
    >>> sus.GilbertElliott("1/10min", "1/2s", bad_loss=0.5, bad_delay=sus.Exponential(mean="300ms"))
    GilbertElliott(to_bad=0.00166..., to_good=0.5, good_loss=0.0, bad_loss=0.5, bad_delay=...)
    """

    _core: _core.Loss

    def __init__(
        self,
        to_bad: Rate,
        to_good: Rate,
        *,
        good_loss: float = 0.0,
        bad_loss: float = 1.0,
        bad_delay: Distribution | None = None,
    ) -> None:
        rates = rate("to_bad", to_bad), rate("to_good", to_good)
        losses = number("good_loss", good_loss), number("bad_loss", bad_loss)
        if bad_delay is not None:
            instance("bad_delay", bad_delay, Distribution, "a distribution or None")
        slow = None if bad_delay is None else bad_delay._core
        self._set("_core", _core.Loss.gilbert_elliott(*rates, *losses, slow))
        self._hold(
            to_bad=rates[0],
            to_good=rates[1],
            good_loss=losses[0],
            bad_loss=losses[1],
            bad_delay=bad_delay,
        )


class Link(Value):
    """One direction of a network between two nodes.

    Every message is delayed by a draw of its own, so that a quick one may overtake a slow one unless
    the link keeps them in order; then it waits behind it.

    Parameters
    ----------
    delay : Distribution or duration
        Delay of a message; a duration is always the same.
    loss : float or GilbertElliott
        Probability that a message is lost, or states that lose in bursts.
    duplication : float
        Probability that a message comes twice, the second copy with a delay of its own.
    fifo : bool
        Whether messages arrive in the order in which they were sent.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Link(delay=sus.LogNormal(median="1ms", sigma=1.0), loss=0.001)
    Link(delay=LogNormal(median='1ms', sigma=1.0), loss=0.001, duplication=0.0, fifo=False)
    """

    _core: _core.Link

    def __init__(
        self,
        *,
        delay: Distribution | float | str,
        loss: float | GilbertElliott = 0.0,
        duplication: float = 0.0,
        fifo: bool = False,
    ) -> None:
        law = law_of("delay", delay)
        if isinstance(loss, GilbertElliott):
            losses = loss._core
        else:
            loss = number("loss", loss)
            losses = _core.Loss.bernoulli(loss)
        duplication, fifo = number("duplication", duplication), flag("fifo", fifo)
        self._set("_core", _core.Link(law._core, losses, duplication, fifo))
        self._hold(delay=law, loss=loss, duplication=duplication, fifo=fifo)

    @property
    def untold(self) -> float:
        """Share of messages of whose delay the data behind its law say nothing; zero for a law given by hand."""
        loss = self.parameters["loss"]
        good = untold(self.parameters["delay"])
        if not isinstance(loss, GilbertElliott) or loss.parameters["bad_delay"] is None:
            return good
        to_bad, to_good = loss.parameters["to_bad"], loss.parameters["to_good"]
        share = to_bad / (to_bad + to_good) if to_bad else 0.0
        return float((1.0 - share) * good + share * untold(loss.parameters["bad_delay"]))

    def mean_delay(self) -> float:
        """Return the mean delay in the long run, in seconds."""
        return self._core.mean_delay()
