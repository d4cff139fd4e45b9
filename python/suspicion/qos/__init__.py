"""Quality of service: how often a detector is wrong, for how long, and how soon it is right."""

from .comparison import Comparison
from .curve import Curve
from .point import Point
from .recommendation import Recommendation
from .sweep import compare, sweep

__all__ = ["Comparison", "Curve", "Point", "Recommendation", "compare", "sweep"]
