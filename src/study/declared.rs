//! The figures whose precision is asked for, and how near to it they are: mean and p99 of all requests
//! and of every endpoint with a promise, the throughput, and the bill where it varies.

use super::estimate::{Estimate, estimate};
use super::summary::{answers, mean_latency, quantile, throughputs};
use super::usage::bills;
use crate::ids::Id;
use crate::measure::Outcome;
use crate::model::{Length, Model};
use crate::plan::Plan;
use crate::units::significant;

/// Answers without a good one among them after which no latency is expected any more.
const HOPELESS: u64 = 1_000;

/// A figure whose precision is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Declared {
    /// Such as `p99 of checkout`.
    name: String,
    /// Half-width of its interval as a share of it; `None`: there is no interval.
    reached: Option<f64>,
    /// What was asked.
    asked: f64,
}

impl Declared {
    /// Whether the interval is as narrow as was asked.
    pub(super) fn precise(&self) -> bool {
        self.reached.is_some_and(|reached| reached <= self.asked)
    }

    /// How many times as many requests are needed, as intervals narrow with the root of them; infinite where there
    /// is no interval yet.
    pub(super) fn times_too_short(&self) -> f64 {
        self.reached.map_or(f64::INFINITY, |reached| (reached / self.asked).powi(2))
    }

    /// Such as `p99 of checkout ± 14 % (asked: ± 10 %)`.
    pub(super) fn words(&self) -> String {
        let percent = |share: f64| format!("± {} %", significant(share * 100.0, 2));
        let reached = self.reached.map_or("not known yet".into(), percent);
        format!("{} {reached} (asked: {})", self.name, percent(self.asked))
    }
}

/// What is declared, and how precise these outcomes make it. Nothing where the length is given.
pub(super) fn declared(model: &Model, plan: &Plan, outcomes: &[Outcome]) -> Vec<Declared> {
    let Length::Precision { mean, p99 } = model.run.length else {
        return Vec::new();
    };
    let promised = model.slos.iter().filter_map(|slo| slo.endpoint);
    let mut endpoints: Vec<usize> = promised.map(|endpoint| endpoint as usize).collect();
    endpoints.sort_unstable();
    endpoints.dedup();
    let groups = std::iter::once(None).chain(endpoints.into_iter().map(Some));
    let mut all = Vec::new();
    for group in groups {
        let of = group.map_or("all requests", |index: usize| {
            plan.load.endpoints[Id::new(index)].name.as_str()
        });
        if latency_is_expected(outcomes, group) {
            all.push(figure(format!("mean of {of}"), mean_latency(outcomes, group), mean));
            all.push(figure(format!("p99 of {of}"), quantile(outcomes, group, 0.99), p99));
        }
    }
    all.push(figure("throughput".into(), Some(estimate(&throughputs(outcomes, None))), mean));
    if let Some(prices) = model.platform.prices.as_ref() {
        let bill = estimate(&bills(plan, outcomes, Some(prices)));
        all.push(figure("bill".into(), Some(bill), mean));
    }
    all
}

/// Where nothing is answered well there is no latency to wait for.
fn latency_is_expected(outcomes: &[Outcome], group: Option<usize>) -> bool {
    let [good, all] = answers(outcomes, group);
    good > 0 || all < HOPELESS
}

fn figure(name: String, estimate: Option<Estimate>, asked: f64) -> Declared {
    let reached = estimate.and_then(|estimate| {
        let [low, high] = estimate.ci95?;
        match (high - low) / 2.0 {
            0.0 => Some(0.0),
            half_width => Some(half_width / estimate.value.abs()),
        }
    });
    Declared { name, reached, asked }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_as_precise_as_its_interval_is_narrow() {
        let known = |low, high| Some(Estimate { value: 10.0, ci95: Some([low, high]) });
        assert!(figure("mean".into(), known(9.5, 10.5), 0.05).precise());
        let wide = figure("p99 of checkout".into(), known(8.6, 11.4), 0.10);
        assert!(!wide.precise());
        assert_eq!(wide.words(), "p99 of checkout ± 14 % (asked: ± 10 %)");
        assert!(!figure("mean".into(), None, 0.05).precise());
        let never_varies = Some(Estimate { value: 0.0, ci95: Some([0.0, 0.0]) });
        assert!(figure("bill".into(), never_varies, 0.05).precise());
    }
}
