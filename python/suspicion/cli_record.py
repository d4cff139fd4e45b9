"""The command line: record pauses, round trips, and answer them.

Exit status: 0 when the recording lasted as long as it was to, which without `--for` is until Ctrl-C or SIGTERM;
130 and 143 when these cut it short. The file is complete either way.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from .arguments import refuse, shown
from .record.echo import echo as answer
from .record.pauses import record_pauses
from .record.rtt import record_rtt

BY_SIGNAL = 128


class Stopped(BaseException):
    """A signal told the process to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def _signals() -> Iterator[None]:
    """Let the signals that ask a process to stop raise; those that are ignored remain so."""

    def stop(number: int, _: object) -> None:
        raise Stopped(number)

    names = ("SIGINT", "SIGTERM", "SIGHUP")
    known = [getattr(signal, name) for name in names if hasattr(signal, name)]
    asked = [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in asked}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _place(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--force", is_flag=True, help="Begin a file that is there anew."),
        click.option("--append", is_flag=True, help="Add to the recordings in a file."),
        click.option("--to", "path", metavar="FILE", help="File to make; - for standard output. By default named by the time."),
        click.option("--for", "duration", metavar="TIME", help="How long, such as 60s; else until Ctrl-C."),
    ):  # fmt: skip
        command = option(command)
    return command


def _record(
    kind: str,
    path: str | None,
    append: bool,
    force: bool,
    duration: str | None,
    work: Callable[..., tuple[Any, BaseException | None]],
) -> None:
    """Record, say what was seen, and exit with the status that says how it ended."""
    if append and force:
        raise click.UsageError("--append and --force exclude each other")
    if path is None:
        path = f"{kind}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.csv"
    out = path == "-"
    how_long = f"for {duration}" if duration else "until Ctrl-C"
    name = "standard output" if out else shown(path)
    click.echo(f"recording {kind} to {name} {how_long}", err=True)
    existing = "append" if append else "replace" if force else "refuse"
    try:
        with _signals():
            seen, raised = work(None if out else path, duration=duration, existing=existing)
    except FileExistsError:
        expected = "a file that is not there yet, or --append or --force"
        raise refuse("--to", path, expected, FileExistsError) from None
    except BrokenPipeError as error:
        # The command line framework would end in silence.
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    except Stopped as early:
        sys.exit(BY_SIGNAL + early.number)
    click.echo(str(seen), err=out)
    if isinstance(raised, Stopped) and duration is not None:
        sys.exit(BY_SIGNAL + raised.number)
    if raised is not None and not isinstance(raised, Stopped):
        raise raised


@click.group()
def record() -> None:
    """Record this machine's stalls, or round trips to another.

    Rows reach the file within a tenth of a second, so that not even kill -9 loses more. Without --for
    a recording lasts until Ctrl-C or SIGTERM, and its status is 0; cut short by them, 130 or 143.
    """


@record.command()
@_place
@click.option(
    "--sleep", default="1ms", show_default=True, metavar="TIME", help="From one look to the next."
)
@click.option(
    "--least",
    default="1ms",
    show_default=True,
    metavar="TIME",
    help="Shortest pause with a row of its own.",
)
def pauses(
    path: str | None, append: bool, force: bool, duration: str | None, sleep: str, least: str
) -> None:
    """Measure how long this process is kept from running, as jHiccup does."""

    def work(place: str | None, **how: Any) -> tuple[Any, BaseException | None]:
        return record_pauses(place, sleep=sleep, least=least, **how)

    _record("pauses", path, append, force, duration, work)


@record.command()
@click.argument("target", metavar="HOST:PORT")
@_place
@click.option(
    "--tcp", "transport", flag_value="tcp", default=True, help="Open TCP connections (the default)."
)
@click.option("--udp", "transport", flag_value="udp", help="Send datagrams to an echo server.")
@click.option("-4", "family", flag_value=4, type=int, help="IPv4 only.")
@click.option("-6", "family", flag_value=6, type=int, help="IPv6 only.")
@click.option(
    "--every",
    default="100ms",
    show_default=True,
    metavar="TIME",
    help="From one probe to the next.",
)
@click.option(
    "--timeout", default="2s", show_default=True, metavar="TIME", help="When a probe is given up."
)
def rtt(
    target: str, path: str | None, append: bool, force: bool, duration: str | None, **settings: Any
) -> None:
    """Time TCP connects or UDP echoes, on a schedule that no slow answer holds up."""

    def work(place: str | None, **how: Any) -> tuple[Any, BaseException | None]:
        return record_rtt(place, target, **settings, **how)

    _record("rtt", path, append, force, duration, work)


@record.command()
@click.argument("port", type=int)
@click.option(
    "--bind",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Address to listen on; 0.0.0.0 or :: for all.",
)
def echo(port: int, bind: str) -> None:
    """Answer the probes of `record rtt` on PORT, over UDP and TCP, until Ctrl-C."""
    with _signals(), answer(port, bind=bind) as server:
        click.echo(f"listening on {server.target} (UDP and TCP) until Ctrl-C")
        try:
            while True:
                time.sleep(3600.0)
        except Stopped:
            pass
        click.echo(
            f"{server.answered:,} probes answered, {server.connections:,} connections, "
            f"{server.ignored:,} other datagrams ignored"
        )
