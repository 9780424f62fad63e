//! `layouts`: how the application is cut into services, databases and machines.

use std::collections::BTreeSet;

use super::{Decoder, Fields, Names, Path};
use crate::model::{
    At, DataAccess, Layout, Machine, ModuleId, Platform, ProtocolId, Scheduling, TableId,
};
use crate::scenario::Diagnostic;
use crate::scenario::layouts::{extended, merged};
use crate::scenario::node::{Entry, Node};
use crate::scenario::visible::quoted;

/// The name that stands for one service or database per module.
const EACH: &str = "each";
/// The word that stands for every module or table.
const ALL: &str = "all";

/// Parts of a layout that are designed but cannot be simulated yet.
const NOT_BUILT: &[&str] = &[
    "release",
    "broker",
    "mesh",
    "gateway",
    "faults",
    "policies",
    "autoscale",
    "cache",
    "caches",
    "views",
];

/// Words for how runnable frames share cores.
pub(super) const SCHEDULING: &[(&str, Scheduling)] = &[
    ("ps", Scheduling::ProcessorSharing),
    ("fcfs", Scheduling::FirstComeFirstServed),
];

/// A layout, and whether it has no mistake of its own.
pub(super) struct DecodedLayout {
    pub(super) layout: Layout,
    pub(super) is_clean: bool,
}

/// A service or database, its fields merged with those of `each`, and what is in it.
struct Unit<'n, M> {
    name: At<String>,
    node: std::borrow::Cow<'n, Node>,
    members: Vec<M>,
}

