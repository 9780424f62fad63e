//! What a run or a sweep shows, in words: under its tables and as the titles of its charts, as far as the
//! comparison bears it.

pub(super) mod along;
pub(super) mod best;
pub(super) mod lag;
pub(super) mod scaled;
pub(super) mod time_line;
pub(super) mod verdict;

/// Longest name of a layout or endpoint in a table or a sentence.
pub(super) const NAME: usize = 30;
