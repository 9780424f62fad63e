//! When those who wait lose patience: one wake-up stands for all of them.
//!
//! Most who wait are served before their time, so their deadlines are kept here and not in the event
//! queue, which every other event goes through: it holds the earliest only. Who is served does not
//! say so; a deadline whose ticket is no longer valid is dropped when it comes up, or all at once
//! when most are such. Twin for tests: `tests::List`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A deadline: time (ns), ticket, and whose it is.
type Deadline<J> = (u64, u64, J);

/// Deadlines of those who wait in one queue, and of some who no longer do.
#[derive(Debug, Clone)]
pub(crate) struct Deadlines<J> {
    /// The earliest on top; of several the one with the least ticket.
    heap: BinaryHeap<Reverse<Deadline<J>>>,
    /// Time (ns) of the wake-up that stands; `NEVER` without one.
    due: u64,
}

/// The wake-up of nobody.
const NEVER: u64 = u64::MAX;

/// So many may be invalid before they are looked for.
const SPARE: usize = 64;

impl<J: Ord> Default for Deadlines<J> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), due: NEVER }
    }
}

impl<J: Copy + Ord> Deadlines<J> {
    /// One more waits, at most until `time` (ns); `waiting` do in all. `ticket` is its own and grows.
    /// `Some(time)`: the wake-up must be then instead.
    pub(crate) fn add(
        &mut self,
        (time, ticket, frame): Deadline<J>,
        waiting: usize,
        is_valid: impl Fn(J, u64) -> bool,
    ) -> Option<u64> {
        if self.heap.len() > 2 * waiting + SPARE {
            self.heap.retain(|Reverse((_, ticket, frame))| is_valid(*frame, *ticket));
        }
        self.heap.push(Reverse((time, ticket, frame)));
        self.earlier(time)
    }

    /// The wake-up that stood has come: none stands any more.
    pub(crate) fn wake(&mut self) {
        self.due = NEVER;
    }

    /// Takes the next whose time has come, with its ticket; whether it still waits is not known here.
    pub(crate) fn expired(&mut self, now: u64) -> Option<(J, u64)> {
        let &Reverse((_, ticket, frame)) = self.heap.peek().filter(|next| next.0.0 <= now)?;
        self.heap.pop();
        Some((frame, ticket))
    }

    /// The next whose time has come and who still waits. Costs a look at all.
    pub(crate) fn first_expired(&self, now: u64, is_valid: impl Fn(J, u64) -> bool) -> Option<J> {
        let expired = self.heap.iter().map(|Reverse(deadline)| *deadline);
        let expired =
            expired.filter(|&(time, ticket, frame)| time <= now && is_valid(frame, ticket));
        expired.min().map(|(_, _, frame)| frame)
    }

    /// Time (ns) of the next who still waits, where the wake-up must be then instead of what stands.
    pub(crate) fn next(&mut self, is_valid: impl Fn(J, u64) -> bool) -> Option<u64> {
        while let Some(&Reverse((time, ticket, frame))) = self.heap.peek() {
            if is_valid(frame, ticket) {
                return self.earlier(time);
            }
            self.heap.pop();
        }
        None
    }

    fn earlier(&mut self, time: u64) -> Option<u64> {
        (time < self.due).then(|| {
            self.due = time;
            time
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    /// Slow and obvious: everyone who waits, in a list.
    type List = Vec<Deadline<u32>>;

    #[test]
    fn everyone_who_waits_to_the_end_of_patience_is_told_then_and_nobody_else() {
        for seed in 0..200 {
            let mut draws = Draws::new(seed);
            let mut deadlines = Deadlines::default();
            let mut list = List::new();
            let (mut due, mut wakes) = (NEVER, 0);
            for ticket in 1..2_000 {
                let now = 10 * ticket;
                // Wake-ups until now, each at its own time.
                while due <= now {
                    let at = std::mem::replace(&mut due, NEVER);
                    wakes += 1;
                    deadlines.wake();
                    while let Some((frame, ticket)) = deadlines.expired(at) {
                        if list.iter().any(|own| (own.2, own.1) == (frame, ticket)) {
                            let next = list.iter().copied().min();
                            assert_eq!(next, Some((at, ticket, frame)), "seed {seed}");
                            list.retain(|own| Some(*own) != next);
                        }
                    }
                    let valid =
                        |frame, ticket| list.iter().any(|own| (own.2, own.1) == (frame, ticket));
                    due = deadlines.next(valid).unwrap_or(due);
                }
                assert!(list.iter().all(|own| own.0 > now), "seed {seed}: somebody was forgotten");
                if draws.below(3) > 0 && !list.is_empty() {
                    list.remove(0);
                }
                // Frames are used again; tickets are not.
                let deadline = (now + 1 + draws.below(2_000), ticket, (ticket % 7) as u32);
                list.push(deadline);
                let valid =
                    |frame, ticket| list.iter().any(|own| (own.2, own.1) == (frame, ticket));
                due = deadlines.add(deadline, list.len(), valid).unwrap_or(due);
                assert!(deadlines.heap.len() <= 2 * list.len() + SPARE + 1, "seed {seed}");
            }
            assert!(wakes < 2_000, "seed {seed}: {wakes} wake-ups");
        }
    }
}
