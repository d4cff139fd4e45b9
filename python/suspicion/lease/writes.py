"""What the holder of a lease writes."""

from __future__ import annotations

from .. import _core
from ..arguments import Duration, choice, positive, seconds
from ..distribution import Distribution
from ..distribution.constant import law_of
from ..value import Value

FENCING = ("none", "tokens", "sealed")


class Writes(Value):
    """Writes to a storage under a lease: each begins with a look at the clock and takes effect a while later.

    Parameters
    ----------
    every : duration
        From the beginning of one to that of the next, of the holder's running.
    window : duration
        From the look at the clock until it is sent, of the holder's running; no longer than `every`.
    delay : Distribution or duration
        How long it is on its way to the storage.
    first_after : duration
        From getting the lease to the beginning of the first write, of the holder's running.
    fencing : str
        ``"none"``: the storage takes everything. ``"tokens"``: it refuses a token that is lower than one it has seen. ``"sealed"``: a new
        holder has it see its token before anything else.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.Writes(every="1s", window="5ms", fencing="tokens")
    Writes(every='1s', window='5ms', delay=Constant(value=0.0), first_after=0.0, fencing='tokens')
    """

    _durations = frozenset({"every", "window", "first_after"})
    _core: _core.LeaseWrites

    def __init__(
        self,
        *,
        every: Duration = "1s",
        window: Duration = "10ms",
        delay: Distribution | Duration = 0.0,
        first_after: Duration = 0.0,
        fencing: str = "none",
    ) -> None:
        interval, look = positive("every", every), seconds("window", window)
        first, law = seconds("first_after", first_after), law_of("delay", delay)
        guard = choice("fencing", fencing, FENCING)
        self._set("_core", _core.LeaseWrites(interval, look, first, law._core, guard))
        self._hold(every=interval, window=look, delay=law, first_after=first, fencing=guard)
