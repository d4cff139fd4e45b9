"""Tables of results, in whichever data frame library there is."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any, Literal

from .arguments import choice

BACKENDS: tuple[Literal["pandas", "polars", "pyarrow"], ...] = ("pandas", "polars", "pyarrow")


def to_frame(columns: Mapping[str, Any], backend: str | None) -> Any:
    """Return columns as a data frame of the named library, or of the first one installed."""
    if backend is not None:
        choice("backend", backend, BACKENDS)
    wanted = [name for name in BACKENDS if backend in (None, name)]
    found = next((name for name in wanted if importlib.util.find_spec(name)), None)
    if found is None:
        raise ModuleNotFoundError(f"to_frame needs {' or '.join(wanted)}; to_dict needs neither")
    import narwhals as nw

    return nw.from_dict(dict(columns), backend=found).to_native()
