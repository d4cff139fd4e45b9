"""How heartbeats are watched."""

from __future__ import annotations

from dataclasses import dataclass

from .. import _core
from ..arguments import flag, instance, refuse, seconds, whole
from ..heartbeat import Arrivals, Heartbeats, Observers
from ..pause import Guard
from ..randomness import key_of, seed_of


@dataclass(frozen=True)
class Terms:
    """What a curve needs to know to be worked out again."""

    source: Arrivals | Heartbeats | Observers
    warm_up: int | None
    check_every: float
    dwell: float
    timer_first: bool
    guard: Guard | None
    duration: float | None
    seed: int | None
    replications: int | None
    part: tuple[int, int] | None

    def core_source(self) -> _core.Source:
        """Return what the core calls the source."""
        if isinstance(self.source, Arrivals):
            return _core.Source.recorded(self.source._core)
        if isinstance(self.source, Observers):
            return self.source._core
        assert self.duration is not None
        assert self.seed is not None
        key = key_of(self.seed)
        model, part = self.source._core, self.part
        return _core.Source.modelled(model, self.duration, key, self.replications, part, None)

    def core_terms(self) -> _core.Terms:
        """Return what the core calls the terms."""
        guard = None if self.guard is None else self.guard._pair
        return _core.Terms(self.warm_up, self.check_every, self.dwell, self.timer_first, guard)


def terms_of(
    source: object,
    duration: object,
    rng: object,
    warm_up: object,
    check_every: object,
    dwell: object,
    timer_first: object,
    guard: object,
    replications: object,
    part: object,
) -> Terms:
    """Return the terms that the arguments of a sweep stand for."""
    kinds = (Arrivals, Heartbeats, Observers)
    instance("source", source, kinds, "Arrivals, Heartbeats or Observers")
    instance("guard", guard, (Guard, type(None)), "a Guard or None")
    modelled = isinstance(source, Heartbeats)
    if modelled and duration is None:
        raise refuse("duration", duration, "how long to observe the model")
    if not modelled:
        unused = {"duration": duration, "rng": rng, "replications": replications, "part": part}
        for name, value in unused.items():
            if value is not None:
                raise refuse(name, value, "None for recorded heartbeats")
    return Terms(
        source=source,  # type: ignore[arg-type]
        warm_up=None if warm_up is None else whole("warm_up", warm_up, most=10**9),
        check_every=seconds("check_every", check_every),
        dwell=seconds("dwell", dwell),
        timer_first=flag("timer_first", timer_first),
        guard=guard,  # type: ignore[arg-type]
        duration=None if duration is None else seconds("duration", duration),
        seed=seed_of(rng) if modelled else None,
        replications=None if replications is None else whole("replications", replications, least=1),
        part=None if part is None else _part(part),
    )


def _part(part: object) -> tuple[int, int]:
    if not isinstance(part, tuple) or len(part) != 2:
        raise refuse("part", part, "a pair of whole numbers", TypeError)
    return whole("part", part[0]), whole("part", part[1])
