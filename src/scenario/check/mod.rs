//! What only a whole layout shows: every module and table in its one place, pools that fit.

mod membership;
mod pools;
mod priorities;

use super::decode::Decoder;
use crate::model::{Application, Layout};

pub(super) use priorities::priorities;

/// Checks a layout that has no mistake of its own.
pub(super) fn layout(decoder: &mut Decoder<'_>, application: &Application, layout: &Layout) {
    membership::modules(decoder, application, layout);
    if membership::tables(decoder, application, layout) {
        pools::check(decoder, application, layout);
    }
}
