"""Virtual processors that wait for a real one."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, positive, positive_number, refuse
from ..distribution import Constant
from .process import PauseProcess


class Steal(PauseProcess):
    """A busy virtual processor that shares a real one with others as busy.

    It runs for a slice and waits for the slices of the others. With an overcommitment of 3 a slice of 30 ms is
    followed by 60 ms of waiting, which the guest sees as *steal*.

    Parameters
    ----------
    overcommit : float
        Busy virtual processors for each real one, above 1.
    slice : duration
        For how long it runs; the default is that of Xen's credit scheduler (xen/common/sched/credit.c: ``CSCHED_DEFAULT_TSLICE_MS``).

    Examples
    --------
    >>> import suspicion as sus
    >>> round(sus.Steal(overcommit=1.5).simulate("1h", rng=1).statistics("1h").share, 4)
    0.3333
    """

    _durations = frozenset({"slice"})
    cause = "steal"

    def __init__(self, *, overcommit: float, slice: Duration = "30ms") -> None:
        many, span = positive_number("overcommit", overcommit), positive("slice", slice)
        if not many > 1.0:
            raise refuse("overcommit", overcommit, "a number above 1")
        laws = Constant(span)._core, Constant((many - 1.0) * span)._core
        self._set("_core", _core.Pauses.renewal(*laws))
        self._hold(overcommit=many, slice=span)
