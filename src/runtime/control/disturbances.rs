//! Disturbances: what is done to those who are there, at instants that are given beforehand. No scenario can ask
//! for them; every property that faults, timeouts and scaling stand on is tested through them.

use crate::ids::Id;
use crate::measure::Kind;
use crate::plan::{NodesPlan, ServicePlan};

/// Something that is done at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disturbance {
    /// When (ns).
    pub at: u64,
    /// What.
    pub what: Disturbed,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Disturbed {
    /// A frame is killed with all that it started in its process: the one whose number is `pick` modulo the
    /// frames that are there. Whoever waits for it is told `answer`.
    Kill {
        /// Chooses the frame.
        pick: u64,
        /// What is told in its place.
        answer: Kind,
    },
    /// Whoever waits for a frame that came as a request is told `answer`, and the frame works on for nobody.
    Orphan {
        /// Chooses the frame.
        pick: u64,
        /// What is told in its place.
        answer: Kind,
    },
    /// One more instance of a service comes.
    Join {
        /// Which service.
        service: Id<ServicePlan>,
    },
    /// An instance gets no new request, finishes what it has, and goes: the one whose number is `pick` modulo
    /// the instances that there ever were. Nothing happens where it is the last that takes requests.
    Drain {
        /// Chooses the instance.
        pick: u64,
    },
    /// The cores of a host have this speed from now on, against the reference core.
    Speed {
        /// Chooses the host among those that there ever were.
        pick: u64,
        /// The speed.
        speed: f64,
    },
    /// Nodes of a class come, or go where `more` is negative.
    Nodes {
        /// Which class.
        class: Id<NodesPlan>,
        /// How many.
        more: f64,
    },
}
