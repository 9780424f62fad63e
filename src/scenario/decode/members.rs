//! What is in each service and database: `each` written out, `all` and lists of names resolved.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Decoder, Names};
use crate::model::{At, ModuleId, TableId};
use crate::scenario::Diagnostic;
use crate::scenario::layouts::merged;
use crate::scenario::nearest::nearest;
use crate::scenario::node::{Entry, Node};
use crate::scenario::visible::quoted;

/// The name that stands for one service or database per module.
const EACH: &str = "each";
/// The word that stands for every module or table.
const ALL: &str = "all";

/// A service or database, its fields merged with those of `each`, and what is in it.
pub(super) struct Unit<'n, M> {
    pub(super) name: At<String>,
    pub(super) node: Cow<'n, Node>,
    pub(super) members: Vec<M>,
}

impl Decoder<'_> {
    /// Services with their modules: `each` written out, named entries merged with it.
    pub(super) fn service_units<'n>(
        &mut self,
        node: &'n Node,
        names: &Names,
    ) -> Vec<Unit<'n, ModuleId>> {
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
                node: Cow::Borrowed(each),
                members: vec![id],
            });
        made.chain(named).collect()
    }

    /// Databases with their tables, in the same way; `each` makes none for a module without tables.
    pub(super) fn database_units<'n>(
        &mut self,
        node: &'n Node,
        names: &Names,
    ) -> Vec<Unit<'n, TableId>> {
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
            node: Cow::Borrowed(each),
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
        let near = nearest(&entry.key, known);
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

fn with_each<'n>(each: Option<&Node>, own: &'n Node) -> Cow<'n, Node> {
    match each {
        Some(each) => Cow::Owned(merged(each, own)),
        None => Cow::Borrowed(own),
    }
}
