//! The prices that a bill may use, each with its source, before anything is run.

use std::fmt::Write as _;

use super::numbers::{Quantity, unit_price};
use crate::cost::Bill;
use crate::scenario::visible;

/// The prices of a layout from `catalogue`, as the lines of a bill; then what has none.
pub fn price_list(catalogue: &str, bill: &Bill) -> String {
    let mut text = format!("prices that enter, of {} in {}\n", visible(catalogue), bill.currency);
    let money = Quantity::Money(bill.currency.clone());
    for line in &bill.lines {
        let price = money.unit(line.unit_price).with(&unit_price(line.unit_price));
        let _ = writeln!(text, "  {}: {price} per {}", visible(&line.item), visible(&line.unit));
        let _ = writeln!(text, "      {}", visible(&line.source));
    }
    for missing in &bill.missing {
        let _ = writeln!(text, "  {}", visible(&missing.words()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_price_is_told_with_its_source_and_what_has_none_too() {
        let mut bill = sample::bill(1.0);
        bill.missing.push(sample::missing());
        let told = price_list("aws-us-east-1", &bill);
        assert!(told.starts_with("prices that enter, of aws-us-east-1 in USD\n"), "{told}");
        assert!(told.contains("  3 × m6i.xlarge: $0.192 per hour\n      AWS price list"), "{told}");
        assert!(told.contains("  3 × n2-standard-4: not billed, because"), "{told}");
        assert_eq!(told.lines().count(), 1 + 2 * bill.lines.len() + 1);
    }
}
