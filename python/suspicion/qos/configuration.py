"""Chen's procedures: how often to send and how long to wait, from what is required."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from .. import _core
from ..arguments import Duration, instance, number, optional_seconds, refuse, seconds
from ..detector import Chen
from ..distribution import Distribution
from ..units import duration


@dataclass(frozen=True)
class Configuration:
    """How often to send heartbeats and how long to wait; times are in seconds.

    It is true when the requirement can be met, and false, with nan for all times, when it is impossible.
    """

    interval: float
    """Heartbeat interval: the longest that meets the requirement."""
    margin: float
    """Margin, the threshold of `Chen`: delta of NFD-S, alpha of NFD-U and NFD-E."""
    recurrence: float
    """Mean time between mistakes, or a lower bound of it where the law of delays is not known."""
    synchronized: bool
    """Whether it is for clocks that sender and monitor share (NFD-S)."""

    def __bool__(self) -> bool:
        return self.interval == self.interval

    @property
    def detector(self) -> Chen:
        """The detector that it is for."""
        return Chen(synchronized=self.synchronized)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it."""
        return asdict(self)

    def __str__(self) -> str:
        if not self:
            return (
                "Impossible: no interval meets the requirement. Allow more time to notice a crash, or "
                "mistakes that are longer or more frequent."
            )
        kind = "NFD-S" if self.synchronized else "NFD-E"
        return (
            f"A heartbeat every {duration(self.interval)} and a margin of {duration(self.margin)} "
            f"({kind}); mistakes {duration(self.recurrence)} apart on average, or more."
        )


def configure(
    *,
    max_detection: Duration,
    min_recurrence: Duration,
    max_duration: Duration,
    loss: float,
    delay: Distribution | None = None,
    mean_delay: Duration | None = None,
    delay_variance: float | None = None,
) -> Configuration:
    """Find how often to send and how long to wait, by Chen's procedures.

    Of the delays either their law is given, or mean and variance, or, where clocks are not synchronized
    and `max_detection` is meant to count from the mean delay on, the variance alone. Without the law the
    result holds for whatever law has those moments. Delays and losses of different heartbeats are taken to
    be independent; a stall that delays many of them breaks all promises.

    Parameters
    ----------
    max_detection : duration
        Crashes must be noticed within this time; with the variance alone, beyond the mean delay.
    min_recurrence : duration
        Mistakes must be so far apart on average.
    max_duration : duration
        Mistakes must last no longer on average.
    loss : float
        Probability that a heartbeat is lost.
    delay : Distribution, optional
        Law of the delays.
    mean_delay : duration, optional
        Their mean.
    delay_variance : float, optional
        Their variance, in square seconds.

    Returns
    -------
    Configuration

    References
    ----------
    Chen, Toueg, Aguilera, "On the Quality of Service of Failure Detectors", IEEE Trans. Computers
    51(5), 2002, sections 5 and 6.

    Examples
    --------
    >>> import suspicion as sus
    >>> found = sus.configure(
    ...     max_detection="30s",
    ...     min_recurrence="30d",
    ...     max_duration="60s",
    ...     loss=0.01,
    ...     delay=sus.Exponential(mean="20ms"),
    ... )
    >>> round(found.interval, 4), round(found.margin, 4)
    (9.9764, 20.0236)
    """
    spans = (
        seconds("max_detection", max_detection),
        seconds("min_recurrence", min_recurrence),
        seconds("max_duration", max_duration),
    )
    lost, mean = number("loss", loss), optional_seconds("mean_delay", mean_delay)
    variance = None if delay_variance is None else number("delay_variance", delay_variance)
    law = None
    if delay is not None:
        law = instance("delay", delay, Distribution, "a Distribution")._core
        for name, value in (("mean_delay", mean), ("delay_variance", variance)):
            if value is not None:
                raise refuse(name, value, "None where the law of the delays is given")
    elif variance is None:
        raise refuse("delay_variance", None, "a variance, or the law of the delays as delay")
    found = _core.configure(*spans, lost, law, mean, variance)
    synchronized = law is not None or mean is not None
    if found is None:
        return Configuration(float("nan"), float("nan"), float("nan"), synchronized)
    return Configuration(*found, synchronized)
