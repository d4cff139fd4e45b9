"""A server for round trips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _core
from ..arguments import instance, whole

if TYPE_CHECKING:
    from types import TracebackType


class Echo:
    """A server that sends probes back, over UDP and TCP, until it is closed; use it with ``with``.

    Attributes
    ----------
    address : str
        Where it listens.
    port : int
        On which port.
    """

    address: str
    port: int

    def __init__(self, core: _core.Echo) -> None:
        self._core = core
        self.address, self.port = core.address()

    @property
    def answered(self) -> int:
        """Probes that it has sent back over UDP."""
        return self._core.counts()[0]

    @property
    def ignored(self) -> int:
        """Datagrams that were no probe, and got no answer."""
        return self._core.counts()[1]

    @property
    def connections(self) -> int:
        """TCP connections that it has taken."""
        return self._core.counts()[2]

    @property
    def target(self) -> str:
        """What `rtt` calls it."""
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{host}:{self.port}"

    def close(self) -> None:
        """Stop listening."""
        self._core.stop()

    def __enter__(self) -> Echo:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Echo(<{self.target}: {self.answered:,} probes, {self.connections:,} connections>)"


def echo(port: int = 0, *, bind: str = "127.0.0.1") -> Echo:
    """Start a server that `rtt` can be pointed at.

    Over UDP it answers probes of this package alone, with as many bytes as they have, so that nobody can
    use it to flood a third party. Over TCP it takes connections and sends back what they say.

    Parameters
    ----------
    port : int
        0 for any that is free.
    bind : str
        Address to listen on; only this machine reaches the default.

    Returns
    -------
    Echo
        The server, on a thread of its own, until it is closed.

    Raises
    ------
    OSError
        If it cannot listen there.

    Examples
    --------
    >>> import suspicion as sus
    >>> with sus.record.echo() as server:
    ...     server.address, server.answered
    ('127.0.0.1', 0)
    """
    instance("bind", bind, str, "an address of this machine")
    return Echo(_core.Echo(bind, whole("port", port, most=65_535)))
