"""Where a trace is from, and what became of every line of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Fault:
    """Lines that were not understood, all for the same reason."""

    reason: str
    """What is wrong with them."""
    count: int
    """How many there are."""
    line: int
    """Number of the first; of the first record where the format has no lines."""
    column: int
    """Where in it, counted from one."""
    text: str
    """Its beginning, with everything escaped that a terminal would obey."""

    def __str__(self) -> str:
        return f"{self.count:,} x {self.reason} (first in line {self.line}: {self.text!r})"


@dataclass(frozen=True)
class Source:
    """Where a trace is from, and what became of every line of it."""

    path: str
    """The file, or ``"bytes"``."""
    format: str
    """The name of the format, as `read` takes it."""
    unit: str
    """The unit that the file has its durations in."""
    clock: str
    """What the times in the file count from."""
    compression: str = "none"
    """``"none"``, ``"gzip"`` or ``"zstd"``."""
    lines: int = 0
    """Lines, or packets, spans, values where the format has no lines."""
    records: int = 0
    """Those that gave a record."""
    passed_over: int = 0
    """Those that belong to the format and say nothing of what is looked for."""
    faults: tuple[Fault, ...] = ()
    """Those that were not understood, by reason."""
    notes: Mapping[str, int] = field(default_factory=dict)
    """What else is worth knowing, such as duplicates, each with its number."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "notes", MappingProxyType(dict(self.notes)))

    @property
    def dropped(self) -> dict[str, int]:
        """How many lines were not understood, by reason."""
        return {fault.reason: fault.count for fault in self.faults}

    def __str__(self) -> str:
        from ..arguments import shown

        said = [f"{self.records:,} records in {self.lines:,} lines of {self.format}"]
        if self.passed_over:
            said.append(f"{self.passed_over:,} passed over")
        said += [
            f"port {count}" if what == "port" else f"{count:,} {what}"
            for what, count in self.notes.items()
        ]
        said += map(str, self.faults)
        return f"{shown(self.path)[1:-1]}: " + "; ".join(said)

    def __hash__(self) -> int:
        return hash((self.path, self.format, self.lines, self.records))

    def __reduce__(self) -> tuple[object, ...]:
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return _rebuild, ({**fields, "notes": dict(self.notes)},)


def _rebuild(fields: dict[str, object]) -> Source:
    return Source(**fields)  # type: ignore[arg-type]
