"""The command line: what a file of any known format holds.

Exit status: 0 when the file was read; 2 when it cannot be.
"""

from __future__ import annotations

import json
from typing import Any

import click
import numpy as np

from .estimate import quantile
from .traces import Delays, Histograms, PauseLog
from .traces import read as read_trace
from .traces.read import FORMATS, Trace
from .units import duration

QUANTILES = (0.5, 0.9, 0.99, 0.999)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--format", type=click.Choice(FORMATS), help="Of the file; found out without it.")
@click.option("--strict", is_flag=True, help="Stop at the first line that is not understood.")
@click.option("--port", type=click.IntRange(1, 65535), help="Of the service, in a capture.")
@click.option(
    "--unit", type=click.Choice(["s", "ms", "us", "ns"]), help="Where the file names none."
)
@click.option("--json", "as_json", is_flag=True, help="Print the columns as JSON.")
@click.option("--plot", type=click.Path(dir_okay=False), help="Picture to write: PNG, SVG or PDF.")
def read(
    file: str,
    format: str | None,
    strict: bool,
    port: int | None,
    unit: str | None,
    as_json: bool,
    plot: str | None,
) -> None:
    """Say what FILE holds: a ping, a GC log, a capture, a page of metrics, ...

    Durations come with the interval of each quantile; where the file is too short for one there is no
    upper end.
    """
    found = read_trace(file, format=format, strict=strict, port=port, unit=unit)
    if plot is not None:
        _draw(found, plot)
    if as_json:
        columns = {name: plain(column) for name, column in found.to_dict().items()}
        click.echo(json.dumps(columns, allow_nan=False))
        return
    click.echo(f"{found}\n{found.source}")
    if isinstance(found, Histograms):
        _tell_histograms(found)
    values = _durations(found)
    if values is not None and values.size:
        if isinstance(found, Delays) and found.lost:
            click.echo(f"of those that were answered, {found.lost:,} were not:")
        for p in QUANTILES:
            click.echo(f"p{100 * p:<5g} {quantile(values, p)}")


def _durations(found: Trace) -> Any:
    if isinstance(found, Delays):
        return found.answered
    return found.counting.lasting if isinstance(found, PauseLog) else None


def _tell_histograms(found: Histograms) -> None:
    for name, histogram in found.items():
        ends = (histogram.quantile(p) for p in QUANTILES)
        said = ", ".join(
            f"p{100 * p:g} {duration(low)} to {duration(high) if np.isfinite(high) else 'no bound'}"
            for p, (low, high) in zip(QUANTILES, ends, strict=True)
        )
        click.echo(f"{name or 'histogram'}: {histogram.count:,.0f} values, {said}")


def _draw(found: Trace, path: str) -> None:
    import matplotlib

    matplotlib.use("agg")
    drawn = found.plot() if hasattr(found, "plot") else None
    if isinstance(found, Histograms):
        for name, histogram in found.items():
            drawn = histogram.plot(drawn, label=name)
    if drawn is None:
        raise click.UsageError(f"there is no picture of {found!r}")
    drawn.figure.savefig(path, dpi=150)  # type: ignore[union-attr]


def plain(column: Any) -> list[Any]:
    """Return a column as JSON has it, which knows neither nan nor infinity."""
    values = column.tolist()
    return [
        None if isinstance(value, float) and not np.isfinite(value) else value for value in values
    ]
