//! Every integration test, in one binary: linking the program once is faster than once per file.

mod around;
mod calibrate;
mod determinism;
mod features;
mod hostile;
mod properties;
mod readme;
mod results;
mod scenarios;
mod theory;
mod tidy;
mod verify;
