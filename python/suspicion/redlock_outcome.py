"""How trials of a Redlock ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .frames import Tabular

if TYPE_CHECKING:
    from .estimate.rates import RareEvents


@dataclass(frozen=True, repr=False)
class RedlockOutcome(Tabular):
    """How many trials of a Redlock ended how.

    Examples
    --------
    >>> import suspicion as sus
    >>> found = sus.Redlock(pause=sus.Exponential(mean="4s")).simulate(100_000, rng=1)
    >>> found.violations <= found.stale <= found.acquired <= found.trials
    True
    >>> print(sus.Redlock(jumps=2, work="9s").simulate(100_000, rng=1).share)
    less than 3.689e-05
    """

    trials: int
    """All of them."""
    acquired: int
    """In which the first client got the lock: a majority, and time left when it read its clock."""
    too_late: int
    """In which it had a majority, and its clock told it that no time was left."""
    outvoted: int
    """In which no majority granted it in time."""
    stale: int
    """In which it worked after the other client had got the lock since."""
    violations: int
    """In which both held the lock at once while it worked. All of them are stale."""
    by_pause: int
    """Violations after a pause in which the keys ran out when they were due."""
    by_jumps: int
    """Violations for which keys ran out early, since clocks had jumped."""
    by_crashes: int
    """Violations for which keys were forgotten in crashes."""
    by_both: int
    """Violations for which it took both jumps and crashes."""
    seed: int
    """Seed of the run, which gives it again as `rng`."""
    confidence_level: float
    """Share of the intervals that hold the truth, at least."""

    @property
    def share(self) -> RareEvents | None:
        """Violations among the locks that the first client got, with Clopper and Pearson's interval; None if it got none."""
        return self._share(self.violations, self.acquired)

    @property
    def stale_share(self) -> RareEvents | None:
        """The same of stale work."""
        return self._share(self.stale, self.acquired)

    def to_dict(self) -> dict[str, Any]:
        """Return columns: each outcome, its trials, of how many, and their share with both ends of its interval."""
        from .estimate.rates import interval_columns

        rows = list(self._rows())
        shares = (self._share(count, of) for _, count, of in rows)
        return {
            "outcome": [name for name, _, _ in rows],
            "trials": [count for _, count, _ in rows],
            "of": [of for _, _, of in rows],
            **interval_columns("share", shares),
        }

    def _share(self, count: int, of: int) -> RareEvents | None:
        from .estimate.rates import proportion

        return proportion(count, of, confidence_level=self.confidence_level) if of else None

    def _rows(self) -> Iterator[tuple[str, int, int]]:
        yield "acquired", self.acquired, self.trials
        yield "refused: too late", self.too_late, self.trials
        yield "refused: no majority", self.outvoted, self.trials
        yield "stale work", self.stale, self.acquired
        yield "two holders", self.violations, self.acquired
        for name, count in (
            ("after a pause", self.by_pause),
            ("after clocks jumped", self.by_jumps),
            ("after crashes", self.by_crashes),
            ("after jumps and crashes", self.by_both),
        ):
            if count:
                yield f"two holders {name}", count, self.acquired

    def _table(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        head = ("outcome", "trials", "of", f"share ({100 * self.confidence_level:g} %)")
        return head, [
            (name, f"{count:,}", f"{of:,}", str(self._share(count, of) or "-"))
            for name, count, of in self._rows()
        ]

    def _title(self) -> str:
        return f"redlock in {self.trials:,} trials (seed {self.seed})"
