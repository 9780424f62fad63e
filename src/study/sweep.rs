//! A sweep: what the scenario does at every point of a grid of values, asked point by point.

use std::rc::Rc;

use super::findings::FORMAT;
use super::laboratory::{Laboratory, Subject};
use super::progress::Stopped;
use super::provenance::Provenance;
use super::run::Unfinished;
use super::sweep_findings::{FailedPoint, SweepFindings, SweepPoint};
use super::sweep_steps::steps;
use super::work_log::WorkLog;
use crate::model::Variation;
use crate::scenario::{Edit, Refused};

/// Every combination of some values, the last path varying fastest. Each can be read.
#[derive(Debug, Clone)]
pub struct SweepGrid {
    provenance: Provenance,
    scenario: String,
    variations: Vec<Variation>,
    points: Vec<GridPoint>,
}

/// A point of a grid.
#[derive(Debug, Clone)]
struct GridPoint {
    /// Its place in the grid, from 0.
    number: usize,
    edits: Vec<Edit>,
}

impl GridPoint {
    fn values(&self) -> Vec<String> {
        self.edits.iter().map(|edit| edit.value.clone()).collect()
    }
}

impl SweepGrid {
    /// The grid of these variations. Every point is read now, so that a mistake in the last one is told before
    /// the first is run.
    ///
    /// # Errors
    /// The mistakes of the first point that cannot be read.
    pub fn read(subject: Subject<'_>, variations: Vec<Variation>) -> Result<Self, Box<Refused>> {
        let model = subject.read(&[])?;
        let points = combinations(&variations);
        for edits in &points {
            subject.read(edits)?;
        }
        let points = points.into_iter().enumerate();
        Ok(SweepGrid {
            provenance: Provenance::of(&model),
            scenario: model.name.value,
            variations,
            points: points.map(|(number, edits)| GridPoint { number, edits }).collect(),
        })
    }

    /// How many points it has.
    pub fn count(&self) -> usize {
        self.points.len()
    }

    /// The same with those points only whose place in the grid, from 0, is wanted.
    pub fn part(mut self, is_wanted: impl Fn(usize) -> bool) -> Self {
        self.points.retain(|point| is_wanted(point.number));
        self
    }
}

fn combinations(variations: &[Variation]) -> Vec<Vec<Edit>> {
    variations.iter().fold(vec![Vec::new()], |points, variation| {
        let edit = |value: &String| Edit { path: variation.path.clone(), value: value.clone() };
        let extended = points.iter().flat_map(|point| {
            variation.values.iter().map(move |value| [point.as_slice(), &[edit(value)]].concat())
        });
        extended.collect()
    })
}

