"""Several detectors on the same heartbeats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import _core
from ..arguments import Duration, flag, number, rate, refuse, seconds
from ..frames import as_html
from ..units import rate as shown_rate
from .curve import Curve
from .recommendation import Recommendation, Target
from .table import comparison_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Comparison(Mapping[str, Curve]):
    """The curves of several detectors on the same heartbeats, by name; see `compare`.

    Attributes
    ----------
    defaults : dict of str to float
        The default thresholds of presets, which pictures mark.
    """

    def __init__(self, curves: Mapping[str, Curve], defaults: Mapping[str, float]) -> None:
        self._curves = dict(curves)
        self.defaults = dict(defaults)

    def __getitem__(self, name: str) -> Curve:
        try:
            return self._curves[name]
        except KeyError:
            raise KeyError(f"{name!r}, expected one of {list(self._curves)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._curves)

    def __len__(self) -> int:
        return len(self._curves)

    @property
    def seed(self) -> int | None:
        """The seed of a model."""
        return next(iter(self._curves.values())).seed

    def recommend(
        self,
        *,
        max_rate: float | str | None = None,
        max_detection: Duration | None = None,
        outage_cost: float | None = None,
        failover_cost: float | None = None,
        crash_rate: float | str | None = None,
    ) -> Recommendation:
        """Choose a detector and a threshold, or say why the data cannot.

        The rate counts by the upper end of its interval: a threshold is chosen when the data show that
        it meets the target, not when they fail to show that it does not. Of those that do, the one is
        chosen that notices crashes soonest.

        Parameters
        ----------
        max_rate : rate, optional
            Most spurious failovers, such as ``"1/day"``.
        max_detection : duration, optional
            Time within which 99 % of crashes, at random moments, must be noticed. With it alone the
            threshold with the fewest spurious failovers is chosen.
        outage_cost, failover_cost : float, optional
            Instead of both: what a second costs in which a crash goes unnoticed, and what a spurious
            failover costs, in the same unit. The cheapest threshold is chosen.
        crash_rate : rate, optional
            How often the node really crashes; goes with the costs.

        Returns
        -------
        Recommendation
            Whose text is the answer in a few sentences, and whose `met` says whether it is one.

        Examples
        --------
        >>> import suspicion as sus
        >>> curve = sus.sweep(sus.examples.load("urban_n8_v20"), sus.FixedTimeout())
        >>> print(curve.recommend(max_rate="1/min", max_detection="1s"))
        FixedTimeout with a timeout of ... notices 99 % of crashes within ...
        """
        given = {
            "outage_cost": outage_cost,
            "failover_cost": failover_cost,
            "crash_rate": crash_rate,
        }
        missing = [name for name, value in given.items() if value is None]
        if missing and len(missing) < len(given):
            raise refuse(missing[0], None, "a number, for costs need all three")
        target = Target(
            max_rate=None if max_rate is None else rate("max_rate", max_rate),
            asked_rate=_asked(max_rate),
            max_detection=None
            if max_detection is None
            else seconds("max_detection", max_detection),
            outage_cost=None if missing else number("outage_cost", outage_cost),
            failover_cost=None if missing else number("failover_cost", failover_cost),
            crash_rate=None if missing else rate("crash_rate", crash_rate),
        )
        curves = list(self._curves.values())
        costs = None if missing else (target.outage_cost, target.failover_cost, target.crash_rate)
        verdict, place, rank, more = _core.recommend(
            [curve._core for curve in curves],
            target.max_rate,
            target.max_detection,
            costs,  # type: ignore[arg-type]
            curves[0].confidence_level,
        )
        return Recommendation(verdict, curves[place], rank, target, more)

    def to_dict(self) -> dict[str, Any]:
        """Return the columns of all curves, one below the other, after one with their names."""
        parts = {name: curve.to_dict() for name, curve in self._curves.items()}
        names = np.repeat(list(parts), [len(curve) for curve in self._curves.values()])
        first = next(iter(parts.values()))
        columns = {key: np.concatenate([part[key] for part in parts.values()]) for key in first}
        return {"detector": names, **columns}

    def to_frame(self, backend: str | None = None) -> Any:
        """Return all curves as one data frame of pandas, polars or pyarrow, the first installed."""
        from ..frames import to_frame

        return to_frame(self.to_dict(), backend)

    def plot(self, ax: Axes | None = None, *, per: str = "day", band: bool | None = None) -> Axes:
        """Draw the rate of mistakes against the detection time, a line for each detector.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        per : {"second", "minute", "hour", "day", "year"}
            Time over which mistakes are counted.
        band : bool, optional
            Whether to draw the confidence bands; without it those of up to three detectors are drawn.

        Returns
        -------
        matplotlib Axes
        """
        from ..plot.comparison import draw_comparison

        shown = len(self) <= 3 if band is None else flag("band", band)
        return draw_comparison(self, ax, per, shown)

    def __repr__(self) -> str:
        lines = [f"  {name!r}: {curve!r}" for name, curve in self._curves.items()]
        return "Comparison(\n" + "\n".join(lines) + "\n)"

    def _repr_html_(self) -> str:
        title = f"{len(self)} detectors on the same heartbeats"
        return as_html(title, *comparison_table(self))


def _asked(max_rate: float | str | None) -> str:
    """Return a rate as it was asked for."""
    if max_rate is None:
        return ""
    return max_rate if isinstance(max_rate, str) else shown_rate(float(max_rate))
