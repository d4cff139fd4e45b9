"""Networks that were measured: links between places that have names."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from .arguments import instance, refuse, shown
from .distribution import LogNormal
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
    >>> sus.networks.aws("eu-west-1", "us-east-1")
    Link(delay=LogNormal(median='34.868ms', sigma=0.0337...))
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
