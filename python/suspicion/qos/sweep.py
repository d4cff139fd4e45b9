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
    flag,
    instance,
    level,
    refuse,
    seconds,
    vector,
    whole,
)
from ..detector import Detector
from ..heartbeat import Arrivals, Heartbeats
from ..presets import Preset
from ..progress import Progress, reporter
from ..randomness import RNG, key_of, seed_of
from .comparison import Comparison
from .curve import Curve


@dataclass(frozen=True)
class Terms:
    """How heartbeats are watched: what a curve needs to know to be worked out again."""

    source: Arrivals | Heartbeats
    warm_up: int | None
    check_every: float
    dwell: float
    timer_first: bool
    duration: float | None
    seed: int | None
    replications: int | None
    part: tuple[int, int] | None

    def core_source(self) -> _core.Source:
        """Return what the core calls the source."""
        if isinstance(self.source, Arrivals):
            return _core.Source.recorded(self.source._core)
        assert self.duration is not None
        assert self.seed is not None
        key = key_of(self.seed)
        model, part = self.source._core, self.part
        return _core.Source.modelled(model, self.duration, key, self.replications, part, None)

    def core_terms(self) -> _core.Terms:
        """Return what the core calls the terms."""
        return _core.Terms(self.warm_up, self.check_every, self.dwell, self.timer_first)


