"""Good values for what a Redlock takes, and what of the grid is good for it, too."""

from __future__ import annotations

from typing import Any

GOOD: dict[str, Any] = {"Redlock.simulate.n": 1000}

ZERO, CENTURY = {"0"}, {"2**63"}

FINE: dict[str, set[str]] = {
    **{f"Redlock.{name}": ZERO for name in ("reachable", "jumps", "crashes", "jump", "restart_delay", "drift_factor", "drift_margin")},
    **{f"Redlock.{name}": ZERO | CENTURY for name in ("delay", "work", "asks_after", "pause")},
    "Redlock.retry": CENTURY,
}  # fmt: skip
"""Values of the grid that mean something."""
