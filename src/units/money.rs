//! Money, in the one currency of the price catalogue: the amount itself does not name it.

use std::fmt;
use std::str::FromStr;

use super::UnitError;
use super::decimal::QuantityKind;
use super::print::{group, plain};

const KIND: QuantityKind = QuantityKind {
    name: "an amount in the currency of the catalogue",
    example_unit: "",
    units: "none",
    step: "none",
    limit: "2^63",
};

/// An amount (units of the catalogue's currency).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Money(pub f64);

impl Money {
    /// This amount with its currency: `$1,234.50` for `USD`, `1,234.50 CHF` for a code without a
    /// sign of its own. `currency`: an ISO 4217 code.
    pub fn priced(self, currency: &str) -> Priced<'_> {
        Priced { amount: self, currency }
    }
}

/// `0.0416`, `1_200`: a plain number, because the catalogue names the currency once for all.
impl FromStr for Money {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let text = text.trim();
        let named = |c: char| c.is_alphabetic() || "$€£¥₩".contains(c);
        let bare = text.trim_matches(|c: char| named(c) || c.is_whitespace());
        if bare.len() < text.len() && bare.starts_with(|c: char| c.is_ascii_digit()) {
            let what = "names a currency: the catalogue does that once for all prices";
            return Err(KIND.error(text, what, bare));
        }
        let (number, unit) = KIND.number(text, text).map_err(|error| match text {
            "" => error,
            // The example of a kind without a unit would be a bare 5.
            _ => UnitError { hint: error.hint.replace("`5`", "`12.50`"), ..error },
        })?;
        if !unit.is_empty() {
            return Err(KIND.unit_unknown(text, unit, &number));
        }
        KIND.real(text, &number).map(Self)
    }
}

/// `1,234.50`: two decimals, and below 1 as many as three significant digits need (`0.000416`).
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&amount(self.0))
    }
}

/// An amount with its currency, for printing.
#[derive(Debug, Clone, Copy)]
pub struct Priced<'a> {
    amount: Money,
    currency: &'a str,
}

impl fmt::Display for Priced<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.currency {
            "USD" => "$",
            "EUR" => "€",
            "GBP" => "£",
            "JPY" => "¥",
            code => return f.pad(&format!("{} {code}", amount(self.amount.0))),
        };
        let text = amount(self.amount.0);
        match text.strip_prefix('-') {
            Some(positive) => f.pad(&format!("-{sign}{positive}")),
            None => f.pad(&format!("{sign}{text}")),
        }
    }
}

fn amount(value: f64) -> String {
    // Half a cent rounds to a cent, so from 0.995 on two decimals show three digits.
    if value.is_finite() && (value == 0.0 || value.abs() >= 0.995) {
        return group(&format!("{value:.2}"));
    }
    let text = plain(value, 3);
    match text.split_once('.') {
        Some((_, decimals)) if decimals.len() == 1 => text + "0",
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_print_with_their_currency() {
        for (value, currency, text) in [
            (1_234.5, "USD", "$1,234.50"),
            (0.0, "USD", "$0.00"),
            (-12.0, "EUR", "-€12.00"),
            (0.0416, "USD", "$0.0416"),
            (0.5, "GBP", "£0.50"),
            (0.000_000_4, "USD", "$4e-7"),
            (0.999, "USD", "$1.00"),
            (1_234_567.891, "CHF", "1,234,567.89 CHF"),
        ] {
            assert_eq!(Money(value).priced(currency).to_string(), text);
        }
        assert_eq!(format!("{:>10}", Money(12.0)), "     12.00");
    }

    #[test]
    fn amounts_are_plain_numbers() {
        assert_eq!("0.0416".parse(), Ok(Money(0.0416)));
        assert_eq!("1_200".parse(), Ok(Money(1_200.0)));
        assert_eq!("4.16e-7".parse(), Ok(Money(4.16e-7)));
        for (text, problem, hint) in [
            (
                "$12.50",
                "`$12.50` names a currency: the catalogue does that once for all prices",
                "`12.50`",
            ),
            (
                "12 EUR",
                "`12 EUR` names a currency: the catalogue does that once for all prices",
                "`12`",
            ),
            (
                "-1",
                "`-1` is negative: an amount in the currency of the catalogue is zero or more",
                "`1`",
            ),
            ("NaN", "`NaN` is not a finite number", "`12.50`"),
            ("1e19", "`1e19` is too large: the limit is 2^63", "`5`"),
            ("12%", "`12%` has the unknown unit `%`", "`12`"),
        ] {
            let error = text.parse::<Money>().unwrap_err();
            assert_eq!(error.problem, problem);
            assert!(error.hint.contains(hint), "{text}: {}", error.hint);
        }
    }
}
