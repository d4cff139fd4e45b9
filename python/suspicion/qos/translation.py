"""What thresholds mean in seconds."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arguments import instance, refuse
from ..detector import Detector
from ..heartbeat import Arrivals
from .curve import Curve
from .sweep import Entry, watch
from .terms import terms_of


def timeout_of(detector: Detector, threshold: float, arrivals: Arrivals) -> float:
    """Return the mean time in seconds from a heartbeat to suspicion at a threshold."""
    return float(_watched(detector, [threshold], arrivals).timeout[0])


def threshold_of(detector: Detector, timeout: float, arrivals: Arrivals) -> float:
    """Return the threshold at which suspicion comes so many seconds after a heartbeat on average."""
    if detector.is_one_pass:
        return _watched(detector, None, arrivals).threshold_of(timeout)
    if timeout <= 0.0:
        raise refuse(
            "timeout", timeout, "a timeout above zero, which a threshold of this detector has"
        )
    thresholds = detector._core.candidates(timeout / 100.0, 100.0 * timeout)
    # Between two thresholds the timeout need not be a straight line.
    for _ in range(3):
        curve = _watched(detector, thresholds, arrivals)
        found = curve.threshold_of(timeout)
        place = int(np.searchsorted(curve.threshold, found))
        low = float(curve.threshold[max(place - 1, 0)])
        high = float(curve.threshold[min(place, len(curve) - 1)])
        thresholds = np.unique(np.linspace(low, high, 65))
        if not low < high:
            break
    return found


def _watched(detector: Detector, thresholds: Any, arrivals: object) -> Curve:
    instance("arrivals", arrivals, Arrivals, "Arrivals; Curve.timeout_of does so for a model")
    terms = terms_of(arrivals, None, None, None, 0.0, 0.0, True, None, None, None)
    return watch(terms, [Entry(detector.title, detector, thresholds)], 0.95, None)[0]
