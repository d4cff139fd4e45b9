"""Leases: who held one when, with what was sent, and what pauses make of one at each length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..units import duration
from .axes import PAUSE, SUSPECT, TRUST, axes, linear_durations, log_durations, many, period

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..lease import LeaseHistory, LeaseLengths

TOKENS = ("#2471a3", "#b7950b", "#7d3c98", "#148f77", "#873600")
"""Colours of the holders, by token."""

MOST_ARROWS = 150
"""Messages beyond these are drawn without a word."""

LEAST = 1e-12
"""Rates below so much of the highest are not drawn."""

SHORTEST = 0.02
"""Pauses that are no longer than this share of the picture have no label."""


def draw_history(history: LeaseHistory, begin: float, end: float, ax: Axes | None) -> Axes:
    """Draw the lock service on top, the clients, and the storage at the bottom."""
    ax = axes(ax)
    writes = bool(np.isin(history.messages["kind"], ["write", "seal"]).any())
    clients = history.clients
    service, storage = float(clients + 1), 0.0
    names = {service: "lock service"}
    names |= {float(clients - who): f"client {who + 1}" for who in range(clients)}
    if writes:
        names[storage] = "storage"
    for height in names:
        ax.axhline(height, color="#dddddd", linewidth=0.8, zorder=0)
    _draw_spans(ax, history, begin, end)
    _draw_messages(ax, history, begin, end, service, storage)
    ax.set_yticks(list(names), list(names.values()))
    ax.set_ylim(-0.6 if writes else 0.4, service + 0.75)
    ax.set_xlim(begin, end)
    linear_durations(ax.xaxis)
    ax.set_xlabel("time")
    ax.set_title(_verdict(history))
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return ax


def _verdict(history: LeaseHistory) -> str:
    found = history.outcome
    if found.accepted:
        return f"{many(found.accepted, 'stale write')} taken by the storage"
    if found.stale_writes:
        return f"{many(found.stale_writes, 'stale write')}, all refused by the storage"
    if found.two_holders:
        return f"{many(found.two_holders, 'time')} with two holders"
    return "never two holders"


def _colour(token: int) -> str:
    return TOKENS[token % len(TOKENS)]


def _draw_spans(ax: Axes, history: LeaseHistory, begin: float, end: float) -> None:
    spans = history.spans
    service = history.clients + 1
    for state, client, token, first, last in zip(*spans_of(spans), strict=True):
        if last <= begin or first >= end:
            continue
        first, last = max(first, begin), min(last, end)
        height = history.clients - client
        if state == "holds":
            _bar(ax, first, last, service, _colour(token), 0.16)
            middle = 0.5 * (first + last)
            ax.text(middle, service + 0.2, f"token {token}", ha="center", color=_colour(token))
        elif state == "believes":
            _bar(ax, first, last, height, _colour(token), 0.1)
        else:
            _bar(ax, first, last, height, PAUSE, 0.32)
            if last - first > SHORTEST * (end - begin):
                text = f"stands still for {duration(last - first)}"
                ax.text(first, height + 0.36, text, fontsize="small")


def spans_of(spans: dict[str, Any]) -> tuple[list[Any], ...]:
    """Return the columns of spans, those in which a client stands still first, to lie below."""
    order = np.argsort(spans["state"] != "stands still", kind="stable")
    names = ("state", "client", "token", "begin", "end")
    return tuple(spans[name][order].tolist() for name in names)


def _bar(ax: Axes, first: float, last: float, height: float, colour: str, half: float) -> None:
    ax.broken_barh([(first, last - first)], (height - half, 2 * half), color=colour, linewidth=0)


def _draw_messages(
    ax: Axes, history: LeaseHistory, begin: float, end: float, service: float, storage: float
) -> None:
    sent = history.messages
    shown = np.flatnonzero((sent["sent"] < end) & (sent["arrived"] > begin))
    stale = _stale(history)
    for place in shown:
        kind, taken = str(sent["kind"][place]), bool(sent["taken"][place])
        if len(shown) > MOST_ARROWS and kind == "renew":
            continue
        token, client = int(sent["token"][place]), int(sent["client"][place])
        of_storage = kind in ("write", "seal")
        colour = _colour(token)
        if stale[place] or not taken:
            colour = SUSPECT
        elif kind == "renew":
            colour = "#999999"
        start = float(sent["sent"][place]), float(history.clients - client)
        tip = float(sent["arrived"][place]), storage if of_storage else service
        style = {"color": colour, "arrowstyle": "-|>", "linewidth": 1.4 if of_storage else 1.0}
        ax.annotate("", xy=tip, xytext=start, arrowprops=style)
        if stale[place]:
            _say(ax, tip, token, taken)


def _say(ax: Axes, tip: tuple[float, float], token: int, taken: bool) -> None:
    words = f"token {token} taken: lost update" if taken else f"token {token} refused"
    colour = SUSPECT if taken else TRUST
    ax.plot(*tip, marker="X" if taken else "s", color=colour, markersize=9, zorder=5)
    ax.annotate(
        words, xy=tip, xytext=(0, -18), textcoords="offset points", ha="center", color=colour
    )


def _stale(history: LeaseHistory) -> Any:
    """Return which writes arrive when a newer token has been granted, and seen by a storage that is to see it first."""
    sent = history.messages
    writes, seals = sent["kind"] == "write", sent["kind"] == "seal"
    grants = seals if seals.any() else (sent["kind"] == "acquire") & sent["taken"]
    order = np.argsort(sent["arrived"][grants])
    moments, tokens = sent["arrived"][grants][order], sent["token"][grants][order]
    newest = np.searchsorted(moments, sent["arrived"], side="right") - 1
    current = np.where(newest >= 0, tokens[np.maximum(newest, 0)], 0) if len(tokens) else 0
    return writes & (sent["token"] < current)


def draw_lengths(found: LeaseLengths, ax: Axes | None, per: str, label: str | None) -> Axes:
    """Draw how often there are two holders against the length of the lease."""
    ax = axes(ax)
    size = period(per)
    value = found.two_holders * size
    high, low = found.two_holders_high * size, found.two_holders_low * size
    (line,) = ax.plot(
        found.length, np.where(found.identifiable & (value > 0.0), value, np.nan), label=label
    )
    colour = line.get_color()
    ax.plot(
        found.length,
        np.where(~found.identifiable & (value > 0.0), value, np.nan),
        color=colour,
        linestyle="--",
    )
    if np.any(high > low):
        ax.plot(found.length, high, color=colour, linewidth=0.5, alpha=0.5)
        floor = np.maximum(low, float(high.max()) * LEAST)
        ax.fill_between(found.length, floor, high, color=colour, alpha=0.2, linewidth=0)
    ax.set_xscale("log")
    ax.set_yscale("log")
    log_durations(ax.xaxis)
    ax.set_xlabel("length of the lease")
    ax.set_ylabel(f"two holders per {per}")
    drawn = np.concatenate([np.asarray(curve.get_ydata(), dtype=float) for curve in ax.lines])
    drawn = drawn[np.isfinite(drawn) & (drawn > 0.0)]
    if drawn.size:
        # What is much rarer than the rest is never.
        top = float(drawn.max())
        ax.set_ylim(max(float(drawn.min()), top * LEAST) / 3.0, 3.0 * top)
    if not found.identifiable.all():
        first = float(found.length[~found.identifiable].min())
        ax.axvspan(first, float(found.length[-1]), color="#eeeeee", zorder=0)
    return ax
