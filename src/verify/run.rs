//! Runs cases and gathers what was found.

use super::case::Case;
use super::check::Depth;
use super::deviations::deviations;
use super::findings::{CaseFindings, VerifyFindings, Waiting};
use super::oracles::oracle;
use super::published::{PUBLICATIONS, Publication, publication};
use super::theory::{FAMILIES, WAITING, case};
use crate::study::{self, Progress};

/// A case of either kind.
#[derive(Debug, Clone, Copy)]
pub enum KnownCase {
    /// With exact answers.
    Theory(&'static Case),
    /// With published figures.
    Published(&'static Publication),
}

/// Which cases to run.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only what a short check takes.
    pub quick: bool,
    /// Only these; all where none is named.
    pub only: Vec<KnownCase>,
}

impl KnownCase {
    /// The case of that name.
    pub fn find(id: &str) -> Option<Self> {
        let theory = case(id).map(KnownCase::Theory);
        theory.or_else(|| publication(id).map(KnownCase::Published))
    }

    /// Every case with the family it stands under, in the order in which they are shown.
    pub fn all() -> impl Iterator<Item = (&'static str, Self)> {
        let theory = FAMILIES.iter().flat_map(|family| {
            family.cases.iter().map(|case| (family.name, KnownCase::Theory(case)))
        });
        let published = PUBLICATIONS.iter();
        theory.chain(published.map(|of| (of.family, KnownCase::Published(of))))
    }

    /// Its name.
    pub fn id(&self) -> &'static str {
        match self {
            KnownCase::Theory(case) => case.id,
            KnownCase::Published(publication) => publication.id,
        }
    }

    /// What is simulated, in words.
    pub fn model(&self) -> &'static str {
        match self {
            KnownCase::Theory(case) => &case.oracle().model,
            KnownCase::Published(publication) => publication.model,
        }
    }

    /// Source of its values.
    pub fn reference(&self) -> &'static str {
        match self {
            KnownCase::Theory(case) => &case.oracle().reference,
            KnownCase::Published(publication) => publication.reference,
        }
    }

    /// Whether it is part of a short check.
    pub fn is_quick(&self) -> bool {
        match self {
            KnownCase::Theory(case) => case.quick,
            KnownCase::Published(publication) => publication.quick,
        }
    }

    /// The whole scenario, as `cutline run` takes it, behind comments that say what it is.
    /// `seed`: as of [`run`].
    pub fn text(&self, seed: u64) -> String {
        match self {
            KnownCase::Theory(case) => case.described(seed),
            KnownCase::Published(publication) => publication.scenario.to_string(),
        }
    }

    fn check(&self, quick: bool, seed: u64, progress: &dyn Progress) -> CaseFindings {
        match self {
            KnownCase::Theory(case) => {
                let depth = if quick { Depth::Usual } else { Depth::Whole };
                case.check(depth, seed, progress)
            }
            // The usual figures are those that the file tells, with its own seed.
            KnownCase::Published(publication) => {
                publication.check((seed != 1).then_some(seed), progress)
            }
        }
    }
}

/// Tells which case it is that a study is busy with.
struct Counted<'a> {
    progress: &'a dyn Progress,
    place: String,
}

impl Progress for Counted<'_> {
    fn note(&self, text: &str) {
        self.progress.note(&format!("{}: {text}", self.place));
    }
}

/// Runs the selected cases one after another. `seed`: 1 for the usual seeds of the cases, another
/// number for others.
pub fn run(selection: &Selection, seed: u64, progress: &dyn Progress) -> VerifyFindings {
    let named: Vec<&str> = selection.only.iter().map(KnownCase::id).collect();
    let is_wanted = |known: &KnownCase| match named.as_slice() {
        [] => !selection.quick || known.is_quick(),
        named => named.contains(&known.id()),
    };
    let all: Vec<KnownCase> = KnownCase::all().map(|(_, known)| known).collect();
    let (wanted, others): (Vec<KnownCase>, Vec<KnownCase>) = all.into_iter().partition(is_wanted);
    let cases = wanted.iter().enumerate().map(|(index, known)| {
        let place = format!("{} of {}, {}", index + 1, wanted.len(), known.id());
        known.check(selection.quick, seed, &Counted { progress, place })
    });
    let whole = named.is_empty();
    VerifyFindings {
        cutline: study::VERSION,
        target: study::target(),
        seed,
        quick: selection.quick,
        cases: cases.collect(),
        left_out: others.iter().filter(|_| whole).map(KnownCase::id).collect(),
        deviations: if whole { deviations() } else { Vec::new() },
        waiting: if whole { waiting() } else { Vec::new() },
    }
}

/// Every case of the oracle file that waits.
pub fn waiting() -> Vec<Waiting> {
    let model = |id| oracle(id).map_or(String::new(), |(_, oracle)| oracle.model.clone());
    WAITING.iter().map(|(id, feature)| Waiting { id, model: model(id), feature }).collect()
}
