//! Decimal numbers as people write them, kept exact: `1.1ms` is 1,100,000 ns and not a float near it.

use super::UnitError;

/// Values from here on are refused: a sum of two smaller ones still fits u64.
const LIMIT: u128 = 1 << 63;

/// Digits behind the point that count; those after weigh less than 1e-18 of the unit.
const FRACTION_DIGITS: usize = 18;

/// What one kind of quantity is called and how it is written, for its messages.
pub(super) struct Kind {
    /// With its article: "a duration".
    pub(super) name: &'static str,
    /// The unit an example uses: "ms".
    pub(super) example_unit: &'static str,
    /// Every accepted unit: "ns, us, ms, s, min, h, d".
    pub(super) units: &'static str,
    /// The smallest value above zero: "1 ns".
    pub(super) step: &'static str,
    /// What values stay below: "292 years".
    pub(super) limit: &'static str,
}

impl Kind {
    /// An error about `text`: "`5` <what>"; the hint shows `example` and the units.
    pub(super) fn error(&self, text: &str, what: &str, example: &str) -> UnitError {
        UnitError {
            problem: format!("`{text}` {what}"),
            hint: format!("write {} such as `{example}` (units: {})", self.name, self.units),
        }
    }

    /// The error of a number without a unit; the example is the same number with one.
    pub(super) fn unit_missing(&self, text: &str, number: &Decimal) -> UnitError {
        let example = format!("{}{}", number.digits, self.example_unit);
        self.error(text, "has no unit", &example)
    }

    /// The error of a unit that does not exist here.
    pub(super) fn unit_unknown(&self, text: &str, unit: &str, number: &Decimal) -> UnitError {
        let example = format!("{}{}", number.digits, self.example_unit);
        self.error(text, &format!("has the unknown unit `{unit}`"), &example)
    }

    /// Reads the number `text` starts with; answers with it and the trimmed rest.
    /// `whole` is the quantity the text belongs to, for the message.
    pub(super) fn number<'a>(
        &self,
        text: &'a str,
        whole: &str,
    ) -> Result<(Decimal, &'a str), UnitError> {
        let example = format!("5{}", self.example_unit);
        if text.is_empty() {
            let what = format!("is empty: {} is expected", self.name);
            return Err(self.error(whole, &what, &example));
        }
        if let Some(positive) = text.strip_prefix('-') {
            let what = format!("is negative: {} is zero or more", self.name);
            return Err(self.error(whole, &what, positive.trim_start()));
        }
        let lower = text.to_lowercase();
        if lower.starts_with("nan") || lower.starts_with("inf") || lower.starts_with('∞') {
            return Err(self.error(whole, "is not a finite number", &example));
        }
        let end = text
            .find(|c: char| !(c.is_ascii_digit() || c == '_' || c == '.'))
            .unwrap_or(text.len());
        let (digits, rest) = text.split_at(end);
        if rest.starts_with(',') {
            return Err(UnitError {
                problem: format!("`{whole}` has a comma in its number"),
                hint: "write fractions with a point (`1.5`) and group digits with `_` (`1_500`)"
                    .to_string(),
            });
        }
        match Decimal::read(digits) {
            Some(number) => Ok((number, rest.trim())),
            None => {
                let what = format!("does not start with a number: {} is expected", self.name);
                Err(self.error(whole, &what, &example))
            }
        }
    }

    /// `number` × `unit`, rounded to whole steps; an error from 2^63 on, and where a number that
    /// is not zero would become zero.
    pub(super) fn scaled(&self, text: &str, number: &Decimal, unit: u64) -> Result<u64, UnitError> {
        let value = number.times(unit).ok_or_else(|| self.too_large(text))?;
        if value == 0 && !number.is_zero() {
            let what = format!("is below the smallest step, {}", self.step);
            return Err(self.error(text, &what, &format!("5{}", self.example_unit)));
        }
        Ok(value)
    }

    /// The error of a value from the limit on.
    pub(super) fn too_large(&self, text: &str) -> UnitError {
        let what = format!("is too large: the limit is {}", self.limit);
        self.error(text, &what, &format!("5{}", self.example_unit))
    }
}

/// A decimal number of zero or more, exact.
pub(super) struct Decimal {
    /// As written, without the grouping `_`; always something `f64` can parse.
    pub(super) digits: String,
    whole: u128,
    /// The digits behind the point as a number, at most `FRACTION_DIGITS` of them …
    fraction: u128,
    /// … and ten to the number of those digits.
    fraction_scale: u128,
}

impl Decimal {
    fn read(text: &str) -> Option<Self> {
        let (whole, fraction) = match text.split_once('.') {
            Some(("", fraction)) => ("0", fraction),
            Some(parts) => parts,
            None => (text, "0"),
        };
        let whole = ungroup(whole)?;
        let fraction = ungroup(fraction)?;
        let kept = &fraction[..fraction.len().min(FRACTION_DIGITS)];
        Some(Self {
            digits: if text.contains('.') { format!("{whole}.{fraction}") } else { whole.clone() },
            // More digits than fit are more than `LIMIT` whatever the unit.
            whole: whole.parse().unwrap_or(u128::MAX),
            fraction: kept.parse().ok()?,
            fraction_scale: 10u128.pow(kept.len() as u32),
        })
    }

    /// This number × `unit`, rounded half up; `None` from 2^63 on.
    pub(super) fn times(&self, unit: u64) -> Option<u64> {
        let unit = u128::from(unit);
        let whole = self.whole.checked_mul(unit)?;
        // At most 1e18 × 2^64: fits.
        let fraction = (self.fraction * unit + self.fraction_scale / 2) / self.fraction_scale;
        let value = whole.checked_add(fraction)?;
        if value < LIMIT { u64::try_from(value).ok() } else { None }
    }

    /// Whether this number × `unit` has no fraction. Digits that `times` drops are not looked at.
    pub(super) fn is_whole_in(&self, unit: u64) -> bool {
        (self.fraction * u128::from(unit)).is_multiple_of(self.fraction_scale)
    }

    /// The nearest double; `None` where that is infinite.
    pub(super) fn value(&self) -> Option<f64> {
        self.digits.parse().ok().filter(|value: &f64| value.is_finite())
    }

    /// Whether every digit is 0.
    pub(super) fn is_zero(&self) -> bool {
        self.digits.chars().all(|c| c == '0' || c == '.')
    }
}

/// The digits without `_`; `None` unless every `_` stands between two digits.
fn ungroup(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split('_').collect();
    let fine = |group: &&str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    groups.iter().all(fine).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_keeps_every_digit() {
        let number = Decimal::read("9_223_372_036.854775807").unwrap();
        assert_eq!(number.times(1_000_000_000), Some(i64::MAX as u64));
        assert_eq!(Decimal::read("9223372036.854775808").unwrap().times(1_000_000_000), None);
        assert_eq!(Decimal::read("0.0000000005").unwrap().times(1_000_000_000), Some(1));
        assert_eq!(Decimal::read("0.00000000049").unwrap().times(1_000_000_000), Some(0));
        assert_eq!(Decimal::read(".5").unwrap().value(), Some(0.5));
    }

    #[test]
    fn digits_are_grouped_only_between_digits() {
        for bad in ["", "_1", "1_", "1__0", "1.", "1.2.3", "."] {
            assert!(Decimal::read(bad).is_none(), "{bad}");
        }
        assert!(Decimal::read(&"9".repeat(400)).unwrap().times(1).is_none());
        assert!(Decimal::read(&"9".repeat(400)).unwrap().value().is_none());
    }
}
