"""The two regimes of a link are got back from what it does, and a trace's stalls are found."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import suspicion as sus
from scipy import linalg
from suspicion import _core
from suspicion.estimate import regimes

STATES = sus.GilbertElliott(
    1 / 60, 1 / 3, good_loss=0.005, bad_loss=0.3, bad_delay=sus.LogNormal(median="100ms", sigma=0.8)
)
LINK = sus.Link(delay=sus.LogNormal(median="20ms", sigma=0.3), loss=STATES)
TRACE = sus.examples.load("south_n8_v10")


def test_the_parameters_of_a_simulated_link_lie_in_their_intervals() -> None:
    held = []
    for seed in range(10):
        found = regimes(sus.Heartbeats(every="100ms", link=LINK).simulate("30min", rng=seed))
        assert found.better
        assert found.converged
        for name in ("to_bad", "to_good", "good_loss", "bad_loss"):
            estimate = getattr(found, name)
            held.append(estimate.low <= STATES.parameters[name] <= estimate.high)
        assert found.good_delay.median() == pytest.approx(0.02, rel=0.03)
        assert found.bad_delay.median() == pytest.approx(0.1, rel=0.25)
    # 40 intervals of 95 %: 33 or fewer hold by chance once in 4,000 times.
    assert sum(held) >= 34


def test_the_likelihood_is_that_of_the_matrix_product() -> None:
    """Forward with matrix exponentials of the generator, at the fit: a slow and obvious version."""
    beats = sus.Heartbeats(every="1s", link=LINK).simulate("10min", rng=4)
    found = regimes(beats)
    (good, bad), _ = (found._core.states()[:2], None)
    a, b = found._core.leave()
    generator = np.array([[-a, a], [b, -b]])
    state, log_likelihood = np.array([b, a]) / (a + b), 0.0
    for i, delay in enumerate(found.delays):
        if i:
            state = state @ linalg.expm(generator * (found.sent[i] - found.sent[i - 1]))
        for place, (loss, mean, sigma) in enumerate((good, bad)):
            z = (np.log(delay) - mean) / sigma
            density = np.exp(-0.5 * z * z) / sigma / np.sqrt(2 * np.pi)
            state[place] *= loss if np.isnan(delay) else (1 - loss) * density
        log_likelihood += np.log(state.sum())
        state /= state.sum()
    assert found._core.log_likelihoods()[0] == pytest.approx(log_likelihood, abs=1e-6)


def test_stalls_are_where_the_link_was_bad() -> None:
    steps = np.concatenate([[np.inf], np.full(999, 0.1)])
    delays = np.random.default_rng(1).lognormal(-4.0, 0.2, 1000)
    for begin, end in ((100, 130), (400, 450), (800, 820)):
        delays[begin:end] *= 30.0
        delays[begin:end:3] = np.nan
    sent = np.arange(1000) * 0.1
    found = regimes(delays, sent)
    np.testing.assert_allclose(found.stalls.starts, [10.0, 40.0, 80.0], atol=0.11)
    np.testing.assert_allclose(found.stalls.lasting, [3.0, 5.0, 2.0], atol=0.25)
    assert found.body.max() < found.stalled.min()
    assert _core.Regimes(steps, delays).leave() == pytest.approx(found._core.leave(), rel=1e-6)


def test_without_memory_two_regimes_are_not_better() -> None:
    law = sus.Mixture(
        [sus.LogNormal(median="20ms", sigma=0.3), sus.LogNormal(median="200ms", sigma=0.3)],
        weights=[0.9, 0.1],
    )
    world = sus.Heartbeats(every="100ms", link=sus.Link(delay=law, loss=0.02))
    assert not regimes(world.simulate("5min", rng=1)).better
    assert not regimes(
        sus.Heartbeats(
            every="100ms", link=sus.Link(delay=law.parameters["parts"][0], loss=0.02)
        ).simulate("5min", rng=1)
    ).better


def test_the_curve_of_a_real_trace_is_nearer_with_two_regimes_than_with_one() -> None:
    found = regimes(TRACE)
    assert found.better
    timeouts = [f"{ms}ms" for ms in (100, 120, 150, 200, 300, 500, 700, 1000)]
    own = sus.sweep(TRACE, sus.FixedTimeout(), thresholds=timeouts)

    def distance(link: sus.Link) -> float:
        """Return the mean distance of the logarithms of the rates, with half a mistake for none."""
        world = sus.Heartbeats(every=TRACE.every, link=link)
        other = sus.sweep(world, sus.FixedTimeout(), thresholds=own.threshold, duration="6h", rng=1)
        half = 0.5 / own.exposure
        rates = own.mistake_rate + half, other.mistake_rate + half
        return float(np.abs(np.log(rates[0] / rates[1])).mean())

    assert distance(found.link()) < 0.8 * distance(found.one_link())


def test_what_is_shown_and_copied_is_the_fit() -> None:
    found = regimes(TRACE)
    assert len(found.stalls) > 3
    assert found.stalls.lasting.max() > 5.0
    # None of the bad state is lost in this trace: an upper bound, and not a zero alone.
    assert found.bad_loss.value == pytest.approx(0.0, abs=1e-6)
    assert found.bad_loss.high > 1e-3
    assert repr(pickle.loads(pickle.dumps(found))) == repr(found)
    assert found.plot().get_yscale() == "log"
    assert isinstance(found.link(delays="empirical").parameters["delay"], sus.Empirical)


def test_losses_that_no_state_explains_are_said() -> None:
    """For eight seconds of this trace the car sent every other message only: that is no independent loss."""
    assert "losses of the good state cluster" in " ".join(regimes(TRACE).flags)
    for seed in range(5):
        beats = sus.Heartbeats(every="100ms", link=LINK).simulate("20min", rng=seed)
        assert regimes(beats).flags == ()


@pytest.mark.parametrize(
    ("delays", "sent", "said"),
    [
        (np.ones(30), np.arange(30.0), "delays = 1, expected delays that differ"),
        (np.ones(3), np.arange(3.0), "samples = .*, expected 20 or more"),
        (np.ones(30), np.arange(30.0)[::-1], "sent = -1.*, expected send times that never fall"),
        (-np.ones(30), np.arange(30.0), "samples = -1.*, expected delays of zero or more"),
        (np.ones(30), None, "sent = None, expected a send time for each"),
    ],
)
def test_traces_that_tell_nothing_are_refused(delays, sent, said) -> None:
    with pytest.raises(ValueError, match=said):
        regimes(delays, sent)
