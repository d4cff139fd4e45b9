"""Several reasons to stand still."""

from __future__ import annotations

from itertools import chain
from typing import Any

from .. import _core
from ..arguments import instance
from .process import PauseProcess, pauses_core
from .timeline import Timeline


class Union(PauseProcess):
    """Pauses for several reasons that know nothing of each other; where they overlap they are one.

    Written as ``one | other``.

    Parameters
    ----------
    *parts : models of pauses and Timelines
        The reasons. A timeline begins when the observation does.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.CpuQuota(quota="50ms") | sus.Suspend(every="8h", lasting="1h")
    Union(CpuQuota(quota='50ms', period='100ms', threads=1), Suspend(every=Exponential(mean='8h'), lasting=Constant(value='1h')))
    """

    parts: tuple[PauseProcess | Timeline, ...]

    def __init__(self, *parts: PauseProcess | Timeline) -> None:
        kinds = (PauseProcess, Timeline)
        for part in parts:
            instance("parts", part, kinds, "models of pauses and Timelines")
        flat = tuple(
            chain.from_iterable(
                part.parts if isinstance(part, Union) else (part,) for part in parts
            )
        )
        cores = [pauses_core("parts", part) for part in flat]
        self._set("_core", _core.Pauses.union(cores))
        self._set("parts", flat)
        self._hold(parts=flat)

    @property
    def identifiable_rate(self) -> float:
        """Pauses per second of which the data behind the laws say nothing; zero for laws given by hand."""
        return sum(part.identifiable_rate for part in self.parts if isinstance(part, PauseProcess))

    def _causes(self) -> list[str]:
        named = (
            part._causes() if isinstance(part, PauseProcess) else ["given"] for part in self.parts
        )
        return list(chain.from_iterable(named))

    def __repr__(self) -> str:
        return f"Union({', '.join(map(repr, self.parts))})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Union, self.parts
