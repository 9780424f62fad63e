//! Names that an application declares, and their resolution.

use std::collections::BTreeMap;

use super::Decoder;
use crate::model::{At, EventId, ExternalId, ModuleId, OperationId, Span, TableId};
use crate::scenario::nearest::{did_you_mean, nearest};
use crate::scenario::node::Node;
use crate::scenario::visible::{quoted, visible};
use crate::scenario::{Code, Diagnostic};

/// Declared names of one kind: position and place of each.
pub(super) struct Index {
    /// What one is called: "operation".
    kind: &'static str,
    /// Code of the diagnostic for a name that is not there.
    code: Code,
    names: BTreeMap<String, (u32, Span)>,
}

impl Index {
    fn new(kind: &'static str, code: Code) -> Self {
        Index { kind, code, names: BTreeMap::new() }
    }

    /// Declares a name; refuses one that is taken.
    pub(super) fn declare(
        &mut self,
        decoder: &mut Decoder<'_>,
        name: String,
        position: usize,
        span: Span,
    ) {
        if let Some((_, first)) = self.names.get(&name) {
            let message = format!("two {}s are called {}", self.kind, quoted(&name));
            let diagnostic = Diagnostic::new(Code::DuplicateName, message, span);
            decoder.tell(diagnostic.label("again here").also(*first, "first here"));
            return;
        }
        self.names.insert(name, (u32::try_from(position).unwrap_or(u32::MAX), span));
    }

    /// Position of the name that `node` says; `module` is whose short names count.
    pub(super) fn resolve(
        &self,
        decoder: &mut Decoder<'_>,
        node: &Node,
        module: Option<&str>,
    ) -> Option<u32> {
        let kind = self.kind;
        let article = if kind.starts_with(['e', 'o']) { "an" } else { "a" };
        let name = decoder.scalar(node, &format!("the name of {article} {kind}"))?;
        let full = module.map(|module| format!("{module}.{name}"));
        let own = full.as_ref().filter(|_| !name.contains('.'));
        let found = self.names.get(name).or_else(|| own.and_then(|full| self.names.get(full)));
        if let Some((position, _)) = found {
            return Some(*position);
        }
        // Looking for it takes time with the number of names.
        let hint = if decoder.is_full() { None } else { self.hint(name, own.map(String::as_str)) };
        let message = format!("no {kind} is called {}", quoted(name));
        decoder.tell(Diagnostic::new(self.code, message, node.span).maybe_hint(hint));
        None
    }

    /// The name that was probably meant, and its line: the same name in another module, then the
    /// nearest of the own module, then the nearest of all.
    fn hint(&self, name: &str, own: Option<&str>) -> Option<String> {
        let known = || self.names.keys().map(String::as_str);
        let module = own.and_then(|own| own.split_once('.')).map(|(module, _)| module);
        let is_it = |full: &&str| full.split_once('.').is_some_and(|(_, last)| last == name);
        let elsewhere = known().find(is_it);
        let own_names = || known().filter_map(|full| full.strip_prefix(module?)?.strip_prefix('.'));
        let near = elsewhere
            .map(str::to_string)
            .or_else(|| Some(format!("{}.{}", module?, nearest(name, own_names())?)))
            .or_else(|| nearest(name, known()).map(str::to_string));
        let Some(near) = near else {
            return did_you_mean(name, &known().take(20).collect::<Vec<_>>());
        };
        let line = self.names.get(&near).map_or(0, |(_, span)| span.line);
        Some(format!("did you mean `{near}` (line {line})?"))
    }
}

/// Every name of the application.
pub(super) struct Names {
    /// Modules, in order.
    pub(super) modules: Vec<At<String>>,
    module: Index,
    operation: Index,
    table: Index,
    event: Index,
    external: Index,
    transaction: Index,
    join: Index,
    /// Tables of each module.
    pub(super) tables_of: Vec<Vec<TableId>>,
}

impl Names {
    pub(super) fn new() -> Self {
        Names {
            modules: Vec::new(),
            module: Index::new("module", Code::UnknownModule),
            operation: Index::new("operation", Code::UnknownOperation),
            table: Index::new("table", Code::UnknownTable),
            event: Index::new("event", Code::UnknownEvent),
            external: Index::new("external", Code::UnknownExternal),
            transaction: Index::new("transaction", Code::UnknownTransaction),
            join: Index::new("named join", Code::UnknownJoin),
            tables_of: Vec::new(),
        }
    }

    pub(super) fn declare_module(&mut self, decoder: &mut Decoder<'_>, name: &At<String>) {
        self.module.declare(decoder, name.value.clone(), self.modules.len(), name.span);
        self.modules.push(name.clone());
        self.tables_of.push(Vec::new());
    }

