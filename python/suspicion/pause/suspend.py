"""Machines that sleep."""

from __future__ import annotations

from .interruption import Interruption


class Suspend(Interruption):
    """A machine that is suspended, such as a laptop whose lid is closed.

    All of it stands still, and with it the clocks that do not count suspended time: Linux's
    ``CLOCK_MONOTONIC`` stops, ``CLOCK_BOOTTIME`` and the wall clock go on.

    Parameters
    ----------
    every : Distribution or duration
        Time from the end of one to the start of the next; a duration is the mean of an exponential law.
    lasting : Distribution or duration
        How long it lasts.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Suspend(every="8h", lasting="16h").simulate("2d", rng=1).statistics("2d").share > 0.5
    True
    """

    cause = "suspend"
