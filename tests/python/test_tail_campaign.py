"""Coverage and bias of what is said of tails; a small version of tail_campaign.py, whose table is docs/tails.md.

A share of so few seeds is refused when it lies outside what is asked for by more than 3.3 standard
errors, which a right interval does once in a thousand.
"""

from __future__ import annotations

import math

import pytest
import tail_campaign as campaign

SEEDS = 150
SLACK = 3.3 * math.sqrt(0.05 * 0.95 / SEEDS)


@pytest.mark.parametrize(
    "part",
    [
        campaign.tail_rows,
        campaign.few_rows,
        campaign.survival_rows,
        campaign.rank_rows,
        campaign.rare_rows,
    ],
    ids=lambda part: part.__name__,
)
def test_figures_are_what_is_asked_for(part) -> None:
    for row in part(SEEDS):
        slack = SLACK if row.share else 0.05 * row.high
        assert row.low - slack <= row.measured <= row.high + slack, row


def test_the_extremal_index_is_found_and_its_interval_holds() -> None:
    for row in campaign.index_rows(60):
        slack = 3.3 * math.sqrt(0.1 * 0.9 / 60) if row.share else 0.02
        assert row.low - slack <= row.measured <= row.high + slack, row
