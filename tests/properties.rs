//! What holds for every application, layout and load: properties of random scenarios, and the checks that
//! every run makes of itself.

mod self_check;
