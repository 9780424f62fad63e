//! What a scenario may say, told from the forms that it is read by: to editors as a JSON Schema, to people as pages.

mod places;
mod reference;
mod schema;
mod values;

pub use reference::reference_pages;
pub use schema::scenario_schema;
