"""All presets side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..units import duration
from .preset import Preset


class Table(Sequence[Preset]):
    """Presets as a table that prints itself.

    Attributes
    ----------
    presets : tuple of Preset
        The rows.
    """

    HEAD = ("system", "heartbeat", "threshold", "suspects after", "looked at", "dwell", "source")

    def __init__(self, presets: Sequence[Preset]) -> None:
        self.presets = tuple(presets)

    def __getitem__(self, index: Any) -> Any:
        return self.presets[index]

    def __len__(self) -> int:
        return len(self.presets)

    def __iter__(self) -> Iterator[Preset]:
        return iter(self.presets)

    def to_dict(self) -> Mapping[str, list[Any]]:
        """Return the columns; times are in seconds."""
        return {
            "system": [preset.name for preset in self],
            "detector": [repr(preset.detector) for preset in self],
            "threshold_name": [preset.detector.threshold_name for preset in self],
            "threshold": [preset.threshold for preset in self],
            "every_s": [preset.every for preset in self],
            "effective_low_s": [preset.effective[0] for preset in self],
            "effective_high_s": [preset.effective[1] for preset in self],
            "counted_from": [preset.counted_from for preset in self],
            "check_every_s": [preset.check_every for preset in self],
            "dwell_s": [preset.dwell for preset in self],
            "unverified": [", ".join(preset.unverified) for preset in self],
            "source": [preset.source for preset in self],
        }

    def to_frame(self, backend: str | None = None) -> Any:
        """Return the columns as a data frame of pandas, polars or pyarrow, the first installed."""
        from ..frames import to_frame

        return to_frame(self.to_dict(), backend)

    def _rows(self) -> list[tuple[str, ...]]:
        return [_row(preset) for preset in self]

    def __repr__(self) -> str:
        from ..frames import as_text

        return as_text(self.HEAD, self._rows())

    def _repr_html_(self) -> str:
        from ..frames import as_html

        return as_html(f"{len(self)} presets", self.HEAD, self._rows())


def _row(preset: Preset) -> tuple[str, ...]:
    low, high = preset.effective
    span = duration(low) if high - low < 0.05 * low else f"{duration(low)} to {duration(high)}"
    from_where = {
        "last heartbeat": "",
        "next heartbeat": " (from an unanswered probe)",
        "crash": " (from a crash)",
    }[preset.counted_from]
    return (
        preset.name,
        duration(preset.every),
        preset.detector._show_threshold(preset.threshold),
        span + from_where,
        f"every {duration(preset.check_every)}" if preset.check_every else "",
        duration(preset.dwell) if preset.dwell else "",
        preset.source + (" (unverified in part)" if preset.unverified else ""),
    )
