"""Networks that were measured: links between places that have names."""

from __future__ import annotations

import csv
import os
from functools import cache
from importlib.resources import files

import numpy as np

from .arguments import Duration, instance, refuse, seconds, shown
from .distribution import Empirical, LogNormal
from .distribution.horizon import Horizon
from .network import Link


def aws(origin: str, destination: str) -> Link:
    """Return the link between two AWS regions, or within one.

    Its delay is half of the round trip, as if both ways took as long, by a lognormal law through the
    median and the 90th percentile that were measured. Nothing is known beyond the 90th percentile, and
    nothing of losses: the link has none. For a tail, measure your own (`traces.ping`, ``suspicion
    record rtt``) and fit it.

    Parameters
    ----------
    origin, destination : str
        Names of regions such as ``"eu-west-1"``; see `aws_regions`.

    Returns
    -------
    Link

    References
    ----------
    Tables of the Rust crate ``commonware-estimator`` (MIT or Apache-2.0), 33 regions.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.networks.aws("eu-west-1", "us-east-1").parameters["delay"]
    LogNormal(median='34.868ms', sigma=0.0337...)
    """
    table = _round_trips()
    for name, region in (("origin", origin), ("destination", destination)):
        instance(name, region, str, "the name of a region")
        if (region, region) not in table:
            raise refuse(name, region, f"one of {shown(list(aws_regions()))}")
    median, high = (trip / 2e3 for trip in table[origin, destination])
    law = LogNormal.from_quantiles({0.5: median, 0.9: high})
    law._set("_horizon", Horizon(probability=0.9, time=high))
    return Link(delay=law)


def netem(source: str | os.PathLike[str], *, delay: Duration, jitter: Duration) -> Empirical:
    """Return the law of delays that Linux' netem makes of a table of its own.

    A delay is ``delay + jitter * t / 8192`` for an entry t of the table, each equally likely; what would be
    below zero is zero. The tables that ship with iproute2 end at four times the jitter, and all but the normal
    one have a standard deviation of .82 to .88 of it, so that netem understates tails.

    Parameters
    ----------
    source : path
        A file such as ``pareto.dist``: whole numbers, and comments that begin with ``#``.
    delay, jitter : duration
        As ``tc qdisc ... netem delay`` takes them.

    References
    ----------
    iproute2, ``netem/README.distribution``.
    """
    middle, spread = seconds("delay", delay), seconds("jitter", jitter)
    if spread < 0.0:
        raise refuse("jitter", jitter, "a duration of zero or more")
    called = shown(os.fspath(instance("source", source, (str, os.PathLike), "a path")))[1:-1]
    entries: list[int] = []
    with open(source, encoding="utf-8") as file:  # noqa: PTH123
        for number, line in enumerate(file, start=1):
            try:
                entries += map(int, line.partition("#")[0].split())
            except ValueError:
                expected = f"{shown(line.strip())}, expected whole numbers"
                raise ValueError(f"{called}:{number}: {expected}") from None
    if not entries:
        raise ValueError(f"{called}: no table: expected whole numbers")
    return Empirical(np.maximum(middle + spread * np.array(entries) / 8192.0, 0.0))


def aws_regions() -> tuple[str, ...]:
    """Return the names of the regions that `aws` knows."""
    return tuple(sorted({origin for origin, _ in _round_trips()}))


@cache
def _round_trips() -> dict[tuple[str, str], tuple[float, float]]:
    """Return median and 90th percentile in milliseconds by origin and destination."""
    path = files("suspicion") / "data" / "aws" / "regions.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {(row["from"], row["to"]): (float(row["p50_ms"]), float(row["p90_ms"])) for row in rows}
