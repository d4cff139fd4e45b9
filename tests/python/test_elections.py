"""Randomised election timeouts have the published means, and draws agree with expectations."""

from __future__ import annotations

import numpy as np
import pytest
import suspicion as sus
from scipy import integrate

SIZE = 400_000


def survival(rule: str, r: float) -> float:
    """Return the probability that a follower waits longer than r T beyond T."""
    if rule != "free":
        return max(1.0 - r, 0.0)
    # What is left of an interval of a renewal process that is uniform on [1, 2).
    return integrate.quad(lambda x: min(max(2.0 - x, 0.0), 1.0), r, 2.0, points=[1.0])[0] / 1.5


@pytest.mark.parametrize("rule", ["reset", "free"])
@pytest.mark.parametrize("followers", [1, 2, 4])
def test_laws_are_those_of_the_first_of_independent_timers(rule, followers) -> None:
    detector = sus.ElectionTimeout(rule=rule, followers=followers)
    grid = np.linspace(0.0, 2.0, 4001)
    longer = np.array([survival(rule, r) ** followers for r in grid])
    mean = 1.0 + np.trapezoid(longer, grid)
    assert detector.mean_timeout("1s") == pytest.approx(mean, rel=1e-5)
    for p in (0.1, 0.5, 0.9, 0.99):
        quantile = 1.0 + np.interp(1.0 - p, longer[::-1], grid[::-1])
        assert detector.timeout_quantile(p, "1s") == pytest.approx(quantile, rel=1e-4)
    draws = detector.draw_timeouts("1s", SIZE, rng=1)
    assert draws.mean() == pytest.approx(mean, rel=0.01)
    for p in (0.1, 0.5, 0.9):
        assert np.quantile(draws, p) == pytest.approx(detector.timeout_quantile(p, "1s"), rel=0.01)


def test_published_figures_of_followers_are_met_within_a_percent() -> None:
    def drawn(followers: int, **terms) -> np.ndarray:
        detector = sus.ElectionTimeout(followers=followers, **terms)
        return detector.draw_timeouts("1s", SIZE, rng=2)

    etcd = {"rule": "term", "tick": "100ms"}
    assert drawn(1, **etcd).mean() * 10 == pytest.approx(14.5, rel=0.01)
    assert drawn(2, **etcd).mean() * 10 == pytest.approx(12.85, rel=0.01)
    assert set(np.round(drawn(1, **etcd) * 10, 9)) == set(range(10, 20))
    free = {"rule": "free"}
    assert drawn(1, **free).mean() == pytest.approx(16 / 9, rel=0.01)
    assert np.quantile(drawn(1, **free), 0.9) == pytest.approx(2.46, rel=0.01)
    assert drawn(2, **free).mean() == pytest.approx(1.50, rel=0.01)
    assert drawn(4, **free).mean() == pytest.approx(1.30, rel=0.01)
    exact = sus.ElectionTimeout(rule="term", tick="100ms")
    assert exact.mean_timeout("1s") == pytest.approx(1.45)
    assert exact.mean_timeout("1.25s") == pytest.approx(1.75)
    assert sus.ElectionTimeout(followers=2, **etcd).mean_timeout("1s") == pytest.approx(1.285)


@pytest.mark.parametrize(
    ("cluster", "alive", "latency", "published"),
    [
        (5, 4, 0.01, 0.00059), (5, 4, 0.1, 0.0523), (5, 4, 0.2, 0.1808), (5, 3, 0.2, 0.488),
        (9, 7, 0.2, 0.148), (9, 6, 0.2, 0.345), (9, 5, 0.2, 0.672), (9, 5, 0.1, 0.4095),
        (7, 6, 0.2, 0.0989),
    ],
)  # fmt: skip
def test_split_votes_are_as_likely_as_ongaro_says(cluster, alive, latency, published) -> None:
    found = sus.split_vote_probability(cluster=cluster, alive=alive, latency=latency)
    assert found == pytest.approx(published, rel=0.01)
    # By draw: a vote is split when too many stand up before the first of them is heard of.
    rng = np.random.default_rng(3)
    timeouts = np.sort(rng.uniform(size=(200_000, alive)), axis=1)
    needed = alive - cluster // 2 + 1
    split = (timeouts[:, needed - 1] - timeouts[:, 0] <= latency).mean()
    assert split == pytest.approx(found, abs=4.0 * np.sqrt(found / len(timeouts)))


@pytest.mark.parametrize("rule", ["reset", "free"])
@pytest.mark.parametrize("followers", [1, 3])
def test_draws_agree_with_the_expectation_on_a_long_log(rule, followers) -> None:
    link = sus.Link(delay=sus.Exponential(mean="30ms"), loss=0.3)
    beats = sus.Heartbeats(every="200ms", link=link).simulate("8h", rng=4)
    thresholds = ["300ms", "500ms", "800ms"]
    expected = sus.sweep(
        beats, sus.ElectionTimeout(rule=rule, followers=followers), thresholds=thresholds
    )
    drawn = [
        sus.sweep(
            beats,
            sus.ElectionTimeout(rule=rule, followers=followers, seed=seed),
            thresholds=thresholds,
        ).mistakes
        for seed in range(10)
    ]
    error = np.std(drawn, axis=0, ddof=1) / np.sqrt(10)
    assert np.all(np.abs(np.mean(drawn, axis=0) - expected.mistakes) < 4.5 * error + 1.0)


def test_a_gap_counts_with_the_probability_that_a_timeout_is_shorter() -> None:
    gaps = np.array([0.9, 1.0, 1.2, 1.9, 2.5, 0.4])
    beats = sus.Arrivals.from_arrays(np.concatenate([[0.0], np.cumsum(gaps)]), every="1s")
    for followers in (1, 3):
        detector = sus.ElectionTimeout(followers=followers)
        curve = sus.sweep(beats, detector, thresholds=["1s"])
        p = np.clip(gaps - 1.0, 0.0, 1.0)
        assert curve.mistakes[0] == pytest.approx(np.sum(1.0 - (1.0 - p) ** followers), abs=1e-6)
    assert sus.sweep(beats, sus.ElectionTimeout(), thresholds=["1s"]).timeout[0] == pytest.approx(
        1.5
    )


def test_draws_of_one_threshold_do_not_depend_on_the_others() -> None:
    beats = sus.examples.load("south_n8_v10")
    detector = sus.ElectionTimeout(rule="free", followers=2, seed=8)
    alone = sus.sweep(beats, detector, thresholds=["200ms"]).mistakes[0]
    assert sus.sweep(beats, detector, thresholds=["100ms", "200ms", "1s"]).mistakes[1] == alone


def test_what_a_random_timeout_cannot_be_combined_with_is_refused() -> None:
    beats = sus.examples.load("urban_n8_v0")
    with pytest.raises(
        ValueError, match="check_every = 1, expected 0 for a timeout that is random"
    ):
        sus.sweep(beats, sus.ElectionTimeout(), thresholds=["1s"], check_every="1s")
    with pytest.raises(ValueError, match="seed = none, expected a seed"):
        sus.sweep(sus.Observers([beats], quorum=1), sus.ElectionTimeout(), thresholds=["1s"])
    with pytest.raises(ValueError, match="only the rule 'term' has ticks"):
        sus.ElectionTimeout(rule="free", tick="1s")
