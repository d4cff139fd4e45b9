"""What became of a lease."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _core
from ..estimate.rates import RareEvents, proportion, rate
from ..frames import as_html, as_text, to_frame
from ..units import duration
from .client import Client


class LeaseOutcome:
    """What became of a lease in a run, or in several together. Times are in seconds.

    Attributes
    ----------
    time : float
        How long it was looked at, over all runs.
    pauses : int
        Pauses of whoever held it.
    expired : int
        How often it ran out under its holder.
    handovers : int
        How often another got it.
    two_holders : int
        How often another got it while the former holder took it for its own.
    two_holders_time, acting_time : float
        For how long two did, and for how much of that the former one ran.
    unheld_time : float
        For how long nobody had it.
    writes, unsafe_writes, stale_writes, accepted : int
        Writes begun; those that took effect when the lease that they had looked at had run out; those of them that did
        after another had got it, and a storage that is sealed had seen its token; those of them that the storage took.
    confidence_level : float
        Of the intervals.
    """

    time: float
    pauses: int
    expired: int
    handovers: int
    two_holders: int
    two_holders_time: float
    acting_time: float
    unheld_time: float
    writes: int
    unsafe_writes: int
    stale_writes: int
    accepted: int

    def __init__(
        self, core: _core.LeaseOutcome, clients: tuple[Client, ...], confidence_level: float
    ) -> None:
        self.__dict__.update(core.counts())
        self.__dict__.update(core.times())
        self.confidence_level = confidence_level
        self._core = core
        self._clients = clients

    @property
    def two_holders_rate(self) -> RareEvents:
        """How often two held it, per second, with an interval; of none an upper bound."""
        return self._rate(self.two_holders)

    @property
    def two_holders_probability(self) -> RareEvents:
        """The probability that a pause of the holder makes two, with an interval.

        What lost messages, slow ones or clocks have done is among it.
        """
        found = min(self.two_holders, self.pauses)
        return proportion(found, max(self.pauses, 1), confidence_level=self.confidence_level)

    @property
    def stale_write_rate(self) -> RareEvents:
        """How often a write of a former holder took effect, per second, whatever the storage made of it."""
        return self._rate(self.stale_writes)

    @property
    def accepted_rate(self) -> RareEvents:
        """How often the storage took one, per second."""
        return self._rate(self.accepted)

    @property
    def unheld_share(self) -> float:
        """Share of the time in which nobody had it."""
        return self.unheld_time / self.time

    def episodes(self, backend: str | None = None) -> Any:
        """Return the first 10,000 times when two held it, as a data frame.

        Columns: run, begin, end and acting in seconds, the former and the new holder from 0 on, the cause, and the number of
        stale writes.

        Parameters
        ----------
        backend : str, optional
            ``"pandas"``, ``"polars"`` or ``"pyarrow"``; the first that is installed without it.
        """
        return to_frame(self.to_dict(), backend)

    def to_dict(self) -> dict[str, Any]:
        """Return the columns of `episodes` as arrays."""
        begin, end, acting = self._core.episode_times()
        run, former, new, stale, cause = self._core.episode_facts()
        names = [self._cause(int(who), int(why)) for who, why in zip(former, cause, strict=True)]
        return {
            "run": run,
            "begin": begin,
            "end": end,
            "acting": acting,
            "from": former,
            "to": new,
            "cause": np.array(names, dtype=np.str_),
            "stale_writes": stale,
        }

    def _cause(self, client: int, cause: int) -> str:
        if cause < 0:
            return "outage" if cause == -1 else "delay or clock"
        causes = self._clients[client].causes
        return causes[cause] if causes else "crash"

    def _rate(self, count: int) -> RareEvents:
        return rate(count, self.time, confidence_level=self.confidence_level)

    def _rows(self) -> list[tuple[str, str, str]]:
        rows = [
            ("ran out under its holder", self.expired),
            ("two holders", self.two_holders),
            ("unsafe writes", self.unsafe_writes),
            ("stale writes", self.stale_writes),
            ("taken by the storage", self.accepted),
        ]
        shown = rows if self.writes else rows[:2]
        return [(name, f"{count:,}", str(self._rate(count))) for name, count in shown]

    def _title(self) -> str:
        times = [
            f"nobody held it for {self.unheld_share:.3g} of the time",
            f"two did for {duration(self.two_holders_time)}",
            f"both acting for {duration(self.acting_time)}",
        ]
        return f"a lease in {duration(self.time)}: {', '.join(times)}"

    def _head(self) -> tuple[str, str, str]:
        return "what", "count", f"rate ({self.confidence_level * 100:g} %)"

    def __repr__(self) -> str:
        return f"{self._title()}\n{as_text(self._head(), self._rows())}"

    def _repr_html_(self) -> str:
        return as_html(self._title(), self._head(), self._rows())
