"""Tables of results: as text, in HTML, and in whichever data frame library there is."""

from __future__ import annotations

import html
import importlib.util
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from .arguments import choice

Row: TypeAlias = tuple[str, ...]

BACKENDS: tuple[Literal["pandas", "polars", "pyarrow"], ...] = ("pandas", "polars", "pyarrow")


def to_frame(columns: Mapping[str, Any], backend: str | None) -> Any:
    """Return columns as a data frame of the named library, or of the first one installed."""
    if backend is not None:
        choice("backend", backend, BACKENDS)
    wanted = [name for name in BACKENDS if backend in (None, name)]
    found = next((name for name in wanted if importlib.util.find_spec(name)), None)
    if found is None:
        raise ModuleNotFoundError(f"to_frame needs {' or '.join(wanted)}; to_dict needs neither")
    import narwhals as nw

    return nw.from_dict(dict(columns), backend=found).to_native()


def as_text(head: Row, rows: Sequence[Row]) -> str:
    """Return a table in columns of text."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in (head, *rows)
    )


def as_html(title: str, head: Row, rows: Sequence[Row]) -> str:
    """Return a table in HTML with everything escaped."""

    def cells(row: Row, tag: str) -> str:
        return "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row)

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return (
        f"<p><code>{html.escape(title)}</code></p>"
        f"<table><thead><tr>{cells(head, 'th')}</tr></thead><tbody>{body}</tbody></table>"
    )


class Tabular:
    """A result that shows itself as a table, and goes to data frames."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return the columns."""

    @abstractmethod
    def _title(self) -> str: ...

    @abstractmethod
    def _table(self) -> tuple[Row, Sequence[Row]]: ...

    def to_frame(self, backend: str | None = None) -> Any:
        """Return `to_dict` as a data frame.

        Parameters
        ----------
        backend : {"pandas", "polars", "pyarrow"}, optional
            Which library; the first one installed without it.
        """
        return to_frame(self.to_dict(), backend)

    def __repr__(self) -> str:
        return f"{self._title()}\n{as_text(*self._table())}"

    def _repr_html_(self) -> str:
        return as_html(self._title(), *self._table())
