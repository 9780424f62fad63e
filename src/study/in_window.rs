//! The requests of a window, of all endpoints or of one: rates, shares as ratios, percentiles by sectioning. Those
//! without an answer at the end of the run count as the slowest.

use super::estimate::{Estimate, LEVEL, estimate, estimate_of_share};
use super::outcomes::Outcomes;
use super::over_time::{RequestsInWindow, WindowLatency};
use super::summary::{at_most_three_in_n, merged, told_quantile};
use crate::measure::{Kind, Outcome, Window, WindowCounts};
use crate::statistics::{Grouped, Histogram, quantile_interval, ratio_values};

/// Observations beyond a percentile below which a window does not give it.
pub(super) const LEAST_BEYOND: f64 = 10.0;
/// Share of unanswered requests above which the mean of the others says little.
const MOST_UNANSWERED: f64 = 0.01;
/// The same as a share of the requests beyond a percentile.
const MOST_UNANSWERED_BEYOND: f64 = 0.1;

/// The requests of one window in all replications.
#[derive(Clone, Copy)]
pub(super) struct WindowRequests<'a> {
    pub(super) outcomes: &'a [Outcome],
    /// Position of the window.
    pub(super) index: usize,
    /// Whose they are; those of all endpoints where it is none.
    pub(super) endpoint: Option<usize>,
}

impl<'a> WindowRequests<'a> {
    fn windows(self) -> impl Iterator<Item = &'a Window> {
        self.outcomes.iter().map(move |outcome| &outcome.timeline.windows[self.index])
    }

    fn counts(self) -> impl Iterator<Item = &'a WindowCounts> {
        let own = move |window: &'a Window| match self.endpoint {
            Some(endpoint) => &window.endpoints[endpoint],
            None => &window.all,
        };
        self.windows().map(own)
    }

    /// Whether they were kept apart.
    pub(super) fn are_kept(self) -> bool {
        self.endpoint
            .is_none_or(|endpoint| self.windows().all(|window| endpoint < window.endpoints.len()))
    }

    /// What is told of them.
    pub(super) fn told(self) -> RequestsInWindow {
        let per_second = |count: fn(&WindowCounts) -> u64| {
            let width = self.windows().map(|window| (window.to - window.from) as f64);
            let rates =
                self.counts().zip(width).map(|(own, width)| count(own) as f64 * 1e9 / width);
            self.per_replication(rates)
        };
        RequestsInWindow {
            offered_per_second: per_second(|own| own.arrivals),
            throughput_per_second: per_second(|own| own.good),
            in_system: self.per_replication(self.counts().map(|own| own.in_system as f64)),
            outcomes: self.outcomes(),
            error_share: self.error_share(),
            latency_seconds: WindowLatency {
                mean: self.mean_values().map(|values| estimate(&values)),
                p50: self.quantile(0.5),
                p90: self.quantile(0.9),
                p95: self.quantile(0.95),
                p99: self.quantile(0.99),
            },
        }
    }

    fn per_replication(self, values: impl Iterator<Item = f64>) -> Estimate {
        let counts = self.outcomes.iter().map(|outcome| f64::from(outcome.replications));
        estimate(&values.zip(counts).map(|(value, count)| value / count).collect::<Vec<f64>>())
    }

    fn outcomes(self) -> Outcomes {
        let count = |kind: Kind| self.counts().map(|own| own.answers[kind as usize]).sum::<u64>();
        Outcomes {
            ok: count(Kind::Ok),
            rejected: count(Kind::Rejected),
            timeout: count(Kind::Timeout),
            failed: count(Kind::Failed),
            deadlock: count(Kind::Deadlock),
            abandoned: count(Kind::Abandoned),
            conflict: count(Kind::Conflict),
            in_flight: self.counts().map(WindowCounts::unanswered).sum(),
        }
    }

    fn error_share(self) -> Option<Estimate> {
        let answered = |own: &WindowCounts| own.answers.iter().sum::<u64>();
        let errors = self.counts().map(|own| (answered(own) - good(own)) as f64);
        let counts: Vec<f64> = self.counts().map(|own| answered(own) as f64).collect();
        let values = ratio_values(&errors.collect::<Vec<f64>>(), &counts)?;
        Some(at_most_three_in_n(estimate_of_share(&values), self.counts().map(answered).sum()))
    }

    fn quantile(self, q: f64) -> Option<Estimate> {
        let whole = Pooled::of(self);
        whole.tells(q).then_some(())?;
        let parts: Vec<Grouped> = self.counts().map(grouped).collect();
        quantile_interval(whole.grouped(), &parts, q, whole.most(), LEVEL).map(told_quantile)
    }

    /// Values of the mean latency, one per replication (s).
    pub(super) fn mean_values(self) -> Option<Vec<f64>> {
        let unanswered: u64 = self.counts().map(WindowCounts::unanswered).sum();
        let arrivals: u64 = self.counts().map(|own| own.arrivals).sum();
        if unanswered as f64 > MOST_UNANSWERED * arrivals as f64 {
            return None;
        }
        let sums: Vec<f64> = self.counts().map(|own| own.latency_sum as f64 / 1e9).collect();
        let counts: Vec<f64> = self.counts().map(|own| good(own) as f64).collect();
        ratio_values(&sums, &counts)
    }

    /// The pooled percentile and that of every replication in which it is known (s). `None` where it is not known
    /// of all together.
    pub(super) fn quantiles(self, q: f64) -> Option<(f64, Vec<f64>)> {
        let seconds = |ns: f64| ns / 1e9;
        let pooled = Pooled::of(self);
        pooled.tells(q).then_some(())?;
        let own = self.counts().filter_map(|own| grouped(own).quantile(q)).map(seconds);
        Some((pooled.grouped().quantile(q).map(seconds)?, own.collect()))
    }
}

