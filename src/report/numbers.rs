//! How quantities are written for people: few digits, a unit that fits, no more digits than the
//! interval carries.

use crate::study::Estimate;
use crate::units::{si_time, significant};

/// What a number means, and so how it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Quantity {
    /// Seconds.
    Time,
    /// An amount of this currency (`USD`); empty where there are no prices.
    Money(String),
    /// A share from 0 to 1, written in percent.
    Share,
    /// Events per second.
    Rate,
    /// Things, on average.
    Count,
}

/// Stands before an estimate that has no interval.
pub(super) const APPROXIMATE: &str = "≈ ";

/// The interval of an estimate, or what is left of it: nothing that is not a number is ever shown.
pub(super) fn interval(estimate: &Estimate) -> Option<[f64; 2]> {
    estimate.ci95.filter(|[low, high]| low.is_finite() && high.is_finite() && low <= high)
}

/// Decimals of the ends of an interval, at most.
const MOST_DECIMALS: usize = 6;

impl Quantity {
    /// The number with its unit: `12.3 ms`, `$1,234`, `0.20 %`, `412/s`. Not a number: `–`.
    pub(super) fn write(&self, value: f64) -> String {
        if !value.is_finite() {
            return "–".to_owned();
        }
        match self {
            Self::Time if value < 0.0 => format!("−{}", si_time(-value)),
            Self::Time => si_time(value),
            Self::Money(currency) => money(value, currency),
            Self::Share => share(value),
            Self::Rate => format!("{}/s", digits(value, decimals_for(value, 4).min(3))),
            Self::Count => digits(value, decimals_for(value, 3).min(3)),
        }
    }

    /// The same with three digits that count, zeros among them, as in a column of numbers: `2.60 ms`, `61.0 ms`.
    pub(super) fn write_in_column(&self, value: f64) -> String {
        match self {
            Self::Time if value.is_finite() && value > 0.0 => {
                let unit = self.unit(value);
                let number = value / unit.size;
                unit.with(&digits(number, decimals_for(number, 3)))
            }
            _ => self.write(value),
        }
    }

    /// The number with its 95 % interval: `12.3 ms ± 0.4`, or `12.3 ms (11.9 … 13.4)` where the
    /// interval lies unevenly. An interval too narrow for four digits of the value is left out.
    pub(super) fn write_estimate(&self, estimate: &Estimate) -> String {
        let Some([low, high]) = interval(estimate) else {
            return self.write(estimate.value);
        };
        let half = (high - low) / 2.0;
        let unit = self.unit(estimate.value);
        let value = estimate.value / unit.size;
        let decimals = decimals_of_half(half / unit.size).min(decimals_for(value, 4));
        let least = 0.5 * 10f64.powi(-(decimals as i32));
        if !estimate.value.is_finite() || half / unit.size < least {
            return self.write(estimate.value);
        }
        unit.with(&digits(value, decimals)) + &ends(estimate, [low, high], unit.size, decimals)
    }

    /// The same of an estimate that has no interval, though it is no exact value: `≈ 12.3 ms`.
    pub(super) fn write_uncertain(&self, estimate: &Estimate) -> String {
        match interval(estimate) {
            None if estimate.value.is_finite() => {
                format!("{APPROXIMATE}{}", self.write(estimate.value))
            }
            _ => self.write_estimate(estimate),
        }
    }

    /// A known value and an estimate of it in one unit and with as many decimals, the estimate with
    /// half the width of its interval: `10 ms` and `10.02 ms ± 0.08`.
    pub(super) fn write_beside(&self, known: f64, estimate: &Estimate) -> (String, String) {
        let unit = self.unit(known);
        let half = interval(estimate).map_or(0.0, |[low, high]| (high - low) / 2.0 / unit.size);
        let [least, most] = [3, 5].map(|digits| decimals_for(known / unit.size, digits));
        let decimals = decimals_of_half(half).clamp(least, most);
        let write = |value: f64| trimmed(digits(value / unit.size, decimals));
        let known = unit.with(&write(known));
        if half < 0.5 * 10f64.powi(-(decimals as i32)) {
            return (known, unit.with(&write(estimate.value)));
        }
        let value = unit.with(&digits(estimate.value / unit.size, decimals));
        let [low, high] = interval(estimate).unwrap_or([estimate.value; 2]);
        (known, value + &ends(estimate, [low, high], unit.size, decimals))
    }

