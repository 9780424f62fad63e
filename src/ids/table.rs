//! Tables: things of one kind, found by their ids.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut, Index, IndexMut};

use super::Id;

/// A `T` for every `Of`, in order: the things themselves, or something about each of them.
pub struct Table<T, Of = T>(Vec<T>, PhantomData<fn() -> Of>);

impl<T, Of> Table<T, Of> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Table(Vec::new(), PhantomData)
    }

    /// `value` for each of as many things as `other` has.
    pub fn filled<U>(value: T, other: &Table<U, Of>) -> Self
    where
        T: Clone,
    {
        Table(vec![value; other.len()], PhantomData)
    }

    /// Adds a thing; its id.
    pub fn push(&mut self, thing: T) -> Id<Of> {
        self.0.push(thing);
        Id::new(self.0.len() - 1)
    }

    /// The id of the thing that is added next.
    pub fn next_id(&self) -> Id<Of> {
        Id::new(self.0.len())
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = Id<Of>> + use<T, Of> {
        (0..self.0.len()).map(Id::new)
    }

    /// All things with their ids, in order.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = (Id<Of>, &T)> {
        self.0.iter().enumerate().map(|(index, thing)| (Id::new(index), thing))
    }

    /// The things from this one on, in order.
    pub fn rest(&self, from: Id<Of>) -> &[T] {
        &self.0[from.index()..]
    }

    /// The thing with this id, where there is one.
    pub fn get(&self, id: Id<Of>) -> Option<&T> {
        self.0.get(id.index())
    }
}

impl<T, Of> Index<Id<Of>> for Table<T, Of> {
    type Output = T;
    #[inline(always)]
    fn index(&self, id: Id<Of>) -> &T {
        &self.0[id.index()]
    }
}

impl<T, Of> IndexMut<Id<Of>> for Table<T, Of> {
    #[inline(always)]
    fn index_mut(&mut self, id: Id<Of>) -> &mut T {
        &mut self.0[id.index()]
    }
}

impl<T, Of> Deref for Table<T, Of> {
    type Target = [T];
    #[inline(always)]
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T, Of> DerefMut for Table<T, Of> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T, Of> Default for Table<T, Of> {
    fn default() -> Self {
        Table::new()
    }
}

impl<T: Clone, Of> Clone for Table<T, Of> {
    fn clone(&self) -> Self {
        Table(self.0.clone(), PhantomData)
    }
}

impl<T: std::fmt::Debug, Of> std::fmt::Debug for Table<T, Of> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: PartialEq, Of> PartialEq for Table<T, Of> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T, Of> FromIterator<T> for Table<T, Of> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Self {
        Table(things.into_iter().collect(), PhantomData)
    }
}

impl<T, Of> IntoIterator for Table<T, Of> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T, Of> IntoIterator for &'a Table<T, Of> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_found_by_the_ids_that_they_were_given() {
        let mut names: Table<&str> = Table::new();
        let ids = ["a", "b", "c"].map(|name| names.push(name));
        assert_eq!(ids.map(|id| names[id]), ["a", "b", "c"]);
        assert_eq!(names.ids().collect::<Vec<_>>(), ids);
        let mut lengths: Table<usize, &str> = names.iter().map(|name| name.len()).collect();
        lengths[ids[1]] = 7;
        assert_eq!(lengths.entries().last(), Some((ids[2], &1)));
        assert_eq!((lengths[ids[1]], lengths.get(names.next_id())), (7, None));
    }
}
