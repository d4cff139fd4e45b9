"""Defaults of real systems, with their check interval and dwell stage."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from . import detector
from .detector import Detector, ExponentialAccrual


@dataclass(frozen=True)
class Preset:
    """A detector as a real system ships it.

    Attributes
    ----------
    name : str
        The system.
    detector : Detector
        Its detector.
    threshold : float
        Its default threshold, as its users write it.
    check_every : float
        How often it looks at the deadline, in seconds.
    dwell : float
        How long a suspicion must last before it acts, in seconds.
    source : str
        Where the figures are from.
    """

    name: str
    detector: Detector
    threshold: float
    check_every: float
    dwell: float
    source: str


def cassandra() -> Preset:
    """Apache Cassandra: exponential accrual, phi above 8, looked at on each gossip tick of a second.

    A window of 1000 gaps that starts with one of two seconds; longer gaps do not enter it. 8 means
    18.4 mean gaps. Its guard against its own pauses is not modelled here.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.presets.cassandra().threshold
    8.0
    """
    return Preset(
        name="Cassandra",
        detector=ExponentialAccrual(window=1000, initial="2s", max_interval="2s"),
        threshold=8.0,
        check_every=1.0,
        dwell=0.0,
        source="apache/cassandra, gms/FailureDetector.java (3.x, 4.x)",
    )


DETECTORS: Mapping[str, Callable[..., Detector | Preset]] = {
    **{
        re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower(): getattr(detector, name)
        for name in detector.__all__
        if name != "Detector"
    },
    "cassandra": cassandra,
}
"""Detectors and presets by the names that the command line and model files have for them."""
