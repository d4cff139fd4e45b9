"""Models in TOML files, for the command line.

The keys are those of `Heartbeats`, `Link`, `Pauses` (or of the model of pauses that ``kind`` names), the detectors and `compare`. A distribution is a table with the
name of its class as ``law``; a duration instead of one is always the same. Example::

    every = "1s"
    duration = "30d"
    seed = 7

    [link]
    delay = { law = "LogNormal", median = "20ms", sigma = 0.8 }
    loss = { to_bad = "1/10min", to_good = "1/2s", bad_loss = 0.5 }

    [sender_pauses]
    every = { law = "Exponential", mean = "1h" }
    lasting = { law = "Pareto", minimum = "100ms", tail_index = 1.8 }

    [[receiver_pauses]]                # several reasons
    kind = "GarbageCollection.g1"
    [[receiver_pauses]]
    kind = "CpuQuota"
    quota = "200ms"
    threads = 4

    [[detector]]
    name = "FixedTimeout"

    [[detector]]
    name = "Chen"
    window = 1000
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from . import distribution, pause
from .arguments import harmless, refuse
from .detector import Detector
from .distribution import Distribution
from .heartbeat import Heartbeats
from .network import GilbertElliott, Link
from .pause import Guard, PauseProcess, Timeline, Union
from .presets import DETECTORS, Preset

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Model:
    """What a model file says."""

    heartbeats: Heartbeats
    detectors: list[Detector | Preset]
    duration: str | float | None
    seed: int | None
    terms: dict[str, Any]
    """How they are watched, by the names that `compare` has for it."""


def _kinds() -> Iterator[tuple[str, Callable[..., PauseProcess]]]:
    """Yield what ``kind`` may be of pauses: each model, and with a point between each of its presets."""
    for name in pause.__all__:
        model = getattr(pause, name)
        if model in (PauseProcess, Union) or not isinstance(model, type):
            continue
        if issubclass(model, PauseProcess):
            yield name, model
            for own, made in vars(model).items():
                if isinstance(made, classmethod) and not own.startswith("_"):
                    yield f"{name}.{own}", getattr(model, own)


KINDS = dict(_kinds())

TERMS = ("warm_up", "check_every", "dwell", "timer_first", "guard")


def read_model(path: str | os.PathLike[str]) -> Model:
    """Read a model from a TOML file.

    Raises
    ------
    ValueError
        For a file that is not TOML, a key or a law that there is none of, or a value outside its
        domain; the message names the file and the key.
    """
    path = Path(path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{harmless(str(path))}: {error}") from None
    try:
        entries = table.pop("detector", [{"name": "FixedTimeout"}])
        duration, seed = table.pop("duration", None), table.pop("seed", None)
        detectors = [_detector(entry) for entry in _tables("detector", entries)]
        terms = {name: table.pop(name) for name in TERMS if name in table}
        if "guard" in terms:
            terms["guard"] = _build("guard", Guard, _table("guard", terms["guard"]))
        return Model(_heartbeats(table), detectors, duration, seed, terms)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{harmless(str(path))}: {error}") from None


def _heartbeats(table: dict[str, Any]) -> Heartbeats:
    found = dict(table)
    if "link" in found:
        found["link"] = _link(_table("link", found["link"]))
    if isinstance(found.get("every"), Mapping):
        found["every"] = _law("every", found["every"])
    for name in ("sender_pauses", "receiver_pauses"):
        if name in found:
            found[name] = _pauses(name, found[name])
    return _build("the model", Heartbeats, found)


def _link(table: dict[str, Any]) -> Link:
    found = dict(table)
    if isinstance(found.get("delay"), Mapping):
        found["delay"] = _law("link.delay", found["delay"])
    if isinstance(found.get("loss"), Mapping):
        loss = dict(found["loss"])
        if isinstance(loss.get("bad_delay"), Mapping):
            loss["bad_delay"] = _law("link.loss.bad_delay", loss["bad_delay"])
        found["loss"] = _build("link.loss", GilbertElliott, loss)
    return _build("link", Link, found)


def _pauses(name: str, value: Any) -> PauseProcess | Timeline:
    """Return the pauses of a table, or of several for several reasons."""
    if isinstance(value, list):
        return Union(*(_reason(name, table) for table in _tables(name, value)))
    return _reason(name, _table(name, value))


def _reason(name: str, table: dict[str, Any]) -> PauseProcess | Timeline:
    if "starts" in table:
        return _build(name, Timeline, table)
    settings = {key: _law(f"{name}.{key}", value) for key, value in table.items()}
    kind = str(settings.pop("kind", "Pauses"))
    if kind not in KINDS:
        raise refuse(f"{name}.kind", table["kind"], "one of " + ", ".join(KINDS))
    return _build(name, KINDS[kind], settings)


def _law(name: str, value: Any) -> Any:
    """Return a distribution from its table; anything else stands for itself."""
    if not isinstance(value, Mapping):
        return value
    table = dict(value)
    law = table.pop("law", None)
    if law not in distribution.__all__ or law == "Distribution":
        laws = [name for name in distribution.__all__ if name != "Distribution"]
        raise refuse(f"{name}.law", law, "one of " + ", ".join(laws))
    kind: type[Distribution] = getattr(distribution, law)
    for key in ("base", "parts"):
        if isinstance(table.get(key), list):
            table[key] = [_law(f"{name}.{key}", part) for part in table[key]]
        elif key in table:
            table[key] = _law(f"{name}.{key}", table[key])
    return _build(name, kind, table)


def _detector(table: dict[str, Any]) -> Detector | Preset:
    settings = dict(table)
    name = settings.pop("name", None)
    known = dict(DETECTORS)
    known |= {kind.__name__: kind for kind in DETECTORS.values() if isinstance(kind, type)}
    if name not in known:
        raise refuse("detector.name", name, "one of " + ", ".join(known))
    return _build(f"detector {name}", known[name], settings)


def _build(name: str, kind: Callable[..., Kind], arguments: Mapping[str, Any]) -> Kind:
    import inspect

    known = inspect.signature(kind).parameters
    for key in arguments:
        if key not in known:
            raise refuse(f"{name}.{key}", arguments[key], "no such key, only " + ", ".join(known))
    for key, parameter in known.items():
        if parameter.default is inspect.Parameter.empty and key not in arguments:
            raise refuse(f"{name}.{key}", None, "a value, for there is no default")
    return kind(**arguments)


def _table(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise refuse(name, value, "a table")
    return value


def _tables(name: str, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise refuse(name, value, f"tables, each written [[{name}]]")
    return [_table(name, entry) for entry in value]
