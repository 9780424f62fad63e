//! Memory that does not grow with the threads: of all replications at a time, one may be large.
//!
//! The limits of a scenario bound a replication, and as many run as there are threads. One that comes to need much
//! waits here until no other one does; so a process holds one large replication and, for each thread, a small one.
//! Which of them waits changes no figure.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Frames, or users, above which a replication is large: some 40 MB of frames with their paths.
pub(in crate::runtime) const LARGE: usize = 1 << 17;

/// The turn to be large, which one replication has at a time.
#[derive(Debug, Default)]
pub struct LargeRuns {
    is_taken: Mutex<bool>,
    freed: Condvar,
}

/// The turn of one replication, given back when it ends.
#[derive(Debug)]
pub(in crate::runtime) struct Turn<'a>(&'a LargeRuns);

impl LargeRuns {
    /// No one has the turn.
    pub const fn new() -> Self {
        LargeRuns { is_taken: Mutex::new(false), freed: Condvar::new() }
    }

    /// Waits for the turn; `None` where `stop` is set before it comes. Whoever has the turn ends soon after `stop` is
    /// set, too, so nobody waits long.
    pub(in crate::runtime) fn take(&self, stop: &AtomicBool) -> Option<Turn<'_>> {
        let mut is_taken = self.lock();
        while *is_taken {
            is_taken = self.freed.wait(is_taken).unwrap_or_else(PoisonError::into_inner);
        }
        if stop.load(Ordering::Relaxed) {
            self.freed.notify_one();
            return None;
        }
        *is_taken = true;
        Some(Turn(self))
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.is_taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.lock() = false;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;

    #[test]
    fn one_at_a_time_is_large() {
        let runs = LargeRuns::new();
        let (inside, most) = (AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let turn = runs.take(&AtomicBool::new(false));
                    let now = inside.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    std::thread::yield_now();
                    inside.fetch_sub(1, Ordering::SeqCst);
                    assert!(turn.is_some());
                });
            }
        });
        assert_eq!(most.into_inner(), 1);
    }

    #[test]
    fn those_that_are_not_wanted_any_more_take_no_turn_and_hold_nobody_up() {
        let (runs, stop) = (LargeRuns::new(), AtomicBool::new(false));
        let first = runs.take(&stop);
        assert!(first.is_some());
        std::thread::scope(|scope| {
            let waiting: Vec<_> =
                (0..4).map(|_| scope.spawn(|| runs.take(&stop).is_none())).collect();
            stop.store(true, Ordering::Relaxed);
            drop(first);
            for one in waiting {
                assert!(one.join().is_ok_and(|is_none| is_none));
            }
        });
    }
}
