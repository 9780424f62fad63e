//! Distributions of a time, as a map (`{ lognormal: { mean: 2ms, cv: 0.8 } }`) or as the short
//! text that means the same (`lognormal(mean 2ms, cv 0.8)`).

use super::column::UNITS;
use super::fields::{Fields, Path};
use super::{Decoder, empirical};
use crate::model::{At, LONGEST_WORK};
use crate::random::Distribution;
use crate::scenario::form::{FieldOf, Fielded, LeftOut, Shape, choice, form};
use crate::scenario::node::{Node, Value};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Nanos, Share};

/// 99 % quantile of the standard normal law.
const NORMAL_P99: f64 = 2.326_347_874_040_841;

/// Greatest coefficient of variation; beyond it no run is long enough for a mean.
const MOST_CV: f64 = 100.0;

/// Where a Pareto law is cut if `max` is left out (means).
const PARETO_CUT: f64 = 1000.0;

const HINT: &str = "write a duration such as `2ms`, or a law such as `{ exp: 2ms }`";

choice! { LawChoice "distribution" "a distribution" {
    "exp": Shape::Either(&[Shape::Duration, Shape::Map("exponential law")]),
        "Exponential: without a memory.";
    "lognormal": Shape::Map("log-normal law"),
        "Log-normal: most are short, a few very long; between braces quoted: `\"lognormal(p50 2ms, p99 9ms)\"`.";
    "gamma": Shape::Map("gamma law"), "Gamma: between constant and exponential, or beyond.";
    "weibull": Shape::Map("Weibull law"),
        "Weibull: with a shape below 1 a heavier tail than an exponential one.";
    "pareto": Shape::Map("Pareto law"), "Pareto, cut off at its end: a tail that falls as a power.";
    "uniform": Shape::Map("uniform law"), "Uniform: every time between two bounds is as likely.";
    "hyperexp": Shape::Map("hyperexponential law"),
        "Hyperexponential: one of several exponential ones.";
    "erlang": Shape::Map("Erlang law"), "Erlang: several exponential ones, one after the other.";
    "empirical": Shape::Either(&[Shape::Name, Shape::Map("empirical law")]),
        "Measured: each of the values of a file as likely.";
} }

form! { ExponentialFields "exponential law" "this distribution" {
    MEAN "mean": Shape::Duration, LeftOut::Missed, "Time on average.";
} }

form! { LogNormalFields "log-normal law" "this distribution" {
    P50 "p50": Shape::Duration, LeftOut::Means("`mean` and `cv` are given"),
        "Median: half of the times are below it.";
    P99 "p99": Shape::Duration, LeftOut::Means("`mean` and `cv` are given"),
        "99th percentile: one time in a hundred is above it.";
    MEAN "mean": Shape::Duration, LeftOut::Means("`p50` and `p99` are given"), "Time on average.";
    CV "cv": Shape::Number, LeftOut::Means("`p50` and `p99` are given"),
        "Standard deviation as a part of the mean.";
} }

form! { GammaFields "gamma law" "this distribution" {
    MEAN "mean": Shape::Duration, LeftOut::Missed, "Time on average.";
    CV "cv": Shape::Number, LeftOut::Missed,
        "Standard deviation as a part of the mean; 1 is exponential.";
} }

form! { WeibullFields "Weibull law" "this distribution" {
    MEAN "mean": Shape::Duration, LeftOut::Missed, "Time on average.";
    SHAPE "shape": Shape::Number, LeftOut::Missed, "Exponent of the law; 1 is exponential.";
} }

form! { ParetoFields "Pareto law" "this distribution" {
    MEAN "mean": Shape::Duration, LeftOut::Missed, "Time on average, before anything is cut off.";
    ALPHA "alpha": Shape::Number, LeftOut::Missed,
        "Exponent of the tail, above 1; the smaller, the heavier.";
    MAX "max": Shape::Duration, LeftOut::Means("a thousand times the mean"),
        "Where the tail is cut off.";
} }

form! { UniformFields "uniform law" "this distribution" {
    FROM "from": Shape::Duration, LeftOut::Missed, "Shortest time.";
    TO "to": Shape::Duration, LeftOut::Missed, "Longest time.";
} }

