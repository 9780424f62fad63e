//! The mutable world of one replication: the parts that it is put together from.

use std::sync::atomic::AtomicBool;

use super::control::Agenda;
use super::crowd::Crowd;
use super::fleet::{Fleet, Net};
use super::large::{LargeRuns, Turn};
use super::meter::Meter;
use super::outside::{Sources, Third, Visit};
use super::replication::{NEVER, Replication};
use super::stores::Stores;
use crate::events::{EventQueue, Lane};
use crate::ids::{Slab, Table};
use crate::measure::{Ending, EndpointRecord, Recorder, Series};
use crate::model::Watch;
use crate::plan::{EndpointPlan, ExternalPlan, Plan};
use crate::random::Sampler;

/// Everything that changes while a replication runs.
pub(super) struct World<'p> {
    pub(super) plan: &'p Plan,
    pub(super) events: EventQueue,
    pub(super) agenda: Agenda,
    pub(super) crowd: Crowd,
    pub(super) fleet: Fleet,
    pub(super) stores: Stores,
    pub(super) net: Net,
    pub(super) thirds: Table<Third, ExternalPlan>,
    /// Calls that third parties work on.
    pub(super) visits: Slab<Visit>,
    pub(super) sources: Sources,
    /// Lane of each sampler that is a constant.
    pub(super) sampler_lanes: Table<Option<Lane>, Sampler>,
    pub(super) tally: Tally,
    pub(super) run: RunState<'p>,
}

/// What is recorded of requests from outside.
pub(super) struct Tally {
    pub(super) endpoints: Table<EndpointRecord, EndpointPlan>,
    pub(super) series: Series,
    /// Moments and windows, in a terminating run.
    pub(super) recorder: Option<Box<Recorder>>,
    pub(super) in_flight: i64,
    pub(super) backlog_at_half: i64,
    pub(super) frames_at_half: i64,
    /// (ns)
    pub(super) measured_from: u64,
}

/// How far the replication has come, and whether it goes on.
pub(super) struct RunState<'p> {
    pub(super) replication: Replication,
    /// Events up to which nobody looks at the limits and at `stop`.
    look_at: u64,
    /// Of them still to come; below 0: there has been one more.
    left: i64,
    /// The first look of the present instant.
    pub(super) first_look: FirstLook,
    /// Set from outside when this replication is no longer wanted.
    pub(super) stop: &'p AtomicBool,
    pub(super) stopped: bool,
    /// Where replications take turns to be large; `None`: it is alone.
    pub(super) large: Option<&'p LargeRuns>,
    /// Its own turn, once it is large.
    pub(super) turn: Option<Turn<'p>>,
    /// Where it notes how far it is; `None`: nobody waits.
    pub(super) meter: Option<&'p Meter>,
    /// Up to where that is noted.
    pub(super) noted: FirstLook,
    pub(super) ending: Option<Ending>,
}

/// A look at whether to go on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FirstLook {
    /// When (ns).
    pub(super) time: u64,
    /// Events up to then.
    pub(super) events: u64,
}

impl<'p> World<'p> {
    pub(super) fn new(plan: &'p Plan, replication: Replication) -> Self {
        let key = replication.key;
        let mut events = EventQueue::new();
        let constants = plan.program.samplers.iter().map(Sampler::constant);
        let sampler_lanes =
            constants.map(|constant| constant.map(|time| events.lane_of(time))).collect();
        let watched = plan.run.watch != Watch::default();
        let fleet = Fleet::new(plan, watched, &mut events);
        World {
            plan,
            agenda: Agenda::default(),
            crowd: Crowd::new(plan.run.limits.frames),
            stores: Stores::new(plan, replication, &fleet, &mut events),
            fleet,
            net: Net::new(plan, key, &mut events),
            thirds: plan.site.externals.iter().map(Third::new).collect(),
            visits: Slab::new(),
            sources: Sources::new(plan, key),
            sampler_lanes,
            tally: Tally::new(plan, replication.duration.0, watched),
            run: RunState {
                replication,
                look_at: 0,
                left: 0,
                first_look: FirstLook::default(),
                stop: &NEVER,
                stopped: false,
                large: None,
                turn: None,
                meter: None,
                noted: FirstLook::default(),
                ending: None,
            },
            events,
        }
    }
}

impl RunState<'_> {
    /// Notes what is done since it was noted last, by `now` (ns). Events that wait beyond the end of the
    /// replication are none of its time.
    pub(super) fn note_work(&mut self, now: u64) {
        let here = FirstLook {
            time: now.min(self.replication.duration.0).max(self.noted.time),
            events: self.event_count(),
        };
        if let Some(meter) = self.meter {
            meter.add(here.time - self.noted.time, here.events.saturating_sub(self.noted.events));
        }
        self.noted = here;
    }

    /// Events so far.
    pub(super) fn event_count(&self) -> u64 {
        self.look_at.saturating_add_signed(-self.left)
    }

    /// One more event. Whether it is time to look at the limits and at `stop`.
    #[inline(always)]
    pub(super) fn counts_event(&mut self) -> bool {
        self.left -= 1;
        self.left < 0
    }

    /// It is looked again when there have been more events than `look_at`, of which there are no more yet.
    pub(super) fn look_after(&mut self, look_at: u64) {
        self.left = (look_at - self.event_count()) as i64;
        self.look_at = look_at;
    }
}

impl Tally {
    /// Nothing yet, of a replication of `duration` (ns).
    fn new(plan: &Plan, duration: u64, watched: bool) -> Self {
        let record = |endpoint: &EndpointPlan| EndpointRecord {
            series: endpoint.promised.then(|| Series::new(duration)),
            ..EndpointRecord::default()
        };
        let width = plan.run.watch.window.map_or(0, |window| window.0);
        let (most, endpoints) = (plan.run.limits.windows, plan.load.endpoints.len());
        let recorder = || Box::new(Recorder::new(width, duration, most, endpoints));
        Tally {
            endpoints: plan.load.endpoints.iter().map(record).collect(),
            series: Series::new(duration),
            recorder: watched.then(recorder),
            in_flight: 0,
            backlog_at_half: 0,
            frames_at_half: 0,
            measured_from: 0,
        }
    }
}
