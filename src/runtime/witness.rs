//! What a run does, moment by moment, for whoever wants to look on: `cutline diff-trace`, and tests that
//! compare demands. The dispatch loop is compiled once for nobody and once for a witness, so a run that
//! nobody watches pays nothing.

use super::Replication;
use super::frames::Role;
use super::world::User;
use super::world::{World, kind};
use crate::events::Event;
use crate::ids::Id;
use crate::measure::Category;
use crate::plan::{DatabasePlan, EndpointPlan, InstancePlan, Plan, Step};
use crate::random::Key;

/// Moments that are handed out at a time, at least: few enough to stay in the cache.
const CHUNK: usize = 4096;

/// Something that happened to a frame or to the log of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// When (ns).
    pub time: u64,
    /// What.
    pub what: What,
    /// How long the frame had waited for it (ns).
    pub waited: u64,
    /// CPU work that was done (ns); 0 where it was something else.
    pub work: u64,
    /// Key of the outside request that the frame works for; of the frame itself where nobody waits for it.
    pub request: Key,
    /// Endpoint of that request; `None`: nobody waits for it.
    pub endpoint: Option<Id<EndpointPlan>>,
    /// User of a closed source who sent it.
    pub user: Option<Id<User>>,
    /// Key of the frame: the same in every layout.
    pub frame: Key,
    /// Instance it runs on; `None` where it does not run yet.
    pub instance: Option<Id<InstancePlan>>,
    /// Its next step; `None` where it has none yet.
    pub step: Option<Id<Step>>,
    /// How what it waited for went wrong, as a `Kind`; 0 is well.
    pub failure: u8,
}

/// What happens at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// An outside request comes.
    Comes,
    /// A branch, or work that nobody waits for, starts.
    Starts,
    /// What the frame waited for is there.
    GoesOn(Category),
    /// One of the pages that it waits for has been read.
    PageRead,
    /// It has waited too long for a connection.
    GivesUp,
    /// It has waited too long for a thread.
    LosesPatience,
    /// It has waited so long for a row lock that a deadlock is looked for.
    LooksForDeadlock,
    /// The log of a database has been flushed.
    Flushed(Id<DatabasePlan>),
}

/// Who looks on while a replication runs.
pub(super) trait Witness {
    /// Whether anybody looks on: a constant, so that the loop for nobody has no trace of it.
    const WATCHES: bool;

    /// Something happens.
    fn note(&mut self, moment: Moment);

    /// Whether the run shall pause after this event.
    fn has_enough(&self) -> bool;
}

/// Nobody.
impl Witness for () {
    const WATCHES: bool = false;

    #[inline(always)]
    fn note(&mut self, _: Moment) {}

    #[inline(always)]
    fn has_enough(&self) -> bool {
        false
    }
}

impl Witness for Vec<Moment> {
    const WATCHES: bool = true;

    fn note(&mut self, moment: Moment) {
        self.push(moment);
    }

    fn has_enough(&self) -> bool {
        self.len() >= CHUNK
    }
}

/// A replication that is watched: it runs on for as long as moments are asked for, in bounded memory.
pub struct Watch<'p> {
    world: World<'p>,
    seen: Vec<Moment>,
}

impl<'p> Watch<'p> {
    /// A replication at its start.
    pub fn new(plan: &'p Plan, replication: Replication) -> Self {
        let mut world = World::new(plan, replication);
        world.start();
        Watch { world, seen: Vec::new() }
    }

    /// The next few thousand moments, in their order; none where the replication is over.
    pub fn next_moments(&mut self) -> &[Moment] {
        self.seen.clear();
        self.world.go(&mut self.seen);
        &self.seen
    }

    /// The number, from 1, of a request among those of its source, or among those of its user. `None` for
    /// a key that is none of a request that has come.
    pub fn request_number(&self, moment: &Moment) -> Option<u64> {
        let world = &self.world;
        let Some(id) = moment.user else {
            let mut sources = world.sources.iter();
            return sources.find_map(|source| number_of(source.key, source.count, moment.request));
        };
        let user = world.users[id];
        let source = &world.sources[user.source];
        let own = source.key.child((id.index() - source.first_user) as u64);
        number_of(own, user.count, moment.request)
    }
}

