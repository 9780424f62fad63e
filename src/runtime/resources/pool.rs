//! Counted tokens with a first-in first-out queue: the threads of an instance, its connections.
//!
//! On the hottest path of the engine, hence nothing but a counter and a ring.
//! Twin for tests: `tests::Lists`; theory: Erlang's loss formula.

use std::collections::VecDeque;

/// The answer to a request for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Acquired {
    /// The frame holds a token now.
    Granted,
    /// The frame waits; a `release` will name it.
    Queued,
    /// The queue is full.
    Refused,
}

/// Tokens, who waits for one, and how many may wait.
#[derive(Debug, Clone)]
pub(crate) struct Pool<J> {
    size: u32,
    in_use: u32,
    queue_limit: u32,
    queue: VecDeque<J>,
}

impl<J: Copy + PartialEq> Pool<J> {
    /// `size`: tokens. `queue_limit`: frames that may wait; `None`: without limit.
    pub(crate) fn new(size: u32, queue_limit: Option<u32>) -> Self {
        Self {
            size,
            in_use: 0,
            queue_limit: queue_limit.unwrap_or(u32::MAX),
            queue: VecDeque::new(),
        }
    }

    /// Asks for a token for `frame`.
    #[inline]
    pub(crate) fn acquire(&mut self, frame: J) -> Acquired {
        if self.in_use < self.size {
            self.in_use += 1;
            Acquired::Granted
        } else if self.queued() < self.queue_limit {
            self.queue.push_back(frame);
            Acquired::Queued
        } else {
            Acquired::Refused
        }
    }

    /// Gives one token back. `Some(frame)`: it passed straight to this frame, the longest waiting.
    ///
    /// # Panics
    /// When no token is out: somebody gave one back twice.
    #[inline]
    pub(crate) fn release(&mut self) -> Option<J> {
        assert!(self.in_use > 0, "a token comes back that nobody holds");
        let next = self.queue.pop_front();
        if next.is_none() {
            self.in_use -= 1;
        }
        next
    }

    /// Takes `frame` out of the queue, as after a timeout; false when it does not wait.
    /// Costs a search from the longest waiting on, who is the likeliest to give up.
    pub(crate) fn cancel(&mut self, frame: J) -> bool {
        let place = self.queue.iter().position(|&waiting| waiting == frame);
        place.is_some_and(|place| self.queue.remove(place).is_some())
    }

    /// Whoever joined the queue last takes its place by `rank`, behind all of the same: a queue by
    /// priority where it is called after every `Queued`. A search by halves, then a shift of the shorter
    /// side; nothing in `release`, which the queue without ranks shares.
    pub(crate) fn rank_last<R: Ord>(&mut self, rank: impl Fn(J) -> R) {
        let Some(last) = self.queue.pop_back() else {
            return;
        };
        let own = rank(last);
        let place = self.queue.partition_point(|&waiting| rank(waiting) <= own);
        self.queue.insert(place, last);
    }

    /// As `cancel`, in a queue that is ordered by `rank`: a search by halves, then through its equals.
    pub(crate) fn cancel_ranked<R: Ord>(&mut self, frame: J, rank: impl Fn(J) -> R) -> bool {
        let own = rank(frame);
        let first = self.queue.partition_point(|&waiting| rank(waiting) < own);
        let equals = self.queue.range(first..).take_while(|&&waiting| rank(waiting) == own);
        let place = equals.into_iter().position(|&waiting| waiting == frame);
        place.is_some_and(|place| self.queue.remove(first + place).is_some())
    }

    /// Frames that wait.
    #[inline]
    pub(crate) fn queued(&self) -> u32 {
        self.queue.len() as u32
    }

