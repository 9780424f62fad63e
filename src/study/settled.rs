//! Whether a run of a given length is long enough for its intervals, judged as pilots judge theirs: no part of the
//! beginning in the measured time, no trend, and a length of many times what the load remembers.
//!
//! Held against the exact answers of M/M/1 at 30, 80 and 95 % over 2 to 1,300 relaxation times (ten replications,
//! 200 to 300 seeds of each): the intervals of means hold the truth in 92 % from twenty independent looks a
//! replication on, those of p99 in 93 % from a hundred on, whatever the load; with five to ten looks it is 82 and
//! 47 %. docs/statistics.md, "Do the intervals hold the truth?", has a thousand seeds of these and of other laws.

use super::findings::{Diagnosis, Verdict};
use super::run_length::RunLength;
use crate::measure::{Ending, Outcome, Series, Slice};
use crate::plan::{Plan, Rhythm};
use crate::scenario::Code;
use crate::statistics::{inefficiency, mean_interval};
use crate::units::{Nanos, significant};

/// Independent looks of a replication from which on the intervals of means hold.
const LOOKS_OF_MEAN: f64 = 20.0;
/// The same of p99.
const LOOKS_OF_P99: f64 = 100.0;
/// Confidence of a difference between two parts of the measured time: one-sided at 0.1 %.
const LEVEL: f64 = 0.998;
/// Change of the mean by the earlier part, as a share of the mean, below which it is none to speak of.
const LEAST_SHIFT: f64 = 0.005;

/// Why the intervals of a run of given length hold the truth less often than they say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Doubt {
    /// A limit ended it before its time.
    Ended,
    /// Nobody knows whether there is anything steady to hold.
    Undecided,
    /// Nothing came that could be measured.
    Empty,
    /// A part of a round of the load was measured.
    PartOfRound,
    /// The first tenth of the measured time is unlike the rest, by this share of the mean.
    WarmUp(f64),
    /// The second half is unlike the first one, by this share of the mean.
    Trend(f64),
    /// A replication is worth so many independent looks.
    Memory(f64),
}

/// What speaks against the intervals of a run of given length, the gravest first; `None`: nothing does.
pub(super) fn doubt(
    plan: &Plan,
    outcomes: &[Outcome],
    length: RunLength,
    verdict: Verdict,
) -> Option<Doubt> {
    if outcomes.iter().any(|outcome| outcome.ending != Ending::Finished) {
        return Some(Doubt::Ended);
    }
    if verdict == Verdict::Undecided {
        return Some(Doubt::Undecided);
    }
    let records = outcomes.iter().flat_map(|outcome| &outcome.endpoints);
    if records.map(|record| record.arrivals).sum::<u64>() == 0 {
        return Some(Doubt::Empty);
    }
    let measured = length.duration.0.saturating_sub(length.warmup.0);
    match plan.load.rhythm {
        Rhythm::Rounds(round) if measured < round => return Some(Doubt::PartOfRound),
        // What passes is no sample of anything that lasts: every replication sees all of it.
        Rhythm::Once(_) if !lasts(plan) => return None,
        Rhythm::Rounds(_) | Rhythm::Once(_) | Rhythm::Steady => {}
    }
    let watched = watched(outcomes, length.warmup);
    let in_rounds = matches!(plan.load.rhythm, Rhythm::Rounds(_));
    let change = |part: f64| {
        let changes = watched.iter().filter_map(|path| path.change(part));
        changes.max_by(|a, b| a.abs().total_cmp(&b.abs())).filter(|_| !in_rounds)
    };
    let looks = watched.iter().map(Watched::looks).fold(f64::INFINITY, f64::min);
    let memory = (looks < LOOKS_OF_P99).then_some(Doubt::Memory(looks));
    let trend = change(0.5).map(Doubt::Trend);
    trend.or(memory).or_else(|| change(0.1).map(Doubt::WarmUp))
}

/// Whether some source never passes.
fn lasts(plan: &Plan) -> bool {
    plan.load.sources.iter().any(|source| source.passes_at().is_none())
}

