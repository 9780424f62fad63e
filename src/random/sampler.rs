//! Samplers: distributions made ready to draw from, in nanoseconds, rows and counts.

use rand::Rng;
use rand_distr::{
    Binomial, Distribution as _, Exp1, Gamma, Geometric, Poisson, StandardNormal, Zipf,
};

use super::{Distribution, Draws};
use crate::units::Nanos;

/// Largest time that a draw may give (ns): a quarter of what a u64 holds, 146 years.
const LONGEST: f64 = (u64::MAX / 4) as f64;

/// A distribution of a time, made ready to draw from. Its law is told by a number of its own: one that hides in
/// the parameters of a law takes longer to read.
#[derive(Debug, Clone)]
#[repr(u8)]
pub enum Sampler {
    /// Always the same (ns).
    Constant(u64),
    /// Exponential with this mean (ns).
    Exponential(f64),
    /// exp(mu + sigma Z) (ns).
    LogNormal(f64, f64),
    /// Gamma by shape and scale (ns).
    Gamma(Gamma<f64>),
    /// Weibull: scale (ns) and 1 / shape.
    Weibull(f64, f64),
    /// Pareto: least (ns), 1 / alpha, greatest (ns).
    Pareto(f64, f64, f64),
    /// Uniform: least and width (ns).
    Uniform(f64, f64),
    /// Mixture of exponentials: (cumulative probability, mean (ns)).
    HyperExponential(Box<[(f64, f64)]>),
    /// Any of these, each as likely (ns).
    Empirical(Box<[u64]>),
}

impl Sampler {
    /// A sampler of `distribution`. Asserts what `scenario` has checked: parameters in range.
    pub fn new(distribution: &Distribution) -> Self {
        let ns = |seconds: f64| seconds * 1e9;
        match distribution {
            Distribution::Constant(time) => Sampler::Constant(time.0),
            Distribution::Exponential { mean } => Sampler::Exponential(ns(*mean)),
            Distribution::LogNormal { mu, sigma } => Sampler::LogNormal(mu + 1e9f64.ln(), *sigma),
            Distribution::Gamma { mean, cv } => gamma(1.0 / (cv * cv), ns(*mean)),
            Distribution::Erlang { stages, mean } => gamma(f64::from(*stages), ns(*mean)),
            Distribution::Weibull { .. } => {
                let (scale, shape) = distribution.weibull_parameters();
                Sampler::Weibull(ns(scale), 1.0 / shape)
            }
            Distribution::Pareto { least, alpha, most } => {
                Sampler::Pareto(ns(*least), 1.0 / alpha, ns(*most))
            }
            Distribution::Uniform { from, to } => Sampler::Uniform(ns(*from), ns(to - from)),
            Distribution::HyperExponential { branches } => {
                let mut sum = 0.0;
                let cumulative = branches.iter().map(|(share, mean)| {
                    sum += share;
                    (sum, ns(*mean))
                });
                Sampler::HyperExponential(cumulative.collect())
            }
            Distribution::Empirical { values } => {
                Sampler::Empirical(values.iter().map(|value| to_ns(ns(*value))).collect())
            }
        }
    }

    /// The constant, if it is one (ns).
    pub fn constant(&self) -> Option<u64> {
        match self {
            Sampler::Constant(time) => Some(*time),
            _ => None,
        }
    }

    /// A draw (ns).
    #[inline]
    pub fn draw<R: Rng>(&self, random: &mut R) -> u64 {
        match self {
            Sampler::Constant(time) => *time,
            Sampler::Exponential(mean) => {
                let unit: f64 = Exp1.sample(random);
                to_ns(unit * mean)
            }
            other => other.draw_other(random),
        }
    }

