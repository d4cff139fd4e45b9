"""The command line: what measured pauses make of a lease.

Exit status: 0 when the length that was asked for is found, or none was asked for; 1 when there is none; 2 for bad input.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from .arguments import durations
from .cli_read import plain
from .exit_status import CANNOT_BE_MET
from .lease import Lease
from .traces import PauseLog
from .traces import read as read_trace
from .traces.read import FORMATS


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--format", type=click.Choice(FORMATS), help="Of the file; found out without it.")
@click.option(
    "--length",
    "lengths",
    multiple=True,
    metavar="TIME",
    help="A length to look at; may be given several times.",
)
@click.option(
    "--renew-every",
    default="2s",
    show_default=True,
    metavar="TIME",
    help="How often the holder renews.",
)
@click.option("--max-rate", metavar="RATE", help="Most times with two holders, such as 1/30d.")
@click.option(
    "--drift",
    default=200e-6,
    show_default=True,
    help="Seconds that a clock may be wrong in a second.",
)
@click.option("--confidence-level", default=0.95, show_default=True, help="Of the intervals.")
@click.option("--json", "as_json", is_flag=True, help="Print the columns as JSON.")
@click.option("--plot", type=click.Path(dir_okay=False), help="Picture to write: PNG, SVG or PDF.")
def lease(
    file: str,
    format: str | None,
    lengths: tuple[str, ...],
    renew_every: str,
    max_rate: str | None,
    drift: float,
    confidence_level: float,
    as_json: bool,
    plot: str | None,
) -> None:
    """Say how often a lease runs out under a holder that pauses as FILE says, a log of collections or a recording.

    With --max-rate choose a length; exit status 1 when there is none.
    """  # fmt: skip
    log = read_trace(file, format=format)
    if not isinstance(log, PauseLog):
        raise click.UsageError(f"{file} holds no pauses: {log!r}")
    chosen = list(durations("length", lengths)) if lengths else None
    first = min(chosen) if chosen else None
    terms = Lease(length=renew_every if first is None else first, renew_every=renew_every)
    found = terms.lengths(chosen, pauses=log, confidence_level=confidence_level)
    answer = None if max_rate is None else found.recommend(max_rate, drift=drift)
    if plot is not None:
        _draw(found, plot)
    if as_json:
        columns = {name: plain(column) for name, column in found.to_dict().items()}
        said = None if answer is None else {"length": answer.length, "met": answer.met}
        click.echo(json.dumps({"lengths": columns, "answer": said}, allow_nan=False))
    else:
        click.echo(f"{log}\n{found}")
        if answer is not None:
            click.echo(f"\n{answer}")
    if answer is not None and not answer.met:
        sys.exit(CANNOT_BE_MET)


def _draw(found: Any, path: str) -> None:
    import matplotlib

    matplotlib.use("agg")
    found.plot(per="hour").figure.savefig(path, dpi=150)
