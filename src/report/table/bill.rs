//! The bills line by line, each price with its source.

use super::grid::{Cell, Grid};
use crate::cost::{Bill, Omission};
use crate::report::names::{shortened, shown};
use crate::report::numbers::{Quantity, digits, unit_price};
use crate::study::RunFindings;

/// Longest item in a bill, and where that does not fit a terminal.
const ITEM: usize = 60;
const SHORT_ITEM: usize = 40;

/// The lines of one bill and their sum. Sources are numbers into `sources`, which grows by those
/// that are new: whole sources would not fit beside the figures. `short`: with shorter items.
pub(super) fn grid(bill: &Bill, sources: &mut Vec<String>, short: bool) -> Grid {
    let longest = if short { SHORT_ITEM } else { ITEM };
    let money = Quantity::Money(shown(&bill.currency));
    let mut rows: Vec<Vec<Cell>> = bill
        .lines
        .iter()
        .map(|line| {
            let source = shown(&line.source);
            let known = sources.iter().position(|own| *own == source);
            let number = known.unwrap_or_else(|| {
                sources.push(source);
                sources.len() - 1
            });
            let unit_price = money.unit(line.unit_price).with(&unit_price(line.unit_price));
            vec![
                Cell::plain(shortened(&shown(&line.item), longest)),
                Cell::plain(format!("{} {}", quantity(line.quantity), shown(&line.unit))),
                Cell::plain(unit_price),
                Cell::plain(money.write(line.per_month)),
                Cell::plain(format!("({})", number + 1)),
            ]
        })
        .collect();
    let total = [
        Cell::plain(if bill.missing.is_empty() { "total" } else { "total, incomplete" }),
        Cell::plain(""),
        Cell::plain(""),
        Cell::plain(money.write(bill.per_month)),
        Cell::plain(""),
    ];
    rows.push(total.into());
    let head = ["item", "quantity", "unit price", "per month", "source"];
    Grid { keys: 1, head: head.map(Cell::plain).into(), rows }
}

/// What a bill says besides its lines.
pub(super) fn sums(bill: &Bill) -> Vec<String> {
    let money = Quantity::Money(shown(&bill.currency));
    let mut sums = Vec::new();
    if let Some(price) = bill.per_million_requests.filter(|price| price.is_finite()) {
        sums.push(format!("{} per million good answers", money.write(price)));
    }
    if let Some(share) = bill.idle_share.filter(|share| share.is_finite()) {
        sums.push(format!("{} of the paid cores are idle", Quantity::Share.write(share)));
    }
    let missing = bill.missing.iter().map(Omission::words);
    sums.extend(missing.chain(bill.remarks.clone()).map(|remark| shown(&remark)));
    sums
}

/// Every layout with something to bill.
pub(super) fn billed(findings: &RunFindings) -> impl Iterator<Item = (&str, &Bill)> {
    let bills = findings.layouts.iter().map(|(name, found)| (name, &found.cost));
    bills.filter(|(_, bill)| {
        !bill.lines.is_empty() || !bill.missing.is_empty() || !bill.remarks.is_empty()
    })
}

fn quantity(value: f64) -> String {
    if value.fract() == 0.0 {
        return digits(value, 0);
    }
    match value.abs() {
        size if size >= 100.0 => digits(value, 0),
        size if size >= 1.0 => digits(value, 2),
        _ => digits(value, 4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_bill_has_a_row_for_each_line_a_total_and_each_source_once() {
        let mut sources = Vec::new();
        let bill = sample::bill(1.0);
        let grid = grid(&bill, &mut sources, true);
        assert_eq!(grid.rows.len(), bill.lines.len() + 1);
        assert_eq!(sources, ["AWS price list, us-east-1, 2026-10"]);
        let texts: Vec<&str> = grid.rows[0].iter().map(|cell| cell.text.as_str()).collect();
        assert_eq!(texts, ["3 × m6i.xlarge", "2,190 hour", "$0.192", "$420.48", "(1)"]);
    }

    #[test]
    fn an_incomplete_bill_is_called_that_at_its_total_and_says_what_it_lacks() {
        let mut bill = sample::bill(1.0);
        bill.missing.push(sample::missing());
        let grid = grid(&bill, &mut Vec::new(), false);
        assert_eq!(grid.rows.last().unwrap()[0].text, "total, incomplete");
        let said = sums(&bill).join("\n");
        assert!(said.contains("3 × n2-standard-4: not billed, because the catalogue"), "{said}");
    }
}
