//! What a run found, asked in the words of the oracle file.

use cutline::study::{
    DatabaseFindings, EndpointFindings, Estimate, Latency, LayoutFindings, RunFindings,
    ServiceFindings, Verdict,
};

/// What a run of a case found.
pub(super) struct Seen(pub(super) RunFindings);

/// A figure, where there is one.
pub(super) type Figure = Option<Estimate>;

impl Seen {
    pub(super) fn layout(&self, name: &str) -> &LayoutFindings {
        self.0.layouts.get(name).expect("the case has this layout")
    }

    /// The only layout of most cases.
    pub(super) fn main(&self) -> &LayoutFindings {
        self.layout("main")
    }

    pub(super) fn all(&self) -> &EndpointFindings {
        self.endpoint("all")
    }

    pub(super) fn endpoint(&self, name: &str) -> &EndpointFindings {
        let found = self.main().endpoints.get(name);
        found.expect("the case has this endpoint")
    }

    pub(super) fn latency(&self) -> Latency {
        self.all().latency_seconds
    }

    pub(super) fn service(&self, name: &str) -> &ServiceFindings {
        let found = self.main().services.get(name);
        found.expect("the case has this service")
    }

    pub(super) fn database(&self) -> &DatabaseFindings {
        let found = self.main().databases.get("main");
        found.expect("the case has a database")
    }

    /// Mean latency of a layout.
    pub(super) fn mean_of(&self, layout: &str) -> Figure {
        let all = self.layout(layout).endpoints.get("all");
        all.expect("`all` is always there").latency_seconds.mean
    }

    /// The difference of two layouts' means as the tool tells it, under the same random numbers.
    pub(super) fn mean_difference(&self, a: &str, b: &str) -> Figure {
        let mut told = self.0.comparison.iter();
        let told =
            told.find(|told| told.a == a && told.b == b && told.metric == "all.latency.mean");
        told.map(|told| told.difference)
    }

    /// 1 for a stable layout, 0 for an unstable one.
    pub(super) fn stable(&self) -> Figure {
        match self.main().verdict {
            Verdict::Stable => exactly(1.0),
            Verdict::Unstable => exactly(0.0),
            Verdict::Undecided => None,
        }
    }
}

/// Mean number that wait or are served.
pub(super) fn in_system(service: &ServiceFindings) -> Figure {
    plus(service.queue_length_mean, service.in_service_mean)
}

/// A figure that is known.
pub(super) fn exactly(value: f64) -> Figure {
    Some(Estimate { value, ci95: Some([value, value]) })
}

/// Sum; the interval holds whatever the two have to do with each other.
pub(super) fn plus(a: Figure, b: Figure) -> Figure {
    let (a, b) = (a?, b?);
    let ([a_low, a_high], [b_low, b_high]) = (a.ci95?, b.ci95?);
    Some(Estimate { value: a.value + b.value, ci95: Some([a_low + b_low, a_high + b_high]) })
}

/// Difference, in the same way.
pub(super) fn minus(a: Figure, b: Figure) -> Figure {
    plus(a, times(b, -1.0))
}

/// A figure in another unit.
pub(super) fn times(a: Figure, factor: f64) -> Figure {
    let a = a?;
    let [low, high] = a.ci95?;
    let (one, other) = (low * factor, high * factor);
    Some(Estimate { value: a.value * factor, ci95: Some([one.min(other), one.max(other)]) })
}

/// Quotient of two positive figures, in the same way.
pub(super) fn over(a: Figure, b: Figure) -> Figure {
    let (a, b) = (a?, b?);
    let ([a_low, a_high], [b_low, b_high]) = (a.ci95?, b.ci95?);
    Some(Estimate { value: a.value / b.value, ci95: Some([a_low / b_high, a_high / b_low]) })
}
