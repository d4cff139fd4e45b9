"""What all that is read from files shares: columns, and a source."""

from __future__ import annotations

import html
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, NoReturn, Self

import numpy as np

from ..arguments import Floats, frozen, refuse, shown
from .source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

MISSING = np.iinfo(np.int64).min
"""Stands where a row has no time or no duration."""


class Names(NamedTuple):
    """A column of names: for each row the place of its name in a list.

    As an array every row takes the room of the longest name.
    """

    places: NDArray[np.int64]
    names: list[str]

    def of(self, rows: NDArray[np.bool_]) -> Names:
        """Return the rows that are true."""
        return Names(self.places[rows], self.names)

    def spelled(self) -> NDArray[np.str_]:
        """Return the name of each row."""
        return np.array(self.names or [""], dtype=np.str_)[self.places]


class Columns(dict[str, Any]):
    """Columns by name, none of which can be written to; names are spelled out when they are asked for."""

    def __init__(self, columns: Mapping[str, NDArray[Any] | Names]) -> None:
        for name, column in columns.items():
            self[name] = column if isinstance(column, Names) else frozen(column)

    def __getitem__(self, name: str) -> NDArray[Any]:
        found = super().__getitem__(name)
        if isinstance(found, Names):
            found = self[name] = frozen(found.spelled())
        return found  # type: ignore[no-any-return]


class Record(ABC):
    """Columns of equal length and where they are from; cannot be changed.

    Attributes
    ----------
    source : Source
        Where it is from, and what became of every line.
    """

    _kind: ClassVar[str]
    _timed: ClassVar[str]
    """The column of times."""
    source: Source
    _columns: Columns

    def __init__(
        self, columns: Mapping[str, NDArray[Any] | Names], source: Source, **facts: Any
    ) -> None:
        for name, value in {**facts, "source": source}.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_columns", Columns(columns))
        object.__setattr__(self, "_facts", facts)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __len__(self) -> int:
        column = next(iter(self._columns.values()))
        return len(column.places if isinstance(column, Names) else column)

    def _where(self, rows: NDArray[np.bool_], changed: Mapping[str, Any] | None = None) -> Self:
        """Return the rows that are true, and the same source; `changed` are facts that differ."""
        kept = {
            name: column.of(rows) if isinstance(column, Names) else column[rows]
            for name, column in self._columns.items()
        }
        return type(self)(kept, self.source, **{**self._facts, **(changed or {})})  # type: ignore[attr-defined]

    @property
    def origin(self) -> int:
        """What its times count from: nanoseconds on the clock of the file (``source.clock``)."""
        return first(self._columns[self._timed])

    def _only(self, column: str, name: object, changed: Mapping[str, Any] | None = None) -> Self:
        """Return the rows with this name in a column."""
        known = np.unique(self._columns[column])
        if not isinstance(name, str):
            raise refuse(column, name, "a name", TypeError)
        if name not in known:
            raise refuse(column, name, f"one of {shown(known.tolist())}")
        return self._where(self._columns[column] == name, changed)

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return the columns as a dictionary of arrays; times and durations in seconds end in ``_s``."""

    def to_frame(self, backend: str | None = None) -> Any:
        """Return the columns as a data frame of pandas, polars or pyarrow, the first installed."""
        from ..frames import to_frame

        return to_frame(self.to_dict(), backend)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(<{self._summary()}>)"

    @abstractmethod
    def _summary(self) -> str:
        """Return what it holds, in a few words."""

    def _repr_html_(self) -> str:
        return f"<code>{html.escape(repr(self))}</code>"

    def __reduce__(self) -> tuple[Any, ...]:
        columns = {
            name: column if isinstance(column, Names) else np.array(column)
            for name, column in self._columns.items()
        }
        return _rebuild, (type(self), columns, self.source, dict(self._facts))  # type: ignore[attr-defined]


def _rebuild(
    kind: type[Record], columns: dict[str, Any], source: Source, facts: dict[str, Any]
) -> Record:
    return kind(columns, source, **facts)


def seconds(nanos: NDArray[np.int64], origin: int = 0) -> Floats:
    """Return nanoseconds as seconds from an origin, nan where there are none."""
    found = (nanos - origin) / 1e9
    found[nanos == MISSING] = np.nan
    return frozen(found)


def first(nanos: NDArray[np.int64]) -> int:
    """Return the least that is there, or zero."""
    there = nanos[nanos != MISSING]
    return int(there.min()) if there.size else 0
