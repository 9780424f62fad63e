//! How an engine works: what statements, rows and commits cost its CPU, and how it keeps row locks.

use super::{Decoder, Path};
use crate::model::{LockProtocol, StatementCosts, Storage};
use crate::random::Distribution;
use crate::scenario::form::{LeftOut, Shape, form, names};
use crate::scenario::node::Node;
use crate::scenario::{Code, Diagnostic};
use crate::units::Nanos;

/// Engines of a database, which have defaults of their own.
pub(super) const ENGINES: [(&str, &str); 2] = [("postgres", "postgres"), ("mysql", "mysql")];

/// How row locks are kept: as one of the engines does, or as queueing theory has it.
pub(super) const PROTOCOLS: [(&str, LockProtocol); 3] = [
    ("postgres", LockProtocol::Postgres),
    ("innodb", LockProtocol::Innodb),
    ("fifo", LockProtocol::Fifo),
];

/// Longest `commit_delay` (ns), as PostgreSQL has it.
const MOST_DELAY: u64 = 100_000_000;

form! { CostFields "statement costs" "statement costs" {
    STATEMENT "statement": Shape::Law, LeftOut::DefaultOf("database.*.statement", &names(&ENGINES)),
        "CPU work of each one, whatever it does: parse, plan, answer.";
    ROW_READ "row_read": Shape::Duration, LeftOut::DefaultOf("database.*.row_read", &names(&ENGINES)),
        "CPU work of each row that is read.";
    ROW_WRITE "row_write": Shape::Duration, LeftOut::DefaultOf("database.*.row_write", &names(&ENGINES)),
        "CPU work of each row that is changed or added, once it is locked.";
    COMMIT "commit": Shape::Law, LeftOut::DefaultOf("database.*.commit", &names(&ENGINES)),
        "CPU work of each commit of what was written.";
    FLUSH "flush": Shape::Law, LeftOut::DefaultOf("database.*.flush", &names(&ENGINES)),
        "CPU work of each flush of the log: half before the volume has it, half after.";
    REQUEUE "requeue": Shape::Law, LeftOut::DefaultOf("database.*.requeue", &names(&ENGINES)),
        "CPU work of each session that the commit of a row wakes, as with the locks of PostgreSQL.";
    WAKE_UP "wake_up": Shape::Law, LeftOut::DefaultOf("database.*.wake_up", &names(&ENGINES)),
        "CPU work of a session each time it begins to work while a core is idle, beside its other costs.";
    PAGE "page": Shape::Size, LeftOut::DefaultOf("database.*.page", &names(&ENGINES)),
        "How much of a table comes in with one read.";
} }

