//! The cases of queueing theory, a file for each family, and those that wait for a feature.
//!
//! To add a case: write it into the `CASES` of its family, strike it from [`WAITING`], and name it in
//! tests/theory.rs, which makes a test of it.

mod bursts;
mod consistency;
mod data;
mod forks;
mod layouts;
mod lines;
mod messaging;
mod neighbours;
mod networks;
mod overload;
mod queues;
mod sharing;
mod spread;
mod transients;
mod waiting;

use super::case::Case;

pub use waiting::WAITING;

/// Cases that have something in common.
#[derive(Debug, Clone, Copy)]
pub struct Family {
    /// What they are about.
    pub name: &'static str,
    /// The cases.
    pub cases: &'static [Case],
}

/// Every family, in the order in which they are shown.
pub const FAMILIES: &[Family] = &[
    Family { name: "One waiting line", cases: queues::CASES },
    Family { name: "Bursts", cases: bursts::CASES },
    Family { name: "Priorities and patience", cases: lines::CASES },
    Family { name: "Shared cores and delays", cases: sharing::CASES },
    Family { name: "Neighbours on a machine", cases: neighbours::CASES },
    Family { name: "Networks of stations", cases: networks::CASES },
    Family { name: "Parallel calls", cases: forks::CASES },
    Family { name: "The database", cases: data::CASES },
    Family { name: "Transactions over several databases", cases: consistency::CASES },
    Family { name: "Reading what is spread", cases: spread::CASES },
    Family { name: "Events at a broker", cases: messaging::CASES },
    Family { name: "Overload", cases: overload::CASES },
    Family { name: "Layouts compared", cases: layouts::CASES },
    Family { name: "From an empty system", cases: transients::CASES },
];

/// Every case, family by family.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    FAMILIES.iter().flat_map(|family| family.cases)
}

/// The case of that name.
pub fn case(id: &str) -> Option<&'static Case> {
    cases().find(|case| case.id == id)
}
