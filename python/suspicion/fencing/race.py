"""What came of races between a late operation and the next holder's first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..frames import Row, as_html, as_text, to_frame

if TYPE_CHECKING:
    from ..estimate.rates import RareEvents
    from .storage import FencedStorage


@dataclass(frozen=True, repr=False)
class Race:
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
        rows = self._rows()
        return {
            "outcome": list(rows),
            "races": [row.count for row in rows.values()],
            "share": [row.value for row in rows.values()],
            "share_low": [row.low for row in rows.values()],
            "share_high": [row.high for row in rows.values()],
        }

    def to_frame(self, backend: str | None = None) -> Any:
        """Return `to_dict` as a data frame.

        Parameters
        ----------
        backend : {"pandas", "polars", "pyarrow"}, optional
            Which library; the first one installed without it.
        """
        return to_frame(self.to_dict(), backend)

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

    def __repr__(self) -> str:
        return f"{self._title()}\n{as_text(*self._table())}"

    def _repr_html_(self) -> str:
        return as_html(self._title(), *self._table())

    def _title(self) -> str:
        return f"{self.races:,} races, seed {self.seed}"
