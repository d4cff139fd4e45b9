"""Logs of pauses: virtual machines, runtimes, real-time tests, and what members of a cluster say."""

from __future__ import annotations

from .events import Events
from .histograms import Histograms
from .pause_log import PauseLog
from .read import Origin, read_as


def jvm(source: Origin, *, strict: bool = False) -> PauseLog:
    """Read the unified log of a JVM since JDK 9: ``-Xlog:gc``, ``gc*``, ``safepoint``, any decorations.

    Lines of safepoints are stops, from the request to the end; ``Pause`` lines are collections.

    Parameters
    ----------
    source : path or bytes
        The log, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.

    Examples
    --------
    >>> import suspicion as sus
    >>> line = b"[31.249s][info][gc] GC(0) Pause Young (G1 Evacuation Pause) 24M->11M(256M) 7.965ms"
    >>> sus.traces.jvm(line).lasting
    array([0.007965])
    """
    return read_as(PauseLog, source, "jvm", strict=strict)


def jvm_legacy(source: Origin, *, strict: bool = False) -> PauseLog:
    """Read the log of a JVM up to JDK 8, all collectors, with stamps or without.

    Lines of threads that were stopped are stops, with a collection in them or without.

    Parameters
    ----------
    source : path or bytes
        The log, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.

    Examples
    --------
    >>> import suspicion as sus
    >>> line = b"1.5: Total time for which application threads were stopped: 0.25 seconds"
    >>> sus.traces.jvm_legacy(line)
    PauseLog(<1 stops, 250 ms in all, longest 250 ms>)
    """
    return read_as(PauseLog, source, "jvm_legacy", strict=strict)


def gctrace(source: Origin, *, strict: bool = False) -> PauseLog:
    """Read what a Go program writes with ``GODEBUG=gctrace=1``: two stops of the world a cycle.

    Parameters
    ----------
    source : path or bytes
        The output, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.

    Examples
    --------
    >>> import suspicion as sus
    >>> line = b"gc 1 @0.012s 2%: 0.026+0.39+0.10 ms clock, 0.2+0.8/0.5/0+0.8 ms cpu, 4->5->1 MB, 5 MB goal, 8 P"
    >>> sus.traces.gctrace(line).lasting
    array([2.6e-05, 1.0e-04])
    """
    return read_as(PauseLog, source, "gctrace", strict=strict)


def cyclictest(source: Origin, *, strict: bool = False) -> Histograms:
    """Read the histograms of ``cyclictest -h``, one a thread and run.

    Its summary lines alone have no tail and are refused.

    Parameters
    ----------
    source : path or bytes
        The output, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(Histograms, source, "cyclictest", strict=strict)


def cluster(source: Origin, *, strict: bool = False) -> Events:
    """Read what members of a cluster wrote about each other: Cassandra, Scylla, etcd, Consul and serf.

    Parameters
    ----------
    source : path or bytes
        The log, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.

    Examples
    --------
    >>> import suspicion as sus
    >>> line = b"2015/01/21 21:54:36 [INFO] memberlist: Suspect node-b has failed, no acks received"
    >>> sus.traces.cluster(line).counts
    {'suspect': 1}
    """
    return read_as(Events, source, "cluster", strict=strict)


def upptime(source: Origin, *, strict: bool = False) -> Events:
    """Read the history of a repository in which Upptime notes which sites are up.

    Parameters
    ----------
    source : path or bytes
        The output of ``git log --format='%H %cI %s'``, maybe compressed.
    strict : bool
        Whether to stop at the first line that is not understood.
    """
    return read_as(Events, source, "upptime", strict=strict)
