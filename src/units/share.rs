//! Shares: parts of a whole, from 0 to 1. Percent exists only in what people write and read.

use std::fmt;
use std::str::FromStr;

use super::UnitError;
use super::decimal::QuantityKind;
use super::print::plain;

const KIND: QuantityKind = QuantityKind {
    name: "a share",
    example_unit: "%",
    units: "% from 0 to 100, or none from 0 to 1",
    step: "none",
    limit: "100 %",
};

/// A part of a whole, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Share(pub f64);

impl Share {
    /// Nothing of it.
    pub const NONE: Self = Self(0.0);
    /// All of it.
    pub const WHOLE: Self = Self(1.0);
}

/// `90%`, `0.2 %` or `0.9`.
impl FromStr for Share {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let text = text.trim();
        let (number, unit) = KIND.number(text, text)?;
        let value = KIND.real(text, &number)?;
        match unit {
            "%" if value <= 100.0 => Ok(Self(value / 100.0)),
            "%" => Err(KIND.error(text, "is more than the whole", "100%")),
            "" if value <= 1.0 => Ok(Self(value)),
            "" if value <= 100.0 => Err(KIND.error(
                text,
                "is more than 1, which is the whole; percent needs its sign",
                &format!("{}%", number.digits),
            )),
            "" => Err(KIND.error(text, "is more than the whole", "100%")),
            _ => Err(KIND.unit_unknown(text, unit, &number)),
        }
    }
}

/// `12.5 %`: four digits of the share or of what is missing to the whole, whichever is less, so
/// that `99.995 %` does not become all. Shares of a capacity may be above 100 %.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: i32 = 4;
        let percent = self.0 * 100.0;
        let rest = percent.abs().min((100.0 - percent).abs());
        let exponent = |value: f64| value.log10().floor() as i32;
        let digits = match rest > 0.0 && rest.is_finite() {
            // As many decimals as the smaller one shows.
            true => (DIGITS + exponent(percent.abs()) - exponent(rest)).clamp(DIGITS, 15),
            false => DIGITS,
        };
        f.pad(&format!("{} %", plain(percent, digits.unsigned_abs() as usize)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_in_percent_and_as_parts_of_one() {
        for (text, share) in [
            ("90%", 0.9),
            ("90 %", 0.9),
            ("0.2%", 0.002),
            ("0.9", 0.9),
            ("9e-1", 0.9),
            ("2e-1%", 0.002),
            ("1e+2 %", 1.0),
            ("0", 0.0),
            ("1", 1.0),
            ("100%", 1.0),
        ] {
            assert_eq!(text.parse(), Ok(Share(share)), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_share_is_said_with_the_value_and_an_example() {
        for (text, problem, hint) in [
            ("90", "`90` is more than 1, which is the whole; percent needs its sign", "`90%`"),
            ("1.5", "`1.5` is more than 1, which is the whole; percent needs its sign", "`1.5%`"),
            ("150%", "`150%` is more than the whole", "`100%`"),
            ("150", "`150` is more than the whole", "`100%`"),
            ("9 percent", "`9 percent` has the unknown unit `percent`", "`9%`"),
            ("1e3%", "`1e3%` is more than the whole", "`100%`"),
            ("1e308%", "`1e308%` is too large: the limit is 100 %", "`5%`"),
            ("1e-400", "`1e-400` is too close to zero to be told from it", "`5%`"),
            ("-5%", "`-5%` is negative: a share is zero or more", "`5%`"),
            ("NaN", "`NaN` is not a finite number", "`5%`"),
        ] {
            let error = text.parse::<Share>().unwrap_err();
            assert_eq!(error.problem, problem);
            assert!(error.hint.contains(hint), "{text}: {}", error.hint);
        }
    }

    #[test]
    fn shares_print_in_percent_and_never_round_to_all() {
        for (share, text) in [
            (0.125, "12.5 %"),
            (0.9, "90 %"),
            (0.002, "0.2 %"),
            (1.0 / 3.0, "33.33 %"),
            (0.999_95, "99.995 %"),
            (0.999_999, "99.9999 %"),
            (0.0, "0 %"),
            (1.0, "100 %"),
            (1.34, "134 %"),
            (-0.05, "-5 %"),
        ] {
            assert_eq!(Share(share).to_string(), text);
        }
    }
}
