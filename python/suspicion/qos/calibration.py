"""How often the level of an accrual detector exceeds what it claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import Floats, frozen, refuse
from ..frames import as_html, as_text
from ..heartbeat import Observers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .curve import Curve


class Calibration:
    """What an accrual detector claims of the gaps between heartbeats, and what is seen of them.

    A level of phi claims that the silence outlasts it with probability 10^-phi, a suspicion of e that
    it does so with probability 1 - e. Each value is for one threshold of the curve.

    Attributes
    ----------
    threshold : ndarray of float64, shape (n,)
        The thresholds.
    claimed : ndarray of float64, shape (n,)
        Probability with which a gap should be so long.
    observed : ndarray of float64, shape (n,)
        Share of the gaps that were; nan where more than half of them should be.
    observed_low, observed_high : ndarray of float64, shape (n,)
        Ends of its confidence interval, which allows for bursts; where no gap was so long the upper
        end is the bound.
    gaps : int
        Gaps watched.
    """

    def __init__(self, curve: Curve) -> None:
        name = curve.detector.threshold_name
        if name == "phi":
            claimed = np.power(10.0, -curve.threshold)
        elif name == "suspicion":
            claimed = 1.0 - curve.threshold
        else:
            expected = "a detector whose threshold is a phi or a suspicion"
            raise refuse("detector", curve.detector, expected)
        if curve._terms.check_every > 0.0 or curve._terms.dwell > 0.0:
            raise refuse("curve", curve, "a curve without check_every and dwell")
        if isinstance(curve._terms.source, Observers):
            raise refuse("curve", curve, "a curve of one monitor")
        self.curve = curve
        self.gaps = curve._core.heartbeats()
        per_second = max(self.gaps, 1) / curve.exposure
        self.threshold = curve.threshold
        self.claimed = frozen(claimed)
        rates = curve.mistake_rate, curve.mistake_rate_low, curve.mistake_rate_high
        # A deadline that comes before the heartbeat itself makes one mistake of many gaps.
        told = np.where(claimed <= 0.5, 1.0, np.nan)
        shares = [frozen(told * np.minimum(rate / per_second, 1.0)) for rate in rates]
        self.observed: Floats = shares[0]
        self.observed_low: Floats = shares[1]
        self.observed_high: Floats = shares[2]

    def to_dict(self) -> dict[str, Floats]:
        """Return the columns as a dictionary of arrays."""
        return {
            "threshold": self.threshold,
            "claimed": self.claimed,
            "observed": self.observed,
            "observed_low": self.observed_low,
            "observed_high": self.observed_high,
        }

    def to_frame(self, backend: str | None = None) -> Any:
        """Return the columns as a data frame of pandas, polars or pyarrow, the first installed."""
        from ..frames import to_frame

        return to_frame(self.to_dict(), backend)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the observed share against the claimed probability, both logarithmic.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        """
        from ..plot.calibration import draw_calibration

        return draw_calibration(self, ax)

    def _rows(self) -> list[tuple[str, ...]]:
        ranks = np.unique(np.linspace(0, len(self.threshold) - 1, 12).round().astype(int))
        return [self._row(int(rank)) for rank in ranks]

    def _row(self, rank: int) -> tuple[str, ...]:
        observed, high = self.observed[rank], self.observed_high[rank]
        claimed = self.claimed[rank]
        seen = f"{observed:.2g} ({self.observed_low[rank]:.2g} to {high:.2g})"
        if observed == 0.0:
            seen = f"at most {high:.2g}"
        if np.isnan(observed):
            return f"{self.threshold[rank]:.4g}", f"{claimed:.2g}", "not told", ""
        times = f"{observed / claimed:.3g}" if observed and claimed else ""
        return f"{self.threshold[rank]:.4g}", f"{claimed:.2g}", seen, times

    def _head(self) -> tuple[str, ...]:
        level = f"{self.curve.confidence_level * 100:g} %"
        return (
            self.curve.detector.threshold_name,
            "claimed",
            f"observed ({level})",
            "times the claim",
        )

    def __repr__(self) -> str:
        return as_text(self._head(), self._rows())

    def _repr_html_(self) -> str:
        title = f"{self.curve.name}: {self.gaps:,} gaps"
        return as_html(title, self._head(), self._rows())
