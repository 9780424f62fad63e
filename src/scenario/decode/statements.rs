//! Steps that ask a database: read, write, join.

use super::steps::Operation;
use super::{Decoder, Path};
use crate::model::{Access, Action, Statement};
use crate::scenario::node::Node;
use crate::scenario::{Code, Diagnostic};

impl Decoder<'_> {
    /// `read: table`, or `read: { table, rows, scan: true }`; a write takes `insert: true` too.
    pub(super) fn statement(
        &mut self,
        node: &Node,
        write: bool,
        operation: &Operation<'_, '_>,
    ) -> Option<Statement> {
        let (mut table, mut rows, mut access) = (node, None, Access::Index);
        if node.entries().is_some() {
            let what = if write { "a write" } else { "a read" };
            let mut fields = self.fields(node, what, &Path::root())?;
            table = self.required(&mut fields, "table")?;
            rows = fields.take("rows");
            let scan = fields.take("scan").and_then(|node| self.truth(node, "`scan`"));
            let insert_node = if write { fields.take("insert") } else { None };
            let insert = insert_node.and_then(|node| self.truth(node, "`insert`"));
            self.finish(fields);
            access = match (scan.unwrap_or(false), insert.unwrap_or(false)) {
                (true, true) => {
                    let message = "new rows need no scan: leave out `scan` or `insert`";
                    self.tell(Diagnostic::new(Code::Conflict, message, node.span));
                    return None;
                }
                (true, false) => Access::Scan,
                (false, true) => Access::Insert,
                (false, false) => Access::Index,
            };
        }
        let table = operation.names.resolve_table(self, table, Some(operation.module));
        let rows = self.rows(rows, "statement.rows");
        Some(Statement { table: table?, rows: rows?, access })
    }

    fn rows(&mut self, node: Option<&Node>, key: &'static str) -> Option<u32> {
        const WHAT: &str = "a number of rows";
        match node {
            Some(node) => self.whole32(node, WHAT, 1..=u32::MAX),
            None => {
                let node = self.default_once(key);
                self.whole32(&node, WHAT, 1..=u32::MAX)
            }
        }
    }

    pub(super) fn join(&mut self, node: &Node, operation: &Operation<'_, '_>) -> Option<Action> {
        let mut fields = self.fields(node, "a join", &Path::root())?;
        let list = self.required(&mut fields, "tables");
        let rows = fields.take("rows");
        self.finish(fields);
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
        let rows = self.rows(rows, "statement.rows")?;
        Some(Action::Join { tables, rows })
    }
}
