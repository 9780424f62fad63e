//! Every module is in exactly one service, every table in exactly one database.

use super::listed::MOST_LISTED;
use crate::model::{Application, At, Layout, ModuleId, Span, TableId};
use crate::scenario::complaints::Complaints;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

/// Checks modules against services.
pub(super) fn modules(complaints: &mut Complaints, application: &Application, layout: &Layout) {
    let mut homes: Vec<Option<&At<String>>> = vec![None; application.modules.len()];
    for service in &layout.services {
        for module in &service.modules {
            let name = &application.modules[module.index()].name;
            let home = &mut homes[module.index()];
            match home {
                None => *home = Some(&service.name),
                Some(first) => {
                    twice(
                        complaints,
                        &format!("module {}", quoted(name)),
                        "service",
                        first,
                        &service.name,
                    );
                }
            }
        }
    }
    let homeless = (0..).map(ModuleId).zip(&homes).filter(|(_, home)| home.is_none());
    let names: Vec<String> = homeless
        .map(|(module, _)| application.modules[module.index()].name.value.clone())
        .collect();
    if !names.is_empty() {
        let hint = "add it to the `modules` of a service, or write `each: { … }`";
        nowhere(complaints, "module", "service", &names, &layout.name, hint);
    }
}

/// Checks tables against databases; answers whether each is in exactly one.
pub(super) fn tables(
    complaints: &mut Complaints,
    application: &Application,
    layout: &Layout,
) -> bool {
    let mut homes: Vec<Option<&At<String>>> = vec![None; application.tables.len()];
    let mut is_clean = true;
    for database in &layout.databases {
        for table in &database.tables {
            let home = &mut homes[table.index()];
            match home {
                None => *home = Some(&database.name),
                Some(first) => {
                    let name = application.table_name(*table);
                    is_clean = false;
                    twice(
                        complaints,
                        &format!("table {}", quoted(&name)),
                        "database",
                        first,
                        &database.name,
                    );
                }
            }
        }
    }
    let homeless = (0..).map(TableId).zip(&homes).filter(|(_, home)| home.is_none());
    let names: Vec<String> = homeless.map(|(table, _)| application.table_name(table)).collect();
    if !names.is_empty() {
        let hint = "add it to the `tables` of a database, or write `tables: all`";
        nowhere(complaints, "table", "database", &names, &layout.name, hint);
    }
    is_clean && names.is_empty()
}

fn twice(
    complaints: &mut Complaints,
    what: &str,
    home: &str,
    first: &At<String>,
    second: &At<String>,
) {
    let code =
        if home == "service" { Code::ModuleInTwoServices } else { Code::TableInTwoDatabases };
    let message = match first.value == second.value {
        true => format!("{what} is in {home} {} twice", quoted(first)),
        false => format!("{what} is in two {home}s: {} and {}", quoted(first), quoted(second)),
    };
    let mut diagnostic = Diagnostic::new(code, message, second.span);
    if first.span != second.span {
        diagnostic = diagnostic.also(first.span, "and here");
    }
    complaints.tell(diagnostic.hint(format!("take it out of one of the {home}s")));
}

fn nowhere(
    complaints: &mut Complaints,
    what: &str,
    home: &str,
    names: &[String],
    layout: &At<String>,
    hint: &str,
) {
    let code = if what == "module" { Code::ModuleInNoService } else { Code::TableInNoDatabase };
    let listed: Vec<String> = names.iter().take(MOST_LISTED).map(|name| quoted(name)).collect();
    let more = match names.len().saturating_sub(MOST_LISTED) {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    let (plural, verb) = if names.len() == 1 { ("", "is") } else { ("s", "are") };
    let message = format!(
        "{what}{plural} {}{more} {verb} in no {home} of layout {}",
        listed.join(", "),
        quoted(layout)
    );
    let span: Span = layout.span;
    complaints.tell(Diagnostic::new(code, message, span).hint(hint));
}
