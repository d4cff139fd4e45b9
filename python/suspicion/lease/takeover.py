"""How long a crash of the holder leaves everybody without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arguments import Floats
from ..frames import Row, Tabular
from ..units import duration


@dataclass(frozen=True, repr=False, eq=False)
class Takeover(Tabular):
    """Times from a crash of the holder at a random moment until another has taken over."""

    times: Floats
    """In seconds, in ascending order, shape (n,); infinite where nobody ever did."""

    @property
    def mean(self) -> float:
        """Mean time in seconds."""
        return float(self.times.mean())

    @property
    def standard_error(self) -> float:
        """Standard error of the mean in seconds."""
        return float(self.times.std(ddof=1) / np.sqrt(len(self.times)))

    def quantile(self, q: float | Sequence[float]) -> Any:
        """Return times that a share `q` of the takeovers need no longer than, in seconds.

        Parameters
        ----------
        q : float or sequence of float
            Shares in [0, 1].
        """
        return np.quantile(self.times, q)

    def to_dict(self) -> dict[str, Any]:
        """Return the times as a column."""
        return {"time": self.times}

    def _title(self) -> str:
        return f"{len(self):,} takeovers"

    def _table(self) -> tuple[Row, list[Row]]:
        low, half, high = self.quantile([0.05, 0.5, 0.95])
        return ("", "time"), [
            ("mean", duration(self.mean)),
            ("shortest", duration(float(self.times[0]))),
            ("5 %", duration(low)),
            ("median", duration(half)),
            ("95 %", duration(high)),
            ("longest", duration(float(self.times[-1]))),
        ]

    def __len__(self) -> int:
        return len(self.times)
