//! A database of a layout.

use super::{Decoder, Names, Path};
use crate::model::{At, Database, HitShare, Prices, StatementCosts, TableId};
use crate::random::Distribution;
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Bytes, Nanos, Share};

/// Keys of what differs between engines.
#[derive(Clone, Copy)]
struct Engine {
    statement: &'static str,
    row_read: &'static str,
    row_write: &'static str,
    page: &'static str,
    deadlock_timeout: &'static str,
    max_connections: &'static str,
    connection_memory: &'static str,
}

macro_rules! engine {
    ($name:literal) => {
        Engine {
            statement: concat!("database.", $name, ".statement"),
            row_read: concat!("database.", $name, ".row_read"),
            row_write: concat!("database.", $name, ".row_write"),
            page: concat!("database.", $name, ".page"),
            deadlock_timeout: concat!("database.", $name, ".deadlock_timeout"),
            max_connections: concat!("database.", $name, ".max_connections"),
            connection_memory: concat!("database.", $name, ".connection_memory"),
        }
    };
}

const ENGINES: &[(&str, Engine)] =
    &[("postgres", engine!("postgres")), ("mysql", engine!("mysql"))];

/// Most connections of a server, and of a pool.
const MOST_CONNECTIONS: u32 = 1_000_000;

impl Decoder<'_> {
    /// A database with the tables worked out before.
    pub(super) fn database(
        &mut self,
        name: &At<String>,
        node: &Node,
        tables: Vec<TableId>,
        names: &Names,
        prices: Option<&Prices>,
        path: &Path<'_>,
    ) -> Option<Database> {
        let mut fields = self.fields(node, "a database", path)?;
        fields.take("tables");
        let engine = fields.take("engine");
        let class_node = fields.take("class");
        let cpu_node = fields.take("cpu");
        let memory_node = fields.take("memory");
        let storage = fields.take("storage");
        let pool_node = fields.take("pool");
        let acquire_timeout = fields.take("acquire_timeout");
        let max_connections = fields.take("max_connections");
        let hit = fields.take("hit");
        let cache_share = fields.take("cache_share");
        let costs = fields.take("costs");
        let deadlock_timeout = fields.take("deadlock_timeout");
        for part in ["replicas", "shards", "partitions", "standby", "failover"] {
            self.not_built(&mut fields, part);
        }
        if class_node.is_none() && (cpu_node.is_none() || memory_node.is_none()) {
            let message = "a database needs `class`, or `cpu` and `memory`";
            let diagnostic = Diagnostic::new(Code::MissingField, message, name.span);
            self.tell(
                diagnostic.hint("write it like `class: db.m6i.large`, or `cpu: 2, memory: 8GiB`"),
            );
        }
        self.finish(fields);
        let at = |field: &str| path.to(field).text();

        let engine_of = |d: &mut Self, node: &Node| d.word(node, "an engine", ENGINES);
        let engine = match engine {
            Some(node) => engine_of(self, node)?,
            None => self.default_with(at("engine"), "database.engine", engine_of),
        };
        let cpu = cpu_node.map(|node| self.positive(node, "a number of cores", 1e4));
        let memory = memory_node.map(|node| self.size_above_zero(node));
        let (cpu, memory) = (swap(cpu)?, swap(memory)?);
        let class = match class_node {
            Some(node) => {
                Some(At::new(self.scalar(node, "a class of database")?.to_string(), node.span))
            }
            None => None,
        };
        let (cpu, memory) = match (&class, class_node) {
            (Some(class), Some(node)) => self.class_size(class, node, prices, cpu, memory)?,
            _ => (cpu?, memory?),
        };
        if let (Some(class), Some(prices)) = (&class, prices) {
            self.warn_unpriced(class, prices);
        }
        let storage = self.storage(storage, name.span, path)?;
        let connections = |d: &mut Self, node: &Node| {
            d.whole32(node, "a number of connections", 1..=MOST_CONNECTIONS)
        };
        let pool = match pool_node {
            Some(node) => At::new(connections(self, node)?, node.span),
            None => At::new(self.default_with(at("pool"), "database.pool", connections), name.span),
        };
        let acquire_timeout = match acquire_timeout {
            Some(node) if node.is_word("none") => None,
            Some(node) => Some(self.quantity(node)?),
            None => Some(self.default(at("acquire_timeout"), "database.acquire_timeout")),
        };
        let max_connections = match max_connections {
            Some(node) => connections(self, node)?,
            None => self.max_connections(&engine, class.as_ref(), memory, at("max_connections")),
        };
        let hit = match hit {
            Some(node) => self.hit(node, names, &tables)?,
            None => HitShare::FromMemory,
        };
        let cache_share = match cache_share {
            Some(node) => self.quantity::<Share>(node)?,
            None => self.default(at("cache_share"), "database.cache_share"),
        };
        let costs = self.costs(costs, &engine, &path.to("costs"))?;
        let deadlock_timeout = match deadlock_timeout {
            Some(node) => self.quantity(node)?,
            None => self.default(at("deadlock_timeout"), engine.deadlock_timeout),
        };
        let name = name.clone();
        Some(Database {
            name,
            tables,
            class,
            cpu,
            memory,
            cache_share,
            storage,
            pool,
            acquire_timeout,
            max_connections,
            hit,
            costs,
            deadlock_timeout,
        })
    }

    /// A managed server's limit grows with its memory; another's is what the engine ships with.
    fn max_connections(
        &mut self,
        engine: &Engine,
        class: Option<&At<String>>,
        memory: Bytes,
        path: String,
    ) -> u32 {
        const MOST_MANAGED: u64 = 5000;
        if class.is_some_and(|class| class.starts_with("db.")) {
            let each: Bytes = self.default(path, engine.connection_memory);
            let count = (memory.0 / each.0.max(1)).clamp(1, MOST_MANAGED);
            return u32::try_from(count).unwrap_or(u32::MAX);
        }
        self.default_with(path, engine.max_connections, |decoder, node| {
            decoder.whole32(node, "a number of connections", 1..=MOST_CONNECTIONS)
        })
    }

    fn warn_unpriced(&mut self, class: &At<String>, prices: &Prices) {
        let priced = |price: &crate::model::Price| price.item == class.value && price.kind != "vm";
        if !prices.prices.iter().any(priced) {
            let message = format!(
                "{} has no price for a database of class {}: the bill leaves it out",
                quoted(&prices.name),
                quoted(class)
            );
            self.tell(Diagnostic::new(Code::UnpricedClass, message, class.span));
        }
    }

    /// `99%` for all tables, or `{ orders.orders: 95% }`.
    fn hit(&mut self, node: &Node, names: &Names, tables: &[TableId]) -> Option<HitShare> {
        if node.entries().is_none() {
            return self.quantity::<Share>(node).map(HitShare::Given);
        }
        let mut given = Vec::new();
        for entry in self.map(node, "hit shares by table")? {
            let key = Node::scalar(entry.key.value.clone(), entry.key.span);
            let table = names.resolve_table(self, &key, None);
            let share = self.quantity::<Share>(&entry.value);
            let (Some(table), Some(share)) = (table, share) else {
                continue;
            };
            if !tables.contains(&table) {
                let message = format!("table {} is not on this database", quoted(&entry.key));
                self.tell(Diagnostic::new(Code::NotHere, message, entry.key.span));
            }
            given.push((table, share));
        }
        Some(HitShare::PerTable(given))
    }

    fn costs(
        &mut self,
        node: Option<&Node>,
        engine: &Engine,
        path: &Path<'_>,
    ) -> Option<StatementCosts> {
        if node.is_some_and(|node| node.is_word("none")) {
            let page = self.default(path.to("page").text(), engine.page);
            let statement = Distribution::Constant(Nanos::ZERO);
            let (row_read, row_write) = (Nanos::ZERO, Nanos::ZERO);
            return Some(StatementCosts { statement, row_read, row_write, page });
        }
        let nothing = Node::map(Vec::new(), Default::default());
        let mut fields = self.fields(node.unwrap_or(&nothing), "statement costs", path)?;
        let statement = match fields.take("statement") {
            Some(node) => self.distribution(node)?,
            None => {
                let path = fields.path("statement");
                self.default_with(path, engine.statement, Self::distribution)
            }
        };
        let row_read = match fields.take("row_read") {
            Some(node) => self.quantity(node)?,
            None => self.default(fields.path("row_read"), engine.row_read),
        };
        let row_write = match fields.take("row_write") {
            Some(node) => self.quantity(node)?,
            None => self.default(fields.path("row_write"), engine.row_write),
        };
        let page = match fields.take("page") {
            Some(node) => self.size_above_zero(node)?,
            None => self.default(fields.path("page"), engine.page),
        };
        self.finish(fields);
        Some(StatementCosts { statement, row_read, row_write, page })
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