form! { HyperExponentialFields "hyperexponential law" "this distribution" {
    BRANCHES "branches": Shape::List(&Shape::Map("branch of a law")),
        LeftOut::Means("two of them, worked out from `mean` and `cv`"),
        "The exponential laws that it mixes.";
    MEAN "mean": Shape::Duration, LeftOut::Means("`branches` are given"), "Time on average.";
    CV "cv": Shape::Number, LeftOut::Means("`branches` are given"),
        "Standard deviation as a part of the mean, 1 or more.";
} }

form! { LawBranchFields "branch of a law" "a branch" {
    SHARE "share": Shape::Share, LeftOut::Missed,
        "How often this law is the one; all add up to 100 %.";
    MEAN "mean": Shape::Duration, LeftOut::Missed, "Time on average, where this law is the one.";
} }

form! { ErlangFields "Erlang law" "this distribution" {
    STAGES "stages": Shape::Whole, LeftOut::Missed, "How many exponential times it is the sum of.";
    MEAN "mean": Shape::Duration, LeftOut::Missed, "Time on average, of all of them together.";
} }

form! { EmpiricalFields "empirical law" "this distribution" {
    FILE "file": Shape::Name, LeftOut::Missed, "One time a line, found beside the scenario.";
    UNIT "unit": Shape::Word(UNITS), LeftOut::Means("each line has its own"),
        "What plain numbers in the file are counted in.";
} }

