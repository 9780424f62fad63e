//! Tree → model. Names are declared first, then references are resolved; every mistake is kept
//! and decoding goes on, so that an author sees all of them in one go.

mod application;
mod arrivals;
mod brokers;
mod catalogue;
mod column;
mod database;
mod decoder;
mod distribution;
mod empirical;
mod fields;
pub(super) mod forms;
mod hints;
mod layout;
mod limits;
mod mechanisms;
mod members;
mod names;
mod platform;
mod profile;
mod protocol;
mod quantity;
mod run;
mod scaling;
mod server;
mod service;
mod short_form;
mod statements;
mod steps;
mod storage;
mod trace;
mod transactions;
mod until;
mod views;
mod workload;

#[cfg(test)]
pub(super) use fields::LEAST;

use decoder::Decoder;
use fields::{Fields, Path};
use names::Names;

use super::form::{Form, LeftOut, Shape, form};
use super::node::Node;
use super::written::WrittenDefaults;
use super::{Code, Diagnostic, Loader, Sources, check};
use crate::model::{At, Layout, Model, Span};
use crate::random::Key;

/// The version of the scenario format that this program reads.
const FORMAT: &str = "1";

/// Longest name of a scenario (bytes): it names a folder and stands over every chart.
const MOST_NAME: usize = 1000;

form! { ScenarioFields "scenario" "a scenario" {
    FORMAT "cutline": Shape::Word(&[FORMAT]), LeftOut::Missed, "Version of the scenario format: 1.";
    NAME "name": Shape::Text, LeftOut::Missed,
        "Names the folder of the results, and stands over every chart.";
    ABOUT "about": Shape::Text, LeftOut::Means("nothing"),
        "One line that says what the scenario is for.";
    APPLICATION "application": Shape::Map("application"), LeftOut::Missed,
        "What is done, without a word about where.";
    WORKLOAD "workload": Shape::Map("workload"), LeftOut::Missed,
        "Who asks for what, and how often.";
    LAYOUTS "layouts": Shape::Named(&Shape::Map("layout")), LeftOut::Missed,
        "Ways to deploy the application, each by its name.";
    PLATFORM "platform": Shape::Either(&[Shape::Map("platform"), Shape::Nothing]), LeftOut::Means("all of it as its own fields say"),
        "What the layouts run on: prices, nodes, network, protocols.";
    RUN "run": Shape::Either(&[Shape::Map("run"), Shape::Nothing]), LeftOut::Means("all of it as its own fields say"),
        "How long and how precisely to simulate.";
    SLO "slo": Shape::Named(&Shape::Map("slo")), LeftOut::Means("nothing is promised"),
        "Promises for an endpoint, by its name, or for `all` together.";
    STUDIES "studies": Shape::Named(&Shape::Map("study")), LeftOut::Means("none"),
        "Questions to ask of the scenario, by name.";
} not_built &["delivery", "migration", "faults", "policies"] }

/// What came of a tree.
pub(super) struct Decoded {
    /// Whole if `diagnostics` has no error; with holes, or `None`, otherwise.
    pub(super) model: Option<Model>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) sources: Sources,
    pub(super) written: WrittenDefaults,
}

/// Decodes a whole scenario. `problems` are mistakes found before, `forms` all that maps may say.
pub(super) fn model(
    root: &Node,
    sources: Sources,
    loader: &Loader<'_>,
    problems: Vec<Diagnostic>,
    forms: Vec<&'static Form>,
) -> Decoded {
    let mut decoder = Decoder::new(sources, loader, problems, forms);
    let model = decoder.scenario(root);
    let Decoder { complaints, sources, written, .. } = decoder;
    Decoded { model, diagnostics: complaints.shown(), sources, written }
}

