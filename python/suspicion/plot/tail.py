"""Tails beyond a threshold: samples, forms, and the shape against the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .axes import PAUSE, axes, log_durations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..estimate import Tail
    from ..estimate.tail import Stability

FURTHER = 1e-3
"""How far past the rarest sample the forms are drawn."""


def draw_tail(tail: Tail, ax: Axes | None) -> Axes:
    """Draw the share of samples that are longer, and what each form makes of the tail."""
    ax = axes(ax)
    ordered = np.sort(tail._samples)
    share = np.arange(ordered.size, 0, -1) / ordered.size
    shown = (share <= min(1.0, 5.0 * tail.share)) & (ordered > 0.0)
    ax.plot(
        ordered[shown], share[shown], ".", color="black", markersize=3, label=f"{tail.n:,} samples"
    )
    q = np.geomspace(tail.share, FURTHER / tail.n, 200)
    pareto = np.array([tail._core.quantile(each) for each in q])
    forms = [("generalized Pareto", pareto)]
    forms += [(name, values) for name, _, values in tail._core.other_forms(q)]
    limit = tail.identifiable_to
    known = q >= limit.exceedance
    kept = tail.not_told_apart
    for name, values in forms:
        label = name if name in kept else f"{name} (fits worse)"
        (line,) = ax.plot(values[known], q[known], label=label)
        ax.plot(values[~known], q[~known], color=line.get_color(), linestyle="--")
    ax.axhspan(q[-1], limit.exceedance, color=PAUSE, alpha=0.3, label="extrapolated")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_ylim(bottom=q[-1])
    far = [values[-1] for name, values in forms if name in kept]
    ax.set_xlim(right=1.3 * max(far))
    log_durations(ax.xaxis)
    ax.set_xlabel("duration x")
    ax.set_ylabel("Pr(X > x)")
    ax.set_title(f"shape {tail.shape:.3g} over {tail.exceeding:,} exceedances")
    ax.grid(alpha=0.25, which="major")
    ax.legend()
    return ax


def draw_stability(stability: Stability, ax: Axes | None) -> Axes:
    """Draw the shape against the threshold; a generalised Pareto tail keeps it."""
    ax = axes(ax)
    x, shape, error = stability.threshold, stability.shape, stability.shape_error
    (line,) = ax.plot(x, shape, "o-", label="fitted shape")
    ax.fill_between(
        x, shape - 2 * error, shape + 2 * error, color=line.get_color(), alpha=0.2, linewidth=0.0,
        label="two standard errors",
    )  # fmt: skip
    ax.axvline(
        x[stability.chosen], color="grey", linestyle="--", label="lowest with one shape from it on"
    )
    ax.set_xscale("log")
    log_durations(ax.xaxis)
    ax.set_xlabel("threshold")
    ax.set_ylabel("shape")
    ax.grid(alpha=0.25, which="major")
    ax.legend()
    return ax
