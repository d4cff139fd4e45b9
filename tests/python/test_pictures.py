"""Pictures: no rate of zero on a log axis, every axis with its unit, and nothing of the caller's touched."""

from __future__ import annotations

import itertools

import matplotlib as mpl
import numpy as np
import pytest
import suspicion as sus
from matplotlib import pyplot
from matplotlib.figure import Figure

BEATS = sus.examples.load("south_n8_v10")
CURVE = sus.sweep(BEATS, sus.FixedTimeout())
WORLD = sus.Heartbeats(
    every="1s",
    link=sus.Link(delay=sus.LogNormal(median="20ms", sigma=0.8), loss=0.01),
    sender_pauses=sus.Pauses(every=sus.Exponential(mean="10min"), lasting="2s"),
)
COMPARISON = sus.compare(
    WORLD, [sus.FixedTimeout(), sus.Chen(), sus.presets.cassandra()], duration="10d", rng=7
)
PICTURES = {
    "curve": lambda ax: CURVE.plot(ax),
    "curve per minute": lambda ax: CURVE.plot(ax, per="minute", color="black"),
    "comparison": lambda ax: COMPARISON.plot(ax),
    "comparison with bands": lambda ax: COMPARISON.plot(ax, band=True),
    "timeline": lambda ax: CURVE.timeline("3s", ax=ax),
    "timeline of a model": lambda ax: sus.sweep(
        WORLD.simulate("2h", rng=7), sus.Chen(window=50)
    ).timeline("500ms", ax=ax),
    "law": lambda ax: sus.LogNormal(median="1ms", sigma=1.2).plot(ax),
    "gaps": lambda ax: BEATS.plot(ax),
}


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_where_asked_and_says_its_units(name) -> None:
    figure, (left, right) = pyplot.subplots(1, 2, layout="constrained")
    assert PICTURES[name](right) is right
    assert not left.has_data()
    assert right.has_data()
    figure.canvas.draw()
    labels = [label.get_text() for label in right.get_xticklabels() if label.get_text()]
    assert any(label.split()[-1] in ("us", "ms", "s", "min", "h", "d") for label in labels)
    assert right.get_xlabel()
    assert right.get_ylabel() or right.get_yticklabels()


@pytest.mark.parametrize("name", PICTURES)
def test_without_axes_there_is_a_new_figure_and_nothing_shown_or_set(name, monkeypatch) -> None:
    def shown() -> None:
        pytest.fail("a library does not call show")

    monkeypatch.setattr(pyplot, "show", shown)
    before = dict(mpl.rcParams)
    first, second = PICTURES[name](None), PICTURES[name](None)
    assert first.figure is not second.figure
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(
    "name", ["curve", "curve per minute", "comparison", "comparison with bands"]
)
def test_no_zero_is_drawn_as_a_rate(name) -> None:
    ax = PICTURES[name](None)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    bottom = ax.get_ylim()[0]
    assert bottom > 0.0
    for line in ax.lines:
        rates = np.asarray(line.get_ydata(), dtype=float)
        assert np.all(rates > 0.0)
    # The part without mistakes is an upper bound and looks different.
    assert len({line.get_linestyle() for line in ax.lines}) > 1


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("size", [(6.4, 4.8), (4.0, 3.0)])
def test_no_two_labels_overlap(name, size) -> None:
    figure = pyplot.figure(figsize=size, layout="constrained")
    ax = PICTURES[name](figure.add_subplot())
    figure.canvas.draw()
    for axis in (ax.xaxis, ax.yaxis):
        boxes = [
            label.get_window_extent()
            for label in axis.get_ticklabels()
            if label.get_text()
            and label.get_visible()
            and inside(figure, label.get_window_extent())
        ]
        for one, other in itertools.combinations(boxes, 2):
            assert not one.overlaps(other), (name, axis)
    if ax.get_title():
        assert inside(figure, ax.title.get_window_extent())


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (0.0, 2e-5),
        (0.0, 0.4),
        (0.0, 60.0),
        (0.0, 3_600.0),
        (0.0, 86_400.0),
        (0.0, 30 * 86_400.0),
        (36_000.0, 36_060.0),
        (46_771.65, 46_775.6),
        (1e6, 1e6 + 0.003),
    ],
)
def test_ticks_are_few_and_say_where_they_are(begin, end) -> None:
    figure, ax = pyplot.subplots(layout="constrained")
    sus.Timeline(starts=[begin], lasting=[end - begin]).plot(ax, begin=begin, end=end)
    figure.canvas.draw()
    offset = ax.xaxis.get_offset_text().get_text()
    origin = sus.arguments.seconds("offset", offset) if offset else 0.0
    said = [label.get_text() for label in ax.get_xticklabels()]
    assert 2 <= len(said) <= 10
    assert max(map(len, said)) <= 8
    beyond = [
        sus.arguments.seconds("tick", text.removeprefix("+")) if text != "0 s" else 0.0
        for text in said
    ]
    np.testing.assert_allclose(
        origin + np.array(beyond), ax.get_xticks(), rtol=0, atol=1e-6 * (end - begin)
    )
    assert np.all((ax.get_xticks() >= begin - 1e-9) & (ax.get_xticks() <= end + 1e-9))


def inside(figure: Figure, box) -> bool:
    return box.x0 >= -1 and box.x1 <= figure.bbox.x1 + 1 and box.y1 <= figure.bbox.y1 + 1


def test_a_default_is_marked_where_it_is() -> None:
    ax = COMPARISON.plot(per="day")
    curve = COMPARISON["Cassandra"]
    point = curve.at(8.0)
    (marker,) = [line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata())]
    rate = (point.mistake_rate if point.mistakes >= 1 else point.mistake_rate_high) * 86_400
    assert marker.get_xydata().tolist() == [[point.detection_time, pytest.approx(rate)]]
