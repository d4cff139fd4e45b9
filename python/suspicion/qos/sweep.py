"""Watching heartbeats with detectors, at every threshold at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .. import _core
from ..arguments import (
    Duration,
    Floats,
    durations,
    finite,
    instance,
    level,
    refuse,
    vector,
)
from ..detector import Detector
from ..heartbeat import Arrivals, Heartbeats, Observers
from ..pause import Guard
from ..presets import Preset
from ..progress import Progress, reporter
from ..randomness import RNG
from .comparison import Comparison
from .curve import Curve
from .terms import Terms, terms_of


def sweep(
    source: Arrivals | Heartbeats | Observers,
    detector: Detector,
    *,
    thresholds: Sequence[Any] | Floats | None = None,
    duration: Duration | None = None,
    rng: RNG = None,
    warm_up: int | None = None,
    check_every: Duration = 0.0,
    dwell: Duration = 0.0,
    timer_first: bool = True,
    guard: Guard | None = None,
    replications: int | None = None,
    part: tuple[int, int] | None = None,
    confidence_level: float = 0.95,
    progress: Progress = None,
) -> Curve:
    """Watch heartbeats with one detector, at every threshold at once.

    Parameters
    ----------
    source : Arrivals, Heartbeats or Observers
        Recorded heartbeats; a model, which is simulated as it is watched and never held whole; or what
        several monitors saw that must agree.
    detector : Detector
        The detector, without its threshold.
    thresholds : sequence, optional
        The thresholds, in ascending order: durations where the detector's threshold is a time. 256 of
        them without it, or 64 for a detector that is followed at each threshold by itself, over the
        timeouts between half an interval and somewhat beyond the longest silence.
    duration : duration
        How long to observe a model, all replications together; must not be given for a log.
    rng : int, SeedSequence, Generator or None
        Where the randomness of a model comes from. The same seed gives the same bits, whatever the
        number of threads and whatever else is compared.
    warm_up : int, optional
        Arrivals that the detector sees before its mistakes count: on a log as many as it needs to set
        a deadline. A model runs for the time in which so many arrive, 1024 without it, before it is
        observed.
    check_every : duration
        The deadline is only looked at this often, at an unknown phase: short mistakes go unseen with
        the probability that no look falls into them, and crashes are noticed later.
    dwell : duration
        A suspicion is acted on once it has lasted this long: only a longer mistake counts, as a
        spurious failover, and crashes are noticed later.
    timer_first : bool
        What a monitor does that wakes up from a pause of its own to both a passed deadline and a
        heartbeat that came meanwhile: suspect first, or read what came first.
    guard : Guard, optional
        For how long the monitor suspects nobody after a long pause of its own.
    replications : int, optional
        Independent parts into which the observation of a model is cut, 64 or, where each would have
        fewer than four hundred heartbeats, fewer.
    part : tuple of int, optional
        Compute only replications `part[0]` up to but not including `part[1]`; see `Curve.merged`.
    confidence_level : float
        Of the intervals.
    progress : bool or callable, optional
        True for a bar on the terminal, or what to call with heartbeats done and heartbeats in all.

    Returns
    -------
    Curve

    Examples
    --------
    >>> import suspicion as sus
    >>> curve = sus.sweep(sus.examples.load("south_n8_v10"), sus.FixedTimeout())
    >>> curve.at("500ms").mistakes
    14.0

    A model, observed for a month:

    >>> link = sus.Link(delay=sus.LogNormal(median="20ms", sigma=0.8), loss=0.01)
    >>> world = sus.Heartbeats(every="1s", link=link)
    >>> sus.sweep(world, sus.FixedTimeout(), thresholds=["1.5s"], duration="30d", rng=7)
    Curve(<FixedTimeout on a model for 30 d: 1 threshold, ...>)
    """
    terms = terms_of(
        source, duration, rng, warm_up, check_every, dwell, timer_first, guard, replications, part
    )
    expected = "a Detector; compare takes several of them, and presets"
    detector = instance("detector", detector, Detector, expected)
    entry = Entry(detector.title, detector, thresholds)
    return watch(terms, [entry], level(confidence_level), progress)[0]


def compare(
    source: Arrivals | Heartbeats | Observers,
    detectors: Sequence[Detector | Preset] | Mapping[str, Detector | Preset],
    *,
    duration: Duration | None = None,
    rng: RNG = None,
    warm_up: int | None = None,
    check_every: Duration = 0.0,
    dwell: Duration = 0.0,
    timer_first: bool = True,
    guard: Guard | None = None,
    replications: int | None = None,
    part: tuple[int, int] | None = None,
    confidence_level: float = 0.95,
    progress: Progress = None,
) -> Comparison:
    """Watch the same heartbeats with several detectors.

    All of them see the very same arrivals, so that differences between them are not differences of
    luck. A preset is watched with its own check interval and dwell stage added, and with its own
    guard unless one is given.

    Parameters
    ----------
    source : Arrivals, Heartbeats or Observers
        Recorded heartbeats, a model, or what several monitors saw.
    detectors : sequence or mapping of names
        The detectors and presets; without names they are called by their class.
    duration, rng, warm_up, check_every, dwell, timer_first, guard
        As for `sweep`.
    replications, part, confidence_level, progress
        As for `sweep`.

    Returns
    -------
    Comparison

    Examples
    --------
    >>> import suspicion as sus
    >>> beats = sus.examples.load("urban_n8_v20")
    >>> curves = sus.compare(beats, [sus.FixedTimeout(), sus.Chen(window=100)])
    >>> curves["Chen"].at("100ms").mistakes
    25.0
    """
    terms = terms_of(
        source, duration, rng, warm_up, check_every, dwell, timer_first, guard, replications, part
    )
    named = _named(detectors)
    found = level(confidence_level)
    # Those that are watched on the same terms share one simulation.
    groups: dict[tuple[object, ...], tuple[Terms, list[Entry]]] = {}
    defaults = {}
    for name, item in named.items():
        own, entry = terms, Entry(name, item) if isinstance(item, Detector) else None
        if isinstance(item, Preset):
            defaults[name] = item.threshold
            own = terms_with(terms, item)
            entry = Entry(name, item.detector, also=item.threshold)
        assert entry is not None
        key = (own.check_every, own.dwell, own.guard)
        groups.setdefault(key, (own, []))[1].append(entry)
    curves = {
        curve.name: curve
        for own, entries in groups.values()
        for curve in watch(own, entries, found, progress)
    }
    return Comparison({name: curves[name] for name in named}, defaults)


def terms_with(terms: Terms, preset: Preset) -> Terms:
    """Return the terms on which a preset is watched: with its own stages added."""
    return replace(
        terms,
        check_every=max(terms.check_every, preset.check_every),
        dwell=terms.dwell + preset.dwell,
        guard=preset.guard if terms.guard is None else terms.guard,
    )


@dataclass(frozen=True)
class Entry:
    """A detector that takes part in a sweep."""

    name: str
    detector: Detector
    thresholds: Any = None
    also: float | None = None
    """A threshold that is one of them in any case."""

    def core(self) -> tuple[_core.Detector, Floats | None, float | None]:
        """Return what the core calls it."""
        if self.thresholds is None:
            return self.detector._core, None, self.also
        return self.detector._core, _thresholds(self.detector, self.thresholds), self.also


def watch(
    terms: Terms, entries: Sequence[Entry], confidence_level: float, progress: Progress
) -> list[Curve]:
    """Return the curves of detectors on the same heartbeats, in the same order."""
    source, contenders = terms.core_source(), [entry.core() for entry in entries]
    with reporter(progress, source.heartbeats()) as report:
        curves = _core.sweep(source, contenders, terms.core_terms(), report)
    return [
        Curve(core, entry.detector, entry.name, terms, confidence_level)
        for core, entry in zip(curves, entries, strict=True)
    ]


def _thresholds(detector: Detector, thresholds: Any) -> Floats:
    if detector.threshold_is_time:
        found = durations("thresholds", thresholds)
    else:
        found = finite("thresholds", vector("thresholds", thresholds))
    if not found.size or np.any(np.diff(found) <= 0.0):
        raise refuse("thresholds", thresholds, "one threshold or more, in strictly ascending order")
    return found


def _named(detectors: object) -> dict[str, Detector | Preset]:
    expected = "a Detector or a Preset"
    if isinstance(detectors, Mapping):
        pairs = list(detectors.items())
        for name, _ in pairs:
            instance("detectors", name, str, "a mapping of names to detectors")
    elif isinstance(detectors, Sequence) and not isinstance(detectors, (str, bytes)):
        for index, item in enumerate(detectors):
            instance(f"detectors[{index}]", item, (Detector, Preset), expected)
        pairs = list(zip(_names(detectors), detectors, strict=True))
    else:
        raise refuse("detectors", detectors, "a sequence or a mapping of detectors", TypeError)
    if not pairs:
        raise refuse("detectors", detectors, "one detector or more")
    for name, item in pairs:
        instance(f"detectors[{name!r}]", item, (Detector, Preset), expected)
    if len(dict(pairs)) < len(pairs):
        raise refuse("detectors", detectors, "detectors that differ, or a mapping of names to them")
    return dict(pairs)


def _names(items: Sequence[Detector | Preset]) -> list[str]:
    """Return what detectors are called: by their class, and where that is one by what differs."""
    called = [item.name if isinstance(item, Preset) else item.title for item in items]
    names = []
    for item, name in zip(items, called, strict=True):
        alike = [other for other, own in zip(items, called, strict=True) if own == name]
        if len(alike) > 1 and isinstance(item, Detector):
            differs = [
                key
                for key, value in item.parameters.items()
                if any(
                    other.parameters[key] != value for other in alike if isinstance(other, Detector)
                )
            ]
            settings = ", ".join(f"{key}={item.parameters[key]!r}" for key in differs)
            name = f"{name}({settings})"
        names.append(name)
    return names
