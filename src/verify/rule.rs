//! The rule of the oracle file (`acceptance`): the tool's own 99.9 % interval must hold the value and be
//! narrow. A wide interval is no pass.

use crate::statistics::student_quantile;
use crate::study::Estimate;

/// Greatest half-width as a share of the value, and the same for far tails and rare events.
const NARROW: f64 = 0.02;
const NARROW_FAR_OUT: f64 = 0.05;

/// The oracle file prints 12 digits; an interval without width may miss the last ones.
const ROUNDING: f64 = 1e-9;

/// Low and high end of an interval.
pub type Bounds = [f64; 2];

/// The 99.9 % interval of an estimate over so many replications; `None` if it has none.
pub fn interval(estimate: Estimate, replications: u32) -> Option<Bounds> {
    let [low, high] = estimate.ci95?;
    let degrees = f64::from(replications) - 1.0;
    let wider = student_quantile(0.9995, degrees) / student_quantile(0.975, degrees);
    let low = estimate.value - wider * (estimate.value - low);
    Some([low, estimate.value + wider * (high - estimate.value)])
}

/// Why `estimate` over so many replications does not pass for `metric`, whose true value is `truth`;
/// `None` if it passes.
pub fn miss(metric: &str, truth: f64, estimate: Estimate, replications: u32) -> Option<String> {
    let Some([low, high]) = interval(estimate, replications) else {
        return Some("has no interval".to_string());
    };
    if truth == 0.0 {
        // Zero is a statement about what cannot happen, and then it never does.
        let never = estimate.value == 0.0 && low == 0.0 && high == 0.0;
        return (!never).then(|| "should be nothing".to_string());
    }
    let half_width = (high - low) / 2.0 / truth.abs();
    let slack = ROUNDING * truth.abs();
    if truth < low - slack || truth > high + slack {
        return Some("the interval leaves out the value".to_string());
    }
    let rare = metric.contains("prob") && truth < 0.01;
    let far_out = metric.ends_with("_p999") || rare;
    let most = if far_out { NARROW_FAR_OUT } else { NARROW };
    (half_width > most).then(|| format!("an interval of ±{:.2} % is too wide", 100.0 * half_width))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, half_width: f64) -> Estimate {
        Estimate { value, ci95: Some([value - half_width, value + half_width]) }
    }

    #[test]
    fn an_interval_of_thirty_replications_is_widened_by_the_tables_quantiles() {
        // Student's t at 29 degrees of freedom from the usual table: 3.659 and 2.045.
        let [low, high] = interval(estimate(1.0, 0.2045), 30).expect("it has one");
        assert!(
            (low - (1.0 - 0.3659)).abs() < 2e-4 && (high - 1.3659).abs() < 2e-4,
            "{low} {high}"
        );
    }

    #[test]
    fn a_value_inside_a_narrow_interval_passes() {
        assert_eq!(miss("mean_response", 0.05, estimate(0.0502, 0.0004), 30), None);
        assert_eq!(miss("mean_wait", 0.0, estimate(0.0, 0.0), 30), None);
    }

    #[test]
    fn a_value_outside_the_interval_a_wide_interval_and_none_fail() {
        let outside = miss("mean_response", 0.05, estimate(0.0504, 0.0002), 30);
        assert!(outside.is_some_and(|words| words.contains("leaves out")));
        let wide = miss("mean_response", 0.05, estimate(0.05, 0.0006), 30);
        assert!(wide.is_some_and(|words| words.contains("too wide")));
        // As wide, but of the far tail.
        assert_eq!(miss("response_p999", 0.05, estimate(0.05, 0.0006), 30), None);
        assert!(miss("loss_probability", 0.05, estimate(0.05, 0.0006), 30).is_some());
        assert_eq!(miss("loss_probability", 0.005, estimate(0.005, 0.00006), 30), None);
        let bare = Estimate { value: 0.05, ci95: None };
        assert!(miss("mean_response", 0.05, bare, 30).is_some());
        assert!(miss("mean_wait", 0.0, estimate(1e-9, 0.0), 30).is_some());
    }
}
