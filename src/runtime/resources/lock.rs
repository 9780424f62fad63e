//! Row locks of one database: exclusive, held until the session ends its transaction. Then each row is handed on to
//! the one that waits longest for it, or is free and all that waited are told to ask anew.
//!
//! Memory grows with the rows locked now: a free row has no entry, and only a contended row has a
//! queue, lent from a pool. A session waits for at most one row, so what waits for whom is a chain
//! and a deadlock is a chain that comes back to its start.
//! Twin for tests: `tests::Slow`, which keeps every row's holder and queue in one sorted list.

use std::collections::VecDeque;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};

/// The answer to a request for a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LockAnswer {
    /// The session holds the row now.
    Granted,
    /// It did already.
    AlreadyHeld,
    /// It waits; a `release_all` of another session will name it.
    Queued,
}

/// The locks of one database.
///
/// A session is a small number that is used again after its transaction (a slot, such as that of
/// a connection): the table keeps a place for each up to the largest ever seen.
#[derive(Debug, Clone)]
pub(crate) struct LockTable<J> {
    rows: Rows,
    sessions: Vec<LockSession>,
    queues: Vec<VecDeque<Waiter<J>>>,
    free_queues: Vec<u32>,
    waiting_count: usize,
    /// Tables whose hottest row has become free since somebody asked.
    freed_hottest: Vec<u32>,
}

/// The row of a table that is asked for most, where some are.
pub(crate) const HOTTEST: u64 = 0;

// Every write looks its row up here, and a tree would cost several cache misses. The map is never
// iterated and its hasher has no random state, so its order can be seen nowhere.
#[allow(clippy::disallowed_types)]
type Rows = std::collections::HashMap<Row, Lock, BuildHasherDefault<RowHasher>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Row {
    table: u32,
    row: u64,
}

/// A locked row.
#[derive(Debug, Clone, Copy)]
struct Lock {
    holder: u32,
    /// Index of the queue of a contended row.
    queue: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Waiter<J> {
    session: u32,
    frame: J,
}

#[derive(Debug, Clone, Default)]
struct LockSession {
    /// In the order they were granted.
    held: Vec<Row>,
    waits_for: Option<Row>,
}

impl<J: Copy> LockTable<J> {
    /// A table without locks.
    pub(crate) fn new() -> Self {
        LockTable {
            rows: Rows::default(),
            sessions: Vec::new(),
            queues: Vec::new(),
            free_queues: Vec::new(),
            waiting_count: 0,
            freed_hottest: Vec::new(),
        }
    }

    /// `session` wants `row` of `table`; if it must wait, `frame` is who continues once granted.
    ///
    /// # Panics
    /// When the session already waits for a row.
    pub(crate) fn acquire(&mut self, session: u32, table: u32, row: u64, frame: J) -> LockAnswer {
        let place = session as usize;
        if place >= self.sessions.len() {
            self.sessions.resize_with(place + 1, LockSession::default);
        }
        let asking = &mut self.sessions[place];
        assert!(asking.waits_for.is_none(), "a session waits for one row at a time");
        let row = Row { table, row };
        let lock = match self.rows.entry(row) {
            Entry::Vacant(free) => {
                free.insert(Lock { holder: session, queue: None });
                asking.held.push(row);
                return LockAnswer::Granted;
            }
            Entry::Occupied(taken) => taken.into_mut(),
        };
        if lock.holder == session {
            return LockAnswer::AlreadyHeld;
        }
        asking.waits_for = Some(row);
        self.waiting_count += 1;
        let queue = *lock.queue.get_or_insert_with(|| {
            self.free_queues.pop().unwrap_or_else(|| {
                self.queues.push(VecDeque::new());
                (self.queues.len() - 1) as u32
            })
        });
        self.queues[queue as usize].push_back(Waiter { session, frame });
        LockAnswer::Queued
    }

    /// The transaction of `session` ends: its wait, if any, is cancelled and each of its rows, in
    /// the order they were granted, passes to the one that waits longest for it. Appends those,
    /// as (session, frame), to `granted`.
    pub(crate) fn release_all(&mut self, session: u32, granted: &mut Vec<(u32, J)>) {
        self.cancel(session);
        let Some(ending) = self.sessions.get_mut(session as usize) else {
            return;
        };
        let mut held = std::mem::take(&mut ending.held);
        for row in held.drain(..) {
            self.pass_on(row, granted);
        }
        // The list keeps its room for the session's next transaction.
        self.sessions[session as usize].held = held;
    }

