//! Findings → what people and other programs see: tables, charts, CSV, JSON. Every study's findings are
//! [`Told`] in the same four ways. Nothing here touches a file: every function answers with text or bytes.

mod arrivals;
mod calibration;
mod carried;
mod categories;
mod chart;
mod codes;
mod compared;
mod explained;
mod export;
mod finding;
mod focus;
mod focused;
mod forecast;
mod journal;
mod json;
mod language;
mod names;
mod numbers;
mod over_time;
mod parting;
mod prices;
mod provenance;
mod run;
mod said;
mod saved;
mod scaled;
mod schema;
mod sheet;
mod spread;
mod sweep;
mod swept;
mod table;
mod told;
mod verify;

pub use arrivals::arrivals_list;
pub use chart::{Figure, FontFile, drawn_by, lend_fonts, letters_without_font};
pub use codes::{codes_markdown, codes_table};
pub use explained::{
    Explained, ExplainedLayout, explained_defaults, explained_prices, verify_list_json,
};
pub use focus::Focus;
pub use focused::{Focused, endpoints_of_run, endpoints_of_sweep};
pub use forecast::{defaults_table, preview_table};
pub use journal::{Asked, JournalText, answer_line, asked_line, differences, read_journal};
pub use json::{one_document, rounded};
pub use language::{reference_pages, scenario_schema};
pub use parting::{Compared, parting_table};
pub use prices::price_list;
pub use said::{Said, check_github, check_json};
pub use saved::{Unreadable, read_run, read_sweep};
pub use schema::{calibration_schema, results_schema, sweep_schema};
pub use sheet::Sheet;
pub use table::{Tables, verify_list};
pub use told::Told;

#[cfg(test)]
mod sample;
