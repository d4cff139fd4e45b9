"""Detectors of the user's own, written in Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import _core
from ..arguments import flag, refuse, whole
from .base import Detector
from .foreign import Rule, made


class Custom(Detector):
    """A detector of your own: a small Python class.

    It has one of two shapes. With deadlines that are affine in the threshold:
    ``observe(heartbeat) -> (base, scale)``, and the node is suspected once ``base + scale * threshold``
    has passed, a moment on the clock of ``heartbeat.received``, in seconds. Or with a suspicion level:
    ``observe(heartbeat)``, which returns nothing, and ``suspicion(elapsed) -> levels``, which takes an
    array of seconds since the last heartbeat, shape (n,), and returns how suspicious each is, shape (n,),
    never falling as time goes on; the node is suspected once the level is above the threshold.

    It runs through the same sweeps, comparisons and pictures as the detectors of this package: some ten
    microseconds a heartbeat in the first shape and some milliseconds in the second, and again as long
    where thresholds are to be chosen for it. A model warms up for 1024 heartbeats in each replication
    unless `warm_up` says otherwise.

    Parameters
    ----------
    factory : callable
        What makes a detector that has seen nothing: the class itself, or a function. It is called for
        each session of a log and each replication of a model.
    name : str, optional
        What it is called; that of the factory without it.
    threshold_name : str
        What its threshold is called.
    threshold_is_time : bool
        Whether the threshold is in seconds.
    newest_only : bool
        Whether a heartbeat counts only when its number is above all before. It is then copied, with
        `copy.deepcopy`, to learn what a heartbeat that others overtook would have meant.
    needs : int
        Heartbeats it must have seen before it can suspect at all.
    memory : int
        Heartbeats after which it has forgotten how it started.

    Examples
    --------
    >>> import suspicion as sus
    >>> class TwiceTheLongest:
    ...     def __init__(self):
    ...         self.last, self.longest = None, 0.0
    ...
    ...     def observe(self, heartbeat):
    ...         if self.last is not None:
    ...             self.longest = max(0.99 * self.longest, heartbeat.received - self.last)
    ...         self.last = heartbeat.received
    ...         return heartbeat.received, self.longest
    >>> detector = sus.Custom(TwiceTheLongest, needs=2)
    >>> sus.sweep(sus.examples.load("urban_n8_v20"), detector, thresholds=[1.0, 2.0]).mistakes
    array([924.,   5.])
    """

    def __init__(
        self,
        factory: Callable[[], Any],
        *,
        name: str | None = None,
        threshold_name: str = "threshold",
        threshold_is_time: bool = False,
        newest_only: bool = False,
        needs: int = 1,
        memory: int = 1,
    ) -> None:
        if not callable(factory):
            raise refuse(
                "factory", factory, "a class, or a function that makes a detector", TypeError
            )
        called = getattr(factory, "__name__", type(factory).__name__) if name is None else name
        for key, text in (("name", called), ("threshold_name", threshold_name)):
            if not isinstance(text, str):
                raise refuse(key, text, "text", TypeError)
        as_time, newest_only = (
            flag("threshold_is_time", threshold_is_time),
            flag("newest_only", newest_only),
        )
        least, remembered = whole("needs", needs, least=1), whole("memory", memory)
        first = made(factory)
        by_level = hasattr(first, "suspicion")
        rule = Rule(factory, called, by_level)
        core = _core.Detector.foreign(rule, by_level, newest_only, least, remembered)
        self._build(
            core,
            factory=factory,
            name=called,
            threshold_name=threshold_name,
            threshold_is_time=as_time,
            newest_only=newest_only,
            needs=least,
            memory=remembered,
        )
        self._set("threshold_name", threshold_name)
        self._set("threshold_is_time", as_time)

    @property
    def title(self) -> str:
        """What it is called in tables and pictures."""
        return str(self.parameters["name"])
