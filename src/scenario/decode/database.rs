//! A database of a layout.

use super::mechanisms::{ENGINES, PROTOCOLS};
use super::{Decoder, Fields, Names, Path};
use crate::model::{
    At, Database, DefaultUse, HitShare, Machine, Platform, Scheduling, Span, TableId, default_value,
};
use crate::scenario::form::{LeftOut, Shape, form, names};
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Bytes, Nanos, Share};

/// Kinds of storage, which have defaults of their own.
pub(super) const STORAGES: &[&str] = &["gp3", "gp2", "io2", "nvme", "ssd", "hdd"];

/// Most connections of a server, and of a pool.
const MOST_CONNECTIONS: u32 = 1_000_000;
/// Most of `commit_siblings`, as PostgreSQL has it.
const MOST_SIBLINGS: u32 = 1000;

/// How sessions share cores.
pub(super) const SCHEDULING: [(&str, Scheduling); 3] = [
    ("ps", Scheduling::ProcessorSharing),
    ("time_slices", Scheduling::TimeSlices),
    ("fcfs", Scheduling::FirstComeFirstServed),
];

const NONE: Shape = Shape::Word(&["none"]);

form! { DatabaseFields "database" "a database" {
    TABLES "tables": Shape::Either(&[Shape::Word(&["all"]), Shape::List(&Shape::Name)]),
        LeftOut::Means("those of the module that is called as it is"),
        "What it holds: tables, or modules whose every table is meant.";
    ENGINE "engine": Shape::Word(&names(&ENGINES)), LeftOut::Default("database.engine"),
        "Whose costs and limits it has where none are written.";
    CLASS "class": Shape::Name, LeftOut::Means("`cpu` and `memory` are given, and nothing is paid"),
        "Priced class, such as `db.m6i.large`, which has its cores and memory.";
    MACHINE "machine": Shape::Name, LeftOut::Means("a server of its own"),
        "Machine of the layout that it stands on, whose cores it shares with all else there.";
    ON_NODES "on_nodes": Shape::Truth, LeftOut::Means("a server of its own, or the machine"),
        "Whether it is packed on the nodes of the platform, like an instance of a service.";
    WEIGHT "weight": Shape::Number, LeftOut::Default("service.weight"),
        "Its weight on a machine with `scheduling: fair_share`.";
    CPU "cpu": Shape::Number, LeftOut::Means("that of the class or the machine"),
        "Cores of the server.";
    SCHEDULING "scheduling": Shape::Word(&names(&SCHEDULING)), LeftOut::Default("database.scheduling"),
        "How its sessions share the cores; a machine has one for all that stands on it.";
    MEMORY "memory": Shape::Size, LeftOut::Means("that of the class"),
        "What the server has for its buffers and all else.";
    STORAGE "storage": Shape::Either(&[Shape::Word(STORAGES), NONE, Shape::Keyed(STORAGES, &Shape::Size), Shape::Map("storage")]),
        LeftOut::Default("database.storage"),
        "Volume that it reads from and logs to: `{ gp3: 100GiB }`, or `{ kind: gp3, size: 100GiB, iops: 6000 }`.";
    POOL "pool": Shape::Whole, LeftOut::Default("database.pool"),
        "Connections that each instance of a service may hold.";
    ACQUIRE_TIMEOUT "acquire_timeout": Shape::Either(&[Shape::Duration, NONE]),
        LeftOut::Default("database.acquire_timeout"),
        "How long a request waits for a connection before it fails.";
    MAX_CONNECTIONS "max_connections": Shape::Whole,
        LeftOut::DefaultOf("database.*.max_connections", &names(&ENGINES)),
        "How many the server takes of all instances; of a managed class it grows with its memory.";
    HIT "hit": Shape::Either(&[Shape::Share, Shape::Named(&Shape::Share)]),
        LeftOut::Means("worked out from its memory and the skew of the tables"),
        "Share of the pages that are in memory, for all tables or by table.";
    CACHE_SHARE "cache_share": Shape::Share, LeftOut::Default("database.cache_share"),
        "Part of its memory that holds pages.";
    COSTS "costs": Shape::Either(&[Shape::Map("statement costs"), NONE]),
        LeftOut::Means("all of it as its own fields say"),
        "CPU work of statements and rows.";
    DEADLOCK_TIMEOUT "deadlock_timeout": Shape::Duration,
        LeftOut::DefaultOf("database.*.deadlock_timeout", &names(&ENGINES)),
        "How long a row is waited for before the server looks for a deadlock.";
    LOCKS "locks": Shape::Word(&names(&PROTOCOLS)),
        LeftOut::DefaultOf("database.*.locks", &names(&ENGINES)),
        "How row locks are kept: as that engine does, or handed on in order once the commit is on disk.";
    COMMIT_DELAY "commit_delay": Shape::Duration, LeftOut::Default("database.commit_delay"),
        "With PostgreSQL: how long whoever leads a flush of the log waits for others to join.";
    COMMIT_SIBLINGS "commit_siblings": Shape::Whole, LeftOut::Default("database.commit_siblings"),
        "Other transactions that must have written before a flush is delayed.";
} not_built &["replicas", "shards", "partitions", "standby", "failover"] }