impl Decoder<'_> {
    /// Every layout, with `each`, `all` and `extends` worked out.
    pub(super) fn layouts(
        &mut self,
        node: &Node,
        names: &Names,
        platform: &Platform,
        path: &Path<'_>,
    ) -> Vec<DecodedLayout> {
        let Some(entries) = self.map(node, "a map of layouts") else {
            return Vec::new();
        };
        if entries.is_empty() {
            let message = "a scenario has at least one layout";
            self.tell(Diagnostic::error("no-layouts", message, node.span));
        }
        let mut problems = Vec::new();
        let layouts = extended(node, &mut problems);
        problems.into_iter().for_each(|problem| self.tell(problem));
        let mut decoded = Vec::with_capacity(layouts.len());
        for (name, node) in layouts {
            let errors = self.errors();
            let name = self.name(&name, true);
            let path = path.to(&name);
            let layout = self.layout(name.clone(), &node, names, platform, &path);
            let is_clean = self.errors() == errors;
            decoded.extend(layout.map(|layout| DecodedLayout { layout, is_clean }));
        }
        decoded
    }

    fn layout(
        &mut self,
        name: At<String>,
        node: &Node,
        names: &Names,
        platform: &Platform,
        path: &Path<'_>,
    ) -> Option<Layout> {
        let mut fields = self.fields(node, "a layout", path)?;
        let services_node = self.required(&mut fields, "services");
        let databases_node = fields.take("databases");
        let machines_node = fields.take("machines");
        let protocol = fields.take("protocol");
        let data_access = fields.take("data_access");
        let control_plane = fields.take("control_plane");
        let load_balancers = fields.take("load_balancers");
        fields.take("extends");
        self.transactions_not_built(&mut fields);
        for part in NOT_BUILT {
            self.not_built(&mut fields, part);
        }
        self.finish(fields);

        let machines = machines_node.map(|node| self.machines(node, platform, path));
        let machines = machines.unwrap_or_default();
        let mut services = Vec::new();
        if let Some(node) = services_node {
            let path = path.to("services");
            for unit in self.service_units(node, names) {
                let path = path.to(&unit.name);
                services.extend(self.service(
                    &unit.name,
                    &unit.node,
                    unit.members,
                    &machines,
                    &path,
                ));
            }
        }
        let mut databases = Vec::new();
        if let Some(node) = databases_node {
            let path = path.to("databases");
            for unit in self.database_units(node, names) {
                let path = path.to(&unit.name);
                let prices = platform.prices.as_ref();
                let (name, node) = (&unit.name, &unit.node);
                databases.extend(self.database(name, node, unit.members, names, prices, &path));
            }
        }
        let protocol = self.protocol_of(protocol, platform, path);
        let data_access = self.data_access(data_access, path);
        let has_nodes = platform.nodes.is_some();
        let control_plane = match control_plane {
            Some(node) => self.truth(node, "`control_plane`").unwrap_or_default(),
            None => has_nodes,
        };
        let load_balancers = match load_balancers {
            Some(node) => self.whole32(node, "a number of load balancers", 0..=10_000),
            None if has_nodes => {
                let path = path.to("load_balancers").text();
                Some(
                    self.default_with(path, "layout.load_balancers", |decoder, node| {
                        decoder.whole32(node, "a number of load balancers", 0..=10_000)
                    }),
                )
            }
            None => Some(0),
        };
        Some(Layout {
            name,
            services,
            databases,
            machines,
            protocol,
            data_access,
            control_plane,
            load_balancers: load_balancers.unwrap_or_default(),
        })
    }

    /// `transactions: { orders.place: saga }`: the choice to come for transactions over databases.
    fn transactions_not_built(&mut self, fields: &mut Fields<'_>) {
        let Some(node) = fields.take_hidden("transactions") else {
            return;
        };
        for entry in self.map(node, "a map of transactions").unwrap_or_default() {
            let how = entry.value.found();
            let part = format!("{how} for transaction {}", quoted(&entry.key));
            self.refuse_not_built(&part, entry.value.span);
        }
    }

    fn data_access(&mut self, node: Option<&Node>, path: &Path<'_>) -> DataAccess {
        let read = |decoder: &mut Self, node: &Node| {
            let words = [("direct", DataAccess::Direct), ("owner", DataAccess::Owner)];
            decoder.word(node, "the access to data", &words)
        };
        match node {
            Some(node) => read(self, node).unwrap_or(DataAccess::Direct),
            None => self.default_with(path.to("data_access").text(), "layout.data_access", read),
        }
    }

    /// The protocol that services talk; `None` costs nothing, as every hop does without a network.
    fn protocol_of(
        &mut self,
        node: Option<&Node>,
        platform: &Platform,
        path: &Path<'_>,
    ) -> Option<ProtocolId> {
        let read = |decoder: &mut Self, node: &Node| {
            let mut words = vec![("none", None)];
            words.extend(
                platform
                    .protocols
                    .iter()
                    .enumerate()
                    .map(|(index, protocol)| {
                        (
                            protocol.name.as_str(),
                            u32::try_from(index).ok().map(ProtocolId),
                        )
                    }),
            );
            decoder.word(node, "a protocol", &words)
        };
        if platform.network.is_none() {
            let id = node.and_then(|node| read(self, node)).flatten();
            if let (Some(_), Some(node)) = (id, node) {
                let message = "without a network the protocol costs nothing";
                let diagnostic = Diagnostic::warning("unused-protocol", message, node.span);
                self.tell(diagnostic.hint("leave it out, or leave out `network: none`"));
            }
            return None;
        }
        match node {
            Some(node) => read(self, node).flatten(),
            None => self.default_with(path.to("protocol").text(), "layout.protocol", read),
        }
    }

    fn machines(&mut self, node: &Node, platform: &Platform, path: &Path<'_>) -> Vec<Machine> {
        let path = path.to("machines");
        let entries = self.map(node, "a map of machines").unwrap_or_default();
        entries
            .iter()
            .filter_map(|entry| self.machine(entry, platform, &path))
            .collect()
    }

    fn machine(&mut self, entry: &Entry, platform: &Platform, path: &Path<'_>) -> Option<Machine> {
        let name = self.name(&entry.key, true);
        let mut fields = self.fields(&entry.value, "a machine", &path.to(&entry.key))?;
        let cpu = fields.take("cpu");
        let class_node = fields.take("class");
        let scheduling = fields.take("scheduling");
        let scheduling_path = fields.path("scheduling");
        if cpu.is_none() && class_node.is_none() {
            self.missing(&fields, "cpu");
        }
        self.finish(fields);
        let cpu = match cpu {
            Some(node) => Some(self.positive(node, "a number of cores", 1e4)?),
            None => None,
        };
        let mut class = None;
        let mut class_cpu = None;
        if let Some(node) = class_node {
            let text = self.scalar(node, "a class of machine")?;
            class = Some(At::new(text.to_string(), node.span));
            // A machine whose cores are given may be of a class that no catalogue has.
            if cpu.is_none() {
                let prices = platform.prices.as_ref();
                class_cpu = Some(self.class_size(text, node, prices, None, None)?.0);
            }
        }
        let read = |decoder: &mut Self, node: &Node| decoder.word(node, "scheduling", SCHEDULING);
        let scheduling = match scheduling {
            Some(node) => read(self, node)?,
            None => self.default_with(scheduling_path, "service.scheduling", read),
        };
        Some(Machine {
            name,
            cpu: cpu.or(class_cpu)?,
            class,
            scheduling,
        })
    }

    /// Services with their modules: `each` written out, named entries merged with it.
    fn service_units<'n>(&mut self, node: &'n Node, names: &Names) -> Vec<Unit<'n, ModuleId>> {
        let Some(entries) = self.map(node, "a map of services") else {
            return Vec::new();
        };
        let each = node.get(EACH);
        self.refuse_member_list(each, "modules");
        let mut named = Vec::new();
        for entry in entries.iter().filter(|entry| entry.key.as_str() != EACH) {
            let name = self.name(&entry.key, true);
            let members = match (entry.value.get("modules"), names.find_module(&entry.key)) {
                (Some(list), _) => self.module_list(list, names),
                (None, Some(module)) => vec![module],
                (None, None) => {
                    self.no_members(entry, "a service", "modules", names);
                    continue;
                }
            };
            named.push(Unit {
                name,
                node: with_each(each, &entry.value),
                members,
            });
        }
        let Some(each) = each else { return named };
        let taken: BTreeSet<ModuleId> = named
            .iter()
            .flat_map(|unit| unit.members.iter().copied())
            .collect();
        let each_key = entries.iter().find(|entry| entry.key.as_str() == EACH);
        let span = each_key.map_or(node.span, |entry| entry.key.span);
        let modules = names
            .modules
            .iter()
            .zip(0..)
            .map(|(name, id)| (name, ModuleId(id)));
        let made = modules
            .filter(|(_, id)| !taken.contains(id))
            .map(|(name, id)| Unit {
                name: At::new(name.value.clone(), span),
                node: std::borrow::Cow::Borrowed(each),
                members: vec![id],
            });
        made.chain(named).collect()
    }

    /// Databases with their tables, in the same way; `each` makes none for a module without tables.
    fn database_units<'n>(&mut self, node: &'n Node, names: &Names) -> Vec<Unit<'n, TableId>> {
        let Some(entries) = self.map(node, "a map of databases") else {
            return Vec::new();
        };
        let each = node.get(EACH);
        self.refuse_member_list(each, "tables");
        let mut named = Vec::new();
        for entry in entries.iter().filter(|entry| entry.key.as_str() != EACH) {
            let name = self.name(&entry.key, true);
            let members = match (entry.value.get("tables"), names.find_module(&entry.key)) {
                (Some(list), _) => self.table_list(list, names),
                (None, Some(module)) => names.tables_of[module.index()].clone(),
                (None, None) => {
                    self.no_members(entry, "a database", "tables", names);
                    continue;
                }
            };
            named.push(Unit {
                name,
                node: with_each(each, &entry.value),
                members,
            });
        }
        let Some(each) = each else { return named };
        let taken: BTreeSet<TableId> = named
            .iter()
            .flat_map(|unit| unit.members.iter().copied())
            .collect();
        let each_key = entries.iter().find(|entry| entry.key.as_str() == EACH);
        let span = each_key.map_or(node.span, |entry| entry.key.span);
        let left = |tables: &Vec<TableId>| -> Vec<TableId> {
            tables
                .iter()
                .filter(|table| !taken.contains(table))
                .copied()
                .collect()
        };
        let modules = names.modules.iter().zip(&names.tables_of);
        let made = modules.map(|(name, tables)| Unit {
            name: At::new(name.value.clone(), span),
            node: std::borrow::Cow::Borrowed(each),
            members: left(tables),
        });
        made.filter(|unit| !unit.members.is_empty())
            .chain(named)
            .collect()
    }

    /// `each` has one module, and says no more about which.
    fn refuse_member_list(&mut self, each: Option<&Node>, field: &str) {
        if let Some(list) = each.and_then(|each| each.get(field)) {
            let message = format!("`each` makes one per module, and takes no `{field}`");
            let diagnostic = Diagnostic::error("conflict", message, list.span);
            self.tell(diagnostic.hint("give what differs an entry with its own name"));
        }
    }

    fn no_members(&mut self, entry: &Entry, what: &str, field: &str, names: &Names) {
        let message = format!(
            "{what} needs `{field}`, unless it is called as a module is; found {}",
            quoted(&entry.key)
        );
        let known = names.modules.iter().map(|module| module.as_str());
        let near = crate::scenario::nearest::nearest(&entry.key, known);
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write `{field}: all` or `{field}: [ … ]`"),
        };
        self.tell(Diagnostic::error("missing-field", message, entry.key.span).hint(hint));
    }

    /// `all`, or a list of modules.
    fn module_list(&mut self, node: &Node, names: &Names) -> Vec<ModuleId> {
        if node.is_word(ALL) {
            return (0..).take(names.modules.len()).map(ModuleId).collect();
        }
        let Some(items) = node.items() else {
            self.wrong_type(
                node,
                "a list of modules",
                "`all`, or `[ orders, payments ]`",
            );
            return Vec::new();
        };
        if items.is_empty() {
            let message = "a service has at least one module";
            self.tell(Diagnostic::error("out-of-range", message, node.span));
        }
        items
            .iter()
            .filter_map(|item| names.resolve_module(self, item))
            .collect()
    }

    /// `all`, or a list of tables and of modules whose every table is meant.
    fn table_list(&mut self, node: &Node, names: &Names) -> Vec<TableId> {
        if node.is_word(ALL) {
            return names.tables_of.iter().flatten().copied().collect();
        }
        let Some(items) = node.items() else {
            let expected = "`all`, or `[ orders, catalog.products ]`";
            self.wrong_type(node, "a list of tables", expected);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            match item.text() {
                Some(text) if !text.contains('.') => {
                    let Some(module) = names.resolve_module(self, item) else {
                        continue;
                    };
                    let own = &names.tables_of[module.index()];
                    if own.is_empty() {
                        let message = format!("module {} has no tables", quoted(text));
                        self.tell(Diagnostic::error("no-tables", message, item.span));
                    }
                    tables.extend(own.iter().copied());
                }
                _ => tables.extend(names.resolve_table(self, item, None)),
            }
        }
        tables
    }
}

fn with_each<'n>(each: Option<&Node>, own: &'n Node) -> std::borrow::Cow<'n, Node> {
    match each {
        Some(each) => std::borrow::Cow::Owned(merged(each, own)),
        None => std::borrow::Cow::Borrowed(own),
    }
}
