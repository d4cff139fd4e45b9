"""Several monitors of one node."""

from __future__ import annotations

from collections.abc import Sequence

from .. import _core
from ..arguments import instance, refuse, whole
from ..value import Value
from .arrivals import Arrivals


class Observers(Value):
    """What several monitors saw of one node, and how many of them must suspect it at the same time.

    A source for `sweep` and `compare`: a mistake is a time in which at least `quorum` of the monitors
    suspect the node, and a crash is noticed when so many do. `Heartbeats.observe` simulates such
    monitors. Each watches with the same detector and threshold, so that it takes as long for each
    threshold.

    Parameters
    ----------
    arrivals : sequence of Arrivals
        What each saw, on one clock, send times included, and without clock resets.
    quorum : int
        How many must agree.

    Examples
    --------
    >>> import suspicion as sus
    >>> link = sus.Link(delay=sus.LogNormal(median="20ms", sigma=1.0), loss=0.05)
    >>> world = sus.Heartbeats(every="1s", link=link)
    >>> seen = world.observe("1d", observers=3, rng=7)
    >>> for quorum in (1, 2, 3):
    ...     curve = sus.sweep(sus.Observers(seen, quorum=quorum), sus.FixedTimeout(), thresholds=["2.5s"])
    ...     print(quorum, curve.mistakes[0])
    1 625.0
    2 0.0
    3 0.0
    """

    _core: _core.Source

    def __init__(self, arrivals: Sequence[Arrivals], *, quorum: int) -> None:
        if not isinstance(arrivals, Sequence) or isinstance(arrivals, (str, bytes)):
            raise refuse("arrivals", arrivals, "a sequence of Arrivals", TypeError)
        for index, log in enumerate(arrivals):
            instance(f"arrivals[{index}]", log, Arrivals, "Arrivals")
        many = whole("quorum", quorum, least=1)
        logs = tuple(arrivals)
        core = _core.Source.observed([log._core for log in logs], many)
        self._set("_core", core)
        self._hold(arrivals=logs, quorum=many)

    @property
    def arrivals(self) -> tuple[Arrivals, ...]:
        """What each monitor saw."""
        return self.parameters["arrivals"]  # type: ignore[no-any-return]

    @property
    def quorum(self) -> int:
        """How many must agree."""
        return self.parameters["quorum"]  # type: ignore[no-any-return]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Observers):
            return NotImplemented
        return self.quorum == other.quorum and self.arrivals == other.arrivals

    def __hash__(self) -> int:
        return hash((self.quorum, len(self.arrivals)))

    def __repr__(self) -> str:
        return f"Observers(<{len(self.arrivals)} monitors>, quorum={self.quorum})"
