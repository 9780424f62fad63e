//! What the author said: plain data with every name resolved to an id and every default filled in.
//!
//! Ids are positions in the lists of [`Application`], [`Layout`], [`Platform`] and [`Workload`].

mod application;
mod consistency;
mod defaults;
mod event_log;
mod layout;
mod messaging;
mod platform;
mod prices;
mod scaling;
mod source;
mod storage;
mod study;
mod times;
mod view;
mod workload;

pub use application::{
    Access, Action, ActionParts, Application, Branch, Call, DatabaseTable, Event, EventId,
    External, ExternalId, Join, Module, ModuleId, Operation, OperationId, OperationStep, Statement,
    TableId, Transaction,
};
pub use consistency::{Consistencies, Consistency, NamedConsistency, OwnState};
pub use defaults::{DEFAULTS, Default, DefaultUse, default_value};
pub use event_log::EventLog;
pub use layout::{
    Balancing, DataAccess, Database, HitShare, LONGEST_WORK, Layout, LockProtocol, Machine,
    QueueDiscipline, Scheduling, Service, StatementCosts, Threads,
};
pub use messaging::{Acks, Broker, BrokerKind, Consumers, Messaging, Outbox};
pub use platform::{
    Link, Locality, Network, NodeScaling, Nodes, Platform, Protocol, ProtocolId, WakeUp,
};
pub use prices::{MACHINE, NodeClass, Price, Prices, ServerOffer, custom_size};
pub use scaling::{
    ScaleLimits, ScaleMetric, ScalePolicy, ScaleStep, Scaling, Select, Stabilization, StartUp,
};
pub use source::{At, Span};
pub use storage::Storage;
pub use study::{Length, Limits, Run, Slo, Study, Variation, Watch};
pub use times::Times;
pub use view::{Feed, View, ViewSize};
pub use workload::{Arrivals, BatchSize, Endpoint, MmppState, Source, Trace, Workload};

use crate::random::Key;

/// One scenario file, read whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Name of the scenario; names the output folder.
    pub name: At<String>,
    /// One line about it, may be empty.
    pub about: String,
    /// What is deployed, without a word about how.
    pub application: Application,
    /// Who asks for what, how often.
    pub workload: Workload,
    /// The ways to deploy it, in file order; at least one.
    pub layouts: Vec<Layout>,
    /// What it runs on.
    pub platform: Platform,
    /// How long and how exactly to simulate.
    pub run: Run,
    /// What the team promised, per endpoint.
    pub slos: Vec<Slo>,
    /// Questions declared in the file.
    pub studies: Vec<Study>,
    /// Every default that entered the model, with its source, for `explain`.
    pub defaults_used: Vec<DefaultUse>,
    /// What is doubtful about it: the code of each warning, and its message.
    pub doubts: Vec<(&'static str, String)>,
    /// Tells resolved scenarios apart: text with its edits, files it names, prices, defaults that entered. A
    /// default that is written out is one that entered.
    pub fingerprint: Key,
}
