"""Another law stretched and moved."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, instance, number, seconds
from .base import Distribution


class Affine(Distribution):
    """Another law stretched and moved: what ``factor * law + offset`` gives.

    Parameters
    ----------
    base : Distribution
        The law of X in factor * X + offset.
    factor : float
        Above zero.
    offset : duration
        May be negative, as a number of seconds, as long as no duration becomes so.

    Examples
    --------
    >>> import suspicion as sus
    >>> (2 * sus.Exponential(mean="1ms") + "5ms").mean()
    0.007
    """

    def __init__(self, base: Distribution, *, factor: float = 1.0, offset: Duration = 0.0) -> None:
        instance("base", base, Distribution, "a distribution")
        factor, shift = number("factor", factor), seconds("offset", offset)
        core = _core.Distribution.affine(base._core, factor, shift)
        self._build(core, base=base, factor=factor, offset=shift)

    def __repr__(self) -> str:
        factor, offset = self.parameters["factor"], self.parameters["offset"]
        base = self.parameters["base"]
        text = f"({base!r})" if isinstance(base, Affine) else repr(base)
        if factor != 1.0:
            text = f"{factor!r} * {text}"
        if offset == 0.0:
            return text
        return f"{text} {'-' if offset < 0.0 else '+'} {abs(offset)!r}"
