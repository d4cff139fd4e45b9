"""All that can happen with a storage."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..frames import Row, Tabular

if TYPE_CHECKING:
    from .storage import FencedStorage


@dataclass(frozen=True, repr=False)
class Exploration(Tabular):
    """Every schedule of a few clients, state by state.

    Violations are a stale write, side effect or read, of an older lease after a newer one is held; and overtaken, which is
    a write or side effect that takes effect after one of a newer lease has on the same resource. That, fencing alone
    should keep from happening.

    Examples
    --------
    >>> import suspicion as sus
    >>> found = sus.FencedStorage(atomic=False).explore()
    >>> found.violations, len(found.counterexample)
    (20, 11)
    >>> print(found.counterexample[-1])
    the storage applies the write of lease 1 with token 1: stale write
    """

    storage: FencedStorage
    """What was looked at."""
    clients: int
    """Clients that ask for the lease."""
    grants: int
    """How often it is given."""
    writes: int
    """What a holder sends under one lease."""
    states: int
    """States that can be reached; what has gone wrong before is part of a state."""
    steps: int
    """Steps that lead from one to another."""
    violations: int
    """States in whose past there is a violation."""
    by_kind: dict[str, int]
    """The same for each kind of violation."""
    counterexamples: dict[str, list[str]]
    """The shortest schedule to each kind that there is, a line for each step."""

    @property
    def counterexample(self) -> list[str]:
        """The shortest schedule to any violation; empty if there is none."""
        return min(self.counterexamples.values(), key=len, default=[])

    def to_dict(self) -> dict[str, Any]:
        """Return columns with a row for each kind of violation; `shortest` is in steps, None if there is none."""
        stories = self.counterexamples
        return {
            "violation": list(self.by_kind),
            "states": list(self.by_kind.values()),
            "shortest": [len(stories[kind]) if kind in stories else None for kind in self.by_kind],
        }

    def _table(self) -> tuple[Row, list[Row]]:
        rows = [("any", self.violations, self.counterexample)]
        rows += [
            (kind, count, self.counterexamples.get(kind, []))
            for kind, count in self.by_kind.items()
        ]
        return ("violation", "states", "shortest schedule"), [
            (kind, f"{count:,}" if count else "none", f"{len(story)} steps" if story else "")
            for kind, count, story in rows
        ]

    def _repr_html_(self) -> str:
        steps = "".join(f"<li>{html.escape(step)}</li>" for step in self.counterexample)
        return super()._repr_html_() + (f"<ol>{steps}</ol>" if steps else "")

    def _title(self) -> str:
        scope = scope_of(self.clients, self.grants, self.writes)
        return f"every schedule of {scope}: {self.states:,} states, {self.steps:,} steps"


def scope_of(clients: int, grants: int, writes: int) -> str:
    """Return how much happens in a schedule."""
    leases = "1 lease" if grants == 1 else f"{grants} leases"
    operations = "1 operation" if writes == 1 else f"{writes} operations"
    return f"{clients} clients, {leases}, {operations} under each"
