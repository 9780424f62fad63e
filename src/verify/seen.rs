//! What a run found, asked in the words of the oracle file.

use crate::study::{
    DatabaseFindings, EndpointFindings, Estimate, Latency, LayoutFindings, MomentFindings, Named,
    RunFindings, ServiceFindings, Verdict,
};

/// What a run of a case found.
#[derive(Debug)]
pub struct Seen(pub RunFindings);

/// A figure, where there is one.
pub type ReadValue = Option<Estimate>;

impl Seen {
    /// What a run says that found itself wrong.
    pub fn breach(&self) -> Option<String> {
        self.0.breaches().next().map(|words| format!("the run found itself wrong: {words}"))
    }

    /// A layout.
    pub fn layout(&self, name: &str) -> &LayoutFindings {
        match self.0.layouts.get(name) {
            Some(found) => found,
            None => unreachable!("{} has a layout {name}", self.0.scenario),
        }
    }

    /// The only layout of most cases.
    pub fn main(&self) -> &LayoutFindings {
        self.layout("main")
    }

    /// All endpoints together.
    pub fn all(&self) -> &EndpointFindings {
        self.endpoint("all")
    }

    /// An endpoint of the only layout.
    pub fn endpoint(&self, name: &str) -> &EndpointFindings {
        self.named(&self.main().endpoints, name)
    }

    /// Latency over all endpoints.
    pub fn latency(&self) -> Latency {
        self.all().latency_seconds
    }

    /// A service of the only layout.
    pub fn service(&self, name: &str) -> &ServiceFindings {
        self.named(&self.main().services, name)
    }

    /// The only database of a case with one.
    pub fn database(&self) -> &DatabaseFindings {
        self.named(&self.main().databases, "main")
    }

    fn named<'a, T>(&self, all: &'a Named<T>, name: &str) -> &'a T {
        match all.get(name) {
            Some(found) => found,
            None => unreachable!("{} has {name}", self.0.scenario),
        }
    }

    /// All endpoints of a layout together.
    pub fn named_all(&self, layout: &str) -> &EndpointFindings {
        self.named(&self.layout(layout).endpoints, "all")
    }

    /// Mean latency of a layout.
    pub fn mean_of(&self, layout: &str) -> ReadValue {
        self.named_all(layout).latency_seconds.mean
    }

    /// The difference of two layouts' means as the tool tells it, under the same random numbers.
    pub fn mean_difference(&self, a: &str, b: &str) -> ReadValue {
        let mut told = self.0.comparison.iter();
        let told =
            told.find(|told| told.a == a && told.b == b && told.metric == "all.latency.mean");
        told.map(|told| told.difference)
    }

    /// A moment of the only layout (s).
    pub fn moment(&self, at_seconds: f64) -> Option<&MomentFindings> {
        self.main().moments.iter().find(|moment| moment.at_seconds == at_seconds)
    }

    /// 1 for a stable layout, 0 for an unstable one.
    pub fn stable(&self) -> ReadValue {
        match self.main().verdict {
            Verdict::Stable => exactly(1.0),
            Verdict::Unstable => exactly(0.0),
            Verdict::Undecided | Verdict::Terminating => None,
        }
    }
}

/// Mean number that wait or are served.
pub(super) fn in_system(service: &ServiceFindings) -> ReadValue {
    plus(service.queue_length_mean, service.in_service_mean)
}

/// A figure that is known.
pub(super) fn exactly(value: f64) -> ReadValue {
    Some(Estimate { value, ci95: Some([value, value]) })
}

/// Sum; the interval holds whatever the two have to do with each other.
pub(super) fn plus(a: ReadValue, b: ReadValue) -> ReadValue {
    let (a, b) = (a?, b?);
    let ([a_low, a_high], [b_low, b_high]) = (a.ci95?, b.ci95?);
    Some(Estimate { value: a.value + b.value, ci95: Some([a_low + b_low, a_high + b_high]) })
}

/// Difference, in the same way.
pub(super) fn minus(a: ReadValue, b: ReadValue) -> ReadValue {
    plus(a, times(b, -1.0))
}

/// A figure in another unit.
pub(super) fn times(a: ReadValue, factor: f64) -> ReadValue {
    let a = a?;
    let [low, high] = a.ci95?;
    let (one, other) = (low * factor, high * factor);
    Some(Estimate { value: a.value * factor, ci95: Some([one.min(other), one.max(other)]) })
}

/// Quotient of two positive figures, in the same way.
pub(super) fn over(a: ReadValue, b: ReadValue) -> ReadValue {
    let (a, b) = (a?, b?);
    let ([a_low, a_high], [b_low, b_high]) = (a.ci95?, b.ci95?);
    Some(Estimate { value: a.value / b.value, ci95: Some([a_low / b_high, a_high / b_low]) })
}