    /// The transaction of `session` ends: its wait, if any, is cancelled and each of its rows, in the order they
    /// were granted, is free. Appends all that waited for one, as (session, frame), to `woken`, in the order in
    /// which they came: they wait no longer, and must ask anew.
    pub(crate) fn free_all(&mut self, session: u32, woken: &mut Vec<(u32, J)>) {
        self.cancel(session);
        let Some(ending) = self.sessions.get_mut(session as usize) else {
            return;
        };
        let mut held = std::mem::take(&mut ending.held);
        for row in held.drain(..) {
            let Some(lock) = self.rows.remove(&row) else {
                unreachable!("a row that a session holds is locked");
            };
            if row.row == HOTTEST {
                self.freed_hottest.push(row.table);
            }
            let Some(queue) = lock.queue else { continue };
            for waiter in self.queues[queue as usize].drain(..) {
                self.sessions[waiter.session as usize].waits_for = None;
                self.waiting_count -= 1;
                woken.push((waiter.session, waiter.frame));
            }
            self.free_queues.push(queue);
        }
        self.sessions[session as usize].held = held;
    }

    /// `session` gives up its wait, as a deadlock's victim does; the rows it holds stay held.
    /// The frame that waited; `None` when none did.
    pub(crate) fn cancel(&mut self, session: u32) -> Option<J> {
        let row = self.sessions.get_mut(session as usize)?.waits_for.take()?;
        self.waiting_count -= 1;
        let lock = self.rows.get_mut(&row);
        let Some((lock, queue)) = lock.and_then(|lock| lock.queue.map(|queue| (lock, queue)))
        else {
            unreachable!("a row that is waited for is held and has a queue");
        };
        let waiters = &mut self.queues[queue as usize];
        let place = waiters.iter().position(|waiter| waiter.session == session);
        let Some(waiter) = place.and_then(|place| waiters.remove(place)) else {
            unreachable!("who waits for a row is in its queue");
        };
        if waiters.is_empty() {
            lock.queue = None;
            self.free_queues.push(queue);
        }
        Some(waiter.frame)
    }

    /// The deadlock that `session` is part of: who waits for whom, from `session` on, each for a
    /// row that the next holds and the last for one of `session`. `None` without such a cycle,
    /// also when the session merely waits behind one: to abort it would free nobody.
    pub(crate) fn in_cycle(&self, session: u32) -> Option<Vec<u32>> {
        // A chain longer than the sessions that wait runs round a cycle of others.
        let mut chain = std::iter::successors(self.blocker(session), |&next| self.blocker(next))
            .take(self.waiting_count);
        let length = chain.position(|next| next == session)? + 1;
        let chain = std::iter::successors(Some(session), |&next| self.blocker(next));
        Some(chain.take(length).collect())
    }

    /// The tables whose hottest row has become free since this was asked last.
    pub(crate) fn freed_hottest(&mut self) -> impl Iterator<Item = u32> {
        self.freed_hottest.drain(..)
    }

    /// Rows locked now.
    pub(crate) fn held_count(&self) -> usize {
        self.rows.len()
    }

    /// Sessions that wait now.
    pub(crate) fn waiting_count(&self) -> usize {
        self.waiting_count
    }

    /// Who waits for a row: the session, the frame that goes on once it has it, and the holder.
    pub(crate) fn waits(&self) -> impl Iterator<Item = (u32, J, u32)> {
        let held = self.sessions.iter().flat_map(|session| &session.held);
        let contended = held.filter_map(|row| {
            let lock = self.rows.get(row)?;
            Some((&self.queues[lock.queue? as usize], lock.holder))
        });
        contended.flat_map(|(queue, holder)| {
            queue.iter().map(move |waiter| (waiter.session, waiter.frame, holder))
        })
    }

    /// Who holds the row that `session` waits for. Those in front of it in the queue wait for the
    /// same holder, so they are on no cycle that does not go through the holder.
    fn blocker(&self, session: u32) -> Option<u32> {
        let row = self.sessions.get(session as usize)?.waits_for?;
        self.rows.get(&row).map(|lock| lock.holder)
    }

    /// Hands `row` to its next waiter, or frees it.
    fn pass_on(&mut self, row: Row, granted: &mut Vec<(u32, J)>) {
        let Entry::Occupied(mut taken) = self.rows.entry(row) else {
            unreachable!("a row that a session holds is locked");
        };
        let lock = taken.get_mut();
        let Some(queue) = lock.queue else {
            taken.remove();
            if row.row == HOTTEST {
                self.freed_hottest.push(row.table);
            }
            return;
        };
        let waiters = &mut self.queues[queue as usize];
        let Some(next) = waiters.pop_front() else {
            unreachable!("a queue that is lent has somebody in it");
        };
        lock.holder = next.session;
        if waiters.is_empty() {
            lock.queue = None;
            self.free_queues.push(queue);
        }
        let session = &mut self.sessions[next.session as usize];
        session.held.push(row);
        session.waits_for = None;
        self.waiting_count -= 1;
        granted.push((next.session, next.frame));
    }
}

/// Folds each word in by a multiplication whose halves are mixed (as wyhash does, Wang Yi 2019).
/// The same on every machine and in every run; nobody here wants to make rows collide.
#[derive(Debug, Clone, Copy, Default)]
struct RowHasher(u64);

impl Hasher for RowHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    #[inline]
    fn write_u64(&mut self, word: u64) {
        let mixed = self.0 ^ word ^ 0x9e37_79b9_7f4a_7c15;
        let product = u128::from(mixed) * 0xa076_1d64_78bd_642f;
        self.0 = product as u64 ^ (product >> 64) as u64;
    }

