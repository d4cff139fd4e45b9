"""What a law must have been, from what was seen of it, and how far that may be believed.

`fit` finds the likeliest law of a family, `fits` ranks families; both take samples, or `Observations` for
durations that were cut off, counted in buckets or seen through a window only.
"""

from .fit import Fit, fit
from .observations import Observations
from .ranking import Ranking, fits

__all__ = ["Fit", "Observations", "Ranking", "fit", "fits"]
