//! What each step of a sweep changes: neighbouring points compared like layouts, under the same random
//! numbers.

use std::collections::BTreeMap;

use super::compare::judged;
use super::named::Named;
use super::sample::Sample;
use super::sweep_findings::{SweepPoint, SweepStep};
use crate::model::Variation;

/// A step of a layout from a point to its neighbour along one path.
struct Neighbours<'a> {
    layout: &'a str,
    path: &'a str,
    from: &'a SweepPoint,
    to: &'a SweepPoint,
}

/// The differences of all neighbours, metric by metric, layout by layout; the verdicts of one metric hold
/// together. Points that were not run have no neighbours.
pub(super) fn steps(variations: &[Variation], points: &[SweepPoint]) -> Vec<SweepStep> {
    let places: BTreeMap<&[String], &SweepPoint> =
        points.iter().map(|point| (point.values.as_slice(), point)).collect();
    let mut pairs: Vec<(&Named<Sample>, &Named<Sample>)> = Vec::new();
    let mut origins: Vec<Neighbours> = Vec::new();
    for from in points {
        for (axis, variation) in variations.iter().enumerate() {
            let Some(to) = next(&from.values, axis, variation).and_then(|to| {
                let to: &[String] = &to;
                places.get(to).copied()
            }) else {
                continue;
            };
            for (layout, here) in from.run.samples.iter() {
                if let Some(there) = to.run.samples.get(layout) {
                    pairs.push((here, there));
                    origins.push(Neighbours { layout, path: &variation.path, from, to });
                }
            }
        }
    }
    let named = judged(&pairs).into_iter().map(|found| {
        let Neighbours { layout, path, from, to } = &origins[found.pair];
        SweepStep {
            layout: layout.to_string(),
            path: path.to_string(),
            a: from.values.clone(),
            b: to.values.clone(),
            metric: found.metric,
            difference: found.difference,
            verdict: found.verdict,
            variance_cut: found.variance_cut,
        }
    });
    named.collect()
}

/// The values of the next point along an axis; `None` at its end.
fn next(values: &[String], axis: usize, variation: &Variation) -> Option<Vec<String>> {
    let place = variation.values.iter().position(|value| *value == values[axis])?;
    let mut next = values.to_vec();
    next[axis] = variation.values.get(place + 1)?.clone();
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_point_differs_in_one_value() {
        let values = |list: &[&str]| list.iter().map(|value| value.to_string()).collect();
        let axis = Variation { path: "rate".into(), values: values(&["1/s", "2/s"]) };
        let here: Vec<String> = values(&["1/s", "4"]);
        assert_eq!(next(&here, 0, &axis), Some(values(&["2/s", "4"])));
        assert_eq!(next(&values(&["2/s", "4"]), 0, &axis), None);
    }
}
