"""What all tests share."""

from __future__ import annotations

import matplotlib as mpl
import pytest

mpl.use("Agg")


@pytest.fixture(autouse=True)
def _no_figures_left_over():
    yield
    from matplotlib import pyplot

    pyplot.close("all")
