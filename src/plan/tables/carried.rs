//! What steps know of events at a broker: which event, which outbox, what a request does.

use crate::ids::Id;

/// Tells an event from others.
#[derive(Debug, Clone, Copy)]
pub enum Topic {}

/// Tells the outbox of a database from others.
#[derive(Debug, Clone, Copy)]
pub enum Outboxed {}

/// An event that a transaction keeps in its database.
#[derive(Debug, Clone, Copy)]
pub struct EnqueuedPlan {
    /// Which event.
    pub topic: Id<Topic>,
    /// Where.
    pub outbox: Id<Outboxed>,
}

/// What a request to a broker does, a step after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CourierAct {
    /// The way to the machine that leads the partition.
    Go,
    /// The way from there to a machine that copies.
    Copy,
    /// CPU for it and its messages.
    Work,
    /// Waits until the log of the machine holds them.
    Log,
    /// Waits for room in the partition, and is written.
    Write,
    /// The way back from a machine that copies.
    Copied,
    /// The way back to the publishers.
    Return,
    /// The publishers go on.
    Confirm,
    /// A relay looks what its database keeps.
    Look,
    /// A relay sends what it has found.
    Relay,
    /// A relay strikes out what it has sent.
    Strike,
}
