"""Whatever is passed, a callable works or says which argument is wrong, what it was and what was expected.

The grid is made from signatures: a public callable or a parameter without a good value here fails.
"""

from __future__ import annotations

import contextlib
import inspect
import re
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import suspicion as sus
from argument_objects import BUILT_BY_OTHERS, INSTANCES, LAW, MEMBERS, OF_OTHERS
from argument_values import BAD, FINE, GOOD, OTHER_WORDS, TOGETHER, WITHOUT_DENSITY
from matplotlib import pyplot
from suspicion import arguments


@dataclass(frozen=True)
class Callee:
    """A public callable."""

    name: str
    """Of its class and itself."""
    call: Callable[..., Any]
    parameters: tuple[inspect.Parameter, ...]

    def good(self, parameter: inspect.Parameter) -> Any:
        """Return a value that is fine for a parameter."""
        for key in (f"{self.name}.{parameter.name}", f"{self.own}.{parameter.name}"):
            if key in GOOD:
                return GOOD[key]
        if parameter.default is not inspect.Parameter.empty:
            return parameter.default
        return GOOD[parameter.name]

    @property
    def own(self) -> str:
        return self.name.rpartition(".")[2]

    def __call__(self, **replaced: Any) -> Any:
        arguments = {p.name: self.good(p) for p in self.parameters}
        for name in replaced:
            arguments |= TOGETHER.get(f"{self.own}.{name}", TOGETHER.get(f"{self.name}.{name}", {}))
        arguments |= replaced
        by_place = [
            arguments.pop(p.name)
            for p in self.parameters
            if p.kind is inspect.Parameter.POSITIONAL_ONLY
        ]
        result = self.call(*by_place, **arguments)
        return next(result) if inspect.isgenerator(result) else result


def callee(name: str, call: Callable[..., Any]) -> Callee:
    parameters = inspect.signature(call).parameters.values()
    variadic = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    return Callee(name, call, tuple(p for p in parameters if p.kind not in variadic))


def methods(name: str, item: Any) -> Iterator[Callee]:
    for own in dir(type(item)):
        kinds = (types.FunctionType, classmethod, staticmethod)
        if not own.startswith("_") and isinstance(inspect.getattr_static(item, own), kinds):
            method = OF_OTHERS.get(f"{name}.{own}") or getattr(item, own)
            if method.__module__.startswith("suspicion"):
                yield callee(f"{name}.{own}", method)


def callables() -> Iterator[Callee]:
    for name in sus.__all__:
        item = getattr(sus, name)
        if isinstance(item, types.ModuleType):
            for own in vars(item):
                function = getattr(item, own)
                module = getattr(function, "__module__", None) or ""
                here = module == item.__name__ or module.startswith(f"{item.__name__}.")
                if here and inspect.isfunction(function) and not own.startswith("_"):
                    yield callee(own, function)
                elif here and function in MEMBERS:
                    yield from methods(own, MEMBERS[function])
        elif inspect.isclass(item):
            made = INSTANCES.get(item)
            if item not in BUILT_BY_OTHERS:
                new = callee(name, item)
                yield new
                made = new() if made is None else made
            if made is not None:
                yield from methods(name, made)
        else:
            yield callee(name, item)


CALLABLES = {item.name: item for item in callables()}
ENDLESS = ("pauses", "rtt")
"""Recordings: without a duration they last until Ctrl-C."""

CONTENTS = ("bytes", "text without unit")
"""What may be a file, whose faults have a line and a column and no name of an argument."""

CASES = [(item, p) for item in CALLABLES.values() for p in item.parameters]


@pytest.fixture(autouse=True, scope="module")
def _elsewhere(tmp_path_factory):
    """Let files that are made for a good name not be made here."""
    with contextlib.chdir(tmp_path_factory.mktemp("elsewhere")):
        yield


def test_the_grid_reaches_what_is_public() -> None:
    assert {"sweep", "compare", "read_heartbeats", "Link", "Chen", "Curve.at", "load"} <= set(
        CALLABLES
    )
    assert len(CASES) > 200


@pytest.mark.parametrize("item", CALLABLES.values(), ids=lambda item: item.name)
def test_good_values_are_good(item) -> None:
    if item.name in WITHOUT_DENSITY:
        with pytest.raises(ValueError, match="has no density"):
            item()
    else:
        item()