impl Decoder<'_> {
    pub(super) fn costs(
        &mut self,
        node: Option<&Node>,
        engine: &str,
        path: &Path<'_>,
    ) -> Option<StatementCosts> {
        let nothing = Node::map(Vec::new(), Default::default());
        let free = node.is_some_and(|node| node.is_word("none"));
        let node = node.filter(|_| !free).unwrap_or(&nothing);
        let fields = self.fields::<CostFields>(node, path)?;
        if free {
            let page = fields.or_of(self, CostFields::PAGE, engine, Self::quantity)?;
            let statement = Distribution::Constant(Nanos::ZERO);
            let (row_read, row_write) = (Nanos::ZERO, Nanos::ZERO);
            let [commit, flush, requeue, wake_up] =
                [const { Distribution::Constant(Nanos::ZERO) }; 4];
            return Some(StatementCosts {
                statement,
                row_read,
                row_write,
                commit,
                flush,
                requeue,
                wake_up,
                page,
            });
        }
        let costs = StatementCosts {
            statement: fields.or_of(self, CostFields::STATEMENT, engine, Self::work)?,
            row_read: fields.or_of(self, CostFields::ROW_READ, engine, Self::quantity)?,
            row_write: fields.or_of(self, CostFields::ROW_WRITE, engine, Self::quantity)?,
            commit: fields.or_of(self, CostFields::COMMIT, engine, Self::work)?,
            flush: fields.or_of(self, CostFields::FLUSH, engine, Self::work)?,
            requeue: fields.or_of(self, CostFields::REQUEUE, engine, Self::work)?,
            wake_up: fields.or_of(self, CostFields::WAKE_UP, engine, Self::work)?,
            page: fields.or_of(self, CostFields::PAGE, engine, Self::size_above_zero)?,
        };
        self.finish(&fields);
        self.refuse_long_wake_up(&costs, fields.get(CostFields::WAKE_UP));
        Some(costs)
    }

    /// As for processes, nothing takes a second to wake.
    fn refuse_long_wake_up(&mut self, costs: &StatementCosts, node: Option<&Node>) {
        let Some(node) = node.filter(|_| costs.wake_up.mean() > 1.0) else { return };
        let message = "a session does not work for more than a second to wake";
        let diagnostic = Diagnostic::new(Code::OutOfRange, message, node.span);
        self.tell(diagnostic.hint("write what was measured, such as `20us`"));
    }

    pub(super) fn engine(&mut self, node: &Node) -> Option<&'static str> {
        self.word(node, "an engine", &ENGINES)
    }

    pub(super) fn lock_protocol(&mut self, node: &Node) -> Option<LockProtocol> {
        self.word(node, "a lock protocol", &PROTOCOLS)
    }

    /// An engine keeps row locks in its own way; else as theory has it.
    pub(super) fn refuse_foreign_locks(
        &mut self,
        engine: &str,
        locks: LockProtocol,
        node: Option<&Node>,
    ) {
        let Some(node) = node else { return };
        let (own, word) = match engine {
            "mysql" => (LockProtocol::Innodb, "innodb"),
            _ => (LockProtocol::Postgres, "postgres"),
        };
        if [own, LockProtocol::Fifo].contains(&locks) {
            return;
        }
        let message = format!("{engine} does not keep row locks the way of {}", node.found());
        let hint = format!(
            "leave `locks` out, which is `{word}` there, or write `fifo`, as queueing theory has it"
        );
        self.tell(Diagnostic::new(Code::Conflict, message, node.span).hint(hint));
    }

    /// A delay of flushes is PostgreSQL's, at most 100 ms, and says nothing where nothing is flushed.
    pub(super) fn refuse_idle_delay(
        &mut self,
        (engine, delay, storage): (&str, Nanos, &Storage),
        delay_node: Option<&Node>,
        siblings: Option<&Node>,
    ) {
        let mut conflict = |node: &Node, message: String, hint: &str| {
            self.tell(Diagnostic::new(Code::Conflict, message, node.span).hint(hint));
        };
        match (delay_node, siblings) {
            (Some(node), _) if engine != "postgres" && delay > Nanos::ZERO => {
                conflict(node, format!("{engine} has no `commit_delay`"), "leave it out");
            }
            (Some(node), _) if storage.flush.is_zero() && delay > Nanos::ZERO => {
                let message = "where a flush takes no time nothing is flushed, so none is delayed";
                conflict(node, message.to_string(), "leave out `commit_delay`");
            }
            (_, Some(node)) if delay == Nanos::ZERO => {
                let message = "`commit_siblings` says nothing without a `commit_delay`";
                conflict(node, message.to_string(), "write `commit_delay: 1ms` beside it");
            }
            _ => {}
        }
        let longest = Nanos(MOST_DELAY);
        if let Some(node) = delay_node.filter(|_| delay > longest) {
            let message = format!("a `commit_delay` of {delay} is longer than PostgreSQL takes");
            let hint = format!("write at most `{longest}`");
            self.tell(Diagnostic::new(Code::OutOfRange, message, node.span).hint(hint));
        }
    }

    /// Work that is written and that nobody ever does says nothing.
    pub(super) fn refuse_idle_costs(
        &mut self,
        node: Option<&Node>,
        costs: &StatementCosts,
        locks: LockProtocol,
        storage: &Storage,
    ) {
        let asks_anew = locks == LockProtocol::Postgres;
        let idle = [
            (
                CostFields::REQUEUE,
                !asks_anew && !costs.requeue.is_zero(),
                "only with `locks: postgres` does whoever waits for a row ask anew",
            ),
            (
                CostFields::FLUSH,
                storage.flush.is_zero() && !costs.flush.is_zero(),
                "where a flush takes no time nothing is flushed, so nobody works for it",
            ),
        ];
        for (field, is_idle, message) in idle {
            let written = node.and_then(|node| node.get(field.name()));
            if let Some(written) = written.filter(|_| is_idle) {
                let diagnostic = Diagnostic::new(Code::Conflict, message, written.span);
                self.tell(diagnostic.hint(format!("leave out `{}`", field.name())));
            }
        }
    }
}
