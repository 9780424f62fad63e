//! Steps that ask a database: read, write, join.

use super::steps::InOperation;
use super::{Decoder, Path};
use crate::model::{Access, Action, Join, Statement};
use crate::scenario::form::{LeftOut, Shape, form};
use crate::scenario::node::Node;
use crate::scenario::{Code, Diagnostic};

form! { ReadFields "read" "a read" {
    TABLE "table": Shape::Name, LeftOut::Missed,
        "Where the rows are: `module.table`, or a table of the own module.";
    ROWS "rows": Shape::Whole, LeftOut::Default("statement.rows"),
        "How many records one statement fetches.";
    SCAN "scan": Shape::Truth, LeftOut::Means("false: by an index"),
        "Whether the whole table is read.";
} }

form! { WriteFields "write" "a write" {
    TABLE "table": Shape::Name, LeftOut::Missed,
        "Where the rows are: `module.table`, or a table of the own module.";
    ROWS "rows": Shape::Whole, LeftOut::Default("statement.rows"),
        "How many records one statement changes or adds.";
    SCAN "scan": Shape::Truth, LeftOut::Means("false: by an index"),
        "Whether the whole table is read to find them.";
    INSERT "insert": Shape::Truth, LeftOut::Means("false: rows that are there"),
        "Whether the rows are new, so that none is locked.";
} }

form! { JoinFields "join" "a join" {
    NAME "name": Shape::Name, LeftOut::Means("no view can answer it"),
        "Tells it from the others of its module: a layout may keep its answer as a view.";
    TABLES "tables": Shape::List(&Shape::Name), LeftOut::Missed,
        "Two or more: `module.table`, or tables of the own module.";
    ROWS "rows": Shape::Whole, LeftOut::Default("statement.rows"),
        "How many records each of them contributes.";
    BATCH "batch": Shape::Truth, LeftOut::Means("true: once each"),
        "Where one database does not have all of them: `false` asks once for each row of the first table.";
} }

impl Decoder<'_> {
    /// `read: table`, or `read: { table, rows, scan: true }`; a write takes `insert: true` too.
    pub(super) fn statement(
        &mut self,
        node: &Node,
        write: bool,
        operation: &mut InOperation<'_, '_>,
    ) -> Option<Statement> {
        let (mut table, mut rows) = (node, None);
        let (mut scan, mut insert) = (None, None);
        if node.entries().is_some() && write {
            let fields = self.fields::<WriteFields>(node, &Path::root())?;
            table = self.required(&fields, WriteFields::TABLE)?;
            rows = fields.get(WriteFields::ROWS);
            scan = fields.get(WriteFields::SCAN).and_then(|node| self.truth(node, "`scan`"));
            insert = fields.get(WriteFields::INSERT).and_then(|node| self.truth(node, "`insert`"));
            self.finish(&fields);
        } else if node.entries().is_some() {
            let fields = self.fields::<ReadFields>(node, &Path::root())?;
            table = self.required(&fields, ReadFields::TABLE)?;
            rows = fields.get(ReadFields::ROWS);
            scan = fields.get(ReadFields::SCAN).and_then(|node| self.truth(node, "`scan`"));
            self.finish(&fields);
        }
        let access = match (scan.unwrap_or(false), insert.unwrap_or(false)) {
            (true, true) => {
                let message = "new rows need no scan: leave out `scan` or `insert`";
                self.tell(Diagnostic::new(Code::Conflict, message, node.span));
                return None;
            }
            (true, false) => Access::Scan,
            (false, true) => Access::Insert,
            (false, false) => Access::Index,
        };
        let table = operation.names.resolve_table(self, table, Some(operation.module));
        let default = if write { WriteFields::ROWS.field } else { ReadFields::ROWS.field };
        let rows = self.or_once(rows, default, Self::rows);
        let table = table?;
        let is_after_read = write && operation.has_read(table);
        if !write {
            operation.read.push(table);
        }
        Some(Statement { table, rows: rows?, access, is_after_read })
    }

    fn rows(&mut self, node: &Node) -> Option<u32> {
        self.whole32(node, "a number of rows", 1..=u32::MAX)
    }

    pub(super) fn join(
        &mut self,
        node: &Node,
        operation: &mut InOperation<'_, '_>,
    ) -> Option<Action> {
        let fields = self.fields::<JoinFields>(node, &Path::root())?;
        let list = self.required(&fields, JoinFields::TABLES);
        self.finish(&fields);
        let items = list.and_then(|node| self.list(node, "a list of tables"))?;
        let module = Some(operation.module);
        let tables: Vec<_> = items
            .iter()
            .filter_map(|item| operation.names.resolve_table(self, item, module))
            .collect();
        if items.len() < 2 {
            let message = "a join has at least two tables";
            let span = list.map_or(node.span, |list| list.span);
            let diagnostic = Diagnostic::new(Code::OutOfRange, message, span);
            self.tell(diagnostic.hint("of one table it is a `read`"));
        }
        let rows = fields.get(JoinFields::ROWS);
        let rows = self.or_once(rows, JoinFields::ROWS.field, Self::rows)?;
        let batch = fields.get(JoinFields::BATCH).and_then(|node| self.truth(node, "`batch`"));
        let name = match fields.get(JoinFields::NAME) {
            Some(node) => {
                let (module, taken) = (operation.module, &mut operation.named.joins);
                Some(self.step_name(node, "join", module, taken)?)
            }
            None => None,
        };
        Some(Action::Join(Join { name, tables, rows, batched: batch.unwrap_or(true) }))
    }
}