    /// The rarer ones, out of line so that the common ones stay small where they are inlined.
    #[inline(never)]
    fn draw_other<R: Rng>(&self, random: &mut R) -> u64 {
        match self {
            Sampler::Constant(time) => *time,
            Sampler::Exponential(mean) => to_ns(exponential(random) * mean),
            Sampler::LogNormal(mu, sigma) => {
                let normal: f64 = StandardNormal.sample(random);
                to_ns((mu + sigma * normal).exp())
            }
            Sampler::Gamma(gamma) => to_ns(gamma.sample(random)),
            Sampler::Weibull(scale, inverse_shape) => {
                to_ns(scale * exponential(random).powf(*inverse_shape))
            }
            Sampler::Pareto(least, inverse_alpha, most) => {
                to_ns((least * (exponential(random) * inverse_alpha).exp()).min(*most))
            }
            Sampler::Uniform(from, width) => to_ns(from + width * uniform(random)),
            Sampler::HyperExponential(branches) => {
                let pick = uniform(random);
                let branch = branches.iter().find(|(cumulative, _)| pick < *cumulative);
                let mean = branch.or(branches.last()).map_or(0.0, |(_, mean)| *mean);
                to_ns(exponential(random) * mean)
            }
            Sampler::Empirical(values) => {
                let index = (uniform(random) * values.len() as f64) as usize;
                values[index.min(values.len() - 1)]
            }
        }
    }
}

/// How often a repeat runs.
#[derive(Debug, Clone)]
pub enum CountSampler {
    /// Just so often.
    Fixed(u32),
    /// Uniform: least and how many values.
    Uniform(u32, u32),
    /// Geometric on 0, 1, 2, …, with its mean.
    Geometric(Geometric, f64),
    /// Poisson, with its mean.
    Poisson(Poisson<f64>, f64),
}

impl CountSampler {
    /// Just so often.
    pub fn fixed(times: u32) -> Self {
        CountSampler::Fixed(times)
    }

    /// Uniform over `from` … `to`, both included.
    pub fn uniform(from: u32, to: u32) -> Self {
        CountSampler::Uniform(from, to.saturating_sub(from).saturating_add(1))
    }

    /// Geometric on 0, 1, 2, … with this mean, at least 0.
    pub fn geometric(mean: f64) -> Self {
        Geometric::new(1.0 / (1.0 + mean))
            .map_or(CountSampler::Fixed(0), |law| CountSampler::Geometric(law, mean))
    }

    /// Poisson with this mean; a mean of 0 is always 0.
    pub fn poisson(mean: f64) -> Self {
        Poisson::new(mean).map_or(CountSampler::Fixed(0), |law| CountSampler::Poisson(law, mean))
    }

    /// The mean of `share` to the power of the count: the probability that each of so many things comes out that
    /// does with probability `share`.
    pub fn generating(&self, share: f64) -> f64 {
        match self {
            CountSampler::Fixed(times) => share.powf(f64::from(*times)),
            CountSampler::Uniform(from, width) => {
                let least = share.powf(f64::from(*from));
                let rest = 1.0 - share;
                let width = f64::from(*width);
                // Close to 1 the sum of powers is as good as their number less what each lacks.
                match rest * width < 1e-6 {
                    true => least * (1.0 - rest * (width - 1.0) / 2.0),
                    false => least * (1.0 - share.powf(width)) / (rest * width),
                }
            }
            CountSampler::Geometric(_, mean) => 1.0 / (1.0 + mean * (1.0 - share)),
            CountSampler::Poisson(_, mean) => ((share - 1.0) * mean).exp(),
        }
    }

    /// A draw.
    pub fn draw(&self, random: &mut Draws) -> u32 {
        match self {
            CountSampler::Fixed(times) => *times,
            CountSampler::Uniform(from, width) => {
                from.saturating_add((random.uniform() * f64::from(*width)) as u32)
            }
            CountSampler::Geometric(geometric, _) => clamp(geometric.sample(random) as f64),
            CountSampler::Poisson(poisson, _) => clamp(poisson.sample(random)),
        }
    }
}

