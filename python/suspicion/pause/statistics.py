"""How much a process stands still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import Duration, Floats, level
from ..frames import Tabular
from ..units import duration as shown
from ..units import rate_interval

if TYPE_CHECKING:
    from ..estimate.rates import RareEvents
    from .timeline import Timeline


@dataclass(frozen=True, repr=False)
class PauseStatistics(Tabular):
    """Pauses in numbers; times are in seconds.

    Examples
    --------
    >>> import suspicion as sus
    >>> pauses = sus.Timeline(starts=["1s", "9s"], lasting=["1s", "2s"], causes=["disk", "heap"])
    >>> pauses.statistics("1min")
    pauses in 60 s
    cause  pauses  rate (95 %)                 share   median  p99     longest
    all    2       2 per min (0.242 to 7.22)   5 %     1.5 s   1.99 s  2 s
    disk   1       1 per min (0.0253 to 5.57)  1.67 %  1 s     1 s     1 s
    heap   1       1 per min (0.0253 to 5.57)  3.33 %  2 s     2 s     2 s
    """

    count: int
    """Pauses; those that overlap count once."""
    rate: RareEvents
    """Pauses per second, with the interval that single events would have."""
    share: float
    """Share of the time in which the process stands still."""
    total: float
    """Time for which it stands still."""
    longest: float
    """The longest pause; nan if there is none."""
    mean: float
    """Mean length; nan if there is none."""
    median: float
    """Half of the pauses are longer; nan if there is none."""
    p99: float
    """One pause in a hundred is longer; nan if there is none."""
    duration: float
    """How long the process was watched."""
    causes: dict[str, PauseStatistics] = field(default_factory=dict)
    """The same of each cause, where there is more than one. Spells of different causes may overlap."""

    def to_dict(self) -> dict[str, Any]:
        """Return a column for each figure, with a row for all pauses and one for each cause."""
        from ..estimate.rates import interval_columns

        rows = list(self._rows())
        columns = {"cause": [name for name, _ in rows]}
        figures = ("count", "share", "total", "longest", "mean", "median", "p99")
        for name in figures:
            columns[name] = [getattr(row, name) for _, row in rows]
        return columns | interval_columns("rate", (row.rate for _, row in rows))

    def _rows(self) -> Iterator[tuple[str, PauseStatistics]]:
        yield "all", self
        yield from self.causes.items()

    def _table(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        percent = f"{100 * self.rate.confidence_level:g} %"
        head = ("cause", "pauses", f"rate ({percent})", "share", "median", "p99", "longest")
        return head, [
            (
                name,
                f"{row.count:,}",
                rate_interval(row.rate.value, row.rate.low, row.rate.high),
                f"{100 * row.share:.3g} %",
                *(
                    shown(span) if span == span else "-"
                    for span in (row.median, row.p99, row.longest)
                ),
            )
            for name, row in self._rows()
        ]

    def _title(self) -> str:
        return f"pauses in {shown(self.duration)}"


def statistics(
    timeline: Timeline, duration: Duration | None, confidence_level: float
) -> PauseStatistics:
    """Return the statistics of a timeline, and of each cause where there are several."""
    span, sure = timeline._until(duration), level(confidence_level)
    names = sorted(set(timeline.spells[2].tolist()))
    apart = {}
    if len(names) > 1:
        for name in names:
            own = timeline.of(name)
            apart[name or "unnamed"] = _figures(own.starts, own.lasting, span, sure)
    return _figures(timeline.starts, timeline.lasting, span, sure, apart)


def _figures(
    starts: Floats,
    lasting: Floats,
    span: float,
    sure: float,
    causes: dict[str, PauseStatistics] | None = None,
) -> PauseStatistics:
    from ..estimate.rates import rate

    within = starts < span
    starts, lasting = starts[within], lasting[within]
    seen = np.minimum(lasting, span - starts)
    nothing = not len(lasting)
    median, high = (np.nan, np.nan) if nothing else np.quantile(lasting, [0.5, 0.99])
    return PauseStatistics(
        count=len(lasting),
        rate=rate(len(lasting), span, confidence_level=sure),
        share=float(seen.sum() / span),
        total=float(seen.sum()),
        longest=float("nan") if nothing else float(lasting.max()),
        mean=float("nan") if nothing else float(lasting.mean()),
        median=float(median),
        p99=float(high),
        duration=span,
        causes=causes or {},
    )
