//! The whole of `cutline verify`, what needs hundreds of millions of requests included: prints the table
//! and fails if anything is missed. `cargo bench --bench verify`; takes minutes.

use std::process::ExitCode;

use cutline::report::Told as _;
use cutline::study::Progress;
use cutline::verify::{Selection, run};

/// Columns of the table.
const WIDTH: usize = 120;

/// Says on standard error which case is running: nobody should wonder for minutes.
struct Told;

impl Progress for Told {
    fn note(&self, text: &str) {
        eprintln!("{text}");
    }
}

fn main() -> ExitCode {
    let findings = run(&Selection::default(), 1, &Told);
    print!("{}", findings.tables().text(WIDTH, false));
    ExitCode::from(u8::from(!findings.passed()))
}
