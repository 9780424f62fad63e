//! Instants at which requests come, from a file with one a line, and what each asks for where the lines say
//! so, too.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::column::{Column, Line, UNITS};
use super::{Decoder, Path};
use crate::model::{Span, Trace};
use crate::scenario::form::{LeftOut, Shape, form};
use crate::scenario::nearest::did_you_mean;
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::Nanos;

const INSTANTS: Column =
    Column { what: "instants", hint: "write one time a line, such as `12.5s`" };

/// Endpoints that a trace may name, with their numbers.
pub(super) type Known<'n> = BTreeMap<&'n str, u32>;

/// A line of a trace: when, and what it asks for.
type Moment = (Nanos, Option<u32>);

form! { TraceFields "trace" "a trace" {
    FILE "file": Shape::Name, LeftOut::Missed,
        "One instant a line, and an endpoint behind it, found beside the scenario.";
    UNIT "unit": Shape::Word(UNITS), LeftOut::Means("each line has its own"),
        "What plain numbers in the file are counted in.";
    EVERY "every": Shape::Duration, LeftOut::Means("nobody comes after the last"),
        "After what time all of it begins anew.";
} }

impl Decoder<'_> {
    /// `file.csv`, or `{ file: file.csv, unit: s, every: 24h }`.
    pub(super) fn trace(&mut self, node: &Node, known: &Known<'_>) -> Option<Trace> {
        if node.entries().is_none() {
            return self.one_round(node, None, known);
        }
        let fields = self.fields::<TraceFields>(node, &Path::root())?;
        let file = self.required(&fields, TraceFields::FILE);
        let unit = fields.get(TraceFields::UNIT);
        let every_node = fields.get(TraceFields::EVERY);
        self.finish(&fields);
        let every = every_node.map(|node| (node, self.time_above_zero(node, "`every`")));
        let round = self.one_round(file?, unit, known)?;
        let every = match (every, round.instants.last()) {
            (None, _) => None,
            (Some((node, every)), Some(last)) if every? < *last => {
                let message = format!(
                    "a round ends at {}, before the last request of the trace at {last}",
                    node.found()
                );
                self.tell(Diagnostic::new(Code::OutOfRange, message, node.span));
                return None;
            }
            (Some((_, every)), _) => Some(every?),
        };
        Some(Trace { every, ..round })
    }

    /// A time since the start of the run on each line, in order; behind it an endpoint on all or on none.
    fn one_round(&mut self, file: &Node, unit: Option<&Node>, known: &Known<'_>) -> Option<Trace> {
        let read = |decoder: &mut Self, line: Line<'_>| decoder.moment(line, known);
        let lines = self.column(file, unit, &INSTANTS, read)?;
        self.in_order(&lines)?;
        let instants = lines.iter().map(|((instant, _), _)| *instant).collect();
        let endpoints = lines.iter().filter_map(|((_, endpoint), _)| *endpoint);
        let endpoints: Arc<[u32]> = endpoints.collect();
        let endpoints = (!endpoints.is_empty()).then_some(endpoints);
        Some(Trace { instants, endpoints, every: None })
    }

    /// Refuses a time before that of the line above, and lines of which only some name an endpoint.
    fn in_order(&mut self, lines: &[(Moment, Span)]) -> Option<()> {
        for pair in lines.windows(2) {
            let [((last, before), above), ((instant, endpoint), span)] = pair else { continue };
            let (code, message, hint) = if instant < last {
                (
                    Code::UnsortedTrace,
                    format!("{instant} comes after {last}"),
                    "sort the file by time",
                )
            } else if before.is_some() != endpoint.is_some() {
                let which = if endpoint.is_some() { "an" } else { "no" };
                let message = format!("this line names {which} endpoint, unlike those above");
                (Code::MixedTrace, message, "name an endpoint on every line, or on none")
            } else {
                continue;
            };
            let diagnostic = Diagnostic::new(code, message, *span).hint(hint);
            self.tell(diagnostic.also(*above, "the line above"));
            return None;
        }
        Some(())
    }

    /// `12.5s`, or `12.5s, checkout`; cells may be quoted as those of a CSV file (RFC 4180).
    fn moment(&mut self, line: Line<'_>, known: &Known<'_>) -> Option<Moment> {
        let Some((time, endpoint)) = line.split() else {
            return self.time(line).map(|instant| (instant, None));
        };
        let name = unquoted(endpoint.text);
        let number = name.as_deref().and_then(|name| known.get(name)).copied();
        let fraction = time.text.ends_with(is_digit) && endpoint.text.starts_with(is_digit);
        if number.is_none() && fraction {
            // `1,5` is the mistake of a number, not of a name.
            return self.time(line).map(|instant| (instant, None));
        }
        let instant = match unquoted(time.text) {
            Some(text) => self.time(time.with(&text)),
            None => self.time(time),
        };
        if endpoint.text.is_empty() {
            return instant.map(|instant| (instant, None));
        }
        if number.is_none() {
            self.refuse_endpoint(endpoint, name.as_deref(), known);
        }
        Some((instant?, Some(number?)))
    }

    fn refuse_endpoint(&mut self, cell: Line<'_>, name: Option<&str>, known: &Known<'_>) {
        let Some(name) = name else {
            let message = format!("{} is no name of an endpoint", quoted(cell.text));
            let hint = "write a name with a comma or a quote in quotes, each quote in it twice: \
                        `12.5s, \"buy, \"\"now\"\"\"`";
            self.tell(Diagnostic::new(Code::BadValue, message, cell.span).hint(hint));
            return;
        };
        let known: Vec<&str> = known.keys().copied().collect();
        let hint = if self.is_full() { None } else { did_you_mean(name, &known) };
        let message = format!("no endpoint that takes these arrivals is called {}", quoted(name));
        self.tell(Diagnostic::new(Code::UnknownEndpoint, message, cell.span).maybe_hint(hint));
    }
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

/// The content of a cell of a CSV file; `None` where its quotes are not as they should be.
fn unquoted(cell: &str) -> Option<Cow<'_, str>> {
    let Some(inside) = cell.strip_prefix('"') else {
        return (!cell.contains([',', '"'])).then_some(Cow::Borrowed(cell));
    };
    let inside = inside.strip_suffix('"')?;
    let lone = inside.replace("\"\"", "").contains('"');
    (!lone).then(|| Cow::Owned(inside.replace("\"\"", "\"")))
}
