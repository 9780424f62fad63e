//! What a database runs on: a server of its own, a machine of the layout, or the nodes of the platform.

use super::database::{Around, DatabaseFields, SCHEDULING};
use super::{Decoder, Fields};
use crate::model::{At, Platform, Prices, Scheduling, ServerOffer};
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::Bytes;

/// What a database runs on.
pub(super) struct Server {
    pub(super) class: Option<At<String>>,
    /// Position among the machines of the layout.
    pub(super) machine: Option<u32>,
    pub(super) on_nodes: bool,
    pub(super) weight: f64,
    pub(super) cpu: f64,
    pub(super) scheduling: Scheduling,
    pub(super) memory: Bytes,
}

impl Decoder<'_> {
    /// What a database runs on.
    pub(super) fn server(
        &mut self,
        fields: &Fields<'_, DatabaseFields>,
        engine: &str,
        around: &Around<'_>,
    ) -> Option<Server> {
        let Around { machines, platform, .. } = *around;
        let prices = platform.prices.as_ref();
        let on_nodes = self.on_nodes(fields, platform);
        let machine = match fields.get(DatabaseFields::MACHINE) {
            Some(node) => Some(self.machine_of(node, machines)?),
            None => None,
        };
        let cpu = fields.get(DatabaseFields::CPU);
        let memory = fields.get(DatabaseFields::MEMORY);
        let cpu = cpu.map(|node| self.positive(node, "a number of cores", 1e4));
        let memory = memory.map(|node| self.size_above_zero(node));
        let (cpu, memory) = (swap(cpu)?, swap(memory)?);
        let class_node = fields.get(DatabaseFields::CLASS);
        let class = match class_node {
            Some(node) => {
                Some(At::new(self.scalar(node, "a class of database")?.to_string(), node.span))
            }
            None => None,
        };
        let scheduling = match machine {
            Some(machine) => machines[machine as usize].scheduling,
            None => fields.or(self, DatabaseFields::SCHEDULING, |decoder, node| {
                decoder.word(node, "scheduling", &SCHEDULING)
            })?,
        };
        let (cpu, memory) = match (&class, class_node) {
            (Some(class), Some(node)) => self.class_size(class, node, prices, cpu, memory)?,
            _ => match machine {
                Some(machine) => (machines[machine as usize].cpu, memory?),
                None => (cpu?, memory?),
            },
        };
        if let (Some(class), Some(prices)) = (&class, prices) {
            self.warn_unpriced(engine, class, prices);
            self.warn_plain_machine(engine, class, prices);
        }
        let on = machine.map(|machine| &machines[machine as usize]);
        let weight = self.weight_on(on, fields, DatabaseFields::WEIGHT)?;
        Some(Server { class, machine, on_nodes, weight, cpu, scheduling, memory })
    }

    /// Whether a database is packed on nodes, which there must be, and which are paid for.
    fn on_nodes(&mut self, fields: &Fields<'_, DatabaseFields>, platform: &Platform) -> bool {
        let field = DatabaseFields::ON_NODES;
        let Some(node) = fields.get(field) else { return false };
        if self.truth(node, "`on_nodes`") != Some(true) {
            return false;
        }
        let mut conflict = |message: &str, hint: &str, other: Option<&Node>| {
            let diagnostic = Diagnostic::new(Code::Conflict, message, node.span).hint(hint);
            self.tell(match other {
                Some(other) => diagnostic.also(other.span, "what is written beside it"),
                None => diagnostic,
            });
        };
        if platform.nodes.is_none() {
            let message = "a database cannot be packed on nodes where the platform has none";
            conflict(
                message,
                "write `nodes: { class: m6i.xlarge }` in `platform`, or leave out `on_nodes`",
                None,
            );
        }
        if let Some(machine) = fields.get(DatabaseFields::MACHINE) {
            let message = "a database stands on a machine or on a node, not on both";
            conflict(message, "leave out `machine` or `on_nodes`", Some(machine));
        }
        if let Some(class) = fields.get(DatabaseFields::CLASS) {
            let message = "the nodes are paid for, so a database on them has no class of its own";
            conflict(message, "write its `cpu` and `memory` and no `class`", Some(class));
        }
        true
    }

    /// A database has a class, or a size: on a machine that of its memory. Nothing is said twice.
    pub(super) fn refuse_without_size(
        &mut self,
        name: &At<String>,
        fields: &Fields<'_, DatabaseFields>,
    ) {
        let (class, cpu) = (fields.get(DatabaseFields::CLASS), fields.get(DatabaseFields::CPU));
        let has_memory = fields.get(DatabaseFields::MEMORY).is_some();
        let Some(machine) = fields.get(DatabaseFields::MACHINE) else {
            if class.is_none() && (cpu.is_none() || !has_memory) {
                let message = "a database needs `class`, or `cpu` and `memory`";
                let hint = "write it like `class: db.m6i.large`, or `cpu: 2, memory: 8GiB`";
                let diagnostic = Diagnostic::new(Code::MissingField, message, name.span);
                self.tell(diagnostic.hint(hint));
            }
            return;
        };
        if class.is_none() && !has_memory {
            let message = "a database on a machine needs `memory`, which holds its pages";
            let diagnostic = Diagnostic::new(Code::MissingField, message, name.span);
            self.tell(diagnostic.hint("write it like `memory: 8GiB`"));
        }
        let taken = [
            (
                class,
                "class",
                "the machine is paid for, so a database on it has no class of its own",
            ),
            (cpu, "cpu", "a database on a machine has the cores of the machine"),
            (
                fields.get(DatabaseFields::SCHEDULING),
                "scheduling",
                "a database on a machine shares its cores as the machine says",
            ),
        ];
        for (node, field, message) in taken {
            let Some(node) = node else { continue };
            let diagnostic = Diagnostic::new(Code::Conflict, message, node.span);
            let hint = format!("leave out `{field}` or `machine`");
            self.tell(diagnostic.hint(hint).also(machine.span, "the machine"));
        }
    }

    fn warn_unpriced(&mut self, engine: &str, class: &At<String>, prices: &Prices) {
        if prices.server(engine, class).is_none() {
            let message = format!(
                "{} has no price for a {engine} database of class {}: the bill leaves it out",
                quoted(&prices.name),
                quoted(class)
            );
            self.tell(Diagnostic::new(Code::UnpricedClass, message, class.span));
        }
    }

    /// Warns of a class of machines that clouds also sell as managed servers, under nearly the same name.
    fn warn_plain_machine(&mut self, engine: &str, class: &At<String>, prices: &Prices) {
        if !matches!(prices.server(engine, class), Some(ServerOffer::Machine(_))) {
            return;
        }
        let managed = format!("db.{}", class.as_str());
        if prices.server(engine, &managed).is_none() {
            return;
        }
        let message = format!(
            "{} is a plain machine: the bill has a {engine} that you run on it yourself, not a managed one",
            quoted(class)
        );
        let hint = format!("write `class: {managed}` for the managed server of this size");
        self.tell(Diagnostic::new(Code::PlainMachine, message, class.span).hint(hint));
    }
}

/// A value that is left out is fine; one that is mistaken is not.
fn swap<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        Some(None) => None,
        Some(value) => Some(value),
        None => Some(None),
    }
}
