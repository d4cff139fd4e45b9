"""Leases at each length: rates, costs of a crash, a real log, intervals of what was counted."""

from __future__ import annotations

import numpy as np
import pytest
import suspicion as sus
from scipy import stats
from suspicion.lease.chances import Counted, expected
from test_leases import exponential, pausing
from test_traces import given


@pytest.mark.parametrize(
    "name", ["chubby", "consul", "etcd", "kubernetes", "patroni", "redis", "zookeeper"]
)
def test_a_crash_costs_what_the_table_of_lengths_says(name) -> None:
    lease = getattr(sus.leases, name)()
    found = lease.takeover(runs=20_000, rng=1)
    pauses = sus.Pauses(every="1h", lasting="1s")
    row = lease.lengths([lease.parameters["length"]], pauses=pauses)
    # Observers' second wait begins with a request, which is not quite as one that is met at random.
    tolerance = 0.05 if name == "kubernetes" else 4.0 * found.standard_error
    assert found.mean == pytest.approx(row.crash_mean[0], abs=tolerance)
    assert found.times[-1] <= row.crash_most[0] + 1e-6


@pytest.mark.parametrize("seed", range(8))
def test_the_table_of_lengths_has_the_rates_of_the_simulation(seed) -> None:
    draws = np.random.default_rng(seed)
    mean, renew, every = (
        draws.uniform(0.5, 2.0),
        draws.uniform(0.3, 1.5),
        draws.uniform(60.0, 120.0),
    )
    window, first = draws.uniform(0.01, 0.05), draws.uniform(0.1, 0.5)
    polls = 0.5 * mean if seed >= 4 else 0.0
    lease = sus.Lease(length=renew + 1.5 * mean, renew_every=renew, poll_every=polls)
    client = pausing(every, mean)
    writes = sus.Writes(every=0.2, window=window, first_after=first, fencing="tokens")
    found = lease.simulate([client, client], duration="200h", runs=100, writes=writes, rng=seed)
    row = lease.lengths(
        [lease.parameters["length"]], pauses=client.parameters["pauses"], writes=writes
    )
    # The other one pauses itself for a share mean / every of the time, and then gets it later.
    for count, rate in (
        (found.two_holders, row.two_holders[0]),
        (found.stale_writes, row.stale_writes[0]),
        (found.accepted, row.with_tokens[0]),
    ):
        right = rate * found.time
        assert abs(count - right) < 4.0 * np.sqrt(right) + 2.0 * mean / every * right, (
            count,
            right,
        )


def test_shenandoahs_log_says_how_often_a_lease_of_ten_seconds_expires() -> None:
    log = sus.traces.read(given("pauses/gct_unified_shenandoah_2.log")).timeline()
    lease = sus.Lease(length="10s", renew_every="2s")
    found = lease.lengths(["10s", "30s", "50s", "60s"], pauses=log)
    expiring = np.clip((log.lasting - 8.0) / 2.0, 0.0, 1.0).sum()
    assert expiring == pytest.approx(5.0, abs=1.0)
    assert found.two_holders[0] * found.watched == pytest.approx(expiring, rel=2e-3)
    # Half a minute is no better, and beyond a minute the log ends.
    assert found.two_holders_low[:2].min() > 1.0 / 3600.0
    assert found.two_holders_low[2] > 1.0 / 86_400.0
    assert found.identifiable.tolist() == [True, True, True, False]
    said = str(lease.lengths(pauses=log).recommend("1/day"))
    assert said.startswith("No lease up to 54")
    assert "Fencing helps" in said


def test_exponential_pauses_make_long_leases_safe_and_pareto_ones_do_not() -> None:
    lease = sus.Lease(length="10s", renew_every="2s")
    often = exponential(3600.0)
    thin = lease.lengths(["10s", "100s"], pauses=sus.Pauses(every=often, lasting=exponential(1.0)))
    law = sus.Pareto(minimum=1.0 / 3.0, tail_index=1.5)
    thick = lease.lengths(["10s", "100s"], pauses=sus.Pauses(every=often, lasting=law))
    assert thin.two_holders[1] < 1e-30 * thin.two_holders[0]
    assert thick.two_holders[0] / thick.two_holders[1] == pytest.approx(10**1.5, rel=0.2)
    chosen = lease.lengths(pauses=sus.Pauses(every=often, lasting=exponential(1.0))).recommend(
        "1/day", drift=0.05
    )
    right = sus.Lease(length=chosen.length).margin(0.05)
    assert chosen.believed_for == pytest.approx(right, rel=1e-12)
    verdict = lease.lengths(pauses=sus.Pauses(every=often, lasting=law)).recommend(1e-12)
    assert not verdict.met


def test_the_interval_of_pauses_that_count_in_part_holds_the_truth() -> None:
    draws, level = np.random.default_rng(1), 0.95
    weights = np.array([0.05, 0.3, 0.6, 1.0])
    rates = np.array([4.0, 3.0, 2.0, 1.5])
    truth, held = float(weights @ rates), 0

    def chance(law: sus.Distribution) -> float:
        return law.mean()

    for _ in range(600):
        counts = draws.poisson(rates)
        sample = np.repeat(weights, counts)
        found = expected([Counted(sample, 1.0)], chance, 0.0, level)
        held += found.low <= truth <= found.high
    # Fay and Feuer's intervals are on the safe side; 4 standard errors of a share of 600 are 3.6 %.
    assert held / 600 > 0.914
    found = expected([Counted(np.ones(3), 1.0)], chance, 0.0, level)
    assert found.low == pytest.approx(stats.chi2.ppf(0.025, 6) / 2)
    assert found.high == pytest.approx(stats.chi2.ppf(0.975, 8) / 2)


def test_pauses_without_a_law_are_simulated_for_as_long_as_is_bearable() -> None:
    quota = sus.CpuQuota(quota="50ms", threads=2)
    found = sus.Lease(length="100ms", renew_every="60ms").lengths(["80ms", "100ms"], pauses=quota)
    assert 1e4 < found.watched < 1e6
    assert found.two_holders[0] > 0.0


def test_a_log_without_pauses_bounds_the_rate_and_claims_no_zero() -> None:
    quiet = sus.Timeline(starts=[], lasting=[])
    found = sus.Lease(length="10s", renew_every="2s").lengths(pauses=quiet, duration="1d")
    np.testing.assert_allclose(found.two_holders_high, stats.chi2.ppf(0.975, 2) / 2 / 86_400.0)
    assert found.two_holders.max() == 0.0
    assert not found.identifiable.any()
    assert "fewer than 3.69 per day" in str(found)
    assert found.recommend("5/day").met
    assert not found.recommend("1/day").met


def test_the_form_of_a_fitted_law_alone_meets_no_target() -> None:
    law = sus.fit(sus.Exponential(mean="100ms").sample(500, rng=1), "Exponential").law
    horizon = law.identifiable_to.time
    assert horizon < 1.0
    pauses = sus.Pauses(every="1h", lasting=law)
    found = sus.Lease(length="10s", renew_every="500ms").lengths(pauses=pauses)
    assert found.form_only.tolist() == (found.length - 0.5 > horizon).tolist()
    reached = found.recommend("1/h")
    assert (reached.met, "form of the law" in str(reached)) == (True, False)
    beyond = found.recommend("1/year")
    assert beyond.chosen
    assert (beyond.met, "form of the law" in str(beyond)) == (False, True)
