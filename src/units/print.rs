//! Measured numbers as a reader sees them in tables and charts: a few digits, thousands grouped.

/// `value` with `digits` significant digits, but never less than its whole part: `3.42`, `0.0123`,
/// `12,346`. Trailing zeros are dropped (`5`, not `5.00`). Below 1e-6 and from 1e15 on in powers of
/// ten (`1.2e-7`). Below zero with a true minus sign. An infinity is `∞` and NaN, which no finished result holds, `–`.
pub fn significant(value: f64, digits: usize) -> String {
    group(&plain(value, digits).replacen('-', "−", usize::from(value < 0.0)))
}

/// The same without thousands separators, so that it can be read back.
pub fn plain(value: f64, digits: usize) -> String {
    if value.is_nan() {
        return "–".to_string();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "-∞" }.to_string();
    }
    if value == 0.0 {
        return "0".to_string();
    }
    let digits = digits.max(1);
    // The exponent after rounding: 9.996 has that of 10.0 when three digits are asked.
    let scientific = format!("{value:.*e}", digits - 1);
    let exponent: i32 = match scientific.split_once('e') {
        Some((_, exponent)) => exponent.parse().unwrap_or(0),
        None => 0,
    };
    if !(-6..15).contains(&exponent) {
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        return format!("{}e{exponent}", without_trailing_zeros(mantissa));
    }
    let places = usize::try_from(digits as i32 - 1 - exponent).unwrap_or(0);
    without_trailing_zeros(&format!("{value:.places$}")).to_string()
}

fn without_trailing_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// `text`, a printed number, with a comma before every third digit of its whole part.
pub(super) fn group(text: &str) -> String {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let length = text[start..].find(|c: char| !c.is_ascii_digit());
    let end = length.map_or(text.len(), |length| start + length);
    let mut out = text[..start].to_string();
    for (index, digit) in text[start..end].chars().enumerate() {
        if index > 0 && (end - start - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + &text[end..]
}

/// A measured time with three significant digits in the unit a reader would choose: `850 ns`,
/// `3.42 ms`, `1.5 s`, `16.7 min`, `2.78 h`. Differences may be negative.
pub fn si_time(seconds: f64) -> String {
    const UNITS: [(f64, &str); 7] = [
        (1e-9, "ns"),
        (1e-6, "µs"),
        (1e-3, "ms"),
        (1.0, "s"),
        (60.0, "min"),
        (3_600.0, "h"),
        (86_400.0, "d"),
    ];
    // Rounding first, so that 999.6 µs is `1 ms` and not `1,000 µs`.
    let rounded = format!("{:.2e}", seconds.abs()).parse().unwrap_or(seconds.abs());
    let (unit, name) = match rounded {
        0.0 => (1.0, "s"),
        ..0.999_5e-6 => UNITS[0],
        ..0.999_5e-3 => UNITS[1],
        ..0.999_5 => UNITS[2],
        ..1_000.0 => UNITS[3],
        ..7_200.0 => UNITS[4],
        ..259_200.0 => UNITS[5],
        f64::INFINITY => UNITS[3],
        _ if rounded.is_nan() => UNITS[3],
        _ => UNITS[6],
    };
    format!("{} {name}", significant(seconds / unit, 3))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_their_whole_part() {
        for (value, digits, text) in [
            (0.0, 3, "0"),
            (5.0, 3, "5"),
            (3.4178, 3, "3.42"),
            (0.012_345, 3, "0.0123"),
            (12_345.6, 3, "12,346"),
            (1_234_567.0, 3, "1,234,567"),
            (999.96, 4, "1,000"),
            (9.996, 3, "10"),
            (-1_500.25, 6, "−1,500.25"),
            (100.0, 2, "100"),
            (1.2e-7, 2, "1.2e-7"),
            (3e18, 3, "3e18"),
            (f64::INFINITY, 3, "∞"),
            (f64::NEG_INFINITY, 3, "−∞"),
            (f64::NAN, 3, "–"),
        ] {
            assert_eq!(significant(value, digits), text);
        }
    }

    #[test]
    fn times_choose_their_unit() {
        for (seconds, text) in [
            (0.0, "0 s"),
            (8.5e-7, "850 ns"),
            (3.4178e-3, "3.42 ms"),
            (2.5e-4, "250 µs"),
            (999.6e-6, "1 ms"),
            (0.999_6, "1 s"),
            (1.5, "1.5 s"),
            (600.0, "600 s"),
            (1_000.0, "16.7 min"),
            (10_000.0, "2.78 h"),
            (864_000.0, "10 d"),
            (-0.0012, "−1.2 ms"),
            (1e-12, "0.001 ns"),
            (f64::INFINITY, "∞ s"),
        ] {
            assert_eq!(si_time(seconds), text);
        }
    }

    proptest! {
        #[test]
        fn printing_rounds_by_at_most_half_a_unit_of_the_last_digit(
            mantissa in 1.0..10.0f64, exponent in -6i32..15, digits in 1usize..12,
        ) {
            let value = mantissa * 10f64.powi(exponent);
            let back: f64 = significant(value, digits).replace(',', "").parse().unwrap();
            let bound = 0.5 * 10f64.powi(1 - digits as i32) * 10f64.powi(exponent);
            prop_assert!((back - value).abs() <= bound * (1.0 + 1e-9));
        }
    }
}
