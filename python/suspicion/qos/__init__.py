"""Quality of service: how often a detector is wrong, for how long, and how soon it is right."""

from .calibration import Calibration
from .comparison import Comparison
from .configuration import Configuration, configure
from .curve import Curve
from .point import Point
from .recommendation import Recommendation
from .stages import Stages, stages
from .sweep import compare, sweep

__all__ = [
    "Calibration",
    "Comparison",
    "Configuration",
    "Curve",
    "Point",
    "Recommendation",
    "Stages",
    "compare",
    "configure",
    "stages",
    "sweep",
]
