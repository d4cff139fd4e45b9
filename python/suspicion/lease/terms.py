"""On what terms a service gives a lease."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from ..arguments import (
    Duration,
    Floats,
    choice,
    flag,
    frozen,
    instance,
    level,
    number,
    positive,
    refuse,
    seconds,
    whole,
)
from ..progress import Progress, reporter
from ..randomness import RNG, key_of, seed_of
from .client import Client
from .clock import Clock
from .formulas import Formulas
from .history import LeaseHistory
from .outcome import LeaseOutcome
from .takeover import Takeover
from .writes import Writes

if TYPE_CHECKING:
    from .._core import Lease as Case
    from .._core import LeaseTerms as Terms
    from ..pause import Timeline
    from ..pause.process import PauseProcess
    from ..traces import PauseLog
    from .lengths import LeaseLengths

JUDGES = ("service", "observers")
COUNTED = ("request", "reply")


class Lease(Formulas):
    """A lease: for how long it holds, how it is renewed, and how the next one gets it.

    Presets of real systems are in `suspicion.leases`.

    Parameters
    ----------
    length : duration
        How long it holds after a renewal, by the clock of whoever judges it.
    renew_every : duration, optional
        How often its holder asks for more time, by its clock; a third of `length` without it.
    believed_for : duration, optional
        How long the holder takes it for its own after a renewal, by its clock; `length` without it. `margin` has what clocks that
        drift leave.
    counted_from : str
        Whether the holder counts that from its ``"request"``, which is safe, or from the ``"reply"``, which comes too late.
    renews_on_waking : bool
        Whether a holder that wakes up renews at once, also where no renewal is due.
    poll_every : duration
        How often those who wait ask for it; at zero they are told as soon as it is free, which observers are not.
    poll_jitter : float
        By what share of `poll_every` they may wait longer, uniformly.
    grace : duration
        For how long after it has run out its holder may still renew.
    lock_delay : duration
        For how long after that nobody gets it.
    judged_by : str
        Who says that it has run out: the ``"service"`` from the arrival of a renewal, or ``"observers"``, each of those who wait
        from when it saw one.
    service_clock : Clock, optional
        By which the service judges.

    Examples
    --------
    >>> import suspicion as sus
    >>> lease = sus.Lease(length="15s", renew_every="2s")
    >>> lease.two_holders(sus.Exponential(mean="1.5s"))
    9.51...e-05
    """

    _durations = frozenset(
        {"length", "renew_every", "believed_for", "poll_every", "grace", "lock_delay"}
    )
    _core: Terms

    def __init__(
        self,
        *,
        length: Duration,
        renew_every: Duration | None = None,
        believed_for: Duration | None = None,
        counted_from: str = "request",
        renews_on_waking: bool = False,
        poll_every: Duration = 0.0,
        poll_jitter: float = 0.0,
        grace: Duration = 0.0,
        lock_delay: Duration = 0.0,
        judged_by: str = "service",
        service_clock: Clock | None = None,
    ) -> None:
        holds = positive("length", length)
        judge, counted = (
            choice("judged_by", judged_by, JUDGES),
            choice("counted_from", counted_from, COUNTED),
        )
        clock = service_clock
        if clock is not None:
            instance("service_clock", clock, Clock, "a Clock or None")
            if judge == "observers":
                raise refuse("service_clock", clock, "none, as observers judge by their own")
        self._hold(
            length=holds,
            renew_every=holds / 3 if renew_every is None else positive("renew_every", renew_every),
            believed_for=holds if believed_for is None else positive("believed_for", believed_for),
            counted_from=counted,
            renews_on_waking=flag("renews_on_waking", renews_on_waking),
            poll_every=seconds("poll_every", poll_every),
            poll_jitter=number("poll_jitter", poll_jitter),
            grace=seconds("grace", grace),
            lock_delay=seconds("lock_delay", lock_delay),
            judged_by=judge,
            service_clock=clock,
        )
        self._set("_core", self._terms(holds))

    def _terms(self, length: float, later: float = 0.0) -> Terms:
        """Return these terms for a lease of another length that the next one gets so much later."""
        known = self.parameters
        clock = (known["service_clock"] or Clock())._core
        return _core.LeaseTerms(
            length=length,
            renew_every=known["renew_every"],
            believed_for=known["believed_for"],
            from_reply=known["counted_from"] == "reply",
            renews_on_waking=known["renews_on_waking"],
            poll_every=known["poll_every"],
            poll_jitter=known["poll_jitter"],
            grace=known["grace"],
            lock_delay=known["lock_delay"] + later,
            service=clock if known["judged_by"] == "service" else None,
        )

    def simulate(
        self,
        clients: Sequence[Client],
        *,
        duration: Duration,
        runs: int = 1,
        writes: Writes | None = None,
        confidence_level: float = 0.95,
        rng: RNG = None,
        progress: Progress = None,
    ) -> LeaseOutcome:
        """Return what becomes of the lease among clients that pause, whose clocks drift and whose messages are slow or lost.

        The first client holds it when a run begins, or when it first runs. Requests are followed one by one in the order in which
        they are sent, also where one overtakes another; who gets no answer within `renew_every` looks no more for it.

        Parameters
        ----------
        clients : sequence of Client
            Two or more, up to 16.
        duration : duration
            How long each run takes.
        runs : int
            How many, which know nothing of each other.
        writes : Writes, optional
            What the holder writes.
        confidence_level : float
            Of the intervals of the outcome.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from.
        progress : bool or callable, optional
            True for a bar on the terminal, or what to call with seconds done.

        Examples
        --------
        >>> import suspicion as sus
        >>> often = sus.Client(pauses=sus.Pauses(every=sus.Exponential(mean="1min"), lasting=sus.Exponential(mean="2s")))
        >>> found = sus.Lease(length="10s").simulate([often, often], duration="30d", rng=1)
        >>> found.two_holders
        686
        """
        core, group = self._case(clients, writes)
        span, times = positive("duration", duration), whole("runs", runs, least=1)
        confidence, seed = level(confidence_level), seed_of(rng)
        with reporter(progress, span * times) as report:
            found = core.simulate(span, times, key_of(seed), report)
        return LeaseOutcome._of(found, group, confidence)

    def history(
        self,
        clients: Sequence[Client],
        *,
        duration: Duration,
        writes: Writes | None = None,
        first_token: int = 1,
        confidence_level: float = 0.95,
        rng: RNG = None,
    ) -> LeaseHistory:
        """Return what is sent and all that happens in the first run of `simulate`.

        Parameters
        ----------
        clients : sequence of Client
            Two or more, up to 16.
        duration : duration
            How long it takes.
        writes : Writes, optional
            What the holder writes.
        first_token : int
            Token of the first grant.
        confidence_level : float
            Of the intervals of the outcome.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from.

        Examples
        --------
        >>> import suspicion as sus
        >>> stuck = sus.Client(pauses=sus.Timeline(starts=["3s"], lasting=["15s"]))
        >>> past = sus.Lease(length="10s").history([stuck, sus.Client()], duration="30s", first_token=33)
        >>> past
        LeaseHistory(<8 messages, tokens 33 to 34>)
        """
        core, group = self._case(clients, writes)
        first = whole("first_token", first_token, least=1, most=2**53)
        span, confidence, seed = (
            positive("duration", duration),
            level(confidence_level),
            seed_of(rng),
        )
        outcome, history = core.history(span, key_of(seed))
        return LeaseHistory._of(history, LeaseOutcome._of(outcome, group, confidence), first)

    def takeover(
        self,
        clients: Sequence[Client] | None = None,
        *,
        runs: int = 10_000,
        rng: RNG = None,
        progress: Progress = None,
    ) -> Takeover:
        """Return how long it takes until another has the lease when the first client crashes at a random moment.

        It does not pause before that.

        Parameters
        ----------
        clients : sequence of Client, optional
            Two or more, up to 16; two that never pause without it.
        runs : int
            How many crashes.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from.
        progress : bool or callable, optional
            True for a bar on the terminal, or what to call with crashes done.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.leases.kubernetes().takeover(rng=1).mean
        17.3...
        """
        core, _ = self._case([Client(), Client()] if clients is None else clients, None)
        times, seed = whole("runs", runs, least=2), seed_of(rng)
        with reporter(progress, times) as report:
            found = core.takeovers(times, key_of(seed), report)
        return Takeover(frozen(np.sort(found)))

    def lengths(
        self,
        lengths: Sequence[Any] | Floats | None = None,
        *,
        pauses: PauseProcess | Timeline | PauseLog,
        duration: Duration | None = None,
        writes: Writes | None = None,
        confidence_level: float = 0.95,
        rng: RNG = None,
    ) -> LeaseLengths:
        """Return what pauses make of this lease at other lengths: how often there are two holders, and what a crash costs.

        Parameters
        ----------
        lengths : sequence of durations, optional
            Lengths to look at; 60 from `renew_every` to an hour without it.
        pauses : model of pauses, Timeline or PauseLog
            Of the holder: a law, a model, or what was measured.
        duration : duration, optional
            For how long pauses were measured, or are simulated where there is no law for them; until the last pause of a timeline ends, as long as a log goes, and 30
            days of a model without it.
        writes : Writes, optional
            What the holder writes.
        confidence_level : float
            Of the intervals of what was counted.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from.

        Examples
        --------
        >>> import suspicion as sus
        >>> pauses = sus.Pauses(every=sus.Exponential(mean="1h"), lasting=sus.Exponential(mean="1s"))
        >>> sus.Lease(length="10s", renew_every="2s").lengths(["5s", "10s", "15s"], pauses=pauses)
        leases renewed every 2 s
        length  two holders       a crash costs
        5 s     0.516 per day     4 s (up to 5 s)
        10 s    1.27 per year     9 s (up to 10 s)
        15 s    0.00856 per year  14 s (up to 15 s)
        """
        from .calculator import lease_lengths

        return lease_lengths(self, lengths, pauses, duration, writes, confidence_level, rng)

    def _case(
        self, clients: Sequence[Client], writes: Writes | None
    ) -> tuple[Case, tuple[Client, ...]]:
        if isinstance(clients, (str, bytes)) or not isinstance(clients, Sequence):
            raise refuse("clients", clients, "a sequence of Clients", TypeError)
        for place, client in enumerate(clients):
            instance(f"clients[{place}]", client, Client, "a Client")
        if writes is not None:
            instance("writes", writes, Writes, "Writes or None")
        core = _core.Lease(
            self._core,
            [client._core for client in clients],
            None if writes is None else writes._core,
        )
        return core, tuple(clients)
