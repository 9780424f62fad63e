//! The one face of all studies: whatever was found tells itself in these four ways, and in no other.

use super::chart::Figure;
use super::sheet::Sheet;
use super::table::Tables;

/// Findings that people and other programs can be told.
pub trait Told {
    /// All of it as JSON, indented, ending in a newline. Durations in seconds, bytes in bytes, shares from 0 to 1.
    fn json(&self) -> String;

    /// Its figures as CSV; the first sheet is the one that matters most.
    fn sheets(&self) -> Vec<Sheet>;

    /// What people read.
    fn tables(&self) -> Tables;

    /// What people look at, in the order in which they want it. A figure whose data is missing says so.
    fn figures(&self) -> Vec<Figure>;
}