    #[inline]
    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;
    use std::collections::BTreeMap;

    /// A row's table and number.
    type Name = (u32, u64);

    /// Slow and obvious: each row has those who want it, the holder first, as (session, frame);
    /// the order of granting is kept apart.
    #[derive(Default)]
    struct Slow {
        wanted: BTreeMap<Name, Vec<(u32, u32)>>,
        grants: Vec<(u32, Name)>,
    }

    impl Slow {
        fn acquire(&mut self, session: u32, row: Name, frame: u32) -> LockAnswer {
            let wanting = self.wanted.entry(row).or_default();
            if wanting.first().is_some_and(|first| first.0 == session) {
                return LockAnswer::AlreadyHeld;
            }
            wanting.push((session, frame));
            if wanting.len() > 1 {
                return LockAnswer::Queued;
            }
            self.grants.push((session, row));
            LockAnswer::Granted
        }

        fn waiting(&self, session: u32) -> Option<(Name, u32)> {
            let rows = self.wanted.iter();
            let mut waits = rows.flat_map(|(&row, wanting)| {
                wanting.iter().skip(1).map(move |&(waiting, frame)| (waiting, row, frame))
            });
            let (_, row, frame) = waits.find(|wait| wait.0 == session)?;
            Some((row, frame))
        }

        /// Session, frame and holder of every wait.
        fn waits(&self) -> Vec<(u32, u32, u32)> {
            let rows = self.wanted.values();
            let waits = rows.flat_map(|wanting| {
                wanting.iter().skip(1).map(|&(session, frame)| (session, frame, wanting[0].0))
            });
            waits.collect()
        }

        fn cancel(&mut self, session: u32) -> Option<u32> {
            let (row, frame) = self.waiting(session)?;
            self.wanted.get_mut(&row).unwrap().retain(|wanting| wanting.0 != session);
            Some(frame)
        }

        fn release_all(&mut self, session: u32) -> Vec<(u32, u32)> {
            self.cancel(session);
            let mut granted = Vec::new();
            let held = self.grants.iter().filter(|grant| grant.0 == session);
            let held: Vec<Name> = held.map(|grant| grant.1).collect();
            self.grants.retain(|grant| grant.0 != session);
            for row in held {
                let wanting = self.wanted.get_mut(&row).unwrap();
                wanting.remove(0);
                match wanting.first() {
                    Some(&next) => {
                        granted.push(next);
                        self.grants.push((next.0, row));
                    }
                    None => {
                        self.wanted.remove(&row);
                    }
                }
            }
            granted
        }

        fn free_all(&mut self, session: u32) -> Vec<(u32, u32)> {
            self.cancel(session);
            let held = self.grants.iter().filter(|grant| grant.0 == session);
            let held: Vec<Name> = held.map(|grant| grant.1).collect();
            self.grants.retain(|grant| grant.0 != session);
            held.iter().flat_map(|row| self.wanted.remove(row).unwrap().split_off(1)).collect()
        }

        /// Everybody that `session` waits for, by following each row to its holder for as many
        /// steps as there are sessions.
        fn cycle(&self, session: u32, sessions: u32) -> Option<Vec<u32>> {
            let mut path = vec![session];
            for _ in 0..sessions {
                let (row, _) = self.waiting(*path.last().unwrap())?;
                let holder = self.wanted[&row][0].0;
                if holder == session {
                    return Some(path);
                }
                path.push(holder);
            }
            None
        }
    }