impl Decoder<'_> {
    /// The distribution that a node describes.
    pub(super) fn distribution(&mut self, node: &Node) -> Option<Distribution> {
        match &node.value {
            Value::Map(_) => {
                let entry = self.one_key(node, "a distribution")?;
                self.law(&entry.key, &entry.value)
            }
            Value::Scalar { text, .. } if text.contains('(') => {
                let entry = self.short_form(text, node)?;
                self.law(&entry.key, &entry.value)
            }
            Value::Scalar { .. } if !node.is_empty() => {
                self.quantity::<Nanos>(node).map(Distribution::Constant)
            }
            _ => {
                let message = format!("a distribution is expected here; found {}", node.found());
                self.tell(Diagnostic::new(Code::WrongType, message, node.span).hint(HINT));
                None
            }
        }
    }

    /// The same of work on a core, of which no step has more than a CPU counts.
    pub(super) fn work(&mut self, node: &Node) -> Option<Distribution> {
        let law = self.distribution(node)?;
        if !law.may_exceed(LONGEST_WORK.seconds()) {
            return Some(law);
        }
        let message = match law {
            Distribution::Constant(_) => {
                format!("the work of one step is at most 52 days of a core; found {}", node.found())
            }
            _ => "the work of one step is at most 52 days of a core, and this law comes to more"
                .into(),
        };
        let diagnostic = Diagnostic::new(Code::OutOfRange, message, node.span);
        self.tell(diagnostic.hint("write several steps, one after the other, or less work"));
        None
    }

    fn law(&mut self, name: &At<String>, node: &Node) -> Option<Distribution> {
        if node.entries().is_none() {
            match name.as_str() {
                "exp" => {
                    return self.mean(node).map(|mean| Distribution::Exponential { mean });
                }
                "empirical" => return empirical::read(self, node, None),
                _ => {}
            }
        }
        match name.as_str() {
            "exp" => self.in_form(node, Self::exponential),
            "lognormal" => self.in_form(node, Self::lognormal),
            "gamma" => self.in_form(node, Self::gamma),
            "weibull" => self.in_form(node, Self::weibull),
            "pareto" => self.in_form(node, Self::pareto),
            "uniform" => self.in_form(node, Self::uniform),
            "hyperexp" => self.in_form(node, Self::hyperexp),
            "erlang" => self.in_form(node, Self::erlang),
            "empirical" => self.in_form(node, Self::empirical),
            _ => {
                let known = LawChoice::FORM.names();
                let message = format!("no distribution is called {}", quoted(name));
                self.unknown(Code::UnknownDistribution, message, name.span, name, &known);
                None
            }
        }
    }

    /// The law that `read` makes of the fields of a map.
    fn in_form<'n, F: Fielded>(
        &mut self,
        node: &'n Node,
        read: fn(&mut Self, &mut Fields<'n, F>) -> Option<Distribution>,
    ) -> Option<Distribution> {
        let mut fields = self.fields::<F>(node, &Path::root())?;
        let law = read(self, &mut fields);
        let errors = self.errors();
        self.finish(&fields);
        law.filter(|_| self.errors() == errors)
    }

    /// A mean above zero (s).
    fn mean(&mut self, node: &Node) -> Option<f64> {
        let mean: Nanos = self.quantity(node)?;
        if mean > Nanos::ZERO {
            return Some(seconds(mean));
        }
        let message = format!("a random time must be above zero; found {}", node.found());
        let diagnostic = Diagnostic::new(Code::OutOfRange, message, node.span);
        self.tell(diagnostic.hint("a time that is always zero is written `0ms` without a law"));
        None
    }

    fn mean_field<F: Fielded>(&mut self, fields: &Fields<'_, F>, field: FieldOf<F>) -> Option<f64> {
        let node = self.required(fields, field)?;
        self.mean(node)
    }

    fn mean_and_cv<F: Fielded>(
        &mut self,
        fields: &Fields<'_, F>,
        [mean, cv]: [FieldOf<F>; 2],
        least: f64,
    ) -> Option<(f64, f64)> {
        let mean = self.mean_field(fields, mean);
        let cv = self.required(fields, cv);
        let range = least..=MOST_CV;
        let cv = cv.and_then(|node| self.number(node, "a coefficient of variation", range));
        Some((mean?, cv?))
    }

    fn exponential(&mut self, fields: &mut Fields<'_, ExponentialFields>) -> Option<Distribution> {
        let mean = self.mean_field(fields, ExponentialFields::MEAN)?;
        Some(Distribution::Exponential { mean })
    }

    fn gamma(&mut self, fields: &mut Fields<'_, GammaFields>) -> Option<Distribution> {
        let pair = [GammaFields::MEAN, GammaFields::CV];
        let (mean, cv) = self.mean_and_cv(fields, pair, 0.0)?;
        Some(if cv == 0.0 { constant(mean) } else { Distribution::Gamma { mean, cv } })
    }

    fn lognormal(&mut self, fields: &mut Fields<'_, LogNormalFields>) -> Option<Distribution> {
        let (p50, p99) = (fields.get(LogNormalFields::P50), fields.get(LogNormalFields::P99));
        let pair = [LogNormalFields::MEAN, LogNormalFields::CV];
        if p50.is_none() && p99.is_none() {
            let (mean, cv) = self.mean_and_cv(fields, pair, 0.0)?;
            if cv == 0.0 {
                return Some(constant(mean));
            }
            let variance = (1.0 + cv * cv).ln();
            let mu = mean.ln() - variance / 2.0;
            return Some(Distribution::LogNormal { mu, sigma: variance.sqrt() });
        }
        fields.without(&pair);
        let (Some(p50), Some(p99)) = (p50, p99) else {
            let missing = if p50.is_none() { LogNormalFields::P50 } else { LogNormalFields::P99 };
            self.missing(fields, missing);
            return None;
        };
        let (low, high) = (self.mean(p50), self.mean(p99));
        let (low, high) = (low?, high?);
        if low < high {
            let sigma = (high / low).ln() / NORMAL_P99;
            return Some(Distribution::LogNormal { mu: low.ln(), sigma });
        }
        let found = (p50.found(), p99.found());
        let message = format!("p50 must be below p99; found {} and {}", found.0, found.1);
        let diagnostic = Diagnostic::new(Code::OutOfRange, message, p50.span);
        self.tell(diagnostic.label("not below p99").also(p99.span, "p99"));
        None
    }

    fn weibull(&mut self, fields: &mut Fields<'_, WeibullFields>) -> Option<Distribution> {
        let mean = self.mean_field(fields, WeibullFields::MEAN);
        let shape = self.required(fields, WeibullFields::SHAPE);
        let shape = shape.and_then(|node| self.number(node, "a Weibull shape", 0.1..=100.0));
        Some(Distribution::Weibull { mean: mean?, shape: shape? })
    }

    /// The mean is that of the law before it is cut: least · α/(α − 1).
    fn pareto(&mut self, fields: &mut Fields<'_, ParetoFields>) -> Option<Distribution> {
        let mean = self.mean_field(fields, ParetoFields::MEAN);
        let alpha_node = self.required(fields, ParetoFields::ALPHA);
        let alpha = alpha_node.and_then(|node| self.number(node, "a Pareto exponent", 0.0..=1e3));
        let max_node = fields.get(ParetoFields::MAX);
        let max = max_node.and_then(|node| self.mean(node));
        let (mean, alpha, alpha_node) = (mean?, alpha?, alpha_node?);
        if alpha <= 1.0 {
            let found = alpha_node.found();
            let message = format!("a Pareto law has a mean only with alpha above 1; found {found}");
            self.tell(Diagnostic::new(Code::OutOfRange, message, alpha_node.span));
            return None;
        }
        let most = max.unwrap_or(PARETO_CUT * mean);
        if let Some(node) = max_node.filter(|_| most <= mean) {
            let message = format!("`max` must be above the mean; found {}", node.found());
            self.tell(Diagnostic::new(Code::OutOfRange, message, node.span));
            return None;
        }
        Some(Distribution::Pareto { least: mean * (alpha - 1.0) / alpha, alpha, most })
    }

    fn uniform(&mut self, fields: &mut Fields<'_, UniformFields>) -> Option<Distribution> {
        let from_node = self.required(fields, UniformFields::FROM);
        let to_node = self.required(fields, UniformFields::TO);
        let from = from_node.and_then(|node| self.quantity::<Nanos>(node));
        let to = to_node.and_then(|node| self.quantity::<Nanos>(node));
        let (from, to, from_node) = (from?, to?, from_node?);
        if from > to {
            let message = format!("`from` must not be above `to`; found {}", from_node.found());
            self.tell(Diagnostic::new(Code::OutOfRange, message, from_node.span));
            return None;
        }
        if from == to {
            return Some(Distribution::Constant(from));
        }
        Some(Distribution::Uniform { from: seconds(from), to: seconds(to) })
    }

    fn hyperexp(
        &mut self,
        fields: &mut Fields<'_, HyperExponentialFields>,
    ) -> Option<Distribution> {
        let pair = [HyperExponentialFields::MEAN, HyperExponentialFields::CV];
        if let Some(branches) = fields.get(HyperExponentialFields::BRANCHES) {
            fields.without(&pair);
            return self.branches(branches);
        }
        let (mean, cv) = self.mean_and_cv(fields, pair, 1.0)?;
        // Balanced means: each branch carries half of the mean.
        let share = (1.0 + ((cv * cv - 1.0) / (cv * cv + 1.0)).sqrt()) / 2.0;
        let branch = |share: f64| (share, mean / (2.0 * share));
        Some(Distribution::HyperExponential { branches: vec![branch(share), branch(1.0 - share)] })
    }

    fn branches(&mut self, node: &Node) -> Option<Distribution> {
        let mut branches = Vec::new();
        for item in self.list(node, "a list of branches")? {
            let fields = self.fields::<LawBranchFields>(item, &Path::root())?;
            let share = self.required(&fields, LawBranchFields::SHARE);
            let share = share.and_then(|node| self.quantity::<Share>(node));
            let mean = self.mean_field(&fields, LawBranchFields::MEAN);
            self.finish(&fields);
            branches.push((share?.0, mean?));
        }
        let sum: f64 = branches.iter().map(|(share, _)| share).sum();
        if (sum - 1.0).abs() > 1e-6 {
            let message = format!("the shares of the branches add up to {:.4} %", 100.0 * sum);
            let diagnostic = Diagnostic::new(Code::Shares, message, node.span);
            self.tell(diagnostic.hint("they must add up to 100 %"));
            return None;
        }
        for (share, _) in &mut branches {
            *share /= sum;
        }
        Some(Distribution::HyperExponential { branches })
    }

    fn erlang(&mut self, fields: &mut Fields<'_, ErlangFields>) -> Option<Distribution> {
        let stages = self.required(fields, ErlangFields::STAGES);
        let stages = stages.and_then(|node| self.whole32(node, "a number of stages", 1..=10_000));
        let mean = self.mean_field(fields, ErlangFields::MEAN);
        Some(Distribution::Erlang { stages: stages?, mean: mean? })
    }

    fn empirical(&mut self, fields: &mut Fields<'_, EmpiricalFields>) -> Option<Distribution> {
        let file = self.required(fields, EmpiricalFields::FILE);
        let unit = fields.get(EmpiricalFields::UNIT);
        empirical::read(self, file?, unit)
    }
}

fn seconds(time: Nanos) -> f64 {
    time.0 as f64 / 1e9
}

fn constant(mean: f64) -> Distribution {
    Distribution::Constant(Nanos::from_seconds(mean))
}
