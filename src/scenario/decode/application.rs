//! `application`: modules with their tables, operations and events; third parties.

use super::steps::NamedSteps;
use super::{Decoder, Fields, Names, Path};
use crate::model::{Application, At, DatabaseTable, Event, External, Module, ModuleId, Operation};
use crate::random::Distribution;
use crate::scenario::form::{FieldOf, LeftOut, Shape, form};
use crate::scenario::node::{Entry, Node};
use crate::scenario::{Code, Diagnostic};
use crate::units::{Bytes, Nanos};

/// Greatest Zipf exponent; from about 5 on nearly every access goes to one row.
const MOST_SKEW: f64 = 20.0;

/// What of a module waits until all names are declared.
#[derive(Default)]
struct Later<'n> {
    /// Steps of operations, in the order of [`Application::operations`].
    operations: Vec<&'n Node>,
    /// Tables of whose rows events tell, with the module and the place of each.
    keys: Vec<(&'n Node, ModuleId, usize)>,
    /// Event and subscribing operations, with the module that subscribes.
    subscriptions: Vec<(&'n Entry, ModuleId)>,
}

form! { ApplicationFields "application" "an application" {
    MODULES "modules": Shape::Named(&Shape::Map("module")), LeftOut::Missed,
        "Parts of the code that are never cut in two, by name.";
    EXTERNALS "externals": Shape::Named(&Shape::Map("external")), LeftOut::Means("none"),
        "Third parties that operations may ask, by name.";
} }

form! { ModuleFields "module" "a module" {
    TABLES "tables": Shape::Named(&Shape::Map("table")), LeftOut::Means("none"),
        "Data that the module owns, by name.";
    OPERATIONS "operations": Shape::Named(&Shape::List(&Shape::Map("step"))), LeftOut::Means("none"),
        "What can be asked of the module: a list of steps for each, by name.";
    EVENTS "events": Shape::Either(&[Shape::List(&Shape::Name), Shape::Named(&Shape::Map("event"))]),
        LeftOut::Means("none"),
        "What the module publishes: names, or a map with the size and the key of each.";
    SUBSCRIBES "subscribes": Shape::Named(&Shape::Either(&[Shape::Name, Shape::List(&Shape::Name)])),
        LeftOut::Means("to nothing"),
        "For an event, the operation or operations that it starts.";
} }

form! { EventFields "event" "an event" {
    SIZE "size": Shape::Size, LeftOut::Means("that of the request of a call"),
        "Size of a message that tells of it.";
    KEY "key": Shape::Name, LeftOut::Means("in no order"),
        "Table of whose rows each is about one: at a broker, events about one row stay in order.";
} }

form! { TableFields "table" "a table" {
    ROWS "rows": Shape::Whole, LeftOut::Missed,
        "How many records it holds; with their size they decide what fits into memory.";
    ROW_SIZE "row_size": Shape::Size, LeftOut::Missed,
        "Mean size of a row with its share of the indexes.";
    SKEW "skew": Shape::Number, LeftOut::Default("table.skew"),
        "Zipf exponent of the access: 0 asks for all rows equally often, 1 for few of them very often.";
    LOG "log": Shape::Map("event log"), LeftOut::Means("rows are kept as they are"),
        "Keeps the table as events: each row is a key, changed by adding an event and read by applying those it has.";
} not_built &["partitions", "shards", "replicas"] }

form! { ExternalFields "external" "an external" {
    LATENCY "latency": Shape::Law, LeftOut::Missed, "How long the third party takes to answer.";
    FAILURE "failure": Shape::Share, LeftOut::Default("external.failure"),
        "How often it answers with an error.";
    CONCURRENCY "concurrency": Shape::Either(&[Shape::Whole, Shape::Word(&["none"])]),
        LeftOut::Default("external.concurrency"),
        "How many calls it takes at a time from each instance; further ones wait.";
} not_built &["timeout", "retries", "breaker", "rate_limit", "fallback"] }

impl Decoder<'_> {
    /// The application and its names; both have holes where there are mistakes.
    pub(super) fn application(
        &mut self,
        node: Option<&Node>,
        path: &Path<'_>,
    ) -> (Application, Names) {
        let mut application = Application::default();
        let mut names = Names::new();
        let fields = node.and_then(|node| self.fields::<ApplicationFields>(node, path));
        let Some(fields) = fields else {
            return (application, names);
        };
        let modules = self.required(&fields, ApplicationFields::MODULES);
        let externals = fields.get(ApplicationFields::EXTERNALS);
        self.finish(&fields);
        let mut later = Later::default();
        if let Some(entries) = modules.and_then(|node| self.map(node, "a map of modules")) {
            if let (true, Some(node)) = (entries.is_empty(), modules) {
                let message = "an application has at least one module";
                self.tell(Diagnostic::new(Code::NoModules, message, node.span));
            }
            for entry in entries {
                let path = path.to("modules");
                self.module(entry, &mut application, &mut names, &mut later, &path);
            }
        }
        if let Some(entries) = externals.and_then(|node| self.map(node, "a map of externals")) {
            for entry in entries {
                let path = path.to("externals");
                if let Some(external) = self.external(entry, &path) {
                    names.declare_external(self, &external.name, application.externals.len());
                    application.externals.push(external);
                }
            }
        }
        for (node, module, event) in later.keys {
            let table = names.resolve_table(self, node, Some(module));
            application.events[event].key = table.map(|table| At::new(table, node.span));
        }
        for (entry, module) in later.subscriptions {
            self.subscription(entry, module, &names, &mut application.events);
        }
        let named = self.operations(&later.operations, &names, &mut application.operations);
        for ((module, name), span) in named.transactions {
            names.declare_transaction(self, module, &At::new(name, span));
        }
        for ((module, name), span) in named.joins {
            names.declare_join(self, module, &At::new(name, span));
        }
        (application, names)
    }

    fn module<'n>(
        &mut self,
        entry: &'n Entry,
        application: &mut Application,
        names: &mut Names,
        later: &mut Later<'n>,
        path: &Path<'_>,
    ) {
        let module = ModuleId(count(application.modules.len()));
        let name = self.name(&entry.key, false);
        names.declare_module(self, &name);
        let path = path.to(&entry.key);
        application.modules.push(Module { name });
        let Some(fields) = self.fields::<ModuleFields>(&entry.value, &path) else {
            return;
        };
        if let Some(entries) = self.entries_of(&fields, ModuleFields::TABLES) {
            for entry in entries {
                let table = self.table(entry, module, &path.to("tables"));
                names.declare_table(self, &table.name, application.tables.len());
                application.tables.push(table);
            }
        }
        if let Some(entries) = self.entries_of(&fields, ModuleFields::OPERATIONS) {
            for entry in entries {
                let name = self.name(&entry.key, false);
                names.declare_operation(self, &name, application.operations.len());
                application.operations.push(Operation { module, name, steps: Vec::new() });
                later.operations.push(&entry.value);
            }
        }
        if let Some(node) = fields.get(ModuleFields::EVENTS) {
            self.events(node, module, application, names, later, &path.to("events"));
        }
        if let Some(entries) = self.entries_of(&fields, ModuleFields::SUBSCRIBES) {
            later.subscriptions.extend(entries.iter().map(|entry| (entry, module)));
        }
        self.finish(&fields);
    }

    /// `[ name, … ]`, or `{ name: { size: 1KiB, key: table }, … }`.
    fn events<'n>(
        &mut self,
        node: &'n Node,
        module: ModuleId,
        application: &mut Application,
        names: &mut Names,
        later: &mut Later<'n>,
        path: &Path<'_>,
    ) {
        let mut declare = |decoder: &mut Self, name: At<String>, size: Option<Bytes>| {
            let name = decoder.name(&name, false);
            names.declare_event(decoder, &name, application.events.len());
            let subscribers = Vec::new();
            application.events.push(Event { module, name, size, key: None, subscribers });
            application.events.len() - 1
        };
        let Some(entries) = node.entries() else {
            for item in self.list(node, "a list or a map of events").unwrap_or_default() {
                if let Some(text) = self.scalar(item, "the name of an event") {
                    declare(self, At::new(text.to_string(), item.span), None);
                }
            }
            return;
        };
        for entry in entries {
            let fields = self.fields::<EventFields>(&entry.value, &path.to(&entry.key));
            let size = fields.as_ref().and_then(|fields| fields.get(EventFields::SIZE));
            let size = size.and_then(|node| self.size_above_zero(node));
            let event = declare(self, entry.key.clone(), size);
            let Some(fields) = fields else { continue };
            later.keys.extend(fields.get(EventFields::KEY).map(|node| (node, module, event)));
            self.finish(&fields);
        }
    }

    fn entries_of<'n>(
        &mut self,
        fields: &Fields<'n, ModuleFields>,
        field: FieldOf<ModuleFields>,
    ) -> Option<&'n [Entry]> {
        let node = fields.get(field)?;
        self.map(node, &format!("a map of `{}`", field.name()))
    }

    /// A table; where a field is mistaken it has a harmless value, as nothing is made of it.
    fn table(&mut self, entry: &Entry, module: ModuleId, path: &Path<'_>) -> DatabaseTable {
        let name = self.name(&entry.key, false);
        let path = path.to(&entry.key);
        let (rows, row_size, skew, log) = (1, Bytes(1), 0.0, None);
        let mut table = DatabaseTable { module, name, rows, row_size, skew, log };
        let Some(fields) = self.fields::<TableFields>(&entry.value, &path) else {
            return table;
        };
        let rows = self.required(&fields, TableFields::ROWS);
        let rows = rows.and_then(|node| self.whole(node, "a number of rows", 1..=1 << 53));
        let row_size = self.required(&fields, TableFields::ROW_SIZE);
        if let Some(node) = row_size {
            table.row_size = self.size_above_zero(node).unwrap_or(table.row_size);
        }
        table.rows = rows.unwrap_or(table.rows);
        let skew = fields.or(self, TableFields::SKEW, |d, node| {
            d.number(node, "a Zipf exponent", 0.0..=MOST_SKEW)
        });
        table.skew = skew.unwrap_or_default();
        let log = fields.get(TableFields::LOG);
        table.log = log.and_then(|node| self.event_log(node, &path.to(TableFields::LOG.name())));
        self.finish(&fields);
        table
    }

    /// A size of at least one byte.
    pub(super) fn size_above_zero(&mut self, node: &Node) -> Option<Bytes> {
        let size: Bytes = self.quantity(node)?;
        if size > Bytes::ZERO {
            return Some(size);
        }
        let message = format!("a size above zero is expected here; found {}", node.found());
        self.tell(Diagnostic::new(Code::OutOfRange, message, node.span));
        None
    }

    fn external(&mut self, entry: &Entry, path: &Path<'_>) -> Option<External> {
        let name = self.name(&entry.key, true);
        let path = path.to(&entry.key);
        let fields = self.fields::<ExternalFields>(&entry.value, &path)?;
        let latency = self.required(&fields, ExternalFields::LATENCY);
        let latency = latency.and_then(|node| self.distribution(node));
        let failure = fields.or(self, ExternalFields::FAILURE, Self::quantity);
        let concurrency = fields.or(self, ExternalFields::CONCURRENCY, Self::concurrency)?;
        self.finish(&fields);
        // A name without a law still counts as declared, so that its callers are not refused too.
        let latency = latency.unwrap_or(Distribution::Constant(Nanos::ZERO));
        Some(External { name, latency, failure: failure.unwrap_or_default(), concurrency })
    }

    /// How many calls a third party takes at a time; `none` for any number.
    fn concurrency(&mut self, node: &Node) -> Option<Option<u32>> {
        if node.is_word("none") {
            return Some(None);
        }
        self.whole32(node, "a number of calls", 1..=u32::MAX).map(Some)
    }

    /// `event: operation`, or `event: [ operation, … ]`.
    fn subscription(
        &mut self,
        entry: &Entry,
        module: ModuleId,
        names: &Names,
        events: &mut [Event],
    ) {
        let key = Node::scalar(entry.key.value.clone(), entry.key.span);
        let event = names.resolve_event(self, &key, None);
        let operations = entry.value.items().unwrap_or(std::slice::from_ref(&entry.value));
        for node in operations {
            let operation = names.resolve_operation(self, node, Some(module));
            if let (Some(event), Some(operation)) = (event, operation) {
                events[event.index()].subscribers.push(operation);
            }
        }
    }

    /// Reads what operations do. The names within, each with where it stands.
    fn operations(
        &mut self,
        nodes: &[&Node],
        names: &Names,
        operations: &mut [Operation],
    ) -> NamedSteps {
        let mut named = NamedSteps::default();
        for (operation, node) in operations.iter_mut().zip(nodes) {
            operation.steps = self.operation(node, names, operation.module, &mut named);
        }
        named
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
