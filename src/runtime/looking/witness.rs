//! What a run does, moment by moment, for those who want to look on: `cutline diff-trace`, and tests that
//! compare demands. The dispatch loop is compiled once for nobody and once for a witness, so a run that
//! nobody watches pays nothing.

use crate::events::Occurrence;
use crate::ids::Id;
use crate::measure::{Category, Kind};
use crate::plan::{DatabasePlan, EndpointPlan, InstancePlan, Plan, SourcePlan, Step};
use crate::random::Key;
use crate::runtime::Replication;
use crate::runtime::control::Due;
use crate::runtime::crowd::Upon;
use crate::runtime::frame_id::FrameId;
use crate::runtime::outside::{SourceState, User};
use crate::runtime::world::World;

/// Moments that are handed out at a time, at least: few enough to stay in the cache.
const CHUNK: usize = 4096;

/// Something that happened to a frame or to the log of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceMoment {
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
    /// How what it waited for went wrong.
    pub failure: Kind,
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
    /// It has waited too long for the answer of a call.
    TimesOut,
    /// It has waited so long for a row lock that a deadlock is looked for.
    LooksForDeadlock,
    /// The log of a database has been flushed.
    Flushed(Id<DatabasePlan>),
}

/// Who looks on while a replication runs.
pub(in crate::runtime) trait Witness {
    /// Whether anybody looks on: a constant, so that the loop for nobody has no trace of it.
    const WATCHES: bool;

    /// Something happens.
    fn note(&mut self, moment: TraceMoment);

    /// Whether the run shall pause after this event.
    fn has_enough(&self) -> bool;
}

/// Nobody.
impl Witness for () {
    const WATCHES: bool = false;

    #[inline(always)]
    fn note(&mut self, _: TraceMoment) {}

    #[inline(always)]
    fn has_enough(&self) -> bool {
        false
    }
}

impl Witness for Vec<TraceMoment> {
    const WATCHES: bool = true;

    fn note(&mut self, moment: TraceMoment) {
        self.push(moment);
    }

    fn has_enough(&self) -> bool {
        self.len() >= CHUNK
    }
}

/// A replication that is watched: it runs on for as long as moments are asked for, in bounded memory.
pub struct WatchedRun<'p> {
    world: World<'p>,
    seen: Vec<TraceMoment>,
}

impl<'p> WatchedRun<'p> {
    /// A replication at its start.
    pub fn new(plan: &'p Plan, replication: Replication) -> Self {
        let mut world = World::new(plan, replication);
        world.start();
        WatchedRun { world, seen: Vec::new() }
    }

    /// The next few thousand moments, in their order; none where the replication is over.
    pub fn next_moments(&mut self) -> &[TraceMoment] {
        self.seen.clear();
        self.world.go(&mut self.seen);
        &self.seen
    }

    /// The number, from 1, of a request among those of its source, or among those of its user. `None` for
    /// a key that is none of a request that has come.
    pub fn request_number(&self, moment: &TraceMoment) -> Option<u64> {
        let world = &self.world;
        let Some(id) = moment.user else {
            let mut sources = world.sources.all.iter();
            return sources.find_map(|source| number_of(source.key, source.count, moment.request));
        };
        let user = world.sources.users[id];
        let source = &world.sources.all[user.source];
        let own = source.key.child((id.index() - source.first_user) as u64);
        number_of(own, user.count, moment.request)
    }
}

/// Which child of `parent` has this key, from 1, the latest first.
fn number_of(parent: Key, most: u64, key: Key) -> Option<u64> {
    (0..most).rev().find(|number| parent.child(*number) == key).map(|number| number + 1)
}