    #[test]
    fn it_answers_as_sorted_lists_do() {
        let (mut cycles, mut behind) = (0, 0);
        for seed in 0..300 {
            let mut draws = Draws::new(seed);
            let sessions = 2 + draws.below(8) as u32;
            let rows = 1 + draws.below(12);
            let (mut locks, mut slow) = (LockTable::new(), Slow::default());
            let mut granted = Vec::new();
            for frame in 0..400 {
                let session = draws.below(u64::from(sessions)) as u32;
                match draws.below(10) {
                    0..=6 if slow.waiting(session).is_none() => {
                        let row = (draws.below(2) as u32, draws.below(rows));
                        let answer = locks.acquire(session, row.0, row.1, frame);
                        assert_eq!(answer, slow.acquire(session, row, frame), "seed {seed}");
                    }
                    7 => {
                        locks.release_all(session, &mut granted);
                        assert_eq!(granted, slow.release_all(session), "seed {seed}");
                        granted.clear();
                    }
                    8 => {
                        locks.free_all(session, &mut granted);
                        assert_eq!(granted, slow.free_all(session), "seed {seed}");
                        granted.clear();
                    }
                    9 => assert_eq!(locks.cancel(session), slow.cancel(session), "seed {seed}"),
                    _ => {}
                }
                let waiting = (0..sessions).filter(|&one| slow.waiting(one).is_some()).count();
                assert_eq!(locks.waiting_count(), waiting);
                assert_eq!(locks.held_count(), slow.wanted.len());
                let (mut waits, mut expected) = (locks.waits().collect::<Vec<_>>(), slow.waits());
                waits.sort_unstable();
                expected.sort_unstable();
                assert_eq!(waits, expected, "seed {seed}");
                for session in 0..sessions {
                    let cycle = slow.cycle(session, sessions);
                    cycles += u32::from(cycle.is_some());
                    behind += u32::from(cycle.is_none() && waiting > 1);
                    assert_eq!(locks.in_cycle(session), cycle, "seed {seed}");
                }
            }
            for session in 0..sessions {
                locks.release_all(session, &mut granted);
            }
            assert!(locks.rows.is_empty() && locks.waiting_count() == 0, "seed {seed}");
            assert_eq!(locks.free_queues.len(), locks.queues.len(), "every queue came back");
        }
        assert!(cycles > 1000 && behind > 1000, "the stories hold deadlocks: {cycles}, {behind}");
    }

    #[test]
    fn two_that_want_each_others_row_are_a_cycle_and_the_third_behind_them_is_not() {
        let mut locks = LockTable::new();
        let mut granted = Vec::new();
        locks.acquire(1, 0, 10, 100);
        locks.acquire(2, 0, 20, 200);
        assert_eq!(locks.acquire(1, 0, 20, 101), LockAnswer::Queued);
        assert_eq!(locks.acquire(3, 0, 10, 300), LockAnswer::Queued);
        assert_eq!(locks.in_cycle(1), None);
        assert_eq!(locks.acquire(2, 0, 10, 201), LockAnswer::Queued);
        assert_eq!(locks.in_cycle(1), Some(vec![1, 2]));
        assert_eq!(locks.in_cycle(2), Some(vec![2, 1]));
        assert_eq!(locks.in_cycle(3), None);
        // The victim is aborted: its row goes on, and the cycle is gone.
        locks.release_all(2, &mut granted);
        assert_eq!(granted, [(1, 101)]);
        assert_eq!(locks.in_cycle(1), None);
        locks.release_all(1, &mut granted);
        assert_eq!(granted, [(1, 101), (3, 300)]);
    }

    #[test]
    fn memory_follows_the_rows_held_and_not_the_rows_ever_locked() {
        let mut locks = LockTable::new();
        let mut granted = Vec::new();
        for row in 0..100_000 {
            let session = (row % 7) as u32;
            locks.acquire(session, 0, row, 1);
            locks.acquire(session + 7, 0, row, 2);
            locks.release_all(session, &mut granted);
            locks.release_all(session + 7, &mut granted);
            assert_eq!(granted, [(session + 7, 2)]);
            granted.clear();
        }
        assert!(locks.rows.is_empty());
        assert!(locks.rows.capacity() < 100, "{}", locks.rows.capacity());
        assert_eq!(locks.queues.len(), 1);
    }

    #[test]
    fn neighbouring_rows_spread_over_the_buckets() {
        // 64 Ki rows into as many buckets by the low bits, and the high seven bits: a fair
        // throw leaves 1/e of the buckets empty.
        let mut low = vec![false; 1 << 16];
        let mut high = [0u32; 128];
        for row in 0..1u64 << 16 {
            let mut hasher = RowHasher::default();
            hasher.write_u32(3);
            hasher.write_u64(row * 1000);
            low[(hasher.finish() & 0xffff) as usize] = true;
            high[(hasher.finish() >> 57) as usize] += 1;
        }
        let empty = low.iter().filter(|&&taken| !taken).count() as f64 / 65536.0;
        assert!((empty - (-1f64).exp()).abs() < 0.03, "{empty}");
        assert!(high.iter().all(|&count| (256..1024).contains(&count)), "{high:?}");
    }

    #[test]
    #[should_panic(expected = "one row at a time")]
    fn a_session_that_waits_twice_is_our_own_bug() {
        let mut locks = LockTable::new();
        locks.acquire(1, 0, 0, 0);
        locks.acquire(2, 0, 0, 0);
        locks.acquire(2, 0, 1, 0);
    }
}
