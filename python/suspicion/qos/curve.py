"""The quality of service of one detector, at every threshold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from ..arguments import Duration, Floats, frozen, instance, level, refuse, seconds
from ..detector import Detector
from ..frames import as_html
from ..heartbeat import Arrivals, Census, Heartbeats, Observers
from ..units import duration
from .columns import COLUMNS, Columns, Kind
from .point import Point
from .table import curve_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .calibration import Calibration
    from .recommendation import Recommendation
    from .terms import Terms


class Curve(Columns):
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
    census : Census
        What became of the heartbeats.
    confidence_level : float
        Of the intervals.
    """

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
        self.threshold = frozen(core.thresholds())
        self._known: dict[Kind, Mapping[str, Floats]] = {}
        counts = dict(core.census())
        self.census = Census(**counts)
        if isinstance(terms.source, Arrivals):
            self.census = terms.source.census

    @property
    def exposure(self) -> float:
        """Time watched, in seconds."""
        return self._core.exposure()

    @property
    def counted(self) -> str:
        """What its mistakes are: all of them, or only those that outlast a dwell."""
        return "spurious failovers" if self._terms.dwell > 0.0 else "mistakes"

    @property
    def identifiable_rate(self) -> float:
        """The lowest rate of mistakes, per second, that the data behind a model can tell.

        Below it a curve shows the form of the laws that were fitted; see `Heartbeats.identifiable_rate`.
        Zero for a log, whose own intervals say what it can tell, and for laws given by hand.
        """
        source = self._terms.source
        return source.identifiable_rate if isinstance(source, Heartbeats) else 0.0

    @property
    def warm_up(self) -> int:
        """Arrivals that passed before mistakes counted."""
        return self._core.warm_up()

    @property
    def seed(self) -> int | None:
        """The seed of a model; none for a log."""
        return self._terms.seed

    def _columns(self, kind: Kind) -> Mapping[str, Floats]:
        if kind not in self._known:
            if kind == "counted":
                pairs = self._core.counted(self.confidence_level)
            else:
                pairs = self._core.detected() if kind == "detected" else self._core.timed()
            self._known[kind] = {name: frozen(column) for name, column in pairs}
        return self._known[kind]

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
            simulation run again, which takes as long as the sweep did.

        Examples
        --------
        >>> import suspicion as sus
        >>> curve = sus.sweep(sus.examples.load("south_n8_v10"), sus.FixedTimeout())
        >>> print(curve.at("1s"))
        1 s: suspects after 1 s
        mistakes   3, 1.41 per min (0.29 to 4.11)
        lasting    3.56 s on average, half of them 208 ms or less
        accuracy   0.916470 of the time rightly trusted
        detection  1.64 s on average, 99 % within 11.9 s, worst 13.1 s
        """
        if (threshold is None) == (timeout is None):
            raise refuse("threshold", threshold, "either a threshold or a timeout")
        if timeout is not None:
            value = self._core.threshold_of(seconds("timeout", timeout))
        else:
            value = self.detector._threshold(threshold)
        rank = int(np.searchsorted(self.threshold, value))
        curve = self
        if rank == len(self) or self.threshold[rank] != value:
            curve, rank = self._again(np.array([value])), 0
        timed = curve, rank
        is_log = not isinstance(self._terms.source, Heartbeats)
        if "timed" not in curve._known and len(curve) > 1 and is_log:
            # The single mistakes at this threshold alone: at all of them it would be watched for each.
            timed = self._again(np.array([value])), 0
        values = {}
        for name, column in COLUMNS.items():
            own, place = timed if column.kind == "timed" else (curve, rank)
            values[name] = float(getattr(own, name)[place])
        return Point(threshold=value, _detector=self.detector, **values)

    def _again(self, thresholds: Floats) -> Curve:
        from .sweep import Entry, watch

        entry = Entry(self.name, self.detector, thresholds)
        return watch(self._terms, [entry], self.confidence_level, None)[0]

    def threshold_of(self, timeout: Duration) -> float:
        """Return the threshold at which suspicion comes `timeout` after a heartbeat on average.

        Examples
        --------
        >>> import suspicion as sus
        >>> curve = sus.sweep(sus.examples.load("urban_n8_v20"), sus.ExponentialAccrual(window=100))
        >>> curve.threshold_of("500ms")
        3.75...
        """
        return self._core.threshold_of(seconds("timeout", timeout))

    def timeout_of(self, threshold: object) -> float:
        """Return the mean time in seconds from a heartbeat to suspicion at any threshold."""
        value = self.detector._threshold(threshold)
        known = self._core.timeout_of(value)
        return known if known is not None else float(self._again(np.array([value])).timeout[0])

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
        starts, ends = self._core.mistakes(self.detector._threshold(threshold))
        return starts, ends

    def with_confidence(self, confidence_level: float) -> Curve:
        """Return the same curve with intervals at another level."""
        found = level(confidence_level)
        return Curve(self._core, self.detector, self.name, self._terms, found)

    def merged(self, other: Curve) -> Curve:
        """Return this curve and another of the same sweep over other replications, as one.

        A sweep with ``part=(0, 32)`` here and ``part=(32, 64)`` on another machine gives, merged, the
        bits of the whole. Parts must touch, so that no replication between them is missing.
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

    def calibration(self) -> Calibration:
        """Return how often the level of an accrual detector exceeds what it claims.

        At each threshold: the probability with which a gap between heartbeats should be so long, 10^-phi
        of a phi and one less a suspicion, and the share of gaps that are.

        Examples
        --------
        >>> import suspicion as sus
        >>> curve = sus.sweep(sus.examples.load("urban_n8_v20"), sus.PhiAccrual(), thresholds=[1.0, 8.0])
        >>> curve.calibration().claimed
        array([1.e-01, 1.e-08])
        """
        from .calibration import Calibration

        return Calibration(self)

    def to_dict(self) -> dict[str, Floats]:
        """Return all columns as a dictionary of arrays; names end in the unit."""
        columns = {column.key: getattr(self, name) for name, column in COLUMNS.items()}
        return {"threshold": self.threshold, **columns}

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
            The moment, since the first arrival; the longest mistake without it.
        width : duration, optional
            How much time to draw; as fits the mistake without it.
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        """
        from ..plot.timeline import draw_timeline

        moment = None if around is None else seconds("around", around)
        span = None if width is None else seconds("width", width)
        return draw_timeline(self, self.detector._threshold(threshold), moment, span, ax)

    def __repr__(self) -> str:
        many = f"{len(self)} threshold{'s' if len(self) > 1 else ''}"
        where = "a log of" if self.seed is None else "a model for"
        if isinstance(self._terms.source, Observers):
            source = self._terms.source
            where = f"{source.quorum} of {len(source.arrivals)} monitors for"
        seed = "" if self.seed is None else f", seed {self.seed}"
        return (
            f"Curve(<{self.name} on {where} {duration(self.exposure)}: {many}, "
            f"timeouts {duration(self.timeout[0])} to {duration(self.timeout[-1])}{seed}>)"
        )

    def _repr_html_(self) -> str:
        return as_html(repr(self), *curve_table(self))

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
