"""A node that sends heartbeats to a monitor over a link."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from .. import _core
from ..arguments import Duration, choice, flag, instance, seconds, whole
from ..distribution import Distribution
from ..distribution.horizon import untold
from ..network import Link
from ..pause import PauseProcess, Timeline, pauses_core
from ..progress import Progress, reporter
from ..randomness import RNG, key_of, seed_of
from ..value import Value
from .arrivals import Arrivals


class Heartbeats(Value):
    """A node that sends heartbeats to a monitor over a link; both may pause.

    Parameters
    ----------
    every : duration or Distribution
        Time from one heartbeat to the next; a distribution is drawn anew each time.
    link : Link
        What the network does to them.
    sender_pauses : Pauses, another model of pauses, or Timeline, optional
        When the sender stands still.
    receiver_pauses : Pauses, another model of pauses, or Timeline, optional
        When the monitor stands still: it sees at the end of a pause what arrived during it, and looks
        at its clock no earlier either.
    catch_up : {"burst", "skip", "shift"}
        What the sender does, when a pause ends, about the heartbeats that fell due in it: sends all of
        them at once, sends the last and forgets the others, or sends the first and keeps the interval
        from there on.

    Examples
    --------
    >>> import suspicion as sus
    >>> world = sus.Heartbeats(
    ...     every="1s",
    ...     link=sus.Link(delay=sus.LogNormal(median="5ms", sigma=0.8), loss=0.001),
    ...     sender_pauses=sus.Pauses(every=sus.Exponential(mean="1h"), lasting="2s"),
    ... )
    >>> world.simulate("1d", rng=7)
    Arrivals(<1 d, one heartbeat every 1 s: 86,288 arrivals, 112 lost, 11 reordered>)
    """

    _core: _core.Heartbeats
    _durations = frozenset({"every"})

    def __init__(
        self,
        *,
        every: Duration | Distribution,
        link: Link,
        sender_pauses: PauseProcess | Timeline | None = None,
        receiver_pauses: PauseProcess | Timeline | None = None,
        catch_up: Literal["burst", "skip", "shift"] = "burst",
    ) -> None:
        law = every._core if isinstance(every, Distribution) else None
        span = every if isinstance(every, Distribution) else seconds("every", every)
        instance("link", link, Link, "a Link")
        core = _core.Heartbeats(
            None if isinstance(span, Distribution) else span,
            law,
            choice("catch_up", catch_up, ("burst", "skip", "shift")),
            link._core,
            pauses_core("sender_pauses", sender_pauses),
            pauses_core("receiver_pauses", receiver_pauses),
        )
        self._set("_core", core)
        self._hold(
            every=span,
            link=link,
            sender_pauses=sender_pauses,
            receiver_pauses=receiver_pauses,
            catch_up=catch_up,
        )

    @property
    def interval(self) -> float:
        """Mean time from one heartbeat to the next, in seconds."""
        return self._core.interval()

    @property
    def identifiable_rate(self) -> float:
        """The lowest rate of mistakes, per second, that the data behind its laws can tell.

        A law that was fitted to data, or is a sample, is known up to some quantile
        (`Distribution.identifiable_to`). Longer delays and pauses come at this rate together, and what they
        cause is the form of the laws, not data. Zero where all laws were given by hand.
        """
        every = self.parameters["every"]
        beat = self.parameters["link"].untold
        if isinstance(every, Distribution):
            beat = max(beat, untold(every))
        pauses = (self.parameters[f"{side}_pauses"] for side in ("sender", "receiver"))
        drawn = sum(found.identifiable_rate for found in pauses if isinstance(found, PauseProcess))
        return float(beat / self.interval + drawn)

    def simulate(
        self, duration: Duration, *, rng: RNG = None, progress: Progress = None
    ) -> Arrivals:
        """Simulate one run and keep every arrival.

        Parameters
        ----------
        duration : duration
            How long the sender sends.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from; the seed is in the result.
        progress : bool or callable, optional
            True for a bar on the terminal, or what to call with heartbeats done and heartbeats in all.

        Raises
        ------
        MemoryError
            If the arrivals would not fit into memory, before it begins; see `stream`, and `sweep`,
            which takes the model itself and keeps nothing.
        """
        span, seed = seconds("duration", duration), seed_of(rng)
        with reporter(progress, span / self.interval) as report:
            return Arrivals(self._core.simulate(span, key_of(seed), report), seed=seed)

    def observe(
        self,
        duration: Duration,
        *,
        observers: int,
        one_link: bool = False,
        rng: RNG = None,
        progress: Progress = None,
    ) -> list[Arrivals]:
        """Simulate what several monitors see of the node, and keep every arrival.

        All see the same heartbeats, sent at the same times, so that the sender's pauses are trouble
        that they share. What the link does, and their own pauses, each has to itself.

        Parameters
        ----------
        duration : duration
            How long the sender sends.
        observers : int
            How many monitors there are.
        one_link : bool
            Whether they share the link, too: its delays, losses and bad spells.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from; the first monitor sees what `simulate` gives.
        progress : bool or callable, optional
            True for a bar on the terminal, or what to call with heartbeats done and heartbeats in all.

        Returns
        -------
        list of Arrivals
            For `Observers`.

        Examples
        --------
        >>> import suspicion as sus
        >>> world = sus.Heartbeats(every="1s", link=sus.Link(delay="20ms", loss=0.1))
        >>> [len(seen) for seen in world.observe("1h", observers=3, rng=7)]
        [3204, 3232, 3261]
        """
        span, seed = seconds("duration", duration), seed_of(rng)
        many, shared = whole("observers", observers, least=1), flag("one_link", one_link)
        with reporter(progress, many * span / self.interval) as report:
            seen = self._core.simulate_observers(span, many, shared, key_of(seed), report)
        return [Arrivals(core, seed=seed) for core in seen]

    def stream(
        self, duration: Duration, *, block: int = 100_000, rng: RNG = None
    ) -> Iterator[dict[str, Any]]:
        """Simulate one run and give its arrivals block by block, which together are those of `simulate`.

        Parameters
        ----------
        duration : duration
            How long the sender sends.
        block : int
            Heartbeats sent per block.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from.

        Yields
        ------
        dict of ndarray
            ``number``, ``sent_s`` and ``received_s`` of the arrivals that can come in no other order.
        """
        key, size = key_of(seed_of(rng)), whole("block", block, least=1, most=2**24)
        return _blocks(_core.ArrivalStream(self._core, seconds("duration", duration), key, size))


def _blocks(stream: _core.ArrivalStream) -> Iterator[dict[str, Any]]:
    while (columns := stream.next_block()) is not None:
        received, sent, number = columns
        yield {"number": number, "sent_s": sent, "received_s": received}
