//! Slabs: things that come and go, whose places are used again.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut, Index, IndexMut};

use super::Id;

/// The place of a `T` that may be gone. Its generation tells it from those that had the place before
/// and will have it after.
pub struct Ref<T> {
    place: Id<T>,
    generation: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Ref<T> {
    /// The place, which somebody else may have by now.
    #[inline(always)]
    pub fn place(self) -> Id<T> {
        self.place
    }
}

impl<T> Clone for Ref<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Ref<T> {}

impl<T> PartialEq for Ref<T> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place && self.generation == other.generation
    }
}

impl<T> Eq for Ref<T> {}

impl<T> fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}.{}", self.place, self.generation)
    }
}

/// Things in places. A place whose thing is gone keeps it, as rubbish to be written over, until the next
/// one comes: nothing is dropped and nothing allocated while as many come as go. Empty places are a list, the
/// one that was freed last in front. Ids and references are of an `Of`, which stands for the `T` where its type
/// is not known.
#[derive(Debug)]
pub struct Slab<T, Of = T> {
    places: Vec<Slot<T>>,
    /// Position of the empty place that was freed last; where there is none, of the place that comes next.
    free: u32,
    of: PhantomData<fn() -> Of>,
}

#[derive(Debug)]
struct Slot<T> {
    /// Even: empty. Advances whenever a thing comes or goes.
    generation: u32,
    /// Position of the empty place that was freed before it, or of the place that comes next; counts in an empty
    /// place only.
    next: u32,
    thing: T,
}

impl<T, Of> Default for Slab<T, Of> {
    fn default() -> Self {
        Slab { places: Vec::new(), free: 0, of: PhantomData }
    }
}

impl<T, Of> Slab<T, Of> {
    /// So many places there may be: an event can point at each of them.
    pub const MOST: usize = 1 << 26;

    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a place for a thing.
    #[inline]
    pub fn add(&mut self, thing: T) -> Id<Of> {
        self.start(thing, |thing| thing, |rubbish, thing| *rubbish = thing).0
    }

    /// Takes the place that was freed last for the thing that `again` makes of the rubbish in it, or a new place
    /// for the one that `new` makes.
    #[inline(always)]
    pub fn start<S>(
        &mut self,
        start: S,
        new: impl FnOnce(S) -> T,
        again: impl FnOnce(&mut T, S),
    ) -> (Id<Of>, &mut T) {
        let index = self.free as usize;
        if index < self.places.len() {
            let taken = &mut self.places[index];
            self.free = taken.next;
            taken.generation = taken.generation.wrapping_add(1);
            again(&mut taken.thing, start);
            return (Id(index as u32, PhantomData), &mut taken.thing);
        }
        let place = self.grow(new(start));
        (place, &mut self[place])
    }

    #[cold]
    fn grow(&mut self, thing: T) -> Id<Of> {
        assert!(
            self.places.len() < Self::MOST,
            "a limit of the run is beyond what there is room for"
        );
        let place = Id::new(self.places.len());
        self.places.push(Slot { generation: 1, next: 0, thing });
        self.free = self.places.len() as u32;
        place
    }

    /// Gives the place back: whoever refers to the thing finds it gone from now on. Answers what was there.
    ///
    /// # Panics
    /// When nothing is there: somebody gave it back twice.
    #[inline(always)]
    pub fn remove(&mut self, place: Id<Of>) -> &T {
        self.occupied(place).remove()
    }

    /// A thing in its place, which is looked up once for all that is done with the two.
    #[inline(always)]
    pub fn occupied(&mut self, place: Id<Of>) -> Occupied<'_, T, Of> {
        Occupied { slot: &mut self.places[place.index()], free: &mut self.free, place }
    }

    /// What refers to the thing that has the place now.
    #[inline(always)]
    pub fn refer(&self, place: Id<Of>) -> Ref<Of> {
        let generation = self.places[place.index()].generation;
        debug_assert!(generation & 1 == 1, "nothing is there to refer to");
        Ref { place, generation, of: PhantomData }
    }

    /// The place of the thing, if it is still there.
    #[inline(always)]
    pub fn find(&self, reference: Ref<Of>) -> Option<Id<Of>> {
        let is_there = self.places[reference.place.index()].generation == reference.generation;
        is_there.then_some(reference.place)
    }

    /// The thing, if it is still there.
    #[inline(always)]
    pub fn find_mut(&mut self, reference: Ref<Of>) -> Option<&mut T> {
        let place = &mut self.places[reference.place.index()];
        (place.generation == reference.generation).then_some(&mut place.thing)
    }

    /// Whether anything has the place.
    pub fn is_taken(&self, place: Id<Of>) -> bool {
        self.places[place.index()].generation & 1 == 1
    }

    /// Things that are there. Costs a look at all places.
    pub fn count(&self) -> usize {
        self.entries().count()
    }

    /// Places, those that nothing has included.
    pub fn place_count(&self) -> usize {
        self.places.len()
    }

    /// Everything that is there, in the order of the places. Costs a look at all places.
    pub fn entries(&self) -> impl Iterator<Item = (Id<Of>, &T)> {
        let taken = self.places.iter().enumerate().filter(|(_, place)| place.generation & 1 == 1);
        taken.map(|(index, place)| (Id::new(index), &place.thing))
    }
}

