"""How far long work has come, for those who want to know."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from .arguments import refuse

Progress: TypeAlias = bool | Callable[[int, int], object] | None
"""Nothing, a bar on the terminal, or what to call with work done and work in all."""


@contextmanager
def reporter(progress: Progress, total: float) -> Iterator[Callable[[int], object] | None]:
    """Give what the core calls now and then with the work done."""
    whole = max(int(total), 1)
    if progress is None or progress is False:
        yield None
    elif callable(progress):
        tell = progress
        yield lambda done: tell(min(done, whole), whole)
    elif progress is True:
        import click

        # There is no terminal in some hosts.
        if sys.stderr is None or sys.stderr.closed:
            yield None
            return
        with click.progressbar(length=whole, file=sys.stderr) as bar:
            yield lambda done: bar.update(min(done, whole) - bar.pos)
    else:
        raise refuse("progress", progress, "True, False, None or a callable", TypeError)
