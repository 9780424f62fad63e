//! Distributions of a time, as a map (`{ lognormal: { mean: 2ms, cv: 0.8 } }`) or as the short
//! text that means the same (`lognormal(mean 2ms, cv 0.8)`).

use super::fields::{Fields, Path};
use super::{Decoder, empirical};
use crate::model::At;
use crate::random::Distribution;
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
        let known: Vec<&str> = super::short_form::LAWS.iter().map(|(law, _)| *law).collect();
        if !known.contains(&name.as_str()) {
            let message = format!("no distribution is called {}", quoted(name));
            self.unknown(Code::UnknownDistribution, message, name.span, name, &known);
            return None;
        }
        let mut fields = self.fields(node, "this distribution", &Path::root())?;
        let law = match name.as_str() {
            "exp" => self.mean_field(&mut fields).map(|mean| Distribution::Exponential { mean }),
            "lognormal" => self.lognormal(&mut fields),
            "gamma" => self.gamma(&mut fields),
            "weibull" => self.weibull(&mut fields),
            "pareto" => self.pareto(&mut fields),
            "uniform" => self.uniform(&mut fields),
            "hyperexp" => self.hyperexp(&mut fields),
            "erlang" => self.erlang(&mut fields),
            _ => self.empirical(&mut fields),
        };
        let errors = self.errors();
        self.finish(fields);
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

    fn mean_field(&mut self, fields: &mut Fields<'_>) -> Option<f64> {
        let node = self.required(fields, "mean")?;
        self.mean(node)
    }

    fn mean_and_cv(&mut self, fields: &mut Fields<'_>, least: f64) -> Option<(f64, f64)> {
        let mean = self.mean_field(fields);
        let cv = self.required(fields, "cv");
        let range = least..=MOST_CV;
        let cv = cv.and_then(|node| self.number(node, "a coefficient of variation", range));
        Some((mean?, cv?))
    }

    fn gamma(&mut self, fields: &mut Fields<'_>) -> Option<Distribution> {
        let (mean, cv) = self.mean_and_cv(fields, 0.0)?;
        Some(if cv == 0.0 { constant(mean) } else { Distribution::Gamma { mean, cv } })
    }

    fn lognormal(&mut self, fields: &mut Fields<'_>) -> Option<Distribution> {
        let (p50, p99) = (fields.take("p50"), fields.take("p99"));
        if p50.is_none() && p99.is_none() {
            let (mean, cv) = self.mean_and_cv(fields, 0.0)?;
            if cv == 0.0 {
                return Some(constant(mean));
            }
            let variance = (1.0 + cv * cv).ln();
            let mu = mean.ln() - variance / 2.0;
            return Some(Distribution::LogNormal { mu, sigma: variance.sqrt() });
        }
        let (Some(p50), Some(p99)) = (p50, p99) else {
            self.missing(fields, if p50.is_none() { "p50" } else { "p99" });
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

    fn weibull(&mut self, fields: &mut Fields<'_>) -> Option<Distribution> {
        let mean = self.mean_field(fields);
        let shape = self.required(fields, "shape");
        let shape = shape.and_then(|node| self.number(node, "a Weibull shape", 0.1..=100.0));
        Some(Distribution::Weibull { mean: mean?, shape: shape? })
    }

    /// The mean is that of the law before it is cut: least · α/(α − 1).
    fn pareto(&mut self, fields: &mut Fields<'_>) -> Option<Distribution> {
        let mean = self.mean_field(fields);
        let alpha_node = self.required(fields, "alpha");
        let alpha = alpha_node.and_then(|node| self.number(node, "a Pareto exponent", 0.0..=1e3));
        let max_node = fields.take("max");
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

    fn uniform(&mut self, fields: &mut Fields<'_>) -> Option<Distribution> {
        let (from_node, to_node) = (self.required(fields, "from"), self.required(fields, "to"));
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

    fn hyperexp(&mut self, fields: &mut Fields<'_>) -> Option<Distribution> {
        if let Some(branches) = fields.take("branches") {
            return self.branches(branches);
        }
        let (mean, cv) = self.mean_and_cv(fields, 1.0)?;
        // Balanced means: each branch carries half of the mean.
        let share = (1.0 + ((cv * cv - 1.0) / (cv * cv + 1.0)).sqrt()) / 2.0;
        let branch = |share: f64| (share, mean / (2.0 * share));
        Some(Distribution::HyperExponential { branches: vec![branch(share), branch(1.0 - share)] })
    }

    fn branches(&mut self, node: &Node) -> Option<Distribution> {
        let mut branches = Vec::new();
        for item in self.list(node, "a list of branches")? {
            let mut fields = self.fields(item, "a branch", &Path::root())?;
            let share = self.required(&mut fields, "share");
            let share = share.and_then(|node| self.quantity::<Share>(node));
            let mean = self.mean_field(&mut fields);
            self.finish(fields);
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

    fn erlang(&mut self, fields: &mut Fields<'_>) -> Option<Distribution> {
        let stages = self.required(fields, "stages");
        let stages = stages.and_then(|node| self.whole32(node, "a number of stages", 1..=10_000));
        let mean = self.mean_field(fields);
        Some(Distribution::Erlang { stages: stages?, mean: mean? })
    }

    fn empirical(&mut self, fields: &mut Fields<'_>) -> Option<Distribution> {
        let file = self.required(fields, "file");
        let unit = fields.take("unit");
        empirical::read(self, file?, unit)
    }
}

fn seconds(time: Nanos) -> f64 {
    time.0 as f64 / 1e9
}

fn constant(mean: f64) -> Distribution {
    Distribution::Constant(Nanos::from_seconds(mean))
}
