//! What only a whole shows: every module and table in its one place, pools and tables that fit, nothing that
//! nobody reaches.

mod access;
mod choreography;
mod consumers;
mod feeds;
mod followed;
mod keys;
mod listed;
mod membership;
mod pools;
mod priorities;
mod reach;
mod scaling;
mod sizes;
mod undos;

use super::complaints::Complaints;
use crate::model::{Application, Layout};

pub(super) use followed::event_logs;
pub(super) use keys::keys;
pub(super) use priorities::priorities;
pub(super) use reach::reach;
pub(super) use scaling::scaling;
pub(super) use sizes::rows;
pub(super) use undos::undos;

/// Checks a layout that has no mistake of its own.
pub(super) fn layout(complaints: &mut Complaints, application: &Application, layout: &Layout) {
    membership::modules(complaints, application, layout);
    if membership::tables(complaints, application, layout) {
        pools::check(complaints, application, layout);
        sizes::volumes(complaints, application, layout);
        access::check(complaints, application, layout);
        followed::views(complaints, application, layout);
        feeds::check(complaints, application, layout);
    }
    choreography::check(complaints, layout);
    consumers::check(complaints, application, layout);
    reach::machines(complaints, layout);
}
