//! What is in each service and database: `each` written out, `all` and lists of names resolved.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::database::DatabaseFields;
use super::service::ServiceFields;
use super::{Decoder, Names, Path};
use crate::model::{At, ModuleId, TableId};
use crate::scenario::form::Fielded;
use crate::scenario::layouts::merged;
use crate::scenario::nearest::nearest;
use crate::scenario::node::{Entry, Node};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

/// The name that stands for one service or database per module.
pub(super) const EACH: &str = "each";
/// The word that stands for every module or table.
const ALL: &str = "all";

/// A service or database, its fields merged with those of `each`, and what is in it.
pub(super) struct Unit<'n, M> {
    pub(super) name: At<String>,
    pub(super) node: Cow<'n, Node>,
    pub(super) members: Vec<M>,
    /// Made by `each`, and like all that it makes but for name and members.
    pub(super) is_each: bool,
}

/// How messages call a unit and the field of its members.
#[derive(Clone, Copy)]
struct Words {
    what: &'static str,
    field: &'static str,
    /// Refuses what such a map does not have.
    finish: fn(&mut Decoder<'_>, &Node),
}

/// Refuses fields that the form of `F` has not.
fn finish<F: Fielded>(decoder: &mut Decoder<'_>, node: &Node) {
    if let Some(fields) = decoder.fields::<F>(node, &Path::root()) {
        decoder.finish(&fields);
    }
}

impl Decoder<'_> {
    /// Services with their modules: `each` written out, named entries merged with it.
    pub(super) fn service_units<'n>(
        &mut self,
        node: &'n Node,
        names: &Names,
    ) -> Vec<Unit<'n, ModuleId>> {
        let words = Words {
            what: "a service",
            field: ServiceFields::MODULES.name(),
            finish: finish::<ServiceFields>,
        };
        self.units(node, names, words, Self::module_list, |_, module| vec![module])
    }

    /// Databases with their tables, in the same way; `each` makes none for a module without tables.
    pub(super) fn database_units<'n>(
        &mut self,
        node: &'n Node,
        names: &Names,
    ) -> Vec<Unit<'n, TableId>> {
        let words = Words {
            what: "a database",
            field: DatabaseFields::TABLES.name(),
            finish: finish::<DatabaseFields>,
        };
        self.units(node, names, words, Self::table_list, |names, module| {
            names.tables_of[module.index()].clone()
        })
    }

    /// Units with their members: of a `list` where there is one, else those `of_module` whose name
    /// the unit has; then `each` for every module that has members left.
    fn units<'n, M: Copy + Ord>(
        &mut self,
        node: &'n Node,
        names: &Names,
        words: Words,
        list: fn(&mut Self, &Node, &Names) -> Vec<M>,
        of_module: fn(&Names, ModuleId) -> Vec<M>,
    ) -> Vec<Unit<'n, M>> {
        let Some(entries) = self.map(node, "a map of services or databases") else {
            return Vec::new();
        };
        let each = entries.iter().find(|entry| entry.key.as_str() == EACH);
        let each_node = each.map(|entry| &entry.value);
        self.refuse_member_list(each_node, words.field);
        let mut named = Vec::new();
        for entry in entries.iter().filter(|entry| entry.key.as_str() != EACH) {
            let name = self.name(&entry.key, true);
            let members = match (entry.value.get(words.field), names.find_module(&entry.key)) {
                (Some(field), _) => list(self, field, names),
                (None, Some(module)) => of_module(names, module),
                (None, None) => {
                    self.no_members(entry, words, names);
                    continue;
                }
            };
            let node = with_each(each_node, &entry.value);
            named.push(Unit { name, node, members, is_each: false });
        }
        let Some(each) = each else { return named };
        let taken: BTreeSet<M> = named.iter().flat_map(|unit| unit.members.clone()).collect();
        let mut units = Vec::with_capacity(names.modules.len() + named.len());
        for (name, id) in names.modules.iter().zip(0..) {
            let mut members = of_module(names, ModuleId(id));
            members.retain(|member| !taken.contains(member));
            if !members.is_empty() {
                let name = At::new(name.value.clone(), each.key.span);
                let node = Cow::Borrowed(&each.value);
                units.push(Unit { name, node, members, is_each: true });
            }
        }
        units.extend(named);
        units
    }

    /// `each` has one module, and says no more about which.
    fn refuse_member_list(&mut self, each: Option<&Node>, field: &str) {
        if let Some(list) = each.and_then(|each| each.get(field)) {
            let message = format!("`each` makes one per module, and takes no `{field}`");
            let diagnostic = Diagnostic::new(Code::Conflict, message, list.span);
            self.tell(diagnostic.hint("give what differs an entry with its own name"));
        }
    }

    fn no_members(&mut self, entry: &Entry, words: Words, names: &Names) {
        let Words { what, field, finish } = words;
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
        self.tell(Diagnostic::new(Code::MissingField, message, entry.key.span).hint(hint));
        finish(self, &entry.value);
    }

    /// `all`, or a list of modules.
    fn module_list(&mut self, node: &Node, names: &Names) -> Vec<ModuleId> {
        if node.is_word(ALL) {
            return (0..).take(names.modules.len()).map(ModuleId).collect();
        }
        let Some(items) = node.items() else {
            self.wrong_type(node, "a list of modules", "`all`, or `[ orders, payments ]`");
            return Vec::new();
        };
        if items.is_empty() {
            let message = "a service has at least one module";
            self.tell(Diagnostic::new(Code::OutOfRange, message, node.span));
        }
        items.iter().filter_map(|item| names.resolve_module(self, item)).collect()
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
                        self.tell(Diagnostic::new(Code::NoTables, message, item.span));
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
