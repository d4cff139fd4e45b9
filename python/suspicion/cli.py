"""The command line: sweep, compare, recommend, simulate, record, demo.

Exit status: 0, 1 when what was asked for cannot be met, 2 for input that cannot be used.
"""

from __future__ import annotations

import functools
import inspect
import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from . import __version__, examples
from .arguments import number, refuse
from .cli_lease import lease
from .cli_read import read
from .cli_record import record
from .detector import Detector, FixedTimeout
from .exit_status import BAD_INPUT, CANNOT_BE_MET, INTERRUPTED
from .frames import as_text
from .heartbeat import Arrivals, read_heartbeats
from .presets import DETECTORS, Preset
from .qos import Comparison, Curve, Recommendation, compare
from .qos import sweep as sweep_one
from .qos.table import comparison_table, curve_table
from .units import duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def main() -> None:
    """Run the command line and exit."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help())
        sys.exit(BAD_INPUT)
    except click.ClickException as error:
        _stop(error.format_message())
    except (ValueError, TypeError, OSError, MemoryError, ImportError, UnicodeError) as error:
        _stop(str(error))
    except (KeyboardInterrupt, click.Abort):
        sys.exit(INTERRUPTED)


def _stop(message: str) -> None:
    line = " ".join(message.split())
    click.echo("suspicion: " + "".join(c if c.isprintable() else "?" for c in line), err=True)
    sys.exit(BAD_INPUT)


def detector_of(text: str) -> Detector | Preset:
    """Return the detector that text such as ``chen`` or ``chen:window=100`` stands for."""
    name, _, settings = text.partition(":")
    if name not in DETECTORS:
        raise refuse("detector", name, "one of " + ", ".join(DETECTORS))
    parameters: dict[str, Any] = {}
    for setting in filter(None, settings.split(",")):
        key, equals, value = setting.partition("=")
        if not equals:
            raise refuse("detector", text, "settings such as window=100, separated by commas")
        parameters[key.strip()] = _plain(value.strip())
    known = inspect.signature(DETECTORS[name]).parameters
    for key in parameters:
        if key not in known:
            raise refuse(
                "detector", text, f"only the settings {', '.join(known) or 'none'} of {name}"
            )
    return DETECTORS[name](**parameters)


def _plain(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.argument("file"),
        click.option("--received", required=True, metavar="COL", help="Column of arrival times."),
        click.option("--sent", metavar="COL", help="Column of send times."),
        click.option("--number", metavar="COL", help="Column of heartbeat numbers."),
        click.option(
            "--unit", metavar="UNIT", help="Unit of times that are numbers: s, ms, us or ns."
        ),
        click.option(
            "--every", metavar="TIME", help="Sending interval, such as 1s; else estimated."
        ),
        click.option("--shared-clock", is_flag=True, help="Both times were read on one clock."),
        click.option(
            "--skip-errors", is_flag=True, help="Leave out and count rows that cannot be read."
        ),
    )
    return _with(options, command)


def _watch_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.option(
            "--check-every",
            default="0s",
            metavar="TIME",
            help="How often the deadline is looked at.",
        ),
        click.option(
            "--dwell", default="0s", metavar="TIME", help="How long a suspicion must last."
        ),
        click.option("--warm-up", type=int, metavar="N", help="Arrivals before mistakes count."),
        click.option("--confidence-level", default=0.95, metavar="P", help="Of the intervals."),
    )
    return _with(options, command)


def _output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.option("--plot", "picture", metavar="PICTURE", help="Write a picture there."),
        click.option("--json", "as_json", is_flag=True, help="Print everything as JSON."),
    )
    return _with(options, command)


def _with(
    options: tuple[Callable[..., Any], ...], command: Callable[..., Any]
) -> Callable[..., Any]:
    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(options), command)


_several = click.option(
    "--detector", "detectors", multiple=True, metavar="NAME",
    help=f"{', '.join(DETECTORS)}; settings as in chen:window=100. May be given several times.",
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """How long to wait before believing that a node is dead."""


cli.add_command(lease)
cli.add_command(read)
cli.add_command(record)


@cli.command()
@_file_options
@_several
@_watch_options
@_output_options
def sweep(detectors: tuple[str, ...], picture: str | None, as_json: bool, **options: Any) -> None:
    """Print mistakes and detection times at every timeout, for the heartbeats in FILE."""
    beats, how = _read(options)
    chosen = [detector_of(text) for text in detectors] or [FixedTimeout()]
    comparison = compare(beats, chosen, **how)
    if picture is not None and len(comparison) == 1:
        _save(next(iter(comparison.values())).plot(), picture)
    elif picture is not None:
        _save(comparison.plot(), picture)
    if as_json:
        _print_json({"source": repr(beats), "curves": _curves(comparison)})
        return
    click.echo(f"{beats!r}\n")
    for curve in comparison.values():
        click.echo(_table(curve))


@cli.command(name="compare")
@_file_options
@_several
@_watch_options
@_output_options
def compare_command(
    detectors: tuple[str, ...], picture: str | None, as_json: bool, **options: Any
) -> None:
    """Print several detectors side by side, for the heartbeats in FILE."""
    beats, how = _read(options)
    names = detectors or ("fixed-timeout", "chen:window=100", "phi-accrual:window=100")
    comparison = compare(beats, [detector_of(text) for text in names], **how)
    if picture is not None:
        _save(comparison.plot(), picture)
    if as_json:
        _print_json({"source": repr(beats), "curves": _curves(comparison)})
        return
    click.echo(f"{beats!r}\n")
    click.echo(as_text(*comparison_table(comparison)))


@cli.command()
@_file_options
@_several
@_watch_options
@click.option("--max-rate", metavar="RATE", help="Most spurious failovers, such as 1/day.")
@click.option("--max-detection", metavar="TIME", help="99 % of crashes noticed within, such as 2s.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def recommend(
    detectors: tuple[str, ...],
    max_rate: str | None,
    max_detection: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Choose a timeout for the heartbeats in FILE; exit status 1 when there is none."""
    beats, how = _read(options)
    chosen = [detector_of(text) for text in detectors] or [FixedTimeout()]
    answer = compare(beats, chosen, **how).recommend(max_rate=max_rate, max_detection=max_detection)
    _answer(answer, as_json)


