"""What all models of pauses share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _core
from ..arguments import Duration, instance, positive, seconds
from ..distribution import Distribution
from ..progress import Progress, reporter
from ..randomness import RNG, key_of, seed_of
from ..value import Value

if TYPE_CHECKING:
    from .timeline import Timeline
    from .union import Union


class PauseProcess(Value):
    """When a process stands still, as a model: what `Heartbeats` takes as pauses of a sender or a monitor."""

    _core: _core.Pauses
    cause: str = "pause"
    """What a pause is due to, as it is called in timelines."""

    @property
    def identifiable_rate(self) -> float:
        """Pauses per second of which the data behind the laws say nothing; zero for laws given by hand."""
        return 0.0

    def simulate(
        self, duration: Duration, *, rng: RNG = None, progress: Progress = None
    ) -> Timeline:
        """Return the pauses of one run, in equilibrium from its beginning.

        Parameters
        ----------
        duration : duration
            How long to look; the last pause may end later.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from.
        progress : bool or callable, optional
            True for a bar on the terminal, or what to call with pauses done.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.CpuQuota(quota="100ms", threads=10).simulate("1s", rng=1)
        Timeline(<11 pauses, 0.9193 s in all>)
        """
        from .timeline import Timeline

        span, seed = seconds("duration", duration), seed_of(rng)
        with reporter(progress, span) as report:
            found = self._core.simulate(span, self._causes(), key_of(seed), report)
        return Timeline._of(found)

    def __or__(self, other: PauseProcess | Timeline) -> Union:
        from .timeline import Timeline
        from .union import Union

        if not isinstance(other, (PauseProcess, Timeline)):
            return NotImplemented
        return Union(self, other)

    def _causes(self) -> list[str]:
        return [self.cause]


def seldom(name: str, every: Distribution | Duration) -> Distribution:
    """Return the law of a time between pauses; a duration is the mean of an exponential one."""
    from ..distribution import Exponential

    return every if isinstance(every, Distribution) else Exponential(mean=positive(name, every))


def pauses_core(name: str, value: object) -> _core.Pauses:
    """Return what the core calls the pauses, or never pausing for None."""
    from .timeline import Timeline

    if value is None:
        return _core.Pauses.never()
    expected = "Pauses, another model of pauses, a Timeline or None"
    found = instance(name, value, (PauseProcess, Timeline), expected)
    return _core.Pauses.timeline(found._core) if isinstance(found, Timeline) else found._core
