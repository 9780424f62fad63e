//! The values an axis of a sweep takes: `100/s,200/s`, `50/s..3200/s x 7 log`, `1..9 x 5`.

use super::visible::quoted;
use crate::units::{UnitError, plain, split_number};

/// Most values of one axis.
const MOST_VALUES: usize = 10_000;

/// Significant digits of the steps of a range: they are round where they can be.
const DIGITS: usize = 6;

/// The values that a text lists, as an author would write each. A range keeps its unit and has
/// both its ends; `log` spaces by equal factors, `linear` (or nothing) by equal steps.
///
/// # Errors
/// An empty value, a range without `x COUNT`, with two units, or with an end that is no number.
pub fn values(text: &str) -> Result<Vec<String>, UnitError> {
    let parts = split_list(text);
    if parts.len() > MOST_VALUES {
        return Err(too_many(parts.len()));
    }
    match parts.as_slice() {
        [single] if single.contains("..") => range(single),
        _ if parts.iter().any(|part| part.is_empty()) => {
            Err(error(format!("{} has an empty value", quoted(text)), "100/s,200/s,400/s"))
        }
        _ => Ok(parts),
    }
}

/// Splits at commas that stand in no bracket and no quotes.
fn split_list(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    let mut quote = None;
    for character in text.chars() {
        match (quote, character) {
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        if character == ',' && depth == 0 && quote.is_none() {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts.iter().map(|part| part.trim().to_string()).collect()
}

fn range(text: &str) -> Result<Vec<String>, UnitError> {
    const EXAMPLE: &str = "50/s..3200/s x 7 log";
    let (ends, steps) = text.split_once(" x ").ok_or_else(|| {
        error(format!("the range {} does not say how many values it has", quoted(text)), EXAMPLE)
    })?;
    let mut words = steps.split_whitespace();
    let count = words.next().unwrap_or_default();
    let count: usize = count.parse().ok().filter(|count| *count >= 2).ok_or_else(|| {
        error(format!("a range has 2 values or more; found {}", quoted(count)), EXAMPLE)
    })?;
    if count > MOST_VALUES {
        return Err(too_many(count));
    }
    let log = match (words.next(), words.next()) {
        (None, _) | (Some("linear"), None) => false,
        (Some("log"), None) => true,
        (Some(word), _) => {
            let problem = format!("a range is spaced `log` or `linear`; found {}", quoted(word));
            return Err(error(problem, EXAMPLE));
        }
    };
    let (from, to) = ends.split_once("..").unwrap_or((ends, ""));
    let (from, from_unit) = number_and_unit(from.trim(), EXAMPLE)?;
    let (to, to_unit) = number_and_unit(to.trim(), EXAMPLE)?;
    if from_unit != to_unit {
        let problem = format!(
            "both ends of a range have one unit; found {} and {}",
            quoted(from_unit),
            quoted(to_unit)
        );
        return Err(error(problem, EXAMPLE));
    }
    if log && (from <= 0.0 || to <= 0.0) {
        return Err(error("a range spaced `log` has ends above zero".to_string(), EXAMPLE));
    }
    let value = |index: usize| {
        let share = index as f64 / (count - 1) as f64;
        if log { from * (to / from).powf(share) } else { from + (to - from) * share }
    };
    Ok((0..count).map(|index| format!("{}{from_unit}", plain(value(index), DIGITS))).collect())
}

fn number_and_unit<'t>(text: &'t str, example: &str) -> Result<(f64, &'t str), UnitError> {
    let (number, unit) = split_number(text);
    match number.replace('_', "").parse::<f64>() {
        Ok(number) if number.is_finite() => Ok((number, unit)),
        _ => Err(error(format!("{} does not start with a number", quoted(text)), example)),
    }
}

fn too_many(count: usize) -> UnitError {
    let problem = format!("{count} values are more than the limit of {MOST_VALUES}");
    error(problem, "50/s..3200/s x 7 log")
}

fn error(problem: String, example: &str) -> UnitError {
    UnitError { problem, hint: format!("write it like `{example}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(text: &str) -> Vec<String> {
        values(text).unwrap()
    }

    #[test]
    fn a_list_is_split_at_its_commas_only() {
        assert_eq!(listed("100/s, 200/s,400/s"), ["100/s", "200/s", "400/s"]);
        assert_eq!(listed("lognormal(mean 2ms, cv 1),exp(2ms)").len(), 2);
        assert_eq!(listed("{ async: { max_in_flight: 3 } }"), ["{ async: { max_in_flight: 3 } }"]);
        assert_eq!(listed("\"a,b\",c"), ["\"a,b\"", "c"]);
    }

    #[test]
    fn a_range_spaced_log_doubles() {
        let expected = ["50/s", "100/s", "200/s", "400/s", "800/s", "1600/s", "3200/s"];
        assert_eq!(listed("50/s..3200/s x 7 log"), expected);
    }

    #[test]
    fn ends_with_an_exponent_are_numbers() {
        assert_eq!(listed("1e-3/s..1e-1/s x 3 log"), ["0.001/s", "0.01/s", "0.1/s"]);
        assert_eq!(listed("1e-9..1e-7 x 3 log"), ["1e-9", "1e-8", "1e-7"]);
        assert_eq!(listed("1_000..3e3 x 3"), ["1000", "2000", "3000"]);
    }

    #[test]
    fn a_range_spaced_linear_steps_and_may_fall() {
        assert_eq!(listed("1..9 x 5"), ["1", "3", "5", "7", "9"]);
        assert_eq!(listed("0.5ms..0ms x 3 linear"), ["0.5ms", "0.25ms", "0ms"]);
        assert_eq!(listed("1000000..3000000 x 3"), ["1000000", "2000000", "3000000"]);
    }

    #[test]
    fn what_is_no_list_of_values_is_refused_with_an_example() {
        let problems = [
            ("", "empty value"),
            ("1,,2", "empty value"),
            ("1..9", "how many"),
            ("1..9 x 1", "2 values"),
            ("1..9 x many", "2 values"),
            ("1ms..9s x 3", "one unit"),
            ("0..9 x 3 log", "above zero"),
            ("a..b x 3", "number"),
            ("1..9 x 3 cubic", "`log` or `linear`"),
            ("1..9 x 99999999", "limit of 10000"),
        ];
        for (text, part) in problems {
            let error = values(text).unwrap_err();
            assert!(error.problem.contains(part), "{text}: {}", error.problem);
            assert!(error.hint.contains("x 7 log") || error.hint.contains("100/s"));
        }
    }
}
