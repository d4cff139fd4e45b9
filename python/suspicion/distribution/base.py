"""What all distributions share."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

import numpy as np

from .. import _core
from .._core import Distribution as Core
from ..arguments import Duration, Floats, array, instance, known, number, refuse, seconds, whole
from ..randomness import RNG, key_of, seed_of
from ..value import Value
from .horizon import Horizon

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike


class Distribution(Value):
    """The law of a duration, in seconds.

    Method names are those of SciPy's new distributions; the complement of the cdf is ``ccdf``.
    Arguments broadcast: an array of any shape gives an array of that shape, a number a number. Both
    tails are worked out as logarithms, so that ``ccdf`` is right down to 1e-300 and ``logccdf``
    beyond: to a relative 1e-12, or 1e-9 where an incomplete gamma function is involved (`Gamma`).
    """

    _core: Core
    residual: float | None = None
    """How far a law made from three quantiles or more misses them: the root mean square of
    ``logccdf`` at the quantiles less its target. None for all other laws."""
    _horizon: Horizon | None = None

    def _build(self, core: Core, **parameters: Any) -> None:
        self._set("_core", core)
        self._hold(**parameters)

    def _evaluate(self, name: str, value: ArrayLike, method: Callable[[Floats], Floats]) -> Any:
        values = known(name, value)
        result = method(values.ravel()).reshape(values.shape)
        return float(result) if result.ndim == 0 else result

    @property
    def identifiable_to(self) -> Horizon | None:
        """How far into its tail the data that a law was fitted to speak; None for a law given by hand.

        A law made of others goes as far as the part that goes least far.
        """
        if self._horizon is not None:
            return self._horizon
        return self._horizon_of([part.identifiable_to for part in _parts(self)])

    def _horizon_of(self, parts: list[Horizon | None]) -> Horizon | None:
        least = min((part.probability for part in parts if part is not None), default=None)
        return None if least is None else Horizon(least, float(self.icdf(least)))

    def pdf(self, x: ArrayLike) -> Any:
        """Return the density at `x` seconds, per second.

        Parameters
        ----------
        x : array_like
            Seconds, of any shape.

        Returns
        -------
        float or ndarray
            The density, of the shape of `x`.

        Raises
        ------
        ValueError
            If the law has no density, such as one with a value that has a probability of its own.
        """
        return self._evaluate("x", x, self._density(self._core.pdf))

    def logpdf(self, x: ArrayLike) -> Any:
        """Return the logarithm of the density at `x` seconds; see `pdf`."""
        return self._evaluate("x", x, self._density(self._core.logpdf))

    def cdf(self, x: ArrayLike) -> Any:
        """Return Pr(X <= x), of the shape of `x`, which is in seconds."""
        return self._evaluate("x", x, self._core.cdf)

    def ccdf(self, x: ArrayLike) -> Any:
        """Return Pr(X > x), of the shape of `x`, which is in seconds.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.Exponential(mean="100ms").ccdf([0.1, 1.0])
        array([3.67879441e-01, 4.53999298e-05])
        """
        return self._evaluate("x", x, self._core.ccdf)

    def logcdf(self, x: ArrayLike) -> Any:
        """Return ln Pr(X <= x), of the shape of `x`, which is in seconds."""
        return self._evaluate("x", x, self._core.logcdf)

    def logccdf(self, x: ArrayLike) -> Any:
        """Return ln Pr(X > x), of the shape of `x`, which is in seconds."""
        return self._evaluate("x", x, self._core.logccdf)

    def icdf(self, p: ArrayLike) -> Any:
        """Return the smallest x in seconds with Pr(X <= x) >= p, of the shape of `p`."""
        return self._evaluate("p", _probabilities("p", p), self._core.icdf)

    def iccdf(self, q: ArrayLike) -> Any:
        """Return the smallest x in seconds with Pr(X > x) <= q, of the shape of `q`.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.LogNormal(median="1ms", sigma=1.0).iccdf(1e-12)
        1.135...
        """
        return self._evaluate("q", _probabilities("q", q), self._core.iccdf)

    def ilogccdf(self, log_q: ArrayLike) -> Any:
        """Return the smallest x in seconds with ln Pr(X > x) <= `log_q`, of its shape."""
        values = array("log_q", log_q)
        if np.any(values > 0.0):
            raise refuse("log_q", log_q, "logarithms of probabilities, zero or less")
        return self._evaluate("log_q", values, self._core.ilogccdf)

    def sample(self, shape: int | tuple[int, ...] = (), *, rng: RNG = None) -> Any:
        """Draw durations.

        Parameters
        ----------
        shape : int or tuple of int
            How many, and in what shape; a single number without it.
        rng : int, SeedSequence, Generator or None
            Where randomness comes from. The same seed gives the same bits on every machine.

        Returns
        -------
        float or ndarray
            Seconds.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.Uniform(low="1ms", high="2ms").sample(3, rng=7)
        array([0.00161983, 0.00149587, 0.00118193])
        """
        sizes = shape if isinstance(shape, tuple) else (shape,)
        sizes = tuple(whole("shape", size) for size in sizes)
        if math.prod(sizes) > 2**48:
            raise MemoryError(f"shape = {shape}, too many draws for any memory")
        draws = self._core.sample(math.prod(sizes), key_of(seed_of(rng)))
        result = draws.reshape(sizes)
        return float(result) if result.ndim == 0 else result

    def mean(self) -> float:
        """Return the mean in seconds; infinite where it diverges."""
        return self._core.mean()

    def variance(self) -> float:
        """Return the variance in seconds squared; infinite where it diverges."""
        return self._core.variance()

    def std(self) -> float:
        """Return the standard deviation in seconds; infinite where it diverges."""
        return math.sqrt(self.variance())

    def median(self) -> float:
        """Return the median in seconds."""
        return self._core.median()

    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value in seconds."""
        return self._core.support()

    def truncated(self, low: Duration = 0.0, high: Duration = math.inf) -> Distribution:
        """Return this law given that the duration lies between two bounds."""
        from .truncated import Truncated

        return Truncated(self, low=low, high=high)

    @overload
    def __add__(self, other: Distribution) -> Distribution: ...
    @overload
    def __add__(self, other: Duration) -> Distribution: ...
    def __add__(self, other: Any) -> Distribution:
        """Return the law shifted by a duration, or the sum with an independent one."""
        if isinstance(other, Distribution):
            from .sum import Sum

            return Sum([self, other])
        from .affine import Affine

        return Affine(self, offset=seconds("offset", other))

    def __radd__(self, other: Duration) -> Distribution:
        return self + other

    def __sub__(self, other: Duration) -> Distribution:
        from .affine import Affine

        return Affine(self, offset=-seconds("offset", other))

    def __mul__(self, factor: float) -> Distribution:
        """Return the law stretched by a factor."""
        from .affine import Affine

        return Affine(self, factor=number("factor", factor))

    def __rmul__(self, factor: float) -> Distribution:
        return self * factor

    def plot(self, ax: Axes | None = None, **line: Any) -> Axes:
        """Draw Pr(X > x) against x, both on logarithmic axes.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            Where to draw; a new figure without it.
        **line
            Passed on to `matplotlib.axes.Axes.plot`.

        Returns
        -------
        matplotlib Axes
        """
        from ..plot.distribution import draw_ccdf

        return draw_ccdf(self, ax, line)

    def __reduce__(self) -> tuple[Any, ...]:
        return (*super().__reduce__(), {"residual": self.residual, "_horizon": self._horizon})

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            self._set(name, value)

    def _density(self, method: Callable[[Floats], Floats]) -> Callable[[Floats], Floats]:
        def density(x: Floats) -> Floats:
            if not self._core.has_density():
                raise ValueError(f"{self!r} has no density that is known")
            return method(x)

        return density


