//! What a lone row knows the sum of only.

use super::fit::Fitted;

/// Share of the standard deviation before that may stay of what is called determined.
const DETERMINED: f64 = 0.5;
/// The same of a sum that is called known.
const KNOWN: f64 = 0.25;
/// Correlation of two below which their sum is what is known.
const OPPOSED: f64 = -0.7;
/// Least slope of a figure by an unknown that has a part in it.
const PART: f64 = 0.01;

/// Whether measurements that leave this standard deviation have determined an unknown of that one before.
pub(super) fn is_determined(after: f64, before: f64) -> bool {
    after <= DETERMINED * before
}

/// For each figure of which only the sum of some unknowns is known: its number, and the unknowns. Nothing is told
/// twice. `after`: standard deviations that are left.
pub(super) fn sums(fitted: &Fitted, after: &[f64], prior: &[f64]) -> Vec<(usize, Vec<usize>)> {
    let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
    for (figure, slopes) in fitted.jacobian.iter().enumerate() {
        let parts: Vec<usize> = (0..prior.len()).filter(|index| slopes[*index] > PART).collect();
        let is_open = |own: &usize| {
            let opposed =
                |other: &usize| other != own && fitted.correlation(*own, *other) < OPPOSED;
            !is_determined(after[*own], prior[*own]) || parts.iter().any(opposed)
        };
        let open: Vec<usize> = parts.iter().copied().filter(is_open).collect();
        let is_told = found.iter().any(|(_, known)| *known == open);
        if open.len() >= 2 && !is_told && is_known(fitted, prior, slopes, &open) {
            found.push((figure, open));
        }
    }
    found
}

/// Whether the sum of these, each by its part in a figure, is known far better than before.
fn is_known(fitted: &Fitted, prior: &[f64], slopes: &[f64], open: &[usize]) -> bool {
    let mut after = 0.0;
    for one in open {
        for other in open {
            after += slopes[*one] * fitted.covariance[*one][*other] * slopes[*other];
        }
    }
    let before: f64 = open.iter().map(|own| (slopes[*own] * prior[*own]).powi(2)).sum();
    after.max(0.0).sqrt() < KNOWN * before.sqrt()
}
