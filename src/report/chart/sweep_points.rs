//! A sweep as curves: for every layout, and every combination of the paths other than the one
//! along the axis, the points in the order of the axis.

use super::layouts::{MOST, ShownLayout, entries};
use super::page::{LegendEntry, Sign};
use super::palette::{GREY, Look, broken, marker};
use crate::report::names::{shortened, shown};
use crate::study::{RunFindings, SweepFindings};

/// More combinations than this cannot be told apart.
const MOST_COMBINATIONS: usize = 4;

/// More points than this are named one by one in no note.
const MOST_NAMED: usize = 6;

/// A sweep seen along one path.
pub(super) struct Curves<'a> {
    /// Path along the axis: the first that has the most values.
    pub(super) path: String,
    /// Its values as the author wrote them, in order.
    pub(super) values: Vec<String>,
    /// The curves that are shown.
    pub(super) curves: Vec<Curve<'a>>,
    /// Values of the other paths, in words, a combination each; what a mark stands for. Empty where there is one.
    pub(super) marks: Vec<String>,
    /// What must be said.
    pub(super) notes: Vec<String>,
}

/// One curve.
pub(super) struct Curve<'a> {
    /// Layout, with the values of the other paths where there are several.
    pub(super) name: String,
    /// The layout alone.
    pub(super) layout: String,
    /// How it is drawn.
    pub(super) look: Look,
    /// For each value along the axis, what was found.
    pub(super) points: Vec<Option<ShownLayout<'a>>>,
}

impl Curves<'_> {
    /// What colours and dashes mean, which are of layouts; and what marks do, which are of the other paths.
    pub(super) fn legend(&self) -> Vec<LegendEntry> {
        if self.marks.is_empty() {
            let key = |curve: &Curve| LegendEntry::new(Sign::Line(curve.look, true), &curve.name);
            return self.curves.iter().map(key).collect();
        }
        let first = self.curves.iter().step_by(self.marks.len());
        let layouts =
            first.map(|curve| LegendEntry::new(Sign::Line(curve.look, false), &curve.layout));
        let marks = self.marks.iter().enumerate();
        let marks =
            marks.map(|(turn, words)| LegendEntry::new(Sign::Dot(marker(turn), GREY), words));
        layouts.chain(marks).collect()
    }

    /// The remark about points that have no steady-state figure.
    pub(super) fn unstable(&self) -> Option<String> {
        unstable_note(&self.curves, &self.values)
    }

    /// The remark about curves along which a bill leaves something out.
    pub(super) fn incomplete(&self) -> Option<String> {
        let lacks = |curve: &&Curve| {
            let points = curve.points.iter().flatten();
            points.into_iter().any(|point| !point.found.cost.missing.is_empty())
        };
        let names: Vec<&str> =
            self.curves.iter().filter(lacks).map(|curve| curve.name.as_str()).collect();
        let names = names.join(", ");
        (!names.is_empty()).then(|| format!("Incomplete, as a price is missing: {names}."))
    }
}

/// The sweep along its longest path; `None` where nothing varies or nothing was run.
pub(super) fn curves(findings: &SweepFindings) -> Option<Curves<'_>> {
    let along = longest(findings)?;
    let values = values(findings, along);
    let combinations = combinations(findings, along);
    let mut notes = Vec::new();
    if combinations.len() > MOST_COMBINATIONS {
        notes.push(format!(
            "The first {MOST_COMBINATIONS} of {} combinations of the other varied values are \
             shown; sweep.csv has all of them.",
            combinations.len(),
        ));
    }
    let mut curves = Vec::new();
    let names = layout_names(findings);
    for (layout, name) in names.iter().enumerate().take(MOST) {
        for (turn, combination) in combinations.iter().enumerate().take(MOST_COMBINATIONS) {
            let run = |value: &String| run_at(findings, along, value, combination);
            let entry = |value| entries(run(value)?).into_iter().find(|entry| entry.name == *name);
            let look = match combinations.len() {
                1 => broken(layout),
                _ => Look { marker: marker(turn), ..broken(layout) },
            };
            let others = combination_words(findings, along, combination);
            let layout = shortened(name, 30);
            curves.push(Curve {
                name: [layout.clone()].into_iter().chain(others).collect::<Vec<_>>().join(", "),
                layout,
                look,
                points: values.iter().map(entry).collect(),
            });
        }
    }
    notes.extend(super::layouts::left_out(names.len()));
    let shown_combinations = combinations.iter().take(MOST_COMBINATIONS);
    let mut marks: Vec<String> = shown_combinations
        .map(|combination| combination_words(findings, along, combination).join(", "))
        .collect();
    if marks.len() < 2 {
        marks.clear();
    }
    Some(Curves { path: shown(&findings.paths[along]), values, curves, marks, notes })
}