/// A thing in its place.
#[derive(Debug)]
pub struct Occupied<'s, T, Of> {
    slot: &'s mut Slot<T>,
    /// The first of the empty places of the slab.
    free: &'s mut u32,
    place: Id<Of>,
}

impl<'s, T, Of> Occupied<'s, T, Of> {
    /// What refers to the thing.
    #[inline(always)]
    pub fn reference(&self) -> Ref<Of> {
        Ref { place: self.place, generation: self.slot.generation, of: PhantomData }
    }

    /// The place that the next thing in the slab will take.
    #[inline(always)]
    pub fn next_place(&self) -> Id<Of> {
        Id(*self.free, PhantomData)
    }

    /// Gives the place back, as [`Slab::remove`] does.
    #[inline(always)]
    pub fn remove(self) -> &'s T {
        let Occupied { slot, free, place } = self;
        assert!(slot.generation & 1 == 1, "a place is given back that is empty");
        slot.generation = slot.generation.wrapping_add(1);
        slot.next = *free;
        *free = place.number();
        &slot.thing
    }
}

impl<T, Of> Deref for Occupied<'_, T, Of> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        &self.slot.thing
    }
}

impl<T, Of> DerefMut for Occupied<'_, T, Of> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.slot.thing
    }
}

impl<T, Of> Index<Id<Of>> for Slab<T, Of> {
    type Output = T;
    #[inline(always)]
    fn index(&self, place: Id<Of>) -> &T {
        &self.places[place.index()].thing
    }
}

impl<T, Of> IndexMut<Id<Of>> for Slab<T, Of> {
    #[inline(always)]
    fn index_mut(&mut self, place: Id<Of>) -> &mut T {
        &mut self.places[place.index()].thing
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngSeed};

    use super::*;

    proptest! {
        #![proptest_config(Config {
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(20_261_128),
            ..Config::default()
        })]

        /// Twin: a map in which nothing has the name of another.
        #[test]
        fn a_reference_finds_its_own_thing_and_no_other(story in proptest::collection::vec(0u8..8, 200)) {
            let mut slab: Slab<u32> = Slab::new();
            let mut twin: BTreeMap<u32, Ref<u32>> = BTreeMap::new();
            let mut gone = Vec::new();
            for (name, deed) in story.into_iter().enumerate() {
                let name = name as u32;
                if deed < 4 {
                    let last = twin.values().next_back().map(|last| last.place());
                    let expected = last.map(|last| slab.occupied(last).next_place());
                    let place = slab.add(name);
                    prop_assert_eq!(place, expected.unwrap_or(place));
                    let own = slab.occupied(place).reference();
                    prop_assert_eq!(own, slab.refer(place));
                    twin.insert(name, slab.refer(place));
                } else if let Some((first, reference)) = twin.iter().nth(usize::from(deed) - 4) {
                    let (first, reference) = (*first, *reference);
                    slab.remove(reference.place());
                    gone.push(reference);
                    twin.remove(&first);
                }
                prop_assert_eq!(slab.count(), twin.len());
                let mut there: Vec<u32> = slab.entries().map(|(_, name)| *name).collect();
                there.sort_unstable();
                prop_assert_eq!(there, twin.keys().copied().collect::<Vec<u32>>());
                for (name, reference) in &twin {
                    prop_assert_eq!(slab.find(*reference).map(|place| slab[place]), Some(*name));
                }
                prop_assert!(gone.iter().all(|reference| slab.find(*reference).is_none()));
            }
        }
    }

    #[test]
    #[should_panic(expected = "empty")]
    fn a_place_given_back_twice_is_our_own_bug() {
        let mut slab: Slab<u32> = Slab::new();
        let place = slab.add(1);
        slab.remove(place);
        slab.remove(place);
    }
}
