"""Where a recording goes, for how long, and what did not get there."""

from __future__ import annotations

import os

from ..arguments import instance, positive, refuse

EXISTING = ("refuse", "append", "replace")


def path_of(path: object) -> str:
    """Return the path of a file."""
    found = os.fspath(instance("path", path, (str, os.PathLike), "the path of a file"))
    if not isinstance(found, str) or not found or "\0" in found:
        raise refuse("path", path, "the path of a file")
    return found


def span_of(duration: object) -> float | None:
    """Return for how long to record in seconds, none for until somebody ends it."""
    return None if duration is None else positive("duration", duration)


def is_there(path: str | None) -> Exception:
    """Return the error for a file that was to be left alone."""
    return refuse(
        "path",
        path,
        "a file that is not there yet, or existing 'append' or 'replace'",
        FileExistsError,
    )


def raise_unless_meant(raised: BaseException | None, duration: object) -> None:
    """Raise what ended a recording early; one without a duration is meant to be ended by an interrupt."""
    meant = duration is None and isinstance(raised, KeyboardInterrupt)
    if raised is not None and not meant:
        raise raised


def lost(dropped: int) -> list[str]:
    """Return what to say of rows that are not in the file."""
    return [f"{dropped:,} rows were lost: the disk could not keep up"] if dropped else []
