//! `run: { limits: … }`: what a run may use up before it is ended or cut short, and says so.

use super::{Decoder, Fields, Path};
use crate::model::Limits;
use crate::scenario::form::{FieldOf, LeftOut, Shape, form};
use crate::scenario::node::Node;

/// Most of anything that a scenario may allow itself where memory goes with it.
const MOST: u64 = 1_000_000;
/// Most locks and sweep points: each is some bytes or a run of its own.
const MOST_MANY: u64 = 100_000_000;

form! { LimitFields "limits" "a map of limits" {
    FRAMES "frames": Shape::Whole, LeftOut::Default("run.limit_frames"),
        "Executions of operations under way in a replication.";
    EVENTS "events": Shape::Whole, LeftOut::Default("run.limit_events"),
        "Things that happen in a replication.";
    SIMULTANEOUS "simultaneous": Shape::Whole, LeftOut::Default("run.limit_simultaneous"),
        "Events at one instant, beyond which time is taken to stand still.";
    LOCKS "locks": Shape::Whole, LeftOut::Default("run.limit_locks"),
        "Rows locked in one database at once.";
    USERS "users": Shape::Whole, LeftOut::Default("run.limit_users"),
        "Those of all closed sources together.";
    WINDOWS "windows": Shape::Whole, LeftOut::Default("run.limit_windows"),
        "Moments, and parts, of a terminating run.";
    COMPARISONS "comparisons": Shape::Whole, LeftOut::Default("run.limit_comparisons"),
        "Pairs of layouts; beyond it each is compared with the first.";
    POINTS "points": Shape::Whole, LeftOut::Default("run.limit_points"),
        "How many the grid of a sweep may have.";
} }

impl Decoder<'_> {
    pub(super) fn limits(&mut self, node: Option<&Node>, path: &Path<'_>) -> Limits {
        let nothing = Node::map(Vec::new(), Default::default());
        let fields = self.fields::<LimitFields>(node.unwrap_or(&nothing), path);
        let Some(fields) = fields.or_else(|| self.fields(&nothing, path)) else {
            unreachable!("nothing is a map")
        };
        let limits = Limits {
            frames: self.limit32(&fields, LimitFields::FRAMES, Limits::MOST_FRAMES.into()),
            events: self.limit(&fields, LimitFields::EVENTS, Limits::MOST_EVENTS),
            simultaneous: self.limit(&fields, LimitFields::SIMULTANEOUS, Limits::MOST_EVENTS),
            locks: self.limit32(&fields, LimitFields::LOCKS, MOST_MANY),
            users: self.limit32(&fields, LimitFields::USERS, Limits::MOST_USERS.into()),
            windows: self.limit32(&fields, LimitFields::WINDOWS, MOST),
            comparisons: self.limit32(&fields, LimitFields::COMPARISONS, MOST),
            points: self.limit32(&fields, LimitFields::POINTS, MOST_MANY),
        };
        self.finish(&fields);
        limits
    }

    /// A limit from 1 to `most`.
    fn limit(
        &mut self,
        fields: &Fields<'_, LimitFields>,
        field: FieldOf<LimitFields>,
        most: u64,
    ) -> u64 {
        let what = format!("a number for the limit `{}`", field.name());
        let limit = fields.or(self, field, |d, node| d.whole(node, &what, 1..=most));
        limit.unwrap_or(1)
    }

    /// The same where it fits 32 bits.
    fn limit32(
        &mut self,
        fields: &Fields<'_, LimitFields>,
        field: FieldOf<LimitFields>,
        most: u64,
    ) -> u32 {
        u32::try_from(self.limit(fields, field, most)).unwrap_or(u32::MAX)
    }
}
