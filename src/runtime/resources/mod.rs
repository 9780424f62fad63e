//! What a frame may have to wait for: CPU, threads and connections, row locks, storage, the log.
//!
//! A resource is passive. Asked, it answers granted, queued or refused, and says who is next; it
//! neither schedules nor draws, and a frame is an opaque number to it. Times are nanoseconds.
//! Memory grows with what is present, and is kept for reuse when it leaves.

pub(crate) mod allotment;
pub(crate) mod cpu;
pub(crate) mod deadlines;
pub(crate) mod event_loop;
pub(crate) mod lag;
pub(crate) mod lock;
pub(crate) mod log;
pub(crate) mod pool;
pub(crate) mod versions;
pub(crate) mod volume;

#[cfg(test)]
mod draws;