@pytest.mark.parametrize(("item", "parameter"), CASES, ids=[f"{i.name}-{p.name}" for i, p in CASES])
def test_a_bad_value_is_refused_by_name(item, parameter) -> None:
    for kind, value in BAD.items():
        if (parameter.name, kind) == ("progress", "function"):
            continue
        if parameter.name == "source" and kind in CONTENTS and item.own in sus.traces.__all__:
            continue
        if item.own in ENDLESS and (parameter.name, kind) == ("duration", "None"):
            continue
        try:
            item(**{parameter.name: value})
        except (ValueError, TypeError) as error:
            said = str(error)
        except MemoryError:
            continue
        except OSError:
            assert parameter.name == "source"
            continue
        else:
            if kind not in accepted(item, parameter):
                pytest.fail(f"{item.name}({parameter.name}={kind}) was taken")
            continue
        finally:
            pyplot.close("all")
        if item.name in WITHOUT_DENSITY and "has no density" in said:
            continue
        assert names(said) & meant(item, parameter, kind), (kind, said)
        assert "expected" in said, (kind, said)
        assert shown_in(value, said), (kind, said)
        assert len(said) < 400
        assert said.isprintable()


def names(said: str) -> set[str]:
    return set(re.findall(r"[a-z_]+(?=(?:\[[^]]*\])* = )", said))


def meant(item: Callee, parameter: inspect.Parameter, kind: str) -> set[str]:
    """Return the names that a refusal may speak of."""
    by = {parameter.name, *OTHER_WORDS.get(parameter.name, ())}
    # Numbers and empty arrays may be fine in themselves and at odds with another argument.
    related = kind in ("None", "-1", "-1.0", "0", "2**63", "dict", "nested") or "inside" in kind
    return by | {p.name for p in item.parameters} if related or "empty" in kind else by


def shown_in(value: Any, said: str) -> bool:
    """Return whether a message shows a value, the part of it that is wrong, or how many there are."""
    parts = [value]
    if isinstance(value, dict):
        parts += value
    if isinstance(value, (list, dict, np.ndarray)) and len(value) == 0:
        parts += [[], 0]
    elif isinstance(value, (list, np.ndarray)):
        parts += [*value, *(value.tolist() if isinstance(value, np.ndarray) else [])]
    found = [float(word) for word in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", said)]
    return any(
        arguments.shown(part) in said
        or (isinstance(part, float) and str(part) in said.lower())
        or (isinstance(part, (int, float)) and any(number == part for number in found))
        for part in parts
    )


def accepted(item: Callee, parameter: inspect.Parameter) -> set[str]:
    """Return the values of the grid that a parameter may take."""
    keys = (f"{item.name}.{parameter.name}", f"{item.own}.{parameter.name}", parameter.name)
    fine = set(next((FINE[key] for key in keys if key in FINE), ()))
    if parameter.default is None:
        fine.add("None")
    if isinstance(parameter.default, bool):
        fine.add("True")
    return fine


@pytest.mark.parametrize(
    "layout", ["big-endian", "non-contiguous", "read-only", "Fortran", "float32"]
)
def test_the_layout_of_an_array_changes_nothing(layout) -> None:
    received = np.array([0.5, 1.5, 3.5, 4.0, 4.5, 9.5])
    other = laid_out(layout, received)
    plain = sus.sweep(sus.Arrivals.from_arrays(received), sus.FixedTimeout(), thresholds=received)
    same = sus.sweep(sus.Arrivals.from_arrays(other), sus.FixedTimeout(), thresholds=other)
    assert plain.mistakes.tolist() == same.mistakes.tolist()
    assert LAW.ccdf(other).tolist() == LAW.ccdf(received).tolist()
    assert LAW.icdf(other / 10).tolist() == LAW.icdf(received / 10).tolist() or layout == "float32"
    assert sus.Empirical(other) == sus.Empirical(received)
    number = laid_out(layout, np.arange(6))
    assert sus.Arrivals.from_arrays(received, number=number).number.tolist() == list(range(6))


def laid_out(layout: str, array: np.ndarray) -> np.ndarray:
    if layout == "big-endian":
        return array.astype(array.dtype.newbyteorder(">"))
    if layout == "non-contiguous":
        return np.repeat(array, 2)[::2]
    if layout == "Fortran":
        return np.asfortranarray(np.stack([array, array]))[1]
    if layout == "float32":
        return array.astype(np.float32)
    array = array.copy()
    array.flags.writeable = False
    return array