    /// Whether both ends of an interval are one figure, as far as anybody could read it: what is found is exact.
    pub(super) fn is_point(&self, [low, high]: [f64; 2]) -> bool {
        let unit = self.unit(low.abs().max(high.abs()));
        let [low, high] = [low, high].map(|end| digits(end / unit.size, MOST_DECIMALS));
        low == high
    }

    /// Both ends of an interval in one unit: `11.9 … 12.7 ms`; where they are one, that figure alone: `3.195 ms`.
    pub(super) fn write_interval(&self, [low, high]: [f64; 2]) -> String {
        if self.is_point([low, high]) {
            if matches!(self, Self::Money(_)) {
                return self.write(low);
            }
            let unit = self.unit(low);
            return unit.with(&trimmed(digits(low / unit.size, decimals_for(low / unit.size, 4))));
        }
        let unit = self.unit(low.abs().max(high.abs()));
        let decimals = decimals_of_half((high - low) / 2.0 / unit.size)
            .max(decimals_for(low.abs().max(high.abs()) / unit.size, 3))
            .min(MOST_DECIMALS);
        let [low, high] = [low, high].map(|end| digits(end / unit.size, decimals));
        unit.with(&format!("{low} … {high}"))
    }

    /// The unit in which a value of this size is written.
    pub(super) fn unit(&self, value: f64) -> WrittenUnit {
        match self {
            Self::Time => time_unit(value),
            Self::Money(currency) => currency_unit(currency),
            Self::Share => WrittenUnit { size: 0.01, before: "".into(), after: " %".into() },
            Self::Rate => WrittenUnit { size: 1.0, before: "".into(), after: "/s".into() },
            Self::Count => WrittenUnit { size: 1.0, before: "".into(), after: "".into() },
        }
    }
}

/// A unit: how large it is in the base unit and what is written around a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WrittenUnit {
    /// One of this unit in seconds, shares or plain numbers.
    pub(super) size: f64,
    /// Written before the number.
    before: String,
    /// Written after the number, with its space.
    after: String,
}

impl WrittenUnit {
    /// The written number with this unit.
    pub(super) fn with(&self, number: &str) -> String {
        match number.strip_prefix('−') {
            Some(positive) if !self.before.is_empty() => {
                format!("−{}{positive}{}", self.before, self.after)
            }
            _ => format!("{}{number}{}", self.before, self.after),
        }
    }
}

/// What follows a value: half of its interval, ` ± 0.4`, or where it lies unevenly both ends, ` (11.9 … 13.4)`.
fn ends(estimate: &Estimate, [low, high]: [f64; 2], size: f64, decimals: usize) -> String {
    let half = (high - low) / 2.0;
    let uneven = ((high + low) / 2.0 - estimate.value).abs() > 0.1 * half;
    if uneven {
        let [low, high] = [low, high].map(|end| digits(end / size, decimals));
        format!(" ({low} … {high})")
    } else {
        format!(" ± {}", digits(half / size, decimals))
    }
}

/// Ascending times (s), each in the unit that fits it and with so many digits that neighbours that differ are
/// written differently: `1 s`, `999.9 s`, `1,000.1 s`.
pub(super) fn distinct_times(times: &[f64]) -> Vec<String> {
    const FEWEST: usize = 3;
    const MOST: usize = 15;
    let write = |digits: usize| -> Vec<String> {
        let written = times.iter().map(|time| {
            let unit = Quantity::Time.unit(*time);
            unit.with(&significant(time / unit.size, digits))
        });
        written.collect()
    };
    let differ = |written: &[String]| {
        let pairs = times.windows(2).zip(written.windows(2));
        pairs.into_iter().all(|(times, written)| times[0] == times[1] || written[0] != written[1])
    };
    let found = (FEWEST..MOST).map(write).find(|written| differ(written));
    found.unwrap_or_else(|| write(MOST))
}

