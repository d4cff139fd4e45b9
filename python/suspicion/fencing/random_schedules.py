"""What happened in schedules that were drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..frames import Row, Tabular
from .exploration import scope_of

if TYPE_CHECKING:
    from ..estimate.rates import RareEvents
    from .storage import FencedStorage


@dataclass(frozen=True, repr=False)
class RandomSchedules(Tabular):
    """Schedules that were drawn, and the shares of those with violations; see `Exploration` for their kinds.

    Examples
    --------
    No violation in so many is an upper bound, not a zero:

    >>> import suspicion as sus
    >>> sus.FencedStorage().random_schedules(100_000, rng=7)
    100,000 random schedules of 2 clients, 2 leases, 1 operation under each, seed 7
    violation          schedules  share (95 %)
    any                0          less than 3.689e-05
    stale write        0          less than 3.689e-05
    stale side effect  0          less than 3.689e-05
    stale read         0          less than 3.689e-05
    overtaken          0          less than 3.689e-05
    """

    storage: FencedStorage
    """What was looked at."""
    clients: int
    """Clients that ask for the lease."""
    grants: int
    """How often it is given."""
    writes: int
    """What a holder sends under one lease."""
    schedules: int
    """Schedules that were drawn."""
    steps: int
    """Their steps."""
    violations: RareEvents
    """Schedules with a violation of any kind; `bound` is the one-sided upper bound."""
    by_kind: dict[str, RareEvents]
    """The same for each kind."""
    seed: int
    """The seed that gives the same schedules again."""

    def to_dict(self) -> dict[str, Any]:
        """Return columns with a row for all violations and one for each kind."""
        from ..estimate.rates import interval_columns

        rows = self._rows()
        return {
            "violation": list(rows),
            "schedules": [row.count for row in rows.values()],
            **interval_columns("share", rows.values()),
        }

    def _rows(self) -> dict[str, RareEvents]:
        return {"any": self.violations, **self.by_kind}

    def _table(self) -> tuple[Row, list[Row]]:
        percent = f"{100 * self.violations.confidence_level:g} %"
        return ("violation", "schedules", f"share ({percent})"), [
            (kind, f"{row.count:,}", str(row)) for kind, row in self._rows().items()
        ]

    def _title(self) -> str:
        scope = scope_of(self.clients, self.grants, self.writes)
        return f"{self.schedules:,} random schedules of {scope}, seed {self.seed}"
