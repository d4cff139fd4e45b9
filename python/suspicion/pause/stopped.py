"""Processes that somebody stops."""

from __future__ import annotations

from .interruption import Interruption


class Stopped(Interruption):
    """A process that gets SIGSTOP, by Ctrl-Z, a debugger or a freezer, and goes on after SIGCONT.

    Only this process stands still: all clocks go on, and the kernel still answers for it, so that
    its connections look alive.

    Parameters
    ----------
    every : Distribution or duration
        Time from the end of one to the start of the next; a duration is the mean of an exponential law.
    lasting : Distribution or duration
        How long it lasts.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Stopped(every="7d", lasting=sus.LogNormal(median="1min", sigma=1)).cause == "stopped"
    True
    """

    cause = "stopped"
