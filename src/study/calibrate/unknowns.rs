//! The unknown costs of a scenario, and how a model is given others.

use std::collections::BTreeSet;

use super::findings::PriorSource;
use crate::model::Span;
use crate::model::{
    ActionParts, LONGEST_WORK, Layout, Model, Operation, OperationId, OperationStep,
};
use crate::random::Distribution;
use crate::scenario::{Code, Diagnostic, did_you_mean};

/// What a cost is of: by names, as a row may have set things that other rows have not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CostPlace {
    /// All `cpu` steps of an operation, `module.operation`.
    Work(String),
    /// Both ends of a call by a protocol.
    Call(String),
    /// Statements on the databases of this name, in every layout.
    Statement(String),
    /// Log flushes of the databases of this name, in every layout.
    Flush(String),
}

/// A cost whose mean is multiplied by a factor; its shape stays.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unknown {
    /// Its path in the scenario.
    pub(super) path: String,
    pub(super) place: CostPlace,
    pub(super) prior: PriorSource,
}

impl Unknown {
    /// Standard deviation of the logarithm of its factor before anything is measured.
    pub(super) fn prior_deviation(&self) -> f64 {
        match self.prior {
            PriorSource::Author => 3f64.ln(),
            PriorSource::Default => 1.5f64.ln(),
        }
    }

    /// Its laws, always in the same order.
    pub(super) fn laws_mut<'m>(&self, model: &'m mut Model) -> Vec<&'m mut Distribution> {
        let databases = |name: &str| {
            let name = name.to_string();
            move |database: &&mut crate::model::Database| *database.name == name
        };
        match &self.place {
            CostPlace::Work(name) => match operation_called(model, name) {
                Some(id) => model.application.operations[id.index()].cpu_laws_mut(),
                None => Vec::new(),
            },
            CostPlace::Call(name) => {
                let own = model.platform.protocols.iter_mut().filter(|own| own.name == *name);
                own.flat_map(|own| [&mut own.client_cpu, &mut own.server_cpu]).collect()
            }
            CostPlace::Statement(name) => {
                let all = model.layouts.iter_mut().flat_map(|layout| &mut layout.databases);
                all.filter(databases(name)).map(|own| &mut own.costs.statement).collect()
            }
            CostPlace::Flush(name) => {
                let all = model.layouts.iter_mut().flat_map(|layout| &mut layout.databases);
                all.filter(databases(name)).map(|own| &mut own.storage.flush).collect()
            }
        }
    }

    /// The same laws as they are.
    pub(super) fn laws(&self, model: &Model) -> Vec<Distribution> {
        self.laws_mut(&mut model.clone()).into_iter().map(|law| law.clone()).collect()
    }

    /// Multiplies the mean of each of its laws.
    pub(super) fn scale(&self, model: &mut Model, factor: f64) {
        self.laws_mut(model).into_iter().for_each(|law| *law = longer(law, factor));
    }
}

/// The operation `module.operation`.
pub(super) fn operation_called(model: &Model, name: &str) -> Option<OperationId> {
    let is_called = |operation: &Operation| {
        let module = &model.application.modules[operation.module.index()].name;
        let rest = name.strip_prefix(module.as_str()).and_then(|rest| rest.strip_prefix('.'));
        rest == Some(operation.name.as_str())
    };
    let position = model.application.operations.iter().position(is_called)?;
    u32::try_from(position).ok().map(OperationId)
}

/// The law with every draw `factor` times as long; as it is where that would be more than a core counts.
pub(super) fn longer(law: &Distribution, factor: f64) -> Distribution {
    let scaled = law.scaled(factor);
    if scaled.may_exceed(LONGEST_WORK.seconds()) { law.clone() } else { scaled }
}

/// What lone rows were measured of: names of layouts, and of entry operations (`module.operation`).
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) layouts: BTreeSet<String>,
    pub(super) entries: BTreeSet<String>,
}

