use crate::{Cancel, Error};

/// Rows sorted, or merged, between two looks at whether to stop: a few milliseconds of work.
const STEP: usize = 1 << 16;

/// The rows 0..n in ascending order of their keys, equal keys in their first order; can be cancelled.
pub(super) fn order_by(
    n: usize,
    key: impl Fn(usize) -> i64,
    cancel: &Cancel,
) -> Result<Vec<usize>, Error> {
    let mut order: Vec<usize> = (0..n).collect();
    if order.windows(2).all(|pair| key(pair[0]) <= key(pair[1])) {
        return Ok(order);
    }
    for chunk in order.chunks_mut(STEP) {
        cancel.checkpoint()?;
        chunk.sort_by_key(|row| key(*row));
    }
    let mut run = STEP;
    while run < n {
        let mut merged = Vec::with_capacity(n);
        for pair in order.chunks(2 * run) {
            let (left, right) = pair.split_at(run.min(pair.len()));
            merge(left, right, &key, &mut merged, cancel)?;
        }
        order = merged;
        run *= 2;
    }
    Ok(order)
}

fn merge(
    left: &[usize],
    right: &[usize],
    key: &impl Fn(usize) -> i64,
    merged: &mut Vec<usize>,
    cancel: &Cancel,
) -> Result<(), Error> {
    let (mut l, mut r) = (0, 0);
    while l < left.len() && r < right.len() {
        if (l + r) % STEP == 0 {
            cancel.checkpoint()?;
        }
        if key(left[l]) <= key(right[r]) {
            merged.push(left[l]);
            l += 1;
        } else {
            merged.push(right[r]);
            r += 1;
        }
    }
    merged.extend_from_slice(&left[l..]);
    merged.extend_from_slice(&right[r..]);
    Ok(())
}

/// What `row` gives for the rows, in order.
pub(super) fn gather<T>(order: &[usize], row: impl Fn(usize) -> T) -> Vec<T> {
    order.iter().map(|index| row(*index)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_columns_come_out_in_order_and_ties_stay_put() {
        let keys: Vec<i64> = (0..300_000_i64).map(|i| i * 7_919 % 1_000).collect();
        let order = order_by(keys.len(), |row| keys[row], &Cancel::default()).unwrap();
        let mut expected: Vec<usize> = (0..keys.len()).collect();
        expected.sort_by_key(|row| keys[*row]);
        assert_eq!(order, expected);
    }

    #[test]
    fn a_cancelled_sort_stops() {
        let cancel = Cancel::default();
        cancel.request();
        assert_eq!(
            order_by(10, |row| -(row as i64), &cancel),
            Err(Error::Cancelled)
        );
    }
}
