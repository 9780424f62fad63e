//! Counts of things: rows, users, requests.

use super::UnitError;
use super::decimal::QuantityKind;

const KIND: QuantityKind = QuantityKind {
    name: "a count",
    example_unit: "k",
    units: "none, k, M, G",
    step: "1",
    limit: "2^63",
};

/// Reads a count: `1000`, `1_000`, `200k`, `2M`, `1.5M`, `1.2e6`; k, M and G are 10³, 10⁶ and 10⁹.
/// Errors: anything that is not a whole number of zero or more below 2^63.
pub fn count(text: &str) -> Result<u64, UnitError> {
    let text = text.trim();
    let (number, suffix) = KIND.number(text, text)?;
    let factor = factor(suffix).ok_or_else(|| KIND.unit_unknown(text, suffix, &number))?;
    if !number.is_whole_in(factor) {
        return Err(KIND.error(text, "is not a whole number", "5k"));
    }
    KIND.scaled(text, &number, factor)
}

/// What a suffix multiplies with.
pub(super) fn factor(suffix: &str) -> Option<u64> {
    Some(match suffix {
        "" => 1,
        "k" | "K" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_with_and_without_a_suffix() {
        for (text, value) in [
            ("0", 0),
            ("1000", 1_000),
            ("1_000", 1_000),
            ("200k", 200_000),
            ("2M", 2_000_000),
            ("1.5M", 1_500_000),
            ("1e3", 1_000),
            ("1.2e6", 1_200_000),
            ("1.5E+3k", 1_500_000),
            ("25e-1M", 2_500_000),
            ("9223372036854775807e0", i64::MAX as u64),
            ("3 G", 3_000_000_000),
            ("9223372036854775807", i64::MAX as u64),
        ] {
            assert_eq!(count(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_count_is_said_with_the_value() {
        for (text, problem) in [
            ("1.5", "`1.5` is not a whole number"),
            ("1.0005k", "`1.0005k` is not a whole number"),
            ("1.25e1", "`1.25e1` is not a whole number"),
            ("1e-3", "`1e-3` is not a whole number"),
            ("1e19", "`1e19` is too large: the limit is 2^63"),
            ("1e999", "`1e999` is too large: the limit is 2^63"),
            ("5e", "`5e` has the unknown unit `e`"),
            ("5E", "`5E` has the unknown unit `E`"),
            ("-1", "`-1` is negative: a count is zero or more"),
            ("2MiB", "`2MiB` has the unknown unit `MiB`"),
            ("9223372036854775808", "`9223372036854775808` is too large: the limit is 2^63"),
            ("inf", "`inf` is not a finite number"),
            ("many", "`many` does not start with a number: a count is expected"),
        ] {
            let error = count(text).unwrap_err();
            assert_eq!(error.problem, problem);
            assert!(error.hint.contains("none, k, M, G"), "{text}: {}", error.hint);
        }
    }
}
