//! The agenda: what an event is for, and what the clock has in store.

use super::Disturbed;
use crate::events::{EventQueue, Lane, Target};
use crate::ids::{Id, Ref, Slab};
use crate::plan::{DatabasePlan, GroupPlan, Outboxed, ScalingPlan, SourcePlan};
use crate::runtime::crowd::{Attempt, Frame};
use crate::runtime::fleet::{Emptied, Host, Instance};
use crate::runtime::frame_id::FrameId;
use crate::runtime::outside::{User, Visit};
use crate::runtime::resources::allotment::Allotted;
use crate::runtime::stores::{Carried, Change, Consumer, Read, Sending};

/// Whatever stands in a slab can be pointed at by an event.
const _: () = assert!(Slab::<Frame>::MOST <= Target::MOST as usize);

/// What an event is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runtime) enum Due {
    /// A frame goes on, if it still awaits this event.
    Frame(FrameId),
    /// A host looks whose work has ended.
    Host(Id<Host>),
    /// The next request of a source with a gap after each.
    Arrival(Id<SourcePlan>),
    /// The next request of a user.
    User(Id<User>),
    /// What a source's process has in store.
    Process(Id<SourcePlan>),
    /// A page has been read.
    Page(Id<Read>),
    /// The log of a database is on disk.
    Flush(Id<DatabasePlan>),
    /// Others have had the time to join a flush that somebody leads.
    Gathered(Id<DatabasePlan>),
    /// A frame that waits for a row looks for a deadlock.
    Deadlock(FrameId),
    /// A frame has waited long enough for a connection.
    Connection(FrameId),
    /// A third party answers.
    Third(Id<Visit>),
    /// Somebody in line at an instance may have lost patience.
    Patience(Id<Instance>),
    /// A caller has waited long enough for an answer.
    Attempt(Id<Attempt>),
    /// Workers of an instance whose work has ended take the next.
    Workers(Id<Instance>),
    /// An entry of the agenda.
    Agenda(Id<Happening>),
}

/// The kinds of the events that most are.
const FRAME: u8 = 0;
const ARRIVAL: u8 = 2;

impl Due {
    /// The frame that an event is for, if it is for one.
    #[inline(always)]
    pub(in crate::runtime) fn frame(target: Target) -> Option<FrameId> {
        (target.kind() == FRAME).then(|| Id::new(target.index() as usize))
    }

    /// The source of which an event brings the next request, if it brings one.
    #[inline(always)]
    pub(in crate::runtime) fn arrival(target: Target) -> Option<Id<SourcePlan>> {
        (target.kind() == ARRIVAL).then(|| Id::new(target.index() as usize))
    }

    /// As the event queue keeps it.
    #[inline(always)]
    pub(in crate::runtime) fn target(self) -> Target {
        match self {
            Due::Frame(id) => Target::new(FRAME, id.number()),
            Due::Host(id) => Target::new(1, id.number()),
            Due::Arrival(id) => Target::new(ARRIVAL, id.number()),
            Due::User(id) => Target::new(3, id.number()),
            Due::Process(id) => Target::new(4, id.number()),
            Due::Page(id) => Target::new(5, id.number()),
            Due::Flush(id) => Target::new(6, id.number()),
            Due::Deadlock(id) => Target::new(7, id.number()),
            Due::Connection(id) => Target::new(8, id.number()),
            Due::Third(id) => Target::new(9, id.number()),
            Due::Patience(id) => Target::new(10, id.number()),
            Due::Attempt(id) => Target::new(11, id.number()),
            Due::Agenda(id) => Target::new(12, id.number()),
            Due::Workers(id) => Target::new(13, id.number()),
            Due::Gathered(id) => Target::new(14, id.number()),
        }
    }

