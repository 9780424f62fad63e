//! Findings → what people and other programs see: tables, charts, CSV, JSON. Nothing here touches
//! a file: every function answers with text or bytes.

mod arrivals;
mod categories;
mod chart;
mod codes;
mod export;
mod figures;
mod forecast;
mod journal;
mod names;
mod numbers;
mod over_time;
mod parting;
mod provenance;
mod results;
mod sheet;
mod table;
mod verify;

pub use arrivals::arrivals_list;
pub use codes::{codes_markdown, codes_table};
pub use export::{bill_csv, databases_csv, layouts_csv, run_csv_files, services_csv, sweep_csv};
pub use figures::{Figure, figures, sweep_figures};
pub use forecast::{Preview, defaults_table, preview_table};
pub use journal::{Asked, JournalText, asked_line, differences, point_line, read_journal};
pub use over_time::{backlog_csv, moments_csv, windows_csv, windows_services_csv};
pub use parting::{Compared, parting_table};
pub use results::{run_json, sweep_json};
pub use table::{
    bill_markdown, bill_table, run_markdown, run_table, sweep_markdown, sweep_table, verify_list,
    verify_markdown, verify_table,
};
pub use verify::{verify_csv, verify_json};

#[cfg(test)]
mod sample;
