//! What stands around a scenario: templates to begin with, mistakes for other programs, completion, manual pages, and
//! two runs beside each other.

mod compare;
mod formats;
mod output;
mod templates;

use std::path::Path;

/// The folder of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
