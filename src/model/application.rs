//! The application: modules, operations, tables, events and third parties; layout-free.

use super::{At, EventLog, Span, Times};
use crate::random::Distribution;
use crate::units::{Bytes, Share};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// Position in its list.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}
pub(super) use id;

id!(
    /// A bounded context, by its position in [`Application::modules`].
    ModuleId
);
id!(
    /// A named list of steps, by its position in [`Application::operations`].
    OperationId
);
id!(
    /// A table, by its position in [`Application::tables`].
    TableId
);
id!(
    /// An event, by its position in [`Application::events`].
    EventId
);
id!(
    /// A third party, by its position in [`Application::externals`].
    ExternalId
);

/// All that is deployed, described once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Application {
    /// Bounded contexts.
    pub modules: Vec<Module>,
    /// Every module's operations.
    pub operations: Vec<Operation>,
    /// Every module's tables.
    pub tables: Vec<DatabaseTable>,
    /// Every module's events.
    pub events: Vec<Event>,
    /// Third parties.
    pub externals: Vec<External>,
}

impl Application {
    /// `module.operation`, as authors write it.
    pub fn operation_name(&self, id: OperationId) -> String {
        let operation = &self.operations[id.index()];
        format!("{}.{}", *self.modules[operation.module.index()].name, *operation.name)
    }

    /// Whether an operation writes anything, itself or through what it calls.
    pub fn writes(&self, operation: OperationId) -> bool {
        let mut seen = vec![false; self.operations.len()];
        seen[operation.index()] = true;
        let mut pending: Vec<&OperationStep> =
            self.operations[operation.index()].steps.iter().collect();
        while let Some(step) = pending.pop() {
            let parts = step.action.parts();
            if parts.writes.is_some() {
                return true;
            }
            pending.extend(parts.bodies.into_iter().flatten());
            if let Some(callee) = parts.calls
                && !std::mem::replace(&mut seen[callee.index()], true)
            {
                pending.extend(&self.operations[callee.index()].steps);
            }
        }
        false
    }

    /// `module.table`, as authors write it.
    pub fn table_name(&self, id: TableId) -> String {
        let table = &self.tables[id.index()];
        format!("{}.{}", *self.modules[table.module.index()].name, *table.name)
    }
}

/// A bounded context; owns its tables, operations and events.
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    /// Unique name.
    pub name: At<String>,
}

/// A named list of steps; the unit that is called.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Whose it is.
    pub module: ModuleId,
    /// Name, unique in its module.
    pub name: At<String>,
    /// What it does, in order.
    pub steps: Vec<OperationStep>,
}

impl Operation {
    /// The law of each `cpu` step, in file order through all nesting.
    pub fn cpu_laws_mut(&mut self) -> Vec<&mut Distribution> {
        let mut laws = Vec::new();
        self.steps.iter_mut().for_each(|step| step.action.cpu_laws_into(&mut laws));
        laws
    }
}

/// One step of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationStep {
    /// Number of the step in its operation, counted in file order through all nesting, from 0.
    /// Draws are keyed by it, so it must not depend on the layout.
    pub site: u32,
    /// Where it was written.
    pub span: Span,
    /// What it does.
    pub action: Action,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// CPU work on a reference core.
    Cpu(Distribution),
    /// Pure delay; holds nothing but the thread.
    Wait(Distribution),
    /// Another operation, answered before this one goes on.
    Call(Call),
    /// Branches at the same time; joined when the last is done.
    Parallel(Vec<Vec<OperationStep>>),
    /// One branch at random; none with the share that is left.
    Choice(Vec<Branch>),
    /// The steps again and again.
    Repeat {
        /// How often.
        times: Times,
        /// What.
        steps: Vec<OperationStep>,
    },
    /// Rows read from a table.
    Read(Statement),
    /// Rows written to a table.
    Write(Statement),
    /// One SQL join on one database, API composition over several.
    Join(Join),
    /// Steps that commit or roll back together.
    Transaction(Transaction),
    /// An event for its subscribers.
    Publish(EventId),
    /// Skips `miss` with the hit share.
    Cache {
        /// Name, for messages.
        name: String,
        /// Share of look-ups that hit.
        hit: Share,
        /// What a miss does.
        miss: Vec<OperationStep>,
    },
    /// A third party.
    External(ExternalId),
    /// Ends the operation with a business failure, with this probability.
    Fail(Share),
}

/// What others ask about an action without knowing its kind.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ActionParts<'a> {
    /// Lists of steps inside it: branches, turns, what a miss does.
    pub bodies: Vec<&'a [OperationStep]>,
    /// Whether its bodies run at the same time.
    pub is_parallel: bool,
    /// The operation that it calls.
    pub calls: Option<OperationId>,
    /// The operation that undoes the call.
    pub undoes: Option<OperationId>,
    /// The event that it publishes.
    pub publishes: Option<EventId>,
    /// Tables that it reads itself.
    pub reads: &'a [TableId],
    /// The table that it writes itself.
    pub writes: Option<TableId>,
}