fn time_unit(seconds: f64) -> WrittenUnit {
    // The bounds are those of `si_time`; they stand a little below the unit so that 999.9 ms is
    // written as 1 s.
    let size = seconds.abs();
    let (size, name) = match size {
        _ if size >= 259_200.0 => (86_400.0, " d"),
        _ if size >= 7_200.0 => (3_600.0, " h"),
        _ if size >= 1_000.0 => (60.0, " min"),
        _ if size >= 0.9995 => (1.0, " s"),
        _ if size >= 0.9995e-3 => (1e-3, " ms"),
        _ if size >= 0.9995e-6 => (1e-6, " µs"),
        _ if size > 0.0 => (1e-9, " ns"),
        _ => (1.0, " s"),
    };
    WrittenUnit { size, before: String::new(), after: name.to_owned() }
}

/// The sign before the number where a currency has a well-known one, else its code after it.
fn currency_unit(currency: &str) -> WrittenUnit {
    let (before, after) = match currency {
        "USD" => ("$", String::new()),
        "EUR" => ("€", String::new()),
        "GBP" => ("£", String::new()),
        "" => ("", String::new()),
        code => ("", format!(" {code}")),
    };
    WrittenUnit { size: 1.0, before: before.to_owned(), after }
}

/// A price of a unit with all the digits that a catalogue gives, at most eight decimals.
pub(super) fn unit_price(value: f64) -> String {
    let text = digits(value, 8);
    let short = text.trim_end_matches('0');
    let decimals = short.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    digits(value, decimals.max(2))
}

fn money(value: f64, currency: &str) -> String {
    let size = value.abs();
    let decimals = match size {
        _ if size >= 999.5 || size == 0.0 => 0,
        _ if size >= 0.1 => 2,
        _ => decimals_for(value, 2),
    };
    currency_unit(currency).with(&digits(value, decimals))
}

fn share(value: f64) -> String {
    let percent = value * 100.0;
    let size = percent.abs();
    let decimals = match size {
        _ if size == 0.0 => 0,
        _ if size < 0.005 && value < 0.0 => return ">−0.01 %".to_owned(),
        _ if size < 0.005 => return "<0.01 %".to_owned(),
        _ if size < 0.9995 => 2,
        _ if size < 9.95 => 1,
        // Availability lives between 99 and 100 %: there the decimals are the message.
        _ if size > 99.0 && size < 99.995 => 2,
        _ => 0,
    };
    format!("{} %", digits(percent, decimals))
}

/// Decimals that give `significant` digits, at most nine.
fn decimals_for(value: f64, significant: i32) -> usize {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    let magnitude = value.abs().log10().floor() as i32;
    // Rounding may carry into the next power of ten: 9.996 is written 10.0, not 10.00.
    let unit = 10f64.powi(significant - 1 - magnitude);
    let carried = (value.abs() * unit).round() / unit >= 10f64.powi(magnitude + 1);
    (significant - 1 - magnitude - i32::from(carried)).clamp(0, 9) as usize
}

/// Decimals down to the first digit of a half-width, two digits where that is a one.
fn decimals_of_half(half: f64) -> usize {
    if half <= 0.0 || !half.is_finite() {
        return 9;
    }
    let magnitude = half.log10().floor() as i32;
    let leads_with_one = half / 10f64.powi(magnitude) < 1.95;
    (i32::from(leads_with_one) - magnitude).clamp(0, 9) as usize
}

/// A number with `decimals` decimals, commas between thousands and a true minus sign.
pub(super) fn digits(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::with_capacity(text.len() + 8);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let is_zero = text.chars().all(|letter| letter == '0' || letter == '.');
    let minus = if value < 0.0 && !is_zero { "−" } else { "" };
    format!("{minus}{grouped}{rest}")
}

