"""What became of a lease."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import _core
from ..arguments import frozen
from ..estimate.rates import RareEvents, interval_columns, proportion, rate
from ..frames import Row, Tabular, to_frame
from ..units import duration
from .client import Client


@dataclass(frozen=True, repr=False, eq=False)
class LeaseOutcome(Tabular):
    """What became of a lease in a run, or in several together. Times are in seconds."""

    time: float
    """How long it was looked at, over all runs."""
    pauses: int
    """Pauses of whoever held it."""
    expired: int
    """How often it ran out under its holder."""
    handovers: int
    """How often another got it."""
    two_holders: int
    """How often another got it while the former holder took it for its own."""
    two_holders_time: float
    """For how long two did."""
    acting_time: float
    """For how much of that the former holder ran."""
    unheld_time: float
    """For how long nobody had it."""
    writes: int
    """Writes that were begun."""
    unsafe_writes: int
    """Writes that took effect when the lease that they had looked at had run out."""
    stale_writes: int
    """Those of them that did after another had got it, and a storage that is sealed had seen its token."""
    accepted: int
    """Those of them that the storage took."""
    clients: int
    """How many shared it."""
    confidence_level: float
    """Of the intervals."""
    _episodes: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def _of(
        cls, core: _core.LeaseOutcome, clients: tuple[Client, ...], confidence_level: float
    ) -> LeaseOutcome:
        begin, end, acting = map(frozen, core.episode_times())
        run, former, new, stale, cause = map(frozen, core.episode_facts())
        causes = [_cause(clients[who], int(why)) for who, why in zip(former, cause, strict=True)]
        episodes = {
            "run": run,
            "begin": begin,
            "end": end,
            "acting": acting,
            "from": former,
            "to": new,
            "cause": frozen(np.array(causes, dtype=np.str_)),
            "stale_writes": stale,
        }
        counts: dict[str, Any] = {**dict(core.counts()), **dict(core.times())}
        return cls(
            **counts,
            clients=len(clients),
            confidence_level=confidence_level,
            _episodes=episodes,
        )

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
        return to_frame(self.episode_columns(), backend)

    def episode_columns(self) -> dict[str, Any]:
        """Return the columns of `episodes` as arrays."""
        return dict(self._episodes)

    def _rate(self, count: int) -> RareEvents:
        return rate(count, self.time, confidence_level=self.confidence_level)

    def to_dict(self) -> dict[str, Any]:
        """Return a row for each thing that was counted, with its rate per second and both ends of the interval."""
        rows = self._counts()
        rates = map(self._rate, rows.values())
        return {
            "what": list(rows),
            "count": list(rows.values()),
            **interval_columns("rate", rates),
        }

    def _counts(self) -> dict[str, int]:
        written = {
            "unsafe writes": self.unsafe_writes,
            "stale writes": self.stale_writes,
            "taken by the storage": self.accepted,
        }
        counts = {"ran out under its holder": self.expired, "two holders": self.two_holders}
        return counts | written if self.writes else counts

    def _table(self) -> tuple[Row, list[Row]]:
        return ("what", "count", f"rate ({self.confidence_level * 100:g} %)"), [
            (name, f"{count:,}", str(self._rate(count))) for name, count in self._counts().items()
        ]

    def _title(self) -> str:
        times = [
            f"nobody held it for {self.unheld_share:.3g} of the time",
            f"two did for {duration(self.two_holders_time)}",
            f"both acting for {duration(self.acting_time)}",
        ]
        return f"a lease in {duration(self.time)}: {', '.join(times)}"


def _cause(client: Client, cause: int) -> str:
    if cause < 0:
        return "outage" if cause == -1 else "delay or clock"
    return client.causes[cause]
