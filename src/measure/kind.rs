//! The ways in which a request can end: what answers are counted by.

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Well.
    Ok,
    /// A full queue turned it away.
    Rejected,
    /// It waited too long for a connection.
    Timeout,
    /// The business or a third party failed it.
    Failed,
    /// It was aborted to break a deadlock.
    Deadlock,
    /// It lost patience in the queue of a service.
    Abandoned,
    /// It found another event in the place of its own.
    Conflict,
}

impl Kind {
    /// How many there are.
    pub const COUNT: usize = 7;

    /// All, at their own numbers.
    pub const ALL: [Kind; Self::COUNT] = [
        Kind::Ok,
        Kind::Rejected,
        Kind::Timeout,
        Kind::Failed,
        Kind::Deadlock,
        Kind::Abandoned,
        Kind::Conflict,
    ];

    /// Whether another try of the transaction may end well.
    pub fn may_mend(self) -> bool {
        matches!(self, Kind::Deadlock | Kind::Conflict)
    }
}
