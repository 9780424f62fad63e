//! Decimal numbers as people write them, kept exact: `1.1ms` is 1,100,000 ns and not a float near it.

use super::UnitError;

/// Values from here on are refused: a sum of two smaller ones still fits u64.
const LIMIT: u128 = 1 << 63;

/// Digits behind the point that count; those after weigh less than 1e-18 of the unit.
const FRACTION_DIGITS: usize = 18;

/// What one kind of quantity is called and how it is written, for its messages.
pub(super) struct QuantityKind {
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

impl QuantityKind {
    /// An error about `text`: `5`, then `what`; the hint shows `example` and the units.
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
        let (digits, rest) = split_number(text);
        if digits.contains(['e', 'E']) && rest.starts_with(['.', '_']) {
            let what = "has an exponent that is not a whole number";
            return Err(self.error(whole, what, &format!("5e-3{}", self.example_unit)));
        }
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

    /// The nearest double; an error from 2^63 on, and where a number that is not zero would become
    /// zero.
    pub(super) fn real(&self, text: &str, number: &Decimal) -> Result<f64, UnitError> {
        let value = number.value().filter(|value| *value < LIMIT as f64);
        let value = value.ok_or_else(|| self.too_large(text))?;
        if value == 0.0 && !number.is_zero() {
            let what = "is too close to zero to be told from it";
            return Err(self.error(text, what, &format!("5{}", self.example_unit)));
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
        let (mantissa, exponent) = text.split_at(text.find(['e', 'E']).unwrap_or(text.len()));
        let (whole, fraction) = match mantissa.split_once('.') {
            Some(("", fraction)) => ("0", fraction),
            Some(parts) => parts,
            None => (mantissa, "0"),
        };
        let (whole, fraction) = (ungroup(whole)?, ungroup(fraction)?);
        let mantissa = match mantissa.contains('.') {
            true => format!("{whole}.{fraction}"),
            false => whole.clone(),
        };
        let (whole, fraction) = moved(&whole, &fraction, power(exponent)?);
        let kept = &fraction[..fraction.len().min(FRACTION_DIGITS)];
        Some(Self {
            digits: mantissa + exponent,
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

    /// Whether every digit before the exponent is 0.
    pub(super) fn is_zero(&self) -> bool {
        let mut mantissa = self.digits.chars().take_while(|c| !matches!(c, 'e' | 'E'));
        mantissa.all(|c| c == '0' || c == '.')
    }
}

/// The number a text starts with, such as `-1_500.5` or `9.4e-05`, and what is behind it. Whether the
/// number is one is for its reader to say. An `e` begins an exponent only if digits follow.
pub fn split_number(text: &str) -> (&str, &str) {
    let behind = |text: &str, of_number: fn(char) -> bool| {
        text.find(|c: char| !of_number(c)).unwrap_or(text.len())
    };
    let sign = usize::from(text.starts_with('-'));
    let end = sign + behind(&text[sign..], |c| c.is_ascii_digit() || c == '_' || c == '.');
    let Some(exponent) = text[end..].strip_prefix(['e', 'E']) else {
        return text.split_at(end);
    };
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    match behind(digits, |c| c.is_ascii_digit()) {
        length if length > 0 && end > sign => text.split_at(text.len() - digits.len() + length),
        _ => text.split_at(end),
    }
}

/// What `e-05` moves the point by; nothing without an exponent. More than a number has digits where it
/// does not fit.
fn power(exponent: &str) -> Option<i64> {
    let Some(number) = exponent.get(1..) else { return Some(0) };
    let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
    let negative = number.starts_with('-');
    let fits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let power = digits.parse().unwrap_or(i64::MAX);
    fits.then_some(if negative { -power } else { power })
}

/// The digits before and behind the point, with the point so many places further right.
fn moved(whole: &str, fraction: &str, power: i64) -> (String, String) {
    // u128 has 39; from one more on the zeros that are added say nothing more.
    const MOST_WHOLE_DIGITS: i64 = 40;
    let digits = whole.to_string() + fraction;
    let shown = digits.trim_start_matches('0');
    if shown.is_empty() {
        return ("0".to_string(), "0".to_string());
    }
    let zeros = digits.len() - shown.len();
    let point = (whole.len() as i64 - zeros as i64).saturating_add(power);
    if point <= 0 {
        let zeros = point.unsigned_abs().min(FRACTION_DIGITS as u64);
        return ("0".to_string(), "0".repeat(zeros as usize) + shown);
    }
    match shown.split_at_checked(usize::try_from(point).unwrap_or(usize::MAX)) {
        Some((whole, "")) => (whole.to_string(), "0".to_string()),
        Some((whole, fraction)) => (whole.to_string(), fraction.to_string()),
        None => {
            let length = point.min(MOST_WHOLE_DIGITS.max(shown.len() as i64)) as usize;
            (format!("{shown:0<length$}"), "0".to_string())
        }
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
    use proptest::prelude::*;

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
    #[test]
    fn an_exponent_moves_the_point_and_loses_nothing() {
        let billion = 1_000_000_000;
        for (text, unit, value) in [
            ("9.4e-05", billion, Some(94_000)),
            ("1e3", 1, Some(1_000)),
            ("2.5E-3", billion, Some(2_500_000)),
            ("1.2e6", 1, Some(1_200_000)),
            ("1_000e+2", 1, Some(100_000)),
            ("9223372036854775807e-9", billion, Some(i64::MAX as u64)),
            ("9.223372036854775808e9", billion, None),
            ("0.00000000000000000000000000000000000000000000001e47", 1, Some(1)),
            ("5e-10", billion, Some(1)),
            ("4.9e-10", billion, Some(0)),
            ("1e308", 1, None),
            ("1e-308", billion, Some(0)),
            ("0e308", 1, Some(0)),
            ("0.0e99999999999999999999", 1, Some(0)),
            ("1e99999999999999999999", 1, None),
            ("1e-99999999999999999999", billion, Some(0)),
        ] {
            assert_eq!(Decimal::read(text).unwrap().times(unit), value, "{text}");
        }
        assert!(Decimal::read("1.2e6").unwrap().is_whole_in(1));
        assert!(!Decimal::read("1.25e1").unwrap().is_whole_in(1));
        assert_eq!(Decimal::read("9.4e-05").unwrap().value(), Some(9.4e-5));
        assert!(Decimal::read("0.00E-5").unwrap().is_zero());
        assert!(!Decimal::read("1e-400").unwrap().is_zero());
    }

    #[test]
    fn an_e_without_digits_behind_it_belongs_to_the_unit() {
        for (text, number, rest) in [
            ("1e3s", "1e3", "s"),
            ("2.5E-3s", "2.5E-3", "s"),
            ("9.4e-05/s", "9.4e-05", "/s"),
            ("-1e+2", "-1e+2", ""),
            ("5e", "5", "e"),
            ("5e-", "5", "e-"),
            ("5EiB", "5", "EiB"),
            ("5 e3", "5", " e3"),
            ("e3", "", "e3"),
            ("-e3", "-", "e3"),
            ("1e3e3", "1e3", "e3"),
            ("1e1_0", "1e1", "_0"),
        ] {
            assert_eq!(split_number(text), (number, rest), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_number_is_the_same_with_and_without_an_exponent(
            digits in 0..1u64 << 62, places in 0u32..=18, moved in 0usize..20,
        ) {
            // `digits` with `places` behind the point, written by arithmetic on whole numbers.
            let ten = 10u64.pow(places);
            let width = places as usize;
            let plain = format!("{}.{:0width$}", digits / ten, digits % ten);
            // The same with the point behind the last digit, and with it left of the first one.
            let whole = format!("{digits}e-{places}");
            let power = moved as i64 + digits.to_string().len() as i64 - i64::from(places);
            let small = format!("0.{}{digits}E{power:+}", "0".repeat(moved));
            for text in [plain, whole, small] {
                let number = Decimal::read(&text).unwrap();
                prop_assert_eq!(number.times(ten), Some(digits), "{}", text);
                prop_assert_eq!(number.value(), format!("{digits}e-{places}").parse().ok());
            }
        }
    }
}
