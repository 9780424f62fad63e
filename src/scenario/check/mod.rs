//! What only a whole layout shows: every module and table in its one place, pools that fit.

mod membership;
mod pools;
mod priorities;

use super::complaints::Complaints;
use crate::model::{Application, Layout};

pub(super) use priorities::priorities;

/// Checks a layout that has no mistake of its own.
pub(super) fn layout(complaints: &mut Complaints, application: &Application, layout: &Layout) {
    membership::modules(complaints, application, layout);
    if membership::tables(complaints, application, layout) {
        pools::check(complaints, application, layout);
    }
}
