//! A measured row as a model: the scenario with what was different, and asked as the row was.

use super::unknowns::Touched;
use crate::model::{Arrivals, Layout, Length, Model, Source};
use crate::random::Distribution;
use crate::scenario::{Diagnostic, MeasuredLoad, MeasuredRow};
use crate::study::laboratory::Subject;
use crate::units::{Nanos, PerSecond};

/// Word for all endpoints.
const ALL: &str = "all";

/// A row and the model of it.
#[derive(Debug, Clone)]
pub(super) struct Situation<'r> {
    pub(super) row: &'r MeasuredRow,
    pub(super) model: Model,
    /// Position of its layout.
    pub(super) layout: usize,
}

impl<'r> Situation<'r> {
    /// The model of a row.
    ///
    /// # Errors
    /// The mistakes that its `set` makes of the scenario, at the place of the row.
    pub(super) fn new(subject: Subject<'_>, row: &'r MeasuredRow) -> Result<Self, Vec<Diagnostic>> {
        let refuse = |found: &Diagnostic| {
            let message = format!("`{}`, with its `set`: {}", row.case, found.message);
            Diagnostic::new(found.code, message, row.span).maybe_hint(found.hint.clone())
        };
        let model = subject.read(&row.edits);
        let mut model =
            model.map_err(|refused| refused.diagnostics.iter().map(refuse).collect::<Vec<_>>())?;
        let gone = |what: &str| {
            let message =
                format!("`{}`: its `set` takes away the {what} it is measured of", row.case);
            vec![Diagnostic::new(crate::scenario::Code::BadMeasurement, message, row.span)]
        };
        if matches!(model.run.length, Length::Until(_)) {
            return Err(gone("steady state"));
        }
        let named = |layout: &Layout| *layout.name == row.layout;
        let layout = model.layouts.iter().position(named).ok_or_else(|| gone("layout"))?;
        ask(&mut model, row).ok_or_else(|| gone("endpoint"))?;
        Ok(Situation { row, model, layout })
    }

    /// What it is asked for, as a reader names it.
    pub(super) fn endpoint(&self) -> String {
        self.row.endpoint.clone().unwrap_or_else(|| ALL.to_string())
    }

    /// Adds the layout and the entries of this.
    pub(super) fn touch(&self, touched: &mut Touched) {
        let Situation { row, model, .. } = self;
        touched.layouts.insert(row.layout.clone());
        let endpoints = model.workload.endpoints.iter();
        let names = endpoints.map(|endpoint| model.application.operation_name(endpoint.call));
        touched.entries.extend(names);
    }
}

/// Lets the clients of the row ask, and nobody else. An only endpoint keeps all that is said of it but its arrivals.
fn ask(model: &mut Model, row: &MeasuredRow) -> Option<()> {
    let arrivals = match row.load {
        MeasuredLoad::Clients(users) => {
            Arrivals::Closed { users, think: Distribution::Constant(Nanos::ZERO) }
        }
        MeasuredLoad::Rate(rate) => Arrivals::Poisson(PerSecond(rate)),
    };
    let workload = &mut model.workload;
    let endpoints = match &row.endpoint {
        None if workload.endpoints.len() == 1 => vec![(0, 1.0)],
        None => workload.sources.iter().find(|source| source.name.is_empty())?.endpoints.clone(),
        Some(name) => {
            workload.endpoints.retain(|endpoint| *endpoint.name == *name);
            workload.endpoints.first()?;
            vec![(0, 1.0)]
        }
    };
    workload.sources = vec![Source { name: String::new(), arrivals, endpoints }];
    // Promises are of endpoints that may be gone, and nobody asks for them here.
    model.slos.clear();
    Some(())
}
