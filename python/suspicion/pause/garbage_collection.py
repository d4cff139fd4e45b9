"""Programs whose heap is collected."""

from __future__ import annotations

from typing import Any, Self

from .. import _core
from ..arguments import Duration, number, positive, positive_number, refuse, seconds
from .process import PauseProcess

GB = 1e9

YOUNG = "eden", "survival", "minor_base", "minor_per_byte"
CONCURRENT = "concurrent", "phase", "headroom", "full_per_byte"
"""What there is to say of a young generation, and of a collector that does not stop the program."""


class GarbageCollection(PauseProcess):
    """A program that allocates until its heap is full, and stands still while that is collected.

    With a young generation, each `eden` bytes a *minor* collection stops the program for
    ``minor_base + minor_per_byte * survival * eden`` and moves the share `survival` of them on. Without one everything
    that is allocated fills the old generation. That grows from `live` bytes to `limit` and is then collected: either stopped, for
    ``major_per_byte * limit``, or *concurrently*, with two stops of `phase` that lie `concurrent` apart. If the program
    fills `headroom` bytes between them it waits until the cycle ends (an *allocation stall*) or, with `full_per_byte`,
    everything stops for a *full* collection of ``full_per_byte * (limit + headroom)``.

    Parameters
    ----------
    allocation_rate : float
        Bytes allocated for a second of running; no more than fill `eden`, or without one the old generation, in a microsecond.
    live, limit : float
        Bytes in the old generation after and before its collection.
    eden : float, optional
        Bytes allocated from one minor collection to the next; no young generation without it.
    survival : float
        Share of them that is moved on.
    minor_base : duration
        Length of a minor collection in which nothing survives.
    minor_per_byte : float
        Seconds more for each byte that does.
    major_per_byte : float, optional
        Seconds for each byte, of a collector that stops the program.
    concurrent : duration, optional
        Time of a cycle, of one that does not.
    phase : duration
        Length of each of its two stops.
    headroom : float
        Bytes that may be filled during a cycle.
    full_per_byte : float, optional
        Seconds for each byte of a full collection where that does not do.
    variation : float
        Sigma of the lognormal factor, of mean 1, by which the allocation rate changes from interval to interval; up to 3.
    spread : float
        Sigma of the lognormal factor, of median 1, of each stop; up to 3.

    Attributes
    ----------
    minors_per_major : float
        ``(limit - live) / (survival * eden)``, rounded up; 1 without a young generation.
    major_interval : float
        Mean time of running from one collection of the old generation to the next, in seconds.

    Notes
    -----
    Presets are named after the collectors of the JVM. Their stops have typical magnitudes and were not measured on any heap: what a
    preset says of its stops is true of nine in ten that it draws for the heap and the allocation rate that it has by default. Most stops grow with
    the heap. They are beginnings: your own log knows better (`suspicion.traces`).

    Examples
    --------
    A minor collection every 2 s and 150 of them to a major one:

    >>> import suspicion as sus
    >>> heap = sus.GarbageCollection(
    ...     allocation_rate=0.5e9, eden=1e9, survival=0.02, live=1e9, limit=4e9, major_per_byte=0.25e-9
    ... )
    >>> heap.minors_per_major, heap.major_interval
    (150.0, 300.0)
    """

    _durations = frozenset({"minor_base", "concurrent", "phase"})
    cause = "garbage collection"
    minors_per_major: float
    major_interval: float

    def __init__(
        self,
        *,
        allocation_rate: float,
        live: float,
        limit: float,
        eden: float | None = None,
        survival: float = 0.02,
        minor_base: Duration = "10ms",
        minor_per_byte: float = 1e-9,
        major_per_byte: float | None = None,
        concurrent: Duration | None = None,
        phase: Duration = "1ms",
        headroom: float = 0.0,
        full_per_byte: float | None = None,
        variation: float = 0.0,
        spread: float = 0.0,
    ) -> None:
        if (major_per_byte is None) == (concurrent is None):
            raise refuse(
                "concurrent",
                concurrent,
                "either a time for it or major_per_byte, not both and not neither",
            )
        program = {
            "allocation_rate": number("allocation_rate", allocation_rate),
            "live": number("live", live),
            "limit": number("limit", limit),
        }
        young: tuple[float, float, float, float] | None = None
        if eden is not None:
            young = (
                number("eden", eden),
                number("survival", survival),
                seconds("minor_base", minor_base),
                number("minor_per_byte", minor_per_byte),
            )
        old: float | tuple[float, float, float, float | None]
        if major_per_byte is not None:
            old = number("major_per_byte", major_per_byte)
            given = {"major_per_byte": old}
        else:
            old = (
                positive("concurrent", concurrent),
                seconds("phase", phase),
                number("headroom", headroom),
                None if full_per_byte is None else number("full_per_byte", full_per_byte),
            )
            given = {
                name: value
                for name, value in zip(CONCURRENT, old, strict=True)
                if value is not None
            }
        given = program | dict(zip(YOUNG, young or (), strict=False)) | given
        sigmas = {"variation": number("variation", variation), "spread": number("spread", spread)}
        core, minors, interval = _core.Pauses.collection(young=young, old=old, **program, **sigmas)
        self._set("_core", core)
        self._set("minors_per_major", minors)
        self._set("major_interval", interval)
        self._hold(**given, **sigmas)

    @classmethod
    def _of(
        cls,
        heap: float,
        allocation_rate: float,
        *,
        cycle: float | None = None,
        eden: float | None = None,
        live: float,
        limit: float,
        headroom: float = 0.0,
        **others: Any,
    ) -> Self:
        """Return a heap whose parts are given as shares of it, and its cycle in seconds for each GB of it."""
        size = positive_number("heap", heap)
        return cls(
            allocation_rate=allocation_rate,
            eden=None if eden is None else eden * size,
            live=live * size,
            limit=limit * size,
            headroom=headroom * size,
            concurrent=None if cycle is None else cycle * size / GB,
            **others,
        )

    @classmethod
    def parallel(cls, *, heap: float = 4 * GB, allocation_rate: float = 0.5 * GB) -> Self:
        """Return a collector that stops for young and old.

        Minor collections take 25 to 80 ms, major ones 500 to 1600 ms.

        Parameters
        ----------
        heap : float
            Bytes; a third is eden.
        allocation_rate : float
            Bytes a second.
        """
        return cls._of(
            heap,
            allocation_rate,
            eden=1 / 3,
            survival=0.02,
            minor_base="20ms",
            minor_per_byte=1.0 / GB,
            live=0.25,
            limit=0.66,
            major_per_byte=0.35 / GB,
            variation=0.3,
            spread=0.3,
        )

    @classmethod
    def g1(cls, *, heap: float = 4 * GB, allocation_rate: float = 0.5 * GB) -> Self:
        """Return a collector that keeps most stops below 200 ms, and marks concurrently.

        Minor collections take 40 to 160 ms, phases 10 to 40 ms.

        Parameters
        ----------
        heap : float
            Bytes; a quarter is eden.
        allocation_rate : float
            Bytes a second.
        """
        return cls._of(
            heap,
            allocation_rate,
            eden=1 / 4,
            survival=0.03,
            minor_base="50ms",
            minor_per_byte=1.0 / GB,
            live=0.25,
            limit=0.45,
            cycle=1.0,
            phase="20ms",
            headroom=0.3,
            full_per_byte=1.0 / GB,
            variation=0.3,
            spread=0.4,
        )

    @classmethod
    def cms(cls, *, heap: float = 4 * GB, allocation_rate: float = 0.5 * GB) -> Self:
        """Return a collector that, when it comes too late, compacts the whole heap at 9 s a GB.

        Minor collections take 20 to 80 ms, phases 25 to 100 ms, full collections 13 to 60 s.

        Parameters
        ----------
        heap : float
            Bytes; a tenth is eden.
        allocation_rate : float
            Bytes a second.
        """
        return cls._of(
            heap,
            allocation_rate,
            eden=1 / 10,
            survival=0.05,
            minor_base="20ms",
            minor_per_byte=1.0 / GB,
            live=0.3,
            limit=0.7,
            cycle=1.5,
            phase="50ms",
            headroom=0.1,
            full_per_byte=9.0 / GB,
            variation=0.6,
            spread=0.4,
        )

    @classmethod
    def zgc(cls, *, heap: float = 4 * GB, allocation_rate: float = 0.5 * GB) -> Self:
        """Return a collector without long stops, whose program waits when it allocates faster than it is collected.

        Phases take 0.3 to 0.9 ms, allocation stalls 25 to 1200 ms.

        Parameters
        ----------
        heap : float
            Bytes.
        allocation_rate : float
            Bytes a second.
        """
        return cls._of(
            heap,
            allocation_rate,
            live=0.3,
            limit=0.6,
            cycle=0.5,
            phase="0.5ms",
            headroom=0.4,
            variation=0.5,
            spread=0.3,
        )

    @classmethod
    def shenandoah(cls, *, heap: float = 4 * GB, allocation_rate: float = 0.5 * GB) -> Self:
        """Return a collector without long stops, which finishes its cycle in a stop when it comes too late.

        Phases take 0.4 to 1.2 ms, full collections 700 to 2000 ms.

        Parameters
        ----------
        heap : float
            Bytes.
        allocation_rate : float
            Bytes a second.
        """
        return cls._of(
            heap,
            allocation_rate,
            live=0.3,
            limit=0.6,
            cycle=0.5,
            phase="0.7ms",
            headroom=0.4,
            full_per_byte=0.3 / GB,
            variation=0.5,
            spread=0.3,
        )
