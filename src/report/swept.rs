//! A varied value as a number in the base unit of its kind: what spreadsheets can draw.

use crate::units::{Bytes, Nanos, PerSecond, Share, count};

/// A value as an author wrote it, such as `200/s`, `10ms` or `5%`, in the unit that other columns have: requests a second,
/// seconds, bytes; shares from 0 to 1 and plain numbers have none. `None` for what is no quantity, such as a class or a list.
pub(super) fn measured(written: &str) -> Option<(f64, &'static str)> {
    let plain = written.parse::<f64>().ok().filter(|number| number.is_finite());
    plain
        .map(|number| (number, ""))
        .or_else(|| written.parse::<PerSecond>().ok().map(|rate| (rate.0, "1/s")))
        .or_else(|| written.parse::<Nanos>().ok().map(|time| (time.seconds(), "s")))
        .or_else(|| written.parse::<Bytes>().ok().map(|size| (size.0 as f64, "B")))
        .or_else(|| written.parse::<Share>().ok().map(|share| (share.0, "")))
        .or_else(|| count(written).ok().map(|count| (count as f64, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_numbers_in_the_units_of_other_columns() {
        for (written, number, unit) in [
            ("8", 8.0, ""),
            ("-2.5", -2.5, ""),
            ("200/s", 200.0, "1/s"),
            ("2k/s", 2_000.0, "1/s"),
            ("30/min", 0.5, "1/s"),
            ("10ms", 0.01, "s"),
            ("4GiB", 4_294_967_296.0, "B"),
            ("5%", 0.05, ""),
            ("2k", 2_000.0, ""),
        ] {
            assert_eq!(measured(written), Some((number, unit)), "{written}");
        }
        for written in ["db.m6i.large", "{ exp: 2ms }", "async", "", "NaN", "=1+1"] {
            assert_eq!(measured(written), None, "{written}");
        }
    }
}