/// A number without the zeros that end its decimals.
fn trimmed(number: String) -> String {
    if !number.contains('.') {
        return number;
    }
    number.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// How far an estimate is off, as a signed percentage of the value: `+0.4 %`.
pub(super) fn off(share: f64) -> String {
    let percent = 100.0 * share;
    let decimals = if percent.abs() < 0.095 { 2 } else { usize::from(percent.abs() < 9.95) };
    let text = digits(percent, decimals);
    let is_zero = text.chars().all(|letter| letter == '0' || letter == '.');
    let sign = if percent > 0.0 && !is_zero { "+" } else { "" };
    format!("{sign}{} %", if is_zero { "0" } else { &text })
}

/// A count with commas between thousands.
pub(super) fn count(value: u64) -> String {
    let text = value.to_string();
    let mut grouped = String::with_capacity(text.len() + 8);
    for (index, digit) in text.chars().enumerate() {
        if index > 0 && (text.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, low: f64, high: f64) -> Estimate {
        Estimate { value, ci95: Some([low, high]) }
    }

    #[test]
    fn times_get_three_digits_and_a_unit_that_fits() {
        for (seconds, text) in [
            (0.0, "0 s"),
            (4.2e-10, "0.42 ns"),
            (1e-6, "1 µs"),
            (12.34e-3, "12.3 ms"),
            (0.99996, "1 s"),
            (9.996e-3, "10 ms"),
            (100.0, "100 s"),
            (900.0, "900 s"),
            (1_200.0, "20 min"),
            (-0.0123, "−12.3 ms"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(Quantity::Time.write(seconds), text);
        }
    }

    #[test]
    fn money_has_cents_only_while_they_matter() {
        let dollars = Quantity::Money("USD".to_owned());
        for (amount, text) in [
            (0.0, "$0"),
            (0.0123, "$0.012"),
            (3.5, "$3.50"),
            (812.4, "$812.40"),
            (1_234_567.8, "$1,234,568"),
            (-40.0, "−$40.00"),
        ] {
            assert_eq!(dollars.write(amount), text);
        }
        assert_eq!(Quantity::Money("CHF".to_owned()).write(2_000.0), "2,000 CHF");
    }

    #[test]
    fn shares_are_written_in_percent() {
        for (value, text) in [
            (0.0, "0 %"),
            (0.002, "0.20 %"),
            (1e-6, "<0.01 %"),
            (-1e-6, ">−0.01 %"),
            (0.0512, "5.1 %"),
            (0.874, "87 %"),
            (0.9995, "99.95 %"),
            (1.34, "134 %"),
        ] {
            assert_eq!(Quantity::Share.write(value), text);
        }
    }

    #[test]
    fn a_value_has_no_more_digits_than_its_interval_carries() {
        let time = Quantity::Time;
        assert_eq!(time.write_estimate(&estimate(0.01234, 0.01194, 0.01274)), "12.3 ms ± 0.4");
        assert_eq!(time.write_estimate(&estimate(0.01234, 0.0122, 0.01248)), "12.34 ms ± 0.14");
        assert_eq!(time.write_estimate(&estimate(0.0123, 0.0119, 0.0139)), "12.3 ms (11.9 … 13.9)");
        assert_eq!(time.write_estimate(&estimate(0.0123, 0.0123, 0.0123)), "12.3 ms");
        assert_eq!(Quantity::Rate.write_estimate(&estimate(400.0, 399.0, 401.0)), "400.0/s ± 1.0");
    }

    #[test]
    fn an_interval_that_is_not_a_number_is_not_shown() {
        assert_eq!(interval(&estimate(1.0, f64::NAN, 2.0)), None);
        assert_eq!(Quantity::Time.write_estimate(&estimate(1.0, 0.5, f64::INFINITY)), "1 s");
    }

    #[test]
    fn an_estimate_without_an_interval_is_marked() {
        let alone = Estimate { value: 0.0123, ci95: None };
        assert_eq!(Quantity::Time.write_uncertain(&alone), "≈ 12.3 ms");
        assert_eq!(Quantity::Time.write_estimate(&alone), "12.3 ms");
        assert_eq!(Quantity::Time.write_uncertain(&estimate(0.01, 0.01, 0.01)), "10 ms");
    }

    #[test]
    fn neighbouring_times_that_differ_are_written_differently() {
        assert_eq!(distinct_times(&[0.0, 0.05, 1.0]), ["0 s", "50 ms", "1 s"]);
        assert_eq!(distinct_times(&[1_000.1, 1_000.2]), ["16.668 min", "16.67 min"]);
        assert_eq!(distinct_times(&[86_400.0, 86_400.5]), ["24 h", "24.0001 h"]);
        assert_eq!(distinct_times(&[0.9999, 1.0]), ["0.9999 s", "1 s"]);
        assert_eq!(distinct_times(&[2.0, 2.0]), ["2 s", "2 s"]);
        let close = [1_000_000.0, 1_000_000.000_001];
        let written = distinct_times(&close);
        assert_ne!(written[0], written[1]);
    }

    #[test]
    fn both_ends_of_an_interval_share_a_unit() {
        assert_eq!(Quantity::Time.write_interval([0.0119, 0.0127]), "11.9 … 12.7 ms");
        assert_eq!(Quantity::Time.write_interval([-0.0002, 0.0127]), "−0.2 … 12.7 ms");
    }

    #[test]
    fn an_interval_without_width_is_one_figure() {
        let hair = [0.003_194_798_000_1, 0.003_194_798_000_2];
        assert!(Quantity::Time.is_point(hair) && !Quantity::Time.is_point([0.0119, 0.0127]));
        assert_eq!(Quantity::Time.write_interval(hair), "3.195 ms");
        assert_eq!(Quantity::Time.write_interval([0.02; 2]), "20 ms");
        assert_eq!(Quantity::Time.write_interval([0.0; 2]), "0 s");
        assert_eq!(Quantity::Money("USD".to_owned()).write_interval([12.5; 2]), "$12.50");
    }

    #[test]
    fn a_known_value_stands_beside_its_estimate_in_the_same_unit() {
        let beside = |known, value, low, high| {
            Quantity::Time.write_beside(known, &estimate(value, low, high))
        };
        let pair = |known: &str, simulated: &str| (known.to_owned(), simulated.to_owned());
        assert_eq!(beside(0.01, 0.01002, 0.00994, 0.0101), pair("10 ms", "10.02 ms ± 0.08"));
        // The estimate alone would be written in seconds.
        assert_eq!(beside(0.999, 1.0011, 0.991, 1.011), pair("999 ms", "1,001 ms ± 10"));
        assert_eq!(beside(0.005, 0.005, 0.005, 0.005), pair("5 ms", "5 ms"));
        let rate = Quantity::Rate.write_beside(50.0, &estimate(50.01, 49.97, 50.05));
        assert_eq!(rate, pair("50/s", "50.01/s ± 0.04"));
        // An interval that is cut where nothing can be has no half to either side.
        assert_eq!(beside(0.01, 0.01, 0.0, 0.05), pair("10 ms", "10.0 ms (0.0 … 50.0)"));
        let count = Quantity::Count.write_beside(0.0, &estimate(0.0, 0.0, 0.0));
        assert_eq!(count, pair("0", "0"));
    }

    #[test]
    fn how_far_off_has_a_sign_and_two_digits() {
        for (share, text) in [
            (0.0, "0 %"),
            (0.00004, "0 %"),
            (0.0004, "+0.04 %"),
            (-0.0123, "−1.2 %"),
            (1.1, "+110 %"),
            (-1e-9, "0 %"),
        ] {
            assert_eq!(off(share), text, "{share}");
        }
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(999), "999");
        assert_eq!(digits(-0.001, 1), "0.0");
    }

    #[test]
    fn prices_keep_the_digits_of_the_catalogue() {
        assert_eq!(
            [0.0225, 0.1, 3.0, 0.000016].map(unit_price),
            ["0.0225", "0.10", "3.00", "0.000016"]
        );
    }
}
