"""Real heartbeats, and files as tools write them, that come with the package, to try things on.

Five runs of the CICV5G dataset (CC BY 4.0, <https://doi.org/10.5281/zenodo.17475688>): a car publishes a
message to the cloud about every 55 ms over 5G and receives it back; both stamps are of the car's
clock. And `TRACES`, for `suspicion.traces.read`: a ping, logs of garbage collections, a page of metrics. Sources,
licences and changes are in the READMEs beside the files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .arguments import choice
from .heartbeat import Arrivals, read_heartbeats

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("south_n8_v10", "urban_n8_v20", "urban_n78_v30", "urban_n8_v0", "arterial_n78_v80")
"""The runs: place, radio band and speed in km/h. The first one stalls for 11 seconds."""


TRACES = {
    "ping_stall": "ping_stall.txt",
    "gc_shenandoah": "gc_shenandoah.log.gz",
    "gc_parallel": "gc_parallel.log.gz",
    "gc_damaged": "gc_damaged.log",
    "jhiccup": "jhiccup.hlog",
    "etcd_metrics": "etcd_metrics.prom",
}
"""Files as tools write them, by name."""


def path(name: str) -> Path:
    """Return the path of the CSV file of a run, or of one of `TRACES`.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.examples.path("south_n8_v10").name
    'south_n8_v10.csv'
    >>> sus.traces.read(sus.examples.path("ping_stall"))
    Delays(<188 answers, 12 lost, median 21.7 ms, longest 1.23 s>)
    """
    from pathlib import Path

    choice("name", name, (*NAMES, *TRACES))
    data = Path(__file__).parent / "data"
    return data / "traces" / TRACES[name] if name in TRACES else data / "cicv5g" / f"{name}.csv"


def load(name: str) -> Arrivals:
    """Return the heartbeats of a run; for `TRACES` see `suspicion.traces.read`.

    Examples
    --------
    >>> import suspicion as sus
    >>> sus.examples.load("south_n8_v10")
    Arrivals(<2.13 min, one heartbeat every 55.4 ms: 2,233 arrivals, 79 lost>)
    """
    return read_heartbeats(
        path(choice("name", name, NAMES)),
        received="received_ms",
        sent="sent_ms",
        unit="ms",
        shared_clock=True,
    )