impl World<'_> {
    /// Does what an event asks for, and notes what it means. The frame that goes on at once, if one does.
    pub(in crate::runtime) fn meet_watched<W: Witness>(
        &mut self,
        event: Occurrence,
        witness: &mut W,
    ) -> Option<FrameId> {
        if let Some(moment) = self.meaning(event) {
            witness.note(moment);
        }
        let Some(source) = asks_of(Due::of(event.target)) else {
            return self.meet(event);
        };
        let before = self.sources.all[source].count;
        let next = self.meet(event);
        let SourceState { key, count, .. } = &self.sources.all[source];
        let (key, count) = (*key, *count);
        for number in before..count {
            witness.note(self.request_comes(key.child(number), None));
        }
        next
    }

    /// What an event that was just popped means for those who look on; nothing where it is stale, where what
    /// follows tells more, or where it only keeps the run's own time.
    fn meaning(&self, event: Occurrence) -> Option<TraceMoment> {
        let awaited = |frame: FrameId, what: What| {
            let stands = self.crowd.frames[frame].awaited == event.sequence;
            stands.then(|| self.moment(frame, what))
        };
        match Due::of(event.target) {
            Due::Frame(frame) => awaited(frame, What::GoesOn(self.crowd.frames[frame].category)),
            Due::Deadlock(frame) => awaited(frame, What::LooksForDeadlock),
            Due::Connection(frame) => awaited(frame, What::GivesUp),
            Due::User(user) => Some(self.request_comes(self.sources.user_key(user).1, Some(user))),
            Due::Flush(database) => {
                let moment = self.request_comes(Key::default(), None);
                Some(TraceMoment { what: What::Flushed(database), ..moment })
            }
            Due::Patience(instance) => {
                let frame = self.next_without_patience(instance, event.sequence)?;
                Some(self.moment(frame, What::LosesPatience))
            }
            Due::Page(read) => {
                let frame = self.crowd.frames.find(self.stores.reads[read].frame)?;
                Some(self.moment(frame, What::PageRead))
            }
            Due::Third(visit) => {
                let visit = &self.visits[visit];
                let frame = self.crowd.frames.find(visit.frame)?;
                let moment = self.moment(frame, What::GoesOn(Category::External));
                let failure = if visit.failed { Kind::Failed } else { moment.failure };
                Some(TraceMoment { failure, ..moment })
            }
            Due::Attempt(attempt) => {
                let of = &self.crowd.attempts[attempt];
                let stands = of.awaited == event.sequence && self.crowd.attempts.is_taken(attempt);
                let caller = self.crowd.frames.find(of.caller).filter(|_| stands)?;
                Some(self.moment(caller, What::TimesOut))
            }
            Due::Host(_)
            | Due::Arrival(_)
            | Due::Process(_)
            | Due::Workers(_)
            | Due::Gathered(_)
            | Due::Agenda(_) => None,
        }
    }

    /// A frame that was freed at this instant goes on.
    pub(in crate::runtime) fn freed(&self, frame: FrameId) -> TraceMoment {
        let place = &self.crowd.frames[frame];
        let starts = place.work == u64::MAX && place.category == Category::Cpu;
        let what = if starts { What::Starts } else { What::GoesOn(place.category) };
        self.moment(frame, what)
    }

    fn request_comes(&self, request: Key, user: Option<Id<User>>) -> TraceMoment {
        TraceMoment {
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
            failure: Kind::Ok,
        }
    }

    fn moment(&self, frame: FrameId, what: What) -> TraceMoment {
        let place = &self.crowd.frames[frame];
        let now = self.events.now();
        let works = matches!(
            what,
            What::GoesOn(Category::Cpu | Category::Serialisation | Category::DatabaseCpu)
        );
        let (request, endpoint, user) = self.request_of(frame);
        TraceMoment {
            time: now,
            what,
            waited: now - place.since,
            work: if works { place.work } else { 0 },
            request,
            endpoint,
            user,
            frame: place.key,
            instance: Some(self.fleet.instances[place.instance].of),
            step: Some(place.pc),
            failure: place.failure,
        }
    }

    /// Key, endpoint and user of the outside request that a frame works for.
    fn request_of(&self, frame: FrameId) -> (Key, Option<Id<EndpointPlan>>, Option<Id<User>>) {
        let all = std::iter::successors(Some(frame), |frame| self.crowd.above(*frame));
        let Some(outermost) = all.last().map(|frame| &self.crowd.frames[frame]) else {
            unreachable!("the first of them is the frame itself")
        };
        if outermost.upon == Upon::Client {
            let path = &self.crowd.paths[outermost.path];
            return (outermost.key, path.endpoint, path.user);
        }
        (outermost.key, None, None)
    }
}

/// The source whose requests an event brings, one or several at once.
fn asks_of(due: Due) -> Option<Id<SourcePlan>> {
    match due {
        Due::Arrival(source) | Due::Process(source) => Some(source),
        Due::Frame(_)
        | Due::Host(_)
        | Due::User(_)
        | Due::Page(_)
        | Due::Flush(_)
        | Due::Gathered(_)
        | Due::Deadlock(_)
        | Due::Connection(_)
        | Due::Third(_)
        | Due::Patience(_)
        | Due::Attempt(_)
        | Due::Workers(_)
        | Due::Agenda(_) => None,
    }
}
