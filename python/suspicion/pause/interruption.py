"""What stops a process from outside, now and then."""

from __future__ import annotations

from .. import _core
from ..distribution import Distribution
from ..distribution.constant import law_of
from .process import PauseProcess, seldom


class Interruption(PauseProcess):
    """A process that is stopped now and then, for as long as a law says.

    Parameters
    ----------
    every : Distribution or duration
        Time from the end of one to the start of the next; a duration is the mean of an exponential law.
    lasting : Distribution or duration
        How long it lasts.
    """

    def __init__(
        self, *, every: Distribution | float | str, lasting: Distribution | float | str
    ) -> None:
        rare, law = seldom("every", every), law_of("lasting", lasting)
        self._set("_core", _core.Pauses.renewal(rare._core, law._core))
        self._hold(every=rare, lasting=law)
