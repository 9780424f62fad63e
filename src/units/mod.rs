//! Quantities with their units: what an author writes (`2ms`, `4GiB`, `400/s`, `90%`) and what a reader sees.
//!
//! A quantity is written as a decimal number and its unit, with or without a space between; digits
//! may be grouped with `_`, and an exponent may follow (`9.4e-05/s`). A bare number where a unit belongs, a negative number, `NaN`, an
//! infinity and anything from 2^63 on (292 years, 8 EiB) are errors that show the value found.

mod bytes;
mod count;
mod decimal;
mod money;
mod print;
mod rate;
mod share;
mod time;

pub use bytes::Bytes;
pub use count::count;
pub use decimal::split_number;
pub use money::{Money, Priced};
pub use print::{plain, si_time, significant};
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