    /// What the event queue kept.
    #[inline(always)]
    pub(in crate::runtime) fn of(target: Target) -> Self {
        let index = target.index() as usize;
        match target.kind() {
            FRAME => Due::Frame(Id::new(index)),
            1 => Due::Host(Id::new(index)),
            ARRIVAL => Due::Arrival(Id::new(index)),
            3 => Due::User(Id::new(index)),
            4 => Due::Process(Id::new(index)),
            5 => Due::Page(Id::new(index)),
            6 => Due::Flush(Id::new(index)),
            7 => Due::Deadlock(Id::new(index)),
            8 => Due::Connection(Id::new(index)),
            9 => Due::Third(Id::new(index)),
            10 => Due::Patience(Id::new(index)),
            11 => Due::Attempt(Id::new(index)),
            12 => Due::Agenda(Id::new(index)),
            13 => Due::Workers(Id::new(index)),
            14 => Due::Gathered(Id::new(index)),
            kind => unreachable!("no event has kind {kind}"),
        }
    }
}

/// What happens by the clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::runtime) enum Happening {
    /// The warm-up is over.
    Warm,
    /// The time over which a backlog is compared begins.
    Half,
    /// The replication is over.
    End,
    /// The state just before is noted.
    Moment,
    /// A window ends.
    Window,
    /// A request to the broker has collected messages for long enough.
    Lingered(Ref<Sending>),
    /// A message reaches a consumer.
    Delivered(Id<Consumer>, Allotted<Id<Carried>>),
    /// A consumer goes on with what it has in hand.
    Handles(Id<Consumer>),
    /// A relay looks what its database keeps.
    Relays(Id<Outboxed>),
    /// The consumers of a group know who takes what.
    Rebalanced(Id<GroupPlan>),
    /// Something is done to those who are there.
    Disturbed(Disturbed),
    /// A change is there to be taken into its view.
    Arrives(Id<Change>),
    /// It is looked how many instances a service should have.
    Scales(Id<ScalingPlan>),
    /// An instance that was asked for is ready; the number says which.
    Starts(Id<ScalingPlan>, u32),
    /// An instance is as fast as its cores are.
    Warmed(Id<Instance>),
    /// A node has been empty for long enough.
    Unneeded(Emptied),
}

/// What the clock has in store.
#[derive(Debug, Default)]
pub(in crate::runtime) struct Agenda {
    entries: Slab<Happening>,
}

impl Agenda {
    /// `what` happens at `time` (ns); several in one lane in the order in which they are entered.
    pub(in crate::runtime) fn enter(
        &mut self,
        events: &mut EventQueue,
        lane: Option<Lane>,
        time: u64,
        what: Happening,
    ) {
        let target = Due::Agenda(self.entries.add(what)).target();
        match lane {
            Some(lane) => events.push_lane(lane, time, target),
            None => events.push(time, target),
        };
    }

    /// What happens now, and is off the agenda.
    pub(in crate::runtime) fn take(&mut self, entry: Id<Happening>) -> Happening {
        let happening = self.entries[entry];
        self.entries.remove(entry);
        happening
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_gives_back_what_an_event_is_for() {
        let all = |n: usize| {
            [
                Due::Frame(Id::new(n)),
                Due::Host(Id::new(n)),
                Due::Arrival(Id::new(n)),
                Due::User(Id::new(n)),
                Due::Process(Id::new(n)),
                Due::Page(Id::new(n)),
                Due::Flush(Id::new(n)),
                Due::Deadlock(Id::new(n)),
                Due::Connection(Id::new(n)),
                Due::Third(Id::new(n)),
                Due::Patience(Id::new(n)),
                Due::Attempt(Id::new(n)),
                Due::Agenda(Id::new(n)),
                Due::Workers(Id::new(n)),
            ]
        };
        for due in all(0).into_iter().chain(all(Target::MOST as usize - 1)) {
            assert_eq!(Due::of(due.target()), due);
            let asked_first = Due::frame(due.target()).map(Due::Frame);
            let asked_next = Due::arrival(due.target()).map(Due::Arrival);
            let asked = matches!(due, Due::Frame(_) | Due::Arrival(_)).then_some(due);
            assert_eq!(asked_first.or(asked_next), asked);
        }
    }
}
