//! Quantities with their units: what an author writes (`2ms`, `4GiB`, `400/s`, `90%`) and what a reader sees.

mod bytes;
mod money;
mod rate;
mod share;
mod time;

pub use bytes::Bytes;
pub use money::Money;
pub use rate::PerSecond;
pub use share::Share;
pub use time::Nanos;

/// Why a text is not a quantity: what was expected, with an example.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct UnitError {
    /// What is wrong, in words, with the value found.
    pub problem: String,
    /// How to write it, with an example.
    pub hint: String,
}
