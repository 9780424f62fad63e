//! Instants at which requests come, from a file with one a line.

use super::column::Column;
use super::{Decoder, Path};
use crate::model::Trace;
use crate::scenario::Diagnostic;
use crate::scenario::node::Node;
use crate::units::Nanos;

const INSTANTS: Column =
    Column { what: "instants", hint: "write one time a line, such as `12.5s`" };

impl Decoder<'_> {
    /// `file.csv`, or `{ file: file.csv, unit: s, every: 24h }`.
    pub(super) fn trace(&mut self, node: &Node) -> Option<Trace> {
        if node.entries().is_none() {
            let instants = self.instants(node, None)?;
            return Some(Trace { instants: instants.into(), every: None });
        }
        let mut fields = self.fields(node, "a trace", &Path::root())?;
        let file = self.required(&mut fields, "file");
        let unit = fields.take("unit");
        let every_node = fields.take("every");
        self.finish(fields);
        let every = every_node.map(|node| (node, self.time_above_zero(node, "`every`")));
        let instants = self.instants(file?, unit)?;
        let every = match (every, instants.last()) {
            (None, _) => None,
            (Some((node, every)), Some(last)) if every? < *last => {
                let message = format!(
                    "a round ends at {}, before the last request of the trace at {last}",
                    node.found()
                );
                self.tell(Diagnostic::error("out-of-range", message, node.span));
                return None;
            }
            (Some((_, every)), _) => Some(every?),
        };
        Some(Trace { instants: instants.into(), every })
    }

    /// A time since the start of the run on each line, in order.
    fn instants(&mut self, file: &Node, unit: Option<&Node>) -> Option<Vec<Nanos>> {
        let times = self.column(file, unit, &INSTANTS)?;
        let mut steps = times.iter().zip(times.iter().skip(1));
        if let Some(((last, _), (instant, span))) = steps.find(|(last, next)| next.0 < last.0) {
            let message = format!("{instant} comes after {last}");
            let diagnostic = Diagnostic::error("unsorted-trace", message, *span);
            self.tell(diagnostic.hint("sort the file by time"));
            return None;
        }
        Some(times.into_iter().map(|(instant, _)| instant).collect())
    }
}
