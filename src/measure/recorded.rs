//! The kinds of figures that records are made of, and the two things that become of every figure: it is
//! restarted when the warm-up is over, and merged with that of another replication.
//!
//! Counts, sums, areas and histograms add up; so a figure per time or per request of the sum is that of all
//! its replications, and sums of equally many are as independent of each other as these were. Whole numbers
//! add up in any order to the same sum.

use crate::statistics::Histogram;

/// How often something happened.
pub type Count = u64;
/// How many things there are at a moment.
pub(super) type Level = i64;
/// A sum of times (ns).
pub type Sum = u128;
/// A sum of times modulo 2³² (ns), where a record must stay small.
pub type SumModulo = u32;
/// Ages of those present at the end, less the ages of those present at the start (ns).
pub type Ages = i128;

/// When two replications ended that are merged (ns).
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    /// The one that is added to.
    pub own: u64,
    /// The one that is added.
    pub other: u64,
}

/// A figure, or a record of figures.
pub trait Recorded {
    /// Forgets what was before `now` (ns); what is present stays.
    fn restart(&mut self, now: u64);

    /// Adds the same figure of another replication.
    fn merge(&mut self, other: &Self, ends: Ends);
}

/// Numbers that begin at nothing and add up.
macro_rules! added {
    ($($number:ty),*) => {$(
        impl Recorded for $number {
            fn restart(&mut self, _: u64) {
                *self = Self::default();
            }

            fn merge(&mut self, other: &Self, _: Ends) {
                *self += other;
            }
        }
    )*};
}

added!(Count, Level, Sum, Ages, f64);

impl Recorded for SumModulo {
    fn restart(&mut self, _: u64) {
        *self = 0;
    }

    fn merge(&mut self, other: &Self, _: Ends) {
        *self = self.wrapping_add(*other);
    }
}

/// The greatest of what was noted; 0 before anything was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Most(u64);

impl Most {
    /// One more value.
    #[inline(always)]
    pub fn note(&mut self, value: u64) {
        self.0 = self.0.max(value);
    }

    /// The greatest.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl Recorded for Most {
    fn restart(&mut self, _: u64) {
        *self = Most::default();
    }

    fn merge(&mut self, other: &Self, _: Ends) {
        self.note(other.0);
    }
}

impl Recorded for Histogram {
    /// Keeps the memory.
    fn restart(&mut self, _: u64) {
        self.clear();
    }

    fn merge(&mut self, other: &Self, _: Ends) {
        Histogram::merge(self, other);
    }
}

impl<A: Recorded, B: Recorded> Recorded for (A, B) {
    fn restart(&mut self, now: u64) {
        self.0.restart(now);
        self.1.restart(now);
    }

    fn merge(&mut self, other: &Self, ends: Ends) {
        self.0.merge(&other.0, ends);
        self.1.merge(&other.1, ends);
    }
}

/// One figure for each of several things.
impl<T: Recorded> Recorded for [T] {
    fn restart(&mut self, now: u64) {
        self.iter_mut().for_each(|figure| figure.restart(now));
    }

    fn merge(&mut self, other: &Self, ends: Ends) {
        assert_eq!(self.len(), other.len(), "replications of one run have the same records");
        self.iter_mut().zip(other).for_each(|(sum, added)| sum.merge(added, ends));
    }
}

impl<T: Recorded, const COUNT: usize> Recorded for [T; COUNT] {
    fn restart(&mut self, now: u64) {
        self.as_mut_slice().restart(now);
    }

    fn merge(&mut self, other: &Self, ends: Ends) {
        self.as_mut_slice().merge(other.as_slice(), ends);
    }
}

impl<T: Recorded> Recorded for Vec<T> {
    fn restart(&mut self, now: u64) {
        self.as_mut_slice().restart(now);
    }

    fn merge(&mut self, other: &Self, ends: Ends) {
        self.as_mut_slice().merge(other.as_slice(), ends);
    }
}

/// A figure that only some records have: the same ones in every replication of a run.
impl<T: Recorded> Recorded for Option<T> {
    fn restart(&mut self, now: u64) {
        if let Some(figure) = self {
            figure.restart(now);
        }
    }

    fn merge(&mut self, other: &Self, ends: Ends) {
        assert_eq!(
            self.is_some(),
            other.is_some(),
            "replications of one run have the same records"
        );
        if let (Some(sum), Some(added)) = (self, other) {
            sum.merge(added, ends);
        }
    }
}

/// Defines a record: a struct whose every field is a figure. Restarting it restarts each, merging it merges
/// each; so a new figure is one line.
macro_rules! record {
    (
        $(#[$of_record:meta])*
        pub struct $Record:ident {
            $($(#[$of_field:meta])* pub $field:ident: $Figure:ty,)*
        }
    ) => {
        $(#[$of_record])*
        pub struct $Record {
            $($(#[$of_field])* pub $field: $Figure,)*
        }

        impl $crate::measure::recorded::Recorded for $Record {
            fn restart(&mut self, now: u64) {
                $($crate::measure::recorded::Recorded::restart(&mut self.$field, now);)*
            }

            fn merge(&mut self, other: &Self, ends: $crate::measure::recorded::Ends) {
                $($crate::measure::recorded::Recorded::merge(&mut self.$field, &other.$field, ends);)*
            }
        }
    };
}

pub(super) use record;
