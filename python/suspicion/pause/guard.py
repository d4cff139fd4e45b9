"""What a monitor does that finds that it has stood still."""

from __future__ import annotations

from ..arguments import Duration, refuse, seconds
from ..value import Value


class Guard(Value):
    """What a monitor does that finds that it has stood still itself: for a while it suspects nobody.

    After a pause of its own longer than `longer_than` it looks at no deadline for `hold` more, though
    it takes in what arrives meanwhile. Cassandra and Redis Sentinel (TILT) do so.

    Parameters
    ----------
    longer_than : duration
        Pauses up to this length do not matter.
    hold : duration
        How long it holds back after a longer one.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Guard(longer_than="5s", hold="5s")
    Guard(longer_than='5s', hold='5s')
    """

    _durations = frozenset({"longer_than", "hold"})

    def __init__(self, *, longer_than: Duration, hold: Duration) -> None:
        spans = seconds("longer_than", longer_than), seconds("hold", hold)
        for name, span in zip(("longer_than", "hold"), spans, strict=True):
            if span < 0.0:
                raise refuse(name, span, "a time of zero or more")
        self._hold(longer_than=spans[0], hold=spans[1])

    @property
    def _pair(self) -> tuple[float, float]:
        return self.parameters["longer_than"], self.parameters["hold"]
