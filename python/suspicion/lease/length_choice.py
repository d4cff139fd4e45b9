"""Which length a lease should have, in a few sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..units import duration as shown
from ..units import rate as shown_rate
from .clock import margin_of

if TYPE_CHECKING:
    from .lengths import LeaseLengths


@dataclass(frozen=True)
class LengthChoice:
    """The answer to which length a lease should have; its text says it in a few sentences."""

    lengths: LeaseLengths
    """What was chosen from."""
    rank: int
    """The place of the length among them; of the longest if none will do."""
    max_rate: float
    """How often there may be two holders, per second."""
    chosen: bool
    """Whether there is a length that meets that."""
    drift: float
    """Seconds that a clock may gain or lose in a second."""

    @property
    def met(self) -> bool:
        """Whether the data show that the length meets it: never where only the form of a fitted law says so."""
        return self.chosen and not bool(self.lengths.form_only[self.rank])

    @property
    def length(self) -> float:
        """The length in seconds."""
        return float(self.lengths.length[self.rank])

    @property
    def believed_for(self) -> float:
        """For how long its holder may take it for its own, in seconds of its clock from the request."""
        return margin_of(self.length, self.drift)

    def __str__(self) -> str:
        if not self.chosen:
            return " ".join([*self._too_often(), *self._untold(), "Fencing helps at any length."])
        return " ".join(
            [
                self._choice(),
                *self._form_only(),
                "Writes that are under way when the holder stops need fencing at any length.",
            ]
        )

    def _choice(self) -> str:
        found = self.lengths
        return (
            f"A lease of {self.length:.4g} s, renewed every "
            f"{shown(found.lease.parameters['renew_every'])} and taken for its own by the holder for "
            f"{self.believed_for:.5g} s from each request, which clocks wrong by {self.drift * 1e6:g} ppm "
            f"leave: two holders {found._shown_rate(self.rank)}, and a crash leaves nobody for "
            f"{shown(found.crash_mean[self.rank])} on average and {shown(found.crash_most[self.rank])} at most."
        )

    def _form_only(self) -> list[str]:
        if self.met:
            return []
        return [
            "The data behind the pauses do not reach so far: this rests on the form of the law that was fitted."
        ]

    def _too_often(self) -> list[str]:
        """Say up to which length there are too many for certain."""
        found = self.lengths
        bad = np.flatnonzero(found.two_holders_low > self.max_rate)
        if not bad.size:
            return []
        last = int(bad[-1])
        crash = shown(found.crash_mean[last])
        return [
            f"No lease up to {shown(found.length[last])} keeps two holders below "
            f"{shown_rate(self.max_rate)}: there it is {found._shown_rate(last)}, and a crash leaves nobody for "
            f"{crash}."
        ]

    def _untold(self) -> list[str]:
        """Say what the data do not tell of longer ones."""
        found = self.lengths
        if math.isinf(found.watched):
            return []
        bound = shown_rate(found.two_holders_high[self.rank])
        needed = -math.log(0.5 * (1.0 - found.confidence_level)) / self.max_rate
        return [
            f"Of longer leases {shown(found.watched)} of pauses say no more than that it is below {bound}; to show "
            f"{shown_rate(self.max_rate)} takes about {shown(needed)} without a pause that long."
        ]
