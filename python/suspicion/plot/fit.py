"""Fitted laws beside the data: the share that is longer, and quantiles against quantiles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..distribution import Distribution
from ..units import duration, rounded
from .axes import PAUSE, axes, log_durations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..arguments import Floats
    from ..estimate import Fit

POINTS = 2000
"""At most so many durations are drawn, evenly spread over the logarithm of the share that is longer."""


def draw_fit(fit: Fit, ax: Axes | None) -> Axes:
    """Draw the share of durations that are longer, with its band, and the law."""
    ax = axes(ax)
    x, share, low, high = survival(fit)
    bucketed = fit.bucketed > 0
    style: dict[str, Any] = (
        {"marker": "o", "linestyle": "none"} if bucketed else {"drawstyle": "steps-post"}
    )
    shown = share > 0.0
    ax.plot(x[shown], share[shown], color="black", linewidth=1.2, **style, label=_data_label(fit))
    level = f"{fit.confidence_level * 100:g} % at each point"
    step: Literal["post"] | None = None if bucketed else "post"
    floor = float(share[shown].min()) / 3.0 if shown.any() else 1e-3
    band = low < high
    ax.fill_between(
        x[band], np.maximum(low[band], floor), high[band], step=step, color="black", alpha=0.15,
        linewidth=0.0, label=level,
    )  # fmt: skip
    law, horizon = _seen_law(fit), fit.identifiable_to
    first = float(x.min()) if len(x) else float(law.median())
    far = min(float(law.iccdf(floor)), 1e3 * horizon.time)
    inside = np.geomspace(max(first, 1e-6 * horizon.time, 1e-300), horizon.time, 256)
    beyond = np.geomspace(horizon.time, max(far, 1.5 * horizon.time), 64)
    (line,) = ax.plot(inside, law.ccdf(inside), label=rounded(repr(fit.law)))
    ax.plot(beyond, _positive(law.ccdf(beyond)), color=line.get_color(), linestyle="--")
    ax.axvspan(
        horizon.time, float(beyond[-1]), color=PAUSE, alpha=0.3, linewidth=0.0,
        label=f"beyond {duration(horizon.time)} the law is an assumption",
    )  # fmt: skip
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_ylim(bottom=floor, top=1.5)
    log_durations(ax.xaxis)
    ax.set_xlabel("duration x")
    ax.set_ylabel("Pr(X > x)")
    ax.grid(alpha=0.25, which="major")
    ax.legend()
    return ax


def draw_quantiles(fit: Fit, ax: Axes | None) -> Axes:
    """Draw the quantiles of the data against those of the law."""
    ax = axes(ax)
    x, share, low, high = survival(fit)
    law, horizon = _seen_law(fit), fit.identifiable_to
    shown = (share > 0.0) & (share < 1.0) & (x > 0.0)
    if not shown.any():
        raise ValueError(f"fit = {fit!r}, expected one of data with two durations or more")
    expected = np.asarray(law.iccdf(share[shown]))
    ends = [np.asarray(law.iccdf(np.clip(end[shown], 1e-300, 1.0))) for end in (high, low)]
    ax.fill_betweenx(x[shown], ends[0], ends[1], color="black", alpha=0.15, linewidth=0.0,
                     label=f"{fit.confidence_level * 100:g} % at each point")  # fmt: skip
    ax.plot(expected, x[shown], ".", markersize=3.0, color="black", label=_data_label(fit))
    line = np.array([x[shown].min(), x[shown].max()])
    (drawn,) = ax.plot(
        line[line <= horizon.time], line[line <= horizon.time], label=rounded(repr(fit.law))
    )
    ax.plot(line, line, color=drawn.get_color(), linestyle="--", zorder=0)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(0.5 * expected.min(), 2.0 * expected.max())
    log_durations(ax.xaxis)
    log_durations(ax.yaxis)
    ax.set_xlabel(f"quantile of {fit.family}")
    ax.set_ylabel("quantile of the data")
    ax.grid(alpha=0.25, which="major")
    ax.legend()
    return ax


def survival(fit: Fit) -> tuple[Floats, Floats, Floats, Floats]:
    """Return times and the share that is longer, as the data alone have it, with pointwise bands.

    The product-limit estimate with Greenwood's variance on the scale of ln(-ln S), which keeps the band
    within (0, 1); of buckets the shares at their edges.
    """
    seen = fit.observations
    if fit.bucketed:
        edges = seen.edges[1:]
        left = len(seen) - np.cumsum(seen.counts)
        x = edges[np.isfinite(edges)]
        deaths = seen.counts[: len(x)].astype(float)
        risk = (left + seen.counts)[: len(x)].astype(float)
    else:
        x, deaths = np.unique(seen.samples, return_counts=True)
        both = np.sort(np.concatenate([seen.samples, seen.censored]))
        risk = len(both) - np.searchsorted(both, x, side="left").astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.exp(np.cumsum(np.log1p(-deaths / risk)))
        variance = np.cumsum(deaths / (risk * (risk - deaths)))
        reach = fit._quantile * np.sqrt(variance) / np.abs(np.log(share))
        low, high = share ** np.exp(reach), share ** np.exp(-reach)
    known = np.isfinite(reach)
    # Where none is left the exact bound of none in so many; where all are, nothing ended yet.
    none = -math.expm1(math.log(0.5 * (1.0 - fit.confidence_level)) / len(seen))
    unknown = np.where(share > 0.0, 1.0, none)
    low, high = np.where(known, low, 0.0), np.where(known, high, unknown)
    if len(x) > POINTS:
        order = -np.log(np.maximum(share, 0.1 / len(seen)))
        wanted = np.linspace(order[0], order[-1], POINTS)
        kept = np.unique(np.searchsorted(order, wanted).clip(max=len(x) - 1))
        x, share, low, high = x[kept], share[kept], low[kept], high[kept]
    return x, share, low, high


def _seen_law(fit: Fit) -> Distribution:
    """Return the law of what can be seen through the window."""
    low, high = fit.observations.truncated
    return fit.law if (low, high) == (0.0, math.inf) else fit.law.truncated(low, high)


def _data_label(fit: Fit) -> str:
    cut = f", {fit.censored:,} of them cut off" if fit.censored else ""
    return f"{len(fit.observations):,} durations{cut}"


def _positive(share: Floats) -> Floats:
    return np.where(share > 0.0, share, np.nan)
