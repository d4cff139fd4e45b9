"""Pauses that come now and then."""

from __future__ import annotations

from .. import _core
from ..distribution import Distribution
from ..distribution.constant import law_of
from ..distribution.horizon import untold
from .process import PauseProcess


class Pauses(PauseProcess):
    """Pauses that come now and then: an alternating renewal process.

    The process runs for a draw of `every`, pauses for a draw of `lasting`, and so on; it is in
    equilibrium when the observation begins.

    Parameters
    ----------
    every : Distribution or duration
        Time from the end of a pause to the start of the next, with a finite mean.
    lasting : Distribution or duration
        Length of a pause, with a finite mean.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Pauses(every=sus.Exponential(mean="1h"), lasting=sus.LogNormal(median="80ms", sigma=1.2))
    Pauses(every=Exponential(mean='1h'), lasting=LogNormal(median='80ms', sigma=1.2))
    """

    def __init__(
        self, *, every: Distribution | float | str, lasting: Distribution | float | str
    ) -> None:
        laws = law_of("every", every), law_of("lasting", lasting)
        self._set("_core", _core.Pauses.renewal(laws[0]._core, laws[1]._core))
        self._hold(every=laws[0], lasting=laws[1])

    @property
    def identifiable_rate(self) -> float:
        """Pauses per second of which the data behind the laws say nothing; zero for laws given by hand."""
        every, lasting = self.parameters["every"], self.parameters["lasting"]
        return float((untold(every) + untold(lasting)) / (every.mean() + lasting.mean()))