impl Action {
    fn cpu_laws_into<'a>(&'a mut self, laws: &mut Vec<&'a mut Distribution>) {
        let bodies: Vec<&mut Vec<OperationStep>> = match self {
            Action::Cpu(law) => {
                laws.push(law);
                return;
            }
            Action::Wait(_)
            | Action::Call(_)
            | Action::Read(_)
            | Action::Write(_)
            | Action::Join(_)
            | Action::Publish(_)
            | Action::External(_)
            | Action::Fail(_) => return,
            Action::Parallel(branches) => branches.iter_mut().collect(),
            Action::Choice(branches) => {
                branches.iter_mut().map(|branch| &mut branch.steps).collect()
            }
            Action::Repeat { steps, .. }
            | Action::Cache { miss: steps, .. }
            | Action::Transaction(Transaction { steps, .. }) => vec![steps],
        };
        for step in bodies.into_iter().flatten() {
            step.action.cpu_laws_into(laws);
        }
    }

    /// The join, if it is one.
    pub fn as_join(&self) -> Option<&Join> {
        if let Action::Join(join) = self { Some(join) } else { None }
    }

    /// What is inside the action and what it asks for.
    pub fn parts(&self) -> ActionParts<'_> {
        let none = ActionParts::default();
        match self {
            Action::Cpu(_) | Action::Wait(_) | Action::External(_) | Action::Fail(_) => none,
            Action::Call(call) => ActionParts { calls: Some(call.to), undoes: call.undo, ..none },
            Action::Parallel(branches) => {
                let bodies = branches.iter().map(Vec::as_slice).collect();
                ActionParts { bodies, is_parallel: true, ..none }
            }
            Action::Choice(branches) => {
                let bodies = branches.iter().map(|branch| branch.steps.as_slice()).collect();
                ActionParts { bodies, ..none }
            }
            Action::Repeat { steps, .. }
            | Action::Cache { miss: steps, .. }
            | Action::Transaction(Transaction { steps, .. }) => {
                ActionParts { bodies: vec![steps.as_slice()], ..none }
            }
            Action::Read(statement) => {
                ActionParts { reads: std::slice::from_ref(&statement.table), ..none }
            }
            Action::Write(statement) => ActionParts { writes: Some(statement.table), ..none },
            Action::Join(join) => ActionParts { reads: &join.tables, ..none },
            Action::Publish(event) => ActionParts { publishes: Some(*event), ..none },
        }
    }
}

/// A call of an operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Call {
    /// Which operation.
    pub to: OperationId,
    /// Size of the request message.
    pub request: Bytes,
    /// Size of the reply message.
    pub reply: Bytes,
    /// What undoes it in a saga, once it has committed; `None`: its own writes once more.
    pub undo: Option<OperationId>,
}

/// One branch of a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// Its probability; the shares of a choice sum to at most 1.
    pub share: Share,
    /// What it does.
    pub steps: Vec<OperationStep>,
}

/// A statement on one table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statement {
    /// Which table.
    pub table: TableId,
    /// Rows read or written.
    pub rows: u32,
    /// How the rows are found.
    pub access: Access,
    /// Of a write: whether a step before it in the same transaction reads the table.
    pub is_after_read: bool,
}

/// One question that needs several tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// Name, unique in its module; views of layouts answer it by this.
    pub name: Option<At<String>>,
    /// At least two.
    pub tables: Vec<TableId>,
    /// Rows read from each table.
    pub rows: u32,
    /// Whether tables that are not at hand together are asked once each; else once for each row of the first.
    pub batched: bool,
}

impl Join {
    /// Whether that is its name.
    pub fn is_called(&self, name: &str) -> bool {
        self.name.as_ref().is_some_and(|own| **own == name)
    }
}

/// How a statement finds its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Through an index: a page a row.
    Index,
    /// A scan of the whole table: every page, one row's CPU for every row of the table.
    Scan,
    /// New rows (writes only): no existing row is locked.
    Insert,
}

/// Steps that commit or roll back together.
#[derive(Debug, Clone, PartialEq)]
pub struct Transaction {
    /// Name, unique in its module; layouts choose consistency by it.
    pub name: At<String>,
    /// How often it is tried again after a deadlock, or after a conflict over an event.
    pub retries: u32,
    /// What it does.
    pub steps: Vec<OperationStep>,
}

/// A table and how its rows are asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct DatabaseTable {
    /// Whose it is.
    pub module: ModuleId,
    /// Name, unique in its module.
    pub name: At<String>,
    /// Number of rows, at least 1.
    pub rows: u64,
    /// Size of a row.
    pub row_size: Bytes,
    /// Zipf exponent of the access to rows; 0 is uniform.
    pub skew: f64,
    /// How it is kept, where it is a log of events and its rows are keys.
    pub log: Option<EventLog>,
}

/// An event and who listens.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Who publishes it.
    pub module: ModuleId,
    /// Unique name.
    pub name: At<String>,
    /// Size of a message that tells of it; `None`: that of a request.
    pub size: Option<Bytes>,
    /// Table of whose rows each is about one: those about one row stay in order. `None`: in no order.
    pub key: Option<At<TableId>>,
    /// Operations that run for it.
    pub subscribers: Vec<OperationId>,
}

/// A third party.
#[derive(Debug, Clone, PartialEq)]
pub struct External {
    /// Unique name.
    pub name: At<String>,
    /// How long it takes to answer.
    pub latency: Distribution,
    /// Share of calls that fail.
    pub failure: Share,
    /// Calls it takes at a time; more wait in line.
    pub concurrency: Option<u32>,
}
