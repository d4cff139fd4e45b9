use super::likelihood::Counts;
use super::maximum::{Failure, Maximum, Objective};
use super::{Family, Likelihood};
use crate::Error;
use crate::distribution::Distribution;

/// The law of a family under which observations are likeliest.
///
/// Maximum likelihood by Newton's method in logarithms of the parameters, with derivatives by
/// differences of fourth order of the laws' own logarithms; parameters are right to some 1e-7 of their
/// standard errors. Where the likelihood is largest on an edge (the ends of a uniform law, the minimum
/// of Pareto's) there is no standard error, and intervals come from an exact pivot.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    pub(super) family: Family,
    pub(super) likelihood: Likelihood,
    pub(super) at: Vec<f64>,
    pub(super) pinned: Vec<bool>,
    pub(super) covariance: Vec<Vec<f64>>,
    pub(super) log_likelihood: f64,
}

/// From so many points on one look at the likelihood is shared among threads.
pub(super) const SHARED: usize = 256;

impl Fit {
    /// Finds the likeliest law.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where the family cannot have given the observations, or where their
    /// likelihood has no maximum: it goes on growing as a parameter goes to zero or to infinity, or does
    /// not depend on it.
    pub fn new(family: Family, likelihood: Likelihood) -> Result<Self, Error> {
        family.admit(&likelihood)?;
        let pins = family.pinned(&likelihood);
        let height = |start: &Vec<f64>| {
            let law = family.law(start);
            law.map_or(f64::NEG_INFINITY, |law| likelihood.log(&law))
        };
        let mut starts: Vec<_> = family
            .starts(&likelihood)
            .into_iter()
            .map(|start| (height(&start), start))
            .collect();
        starts.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut failure = Failure::Start;
        let mut found = None;
        for (_, start) in &starts {
            match held(family, &likelihood, &pins, start) {
                Ok(top) if (0..start.len()).any(|i| family.astray(i, top.at[i], start[i])) => {
                    failure = Failure::Flat { at: top.at };
                }
                Ok(top) => {
                    found = Some(top);
                    break;
                }
                Err(other) if failure == Failure::Start => failure = other,
                Err(_) => {}
            }
        }
        let Some(Maximum {
            at,
            value,
            covariance,
        }) = found
        else {
            return Err(no_maximum(family, &failure));
        };
        Ok(Self {
            family,
            likelihood,
            at,
            pinned: pins.iter().map(Option::is_some).collect(),
            covariance,
            log_likelihood: value,
        })
    }

    /// The family.
    pub fn family(&self) -> Family {
        self.family
    }

    /// The parameters, in the order of [`Family::names`].
    pub fn parameters(&self) -> Vec<f64> {
        let indices = 0..self.at.len();
        indices
            .map(|which| self.family.parameter(which, self.at[which]))
            .collect()
    }

    /// Which parameters the likelihood is largest for on an edge.
    pub fn pinned(&self) -> &[bool] {
        &self.pinned
    }

    /// Which coordinates are logarithms of their parameters.
    pub fn logarithmic(&self) -> Vec<bool> {
        let indices = 0..self.at.len();
        indices
            .map(|which| self.family.logarithmic(which))
            .collect()
    }

    /// Largest logarithm of the likelihood.
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// How many durations of which kind.
    pub fn counts(&self) -> Counts {
        self.likelihood.counts
    }

    /// Covariance of the coordinates (logarithms of parameters above zero) from the curvature of the
    /// likelihood; NaN for what is pinned.
    pub fn covariance_of_coordinates(&self) -> &[Vec<f64>] {
        &self.covariance
    }

    /// Covariance of the parameters, by the delta method; NaN for what is pinned.
    pub fn covariance(&self) -> Vec<Vec<f64>> {
        let slope = |which: usize| {
            if self.family.logarithmic(which) {
                libm::exp(self.at[which])
            } else {
                1.0
            }
        };
        let indices = 0..self.at.len();
        let row = |i: usize| {
            let entry = |j: usize| self.covariance[i][j] * slope(i) * slope(j);
            indices.clone().map(entry).collect()
        };
        indices.clone().map(row).collect()
    }

    pub(super) fn law_at(&self, at: &[f64]) -> Option<Distribution> {
        self.family.law(at)
    }
}

/// How far one coordinate goes for a curvature of about one.
pub(super) fn reach(family: Family, at: &[f64], which: usize) -> f64 {
    family
        .directions(at)
        .iter()
        .map(|direction| direction[which].abs())
        .filter(|part| *part > 0.0)
        .fold(f64::INFINITY, f64::min)
}

/// The maximum with some coordinates pinned.
fn held(
    family: Family,
    likelihood: &Likelihood,
    pins: &[Option<f64>],
    start: &[f64],
) -> Result<Maximum, Failure> {
    let free: Vec<usize> = (0..pins.len()).filter(|i| pins[*i].is_none()).collect();
    let whole = |part: &[f64]| {
        let mut at: Vec<f64> = pins.iter().map(|pin| pin.unwrap_or(0.0)).collect();
        for (which, value) in free.iter().zip(part) {
            at[*which] = *value;
        }
        at
    };
    let value = |part: &[f64]| {
        family
            .law(&whole(part))
            .map_or(f64::NEG_INFINITY, |law| likelihood.log(&law))
    };
    let directions = |part: &[f64]| {
        let at = whole(part);
        if free.len() == at.len() {
            family.directions(&at)
        } else {
            vec![vec![reach(family, &at, free[0])]]
        }
    };
    let mut covariance = vec![vec![f64::NAN; pins.len()]; pins.len()];
    if free.is_empty() {
        let at = whole(&[]);
        let value = value(&[]);
        return if value.is_finite() {
            Ok(Maximum {
                at,
                value,
                covariance,
            })
        } else {
            Err(Failure::Start)
        };
    }
    let objective = Objective {
        value: &value,
        directions: &directions,
        count: likelihood.counts.total(),
        shared: likelihood.size() >= SHARED,
    };
    let from: Vec<f64> = free.iter().map(|which| start[*which]).collect();
    let top = objective.maximise(&from).map_err(|failure| match failure {
        Failure::Flat { at } => Failure::Flat { at: whole(&at) },
        Failure::Start => Failure::Start,
    })?;
    for (i, row) in free.iter().zip(&top.covariance) {
        for (j, entry) in free.iter().zip(row) {
            covariance[*i][*j] = *entry;
        }
    }
    Ok(Maximum {
        at: whole(&top.at),
        value: top.value,
        covariance,
    })
}

fn no_maximum(family: Family, failure: &Failure) -> Error {
    let value = match failure {
        Failure::Start => "no law of it".to_owned(),
        Failure::Flat { at } => family
            .names()
            .iter()
            .enumerate()
            .map(|(which, name)| format!("{name} {:.3e}", family.parameter(which, at[which])))
            .collect::<Vec<_>>()
            .join(", "),
    };
    Error::argument(
        format!("the likeliest {}", family.name()),
        value,
        "a maximum: the likelihood has none, or these data do not tell the parameters apart",
    )
}
