"""Where the time to notice a crash goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from ..arguments import Duration, instance, refuse
from ..detector import Detector, ElectionTimeout
from ..frames import as_html, as_text
from ..heartbeat import Arrivals, Heartbeats, Observers
from ..pause import Guard
from ..presets import Preset
from ..progress import Progress
from ..randomness import RNG
from ..units import duration as shown
from .curve import Curve
from .sweep import Entry, terms_with, watch
from .terms import Terms, terms_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Stages:
    """Where the mean time from a crash at a random moment to a failover goes, in seconds.

    The stages add up to `total`.
    """

    interval: float
    """From the crash to when the next heartbeat would have been sent, or to suspicion if that is sooner."""
    delay: float
    """What that heartbeat would have taken to arrive."""
    deadline: float
    """How much longer the detector waits than until that heartbeat would have arrived."""
    check: float
    """From the deadline to the next look at it."""
    confirmation: float
    """Until the quorum agrees; for election timeouts in expectation, the mean of their random part."""
    dwell: float
    """How long the suspicion must last."""
    total: float
    """Mean detection time."""
    total_p99: float
    """The time that 99 % of crashes are acted on within."""
    name: str
    """The detector or preset."""
    threshold: str
    """Its threshold."""

    def _parts(self) -> Iterator[tuple[str, float]]:
        for field in fields(self)[:6]:
            yield field.name, getattr(self, field.name)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it; times are in seconds."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def _rows(self) -> list[tuple[str, ...]]:
        rows = [(name, shown(span), f"{span / self.total:.0%}") for name, span in self._parts()]
        last = f"99 % within {shown(self.total_p99)}"
        return [*rows, ("total", shown(self.total), last)]

    def __str__(self) -> str:
        return as_text((f"{self.name}, {self.threshold}", "mean", ""), self._rows())

    def _repr_html_(self) -> str:
        head = ("stage", "mean", "share")
        return as_html(f"{self.name}, {self.threshold}", head, self._rows())

    @staticmethod
    def plot_all(several: Sequence[Stages], ax: Axes | None = None) -> Axes:
        """Draw the stages of several detectors below each other.

        Parameters
        ----------
        several : sequence of Stages
            What to draw, from top to bottom.
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        """
        from ..plot.stages import draw_stages

        if not isinstance(several, Sequence) or isinstance(several, (str, bytes)) or not several:
            raise refuse("several", several, "a sequence of Stages", TypeError)
        for index, one in enumerate(several):
            instance(f"several[{index}]", one, Stages, "Stages")
        return draw_stages(several, ax)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the stages one after the other, from the crash to the failover.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        """
        from ..plot.stages import draw_stages

        return draw_stages([self], ax)


def stages(
    source: Arrivals | Heartbeats | Observers,
    detector: Detector | Preset,
    threshold: object = None,
    *,
    duration: Duration | None = None,
    rng: RNG = None,
    warm_up: int | None = None,
    check_every: Duration = 0.0,
    dwell: Duration = 0.0,
    guard: Guard | None = None,
    progress: Progress = None,
) -> Stages:
    """Split the mean time from a crash to a failover into its stages.

    Parameters
    ----------
    source : Arrivals, Heartbeats or Observers
        Recorded heartbeats, a model, or what several monitors saw.
    detector : Detector or Preset
        What watches; a preset brings its check interval, dwell stage and guard along.
    threshold : float or duration, optional
        The threshold, as its users write it; that of a preset is its default without it.
    duration, rng, warm_up, check_every, dwell, guard, progress
        As for `sweep`.

    Returns
    -------
    Stages

    Examples
    --------
    >>> import suspicion as sus
    >>> beats = sus.examples.load("urban_n8_v20")
    >>> print(sus.stages(beats, sus.FixedTimeout(), "500ms", check_every="1s"))
    FixedTimeout, 500 ms  mean
    interval              26.2 ms  3%
    delay                 19.2 ms  2%
    deadline              444 ms   45%
    check                 500 ms   51%
    confirmation          0 s      0%
    dwell                 0 s      0%
    total                 990 ms   99 % within 1.49 s
    """
    instance("detector", detector, (Detector, Preset), "a Detector or a Preset")
    terms = terms_of(source, duration, rng, warm_up, check_every, dwell, True, guard, None, None)
    if isinstance(detector, Preset):
        name, watcher = detector.name, detector.detector
        value = detector.threshold if threshold is None else watcher._threshold(threshold)
        terms = terms_with(terms, detector)
    else:
        if threshold is None:
            raise refuse("threshold", threshold, "a threshold, for a detector has no default")
        name, watcher, value = detector.title, detector, detector._threshold(threshold)
    return _stages(terms, name, watcher, value, progress)


def _stages(
    terms: Terms, name: str, detector: Detector, threshold: float, progress: Progress
) -> Stages:
    def total_of(terms: Terms) -> tuple[Curve, float]:
        curve = watch(terms, [Entry(name, detector, [threshold])], 0.95, progress)[0]
        return curve, float(curve.detection_time[0])

    curve, total = total_of(terms)
    first, alone = curve, total
    if isinstance(terms.source, Observers):
        first, alone = total_of(replace(terms, source=terms.source.arrivals[0]))
    source = first._terms.source
    every = source.interval if isinstance(source, Heartbeats) else source.every  # type: ignore[union-attr]
    check = terms.check_every / 2.0
    waited = 0.0
    by_chance = isinstance(detector, ElectionTimeout) and detector.parameters["seed"] is None
    if by_chance and detector.parameters["rule"] != "term":
        assert isinstance(detector, ElectionTimeout)
        waited = detector.mean_timeout(threshold) - threshold
    confirmation = total - alone + waited
    timeout = float(first.timeout[0])
    delay = float(first.detection_time_after_beat[0]) - timeout - check - terms.dwell
    deadline = timeout - waited - every
    interval = total - (delay + deadline + check + confirmation + terms.dwell)
    # Suspicion can come before the next heartbeat is due, and where many are lost the last one that arrived
    # is older than an interval: what is saved so is taken from the other of the two.
    if deadline < 0.0:
        interval, deadline = interval + deadline, 0.0
    elif interval < 0.0:
        interval, deadline = 0.0, deadline + interval
    return Stages(
        interval=interval,
        delay=delay,
        deadline=deadline,
        check=check,
        confirmation=confirmation,
        dwell=terms.dwell,
        total=total,
        total_p99=float(curve.detection_time_p99[0]),
        name=name,
        threshold=detector._show_threshold(threshold),
    )
