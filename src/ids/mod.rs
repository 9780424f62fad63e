//! Ids: which of the things of one kind, so that a number of one kind cannot be taken for one of another.
//!
//! An [`Id`] is a position in a [`Table`] that only grows; a [`Ref`] is a place in a [`Slab`] together with
//! the generation that had it, and tells when the thing is gone. Both are as cheap as the numbers they hold.

mod slab;
mod table;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

pub use slab::{Occupied, Ref, Slab};
pub use table::Table;

/// The position of a `T` in its table.
pub struct Id<T>(u32, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// So many positions there are.
    pub const MOST: usize = u32::MAX as usize;

    /// The position `index`, from 0.
    ///
    /// # Panics
    /// When it is beyond [`Id::MOST`]: whoever makes tables refuses larger ones before.
    #[inline(always)]
    pub const fn new(index: usize) -> Self {
        assert!(index < Self::MOST, "a position has 32 bits");
        Id(index as u32, PhantomData)
    }

    /// The position, from 0.
    #[inline(always)]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The same in 32 bits.
    #[inline(always)]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The position in front of it.
    ///
    /// # Panics
    /// When it is the first.
    #[inline(always)]
    pub const fn before(self) -> Self {
        Self::new(self.index() - 1)
    }

    /// The position behind it.
    #[inline(always)]
    pub const fn next(self) -> Self {
        Id(self.0 + 1, PhantomData)
    }
}

impl<T> Clone for Id<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_gives_back_its_position() {
        for index in [0, 1, 77, Id::<u8>::MOST - 1] {
            assert_eq!(Id::<u8>::new(index).index(), index);
        }
        assert_eq!(Id::<u8>::new(4).next(), Id::new(5));
    }

    #[test]
    #[should_panic(expected = "32 bits")]
    fn a_position_that_does_not_fit_is_our_own_bug() {
        let _ = Id::<u8>::new(Id::<u8>::MOST);
    }
}