/// Latencies of the requests of one window, all replications together.
struct Pooled {
    latency: Histogram,
    /// The greatest of them (ns).
    greatest: u64,
    unanswered: u64,
    /// How long each of the unanswered ones has lasted at the least (ns).
    lasted: u64,
}

impl Pooled {
    fn of(requests: WindowRequests) -> Self {
        let counts = || requests.counts();
        let ends = requests.outcomes.iter().map(|outcome| outcome.ended_at).min().unwrap_or(0);
        let over = requests.windows().map(|window| window.to).max().unwrap_or(0);
        Pooled {
            latency: merged(counts().map(|own| &own.latency)),
            greatest: counts().map(|own| own.latency_max.get()).max().unwrap_or(0),
            unanswered: counts().map(WindowCounts::unanswered).sum(),
            lasted: ends.saturating_sub(over),
        }
    }

    fn grouped(&self) -> Grouped<'_> {
        Grouped { values: &self.latency, greater: self.unanswered }
    }

    /// The greatest latency (ns) of all requests, where all are answered.
    fn most(&self) -> Option<f64> {
        (self.unanswered == 0).then_some(self.greatest as f64)
    }

    /// Whether a percentile is known: enough observations are beyond it, and either few of them are
    /// unanswered, or all of these have lasted longer already.
    fn tells(&self, q: f64) -> bool {
        let beyond = (self.latency.count() + self.unanswered) as f64 * (1.0 - q);
        let few_open = self.unanswered as f64 <= MOST_UNANSWERED_BEYOND * beyond;
        let below = || self.grouped().quantile(q);
        let is_certain = || below().is_some_and(|value| value <= self.lasted as f64);
        beyond >= LEAST_BEYOND && (few_open || is_certain())
    }
}

fn grouped(own: &WindowCounts) -> Grouped<'_> {
    Grouped { values: &own.latency, greater: own.unanswered() }
}

fn good(own: &WindowCounts) -> u64 {
    own.answers[Kind::Ok as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_told_where_what_is_unanswered_cannot_move_it() {
        let mut latency = Histogram::new(6);
        (1..=100).for_each(|time| latency.record(time));
        let tells = |unanswered, lasted, q| {
            Pooled { latency: latency.clone(), greatest: 100, unanswered, lasted }.tells(q)
        };
        assert!(tells(0, 0, 0.5) && tells(5, 0, 0.5) && !tells(6, 0, 0.5));
        // The median of 180 is 90: it is certain once the unanswered ones have lasted so long.
        assert!(tells(80, 90, 0.5) && !tells(80, 89, 0.5));
        assert!(!tells(101, 1_000, 0.5), "the median is among the unanswered ones");
        assert!(!tells(0, 0, 0.95), "five are beyond it");
    }
}
