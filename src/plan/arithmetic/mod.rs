//! What arithmetic says of a plan without running it: visits, times, loads, cache misses, calls that come back.

mod call_backs;
mod facts;
mod forecast;
mod frames;
mod free_rows;
mod held_rows;
mod hit_share;
mod kinds;
mod misses;
mod offered;
mod rates;
mod visits;

pub(super) use call_backs::call_backs;
pub(super) use facts::{Awaited, WaitsFor, facts};
pub use forecast::{Forecast, Load, forecast};
pub(super) use hit_share::pages_of;
pub(super) use misses::set_misses;
pub use rates::mean_rate;
pub use visits::visits;
