//! A sweep: the scenario edited to every point of a grid, each run over all layouts.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::findings::{FORMAT, RunFindings};
use super::progress::{Progress, Stopped};
use super::provenance::Provenance;
use super::run::{Unfinished, run};
use super::sweep_findings::{FailedPoint, SweepFindings, SweepPoint};
use super::sweep_steps::steps;
use crate::model::{Model, Variation};

/// Every combination of the values, the last variation varying fastest.
pub fn grid(variations: &[Variation]) -> Vec<Vec<String>> {
    variations.iter().fold(vec![Vec::new()], |points, variation| {
        let extended = points.iter().flat_map(|point| {
            variation.values.iter().map(|value| {
                let mut longer = point.clone();
                longer.push(value.clone());
                longer
            })
        });
        extended.collect()
    })
}

/// Remembers the points of a sweep that are finished, so that another sweep need not run them again.
pub trait Journal {
    /// What an earlier sweep found at this point of the grid, if it came so far.
    fn known(&mut self, point: usize) -> Option<RunFindings>;

    /// A point is finished.
    fn keep(&mut self, point: usize, found: &RunFindings);
}

/// A point of a grid: the scenario already edited and read.
#[derive(Debug, Clone)]
pub struct GridPoint {
    /// Its place in the grid, from 0.
    pub number: usize,
    /// Its values, in the order of the variations.
    pub values: Vec<String>,
    /// The scenario there.
    pub model: Model,
}

/// Runs points of a grid, all of them or some; `layouts` are positions.
/// A point that cannot be simulated is told among the findings and stops no other.
/// Errors: nobody wants the sweep any more. What is finished is in the journal.
pub fn sweep(
    scenario: &Model,
    variations: &[Variation],
    points: Vec<GridPoint>,
    layouts: &[usize],
    journal: &mut dyn Journal,
    progress: &dyn Progress,
) -> Result<SweepFindings, Stopped> {
    let mut found = Vec::new();
    let mut failed = Vec::new();
    for GridPoint { number, values, model } in points {
        if let Some(run) = journal.known(number) {
            found.push(SweepPoint { values, run });
            continue;
        }
        match point(&values, &model, layouts, progress)? {
            Ok(run) => {
                journal.keep(number, &run);
                found.push(SweepPoint { values, run });
            }
            Err(reasons) => failed.push(FailedPoint { values, reasons }),
        }
    }
    Ok(SweepFindings {
        provenance: Provenance::of(scenario),
        format: FORMAT,
        scenario: scenario.name.value.clone(),
        paths: variations.iter().map(|variation| variation.path.clone()).collect(),
        steps: steps(variations, &found),
        points: found,
        failed,
    })
}

/// What was found at one point, or why nothing was. A fault of our own ends this point only: the others
/// may have taken hours.
fn point(
    values: &[String],
    model: &Model,
    layouts: &[usize],
    progress: &dyn Progress,
) -> Result<Result<RunFindings, Vec<String>>, Stopped> {
    let work = || {
        progress.note(&format!("at {}", values.join(", ")));
        run(model, layouts, progress)
    };
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(found)) => Ok(Ok(found)),
        Ok(Err(Unfinished::Stopped)) => Err(Stopped),
        Ok(Err(Unfinished::Refused(diagnostics))) => {
            Ok(Err(diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect()))
        }
        Err(fault) => {
            let text = fault.downcast_ref::<String>().map(String::as_str);
            let text = text.or(fault.downcast_ref::<&str>().copied()).unwrap_or("no words");
            Ok(Err(vec![format!("a fault of cutline itself: {text}")]))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    const TEXT: &str = "
cutline: 1
name: small
application: { modules: { a: { operations: { go: [ cpu: { exp: 1ms } ] } } } }
workload: { arrivals: { poisson: 100/s }, endpoints: { go: { call: a.go } } }
layouts: { one: { services: { a: { cpu: 2, threads: 4 } } } }
platform: { network: none, prices: none }
run: { fixed: { duration: 1s, replications: 2 } }
";

    #[derive(Default)]
    struct Memory(BTreeMap<usize, RunFindings>);

    impl Journal for Memory {
        fn known(&mut self, point: usize) -> Option<RunFindings> {
            self.0.get(&point).cloned()
        }
        fn keep(&mut self, point: usize, found: &RunFindings) {
            self.0.insert(point, found.clone());
        }
    }

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

    fn swept(journal: &mut Memory, progress: &dyn Progress) -> Result<SweepFindings, Stopped> {
        let path = "workload.arrivals.poisson".to_string();
        let values = ["50/s", "100/s", "150/s"].map(str::to_string).to_vec();
        let variations = [Variation { path: path.clone(), values }];
        let read = |edits: &[crate::scenario::Edit]| {
            let reading = crate::scenario::read(TEXT, "t", edits, &|_| Err("none".to_string()));
            reading.unwrap_or_else(|refused| panic!("{refused}")).model
        };
        let points = grid(&variations).into_iter().enumerate().map(|(number, values)| {
            let edit = crate::scenario::Edit { path: path.clone(), value: values[0].clone() };
            GridPoint { number, values, model: read(&[edit]) }
        });
        sweep(&read(&[]), &variations, points.collect(), &[0], journal, progress)
    }

    #[test]
    fn a_stopped_sweep_keeps_what_is_finished_and_goes_on_to_the_same_findings() {
        let whole = swept(&mut Memory::default(), &At("nowhere", &|| (), false.into()));
        let mut journal = Memory::default();
        let stopped = swept(&mut journal, &At("100/s", &|| (), false.into()));
        assert_eq!(stopped.err(), Some(Stopped));
        assert_eq!(journal.0.keys().copied().collect::<Vec<_>>(), [0]);
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
}
