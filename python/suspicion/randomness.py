"""From what a caller passes as ``rng`` to the key of the core's streams."""

from __future__ import annotations

import numbers
from typing import TypeAlias

import numpy as np

from .arguments import refuse

# Written as text: `numpy.random` is only imported once something is drawn.
RNG: TypeAlias = (
    "int | np.random.SeedSequence | np.random.Generator | np.random.BitGenerator | None"
)
"""Where randomness comes from: a seed, a generator to draw one from, or None for a fresh one."""

EXPECTED = "a whole number of zero or more, a SeedSequence, a Generator or None"


def seed_of(rng: object) -> int:
    """Return the seed that ``rng`` stands for, as one whole number that gives the same run again.

    A generator is advanced by the draw of a seed from it.
    """
    if rng is None:
        return _number(np.random.SeedSequence())
    if isinstance(rng, np.random.SeedSequence):
        return _number(rng)
    if isinstance(rng, np.random.BitGenerator):
        rng = np.random.Generator(rng)
    if isinstance(rng, np.random.Generator):
        return int.from_bytes(rng.bytes(16), "little")
    if isinstance(rng, numbers.Integral) and not isinstance(rng, (bool, np.bool_)):
        if rng < 0:
            raise refuse("rng", rng, EXPECTED)
        return int(rng)
    raise refuse("rng", rng, EXPECTED, TypeError)


def key_of(seed: int) -> bytes:
    """Return the 256-bit key that belongs to a seed."""
    words = np.random.SeedSequence(seed).generate_state(4, np.uint64)
    return words.astype("<u8").tobytes()


def _number(sequence: np.random.SeedSequence) -> int:
    words = sequence.generate_state(4, np.uint32)
    return int.from_bytes(words.astype("<u4").tobytes(), "little")
