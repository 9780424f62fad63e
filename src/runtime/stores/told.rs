//! Views that events feed: commits of an operation that none of its events has told yet, and what each event tells.

use std::collections::BTreeMap;

use super::{Carried, Change};
use crate::ids::{Id, Ref, Slab};
use crate::plan::ViewPlan;

/// An event, and a view that it feeds.
type ToldTo = (Id<Carried>, Id<ViewPlan>);

/// What events tell to views, and have still to tell.
#[derive(Debug, Default)]
pub(in crate::runtime) struct ToldChanges {
    /// Operations under way that publish such events.
    pub(in crate::runtime) gatherings: Slab<Gathering>,
    /// What each event tells to each view, until the view shows it.
    pub(in crate::runtime) by_message: BTreeMap<ToldTo, Vec<Id<Change>>>,
}

/// Commits of an operation that publishes events for views.
#[derive(Debug, Clone, Default)]
pub(in crate::runtime) struct Gathering {
    /// Those that no event has told yet.
    pub(in crate::runtime) changes: Vec<Id<Change>>,
    /// The last event that it has published for each view.
    pub(in crate::runtime) told: Vec<ToldView>,
}

/// An event that an operation has published for a view.
#[derive(Debug, Clone, Copy)]
pub(in crate::runtime) struct ToldView {
    pub(in crate::runtime) view: Id<ViewPlan>,
    pub(in crate::runtime) message: Ref<Carried>,
    /// (ns) When.
    pub(in crate::runtime) at: u64,
}
