//! Findings told of the endpoints that were asked for. Their JSON stays whole.

use super::chart::{self, Figure};
use super::export;
use super::focus::Focus;
use super::sheet::Sheet;
use super::table::{self, Tables};
use super::told::Told;
use crate::study::{RunFindings, SweepFindings};

/// Findings, and whom to speak of.
pub struct Focused<F> {
    /// What was found.
    pub found: F,
    /// Of whom it is told.
    pub focus: Focus,
}

impl Told for Focused<RunFindings> {
    fn json(&self) -> String {
        self.found.json()
    }

    fn sheets(&self) -> Vec<Sheet> {
        export::of_run(&self.found, &self.focus)
    }

    fn tables(&self) -> Tables {
        table::of_run(&self.found, &self.focus)
    }

    fn figures(&self) -> Vec<Figure> {
        chart::of_run(&self.found, &self.focus)
    }
}

impl Told for Focused<SweepFindings> {
    fn json(&self) -> String {
        self.found.json()
    }

    fn sheets(&self) -> Vec<Sheet> {
        vec![export::of_sweep(&self.found, &self.focus)]
    }

    fn tables(&self) -> Tables {
        table::of_sweep(&self.found, &self.focus)
    }

    fn figures(&self) -> Vec<Figure> {
        chart::of_sweep(&self.found, &self.focus)
    }
}

/// Every endpoint of the layouts of a run, in the order of the file.
pub fn endpoints_of_run(findings: &RunFindings) -> Vec<&str> {
    endpoints([findings])
}

/// Every endpoint of the runs of a sweep, in the order of the file.
pub fn endpoints_of_sweep(findings: &SweepFindings) -> Vec<&str> {
    endpoints(findings.points.iter().map(|point| &point.run))
}

fn endpoints<'f>(runs: impl IntoIterator<Item = &'f RunFindings>) -> Vec<&'f str> {
    let mut names: Vec<&str> = Vec::new();
    for (_, layout) in runs.into_iter().flat_map(|run| run.layouts.iter()) {
        for (name, _) in layout.endpoints.iter() {
            if name != "all" && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn whoever_is_spoken_of_the_json_is_whole_and_the_default_speaks_of_all() {
        let found = sample::flash_crowd();
        assert_eq!(endpoints_of_run(&found), ["home", "checkout"]);
        assert_eq!(endpoints_of_sweep(&sample::sweep()), ["home", "checkout"]);
        let (json, text) = (found.json(), found.tables().text(120, false));
        let told = Focused { found, focus: Focus::default() };
        assert!(told.json() == json && told.tables().text(120, false) == text);
        let focus = Focus::of(&["checkout".to_owned()], &["home", "checkout"]).unwrap();
        let told = Focused { focus, ..told };
        assert_eq!(told.json(), json);
        let text = told.tables().text(120, false);
        assert!(
            !text.contains("all endpoints") && text.contains("monolith over time: checkout"),
            "{text}"
        );
    }
}
