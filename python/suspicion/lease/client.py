"""Who holds a lease, or waits for it."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, flag, instance
from ..distribution import Distribution
from ..distribution.constant import law_of
from ..pause import Timeline
from ..pause.process import PauseProcess, pauses_core
from ..pause.union import Union
from ..value import Value
from .clock import SUSPEND, Clock

MOST_CAUSES = 32
"""Causes of a timeline are told apart if they are no more than this."""


class Client(Value):
    """One who holds a lease or waits for it.

    Parameters
    ----------
    pauses : model of pauses or Timeline, optional
        When it stands still. Pauses whose cause is ``"suspend"`` suspend the machine and stop its timers.
    clock : Clock
        By which it looks at its lease.
    looks : bool
        Whether it looks at all, before each write and each renewal, or takes the lease for its own until it is told
        otherwise.
    delay : Distribution or duration
        How long a message takes to the lock service, and one back.
    outages : model of pauses or Timeline, optional
        When its messages to and from the lock service are lost.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Client(pauses=sus.CpuQuota(quota="100ms", threads=10), clock=sus.Clock.monotonic())
    Client(pauses=CpuQuota(quota='100ms', period='100ms', threads=10), clock=Clock(drift=0.0, ...
    """

    _core: _core.LeaseClient
    causes: tuple[str, ...]

    def __init__(
        self,
        *,
        pauses: PauseProcess | Timeline | None = None,
        clock: Clock | None = None,
        looks: bool = True,
        delay: Distribution | Duration = 0.0,
        outages: PauseProcess | Timeline | None = None,
    ) -> None:
        told = Clock() if clock is None else instance("clock", clock, Clock, "a Clock or None")
        law, looking = law_of("delay", delay), flag("looks", looks)
        lost = pauses_core("outages", outages)
        parts = _parts(pauses)
        reasons = [(pauses_core("pauses", part), cause == SUSPEND) for cause, part in parts]
        core = _core.LeaseClient(reasons, told._core, looking, law._core, lost)
        self._set("_core", core)
        self._set("causes", tuple(cause for cause, _ in parts))
        self._hold(pauses=pauses, clock=told, looks=looking, delay=law, outages=outages)


def _parts(pauses: object) -> list[tuple[str, PauseProcess | Timeline]]:
    """Return each reason to pause with its name."""
    if pauses is None:
        return []
    pauses_core("pauses", pauses)
    if isinstance(pauses, Union):
        return [part for whole in pauses.parts for part in _parts(whole)]
    if isinstance(pauses, Timeline):
        names = sorted(set(pauses.spells[2].tolist()))
        if not any(names) or len(names) > MOST_CAUSES:
            return [("pause", pauses)]
        return [(name or "pause", pauses.of(name)) for name in names]
    assert isinstance(pauses, PauseProcess)
    return [(pauses.cause, pauses)]
