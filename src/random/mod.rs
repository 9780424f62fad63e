//! Chance: keyed draws that no layout can shift, named streams, distributions.
//!
//! Two kinds of random numbers, never mixed (model.md §2 of the design: synchronised common random
//! numbers). A *keyed draw* starts a [`Draws`] stream at a key made of request, call site and step: it
//! is the same in every layout. A *named stream* ([`Stream`]) serves what only a layout has (network,
//! balancer, storage) and is seeded by names, never by positions.

mod distribution;
#[cfg(test)]
mod golden;
mod key;
mod profile;
mod sampler;
mod stream;

pub use distribution::Distribution;
pub use key::Key;
pub use profile::{Profile, ProfilePlace, ProfileSampler};
pub use sampler::{CountSampler, RowSampler, Sampler, binomial};
pub use stream::{Draws, Stream};
