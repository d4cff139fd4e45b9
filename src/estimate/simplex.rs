//! Minimisation without derivatives.

/// The lowest point that the method of Nelder & Mead finds from `start` with first steps of `size`.
///
/// Stops when the values at the three corners agree within `tolerance`, or after 400 evaluations. Points at
/// which `cost` is not finite are never taken. Returns the point and its cost.
///
/// Nelder & Mead, "A Simplex Method for Function Minimization", The Computer Journal 7(4), 1965.
pub(super) fn minimise(
    start: [f64; 2],
    size: [f64; 2],
    tolerance: f64,
    mut cost: impl FnMut([f64; 2]) -> f64,
) -> ([f64; 2], f64) {
    let mut at = |point: [f64; 2]| {
        let value = cost(point);
        (point, if value.is_nan() { f64::INFINITY } else { value })
    };
    let mut corners = [
        at(start),
        at([start[0] + size[0], start[1]]),
        at([start[0], start[1] + size[1]]),
    ];
    for _ in 0..200 {
        corners.sort_by(|a, b| a.1.total_cmp(&b.1));
        let [best, middle, worst] = corners;
        if worst.1 - best.1 <= tolerance && middle.1.is_finite() {
            break;
        }
        let centre = along(best.0, middle.0, 0.5);
        let mirrored = at(along(worst.0, centre, 2.0));
        corners[2] = if mirrored.1 < best.1 {
            let further = at(along(worst.0, centre, 3.0));
            if further.1 < mirrored.1 {
                further
            } else {
                mirrored
            }
        } else if mirrored.1 < middle.1 {
            mirrored
        } else {
            let share = if mirrored.1 < worst.1 { 1.5 } else { 0.5 };
            let nearer = at(along(worst.0, centre, share));
            if nearer.1 < worst.1.min(mirrored.1) {
                nearer
            } else {
                corners[1] = at(along(best.0, middle.0, 0.5));
                at(along(best.0, worst.0, 0.5))
            }
        };
    }
    corners.sort_by(|a, b| a.1.total_cmp(&b.1));
    corners[0]
}

fn along(from: [f64; 2], to: [f64; 2], share: f64) -> [f64; 2] {
    [
        from[0] + share * (to[0] - from[0]),
        from[1] + share * (to[1] - from[1]),
    ]
}
