"""One of several laws, chosen anew for every draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .. import _core
from ..arguments import Duration, vector
from .base import Distribution, laws

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


class Mixture(Distribution):
    """One of several laws, chosen anew for every draw.

    Parameters
    ----------
    parts : sequence of Distribution or duration
        The laws.
    weights : array_like, optional
        How often each is chosen, above zero and of any sum; equally often without it.

    Examples
    --------
    >>> import suspicion as sus
    >>> rare = sus.Pareto(minimum="1s", tail_index=1.5)
    >>> law = sus.Mixture([sus.LogNormal(median="5ms", sigma=0.5), rare], weights=[0.999, 0.001])
    >>> law.ccdf(1.0)
    0.001...
    """

    def __init__(
        self, parts: Sequence[Distribution | Duration], *, weights: ArrayLike | None = None
    ) -> None:
        found = laws("parts", parts)
        shares = np.ones(len(found)) if weights is None else vector("weights", weights)
        core = _core.Distribution.mixture([part._core for part in found], shares.tolist())
        self._build(core, parts=tuple(found), weights=tuple(shares.tolist()))