    /// Frames that wait, the longest waiting first.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = J> {
        self.queue.iter().copied()
    }

    /// Tokens that are held.
    #[inline]
    pub(crate) fn in_use(&self) -> u32 {
        self.in_use
    }
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    /// Slow and obvious: who holds and who waits, as two lists of names.
    struct Lists {
        size: usize,
        limit: usize,
        holders: Vec<u32>,
        waiting: Vec<u32>,
    }

    impl Lists {
        fn acquire(&mut self, frame: u32) -> Acquired {
            if self.holders.len() < self.size {
                self.holders.push(frame);
                Acquired::Granted
            } else if self.waiting.len() < self.limit {
                self.waiting.push(frame);
                Acquired::Queued
            } else {
                Acquired::Refused
            }
        }

        fn release(&mut self, frame: u32) -> Option<u32> {
            self.holders.retain(|&holder| holder != frame);
            if self.waiting.is_empty() {
                return None;
            }
            let next = self.waiting.remove(0);
            self.holders.push(next);
            Some(next)
        }

        fn cancel(&mut self, frame: u32) -> bool {
            let before = self.waiting.len();
            self.waiting.retain(|&waiting| waiting != frame);
            self.waiting.len() < before
        }
    }

    #[test]
    fn it_answers_as_two_lists_of_names_do() {
        for seed in 0..200 {
            let mut draws = Draws::new(seed);
            let size = draws.below(5) as u32;
            let limit = draws.below(6) as u32;
            let mut pool = Pool::new(size, (limit < 5).then_some(limit));
            let mut lists = Lists {
                size: size as usize,
                limit: if limit < 5 { limit as usize } else { usize::MAX },
                holders: Vec::new(),
                waiting: Vec::new(),
            };
            for frame in 0..500 {
                match draws.below(8) {
                    0..=3 => assert_eq!(pool.acquire(frame), lists.acquire(frame)),
                    4..=6 if !lists.holders.is_empty() => {
                        let holder =
                            lists.holders[draws.below(lists.holders.len() as u64) as usize];
                        assert_eq!(pool.release(), lists.release(holder));
                    }
                    _ => {
                        let frame = frame.saturating_sub(draws.below(10) as u32);
                        assert_eq!(pool.cancel(frame), lists.cancel(frame));
                    }
                }
                assert_eq!(pool.in_use() as usize, lists.holders.len());
                assert_eq!(pool.queued() as usize, lists.waiting.len());
            }
        }
    }

    #[test]
    fn ranked_it_answers_as_a_list_that_is_searched_for_the_least() {
        for seed in 0..200 {
            let mut draws = Draws::new(seed);
            let classes = 1 + draws.below(5);
            // Rank of each frame, by its number; frames are numbered as they come.
            let rank: Vec<u64> = (0..500).map(|_| draws.below(classes)).collect();
            let rank = |frame: u32| rank[frame as usize];
            let mut pool = Pool::new(1, None);
            let (mut waiting, mut is_held): (Vec<u32>, bool) = (Vec::new(), false);
            for frame in 0..500 {
                match draws.below(8) {
                    0..=4 => {
                        let acquired = pool.acquire(frame);
                        if is_held {
                            assert_eq!(acquired, Acquired::Queued);
                            pool.rank_last(rank);
                            waiting.push(frame);
                        }
                        is_held = true;
                    }
                    5..=6 if is_held => {
                        let next =
                            waiting.iter().copied().min_by_key(|&other| (rank(other), other));
                        assert_eq!(pool.release(), next);
                        waiting.retain(|&other| Some(other) != next);
                        is_held = next.is_some();
                    }
                    _ => {
                        let frame = draws.below(u64::from(frame) + 1) as u32;
                        let waits = waiting.contains(&frame);
                        assert_eq!(pool.cancel_ranked(frame, rank), waits);
                        waiting.retain(|&other| other != frame);
                    }
                }
                assert_eq!(pool.queued() as usize, waiting.len());
            }
        }
    }

    #[test]
    fn without_a_queue_it_refuses_as_often_as_erlang_says() {
        // Four tokens, offered load 3: Erlang B by its recursion.
        let blocked = (1..=4).fold(1.0, |blocked: f64, servers: u32| {
            3.0 * blocked / (f64::from(servers) + 3.0 * blocked)
        });
        let mut draws = Draws::new(7);
        let mut pool = Pool::new(4, Some(0));
        let mut ends: Vec<u64> = Vec::new();
        let (mut now, mut refused) = (0, 0u32);
        for frame in 0..400_000 {
            now += draws.exponential(1e6);
            ends.retain(|&end| {
                let stays = end > now;
                if !stays {
                    assert_eq!(pool.release(), None);
                }
                stays
            });
            match pool.acquire(frame) {
                Acquired::Granted => ends.push(now + draws.exponential(3e6)),
                Acquired::Refused => refused += 1,
                Acquired::Queued => panic!("nobody may wait here"),
            }
        }
        let share = f64::from(refused) / 400_000.0;
        assert!((share / blocked - 1.0).abs() < 0.015, "{share} against {blocked}");
    }

    #[test]
    #[should_panic(expected = "nobody holds")]
    fn a_token_given_back_twice_is_our_own_bug() {
        let mut pool = Pool::new(1, None);
        pool.acquire(1);
        pool.release();
        pool.release();
    }
}