    /// Declares an operation of the last module.
    pub(super) fn declare_operation(
        &mut self,
        decoder: &mut Decoder<'_>,
        name: &At<String>,
        position: usize,
    ) {
        let full = self.in_last_module(name);
        self.operation.declare(decoder, full, position, name.span);
    }

    /// Declares a table of the last module.
    pub(super) fn declare_table(
        &mut self,
        decoder: &mut Decoder<'_>,
        name: &At<String>,
        position: usize,
    ) {
        let full = self.in_last_module(name);
        self.table.declare(decoder, full, position, name.span);
        if let Some(tables) = self.tables_of.last_mut() {
            tables.push(TableId(u32::try_from(position).unwrap_or(u32::MAX)));
        }
    }

    pub(super) fn declare_event(
        &mut self,
        decoder: &mut Decoder<'_>,
        name: &At<String>,
        position: usize,
    ) {
        self.event.declare(decoder, name.value.clone(), position, name.span);
    }

    pub(super) fn declare_external(
        &mut self,
        decoder: &mut Decoder<'_>,
        name: &At<String>,
        position: usize,
    ) {
        self.external.declare(decoder, name.value.clone(), position, name.span);
    }

    /// Declares a transaction of a module, which has only one of that name.
    pub(super) fn declare_transaction(
        &mut self,
        decoder: &mut Decoder<'_>,
        module: ModuleId,
        name: &At<String>,
    ) {
        let full = format!("{}.{}", *self.modules[module.index()], **name);
        self.transaction.declare(decoder, full, self.transaction.names.len(), name.span);
    }

    /// Declares a join of a module, which has only one of that name.
    pub(super) fn declare_join(
        &mut self,
        decoder: &mut Decoder<'_>,
        module: ModuleId,
        name: &At<String>,
    ) {
        let full = format!("{}.{}", *self.modules[module.index()], **name);
        self.join.declare(decoder, full, self.join.names.len(), name.span);
    }

    /// The join that a node names: `module.join`.
    pub(super) fn resolve_join(
        &self,
        decoder: &mut Decoder<'_>,
        node: &Node,
    ) -> Option<At<String>> {
        self.join.resolve(decoder, node, None)?;
        Some(At::new(node.text()?.to_string(), node.span))
    }

    /// Whether a transaction has the name that `node` says.
    pub(super) fn knows_transaction(&self, decoder: &mut Decoder<'_>, node: &Node) -> bool {
        self.transaction.resolve(decoder, node, None).is_some()
    }

    fn in_last_module(&self, name: &str) -> String {
        format!("{}.{name}", self.modules.last().map_or("", |module| module.as_str()))
    }

    fn name_of(&self, module: Option<ModuleId>) -> Option<&str> {
        module.map(|module| self.modules[module.index()].as_str())
    }

    /// The module called so, if there is one.
    pub(super) fn find_module(&self, name: &str) -> Option<ModuleId> {
        self.module.names.get(name).map(|(position, _)| ModuleId(*position))
    }

    pub(super) fn resolve_module(
        &self,
        decoder: &mut Decoder<'_>,
        node: &Node,
    ) -> Option<ModuleId> {
        self.module.resolve(decoder, node, None).map(ModuleId)
    }

    pub(super) fn resolve_operation(
        &self,
        decoder: &mut Decoder<'_>,
        node: &Node,
        module: Option<ModuleId>,
    ) -> Option<OperationId> {
        self.operation.resolve(decoder, node, self.name_of(module)).map(OperationId)
    }

    pub(super) fn resolve_table(
        &self,
        decoder: &mut Decoder<'_>,
        node: &Node,
        module: Option<ModuleId>,
    ) -> Option<TableId> {
        self.table.resolve(decoder, node, self.name_of(module)).map(TableId)
    }

    /// The event that a node names; `publisher` is the module that publishes it.
    pub(super) fn resolve_event(
        &self,
        decoder: &mut Decoder<'_>,
        node: &Node,
        publisher: Option<ModuleId>,
    ) -> Option<EventId> {
        if let (Some(name), Some(module)) = (node.text(), self.name_of(publisher)) {
            let known = self.event.names.keys().map(String::as_str);
            let is_known = self.event.names.contains_key(name);
            if !node.is_empty() && !is_known && nearest(name, known).is_none() {
                let message = format!("no event is called {}", quoted(name));
                let hint =
                    format!("add `events: [ {} ]` to module {}", visible(name), quoted(module));
                decoder.tell(Diagnostic::new(Code::UnknownEvent, message, node.span).hint(hint));
                return None;
            }
        }
        self.event.resolve(decoder, node, None).map(EventId)
    }

    pub(super) fn resolve_external(
        &self,
        decoder: &mut Decoder<'_>,
        node: &Node,
    ) -> Option<ExternalId> {
        self.external.resolve(decoder, node, None).map(ExternalId)
    }
}
