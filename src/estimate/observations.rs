use crate::Error;

/// Durations as they were seen: whole, cut off, counted in buckets, or through a window.
///
/// All in seconds. A sample is a duration that was seen to its end. A limit is one that was not: it
/// lasted longer than that. A bucket counts durations between two edges. Durations outside of the
/// window were never seen at all, not even as a count.
#[derive(Debug, Clone, PartialEq)]
pub struct Observations {
    samples: Vec<f64>,
    limits: Vec<f64>,
    buckets: Vec<Bucket>,
    window: (f64, f64),
}

/// Durations counted between two edges, low < x <= high.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// Lower edge, in seconds.
    pub low: f64,
    /// Upper edge, in seconds; may be infinite.
    pub high: f64,
    /// How many.
    pub count: u64,
}

/// More than this many are not told apart from this many plus one in `f64`.
const MOST: u64 = 1 << 53;

impl Observations {
    /// Builds the observations from durations seen whole and the limits of those cut off.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a duration that is negative or not finite, one outside of the window,
    /// and when there is nothing at all.
    pub fn new(samples: Vec<f64>, limits: Vec<f64>, window: (f64, f64)) -> Result<Self, Error> {
        let window = admit_window(window)?;
        admit_durations("samples", &samples, window)?;
        admit_durations("censored", &limits, window)?;
        if let Some(i) = limits.iter().position(|limit| *limit >= window.1) {
            return Err(Error::argument(
                format!("censored[{i}]"),
                limits[i],
                format!("a limit below the end {} of the window", window.1),
            ));
        }
        if samples.is_empty() && limits.is_empty() {
            return Err(Error::argument("samples", "[]", "one duration or more"));
        }
        Ok(Self {
            samples,
            limits,
            buckets: Vec::new(),
            window,
        })
    }

    /// Builds the observations from counts between neighbouring edges; empty buckets say nothing
    /// less than full ones, and are kept.
    pub fn from_buckets(buckets: Vec<Bucket>, window: (f64, f64)) -> Result<Self, Error> {
        let window = admit_window(window)?;
        for (i, bucket) in buckets.iter().enumerate() {
            if !(bucket.low >= 0.0 && bucket.low.is_finite() && bucket.high > bucket.low) {
                return Err(Error::argument(
                    format!("buckets[{i}]"),
                    format!("({}, {}]", bucket.low, bucket.high),
                    "edges of zero or more that rise",
                ));
            }
            if bucket.count > 0 && (bucket.low < window.0 || bucket.high > window.1) {
                return Err(Error::argument(
                    format!("buckets[{i}]"),
                    format!("({}, {}]", bucket.low, bucket.high),
                    format!("within the window [{}, {}]", window.0, window.1),
                ));
            }
        }
        let total = buckets
            .iter()
            .try_fold(0_u64, |sum, bucket| sum.checked_add(bucket.count))
            .filter(|total| *total <= MOST);
        match total {
            None => Err(Error::argument("counts", "their sum", "2^53 or less")),
            Some(0) => Err(Error::argument("counts", 0, "one duration or more")),
            Some(_) => Ok(Self {
                samples: Vec::new(),
                limits: Vec::new(),
                buckets,
                window,
            }),
        }
    }

    /// Durations seen to their ends, in seconds.
    pub fn samples(&self) -> &[f64] {
        &self.samples
    }

    /// For each duration that was cut off what it lasted longer than, in seconds.
    pub fn limits(&self) -> &[f64] {
        &self.limits
    }

    /// Counts between edges.
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// The window outside of which nothing is seen, in seconds.
    pub fn window(&self) -> (f64, f64) {
        self.window
    }

    /// How many durations in buckets.
    pub fn bucketed(&self) -> u64 {
        self.buckets.iter().map(|bucket| bucket.count).sum()
    }
}

fn admit_window((low, high): (f64, f64)) -> Result<(f64, f64), Error> {
    if low >= 0.0 && low.is_finite() && high > low {
        Ok((low, high))
    } else {
        Err(Error::argument(
            "truncated",
            format!("({low}, {high})"),
            "a window that begins at zero or later and ends after its beginning",
        ))
    }
}

fn admit_durations(name: &str, values: &[f64], window: (f64, f64)) -> Result<(), Error> {
    let unfit = |x: &f64| !(x.is_finite() && *x >= window.0 && *x <= window.1);
    match values.iter().position(unfit) {
        None => Ok(()),
        Some(i) if values[i] >= 0.0 && values[i].is_finite() => Err(Error::argument(
            format!("{name}[{i}]"),
            values[i],
            format!("within the window [{}, {}]", window.0, window.1),
        )),
        Some(i) => Err(Error::argument(
            format!("{name}[{i}]"),
            values[i],
            "a finite duration of zero or more",
        )),
    }
}