/// Asks the laboratory for every point of the grid. One that cannot be simulated is told among the findings and
/// stops no other.
///
/// # Errors
/// Nobody wants the sweep any more. What is finished is in the laboratory's journal.
pub fn sweep(mut laboratory: Laboratory<'_>, grid: &SweepGrid) -> Result<SweepFindings, Stopped> {
    let mut found = Vec::new();
    let mut failed = Vec::new();
    let log = laboratory.progress().work_log();
    if let Some(log) = log {
        log.begin_study(grid.points.iter().map(|point| laboratory.size(&point.edits)).collect());
    }
    for point in &grid.points {
        let mut fail = |reasons| failed.push(FailedPoint { values: point.values(), reasons });
        let answer = laboratory.ask(&point.edits);
        log.into_iter().for_each(WorkLog::end_run);
        match answer {
            Ok(run) => found.push((point.values(), run)),
            Err(Unfinished::Stopped) => return Err(Stopped),
            Err(Unfinished::Refused(why)) => {
                fail(why.into_iter().map(|diagnostic| diagnostic.message).collect());
            }
            Err(Unfinished::Fault(text)) => {
                fail(vec![format!("a fault of cutline itself: {text}")]);
            }
        }
    }
    // Nobody else holds the answers any more, so none of them is copied.
    drop(laboratory);
    let point = |(values, run)| SweepPoint { values, run: Rc::unwrap_or_clone(run) };
    let points: Vec<SweepPoint> = found.into_iter().map(point).collect();
    Ok(SweepFindings {
        provenance: grid.provenance.clone(),
        format: FORMAT,
        scenario: grid.scenario.clone(),
        paths: grid.variations.iter().map(|variation| variation.path.clone()).collect(),
        steps: steps(&grid.variations, &points),
        points,
        failed,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::super::laboratory::tests::{Memory, TEXT, no_files};
    use super::*;
    use crate::scenario::Document;
    use crate::study::Progress;

    /// Does something of its own when the point with this value begins.
    struct At<'a>(&'a str, &'a (dyn Fn() + Sync), AtomicBool);

    impl Progress for At<'_> {
        fn note(&self, text: &str) {
            if text == format!("at {}", self.0) {
                (self.1)();
                self.2.store(true, Ordering::Relaxed);
            }
        }
        fn stop(&self) -> &AtomicBool {
            &self.2
        }
    }

    fn axis(path: &str, values: &[&str]) -> Variation {
        let values = values.iter().map(|value| value.to_string()).collect();
        Variation { path: path.to_string(), values }
    }

    fn swept(journal: &mut Memory, progress: &dyn Progress) -> Result<SweepFindings, Stopped> {
        let document = Document::parse(TEXT, "t").unwrap_or_else(|refused| panic!("{refused}"));
        let subject = Subject::new(&document, &no_files);
        let rates = axis("workload.arrivals.poisson", &["50/s", "100/s", "150/s", "50/s"]);
        let grid =
            SweepGrid::read(subject, vec![rates]).unwrap_or_else(|refused| panic!("{refused}"));
        let grid = grid.part(|number| number < 3);
        sweep(Laboratory::new(subject, &[0], journal, progress), &grid)
    }

    #[test]
    fn a_stopped_sweep_keeps_what_is_finished_and_goes_on_to_the_same_findings() {
        let whole = swept(&mut Memory::default(), &At("nowhere", &|| (), false.into()));
        let mut journal = Memory::default();
        let stopped = swept(&mut journal, &At("100/s", &|| (), false.into()));
        assert_eq!(stopped.err(), Some(Stopped));
        assert_eq!(journal.0.len(), 1);
        let resumed = swept(&mut journal, &At("50/s", &|| (), false.into()));
        assert!(whole.is_ok_and(|whole| resumed.is_ok_and(|resumed| whole == resumed)));
    }

    #[test]
    fn a_point_with_a_fault_of_our_own_stops_no_other() {
        let mut journal = Memory::default();
        let fault: &(dyn Fn() + Sync) = &|| panic!("it broke");
        let quiet = At("100/s", fault, false.into());
        let found = swept(&mut journal, &quiet).unwrap_or_else(|Stopped| panic!("nobody stops it"));
        let values: Vec<&str> = found.points.iter().map(|point| point.values[0].as_str()).collect();
        assert_eq!(values, ["50/s", "150/s"]);
        assert_eq!(found.failed[0].values, ["100/s"]);
        assert!(found.failed[0].reasons[0].ends_with("it broke"), "{:?}", found.failed);
    }

    #[test]
    fn the_last_path_of_a_grid_varies_fastest() {
        let points = combinations(&[axis("a", &["1", "2"]), axis("b", &["x", "y"])]);
        let values = |edits: &Vec<Edit>| edits.iter().map(|edit| &*edit.value).collect::<String>();
        assert_eq!(points.iter().map(values).collect::<Vec<_>>(), ["1x", "1y", "2x", "2y"]);
        assert_eq!(points[1][1].path, "b");
    }

    #[test]
    fn a_mistake_in_the_last_point_is_told_before_anything_runs() {
        let document = Document::parse(TEXT, "t").unwrap_or_else(|refused| panic!("{refused}"));
        let subject = Subject::new(&document, &no_files);
        let rates = axis("workload.arrivals.poisson", &["50/s", "-1/s"]);
        let refused = SweepGrid::read(subject, vec![rates]).expect_err("it is negative");
        assert!(refused.to_string().contains("-1/s"), "{refused}");
    }
}
