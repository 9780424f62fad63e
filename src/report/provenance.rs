//! Where figures are from, in words.

use super::names::shown;
use crate::study::Provenance;

/// Digits of a hash that tell scenarios apart at a glance; files have all of them.
const SHORT_HASH: usize = 8;

/// All of it, for a line of text: version, target, seed, hash.
pub(super) fn whole(from: &Provenance) -> String {
    let Provenance { cutline, target, seed, scenario_hash } = from;
    shown(&format!("cutline {cutline} for {target}, seed {seed}, scenario {scenario_hash}"))
}

/// As much as fits into the corner of a picture: version, seed, the first digits of the hash.
pub(super) fn short(from: &Provenance) -> String {
    let Provenance { cutline, seed, scenario_hash, .. } = from;
    let hash = scenario_hash.get(..SHORT_HASH).unwrap_or(scenario_hash);
    shown(&format!("cutline {cutline} · seed {seed} · scenario {hash}…"))
}
