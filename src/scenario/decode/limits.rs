//! `run: { limits: … }`: what a run may use up before it is ended or cut short, and says so.

use super::{Decoder, Fields, Path};
use crate::model::Limits;
use crate::scenario::node::Node;

/// Most of anything that a scenario may allow itself where memory goes with it.
const MOST: u64 = 1_000_000;
/// Most locks and sweep points: each is some bytes or a run of its own.
const MOST_MANY: u64 = 100_000_000;

impl Decoder<'_> {
    pub(super) fn limits(&mut self, node: Option<&Node>, path: &Path<'_>) -> Limits {
        let nothing = Node::map(Vec::new(), Default::default());
        let fields = self.fields(node.unwrap_or(&nothing), "a map of limits", path);
        let Some(mut fields) = fields.or_else(|| self.fields(&nothing, "a map of limits", path))
        else {
            unreachable!("nothing is a map")
        };
        let limits = Limits {
            frames: self.limit32(
                &mut fields,
                "frames",
                "run.limit_frames",
                Limits::MOST_FRAMES.into(),
            ),
            events: self.limit(&mut fields, "events", "run.limit_events", Limits::MOST_EVENTS),
            simultaneous: self.limit(
                &mut fields,
                "simultaneous",
                "run.limit_simultaneous",
                Limits::MOST_EVENTS,
            ),
            locks: self.limit32(&mut fields, "locks", "run.limit_locks", MOST_MANY),
            users: self.limit32(&mut fields, "users", "run.limit_users", Limits::MOST_USERS.into()),
            windows: self.limit32(&mut fields, "windows", "run.limit_windows", MOST),
            comparisons: self.limit32(&mut fields, "comparisons", "run.limit_comparisons", MOST),
            points: self.limit32(&mut fields, "points", "run.limit_points", MOST_MANY),
        };
        self.finish(fields);
        limits
    }

    /// A limit from 1 to `most`: the field `name`, or the default called `key`.
    fn limit(
        &mut self,
        fields: &mut Fields<'_>,
        name: &'static str,
        key: &'static str,
        most: u64,
    ) -> u64 {
        let what = format!("a number for the limit `{name}`");
        let read = |decoder: &mut Self, node: &Node| decoder.whole(node, &what, 1..=most);
        match fields.take(name) {
            Some(node) => read(self, node).unwrap_or(1),
            None => self.default_with(fields.path(name), key, read),
        }
    }

    /// The same where it fits 32 bits.
    fn limit32(
        &mut self,
        fields: &mut Fields<'_>,
        name: &'static str,
        key: &'static str,
        most: u64,
    ) -> u32 {
        let limit = self.limit(fields, name, key, most);
        u32::try_from(limit).unwrap_or(u32::MAX)
    }
}
