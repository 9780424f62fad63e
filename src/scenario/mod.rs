//! Text → model: read, edit, check; all of a scenario's mistakes at once, each with its place.
//!
//! `yaml` makes a tree that keeps places and words as written; `edit` puts `path = value` into it;
//! `layouts` works out `extends`; `decode` gives it meaning, by the `form` of each map; `check` looks at the
//! whole; `measured` reads figures that were measured; `fingerprint` tells scenarios apart, with
//! what `written` remembers of it and `meant` leaves. `foreign` knows files of other programs, and
//! `lookalikes` characters that look like those of YAML. What is said about any of it has a `code`; `complaints` keeps what
//! decoding and checking say.

mod check;
mod code;
mod complaints;
mod decode;
mod diagnostic;
mod document;
mod edit;
mod fingerprint;
mod foreign;
mod form;
mod law_text;
mod layouts;
mod lookalikes;
mod meant;
mod measured;
mod nearest;
mod node;
mod size;
mod source;
mod text;
mod values;
mod visible;
mod work_paths;
mod written;
mod yaml;

pub use code::{Code, Severity, UnknownCode};
pub use decode::forms::{fields, text_forms};
pub use diagnostic::{Diagnostic, Refused, render};
pub use document::{Document, Reading, read};
pub use edit::Edit;
pub use form::{ANOTHER_KEY, Field, Form, LeftOut, Shape};
pub use law_text::law_text;
pub use measured::{MeasuredFigures, MeasuredLoad, MeasuredRow, Measurements, read_measured};
pub(crate) use nearest::did_you_mean;
pub use size::SizeLimit;
pub use source::{Loader, Sources};
pub use values::values;
pub use visible::{quoted, visible};

#[cfg(test)]
mod tests;
