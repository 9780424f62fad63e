//! The layouts that a figure shows: named harmlessly, at most so many, unstable ones told apart.

use crate::report::focus::Whom;
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::study::{EndpointFindings, Estimate, LayoutFindings, Named, RunFindings, Verdict};

/// More layouts than this make no readable figure; the tables have all of them.
pub(super) const MOST: usize = 24;

/// One layout of a figure.
pub(super) struct ShownLayout<'a> {
    /// Name in the findings.
    pub(super) key: &'a str,
    /// Name without anything hidden in it.
    pub(super) name: String,
    /// What was found.
    pub(super) found: &'a LayoutFindings,
}

impl ShownLayout<'_> {
    /// What was found of somebody's requests.
    pub(super) fn of(&self, whom: &Whom) -> Option<&EndpointFindings> {
        self.found.endpoints.get(whom.key())
    }

    /// Whether no steady-state figure may be shown.
    pub(super) fn is_unstable(&self) -> bool {
        self.found.verdict == Verdict::Unstable
    }

    /// The 99th percentile of somebody's requests (s), if there is a steady state.
    pub(super) fn p99(&self, whom: &Whom) -> Option<Estimate> {
        if self.is_unstable() {
            return None;
        }
        sound(self.of(whom)?.latency_seconds.p99)
    }
}

/// The layouts that are shown, in file order.
pub(super) fn entries(findings: &RunFindings) -> Vec<ShownLayout<'_>> {
    let entry = |(key, found)| ShownLayout { key, name: shown(key), found };
    findings.layouts.iter().take(MOST).map(entry).collect()
}

/// What layouts have of one kind, such as transactions: called like its layout where each has one only, else like both.
pub(super) fn named_parts<'e, 'f: 'e, T>(
    layouts: impl Iterator<Item = &'e ShownLayout<'f>> + Clone,
    of: impl Fn(&'f LayoutFindings) -> &'f Named<T>,
) -> Vec<(String, &'f T)> {
    let is_one = layouts.clone().all(|entry| of(entry.found).0.len() < 2);
    let mut parts = Vec::new();
    for entry in layouts {
        for (part, found) in of(entry.found).iter() {
            let name = match is_one {
                true => entry.name.clone(),
                false => format!("{}, {}", entry.name, shortened(&shown(part), 30)),
            };
            parts.push((name, found));
        }
    }
    parts
}

/// An estimate whose value is a number; others are not shown.
pub(super) fn sound(estimate: Option<Estimate>) -> Option<Estimate> {
    estimate.filter(|estimate| estimate.value.is_finite())
}

/// A finding as a title, of somebody's requests; else what the figure is.
pub(super) fn title(finding: Option<String>, otherwise: String) -> String {
    finding.map_or(otherwise, |words| words.trim_end_matches('.').to_owned())
}

/// p99 of somebody's requests in the only layout that there is.
pub(super) fn p99_of_one(findings: &RunFindings, whom: &Whom) -> Option<String> {
    let [only] = &entries(findings)[..] else { return None };
    let p99 = Quantity::Time.write_uncertain(&only.p99(whom)?);
    let of = if whom.is_all() { String::new() } else { format!(" of {}", whom.words()) };
    Some(format!("p99{of} in {} is {p99}", only.name))
}

/// Times (s) by what has them as a title: of few each, behind `each`; of many the least and the greatest, behind `many`.
pub(super) fn p99_of_some(mut known: Vec<(&str, f64)>, each: &str, many: &str) -> Option<String> {
    /// Names that a title tells apart.
    const MOST_NAMED: usize = 3;
    let time = |value: f64| Quantity::Time.write(value);
    if known.len() <= MOST_NAMED {
        let told = known.iter().map(|(name, value)| format!("{} in {name}", time(*value)));
        let told: Vec<String> = told.collect();
        return (!told.is_empty()).then(|| format!("{each} {}", told.join(", ")));
    }
    known.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let ((least, low), (most, high)) = (known.first()?, known.last()?);
    let (low, high) = (time(*low), time(*high));
    Some(format!("{many} is {low} in {least} at the least, {high} in {most} at the most"))
}

/// Scenario and what of it is drawn, for under the title.
pub(super) fn subtitle(findings: &RunFindings, what: &str) -> String {
    format!("{}: {what}", shortened(&shown(&findings.scenario), 60))
}

/// The same for a figure that draws intervals: of what certainty, from how many replications.
pub(super) fn subtitle_with_intervals(findings: &RunFindings, what: &str) -> String {
    let counts = || findings.layouts.iter().map(|(_, found)| found.replications);
    let sure = match (counts().min(), counts().max()) {
        (Some(least), Some(most)) if least == most && most > 1 => {
            format!(", 95 % intervals from {most} replications")
        }
        (_, Some(most)) if most > 1 => ", 95 % intervals".to_owned(),
        _ => String::new(),
    };
    subtitle(findings, what) + &sure
}

/// What must be said about layouts that are not, or not wholly, in the picture.
pub(super) fn notes(findings: &RunFindings) -> Vec<String> {
    let mut notes = Vec::new();
    let shown = entries(findings);
    let unstable: Vec<&ShownLayout> = shown.iter().filter(|entry| entry.is_unstable()).collect();
    if !unstable.is_empty() {
        let names: Vec<String> = unstable.iter().map(|entry| shortened(&entry.name, 40)).collect();
        notes.push(format!(
            "Unstable at this load, so without steady-state figures: {}.",
            names.join(", ")
        ));
    }
    notes.extend(left_out(findings.layouts.0.len()));
    notes
}

/// The remark about bills that leave something out.
pub(super) fn incomplete(shown: &[ShownLayout]) -> Option<String> {
    let lacks = |entry: &&ShownLayout| !entry.found.cost.missing.is_empty();
    let names: Vec<String> =
        shown.iter().filter(lacks).map(|entry| shortened(&entry.name, 40)).collect();
    (!names.is_empty()).then(|| format!("Incomplete, as a price is missing: {}.", names.join(", ")))
}

/// The remark about layouts beyond [`MOST`].
pub(super) fn left_out(count: usize) -> Option<String> {
    let rest = "the tables have all of them";
    (count > MOST).then(|| format!("The first {MOST} of {count} layouts are shown; {rest}."))
}