/// A path that is looked at in each replication, in the slices of the measured time.
struct Watched {
    /// Values of each replication about the mean of all.
    paths: Vec<Vec<f64>>,
    /// What the mean of all stands for.
    mean: f64,
}

/// Requests under way and latency, of all requests and of every endpoint that is watched on its own.
fn watched(outcomes: &[Outcome], warmup: Nanos) -> Vec<Watched> {
    let total: Vec<&Series> = outcomes.iter().map(|outcome| &outcome.series).collect();
    let endpoints = outcomes.first().map_or(0, |outcome| outcome.endpoints.len());
    let own = (0..endpoints).filter_map(|endpoint| {
        let own = outcomes.iter().map(|outcome| outcome.endpoints[endpoint].series.as_ref());
        own.collect::<Option<Vec<&Series>>>()
    });
    std::iter::once(total).chain(own).flat_map(|series| of_series(&series, warmup)).collect()
}

fn of_series(series: &[&Series], warmup: Nanos) -> [Watched; 2] {
    let from = |series: &Series| warmup.0.div_ceil(series.width()) as usize;
    let count = series.iter().map(|series| series.slices().len()).min().unwrap_or(0);
    let slices: Vec<&[Slice]> =
        series.iter().map(|series| &series.slices()[from(series).min(count)..count]).collect();
    let sum =
        |part: &dyn Fn(&Slice) -> f64| slices.iter().copied().flatten().map(part).sum::<f64>();
    let paths = |part: &dyn Fn(&Slice) -> f64| -> Vec<Vec<f64>> {
        slices.iter().map(|slices| slices.iter().map(part).collect()).collect()
    };
    let number = slices.iter().map(|slices| slices.len()).sum::<usize>().max(1) as f64;
    let level = sum(&|slice| slice.in_flight as f64) / number;
    let answers = sum(&|slice| slice.answers as f64);
    let latency = sum(&|slice| slice.latency_sum as f64) / answers.max(1.0);
    // A slice with many answers weighs more than one with few.
    let beyond = |slice: &Slice| slice.latency_sum as f64 - latency * slice.answers as f64;
    [
        Watched { paths: paths(&|slice| slice.in_flight as f64 - level), mean: level },
        Watched { paths: paths(&beyond), mean: latency * answers / number },
    ]
}

impl Watched {
    /// How many independent values a path is worth for its mean: its length over twice the time that it
    /// remembers, which is that of an exponential decay where it is shorter than a slice.
    fn looks(&self) -> f64 {
        let slices = self.paths.first().map_or(0, Vec::len) as f64;
        match inefficiency(&self.paths) {
            Some(steps) if steps > 1.0 => slices * ((steps + 1.0) / (steps - 1.0)).ln() / 2.0,
            Some(_) | None => f64::INFINITY,
        }
    }

    /// By what share of the mean the first `part` of the time and the rest of it differ, where that is
    /// significant and moves the mean of all.
    fn change(&self, part: f64) -> Option<f64> {
        let at = (self.paths.first()?.len() as f64 * part) as usize;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
        let changes: Vec<f64> = self
            .paths
            .iter()
            .map(|path| path.split_at(at))
            .map(|(first, rest)| mean(rest) - mean(first))
            .collect();
        let change = mean_interval(&changes, LEVEL).filter(|change| !change.holds(0.0))?;
        let share = change.value / self.mean;
        (at > 0 && share.is_finite() && part * share.abs() > LEAST_SHIFT).then_some(share)
    }
}

impl Doubt {
    /// The same in words.
    pub(super) fn told(self, length: RunLength) -> Diagnosis {
        let measured = Nanos(length.duration.0.saturating_sub(length.warmup.0));
        let percent = |share: f64| significant(share.abs() * 100.0, 2);
        let way = |share: f64| if share > 0.0 { "above" } else { "below" };
        let message = match self {
            Doubt::Ended => "a limit of the scenario ended the run before its time".to_string(),
            Doubt::Undecided => "whether there is a steady state is not told: the figures are those of the \
                                 measured time, and no interval holds what a longer run would come to"
                .to_string(),
            Doubt::Empty => format!("nothing came in the {measured} that were measured"),
            Doubt::PartOfRound => format!(
                "{measured} were measured, less than a round of the load: the figures are those of this part"
            ),
            Doubt::WarmUp(share) => format!(
                "the warm-up of {} is too short: after the first tenth of the measured time the level \
                 is {} % {} that in it",
                length.warmup,
                percent(share),
                way(share)
            ),
            Doubt::Trend(share) => format!(
                "the run is too short: in the second half of the measured time the level is {} % {} \
                 that of the first half; run it longer",
                percent(share),
                way(share)
            ),
            Doubt::Memory(looks) => memory(looks, measured),
        };
        Diagnosis { code: Code::NotConverged, message }
    }
}

