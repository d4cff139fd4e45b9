"""The quality of service of one detector, at every threshold."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from ..arguments import Duration, Floats, instance, level, refuse, seconds
from ..detector import Detector
from ..heartbeat import Arrivals, Census
from ..units import duration, rate_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .recommendation import Recommendation
    from .sweep import Terms

COUNTED = (
    "timeout",
    "mistakes",
    "mistake_rate",
    "mistake_rate_low",
    "mistake_rate_high",
    "dispersion",
    "mistake_recurrence",
    "mistake_duration",
    "query_accuracy",
    "good_period",
)
DETECTED = (
    "detection_time",
    "detection_time_p99",
    "detection_time_after_beat",
    "detection_time_after_beat_p99",
    "detection_time_worst",
)
TIMED = (
    "mistake_duration_p50",
    "mistake_duration_p99",
    "mistake_recurrence_p50",
    "mistake_recurrence_p99",
    "forward_good_period",
)

UNITS = {
    "threshold": "",
    "mistakes": "",
    "dispersion": "",
    "query_accuracy": "",
    "mistake_rate": "_per_s",
    "mistake_rate_low": "_per_s",
    "mistake_rate_high": "_per_s",
}
"""What is appended to the names of columns that are not in seconds; the others get ``_s``."""


@dataclass(frozen=True)
class Point:
    """The quality of service at one threshold.

    Times are in seconds, rates per second; what the data cannot tell is nan.
    """

    threshold: float
    """The threshold, as the detector's users write it."""
    timeout: float
    """Mean time from a heartbeat to suspicion."""
    mistakes: float
    """Mistakes seen; not whole where the deadline is only looked at now and then."""
    mistake_rate: float
    """Mistakes per second."""
    mistake_rate_low: float
    """Lower end of the confidence interval of the rate."""
    mistake_rate_high: float
    """Upper end; where no mistake was seen, the upper bound."""
    dispersion: float
    """Variance over mean of the counts, for which the interval allows: 1 when mistakes come singly."""
    mistake_recurrence: float
    """Mean time from one mistake to the next, E(T_MR)."""
    mistake_recurrence_p50: float
    """Median of that time."""
    mistake_recurrence_p99: float
    """Its 99th percentile."""
    mistake_duration: float
    """Mean duration of a mistake, E(T_M)."""
    mistake_duration_p50: float
    """Median duration."""
    mistake_duration_p99: float
    """Its 99th percentile."""
    query_accuracy: float
    """Share of the time at which the node is rightly trusted, P_A."""
    good_period: float
    """Mean time from the end of a mistake to the next one, E(T_G)."""
    forward_good_period: float
    """Mean time from a random moment of trust to the next mistake, E(T_FG)."""
    detection_time: float
    """Mean time from a crash at a random moment to its being noticed."""
    detection_time_p99: float
    """The time that 99 % of such crashes are noticed within."""
    detection_time_after_beat: float
    """Mean for a crash right after a heartbeat that arrives."""
    detection_time_after_beat_p99: float
    """The time that 99 % of such crashes are noticed within."""
    detection_time_worst: float
    """The longest."""
    _detector: Detector = field(repr=False)

    def __str__(self) -> str:
        rate = rate_interval(self.mistake_rate, self.mistake_rate_low, self.mistake_rate_high)
        lines = [
            f"{self._detector.show_threshold(self.threshold)}: suspects after {duration(self.timeout)}",
            f"mistakes   {self.mistakes:g}, {rate}",
            f"lasting    {duration(self.mistake_duration)} on average, "
            f"half of them {duration(self.mistake_duration_p50)} or less",
            f"accuracy   {self.query_accuracy:.6f} of the time rightly trusted",
            f"detection  {duration(self.detection_time)} on average, 99 % within "
            f"{duration(self.detection_time_p99)}, worst {duration(self.detection_time_worst)}",
        ]
        return "\n".join(lines if self.mistakes else lines[:2] + lines[3:])


