"""What all failure detectors share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core import Detector as Core
from ..arguments import Duration, number, seconds
from ..units import duration
from ..value import Value

if TYPE_CHECKING:
    from ..heartbeat import Arrivals


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
    threshold_is_time: bool = False

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

    @property
    def title(self) -> str:
        """What it is called in tables and pictures."""
        return type(self).__name__

    @property
    def is_one_pass(self) -> bool:
        """Whether one pass over the heartbeats tells its deadlines at all thresholds.

        Others are followed at each threshold by itself, which takes as long for each.
        """
        return self._core.is_one_pass()

    @property
    def needs_shared_clock(self) -> bool:
        """Whether it needs heartbeats with send times on the monitor's clock."""
        return self._core.needs_shared_clock()

    def timeout_of(self, threshold: object, arrivals: Arrivals) -> float:
        """Return what a threshold means in seconds: the mean time from a heartbeat to suspicion.

        Parameters
        ----------
        threshold : float or duration
            The threshold, as its users write it.
        arrivals : Arrivals
            The heartbeats on which it is asked; see `Curve.timeout_of` for those of a model.

        Examples
        --------
        >>> import suspicion as sus
        >>> beats = sus.examples.load("urban_n8_v20")
        >>> round(sus.ExponentialAccrual().timeout_of(8.0, beats), 3)
        1.066
        """
        from ..qos.translation import timeout_of

        return timeout_of(self, self._threshold(threshold), arrivals)

    def threshold_of(self, timeout: Duration, arrivals: Arrivals) -> float:
        """Return the threshold at which suspicion comes `timeout` after a heartbeat on average.

        Parameters
        ----------
        timeout : duration
            Mean time from a heartbeat to suspicion.
        arrivals : Arrivals
            The heartbeats on which it is asked.

        Examples
        --------
        >>> import suspicion as sus
        >>> beats = sus.examples.load("urban_n8_v20")
        >>> round(sus.ExponentialAccrual().threshold_of("500ms", beats), 2)
        3.75
        """
        from ..qos.translation import threshold_of

        return threshold_of(self, seconds("timeout", timeout), arrivals)

    def _threshold(self, value: object, name: str = "threshold") -> float:
        """Return a threshold as a number: a duration where it is a time."""
        checked = seconds if self.threshold_is_time else number
        found = checked(name, value)
        return self._core.admit(found)

    def _show_threshold(self, value: float) -> str:
        """Return a threshold as a person would write it."""
        return duration(value) if self.threshold_is_time else f"{self.threshold_name} {value:.4g}"
