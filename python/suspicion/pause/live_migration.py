"""Virtual machines that move while they run."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, number, positive, positive_number, whole
from ..distribution import Constant, Distribution
from .process import PauseProcess, seldom


class LiveMigration(PauseProcess):
    """A virtual machine that is moved to another host now and then.

    Its memory is copied in rounds while it runs, each of which copies what the machine wrote to during the
    one before; once the rest would take no longer than `downtime_limit`, or after `most_rounds`, it stands still
    until that is copied. A machine that writes faster than it is copied never gets there.

    Parameters
    ----------
    every : Distribution or duration
        Time from one move to the next; a duration is the mean of an exponential law.
    memory : float
        What there is to copy, in bytes.
    bandwidth : float
        Bytes copied in a second.
    dirty_rate : float
        Bytes written to in a second.
    downtime_limit : duration
        The default is QEMU's (migration/options.c: ``DEFAULT_MIGRATE_SET_DOWNTIME``).
    most_rounds : int
        The default was Xen's (tools/libxc/xc_domain_save.c of 4.2.2: ``DEF_MAX_ITERS``).

    Attributes
    ----------
    downtime : float
        How long it stands still, in seconds.
    rounds : int
        Rounds of copying before.
    copying : float
        How long those take, in seconds.
    converged : bool
        Whether the downtime is within its limit.

    Notes
    -----
    Round i copies V[i] bytes, and V[i + 1] = V[i] * dirty_rate / bandwidth, which is what is called *pre-copy*. Clark et al., Live
    Migration of Virtual Machines, NSDI 2005, report standstills of 60 ms for a game server and 210 ms for a web server; one that mostly
    writes typically stands still for seconds.

    Examples
    --------
    >>> import suspicion as sus
    >>> move = sus.LiveMigration(every="7d", memory=8e9, bandwidth=1e9, dirty_rate=0.25e9)
    >>> move.rounds, move.downtime, move.converged
    (3, 0.125, True)
    >>> sus.LiveMigration(every="7d", memory=8e9, bandwidth=1e9, dirty_rate=1e9).downtime
    8.0
    """

    _durations = frozenset({"downtime_limit"})
    cause = "live migration"
    downtime: float
    rounds: int
    copying: float
    converged: bool

    def __init__(
        self,
        *,
        every: Distribution | Duration,
        memory: float,
        bandwidth: float,
        dirty_rate: float,
        downtime_limit: Duration = "300ms",
        most_rounds: int = 29,
    ) -> None:
        rare = seldom("every", every)
        sizes = positive_number("memory", memory), positive_number("bandwidth", bandwidth)
        dirty, limit = number("dirty_rate", dirty_rate), positive("downtime_limit", downtime_limit)
        most = whole("most_rounds", most_rounds, most=10**6)
        found = _core.migration(*sizes, dirty, limit, most)
        for name, value in zip(("rounds", "copying", "downtime", "converged"), found, strict=True):
            self._set(name, value)
        self._set(
            "_core",
            _core.Pauses.renewal(rare._core, Constant(self.downtime)._core),
        )
        self._hold(
            every=rare,
            memory=sizes[0],
            bandwidth=sizes[1],
            dirty_rate=dirty,
            downtime_limit=limit,
            most_rounds=most,
        )
