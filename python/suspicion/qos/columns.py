"""The columns of a curve: what each is called, its unit and its meaning, said once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, Self, TypeAlias, overload

if TYPE_CHECKING:
    from ..arguments import Floats

Kind: TypeAlias = Literal["counted", "detected", "timed"]
"""Columns of a kind are worked out together, when one of them is first asked for."""


class Column:
    """One column: an array of float64 with a value for each threshold, shape (n,)."""

    def __init__(self, kind: Kind, unit: str, meaning: str) -> None:
        self.kind: Kind = kind
        self.unit = unit
        self.__doc__ = meaning

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @property
    def key(self) -> str:
        """The name with the unit, as tables have it."""
        return f"{self.name}_{self.unit}" if self.unit else self.name

    @overload
    def __get__(self, curve: None, owner: type) -> Self: ...
    @overload
    def __get__(self, curve: Columns, owner: type) -> Floats: ...
    def __get__(self, curve: Columns | None, owner: type) -> Self | Floats:
        return self if curve is None else curve._columns(self.kind)[self.name]

    def __set__(self, curve: Columns, value: object) -> None:
        raise AttributeError(f"{self.name} cannot be changed")


class Columns:
    """The quality of service at every threshold; times in seconds, what data cannot tell is nan."""

    timeout = Column(
        "counted", "s", "Mean time from a heartbeat to suspicion: the threshold in seconds."
    )
    mistakes = Column(
        "counted",
        "",
        "Mistakes seen; with `dwell` those that outlast it; not whole with `check_every`.",
    )
    mistake_rate = Column("counted", "per_s", "Mistakes per second.")
    mistake_rate_low = Column(
        "counted",
        "per_s",
        "Lower end of the confidence interval of the rate, which allows for bursts.",
    )
    mistake_rate_high = Column(
        "counted", "per_s", "Upper end; where no mistake was seen, the upper bound."
    )
    dispersion = Column(
        "counted",
        "",
        "Variance over mean of the counts, for which the interval allows: 1 when mistakes come singly.",
    )
    mistake_recurrence = Column("counted", "s", "Mean time from one mistake to the next, E(T_MR).")
    mistake_recurrence_p50 = Column(
        "timed",
        "s",
        "Median time from one mistake to the next; of a model, from the first 4,096 mistakes, evenly "
        "over the replications.",
    )
    mistake_recurrence_p99 = Column("timed", "s", "99th percentile of that time.")
    mistake_duration = Column("counted", "s", "Mean duration of a mistake, E(T_M).")
    mistake_duration_p50 = Column(
        "timed", "s", "Median duration, of the same mistakes as the recurrence."
    )
    mistake_duration_p99 = Column("timed", "s", "99th percentile of the duration.")
    query_accuracy = Column(
        "counted", "", "Share of the time at which the node is rightly trusted, P_A."
    )
    good_period = Column(
        "counted", "s", "Mean time from the end of a mistake to the next one, E(T_G)."
    )
    forward_good_period = Column(
        "timed", "s", "Mean time from a random moment of trust to the next mistake, E(T_FG)."
    )
    detection_time = Column(
        "detected", "s", "Mean time from a crash at a random moment to its being noticed."
    )
    detection_time_p99 = Column(
        "detected", "s", "Time that 99 % of such crashes are noticed within."
    )
    detection_time_after_beat = Column(
        "detected", "s", "Mean for a crash right after a heartbeat that arrives."
    )
    detection_time_after_beat_p99 = Column(
        "detected", "s", "Time that 99 % of those are noticed within."
    )
    detection_time_worst = Column("detected", "s", "Longest detection time.")

    def _columns(self, kind: Kind) -> Mapping[str, Floats]:
        """Return the columns of one kind by name."""
        raise AttributeError(kind)


COLUMNS: Mapping[str, Column] = {
    name: column for name, column in vars(Columns).items() if isinstance(column, Column)
}
"""All columns by name, in the order of tables."""