/// How many of `count` come out with probability `share` each, without a draw for each of them.
pub fn binomial(count: u32, share: f64, random: &mut Draws) -> u32 {
    // At most `count` come out, which fits.
    Binomial::new(u64::from(count), share.clamp(0.0, 1.0))
        .map_or(0, |binomial| binomial.sample(random) as u32)
}

/// Which row of a table is asked for.
#[derive(Debug, Clone)]
pub enum RowSampler {
    /// Any of so many.
    Uniform(u64),
    /// Zipf: row 0 is asked for most.
    Zipf(Zipf<f64>),
}

impl RowSampler {
    /// Rows of a table of `rows` with Zipf exponent `skew`; 0 is uniform.
    pub fn new(rows: u64, skew: f64) -> Self {
        match Zipf::new(rows as f64, skew) {
            Ok(zipf) if skew > 0.0 => RowSampler::Zipf(zipf),
            _ => RowSampler::Uniform(rows.max(1)),
        }
    }

    /// A draw: a row, from 0.
    pub fn draw(&self, random: &mut Draws) -> u64 {
        match self {
            RowSampler::Uniform(rows) => {
                ((u128::from(random.next_u64()) * u128::from(*rows)) >> 64) as u64
            }
            RowSampler::Zipf(zipf) => zipf.sample(random) as u64 - 1,
        }
    }
}

fn gamma(shape: f64, mean: f64) -> Sampler {
    match Gamma::new(shape, mean / shape) {
        Ok(gamma) => Sampler::Gamma(gamma),
        Err(_) => Sampler::Constant(to_ns(mean)), // a cv of 0: no spread at all
    }
}

fn exponential<R: Rng>(random: &mut R) -> f64 {
    Exp1.sample(random)
}

