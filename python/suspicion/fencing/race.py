"""What came of races between a late operation and the next holder's first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..frames import Row, Tabular

if TYPE_CHECKING:
    from ..estimate.rates import RareEvents
    from .storage import FencedStorage


@dataclass(frozen=True, repr=False)
class Race(Tabular):
    """How often something late of a former holder does harm.

    Examples
    --------
    Tokens that the lock service gives again after it has lost its state tell nobody apart:

    >>> import suspicion as sus
    >>> late, first = sus.Exponential(mean="300ms"), sus.Exponential(mean="100ms")
    >>> found = sus.FencedStorage(tokens="reused").race(stale=late, first_write=first, rng=7)
    >>> found.closed_form
    0.75
    >>> found.harm.low < 0.75 < found.harm.high
    True
    """

    storage: FencedStorage
    """What was raced for."""
    races: int
    """How many there were."""
    harm: RareEvents
    """Share in which the late one took effect while the next client held the lease."""
    refused: RareEvents
    """Share in which the storage refused the late one."""
    shut_out: RareEvents
    """Share in which the storage refused the next holder, by its seal or its first write."""
    closed_form: float | None
    """The probability of harm where all laws are exponential, or the gap constant; None for other laws."""
    seed: int
    """The seed that gives the same races again."""

    def to_dict(self) -> dict[str, Any]:
        """Return columns with a row for each outcome; outcomes may come together."""
        from ..estimate.rates import interval_columns

        rows = self._rows()
        return {
            "outcome": list(rows),
            "races": [row.count for row in rows.values()],
            **interval_columns("share", rows.values()),
        }

    def _rows(self) -> dict[str, RareEvents]:
        return {
            "late one does harm": self.harm,
            "late one refused": self.refused,
            "next holder shut out": self.shut_out,
        }

    def _table(self) -> tuple[Row, list[Row]]:
        percent = f"{100 * self.harm.confidence_level:g} %"
        known = "" if self.closed_form is None else f"{self.closed_form:.4g}"
        return ("outcome", "races", f"share ({percent})", "closed form"), [
            (name, f"{row.count:,}", str(row), known if row is self.harm else "")
            for name, row in self._rows().items()
        ]

    def _title(self) -> str:
        return f"{self.races:,} races, seed {self.seed}"
