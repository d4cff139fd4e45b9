"""Objects that are what they were built from."""

from __future__ import annotations

import html
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn

from .units import show


class Value:
    """An immutable object, equal to any other that was built from equal arguments.

    Attributes
    ----------
    parameters : Mapping[str, Any]
        What it was built from, durations in seconds.
    """

    _durations: ClassVar[frozenset[str]] = frozenset()
    parameters: Mapping[str, Any]

    def _hold(self, **parameters: Any) -> None:
        object.__setattr__(self, "parameters", MappingProxyType(parameters))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} cannot be changed; build another one")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} cannot be changed; build another one")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        assert isinstance(other, Value)
        return dict(self.parameters) == dict(other.parameters)

    def __hash__(self) -> int:
        return hash((type(self), repr(self)))

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name}={show(value) if name in self._durations else repr(value)}"
            for name, value in self.parameters.items()
        )
        return f"{type(self).__name__}({shown})"

    def _repr_html_(self) -> str:
        return f"<code>{html.escape(repr(self))}</code>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), dict(self.parameters))


def _rebuild(kind: type[Value], parameters: dict[str, Any]) -> Value:
    return kind(**parameters)