def sweep(
    source: Arrivals | Heartbeats,
    detector: Detector,
    *,
    thresholds: Sequence[Any] | Floats | None = None,
    duration: Duration | None = None,
    rng: RNG = None,
    warm_up: int | None = None,
    check_every: Duration = 0.0,
    dwell: Duration = 0.0,
    timer_first: bool = True,
    replications: int | None = None,
    part: tuple[int, int] | None = None,
    confidence_level: float = 0.95,
    progress: Progress = None,
) -> Curve:
    """Watch heartbeats with one detector, at every threshold at once.

    Parameters
    ----------
    source : Arrivals or Heartbeats
        Recorded heartbeats, or a model, which is simulated as it is watched and never held whole.
    detector : Detector
        The detector, without its threshold.
    thresholds : sequence, optional
        The thresholds, in ascending order: durations where the detector's threshold is a time. 256 of
        them without it, over the timeouts between half an interval and somewhat beyond the longest
        silence.
    duration : duration
        How long to observe a model, all replications together; must not be given for a log.
    rng : int, SeedSequence, Generator or None
        Where the randomness of a model comes from. The same seed gives the same bits, whatever the
        number of threads and whatever else is compared.
    warm_up : int, optional
        Arrivals that the detector sees before its mistakes count: on a log as many as it needs to set
        a deadline, on a model 1024.
    check_every : duration
        The deadline is only looked at this often, at an unknown phase: short mistakes go unseen with
        the probability that no look falls into them, and crashes are noticed later.
    dwell : duration
        A suspicion is acted on once it has lasted this long: only a longer mistake counts, as a
        spurious failover, and crashes are noticed later.
    timer_first : bool
        What a monitor does that wakes up from a pause of its own to both a passed deadline and a
        heartbeat that came meanwhile: suspect first, or read what came first.
    replications : int, optional
        Independent parts into which the observation of a model is cut, 64 or, where each would have
        fewer than a thousand heartbeats, fewer.
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
        source, duration, rng, warm_up, check_every, dwell, timer_first, replications, part
    )
    detector = instance("detector", detector, Detector, "a Detector; see compare for several")
    entry = (type(detector).__name__, detector, thresholds)
    return watch(terms, [entry], level(confidence_level), progress)[0]


def compare(
    source: Arrivals | Heartbeats,
    detectors: Sequence[Detector | Preset] | Mapping[str, Detector | Preset],
    *,
    duration: Duration | None = None,
    rng: RNG = None,
    warm_up: int | None = None,
    check_every: Duration = 0.0,
    dwell: Duration = 0.0,
    timer_first: bool = True,
    replications: int | None = None,
    part: tuple[int, int] | None = None,
    confidence_level: float = 0.95,
    progress: Progress = None,
) -> Comparison:
    """Watch the same heartbeats with several detectors.

    All of them see the very same arrivals, so that differences between them are not differences of
    luck. A preset is watched with its own check interval and dwell stage added.

    Parameters
    ----------
    source : Arrivals or Heartbeats
        Recorded heartbeats, or a model.
    detectors : sequence or mapping of names
        The detectors and presets; without names they are called by their class.
    duration, rng, warm_up, check_every, dwell, timer_first
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
    10.0
    """
    terms = terms_of(
        source, duration, rng, warm_up, check_every, dwell, timer_first, replications, part
    )
    named = _named(detectors)
    curves: dict[str, Curve] = {}
    points: dict[str, float] = {}
    found = level(confidence_level)
    plain = [(name, item, None) for name, item in named.items() if isinstance(item, Detector)]
    for curve, (name, _, _) in zip(watch(terms, plain, found, progress), plain, strict=True):
        curves[name] = curve
    for name, item in named.items():
        if isinstance(item, Preset):
            own = replace(
                terms,
                check_every=max(terms.check_every, item.check_every),
                dwell=terms.dwell + item.dwell,
            )
            curves[name] = watch(own, [(name, item.detector, None)], found, progress)[0]
            points[name] = item.threshold
    return Comparison({name: curves[name] for name in named}, points)


def terms_of(
    source: object,
    duration: object,
    rng: object,
    warm_up: object,
    check_every: object,
    dwell: object,
    timer_first: object,
    replications: object,
    part: object,
) -> Terms:
    """Return the terms that the arguments of a sweep stand for."""
    instance("source", source, (Arrivals, Heartbeats), "Arrivals or Heartbeats")
    modelled = isinstance(source, Heartbeats)
    if modelled and duration is None:
        raise refuse("duration", duration, "how long to observe the model")
    if not modelled:
        for name, value in (("duration", duration), ("replications", replications), ("part", part)):
            if value is not None:
                raise refuse(name, value, "None for recorded heartbeats")
    return Terms(
        source=source,  # type: ignore[arg-type]
        warm_up=None if warm_up is None else whole("warm_up", warm_up, most=10**9),
        check_every=seconds("check_every", check_every),
        dwell=seconds("dwell", dwell),
        timer_first=flag("timer_first", timer_first),
        duration=None if duration is None else seconds("duration", duration),
        seed=seed_of(rng) if modelled else None,
        replications=None if replications is None else whole("replications", replications, least=1),
        part=None if part is None else _part(part),
    )


def _part(part: object) -> tuple[int, int]:
    if not isinstance(part, tuple) or len(part) != 2:
        raise refuse("part", part, "a pair of whole numbers", TypeError)
    return whole("part", part[0]), whole("part", part[1])


def watch(
    terms: Terms,
    entries: Sequence[tuple[str, Detector, Any]],
    confidence_level: float,
    progress: Progress,
) -> list[Curve]:
    """Return the curves of named detectors and their thresholds, which may be None."""
    if not entries:
        return []
    source = terms.core_source()
    contenders = [
        (detector._core, None if thresholds is None else _thresholds(detector, thresholds))
        for _, detector, thresholds in entries
    ]
    with reporter(progress, source.heartbeats()) as report:
        curves = _core.sweep(source, contenders, terms.core_terms(), report)
    return [
        Curve(core, detector, name, terms, confidence_level)
        for core, (name, detector, _) in zip(curves, entries, strict=True)
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
        pairs = []
        for index, item in enumerate(detectors):
            instance(f"detectors[{index}]", item, (Detector, Preset), expected)
            name = item.name if isinstance(item, Preset) else type(item).__name__
            taken = {taken for taken, _ in pairs}
            pairs.append((name if name not in taken else repr(item), item))
    else:
        raise refuse("detectors", detectors, "a sequence or a mapping of detectors", TypeError)
    if not pairs:
        raise refuse("detectors", detectors, "one detector or more")
    for name, item in pairs:
        instance(f"detectors[{name!r}]", item, (Detector, Preset), expected)
    if len(dict(pairs)) < len(pairs):
        raise refuse("detectors", detectors, "detectors that differ, or a mapping of names to them")
    return dict(pairs)