/// Every cost that these rows may reach, in the order of the scenario.
pub(super) fn unknowns(model: &Model, touched: &Touched) -> Vec<Unknown> {
    let mut found: Vec<Unknown> = Vec::new();
    let entries = touched.entries.iter().filter_map(|name| operation_called(model, name));
    for operation in reached(model, &entries.collect()) {
        let own = &model.application.operations[operation.index()];
        let module = &model.application.modules[own.module.index()].name;
        let path = format!("application.modules.{}.operations.{}", **module, *own.name);
        let place = CostPlace::Work(model.application.operation_name(operation));
        found.push(Unknown { path, place, prior: PriorSource::Author });
    }
    let is_touched = |layout: &&Layout| touched.layouts.contains(&*layout.name.value);
    for layout in model.layouts.iter().filter(is_touched) {
        if let Some(id) = layout.protocol {
            let name = &model.platform.protocols[id.index()].name;
            let path = format!("platform.protocols.{name}");
            let prior = prior(model, &[format!("{path}.client_cpu"), format!("{path}.server_cpu")]);
            found.push(Unknown { path, place: CostPlace::Call(name.clone()), prior });
        }
    }
    for layout in model.layouts.iter().filter(is_touched) {
        for database in &layout.databases {
            let name: &str = &database.name;
            let of = |field: &str| {
                let layouts = model.layouts.iter();
                let paths =
                    layouts.map(|one| format!("layouts.{}.databases.{name}.{field}", *one.name));
                let prior = prior(model, &paths.collect::<Vec<String>>());
                (format!("databases.{name}.{field}"), prior)
            };
            let (path, prior) = of("costs.statement");
            found.push(Unknown { path, place: CostPlace::Statement(name.to_string()), prior });
            let (path, prior) = of("storage.flush");
            found.push(Unknown { path, place: CostPlace::Flush(name.to_string()), prior });
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|unknown| {
        let costs = unknown.laws(model).iter().any(|law| law.mean() > 0.0);
        costs && seen.insert(unknown.path.clone())
    });
    found
}

/// Where the values at these paths are from.
fn prior(model: &Model, paths: &[String]) -> PriorSource {
    let is_default = model.defaults_used.iter().any(|used| paths.contains(&used.path));
    if is_default { PriorSource::Default } else { PriorSource::Author }
}

/// Operations that requests to these come to, through calls and events.
fn reached(model: &Model, entries: &BTreeSet<OperationId>) -> BTreeSet<OperationId> {
    let mut found = entries.clone();
    let mut waiting: Vec<OperationId> = entries.iter().copied().collect();
    while let Some(operation) = waiting.pop() {
        let mut next = Vec::new();
        collect(model, &model.application.operations[operation.index()].steps, &mut next);
        waiting.extend(next.into_iter().filter(|operation| found.insert(*operation)));
    }
    found
}

fn collect(model: &Model, steps: &[OperationStep], found: &mut Vec<OperationId>) {
    for step in steps {
        let ActionParts { bodies, calls, publishes, .. } = step.action.parts();
        found.extend(calls);
        if let Some(event) = publishes {
            found.extend(&model.application.events[event.index()].subscribers);
        }
        bodies.into_iter().for_each(|body| collect(model, body, found));
    }
}

/// Those of the unknowns that are asked for by their paths, or by what their paths begin with; all where nothing is.
///
/// # Errors
/// What is asked for and is none.
pub(super) fn chosen(unknowns: Vec<Unknown>, asked: &[String]) -> Result<Vec<Unknown>, Diagnostic> {
    let fits = |path: &str, asked: &str| {
        path.strip_prefix(asked.trim_end_matches('.'))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    for name in asked {
        if name.is_empty() || !unknowns.iter().any(|unknown| fits(&unknown.path, name)) {
            let known: Vec<&str> = unknowns.iter().map(|unknown| unknown.path.as_str()).collect();
            let name = crate::scenario::visible(name);
            let message = format!("no cost that the lone rows reach has the path `{name}`");
            let diagnostic = Diagnostic::new(Code::UnknownCost, message, Span::NOWHERE);
            return Err(diagnostic.maybe_hint(did_you_mean(&name, &known)));
        }
    }
    let is_asked =
        |unknown: &Unknown| asked.is_empty() || asked.iter().any(|name| fits(&unknown.path, name));
    Ok(unknowns.into_iter().filter(is_asked).collect())
}
