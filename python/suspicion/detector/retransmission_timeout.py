"""TCP's retransmission timeout over the response times of requests."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, flag, seconds
from .base import Detector


class RetransmissionTimeout(Detector):
    """TCP's retransmission timeout over the response times of requests.

    With R a response time, first SRTT = R and RTTVAR = R/2, then
    RTTVAR = 3/4 RTTVAR + 1/4 abs(SRTT - R) and SRTT = 7/8 SRTT + 1/8 R. The timeout is
    SRTT + max(granularity, gain * RTTVAR), kept between `minimum` and `maximum`. A heartbeat is a
    response; the next request goes out an interval after the last, and suspicion comes at its send time
    plus the timeout.

    With `backoff` the timeout doubles each time it runs out, and once for each request that was lost; a
    response that came after it ran out is not learned from (Karn's rule), and the next in time resets
    it. Without it every response is learned from.

    The threshold is the gain, without unit; the standard's is 4. O(1) a heartbeat and threshold. Needs
    send times on the monitor's clock.

    Parameters
    ----------
    granularity : duration
        Of the clock.
    minimum, maximum : duration
        Bounds of the timeout: the standard's are 1 s and 60 s, Linux's minimum is 200 ms.
    backoff : bool
        Whether the timeout doubles when it runs out.

    References
    ----------
    RFC 6298.

    Examples
    --------
    >>> import suspicion as sus
    >>> detector = sus.RetransmissionTimeout(minimum="10ms")
    >>> sus.sweep(sus.examples.load("urban_n8_v20"), detector, thresholds=[1.0, 4.0]).mistakes
    array([1804.,  653.])
    """

    threshold_name = "gain"
    _durations = frozenset({"granularity", "minimum", "maximum"})

    def __init__(
        self,
        *,
        granularity: Duration = 0.0,
        minimum: Duration = 1.0,
        maximum: Duration = 60.0,
        backoff: bool = True,
    ) -> None:
        grain, least = seconds("granularity", granularity), seconds("minimum", minimum)
        most, doubling = seconds("maximum", maximum), flag("backoff", backoff)
        core = _core.Detector.retransmission_timeout(grain, least, most, doubling)
        self._build(core, granularity=grain, minimum=least, maximum=most, backoff=doubling)
