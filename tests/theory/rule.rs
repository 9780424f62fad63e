//! The rule of the oracle file (`acceptance`): the tool's own 99.9 % interval must hold the value and be
//! narrow. A wide interval is no pass.

use cutline::study::Estimate;

/// Replications of every run here; the quantiles below belong to it.
pub(super) const REPLICATIONS: u32 = 30;

/// Student's t at 29 degrees of freedom, from the usual table: 99.9 % and 95 %, two-sided.
const T_999: f64 = 3.659;
const T_95: f64 = 2.045;

/// Greatest half-width as a share of the value, and the same for far tails and rare events.
const NARROW: f64 = 0.02;
const NARROW_FAR_OUT: f64 = 0.05;

/// The oracle file prints 12 digits; an interval without width may miss the last ones.
const ROUNDING: f64 = 1e-9;

/// Why `estimate` does not pass for `metric`, whose true value is `truth`; `None` if it passes.
pub(super) fn miss(metric: &str, truth: f64, estimate: Estimate) -> Option<String> {
    let Some([low, high]) = estimate.ci95 else {
        return Some(format!("{metric} has no interval"));
    };
    if truth == 0.0 {
        // Zero is a statement about what cannot happen, and then it never does.
        let never = estimate.value == 0.0 && low == 0.0 && high == 0.0;
        let said = || format!("{metric} is {} and should be nothing", estimate.value);
        return (!never).then(said);
    }
    let wider = T_999 / T_95;
    let low = estimate.value - wider * (estimate.value - low);
    let high = estimate.value + wider * (high - estimate.value);
    let half_width = (high - low) / 2.0 / truth.abs();
    let slack = ROUNDING * truth.abs();
    if truth < low - slack || truth > high + slack {
        return Some(format!(
            "{metric}: {truth} is outside {low} to {high} ({:+.2} %)",
            100.0 * (estimate.value / truth - 1.0)
        ));
    }
    let rare = metric.contains("prob") && truth < 0.01;
    let far_out = metric.ends_with("_p999") || rare;
    let most = if far_out { NARROW_FAR_OUT } else { NARROW };
    (half_width > most)
        .then(|| format!("{metric}: an interval of ±{:.2} % is too wide", 100.0 * half_width))
}

fn estimate(value: f64, half_width: f64) -> Estimate {
    Estimate { value, ci95: Some([value - half_width, value + half_width]) }
}

#[test]
fn a_value_inside_a_narrow_interval_passes() {
    assert_eq!(miss("mean_response", 0.05, estimate(0.0502, 0.0004)), None);
    assert_eq!(miss("mean_wait", 0.0, estimate(0.0, 0.0)), None);
}

#[test]
fn a_value_outside_the_interval_a_wide_interval_and_none_fail() {
    let outside = miss("mean_response", 0.05, estimate(0.0504, 0.0002));
    assert!(outside.is_some_and(|words| words.contains("outside")));
    let wide = miss("mean_response", 0.05, estimate(0.05, 0.0006));
    assert!(wide.is_some_and(|words| words.contains("too wide")));
    // As wide, but of the far tail.
    assert_eq!(miss("response_p999", 0.05, estimate(0.05, 0.0006)), None);
    assert!(miss("loss_probability", 0.05, estimate(0.05, 0.0006)).is_some());
    assert_eq!(miss("loss_probability", 0.005, estimate(0.005, 0.00006)), None);
    let bare = Estimate { value: 0.05, ci95: None };
    assert!(miss("mean_response", 0.05, bare).is_some());
    assert!(miss("mean_wait", 0.0, estimate(1e-9, 0.0)).is_some());
}