fn uniform<R: Rng>(random: &mut R) -> f64 {
    (random.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

#[inline(always)]
fn to_ns(time: f64) -> u64 {
    // Through i64, which processors convert in one instruction; LONGEST fits.
    (time + 0.5).min(LONGEST) as i64 as u64
}

fn clamp(count: f64) -> u32 {
    count.min(f64::from(u32::MAX)) as u32
}

/// A time as a constant sampler.
impl From<Nanos> for Sampler {
    fn from(time: Nanos) -> Self {
        Sampler::Constant(time.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Key, Stream};
    use super::*;

    fn mean_and_scv(distribution: &Distribution) -> (f64, f64) {
        let sampler = Sampler::new(distribution);
        let mut random = Stream::new(Key(2026));
        let draws: Vec<f64> =
            (0..400_000).map(|_| sampler.draw(&mut random) as f64 / 1e9).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let variance =
            draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / draws.len() as f64;
        (mean, variance / mean / mean)
    }

    #[test]
    fn draws_have_the_mean_and_the_spread_that_were_asked_for() {
        let sigma = 1.268_636_241_179_52;
        let laws = [
            (Distribution::Exponential { mean: 0.01 }, 1.0),
            (Distribution::LogNormal { mu: 0.01f64.ln() - sigma * sigma / 2.0, sigma }, 4.0),
            (Distribution::Gamma { mean: 0.01, cv: 2f64.sqrt() }, 2.0),
            (Distribution::Weibull { mean: 0.01, shape: 2.0 }, 0.273_239_5),
            (Distribution::Uniform { from: 0.005, to: 0.015 }, 1.0 / 12.0),
            (Distribution::Erlang { stages: 4, mean: 0.01 }, 0.25),
            (Distribution::Constant(Nanos(10_000_000)), 0.0),
        ];
        for (law, scv) in laws {
            let (mean, found) = mean_and_scv(&law);
            assert!((mean - 0.01).abs() < 0.0002, "{law:?}: mean {mean}");
            assert!((law.mean() - 0.01).abs() < 1e-6, "{law:?}: stated mean {}", law.mean());
            assert!((found - scv).abs() < 0.1 * scv + 1e-9, "{law:?}: scv {found}");
        }
    }

    #[test]
    fn the_slow_queries_of_the_oracle_come_out() {
        let law = Distribution::HyperExponential { branches: vec![(0.95, 0.004), (0.05, 0.12)] };
        let (mean, scv) = mean_and_scv(&law);
        assert!((mean / 0.0098 - 1.0).abs() < 0.02, "mean {mean}");
        assert!((scv / 14.3103 - 1.0).abs() < 0.04, "scv {scv}");
    }

    #[test]
    fn a_cut_pareto_has_its_stated_mean() {
        let law = Distribution::Pareto { least: 0.001, alpha: 2.5, most: 0.05 };
        let (mean, _) = mean_and_scv(&law);
        assert!((mean / law.mean() - 1.0).abs() < 0.01, "{mean} against {}", law.mean());
    }

    #[test]
    fn counts_have_their_means() {
        for (sampler, mean) in [
            (CountSampler::fixed(3), 3.0),
            (CountSampler::uniform(1, 4), 2.5),
            (CountSampler::geometric(0.25), 0.25),
            (CountSampler::poisson(2.0), 2.0),
        ] {
            let sum: f64 = (0..40_000)
                .map(|index| f64::from(sampler.draw(&mut Draws::at(Key(5), index))))
                .sum();
            assert!((sum / 40_000.0 - mean).abs() < 0.04, "{sampler:?}: {}", sum / 40_000.0);
        }
    }

    #[test]
    fn all_of_a_count_come_out_well_as_often_as_in_draws() {
        let laws = [
            CountSampler::fixed(3),
            CountSampler::uniform(1, 4),
            CountSampler::geometric(2.5),
            CountSampler::poisson(2.0),
        ];
        for sampler in laws {
            for share in [0.0, 0.3, 0.9, 1.0 - 1e-9, 1.0] {
                let draws = (0..40_000).map(|index| sampler.draw(&mut Draws::at(Key(6), index)));
                let sum: f64 = draws.map(|count| f64::powf(share, f64::from(count))).sum();
                let told = sampler.generating(share);
                // At most half is the standard deviation of a share: 3.3 standard errors.
                assert!((sum / 40_000.0 - told).abs() < 0.009, "{sampler:?} {share}: {told}");
            }
        }
    }

    #[test]
    fn counts_out_of_many_have_the_mean_and_the_variance_of_a_binomial_law() {
        for (count, share) in [(2_000_u32, 0.001), (5_000, 0.3), (4_000_000_000, 1e-6)] {
            let draw = |site| f64::from(binomial(count, share, &mut Draws::at(Key(7), site)));
            let draws: Vec<f64> = (0..20_000).map(draw).collect();
            let mean = draws.iter().sum::<f64>() / 2e4;
            let variance = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / 2e4;
            let (exact, spread) =
                (f64::from(count) * share, f64::from(count) * share * (1.0 - share));
            // Five standard errors of a mean of 20,000; the variance's own error is 1 %.
            assert!((mean - exact).abs() < 5.0 * (spread / 2e4).sqrt(), "{mean} of {exact}");
            assert!((variance / spread - 1.0).abs() < 0.06, "{variance} of {spread}");
        }
        assert_eq!(binomial(2_000, 1.0, &mut Draws::at(Key(7), 0)), 2_000);
    }

    #[test]
    fn skewed_rows_follow_zipf() {
        let sampler = RowSampler::new(8, 1.0);
        let harmonic: f64 = (1..=8).map(|k| 1.0 / f64::from(k)).sum();
        let first =
            (0..40_000).filter(|index| sampler.draw(&mut Draws::at(Key(9), *index)) == 0).count();
        assert!((first as f64 / 40_000.0 - 1.0 / harmonic).abs() < 0.01, "{first}");
        let uniform = RowSampler::new(4, 0.0);
        assert!((0..1000).all(|index| uniform.draw(&mut Draws::at(Key(9), index)) < 4));
    }
}