/// Which child of `parent` has this key, from 1, the latest first.
fn number_of(parent: Key, most: u64, key: Key) -> Option<u64> {
    (0..most).rev().find(|number| parent.child(*number) == key).map(|number| number + 1)
}

impl World<'_> {
    /// Does what an event asks for, and notes what it means.
    pub(super) fn dispatch_watched<W: Witness>(&mut self, event: Event, witness: &mut W) {
        if let Some(moment) = self.meaning(event) {
            witness.note(moment);
        }
        let came = |world: &Self| match event.target.kind() {
            kind::ARRIVAL | kind::PROCESS => {
                world.sources[Id::new(event.target.index() as usize)].count
            }
            _ => 0,
        };
        let before = came(self);
        self.dispatch(event);
        for number in before..came(self) {
            let key = self.sources[Id::new(event.target.index() as usize)].key.child(number);
            witness.note(self.request_comes(key, None));
        }
    }

    /// What an event that was just popped means for whoever looks on; nothing where it is stale, where what
    /// follows tells more, or where it only keeps the run's own time.
    fn meaning(&self, event: Event) -> Option<Moment> {
        let index = event.target.index();
        let kind = event.target.kind();
        let what = match kind {
            kind::USER => {
                let user = Id::new(index as usize);
                return Some(self.request_comes(self.user_key(user).1, Some(user)));
            }
            kind::FLUSH => {
                let moment = self.request_comes(Key::default(), None);
                return Some(Moment { what: What::Flushed(Id::new(index as usize)), ..moment });
            }
            kind::PATIENCE => {
                let frame = self.next_without_patience(Id::new(index as usize), event.sequence)?;
                return Some(self.moment(frame, What::LosesPatience));
            }
            kind::FRAME | kind::EXTERNAL => What::GoesOn(self.frames[index].category),
            kind::PAGE => What::PageRead,
            kind::DEADLOCK => What::LooksForDeadlock,
            kind::POOL_TIMEOUT => What::GivesUp,
            _ => return None,
        };
        let wanted = matches!(kind, kind::EXTERNAL | kind::PAGE)
            || self.frames[index].awaited == event.sequence;
        wanted.then(|| self.moment(index, what))
    }

    /// A frame that was freed at this instant goes on.
    pub(super) fn freed(&self, frame: u32) -> Moment {
        let place = &self.frames[frame];
        let starts = place.work == u64::MAX && place.category == Category::Cpu;
        let what = if starts { What::Starts } else { What::GoesOn(place.category) };
        self.moment(frame, what)
    }

    fn request_comes(&self, request: Key, user: Option<Id<User>>) -> Moment {
        Moment {
            time: self.events.now(),
            what: What::Comes,
            waited: 0,
            work: 0,
            request,
            endpoint: None,
            user,
            frame: request,
            instance: None,
            step: None,
            failure: 0,
        }
    }

    fn moment(&self, frame: u32, what: What) -> Moment {
        let place = &self.frames[frame];
        let now = self.events.now();
        let works = matches!(
            what,
            What::GoesOn(Category::Cpu | Category::Serialisation | Category::DatabaseCpu)
        );
        let (request, endpoint, user) = self.request_of(frame);
        Moment {
            time: now,
            what,
            waited: now - place.since,
            work: if works { place.work } else { 0 },
            request,
            endpoint,
            user,
            frame: place.key,
            instance: Some(place.instance),
            step: Some(place.pc),
            failure: place.failure,
        }
    }

    /// Key, endpoint and user of the outside request that a frame works for.
    fn request_of(&self, frame: u32) -> (Key, Option<Id<EndpointPlan>>, Option<Id<User>>) {
        let mut above = &self.frames[frame];
        loop {
            match above.role {
                Role::Request => {
                    let path = &self.paths[above.path];
                    return (above.key, path.endpoint, path.user);
                }
                Role::Detached => return (above.key, None, None),
                Role::Remote | Role::Local | Role::Branch | Role::RemoteBranch | Role::Turn => {
                    above = &self.frames[above.parent];
                }
            }
        }
    }
}
