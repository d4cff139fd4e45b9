"""Threads that wait for their turn."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, positive, whole
from ..distribution import Distribution, Uniform
from ..distribution.constant import law_of
from .process import PauseProcess


class Scheduling(PauseProcess):
    """A thread that waits in the queue of its processor when it wants to run.

    It wants to run now and then, and finds up to `competitors` others before it, each of which runs for a
    slice: it waits for anything up to a whole round.

    Parameters
    ----------
    every : Distribution or duration
        Time from when it runs to when it waits again.
    competitors : int
        Threads that always have work on the same processor.
    slice : duration
        For how long each runs.

    Examples
    --------
    >>> import suspicion as sus
    >>> busy = sus.Scheduling(every=sus.Exponential(mean="1s"), competitors=4)
    >>> busy.simulate("1h", rng=1).statistics("1h").longest < 0.012
    True
    """

    _durations = frozenset({"slice"})
    cause = "scheduling"

    def __init__(
        self,
        *,
        every: Distribution | Duration,
        competitors: int,
        slice: Duration = "3ms",
    ) -> None:
        law, span = law_of("every", every), positive("slice", slice)
        many = whole("competitors", competitors, least=1, most=10**6)
        waits = Uniform(low=0.0, high=many * span)
        self._set("_core", _core.Pauses.renewal(law._core, waits._core))
        self._hold(every=law, competitors=many, slice=span)