impl Decoder<'_> {
    fn scenario(&mut self, root: &Node) -> Option<Model> {
        let path = Path::root();
        let fields = self.fields::<ScenarioFields>(root, &path)?;
        self.format(&fields);
        let name = self.scenario_name(&fields);
        let about = fields.get(ScenarioFields::ABOUT);
        let about = about.and_then(|node| self.scalar(node, "a line of text"));
        let application_node = self.required(&fields, ScenarioFields::APPLICATION);
        let workload_node = self.required(&fields, ScenarioFields::WORKLOAD);
        let layouts_node = self.required(&fields, ScenarioFields::LAYOUTS);
        self.finish(&fields);

        let errors = self.errors();
        let (application, names) = self.application(application_node, &path.to("application"));
        let application_is_clean = self.errors() == errors;
        let workload = workload_node.map(|node| self.workload(node, &names, &path.to("workload")));
        let asked_is_clean = self.errors() == errors;
        let platform = self.platform(fields.get(ScenarioFields::PLATFORM), &path.to("platform"));
        self.client_without_network(workload_node, &platform);
        let layouts = layouts_node
            .map(|node| self.layouts(node, &names, &platform, &path.to("layouts")))
            .unwrap_or_default();
        let run = self.run(fields.get(ScenarioFields::RUN), &path.to("run"));
        let slos = fields.get(ScenarioFields::SLO);
        let slos = slos.map(|node| self.slos(node, workload.as_ref(), &path.to("slo")));
        let studies = fields.get(ScenarioFields::STUDIES);
        let studies = studies.map(|node| self.studies(node, root));
        if application_is_clean {
            check::rows(&mut self.complaints, &application);
            check::undos(&mut self.complaints, &application);
            check::event_logs(&mut self.complaints, &application);
            check::keys(&mut self.complaints, &application);
            for decoded in layouts.iter().filter(|decoded| decoded.is_clean) {
                check::layout(&mut self.complaints, &application, &decoded.layout);
            }
        }
        if let Some(workload) = workload.as_ref().filter(|_| asked_is_clean) {
            let layouts: Vec<&Layout> = layouts.iter().map(|decoded| &decoded.layout).collect();
            check::reach(&mut self.complaints, &application, (workload, &layouts));
        }
        let clean: Option<Vec<&Layout>> =
            layouts.iter().map(|decoded| decoded.is_clean.then_some(&decoded.layout)).collect();
        let clean_or_not = layouts.iter().map(|decoded| &decoded.layout);
        check::scaling(&mut self.complaints, clean_or_not, run.length);
        if let (Some(workload), Some(layouts)) = (&workload, clean) {
            check::priorities(&mut self.complaints, workload, &layouts);
        }
        Some(Model {
            name,
            about: about.unwrap_or_default().to_string(),
            application,
            workload: workload?,
            layouts: layouts.into_iter().map(|decoded| decoded.layout).collect(),
            platform,
            run,
            slos: slos.unwrap_or_default(),
            studies: studies.unwrap_or_default(),
            defaults_used: std::mem::take(&mut self.defaults_used),
            doubts: Vec::new(),
            fingerprint: Key::default(),
        })
    }

    fn format(&mut self, fields: &Fields<'_, ScenarioFields>) {
        let Some(node) = self.required(fields, ScenarioFields::FORMAT) else {
            return;
        };
        if node.text().is_none_or(|text| text.trim() != FORMAT) {
            let found = node.found();
            let message = format!("this version reads scenarios of format {FORMAT}; found {found}");
            let diagnostic = Diagnostic::new(Code::UnknownFormat, message, node.span);
            self.tell(diagnostic.hint(format!("write `cutline: {FORMAT}`")));
        }
    }

    fn scenario_name(&mut self, fields: &Fields<'_, ScenarioFields>) -> At<String> {
        let node = self.required(fields, ScenarioFields::NAME);
        let Some(name) = node.and_then(|node| self.scalar(node, "a name")) else {
            return At::default();
        };
        let span = node.map_or(Span::NOWHERE, |node| node.span);
        if name.trim().is_empty() {
            let diagnostic = Diagnostic::new(Code::BadName, "the scenario has an empty name", span);
            self.tell(diagnostic.hint("it names the output folder: `name: shop`"));
        } else if name.len() > MOST_NAME {
            let message =
                format!("the scenario's name has {} bytes, more than {MOST_NAME}", name.len());
            let diagnostic = Diagnostic::new(Code::BadName, message, span);
            self.tell(diagnostic.hint("`about` takes a longer text"));
        }
        At::new(name.to_string(), span)
    }
}