@cli.command()
@click.argument("model")
@click.option("--duration", metavar="TIME", help="How long to observe; else as the file says.")
@click.option("--seed", type=int, metavar="N", help="Seed of the run; else as the file says.")
@_output_options
def simulate(
    model: str, duration: str | None, seed: int | None, picture: str | None, as_json: bool
) -> None:
    """Simulate the model in a TOML file and print its detectors side by side.

    \b
    every = "1s"
    duration = "30d"
    seed = 7
    check_every = "100ms"              # also: dwell, timer_first, warm_up
    [link]
    delay = { law = "LogNormal", median = "20ms", sigma = 0.8 }
    loss = { to_bad = "1/10min", to_good = "1/2s", bad_loss = 0.5 }
    [sender_pauses]                    # and receiver_pauses
    every = { law = "Exponential", mean = "1h" }
    lasting = "2s"                     # or kind = "GarbageCollection.g1", "CpuQuota", ...
    [[detector]]
    name = "chen"                      # or the name of its class, or of a preset
    window = 1000
    """  # noqa: D301
    from .model_file import read_model

    found = read_model(model)
    span = duration or found.duration
    if span is None:
        raise refuse("duration", None, f"a duration, here or in {model}")
    rng = found.seed if seed is None else seed
    comparison = compare(found.heartbeats, found.detectors, duration=span, rng=rng, **found.terms)
    if picture is not None:
        _save(comparison.plot(), picture)
    if as_json:
        _print_json({"seed": comparison.seed, "curves": _curves(comparison)})
        return
    click.echo(f"seed {comparison.seed}\n")
    click.echo(as_text(*comparison_table(comparison)))


@cli.command()
@click.option("--plot", "picture", default="suspicion-demo.png", metavar="PICTURE", show_default=True, help="Where to write the picture.")  # fmt: skip
def demo(picture: str) -> None:
    """Choose a timeout for real heartbeats of a car over 5G."""
    beats = examples.load("urban_n8_v20")
    click.echo("Heartbeats of a car over 5G (CICV5G, CC BY 4.0, doi:10.5281/zenodo.17475688)")
    click.echo(f"{beats!r}\n")
    curve = sweep_one(beats, FixedTimeout())
    click.echo(_table(curve))
    click.echo("At most one mistake a minute?")
    click.echo(f"{curve.recommend(max_rate='1/min')}\n")
    click.echo("At most one a day?")
    click.echo(f"{curve.recommend(max_rate='1/day')}\n")
    try:
        ax = curve.plot(per="minute")
    except ModuleNotFoundError:
        click.echo("No picture: matplotlib is not installed (pip install 'suspicion[plot]').")
        return
    _save(ax, picture)
    click.echo(f"picture written to {Path(picture).resolve()}")


def _read(options: dict[str, Any]) -> tuple[Arrivals, dict[str, Any]]:
    """Return the heartbeats of a command and the other options of its sweep."""
    watching = ("check_every", "dwell", "warm_up")
    how = {name: options.pop(name) for name in watching}
    how["confidence_level"] = number("confidence_level", options.pop("confidence_level"))
    on_error: Literal["raise", "skip"] = "skip" if options.pop("skip_errors") else "raise"
    return read_heartbeats(options.pop("file"), on_error=on_error, **options), how


def _answer(answer: Recommendation, as_json: bool) -> None:
    if as_json:
        _print_json(answer.to_dict())
    else:
        click.echo(str(answer))
    if not answer.met:
        sys.exit(CANNOT_BE_MET)


def _save(ax: Axes, picture: str) -> None:
    from matplotlib import pyplot

    figure = ax.figure
    figure.savefig(picture, dpi=150)  # type: ignore[union-attr]
    pyplot.close(figure)  # type: ignore[arg-type]


def _curves(comparison: Comparison) -> dict[str, Any]:
    return {
        name: {
            "detector": repr(curve.detector),
            "exposure_s": curve.exposure,
            "warm_up": curve.warm_up,
            "confidence_level": curve.confidence_level,
            "census": curve.census.__dict__,
            "columns": {key: column.tolist() for key, column in curve.to_dict().items()},
        }
        for name, curve in comparison.items()
    }


def _print_json(data: Any) -> None:
    click.echo(json.dumps(_finite(data), allow_nan=False))


def _finite(data: Any) -> Any:
    """Return the data with null for what is not a number, which JSON cannot say."""
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data


def _table(curve: Curve) -> str:
    """Return the curve at some telling thresholds."""
    title = f"{curve.name}, {duration(curve.exposure)} watched"
    return f"{title}\n{as_text(*curve_table(curve))}\n"


if __name__ == "__main__":
    main()