/// What a database may refer to.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) names: &'a Names,
    pub(super) platform: &'a Platform,
    pub(super) machines: &'a [Machine],
}

impl Decoder<'_> {
    /// A database with the tables worked out before.
    pub(super) fn database(
        &mut self,
        name: &At<String>,
        node: &Node,
        tables: Vec<TableId>,
        around: &Around<'_>,
        path: &Path<'_>,
    ) -> Option<Database> {
        let Around { names, .. } = *around;
        let fields = self.fields::<DatabaseFields>(node, path)?;
        self.refuse_without_size(name, &fields);
        self.finish(&fields);

        let engine = fields.or(self, DatabaseFields::ENGINE, Self::engine)?;
        let server = self.server(&fields, engine, around)?;
        let storage = self.storage(fields.get(DatabaseFields::STORAGE), name.span, path)?;
        let pool = fields.at_or(self, DatabaseFields::POOL, name.span, Self::connections)?;
        let acquire_timeout =
            fields.or(self, DatabaseFields::ACQUIRE_TIMEOUT, Self::acquire_timeout)?;
        let max_connections =
            self.max_connections(&fields, engine, server.class.as_ref(), server.memory)?;
        let hit = match fields.get(DatabaseFields::HIT) {
            Some(node) => self.hit(node, names, &tables)?,
            None => HitShare::FromMemory,
        };
        self.refuse_beside_hit(&fields, &hit, &tables);
        let cache_share = fields.or(self, DatabaseFields::CACHE_SHARE, Self::quantity)?;
        let costs = self.costs(fields.get(DatabaseFields::COSTS), engine, &path.to("costs"))?;
        let deadlock_timeout =
            fields.or_of(self, DatabaseFields::DEADLOCK_TIMEOUT, engine, Self::quantity)?;
        let locks = fields.or_of(self, DatabaseFields::LOCKS, engine, Self::lock_protocol)?;
        self.refuse_foreign_locks(engine, locks, fields.get(DatabaseFields::LOCKS));
        let commit_delay = fields.or(self, DatabaseFields::COMMIT_DELAY, Self::quantity)?;
        let commit_siblings =
            fields.or(self, DatabaseFields::COMMIT_SIBLINGS, |decoder, node| {
                decoder.whole32(node, "a number of transactions", 0..=MOST_SIBLINGS)
            })?;
        self.refuse_idle_delay(
            (engine, commit_delay, &storage),
            fields.get(DatabaseFields::COMMIT_DELAY),
            fields.get(DatabaseFields::COMMIT_SIBLINGS),
        );
        self.refuse_idle_costs(fields.get(DatabaseFields::COSTS), &costs, locks, &storage);
        let place = fields.get(DatabaseFields::MEMORY).or(fields.get(DatabaseFields::CLASS));
        let place = place.map_or(name.span, |node| node.span);
        self.refuse_below_a_page((server.memory, cache_share, costs.page), &hit, place);
        Some(Database {
            name: name.clone(),
            tables,
            engine,
            class: server.class,
            machine: server.machine,
            on_nodes: server.on_nodes,
            weight: server.weight,
            cpu: server.cpu,
            scheduling: server.scheduling,
            memory: server.memory,
            cache_share,
            storage,
            pool,
            acquire_timeout,
            max_connections,
            hit,
            costs,
            deadlock_timeout,
            locks,
            commit_delay,
            commit_siblings,
        })
    }

    /// A server works on pages that are in its memory: it holds one at least, and caches one unless it is told to
    /// cache none or how often it does.
    fn refuse_below_a_page(
        &mut self,
        (memory, cached, page): (Bytes, Share, Bytes),
        hit: &HitShare,
        place: Span,
    ) {
        let cache = Bytes((memory.0 as f64 * cached.0) as u64);
        let is_free = matches!(hit, HitShare::Given(_)) || cached.0 == 0.0;
        let (what, room) = match memory < page {
            true => ("a memory", memory),
            false if cache < page && !is_free => ("a cache", cache),
            false => return,
        };
        let message = format!("{what} of {room} cannot hold a single page of {page}");
        let diagnostic = Diagnostic::new(Code::MemoryBelowAPage, message, place);
        self.tell(diagnostic.hint("write more `memory`, a larger `cache_share`, or `hit: 90%`"));
    }

    /// Where it is said how often every table is found in memory, no part of the memory is asked.
    fn refuse_beside_hit(
        &mut self,
        fields: &Fields<'_, DatabaseFields>,
        hit: &HitShare,
        tables: &[TableId],
    ) {
        let is_given = match hit {
            HitShare::FromMemory => false,
            HitShare::Given(_) => true,
            HitShare::PerTable(given) => {
                tables.iter().all(|table| given.iter().any(|(of, _)| of == table))
            }
        };
        let (Some(node), true) = (fields.get(DatabaseFields::CACHE_SHARE), is_given) else {
            return;
        };
        let message = "`hit` says how often pages are in memory, so `cache_share` says nothing";
        let diagnostic = Diagnostic::new(Code::Conflict, message, node.span);
        let diagnostic = diagnostic.hint("leave out `hit` or `cache_share`");
        let hit = fields.get(DatabaseFields::HIT).map_or(fields.span, |node| node.span);
        self.tell(diagnostic.also(hit, "the share that is given"));
    }

    fn connections(&mut self, node: &Node) -> Option<u32> {
        self.whole32(node, "a number of connections", 1..=MOST_CONNECTIONS)
    }

    /// How long a request waits for a connection; `none` for ever.
    fn acquire_timeout(&mut self, node: &Node) -> Option<Option<Nanos>> {
        if node.is_word("none") {
            return Some(None);
        }
        self.quantity(node).map(Some)
    }

    /// A managed server's limit grows with its memory; another's is what the engine ships with.
    fn max_connections(
        &mut self,
        fields: &Fields<'_, DatabaseFields>,
        engine: &str,
        class: Option<&At<String>>,
        memory: Bytes,
    ) -> Option<u32> {
        const MOST_MANAGED: u64 = 5000;
        let field = DatabaseFields::MAX_CONNECTIONS;
        let managed = class.is_some_and(|class| class.starts_with("db."));
        if !managed {
            return fields.or_of(self, field, engine, Self::connections);
        }
        let default = default_value(&format!("database.{engine}.connection_memory"));
        let within = |each: Bytes| (memory.0 / each.0.max(1)).clamp(1, MOST_MANAGED) as u32;
        if let Some(node) = fields.get(field) {
            let count = self.connections(node)?;
            let is_it = default.value.parse().is_ok_and(|each| count == within(each));
            let path = fields.path(field);
            let used = is_it.then(|| DefaultUse { path, key: &default.key });
            self.written.note(node.span, field.name(), is_it, used);
            return Some(count);
        }
        Some(within(self.default_with(fields.path(field), &default.key, Self::quantity)))
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
}
