//! What is followed row by row: tables that are kept as events, and views that a layout keeps of joins.

use super::{Decoder, Names, Path};
use crate::model::{At, Database, EventId, EventLog, Feed, Span, View};
use crate::random::Distribution;
use crate::scenario::form::{Fielded, LeftOut, Shape, choice, form};
use crate::scenario::node::{Entry, Node};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::Nanos;

/// Most events between two snapshots, and most tries.
const MOST_EVENTS: u32 = 1_000_000;
const MOST_TRIES: u32 = 1000;

form! { EventLogFields "event log" "an event log" {
    EVENT "event": Shape::Size, LeftOut::Missed, "Mean size of an event.";
    SNAPSHOT_EVERY "snapshot_every": Shape::Whole, LeftOut::Missed,
        "A snapshot of a key is stored with every so many of its events: 1 with each.";
    REPLAY "replay": Shape::Duration, LeftOut::Default("event_log.replay"),
        "CPU work of the service that loads a key, for each event behind its snapshot.";
    RETRIES "retries": Shape::Whole, LeftOut::Default("event_log.retries"),
        "How often a write outside of transactions starts anew after another event took the place of its own.";
} }

form! { ViewFields "view" "a view" {
    JOINS "joins": Shape::Name, LeftOut::Missed, "The join that it answers: `module.join`.";
    IN "in": Shape::Name, LeftOut::Missed, "Database of the layout that keeps it.";
    FEED "feed": Shape::Either(&[Shape::Word(&["cdc", "events"]), Shape::Map("feed")]), LeftOut::Missed,
        "How the changes of its tables come to it.";
} }

choice! { FeedChoice "feed" "a feed of a view" {
    "cdc": Shape::Map("change data capture"),
        "Each commit on one of its tables is read from that database's log and applied to the view.";
    "events": Shape::List(&Shape::Name),
        "Its consumers take these events from the broker, which those publish who write its tables.";
} }

form! { CdcFields "change data capture" "change data capture" {
    LAG "lag": Shape::Law, LeftOut::Default("cdc.lag"),
        "Time from a commit until its change is there to be applied, apart for each.";
} }

impl Decoder<'_> {
    /// How a table is kept as events.
    pub(super) fn event_log(&mut self, node: &Node, path: &Path<'_>) -> Option<EventLog> {
        let fields = self.fields::<EventLogFields>(node, path)?;
        let event = self.required(&fields, EventLogFields::EVENT);
        let event = event.and_then(|node| self.size_above_zero(node));
        let every = self.required(&fields, EventLogFields::SNAPSHOT_EVERY);
        let every =
            every.and_then(|node| self.whole32(node, "a number of events", 1..=MOST_EVENTS));
        let replay = fields.or(self, EventLogFields::REPLAY, Self::quantity::<Nanos>);
        let retries = fields.or(self, EventLogFields::RETRIES, |decoder, node| {
            decoder.whole32(node, "a number of retries", 0..=MOST_TRIES)
        });
        self.finish(&fields);
        Some(EventLog { event: event?, snapshot_every: every?, replay: replay?, retries: retries? })
    }

    /// The views of a layout.
    pub(super) fn views(
        &mut self,
        node: &Node,
        (names, databases): (&Names, &[Database]),
        path: &Path<'_>,
    ) -> Vec<View> {
        let entries = self.map(node, "a map of views").unwrap_or_default();
        let mut views: Vec<View> = Vec::new();
        for entry in entries {
            let Some(view) = self.view(entry, (names, databases), &path.to(&entry.key)) else {
                continue;
            };
            if let Some(first) = views.iter().find(|known| *known.join == *view.join) {
                let (one, other) = (quoted(&first.name), quoted(&view.name));
                let message = format!("{one} and {other} are views of the same join");
                let diagnostic = Diagnostic::new(Code::Conflict, message, view.join.span);
                let hint = "leave one of them out: every reader of the join asks the same view";
                self.tell(diagnostic.hint(hint).also(first.join.span, "the first one"));
            }
            views.push(view);
        }
        views
    }

    fn view(
        &mut self,
        Entry { key, value }: &Entry,
        (names, databases): (&Names, &[Database]),
        path: &Path<'_>,
    ) -> Option<View> {
        let name = self.name(key, true);
        let fields = self.fields::<ViewFields>(value, path)?;
        let feed = self.required(&fields, ViewFields::FEED);
        let feed = feed.and_then(|node| self.feed(node, names, &path.to(ViewFields::FEED.name())));
        let join = self.required(&fields, ViewFields::JOINS);
        let join = join.and_then(|node| names.resolve_join(self, node));
        let database = self.required(&fields, ViewFields::IN);
        let known: Vec<&str> = databases.iter().map(|it| it.name.as_str()).collect();
        let database =
            database.and_then(|node| self.one_of(node, "database", Code::UnknownDatabase, &known));
        self.finish(&fields);
        Some(View { name, join: join?, database: database?, feed: feed? })
    }

    /// How changes come to a view.
    fn feed(&mut self, node: &Node, names: &Names, path: &Path<'_>) -> Option<Feed> {
        let what = "a feed of a view";
        if node.entries().is_none() {
            if self.word(node, what, &[("cdc", false), ("events", true)])? {
                return Some(Feed::Events { said: node.span, named: Vec::new() });
            }
            return self.cdc(&Node::map(Vec::new(), node.span), &path.to("cdc")).map(Feed::Cdc);
        }
        let Entry { key, value } = self.one_key(node, what)?;
        match key.as_str() {
            "cdc" => self.cdc(value, &path.to(key)).map(Feed::Cdc),
            "events" => self.fed_by(value, names, key.span),
            other => {
                let message = format!("{what} is never {}", quoted(other));
                let known = FeedChoice::FORM.names();
                self.unknown(Code::UnknownWord, message, key.span, other, &known);
                None
            }
        }
    }

    /// The events that feed a view, named one by one.
    fn fed_by(&mut self, node: &Node, names: &Names, said: Span) -> Option<Feed> {
        let items = self.list(node, "a list of events")?;
        if items.is_empty() {
            let message = "a view that is fed by no event never changes";
            let diagnostic = Diagnostic::new(Code::OutOfRange, message, node.span);
            let hint =
                "name some, or write `feed: events`: all that those publish who write its tables";
            self.tell(diagnostic.hint(hint));
            return None;
        }
        let event = |item: &Node| {
            names.resolve_event(self, item, None).map(|event| At::new(event, item.span))
        };
        // All that are wrong are told, not the first alone.
        let named: Vec<Option<At<EventId>>> = items.iter().map(event).collect();
        let named = named.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Feed::Events { said, named })
    }

    fn cdc(&mut self, node: &Node, path: &Path<'_>) -> Option<Distribution> {
        let fields = self.fields::<CdcFields>(node, path)?;
        let lag = fields.or(self, CdcFields::LAG, Self::distribution);
        self.finish(&fields);
        lag
    }
}
