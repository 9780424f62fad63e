//! Why a latency or a share of errors is not told: each reason by itself, as they ask for different things.

use super::findings::{EndpointFindings, Verdict};
use super::in_window::LEAST_BEYOND;
use super::outcomes::Outcomes;
use super::over_time::RequestsInWindow;

/// Why a figure is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The layout does not carry its load: there is no steady state.
    Unstable,
    /// No request came in the measured time.
    NobodyCame,
    /// Requests came, and the measured time was over before any had an answer.
    Unanswered,
    /// Requests were answered, and none of them well.
    NoneGood,
    /// Fewer values than it takes.
    TooFew,
    /// It is that of requests that are unanswered at the end of the run.
    Open,
}

impl Missing {
    /// What stands in the place of the figure.
    pub fn word(self) -> &'static str {
        match self {
            Missing::Unstable => "unstable",
            Missing::NobodyCame => "none came",
            Missing::Unanswered => "no answer",
            Missing::NoneGood => "none good",
            Missing::TooFew => "few",
            Missing::Open => "open",
        }
    }

    /// The same in the narrow columns of a table with many, which tells below it what the words mean.
    pub fn short(self) -> &'static str {
        match self {
            Missing::Unstable => "–",
            Missing::NobodyCame => "none",
            Missing::Unanswered => "late",
            Missing::NoneGood => "bad",
            Missing::TooFew => "few",
            Missing::Open => "open",
        }
    }

    /// What the words mean.
    pub fn sentence(self) -> &'static str {
        match self {
            Missing::Unstable => "the layout cannot carry its load, so there is no steady state",
            Missing::NobodyCame => "no request came in that time",
            Missing::Unanswered => "requests came, and none had an answer by the end",
            Missing::NoneGood => "requests were answered, and none of them well",
            Missing::TooFew => "fewer than ten values lie beyond it in all replications",
            Missing::Open => "it hangs on requests that were unanswered at the end of the run",
        }
    }
}

/// Why there is no latency of such requests; `None` where some have a good answer.
fn of_outcomes(found: &Outcomes) -> Option<Missing> {
    let Outcomes { ok, rejected, timeout, failed, deadlock, abandoned, conflict, in_flight } =
        found;
    let bad = rejected + timeout + failed + deadlock + abandoned + conflict;
    match (*ok, bad, *in_flight) {
        (0, 0, 0) => Some(Missing::NobodyCame),
        (0, 0, _) => Some(Missing::Unanswered),
        (0, _, _) => Some(Missing::NoneGood),
        _ => None,
    }
}

impl EndpointFindings {
    /// Why a figure of a layout with this verdict is missing.
    pub fn missing(&self, verdict: Verdict) -> Missing {
        match verdict {
            Verdict::Unstable => Missing::Unstable,
            Verdict::Stable | Verdict::Undecided | Verdict::Terminating => {
                of_outcomes(&self.outcomes).unwrap_or(Missing::TooFew)
            }
        }
    }
}

impl RequestsInWindow {
    /// Why a percentile `q` (0 to 1) or, of 0, the share of errors is missing.
    pub fn missing(&self, q: f64) -> Missing {
        let all = self.outcomes.ok + self.outcomes.in_flight;
        let few = all as f64 * (1.0 - q) < LEAST_BEYOND;
        let enough = if few { Missing::TooFew } else { Missing::Open };
        of_outcomes(&self.outcomes).unwrap_or(enough)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_word_and_a_sentence_of_its_own() {
        use Missing::{NobodyCame, NoneGood, Open, TooFew, Unanswered, Unstable};
        let all = [Unstable, NobodyCame, Unanswered, NoneGood, TooFew, Open];
        for (index, reason) in all.iter().enumerate() {
            for other in &all[index + 1..] {
                assert_ne!(reason.word(), other.word());
                assert_ne!(reason.short(), other.short());
                assert_ne!(reason.sentence(), other.sentence());
            }
        }
    }

    #[test]
    fn what_became_of_the_requests_is_the_reason() {
        let none = Outcomes::default();
        assert_eq!(of_outcomes(&none), Some(Missing::NobodyCame));
        assert_eq!(of_outcomes(&Outcomes { in_flight: 3, ..none }), Some(Missing::Unanswered));
        let failed = Outcomes { in_flight: 3, failed: 1, ..none };
        assert_eq!(of_outcomes(&failed), Some(Missing::NoneGood));
        assert_eq!(of_outcomes(&Outcomes { ok: 1, ..failed }), None);
    }
}
