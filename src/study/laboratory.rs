//! The laboratory: a study asks it what the scenario would do with some values changed, as often as it likes and
//! each question in the light of the answers before. A question is a list of edits: the scenario is edited,
//! read and run, and the answer is remembered by the hash of the resolved scenario. So a question asked twice
//! is run once, and a study that was interrupted, or shared among machines, finds its answers in a journal.
//! All answers stand on the same random numbers, so they can be compared in pairs.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use super::findings::RunFindings;
use super::progress::Progress;
use super::provenance::scenario_hash;
use super::run::{Unfinished, run};
use super::run_length::size_by_arithmetic;
use crate::model::Model;
use crate::scenario::{Document, Edit, Refused};

/// Gives the text of a file that a scenario names, on any thread.
pub type FileLoader<'a> = dyn Fn(&str) -> Result<String, String> + Sync + 'a;

/// What is studied: a scenario that can be edited and read again and again.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    document: &'a Document,
    loader: &'a FileLoader<'a>,
}

impl<'a> Subject<'a> {
    /// The scenario of a document; `loader` gives the text of files that it names.
    pub fn new(document: &'a Document, loader: &'a FileLoader<'a>) -> Self {
        Subject { document, loader }
    }

    /// The scenario as a tree.
    pub(super) fn document(&self) -> &'a Document {
        self.document
    }

    /// The model after these edits, in order.
    ///
    /// # Errors
    /// An edit that leads nowhere, or all mistakes of the edited scenario.
    pub fn read(&self, edits: &[Edit]) -> Result<Model, Box<Refused>> {
        let mut document = self.document.clone();
        for Edit { path, value } in edits {
            document.edit(path, value).map_err(Box::new)?;
        }
        Ok(document.model(&self.loader).map_err(Box::new)?.model)
    }
}

/// Remembers answers beyond the end of the program.
pub trait Journal {
    /// What was found before of the scenario with this hash.
    fn known(&mut self, scenario_hash: &str) -> Option<RunFindings>;

    /// A question is answered. Its scenario's hash is in the findings.
    fn keep(&mut self, found: &RunFindings);
}

/// Answers the questions of one study.
pub struct Laboratory<'a> {
    subject: Subject<'a>,
    layouts: &'a [usize],
    journal: &'a mut dyn Journal,
    progress: &'a dyn Progress,
    found: BTreeMap<String, Rc<RunFindings>>,
}

impl<'a> Laboratory<'a> {
    /// A laboratory that simulates the layouts at these positions.
    pub fn new(
        subject: Subject<'a>,
        layouts: &'a [usize],
        journal: &'a mut dyn Journal,
        progress: &'a dyn Progress,
    ) -> Self {
        Laboratory { subject, layouts, journal, progress, found: BTreeMap::new() }
    }

    /// What a run finds of the scenario with these edits.
    ///
    /// # Errors
    /// Why there is no answer. A fault of our own is told like a refusal, and further questions are answered.
    pub fn ask(&mut self, edits: &[Edit]) -> Result<Rc<RunFindings>, Unfinished> {
        let model = self.subject.read(edits);
        let model = model.map_err(|refused| Unfinished::Refused(refused.diagnostics))?;
        let hash = scenario_hash(&model);
        if let Some(found) = self.found.get(&hash) {
            return Ok(found.clone());
        }
        let found = match self.journal.known(&hash) {
            Some(found) => found,
            None => {
                let found = self.simulated(edits, &model)?;
                self.journal.keep(&found);
                found
            }
        };
        let found = Rc::new(found);
        self.found.insert(hash, found.clone());
        Ok(found)
    }

