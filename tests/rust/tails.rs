//! Estimates without a law, and tails: closed forms and published figures.

use suspicion::Cancel;
use suspicion::distribution::{Law, Pareto};
use suspicion::estimate::{
    Autocorrelation, Band, Exceedances, ExtremalIndex, KaplanMeier, RankInterval, Series,
    clopper_pearson,
};
use suspicion::random::{Purpose, Seed};

#[test]
fn survival_is_the_product_over_events() {
    // Cut off at 2 and 5; by hand: 1 - 1/6, then times 1 - 1/4, then 1 - 2/3.
    let durations = [1.0, 2.0, 3.0, 4.0, 4.0, 5.0];
    let observed = [true, false, true, true, true, false];
    let curve = KaplanMeier::new(&durations, &observed).unwrap();
    assert_eq!(curve.times(), [1.0, 3.0, 4.0]);
    assert_eq!(curve.at_risk(), [6, 4, 3]);
    let banded = curve.banded(Band::LogLog, 0.95).unwrap();
    let expected = 5.0 / 6.0 * 0.75 / 3.0;
    assert!((banded.at(4.5).value - expected).abs() < 1e-15);
    assert!(banded.at(5.1).value.is_nan());
    assert!(banded.quantile(0.9).unwrap().value.is_nan());
    assert_eq!(banded.quantile(0.2).unwrap().value, 3.0);
}

#[test]
fn ranks_and_proportions_are_the_published_ones() {
    let ranks = |n| RankInterval::new(n, 0.999, 0.95).unwrap();
    assert_eq!((ranks(1000).low, ranks(1000).high), (Some(997), None));
    assert_eq!(
        (ranks(10_000).low, ranks(10_000).high),
        (Some(9983), Some(9997))
    );
    assert_eq!(
        (ranks(100_000).low, ranks(100_000).high),
        (Some(99_880), Some(99_920))
    );
    let (low, high) = clopper_pearson(5, 1000, 0.95).unwrap();
    assert!((low - 0.001_625_4).abs() < 5e-8 && (high - 0.011_629_5).abs() < 5e-8);
}

#[test]
fn proportions_of_a_thousand_million_trials_are_those_of_the_poisson_limit() {
    // Garwood's for three events, over the trials; the difference is of the order of 1/n.
    let (low, high) = clopper_pearson(3, 1_000_000_000, 0.95).unwrap();
    assert!((low * 1e9 / 0.618_672_122_895 - 1.0).abs() < 1e-8);
    assert!((high * 1e9 / 8.767_273_069_742 - 1.0).abs() < 1e-8);
}

#[test]
fn the_tail_of_a_pareto_law_is_its_own_at_every_threshold() {
    // Excesses of a Pareto law over u are generalised Pareto of shape 1/index and scale u/index.
    let mut values = vec![0.0; 200_000];
    let law = Pareto::new(1.0, 2.5).unwrap();
    law.fill(&mut Seed::from(7).stream(Purpose::Sample, 0), &mut values);
    let tail = Exceedances::new(&values, 3.0).unwrap();
    assert!((tail.shape() - 0.4).abs() < 4.0 * tail.shape_error());
    assert!((tail.scale() / (3.0 / 2.5) - 1.0).abs() < 0.08);
    let higher = tail.above(6.0).unwrap();
    let anew = Exceedances::new(&values, 6.0).unwrap();
    assert!((higher.shape() - anew.shape()).abs() < 1e-4);
    assert!((tail.exceedance(tail.quantile(1e-6)) / 1e-6 - 1.0).abs() < 1e-9);
    assert!(Exceedances::new(&values, 1e9).is_err());
}

#[test]
fn clusters_of_three_have_an_index_of_a_third() {
    // Times 1, 1, 998, again and again: 2 (sum T - 1)^2/(N sum (T - 1)(T - 2)).
    let places: Vec<u64> = (0..300).map(|i| i / 3 * 1000 + i % 3).collect();
    let found = ExtremalIndex::new(&places).unwrap();
    let (parts, n) = (99.0, 299.0);
    let expected = 2.0 * (parts * 997.0_f64).powi(2) / (n * parts * 997.0 * 996.0);
    assert!((found.index() - expected).abs() < 1e-12);
    assert!(found.runs(10).iter().all(|size| *size == 3));
}

#[test]
fn of_a_pair_of_values_in_turn_the_correlation_is_one_at_even_lags() {
    let series: Vec<f64> = (0..100).map(|i| f64::from(i % 2)).collect();
    let found = Autocorrelation::new(&series, 4, &Cancel::default()).unwrap();
    for (r, expected) in found.correlation.iter().zip([-1.0, 1.0, -1.0, 1.0]) {
        assert!((r - expected).abs() < 1e-12);
    }
}

#[test]
fn a_cancelled_fit_stops_and_bad_delays_are_refused() {
    let delays: Vec<f64> = (0..100).map(|i| 1.0 + f64::from(i % 7)).collect();
    let series = Series::new(vec![1.0; 100], &delays).unwrap();
    let cancel = Cancel::default();
    cancel.request();
    assert!(series.fit(&cancel).is_err());
    assert!(Series::new(vec![1.0; 100], &vec![-1.0; 100]).is_err());
    assert!(Series::new(vec![f64::NAN; 100], &delays).is_err());
}