class Family(Distribution):
    """A law with two parameters, which can be found from other figures."""

    _names: ClassVar[tuple[str, ...]]

    @classmethod
    def from_quantiles(cls, quantiles: Mapping[float, Duration]) -> Self:
        """Return the law with these quantiles.

        Two are met exactly. Of more, the nearest law is returned, by least squares in ``logccdf``,
        and its `residual` says how near it comes.

        Parameters
        ----------
        quantiles : mapping of probability to duration
            Probabilities strictly between 0 and 1, and the durations not exceeded with them.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.LogNormal.from_quantiles({0.5: "1ms", 0.99: "20ms"})
        LogNormal(median='1ms', sigma=1.287...)
        """
        *parameters, residual = _core.Distribution.from_quantiles(cls.__name__, knots(quantiles))
        law = cls(**dict(zip(cls._names, parameters, strict=False)))
        law._set("residual", residual if len(quantiles) > len(cls._names) else None)
        return law


class MomentFamily(Family):
    """A family that mean and standard deviation determine."""

    @classmethod
    def from_mean_std(cls, mean: Duration, std: Duration) -> Self:
        """Return the law with this mean and standard deviation.

        Examples
        --------
        >>> import suspicion as sus
        >>> sus.Gamma.from_mean_std("10ms", "5ms")
        Gamma(shape=4.0, scale='2.5ms')
        """
        found = _core.Distribution.from_mean_std(
            cls.__name__, seconds("mean", mean), seconds("std", std)
        )
        return cls(**dict(zip(cls._names, found, strict=True)))


def _parts(law: Distribution) -> list[Distribution]:
    """Return the laws that a law is made of."""
    held = law.parameters.values()
    several = [value if isinstance(value, tuple) else (value,) for value in held]
    return [part for values in several for part in values if isinstance(part, Distribution)]


def _probabilities(name: str, value: ArrayLike) -> Floats:
    values = array(name, value)
    if not np.all((values >= 0.0) & (values <= 1.0)):
        raise refuse(name, value, "probabilities in [0, 1]")
    return values


def knots(quantiles: Mapping[float, Duration]) -> list[tuple[float, float]]:
    """Return quantiles as pairs of probability and seconds."""
    instance("quantiles", quantiles, Mapping, "a mapping of probabilities to durations")
    return [(number("quantiles", p), seconds(f"quantiles[{p}]", x)) for p, x in quantiles.items()]


def laws(name: str, parts: object) -> list[Distribution]:
    """Return a list of distributions; a duration among them stands for a constant."""
    from .constant import law_of

    expected = "a sequence of 1 to 1000 distributions"
    if isinstance(parts, (str, bytes, Mapping)) or not hasattr(parts, "__iter__"):
        raise refuse(name, parts, expected, TypeError)
    found = list(parts)
    if not 1 <= len(found) <= 1000:
        raise refuse(name, parts, expected)
    return [law_of(f"{name}[{i}]", part) for i, part in enumerate(found)]
