"""Processes that wait for a disk."""

from __future__ import annotations

from typing import Self

from .. import _core
from ..arguments import number, refuse
from ..distribution import Distribution, LogNormal, Mixture, Pareto
from ..distribution.constant import law_of
from .process import PauseProcess, seldom


class Stalls(PauseProcess):
    """Page faults, writes that must reach the disk, seeks: mostly short, now and then a giant.

    Parameters
    ----------
    every : Distribution or duration
        Time from the end of one to the start of the next.
    typical : Distribution or duration
        Length of most.
    giant : Distribution or duration
        Length of the others.
    giant_share : float
        Which share of all those are.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Stalls.fsync(every="1s").simulate("1d", rng=1).statistics("1d").longest > 1.0
    True
    """

    cause = "disk stall"

    def __init__(
        self,
        *,
        every: Distribution | float | str,
        typical: Distribution | float | str,
        giant: Distribution | float | str,
        giant_share: float,
    ) -> None:
        share = number("giant_share", giant_share)
        if not 0.0 <= share < 1.0:
            raise refuse("giant_share", giant_share, "a share in [0, 1)")
        laws = [
            law_of(name, law)
            for name, law in (("every", every), ("typical", typical), ("giant", giant))
        ]
        lasting = Mixture(laws[1:], weights=[1.0 - share, share]) if share else laws[1]
        self._set("_core", _core.Pauses.renewal(laws[0]._core, lasting._core))
        self._hold(every=laws[0], typical=laws[1], giant=laws[2], giant_share=share)

    @classmethod
    def fsync(cls, *, every: float | str = "1s") -> Self:
        """Return writes to a log on a disk that others use, too.

        Some 10 ms each, a seek of a turning disk, and one in a thousand behind somebody's backlog, of a tenth of a
        second or much more. The shape is an assumption; replace it by a recording of your own.

        Parameters
        ----------
        every : duration
            Mean time between them.
        """
        return cls(
            every=seldom("every", every),
            typical=LogNormal(median="10ms", sigma=0.5),
            giant=Pareto(minimum="100ms", tail_index=1.5),
            giant_share=0.001,
        )

    @classmethod
    def swapping(cls, *, every: float | str = "1min") -> Self:
        """Return page faults of a machine that has run out of memory.

        Storms of faults take seconds. The shape is an assumption; replace it by a recording of your own.

        Parameters
        ----------
        every : duration
            Mean time between them.
        """
        return cls(
            every=seldom("every", every),
            typical=LogNormal(median="100ms", sigma=1.0),
            giant=Pareto(minimum="1s", tail_index=1.5),
            giant_share=0.05,
        )
