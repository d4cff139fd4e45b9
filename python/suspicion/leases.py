"""Leases of real systems, with the values that they come with."""

from __future__ import annotations

from .arguments import positive, whole
from .lease import Clock, Lease


def kubernetes() -> Lease:
    """Return the leader election of Kubernetes' client-go: 15 s, given up after 10 s, tried every 2 s.

    Candidates judge by their own clocks, from when they saw the record change, and look at it every 2 to 4.4 s (jitter 1.2). It needs
    no synchronised clocks and tolerates rates that differ by 15/10; its documentation says that it is no fencing.

    References
    ----------
    client-go tools/leaderelection/leaderelection.go: LeaseDuration 15 s, RenewDeadline 10 s, RetryPeriod 2 s, JitterFactor 1.2.

    Examples
    --------
    >>> import suspicion as sus
    >>> found = sus.leases.kubernetes().takeover(rng=1)
    >>> bool(13.0 <= found.times[0] and found.times[-1] <= 23.8)
    True
    """
    return Lease(
        length="15s",
        renew_every="2s",
        believed_for="10s",
        poll_every="2s",
        poll_jitter=1.2,
        judged_by="observers",
    )


def chubby() -> Lease:
    """Return a session of Google's Chubby: a lease of 12 s, a grace period of 45 s, and a lock delay of a minute; unverified.

    In the grace period the client does nothing under its locks, but keeps the session if it reaches the service again. The lock
    delay, up to a minute, is what a lock has whose holder is lost and which nobody fences.

    References
    ----------
    Burrows, "The Chubby lock service for loosely-coupled distributed systems", OSDI 2006. The lock delay is up to a minute; the other
    figures are as they are commonly quoted, and that the lease is renewed every 7 s is an assumption.
    """
    return Lease(length="12s", renew_every="7s", grace="45s", lock_delay="1min")


def etcd() -> Lease:
    """Return a session of etcd's Go client: 60 s, kept alive every third of it, watched by those who wait.

    References
    ----------
    etcd client/v3/concurrency/session.go: a default TTL of 60 s; client/v3/lease.go: the next keep-alive is due a third of the TTL after an
    answer.
    """
    return Lease(length="60s", renew_every="20s")


def zookeeper(*, tick: float | str = "2s", ticks: int = 20) -> Lease:
    """Return a session of ZooKeeper: so many ticks, 2 to 20 unless a server says otherwise, pinged every third of it or every 10 s.

    Parameters
    ----------
    tick : duration
        ``tickTime`` of the servers.
    ticks : int
        Ticks that a session holds.

    References
    ----------
    ZooKeeper Programmer's Guide: sessions of 2 to 20 ticks. ClientCnxn.java: it reads for two thirds of a session, pings after half of
    that without traffic, and at the latest after 10 s (MAX_SEND_PING_INTERVAL).
    """
    length = positive("tick", tick) * whole("ticks", ticks, least=1, most=10**6)
    return Lease(length=length, renew_every=min(length / 3, 10.0))


def consul(*, length: float | str = "15s", lock_delay: float | str = "15s") -> Lease:
    """Return a lock under a session of Consul: a TTL of which the service may add as much again, then a lock delay.

    Parameters
    ----------
    length : duration
        TTL of the session, 10 s to a day.
    lock_delay : duration
        For how long nobody gets the lock of a session that was invalidated, 0 to a minute.

    References
    ----------
    Consul's documentation on sessions: the TTL is a lower bound, and the lock delay is 15 s unless somebody says otherwise.
    """
    ttl = positive("length", length)
    # The service may hold it for up to twice as long; its holder counts on no more than it asked for.
    return Lease(length=2 * ttl, renew_every=ttl / 2, believed_for=ttl, lock_delay=lock_delay)


def patroni() -> Lease:
    """Return the leader lock of Patroni: a TTL of 30 s, renewed every 10 s, given up after a retry timeout of 10 s more.

    References
    ----------
    Patroni's documentation, dynamic configuration: ttl 30, loop_wait 10, retry_timeout 10, with loop_wait + 2 retry_timeout <= ttl.
    """
    return Lease(length="30s", renew_every="10s", believed_for="20s", poll_every="10s")


def redis(
    *,
    length: float | str = "10s",
    step_every: float | str | None = None,
    step_by: float | str = "1min",
) -> Lease:
    """Return a key of one Redis server that expires, extended by its holder every third of it; it is judged by a wall clock.

    `Redlock` has the algorithm over several servers.

    Parameters
    ----------
    length : duration
        For how long the key lives.
    step_every : duration, optional
        Mean time from one setting of the server's clock to the next; it is never set without it.
    step_by : duration
        By how much it is set forward.

    References
    ----------
    Redis' documentation, "Distributed Locks with Redis".
    """
    span = positive("length", length)
    clock = Clock.wall(step_every=step_every, step_by=step_by) if step_every is not None else None
    return Lease(
        length=span,
        renew_every=span / 3,
        poll_every=span / 20,
        poll_jitter=1.0,
        service_clock=clock,
    )
