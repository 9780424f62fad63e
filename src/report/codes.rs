//! Every code of a diagnostic, with what it means and what to do: for a terminal, and as the page
//! docs/diagnostics.md.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ColumnConstraint, ContentArrangement, LineStyle, Table};

use crate::scenario::Code;

const HEAD: [&str; 3] = ["code", "kind", "what it means, and what to do"];

/// Columns of a terminal below which nothing gets narrower.
const NARROWEST: usize = 60;

/// The list for a terminal of `width` columns; what is too long for its line goes on in the next.
pub fn codes_table(width: usize) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width.max(NARROWEST)).unwrap_or(u16::MAX));
    table.set_header(HEAD);
    for code in Code::ALL {
        table.add_row([code.text(), &code.severity().to_string(), code.meaning()]);
    }
    // A code that is broken in two is found by no search.
    for column in table.column_iter_mut().take(2) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table.to_string().lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// The page with the list.
pub fn codes_markdown() -> String {
    let rows = Code::ALL
        .iter()
        .map(|code| format!("| `{code}` | {} | {} |\n", code.severity(), code.meaning()));
    let [code, kind, meaning] = HEAD;
    format!(
        "# Diagnostics\n\n\
         Everything that cutline says has a code, in brackets before the message or, of a remark, behind it. \
         Codes keep their\nmeaning from version to version. An **error** means that what was asked for is not \
         done, or must not be used; a\n**warning** that it is done and probably not what was meant; a **remark** \
         stands beside figures, in the table and as\n`diagnostics` of results.json, and says how to read them. \
         `cutline explain --codes` prints the same list.\n\n\
         | {code} | {kind} | {meaning} |\n|---|---|---|\n{}",
        rows.collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_for_a_terminal_keeps_its_width_and_leaves_no_code_out() {
        for width in [60, 80, 100, 250] {
            let text = codes_table(width);
            assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
            for code in Code::ALL {
                let row = format!(" {code} ");
                assert!(text.lines().any(|line| line.starts_with(&row)), "{code}: {text}");
            }
        }
    }

    #[test]
    fn every_row_of_the_page_has_three_cells() {
        let page = codes_markdown();
        let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
        assert_eq!(rows.len(), Code::ALL.len());
        assert!(rows.iter().all(|row| row.matches('|').count() == 4), "{page}");
        assert!(
            page.lines()
                .filter(|line| !line.starts_with('|'))
                .all(|line| line.chars().count() <= 130)
        );
    }
}