fn memory(looks: f64, measured: Nanos) -> String {
    let worth = significant(looks.max(1.0), 2);
    let which = match looks {
        ..LOOKS_OF_MEAN => {
            "no interval holds the truth in 95 % of such runs, and means may lie far too low"
        }
        _ => {
            "the intervals of means hold, those of p99 hold the truth in fewer than 95 % of such runs"
        }
    };
    format!(
        "the run is too short: queues carry over from one moment to the next, so {measured} of a replication \
         tell as much as {worth} independent measurements, and means need {LOOKS_OF_MEAN}, p99 {LOOKS_OF_P99}: \
         {which}; run it longer, or ask for a precision instead"
    )
}

#[cfg(test)]
mod tests {
    use super::super::run_length::By;
    use super::*;

    fn path(paths: Vec<Vec<f64>>) -> Watched {
        Watched { paths, mean: 10.0 }
    }

    /// A value for each slice, which leaves a trace of what the replication is.
    fn each(of: impl Fn(f64, f64) -> f64) -> Watched {
        let one =
            |number: u32| (0..200).map(|slice| of(f64::from(number), f64::from(slice))).collect();
        path((1..=5).map(one).collect())
    }

    #[test]
    fn a_path_is_worth_its_length_over_twice_its_memory() {
        // Waves of every replication on its own: positive for ten slices, then negative.
        let waves = each(|number, slice| ((slice + 7.0 * number) * 0.157).sin());
        let looks = waves.looks();
        assert!((10.0..60.0).contains(&looks), "{looks}");
        // Up and down from slice to slice: nothing lasts a slice.
        assert!(each(|number, slice| (number * slice * 2.4).sin()).looks() > 100.0);
        assert_eq!(each(|_, _| 1.0).looks(), f64::INFINITY);
        assert_eq!(path(vec![vec![], vec![]]).looks(), f64::INFINITY);
    }

    #[test]
    fn a_level_that_rises_in_all_replications_is_a_change() {
        let rising = each(|number, slice| slice / 20.0 + 0.01 * number * (slice % 3.0));
        let change = rising.change(0.5).unwrap();
        // From 2.5 to 7.5 in the mean, about a mean of 10.
        assert!((change - 0.5).abs() < 0.02, "{change}");
        assert!(rising.change(0.1).is_some_and(|change| change > 0.4));
        assert_eq!(each(|number, slice| (number * slice).sin()).change(0.5), None);
        let slight = each(|number, slice| slice / 20_000.0 + 1e-6 * number);
        assert_eq!(slight.change(0.5), None);
    }

    #[test]
    fn every_doubt_says_something_of_its_own() {
        let length = RunLength {
            duration: Nanos(20_000_000_000),
            warmup: Nanos(2_000_000_000),
            by: By::Author,
        };
        let all = [
            Doubt::Ended,
            Doubt::Undecided,
            Doubt::Empty,
            Doubt::PartOfRound,
            Doubt::WarmUp(0.4),
            Doubt::Trend(-0.4),
            Doubt::Memory(3.7),
            Doubt::Memory(40.0),
        ];
        let told: Vec<String> = all.iter().map(|doubt| doubt.told(length).message).collect();
        for (index, words) in told.iter().enumerate() {
            assert!(!told[index + 1..].contains(words), "{words}");
        }
        assert!(told[5].contains("40 % below"), "{}", told[5]);
        assert!(
            told[6].contains("18 s of a replication tell as much as 3.7 independent measurements"),
            "{}",
            told[6]
        );
        assert!(told[7].contains("intervals of means hold"), "{}", told[7]);
    }
}
