"""What is known of a lease without a simulation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..arguments import Duration, seconds
from ..arguments import rate as rate_of
from ..distribution import Distribution
from ..distribution.constant import law_of
from ..value import Value
from .clock import margin_of

if TYPE_CHECKING:
    from .._core import LeaseTerms as Terms


class Formulas(Value):
    """Closed forms of a lease whose messages take no time and whose clocks are right."""

    _core: Terms

    def two_holders(self, lasting: Distribution | Duration, *, rate: float | str = 0.0) -> float:
        """Return the probability that a pause of the holder makes two: that it lasts until another has got the lease.

        ``Pr(age + P > length + grace + lock_delay + wait)``, with the age of the last renewal uniform up to `renew_every`, or for a holder
        that renews on waking exponential and cut there, and the wait until the next one asks. Messages take no time, clocks are right and
        the service judges; `simulate` has the rest.

        Parameters
        ----------
        lasting : Distribution or duration
            Length of a pause.
        rate : float or str
            How often it pauses, which matters to a holder that renews on waking.

        Examples
        --------
        >>> import suspicion as sus
        >>> lease = sus.Lease(length="5s", renew_every="2s")
        >>> lease.two_holders(sus.Pareto(minimum="100ms", tail_index=1.5))
        0.004115...
        """
        return self._core.two_holders(law_of("lasting", lasting)._core, rate_of("rate", rate))

    def unsafe_write(
        self,
        lasting: Distribution | Duration,
        *,
        rate: float | str,
        window: Duration = "10ms",
    ) -> float:
        """Return the probability that a write takes effect when the lease that it looked at has run out.

        ``(1 - exp(-rate window)) Pr(age + window + P > length)``.

        Parameters
        ----------
        lasting : Distribution or duration
            Length of a pause.
        rate : float or str
            How often it pauses.
        window : duration
            From the look at the clock to the effect, of the holder's running.

        Examples
        --------
        >>> import suspicion as sus
        >>> lease = sus.Lease(length="6s", renew_every="2s")
        >>> lease.unsafe_write(sus.Exponential(mean="1.5s"), rate=0.05)
        1.9...e-05
        """
        law, look = law_of("lasting", lasting), seconds("window", window)
        return self._core.unsafe_write(look, law._core, rate_of("rate", rate))

    def margin(self, drift: float) -> float:
        """Return for how long a holder may take the lease for its own if no clock is wrong by more than a drift, in seconds.

        ``length (1 - drift) / (1 + drift)``, counted from the request: the holder's clock may be as slow as the service's is fast.

        Parameters
        ----------
        drift : float
            Seconds that a clock may gain or lose in a second: 50e-6 for quartz at its usual best, 200e-6 as Google assumed, 0.083333
            while chrony corrects a clock at its fastest.

        Examples
        --------
        >>> import suspicion as sus
        >>> lease = sus.Lease(length="10s")
        >>> [round(10 - lease.margin(ppm * 1e-6), 3) for ppm in (50, 200, 83_333)]
        [0.001, 0.004, 1.538]
        """
        return margin_of(self.parameters["length"], drift)
