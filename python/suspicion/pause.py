"""Pauses: intervals in which a process stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _core
from .arguments import Floats, durations, frozen
from .distribution import Distribution
from .distribution.constant import law_of
from .value import Value

if TYPE_CHECKING:
    from collections.abc import Sequence


class Pauses(Value):
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

    _core: _core.Pauses

    def __init__(
        self, *, every: Distribution | float | str, lasting: Distribution | float | str
    ) -> None:
        laws = law_of("every", every), law_of("lasting", lasting)
        self._set("_core", _core.Pauses.renewal(laws[0]._core, laws[1]._core))
        self._hold(every=laws[0], lasting=laws[1])


class Timeline(Value):
    """Pauses at given times.

    Parameters
    ----------
    starts : sequence of durations
        When each pause begins, since the start of the observation; in any order.
    lasting : sequence of durations
        How long each lasts. Pauses that overlap or touch become one.

    Attributes
    ----------
    starts, lasting : ndarray of float64, shape (n,)
        The pauses in order and apart from each other, in seconds.

    Examples
    --------
    >>> import suspicion as sus
    >>> pauses = sus.Timeline(starts=["1s", "10s", "10.5s"], lasting=["200ms", "1s", "1s"])
    >>> pauses.lasting
    array([0.2, 1.5])
    """

    _core: _core.Pauses
    starts: Floats
    lasting: Floats

    def __init__(self, *, starts: Sequence[Any] | Floats, lasting: Sequence[Any] | Floats) -> None:
        core = _core.Pauses.timeline(durations("starts", starts), durations("lasting", lasting))
        found = map(frozen, core.intervals())
        self._set("_core", core)
        self._hold(**dict(zip(("starts", "lasting"), found, strict=True)))
        for name, column in self.parameters.items():
            self._set(name, column)

    def __len__(self) -> int:
        return len(self.starts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timeline) and self._core == other._core

    def __hash__(self) -> int:
        return hash((self.starts.tobytes(), self.lasting.tobytes()))

    def __repr__(self) -> str:
        return f"Timeline(<{len(self)} pauses, {float(np.sum(self.lasting)):.4g} s in all>)"


def pauses_core(name: str, value: object) -> _core.Pauses:
    """Return what the core calls the pauses, or never pausing for None."""
    from .arguments import instance

    if value is None:
        return _core.Pauses.never()
    found = instance(name, value, (Pauses, Timeline), "Pauses, a Timeline or None")
    return found._core  # type: ignore[no-any-return]
