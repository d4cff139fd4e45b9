"""Pages of Prometheus metrics: classic and native histograms in the text formats."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .. import _core
from ..arguments import choice, flag, harmless, instance, refuse, shown
from ..heartbeat.stamps import UNITS
from .histogram import Histogram
from .histograms import Histograms
from .read import Origin, where
from .source import Fault, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST = 64 << 20
"""No page is larger than this many bytes; what a server writes is a hundredth of it."""

SUFFIXES = {
    "_seconds": 1.0,
    "_milliseconds": 1e-3,
    "_ms": 1e-3,
    "_microseconds": 1e-6,
    "_us": 1e-6,
    "_nanoseconds": 1e-9,
    "_ns": 1e-9,
}
"""Units that names of metrics end in, in seconds."""


class _Series(NamedTuple):
    """What a page has of one metric with one set of labels."""

    bounds: list[float]
    reached: list[float]
    facts: dict[str, float]
    native: list[Any]


def prometheus(
    source: Origin, *, metric: str | None = None, unit: str | None = None, strict: bool = False
) -> Histograms:
    """Read the histograms of a page of metrics, as a server answers on ``/metrics``.

    Both the Prometheus and the OpenMetrics text format are read, by the `prometheus_client` package,
    which ``pip install 'suspicion[inputs]'`` brings. Summaries and gauges are passed over: quantiles that
    were taken before have no tail that could be learnt from.

    Parameters
    ----------
    source : path or bytes
        The page, maybe compressed.
    metric : str, optional
        The metric to read; all histograms of durations without it.
    unit : {"s", "ms", "us", "ns"}, optional
        Unit of metrics whose names do not end in one.
    strict : bool
        Whether to stop at the first line that is not understood.

    Examples
    --------
    >>> import suspicion as sus
    >>> page = b'''# TYPE fsync_seconds histogram
    ... fsync_seconds_bucket{le="0.1"} 98
    ... fsync_seconds_bucket{le="1"} 100
    ... fsync_seconds_bucket{le="+Inf"} 100
    ... fsync_seconds_sum 3.5
    ... fsync_seconds_count 100
    ... '''
    >>> sus.traces.prometheus(page)["fsync_seconds"].quantile(0.99)
    (0.1, 1.0)
    """
    if unit is not None:
        choice("unit", unit, tuple(UNITS))
    if metric is not None:
        instance("metric", metric, str, "the name of a metric")
    flag("strict", strict)
    path = "bytes" if isinstance(source, bytes) else str(where(source))
    text = _core.unpacked(where(source), LARGEST).decode("utf-8", "replace")
    faults: dict[str, Fault] = {}
    series, others = _collected(text, metric, faults)
    if strict and faults:
        fault = next(iter(faults.values()))
        place = f"{harmless(path)}:{fault.line}:{fault.column}"
        raise ValueError(f"{place}: {fault.reason}: {fault.text!r}")
    lines = text.count("\n") + (not text.endswith("\n"))
    records = sum(len(found.bounds) + len(found.native) for found in series.values())
    notes = {
        "metrics that are no histograms": others,
        "histograms without a value": sum(map(_is_empty, series.values())),
    }
    report = Source(
        path=path,
        format="prometheus",
        unit=unit or "by name",
        clock="none",
        lines=lines,
        records=records,
        passed_over=lines - records - sum(fault.count for fault in faults.values()),
        faults=tuple(faults.values()),
        notes={what: count for what, count in notes.items() if count},
    )
    histograms = {
        name: _histogram(name, found, _scale(name, unit, metric), report)
        for name, found in series.items()
        if _scale(name, unit, metric) is not None and not _is_empty(found)
    }
    if not histograms:
        known = sorted({name.split("{")[0] for name in series})
        raise ValueError(
            f"{harmless(path)}: no histogram of durations in {lines} lines of metrics"
            + (f"; pass unit= for {shown(known)}" if known else "")
        )
    columns: dict[str, NDArray[Any]] = {
        "of": np.array([], dtype=np.str_),
        "start": np.array([], dtype=np.int64),
        "length": np.array([], dtype=np.int64),
        "count": np.array([]),
        "greatest": np.array([]),
    }
    return Histograms(columns, report, _histograms=histograms)


def looks_so(head: bytes) -> bool:
    """Return whether the beginning of a file is a page of metrics."""
    return any(
        line.startswith(b"# TYPE ") and line.split()[-1:][0] in KINDS
        for line in head.splitlines()
        if line.strip()
    )


KINDS = (b"histogram", b"gaugehistogram", b"counter", b"gauge", b"summary", b"untyped", b"unknown")


def _collected(
    text: str, metric: str | None, faults: dict[str, Fault]
) -> tuple[dict[str, _Series], int]:
    """Return the histograms of a page by name and labels, and how many other metrics there are."""
    series: dict[str, _Series] = {}
    others: set[str] = set()
    for family in _families(text, faults):
        if family.type not in ("histogram", "gaugehistogram"):
            others.add(family.name)
            continue
        if metric is not None and family.name != metric:
            continue
        for sample in family.samples:
            # A native histogram without labels has none at all.
            given = sample.labels or {}
            labels = {key: value for key, value in given.items() if key != "le"}
            found = series.setdefault(_named(family.name, labels), _Series([], [], {}, []))
            if getattr(sample, "native_histogram", None) is not None:
                found.native.append(sample.native_histogram)
            elif sample.name.endswith("_bucket") and "le" in given:
                found.bounds.append(float(given["le"]))
                found.reached.append(float(sample.value))
            else:
                found.facts[sample.name.rsplit("_", 1)[-1]] = float(sample.value)
    if metric is not None and not series:
        raise refuse("metric", metric, "a histogram of the page")
    kept = {name: found for name, found in series.items() if found.bounds or found.native}
    return kept, len(others)


def _families(text: str, faults: dict[str, Fault]) -> Iterator[Any]:
    """Parse a page; where it has faults, line by line, so that one does not cost the others."""
    try:
        from prometheus_client.openmetrics.parser import (
            text_string_to_metric_families as open_metrics,
        )
        from prometheus_client.parser import text_string_to_metric_families as classic
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "reading pages of metrics needs prometheus-client: pip install 'suspicion[inputs]'"
        ) from None
    is_open = text.rstrip().endswith("# EOF")
    parse = open_metrics if is_open else classic
    try:
        yield from list(parse(text))
        return
    except (ValueError, KeyError, IndexError, TypeError) as error:
        whole = str(error)
    yield from _line_by_line(text, classic, faults, whole)


def _line_by_line(text: str, parse: Any, faults: dict[str, Fault], whole: str) -> Iterator[Any]:
    kinds: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split(maxsplit=3)
        if words[:2] == ["#", "TYPE"] and len(words) == 4:
            kinds[words[2]] = words[3]
        if not line.strip() or line.startswith("#"):
            continue
        # A name in quotes stands in the braces; the parser is left alone with it.
        name = next(iter(line.split("{")[0].split()), "")
        base = next(
            (name.removesuffix(end) for end in ("_bucket", "_sum", "_count") if name.endswith(end)),
            name,
        )
        kind = kinds.get(base, "untyped")
        bare = line.split(" # ")[0]
        try:
            yield from list(parse(f"# TYPE {base} {kind}\n{bare}\n" if base else f"{bare}\n"))
        except (ValueError, KeyError, IndexError, TypeError):
            reason = "not a sample of the exposition format"
            known = faults.get(reason)
            faults[reason] = (
                Fault(reason, 1, number, 1, shown(line[:80])[1:-1])
                if known is None
                else Fault(reason, known.count + 1, known.line, known.column, known.text)
            )
    if not faults:
        # The page as a whole is wrong, though each of its lines is not.
        faults[whole] = Fault(shown(whole)[1:-1], 1, 1, 1, "")


def _named(name: str, labels: Mapping[str, str]) -> str:
    if not labels:
        return harmless(name)
    # Whole, because a series is known by its labels.
    inside = ",".join(f"{key}={value!r}" for key, value in sorted(labels.items()))
    return harmless(f"{name}{{{inside}}}")


def _is_empty(found: _Series) -> bool:
    """Return whether nothing was ever counted, as of what a server never did."""
    if found.native:
        native = found.native[-1]
        return not (native.zero_count or native.pos_spans)
    return not max(found.reached)


def _scale(name: str, unit: str | None, metric: str | None) -> float | None:
    """Return the seconds in the unit of a metric; none if it is not known to be a duration."""
    bare = name.split("{")[0]
    found = next((size for end, size in SUFFIXES.items() if bare.endswith(end)), None)
    if found is not None or unit is None:
        if found is None and metric is not None:
            raise refuse("unit", unit, f"the unit of {metric}: " + ", ".join(map(repr, UNITS)))
        return found
    return UNITS[unit] / 1e9


def _histogram(name: str, found: _Series, scale: float | None, source: Source) -> Histogram:
    assert scale is not None
    if found.native:
        return _native(name, found.native[-1], scale, source)
    if len(set(found.bounds)) < len(found.bounds):
        raise ValueError(f"{source.path}: {name} is there twice; give one page at a time")
    order = np.argsort(found.bounds, kind="stable")
    bounds, reached = np.array(found.bounds)[order], np.array(found.reached)[order]
    if math.isfinite(bounds[-1]):
        total = found.facts.get("count", reached[-1])
        bounds, reached = np.append(bounds, np.inf), np.append(reached, total)
    counts = np.diff(np.where(np.isfinite(reached), reached, -1.0), prepend=0.0)
    if np.any(counts < 0.0):
        raise ValueError(f"{harmless(source.path)}: {name}: its buckets do not count up")
    lower = np.concatenate([[0.0], bounds[:-1]])
    kept = bounds > 0.0
    return Histogram(
        np.maximum(lower[kept], 0.0) * scale,
        bounds[kept] * scale,
        counts[kept],
        sum=found.facts.get("sum", math.nan) * scale,
        name=name,
        source=source,
    )


def _native(name: str, native: Any, scale: float, source: Source) -> Histogram:
    """Return a native histogram: the bucket i of a schema s ends at 2^(i / 2^s)."""
    if not -4 <= native.schema <= 8:
        said = f"{name}: schema {native.schema}, expected -4 to 8"
        raise ValueError(f"{harmless(source.path)}: {said}")
    lower, upper, counts = [0.0], [float(native.zero_threshold)], [float(native.zero_count)]
    index, count = 0, 0.0
    deltas = iter(native.pos_deltas or ())
    for span in native.pos_spans or ():
        index += span.offset
        for _ in range(min(span.length, 1 << 16)):
            delta = next(deltas, None)
            if delta is None:
                break
            count += delta
            low, high = (_power((index + shift) * 2.0**-native.schema) for shift in (-1, 0))
            lower.append(max(low, upper[0]))
            upper.append(high)
            counts.append(count)
            index += 1
    return Histogram(
        np.array(lower) * scale,
        np.array(upper) * scale,
        counts,
        sum=float(native.sum_value) * scale,
        name=name,
        source=source,
    )


def _power(exponent: float) -> float:
    return math.inf if exponent >= 1024.0 else 2.0**exponent