    /// Whom it tells what goes on.
    pub(super) fn progress(&self) -> &'a dyn Progress {
        self.progress
    }

    /// How large a run of the scenario with these edits is beside others, by arithmetic (events); 0 where there will be
    /// none.
    pub(super) fn size(&self, edits: &[Edit]) -> f64 {
        self.subject.read(edits).map_or(0.0, |model| size_by_arithmetic(&model, self.layouts))
    }

    /// A run that no mistake of ours ends: the answers so far may have taken hours.
    fn simulated(&self, edits: &[Edit], model: &Model) -> Result<RunFindings, Unfinished> {
        let work = || {
            let values: Vec<&str> = edits.iter().map(|edit| edit.value.as_str()).collect();
            if !values.is_empty() {
                self.progress.note(&format!("at {}", values.join(", ")));
            }
            run(model, self.layouts, self.progress)
        };
        catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|fault| {
            let text = fault.downcast_ref::<String>().map(String::as_str);
            let text = text.or(fault.downcast_ref::<&str>().copied()).unwrap_or("no words");
            Err(Unfinished::Fault(text.to_string()))
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Mutex;

    use super::*;

    pub(in crate::study) const TEXT: &str = "
cutline: 1
name: small
application: { modules: { a: { operations: { go: [ cpu: { exp: 1ms } ] } } } }
workload: { arrivals: { poisson: 100/s }, endpoints: { go: { call: a.go } } }
layouts: { one: { services: { a: { cpu: 2, threads: 4 } } } }
platform: { network: none, prices: none }
run: { fixed: { duration: 1s, replications: 2 } }
";

    /// A journal in memory.
    #[derive(Default)]
    pub(in crate::study) struct Memory(pub(in crate::study) BTreeMap<String, RunFindings>);

    impl Journal for Memory {
        fn known(&mut self, scenario_hash: &str) -> Option<RunFindings> {
            self.0.get(scenario_hash).cloned()
        }

        fn keep(&mut self, found: &RunFindings) {
            self.0.insert(found.provenance.scenario_hash.clone(), found.clone());
        }
    }

    pub(in crate::study) fn no_files(name: &str) -> Result<String, String> {
        Err(format!("no {name}"))
    }

    pub(in crate::study) fn rate(value: &str) -> Edit {
        Edit { path: "workload.arrivals.poisson".to_string(), value: value.to_string() }
    }

    /// Counts the runs.
    #[derive(Default)]
    struct Runs(Mutex<Vec<String>>);

    impl Progress for Runs {
        fn note(&self, text: &str) {
            let runs = self.0.lock();
            runs.expect("nobody panics with it")
                .extend(text.strip_prefix("at ").map(str::to_string));
        }
    }

    #[test]
    fn a_question_is_run_once_and_the_next_may_depend_on_its_answer() {
        let document = Document::parse(TEXT, "small").unwrap_or_else(|refused| panic!("{refused}"));
        let (mut journal, runs) = (Memory::default(), Runs::default());
        let subject = Subject::new(&document, &no_files);
        let mut laboratory = Laboratory::new(subject, &[0], &mut journal, &runs);
        // Twice the rate until the only service needs more than its two cores: nobody knows the points before.
        let mut rates = vec![1_500];
        loop {
            let found = laboratory.ask(&[rate(&format!("{}/s", rates[rates.len() - 1]))]);
            let found = found.expect("it can be run");
            if found.layouts.0[0].1.verdict == crate::study::Verdict::Unstable {
                break;
            }
            rates.push(2 * rates[rates.len() - 1]);
        }
        assert_eq!(rates, [1_500, 3_000]);
        let again = laboratory.ask(&[rate("1500/s")]).expect("it was run");
        assert_eq!(*runs.0.lock().unwrap(), ["1500/s", "3000/s"]);
        assert_eq!(journal.0.get(&again.provenance.scenario_hash), Some(&*again));
        // Another laboratory finds both in the journal.
        let mut laboratory = Laboratory::new(subject, &[0], &mut journal, &runs);
        assert_eq!(laboratory.ask(&[rate("1500/s")]).expect("it is known"), again);
        assert_eq!(runs.0.lock().unwrap().len(), 2);
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_ends_nothing() {
        let document = Document::parse(TEXT, "small").unwrap_or_else(|refused| panic!("{refused}"));
        let (mut journal, runs) = (Memory::default(), Runs::default());
        let subject = Subject::new(&document, &no_files);
        let mut laboratory = Laboratory::new(subject, &[0], &mut journal, &runs);
        for edit in [rate("-1/s"), Edit { path: "no.where".into(), value: "1".into() }] {
            let refused = laboratory.ask(&[edit]);
            assert!(matches!(&refused, Err(Unfinished::Refused(why)) if !why.is_empty()));
        }
        assert!(laboratory.ask(&[]).is_ok());
    }
}
