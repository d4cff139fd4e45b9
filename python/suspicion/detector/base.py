"""What all failure detectors share."""

from __future__ import annotations

from typing import Any, ClassVar

from .._core import Detector as Core
from ..arguments import number, seconds
from ..units import duration
from ..value import Value


class Detector(Value):
    """A failure detector with all its settings but the threshold.

    Attributes
    ----------
    threshold_name : str
        What its users call the threshold: ``timeout``, ``margin``, ``gain``, ``phi``, ``suspicion``.
    threshold_is_time : bool
        Whether the threshold is in seconds; if not it has no unit.
    """

    _core: Core
    threshold_name: str
    threshold_is_time: ClassVar[bool] = False

    def _build(self, core: Core, **parameters: Any) -> None:
        self._set("_core", core)
        self._hold(**parameters)

    @property
    def needs(self) -> int:
        """Heartbeats it must have seen before it can suspect at all."""
        return self._core.needs()

    @property
    def memory(self) -> int:
        """Heartbeats after which it has forgotten how it started."""
        return self._core.memory()

    def _threshold(self, value: object) -> float:
        """Return a threshold as a number: a duration where it is a time."""
        checked = seconds if self.threshold_is_time else number
        found = checked("threshold", value)
        return self._core.admit(found)

    def _show_threshold(self, value: float) -> str:
        """Return a threshold as a person would write it."""
        return duration(value) if self.threshold_is_time else f"{self.threshold_name} {value:.4g}"