/// Position of the first path with the most different values.
fn longest(findings: &SweepFindings) -> Option<usize> {
    let count = |path: usize| values(findings, path).len();
    let most = (0..findings.paths.len()).map(count).max().filter(|most| *most > 0)?;
    (0..findings.paths.len()).find(|path| count(*path) == most)
}

/// The values of a path in the order of the points.
fn values(findings: &SweepFindings, path: usize) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for value in findings.points.iter().filter_map(|point| point.values.get(path)) {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    values
}

/// The values of the other paths of a point.
fn others(values: &[String], along: usize) -> Vec<String> {
    let rest = values.iter().enumerate().filter(|(path, _)| *path != along);
    rest.map(|(_, value)| value.clone()).collect()
}

fn combinations(findings: &SweepFindings, along: usize) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    for point in &findings.points {
        let combination = others(&point.values, along);
        if !found.contains(&combination) {
            found.push(combination);
        }
    }
    found
}

fn layout_names(findings: &SweepFindings) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in findings.points.iter().flat_map(|point| point.run.layouts.iter()) {
        let name = shown(name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn run_at<'a>(
    findings: &'a SweepFindings,
    along: usize,
    value: &String,
    combination: &[String],
) -> Option<&'a RunFindings> {
    let is_it = |values: &[String]| {
        values.get(along) == Some(value) && others(values, along) == combination
    };
    findings.points.iter().find(|point| is_it(&point.values)).map(|point| &point.run)
}

/// `replicas 4`, for each of the other paths: of a path only its last word.
fn combination_words(
    findings: &SweepFindings,
    along: usize,
    combination: &[String],
) -> Vec<String> {
    let paths = others(&findings.paths, along);
    let words = paths.iter().zip(combination).map(|(path, value)| {
        let word = path.rsplit('.').next().unwrap_or(path);
        format!("{} {}", shown(word), shown(value))
    });
    words.collect()
}

fn unstable_note(curves: &[Curve], values: &[String]) -> Option<String> {
    let mut named: Vec<String> = Vec::new();
    let mut count = 0;
    for curve in curves {
        let is_out =
            |point: &&Option<ShownLayout>| point.as_ref().is_some_and(ShownLayout::is_unstable);
        let out = curve.points.iter().zip(values).filter(|(point, _)| is_out(point));
        let at: Vec<String> = out.map(|(_, value)| shortened(&shown(value), 20)).collect();
        count += at.len();
        if !at.is_empty() {
            named.push(format!("{} at {}", curve.name, at.join(" and ")));
        }
    }
    match named.len() {
        0 => None,
        1..=MOST_NAMED => Some(format!("Unstable: {}.", named.join("; "))),
        _ => Some(format!("{count} points are unstable.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_grid_is_seen_along_its_longest_path_first_of_equals() {
        let grid = sample::grid();
        let seen = curves(&grid).unwrap();
        assert_eq!(seen.path, "layouts.monolith.services.shop.replicas");
        assert_eq!(seen.values, ["2", "4", "8"]);
        // Two layouts, three rates.
        assert_eq!(seen.curves.len(), 6);
        assert_eq!(seen.curves[1].name, "monolith, poisson 200/s");
        assert_eq!(seen.marks, ["poisson 100/s", "poisson 200/s", "poisson 400/s"]);
        // Two layouts by their lines, three rates by their marks.
        assert_eq!(seen.legend().len(), 5);
        assert!(seen.curves.iter().all(|curve| curve.points.iter().all(Option::is_some)));
    }

    #[test]
    fn unstable_points_are_named() {
        let sweep = sample::sweep();
        let seen = curves(&sweep).unwrap();
        assert_eq!(seen.unstable().unwrap(), "Unstable: msa at 800/s.");
        assert!(seen.notes.is_empty());
    }
}
