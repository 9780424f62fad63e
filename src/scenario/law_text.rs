//! Laws as an author writes them.

use crate::random::Distribution;
use crate::units::{Nanos, plain};

/// Significant digits of a time.
const DIGITS: usize = 4;
/// Of a coefficient of variation, a shape or an exponent, and of a share.
const SHAPE_DIGITS: usize = 6;

/// The text of a law in the language of scenarios, times with four significant digits: `lognormal(mean 61.2us, cv
/// 0.15)`. `None` for what has no text of its own: times of a file, a time that rounds to nothing.
pub fn law_text(law: &Distribution) -> Option<String> {
    let shape = |value: f64| plain(value, SHAPE_DIGITS);
    let mean = |mean: &f64| time(*mean);
    Some(match law {
        Distribution::Constant(constant) => time(constant.seconds())?,
        Distribution::Exponential { mean: own } => format!("exp({})", mean(own)?),
        Distribution::LogNormal { sigma, .. } => {
            let cv = ((sigma * sigma).exp() - 1.0).sqrt();
            format!("lognormal(mean {}, cv {})", time(law.mean())?, shape(cv))
        }
        Distribution::Gamma { mean: own, cv } => {
            format!("gamma(mean {}, cv {})", mean(own)?, shape(*cv))
        }
        Distribution::Weibull { mean: own, shape: exponent } => {
            format!("weibull(mean {}, shape {})", mean(own)?, shape(*exponent))
        }
        Distribution::Pareto { least, alpha, most } => {
            // The mean that is written is that of the law before it is cut.
            let whole = least * alpha / (alpha - 1.0);
            format!("pareto(mean {}, alpha {}, max {})", time(whole)?, shape(*alpha), time(*most)?)
        }
        Distribution::Uniform { from, to } => {
            format!("uniform({}, {})", time_or_zero(*from), time(*to)?)
        }
        Distribution::HyperExponential { branches } => {
            let branch = |(share, own): &(f64, f64)| {
                let share = plain(100.0 * share, 12);
                Some(format!("{{ share: {share}%, mean: {} }}", mean(own)?))
            };
            let branches: Option<Vec<String>> = branches.iter().map(branch).collect();
            format!("{{ hyperexp: {{ branches: [ {} ] }} }}", branches?.join(", "))
        }
        Distribution::Erlang { stages, mean: own } => {
            format!("erlang({stages}, mean {})", mean(own)?)
        }
        Distribution::Empirical { .. } => return None,
    })
}

/// A time (s) as an author writes it; `None` where it is no whole nanosecond.
fn time(seconds: f64) -> Option<String> {
    let rounded: f64 = plain(seconds, DIGITS).parse().ok()?;
    let nanos = Nanos::from_seconds(rounded);
    (nanos > Nanos::ZERO).then(|| written(nanos))
}

fn time_or_zero(seconds: f64) -> String {
    time(seconds).unwrap_or_else(|| "0ms".to_string())
}

/// In the largest unit of which there is at least one.
fn written(Nanos(nanos): Nanos) -> String {
    let (unit, name) = match nanos {
        0..1_000 => (1.0, "ns"),
        1_000..1_000_000 => (1e3, "us"),
        1_000_000..1_000_000_000 => (1e6, "ms"),
        _ => (1e9, "s"),
    };
    format!("{}{name}", plain(nanos as f64 / unit, 12))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "
cutline: 1
name: small
application: { modules: { a: { operations: { go: [ cpu: 1ms ] } } } }
workload: { arrivals: { poisson: 1/s }, endpoints: { go: { call: a.go } } }
layouts: { one: { services: { a: { cpu: 1, threads: 4 } } } }
platform: { network: none, prices: none }
";

    /// The law that is read of a text.
    fn read(text: &str) -> Distribution {
        let path = "application.modules.a.operations.go.0.cpu";
        let edit = crate::scenario::Edit { path: path.into(), value: text.into() };
        let no_files = |name: &str| Err(format!("no {name}"));
        let reading = crate::scenario::read(SMALL, "small", &[edit], &no_files);
        let mut model = reading.unwrap_or_else(|refused| panic!("{text}: {refused}")).model;
        let laws = model.application.operations[0].cpu_laws_mut();
        laws[0].clone()
    }

    #[test]
    fn every_law_that_is_written_is_read_back_as_the_same_law() {
        for text in [
            "2.5ms",
            "exp(61.23us)",
            "lognormal(mean 61.23us, cv 0.15)",
            "lognormal(p50 0.2ms, p99 0.75ms)",
            "gamma(mean 2s, cv 0.5)",
            "weibull(mean 2ms, shape 0.7)",
            "pareto(mean 2ms, alpha 2.2)",
            "uniform(0ms, 3.25ms)",
            "hyperexp(mean 2ms, cv 3)",
            "erlang(4, mean 2ms)",
        ] {
            let law = read(text);
            let written = law_text(&law).expect("it has a text");
            let again = read(&written);
            assert_eq!(law_text(&again).as_ref(), Some(&written), "{text}");
            assert!((again.mean() / law.mean() - 1.0).abs() < 1e-3, "{text}: {written}");
        }
        assert_eq!(law_text(&read("61230ns")).as_deref(), Some("61.23us"));
        assert_eq!(
            law_text(&read("lognormal(mean 61us, cv 0.15)")).as_deref(),
            Some("lognormal(mean 61us, cv 0.15)")
        );
    }

    #[test]
    fn what_has_no_text_has_none() {
        assert_eq!(law_text(&Distribution::Empirical { values: vec![1.0] }), None);
        assert_eq!(law_text(&Distribution::Exponential { mean: 1e-12 }), None);
    }
}