class Curve:
    """The quality of service of one detector on one source, at every threshold; see `sweep`.

    Every column is an array with one value per threshold. Times are in seconds, rates per second;
    what the data cannot tell is nan.

    Attributes
    ----------
    detector : Detector
        The detector.
    name : str
        What it is called in tables and pictures.
    threshold : ndarray of float64, shape (n,)
        The thresholds, as the detector's users write them, in ascending order.
    timeout : ndarray of float64, shape (n,)
        Mean time from a heartbeat to suspicion: the threshold in seconds.
    mistakes : ndarray of float64, shape (n,)
        Mistakes seen; with `dwell` those that outlast it; not whole with `check_every`.
    mistake_rate, mistake_rate_low, mistake_rate_high : ndarray of float64, shape (n,)
        Mistakes per second and their confidence interval, which allows for bursts. Where none was seen
        the rate is zero and the upper end a bound.
    dispersion : ndarray of float64, shape (n,)
        Variance over mean of the counts, for which the interval allows: 1 when mistakes come singly.
    mistake_recurrence, mistake_duration, good_period : ndarray of float64, shape (n,)
        Mean times E(T_MR), E(T_M) and E(T_G) between mistakes, of mistakes and between them.
    mistake_recurrence_p50, mistake_recurrence_p99 : ndarray of float64, shape (n,)
        Median and 99th percentile of the time from one mistake to the next. For a model from the first
        4,000 mistakes, evenly over the replications.
    mistake_duration_p50, mistake_duration_p99 : ndarray of float64, shape (n,)
        Median and 99th percentile of durations, of the same mistakes.
    forward_good_period : ndarray of float64, shape (n,)
        Mean time from a random moment of trust to the next mistake, E(T_FG).
    query_accuracy : ndarray of float64, shape (n,)
        Share of the time at which the node is rightly trusted, P_A.
    detection_time, detection_time_p99 : ndarray of float64, shape (n,)
        Mean and 99th percentile of the time until a crash at a random moment is noticed.
    detection_time_after_beat, detection_time_after_beat_p99 : ndarray of float64, shape (n,)
        The same for a crash right after a heartbeat that arrives.
    detection_time_worst : ndarray of float64, shape (n,)
        The longest detection time.
    census : Census
        What became of the heartbeats.
    confidence_level : float
        Of the intervals.
    """

    timeout: Floats
    mistakes: Floats
    mistake_rate: Floats
    mistake_rate_low: Floats
    mistake_rate_high: Floats
    dispersion: Floats
    mistake_recurrence: Floats
    mistake_recurrence_p50: Floats
    mistake_recurrence_p99: Floats
    mistake_duration: Floats
    mistake_duration_p50: Floats
    mistake_duration_p99: Floats
    query_accuracy: Floats
    good_period: Floats
    forward_good_period: Floats
    detection_time: Floats
    detection_time_p99: Floats
    detection_time_after_beat: Floats
    detection_time_after_beat_p99: Floats
    detection_time_worst: Floats

    def __init__(
        self,
        core: _core.Curve,
        detector: Detector,
        name: str,
        terms: Terms,
        confidence_level: float,
    ) -> None:
        if not isinstance(core, _core.Curve):
            raise TypeError("use sweep or compare to get a Curve")
        self._core = core
        self._terms = terms
        self.detector = detector
        self.name = name
        self.confidence_level = confidence_level
        self.threshold = _frozen(core.thresholds())
        counts = dict(core.census())
        self.census = Census(**counts)
        if isinstance(terms.source, Arrivals):
            self.census = terms.source.census

    @property
    def exposure(self) -> float:
        """Time watched, in seconds."""
        return self._core.exposure()

    @property
    def warm_up(self) -> int:
        """Arrivals that passed before mistakes counted."""
        return self._core.warm_up()

    @property
    def seed(self) -> int | None:
        """The seed of a model; none for a log."""
        return self._terms.seed

    @cached_property
    def _counted(self) -> dict[str, Floats]:
        return _columns(self._core.counted(self.confidence_level))

    @cached_property
    def _detected(self) -> dict[str, Floats]:
        return _columns(self._core.detected())

    @cached_property
    def _timed(self) -> dict[str, Floats]:
        return _columns(self._core.timed())

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            """Work out the columns of a kind when one of them is first asked for."""
            for names, columns in (
                (COUNTED, "_counted"),
                (DETECTED, "_detected"),
                (TIMED, "_timed"),
            ):
                if name in names:
                    return getattr(self, columns)[name]
            raise AttributeError(f"a Curve has no {name!r}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *COUNTED, *DETECTED, *TIMED]

    def __len__(self) -> int:
        return len(self.threshold)

    def at(self, threshold: object = None, *, timeout: Duration | None = None) -> Point:
        """Return the quality of service at one threshold, which need not be one of the curve's.

        Parameters
        ----------
        threshold : float or duration, optional
            The threshold, as the detector's users write it.
        timeout : duration, optional
            Instead of it, how long after a heartbeat suspicion is to come on average.

        Returns
        -------
        Point
            Exact: at a threshold that is not one of the curve's, the log is watched again, or the same
            simulation run again.

        Examples
        --------
        >>> import suspicion as sus
        >>> curve = sus.sweep(sus.examples.load("south_n8_v10"), sus.FixedTimeout())
        >>> print(curve.at("1s"))
        1 s: suspects after 1 s
        mistakes   3, 1.41 per min (...)
        lasting    3.68 s on average, half of them 502 ms or less
        accuracy   0.91... of the time rightly trusted
        detection  1.53 s on average, 99 % within ..., worst 13.1 s
        """
        if (threshold is None) == (timeout is None):
            raise refuse("threshold", threshold, "either a threshold or a timeout")
        if timeout is not None:
            value = self._core.threshold_of(seconds("timeout", timeout))
        else:
            value = self.detector.threshold(threshold)
        rank = int(np.searchsorted(self.threshold, value))
        curve = self
        if rank == len(self) or self.threshold[rank] != value:
            curve, rank = self._again(np.array([value])), 0
        columns = {**curve._counted, **curve._detected, **curve._timed}
        values = {name: float(column[rank]) for name, column in columns.items()}
        return Point(threshold=value, _detector=self.detector, **values)

    def _again(self, thresholds: Floats) -> Curve:
        from .sweep import watch

        entry = (self.name, self.detector, thresholds)
        return watch(self._terms, [entry], self.confidence_level, None)[0]

    def threshold_of(self, timeout: Duration) -> float:
        """Return the threshold at which suspicion comes `timeout` after a heartbeat on average.

        Examples
        --------
        >>> import suspicion as sus
        >>> curve = sus.sweep(sus.examples.load("urban_n8_v20"), sus.ExponentialAccrual(window=100))
        >>> curve.threshold_of("500ms")
        3.74...
        """
        return self._core.threshold_of(seconds("timeout", timeout))

    def timeout_of(self, threshold: object) -> float:
        """Return the mean time in seconds from a heartbeat to suspicion at any threshold."""
        return self._core.timeout_of(self.detector.threshold(threshold))

    def mistakes_at(self, threshold: object) -> tuple[Floats, Floats]:
        """Return when each mistake in recorded heartbeats began and ended, in seconds.

        Examples
        --------
        >>> import suspicion as sus
        >>> curve = sus.sweep(sus.examples.load("south_n8_v10"), sus.FixedTimeout())
        >>> starts, ends = curve.mistakes_at("3s")
        >>> ends - starts
        array([8.329])
        """
        starts, ends = self._core.mistakes(self.detector.threshold(threshold))
        return starts, ends

    def with_confidence(self, confidence_level: float) -> Curve:
        """Return the same curve with intervals at another level."""
        found = level(confidence_level)
        return Curve(self._core, self.detector, self.name, self._terms, found)

    def merged(self, other: Curve) -> Curve:
        """Return this curve and another of the same sweep over other replications, as one.

        A sweep with ``part=(0, 32)`` here and ``part=(32, 64)`` on another machine gives, merged, the
        bits of the whole.
        """
        from dataclasses import replace

        instance("other", other, Curve, "a Curve")
        core = self._core.merged(other._core)
        ours, theirs = self._terms.part, other._terms.part
        part = (
            None if ours is None or theirs is None else (min(*ours, *theirs), max(*ours, *theirs))
        )
        terms = replace(self._terms, part=part)
        return Curve(core, self.detector, self.name, terms, self.confidence_level)

    def recommend(
        self,
        *,
        max_rate: float | str | None = None,
        max_detection: Duration | None = None,
        outage_cost: float | None = None,
        failover_cost: float | None = None,
        crash_rate: float | str | None = None,
    ) -> Recommendation:
        """Choose a threshold, or say why the data cannot; see `Comparison.recommend`."""
        from .comparison import Comparison

        return Comparison({self.name: self}, {}).recommend(
            max_rate=max_rate,
            max_detection=max_detection,
            outage_cost=outage_cost,
            failover_cost=failover_cost,
            crash_rate=crash_rate,
        )

    def to_dict(self) -> dict[str, Floats]:
        """Return all columns as a dictionary of arrays; names end in the unit."""
        columns = {"threshold": self.threshold, **self._counted, **self._detected, **self._timed}
        return {name + UNITS.get(name, "_s"): column for name, column in columns.items()}

    def to_frame(self, backend: str | None = None) -> Any:
        """Return all columns as a data frame of pandas, polars or pyarrow, the first installed."""
        from ..frames import to_frame

        return to_frame(self.to_dict(), backend)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_frame("pyarrow").__arrow_c_stream__(requested_schema)

    def plot(self, ax: Axes | None = None, *, per: str = "day", **line: Any) -> Axes:
        """Draw the rate of mistakes against the timeout, with its confidence band.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        per : {"second", "minute", "hour", "day", "year"}
            Time over which mistakes are counted.
        **line
            Passed on to `matplotlib.axes.Axes.plot`.

        Returns
        -------
        matplotlib Axes
        """
        from ..plot.curve import draw_curve

        return draw_curve(self, ax, per, line)

    def timeline(
        self,
        threshold: object,
        *,
        around: Duration | None = None,
        width: Duration | None = None,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw heartbeats, pauses and suspicion around one moment of a log.

        Parameters
        ----------
        threshold : float or duration
            The threshold at which suspicion is drawn.
        around : duration, optional
            The moment, since the first stamp; the longest mistake without it.
        width : duration, optional
            How much time to draw; as fits the mistake without it.
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        """
        from ..plot.timeline import draw_timeline

        moment = None if around is None else seconds("around", around)
        span = None if width is None else seconds("width", width)
        return draw_timeline(self, self.detector.threshold(threshold), moment, span, ax)

    def __repr__(self) -> str:
        many = f"{len(self)} threshold{'s' if len(self) > 1 else ''}"
        where = "a log of" if self.seed is None else "a model for"
        seed = "" if self.seed is None else f", seed {self.seed}"
        return (
            f"Curve(<{self.name} on {where} {duration(self.exposure)}: {many}, "
            f"timeouts {duration(self.timeout[0])} to {duration(self.timeout[-1])}{seed}>)"
        )

    def _repr_html_(self) -> str:
        rows = np.unique(np.linspace(0, len(self) - 1, min(len(self), 12)).astype(int))
        head = (
            "threshold",
            "timeout",
            "mistakes",
            "rate",
            "mean duration",
            "detection, 99 % within",
        )
        body = [
            (
                self.detector.show_threshold(self.threshold[i]),
                duration(self.timeout[i]),
                f"{self.mistakes[i]:g}",
                rate_interval(
                    self.mistake_rate[i], self.mistake_rate_low[i], self.mistake_rate_high[i]
                ),
                duration(self.mistake_duration[i]) if self.mistakes[i] else "",
                duration(self.detection_time_p99[i]),
            )
            for i in rows
        ]
        return table(repr(self), head, body)

    def __reduce__(self) -> tuple[Any, ...]:
        what = self.threshold, self._core.to_bytes()
        return _restore, (self.detector, self.name, self._terms, self.confidence_level, *what)


def _restore(
    detector: Detector,
    name: str,
    terms: Terms,
    confidence_level: float,
    thresholds: Floats,
    counted: bytes,
) -> Curve:
    source, own = terms.core_source(), terms.core_terms()
    core = _core.Curve.restored(source, detector._core, own, thresholds, counted)
    return Curve(core, detector, name, terms, confidence_level)


def _columns(pairs: list[tuple[str, Floats]]) -> dict[str, Floats]:
    return {name: _frozen(column) for name, column in pairs}


def _frozen(column: Floats) -> Floats:
    column.flags.writeable = False
    return column


def table(title: str, head: tuple[str, ...], body: Sequence[tuple[str, ...]]) -> str:
    """Return an HTML table with everything escaped."""

    def cells(row: tuple[str, ...], tag: str) -> str:
        return "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row)

    rows = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in body)
    return (
        f"<p><code>{html.escape(title)}</code></p>"
        f"<table><thead><tr>{cells(head, 'th')}</tr></thead><tbody>{rows}</tbody></table>"
    )
