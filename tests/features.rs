//! Each step of the language, and each feature of a layout, against arithmetic done by hand.
//!
//! Demands are constant where the law does not matter, so most figures are exact to the nanosecond;
//! a share at random is held to five standard deviations of its own law.

mod arrivals;
mod balancing;
mod bills;
mod call_backs;
mod carried;
mod choreography;
mod commit_delay;
mod failures;
mod given_length;
mod intervals;
mod lines;
mod locks;
mod messaging;
mod neighbours;
mod network;
mod no_spread;
mod one_application;
mod over_time;
mod pools;
mod protocols;
mod ran;
mod rhythm;
mod scaling;
mod spanning;
mod spread;
mod steps;
mod storage;
mod tables;
mod told;
mod utilisation;
mod work;
mod workers;
