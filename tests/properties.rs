//! What holds for every application, layout and load: properties of random scenarios, and the checks that
//! every run makes of itself.

mod application;
mod attempts;
mod choreography;
mod departures;
mod fleet;
mod laws;
mod leaving;
mod load;
mod messaging;
mod mutations;
mod occurrence;
mod relations;
mod scaling;
mod scenario;
mod self_check;
mod spanning;
mod spread;
mod stations;
mod steps;
mod told;
mod verdicts;
mod watched;
