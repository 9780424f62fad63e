//! What a sweep shows, in words: which layout leads at which values and where that changes, as far as the
//! comparison at each point bears it; and which layouts do not carry their load.

use super::NAME;
use super::best::{self, Contest, Lead};
use crate::report::focus::Whom;
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::study::{LayoutFindings, SweepFindings, SweepPoint, Verdict};
use crate::units::split_number;

/// More changes than this are counted, not told.
const MOST_STRETCHES: usize = 4;

/// Longest value of a path in a sentence.
const LONGEST_VALUE: usize = 24;

/// What a point shows of a contest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leader<'f> {
    /// This layout leads.
    One(&'f str),
    /// Layouts take part, and none of them is shown to lead.
    Open,
    /// No layout takes part.
    Nobody,
}

/// Points next to each other that show the same.
struct Stretch<'f> {
    leader: Leader<'f>,
    first: usize,
    last: usize,
}

/// Which layout is fastest at p99 at which values.
pub(in crate::report) fn fastest(findings: &SweepFindings, whom: &Whom) -> Option<String> {
    let of = if whom.is_all() { String::new() } else { format!(" of {}", whom.words()) };
    told(findings, Contest::Speed(whom), &format!("Fastest at p99{of}"))
}

/// Which layout is cheapest at which values.
pub(in crate::report) fn cheapest(findings: &SweepFindings) -> Option<String> {
    told(findings, Contest::Cost, "Cheapest")
}

fn told(findings: &SweepFindings, contest: Contest, what: &str) -> Option<String> {
    let points = &findings.points;
    let is_alone = points.iter().all(|point| point.run.layouts.0.len() < 2);
    if is_alone {
        return None;
    }
    let leaders: Vec<Leader> = points.iter().map(|point| leader(point, contest)).collect();
    if !leaders.iter().any(|leader| matches!(leader, Leader::One(_))) {
        let runs = || points.iter().map(|point| &point.run);
        let is_broken = runs().flat_map(|run| &run.slo).any(|promise| !promise.met);
        return match leaders.contains(&Leader::Open) {
            true => Some(format!("No layout is shown to be {}.", lower(what))),
            false if is_broken && runs().all(best::admits_none_for_a_promise) => {
                Some("No layout keeps every promise at any value.".to_owned())
            }
            false => None,
        };
    }
    let condition = condition(findings, contest);
    let stretches = stretches(&leaders);
    let places = match findings.paths.as_slice() {
        [_] if stretches.len() <= MOST_STRETCHES => by_value(points, &stretches),
        _ => by_count(&leaders),
    };
    Some(format!("{what}{condition} is {places}."))
}

fn lower(what: &str) -> String {
    let mut letters = what.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Who takes part, where not everybody does.
fn condition(findings: &SweepFindings, contest: Contest) -> &'static str {
    let layouts = || findings.points.iter().flat_map(|point| point.run.layouts.iter());
    let is_promised = findings.points.iter().any(|point| !point.run.slo.is_empty());
    let is_partial = contest == Contest::Cost && layouts().any(|(_, found)| !found.cost.is_whole());
    let is_unstable = layouts().any(|(_, found)| found.verdict == Verdict::Unstable);
    match (is_promised, is_partial, is_unstable) {
        (true, true, _) => " of those that keep every promise and have a whole bill",
        (true, false, _) => " of those that keep every promise",
        (false, true, _) => " of those with a whole bill",
        (false, false, true) => " of those that carry the load",
        (false, false, false) => "",
    }
}

fn leader<'f>(point: &'f SweepPoint, contest: Contest) -> Leader<'f> {
    match contest.lead(&point.run) {
        Lead::Shown(name) => Leader::One(name),
        // A bill that is the only whole one is the cheapest of nothing.
        Lead::Alone(name) if contest != Contest::Cost || bills_are_whole(point) => {
            Leader::One(name)
        }
        Lead::Alone(_) | Lead::Tied(_) => Leader::Open,
        Lead::Nobody => Leader::Nobody,
    }
}

fn bills_are_whole(point: &SweepPoint) -> bool {
    point.run.layouts.iter().all(|(_, found)| found.cost.is_whole())
}

fn stretches<'f>(leaders: &[Leader<'f>]) -> Vec<Stretch<'f>> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for (index, leader) in leaders.iter().copied().enumerate() {
        match stretches.last_mut() {
            Some(stretch) if stretch.leader == leader => stretch.last = index,
            _ => stretches.push(Stretch { leader, first: index, last: index }),
        }
    }
    stretches
}

/// `monolith up to 200/s, msa from 400/s on`.
fn by_value(points: &[SweepPoint], stretches: &[Stretch]) -> String {
    let value = |index: usize| shortened(&shown(&points[index].values.join(", ")), LONGEST_VALUE);
    let values: Vec<String> = points.iter().flat_map(|point| point.values.clone()).collect();
    let is_ordered = numbers(&values).is_some_and(|all| all.windows(2).all(|two| two[0] < two[1]));
    let last = points.len() - 1;
    let place = |stretch: &Stretch| match (stretch.first, stretch.last) {
        (0, end) if end == last => "at every value".to_owned(),
        (first, end) if first == end => format!("at {}", value(first)),
        (0, end) if is_ordered => format!("up to {}", value(end)),
        (first, end) if end == last && is_ordered => format!("from {} on", value(first)),
        (first, end) if is_ordered => format!("from {} to {}", value(first), value(end)),
        (first, end) => {
            let all: Vec<String> = (first..=end).map(value).collect();
            format!("at {}", all.join(" and "))
        }
    };
    let words = stretches.iter().map(|stretch| match stretch.leader {
        Leader::One(name) => format!("{} {}", shortened(&shown(name), NAME), place(stretch)),
        Leader::Open => format!("none shown to be so {}", place(stretch)),
        Leader::Nobody => format!("no layout {}", place(stretch)),
    });
    words.collect::<Vec<String>>().join(", ")
}

/// `monolith at 5 of 9 points, msa at 2`.
fn by_count(leaders: &[Leader]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for leader in leaders {
        let Leader::One(name) = leader else { continue };
        match counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let all = leaders.len();
    if let [(only, count)] = counts[..]
        && count == all
    {
        return format!("{} at all {all} points", shortened(&shown(only), NAME));
    }
    let words = counts.iter().enumerate().map(|(index, (name, count))| {
        let of = if index == 0 { format!(" of {all} points") } else { String::new() };
        format!("{} at {count}{of}", shortened(&shown(name), NAME))
    });
    words.collect::<Vec<String>>().join(", ")
}

/// Which layouts do not carry their load, and at which values; `None` where all do.
pub(in crate::report) fn unstable(findings: &SweepFindings) -> Option<String> {
    let is_out = |found: &LayoutFindings| found.verdict == Verdict::Unstable;
    let mut named: Vec<(&str, Vec<String>)> = Vec::new();
    for point in &findings.points {
        for (name, _) in point.run.layouts.iter().filter(|(_, found)| is_out(found)) {
            let value = shortened(&shown(&point.values.join(", ")), LONGEST_VALUE);
            match named.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value),
                None => named.push((name, vec![value])),
            }
        }
    }
    let words = named.iter().map(|(name, values)| {
        let at = match values.as_slice() {
            all if all.len() > 3 => format!("{} of {} points", all.len(), findings.points.len()),
            few => few.join(" and "),
        };
        format!("{} at {at}", shortened(&shown(name), NAME))
    });
    let words: Vec<String> = words.take(MOST_STRETCHES).collect();
    (!words.is_empty()).then(|| format!("Unstable: {}.", words.join("; ")))
}

/// What p99 of the only layout goes from and to, where one path varies.
pub(in crate::report) fn course(findings: &SweepFindings, whom: &Whom) -> Option<String> {
    let [_] = findings.paths.as_slice() else { return None };
    let known = findings.points.iter().filter_map(|point| {
        let [(_, found)] = point.run.layouts.0.as_slice() else { return None };
        Some((point, best::p99(found, whom)?))
    });
    let known: Vec<_> = known.collect();
    let [(first, from), .., (last, to)] = known[..] else { return None };
    let at = |point: &SweepPoint| shortened(&shown(&point.values.join(", ")), LONGEST_VALUE);
    let time = |value: f64| Quantity::Time.write(value);
    let of = if whom.is_all() { String::new() } else { format!(" of {}", whom.words()) };
    let (from, to) = (time(from.value), time(to.value));
    Some(format!("p99{of} is {from} at {} and {to} at {}.", at(first), at(last)))
}

/// The numbers of values that share what follows the number.
pub(in crate::report) fn numbers(values: &[String]) -> Option<Vec<f64>> {
    let split = |value: &String| {
        let (number, unit) = split_number(value.trim());
        let number: f64 = number.replace('_', "").parse().ok()?;
        Some((number, unit.trim().to_owned()))
    };
    let split: Vec<(f64, String)> = values.iter().map(split).collect::<Option<_>>()?;
    let same = split.windows(2).all(|pair| pair[0].1 == pair[1].1);
    same.then(|| split.into_iter().map(|(number, _)| number).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn all() -> Whom {
        Whom::all()
    }

    /// A sweep without promises.
    fn free() -> SweepFindings {
        let mut sweep = sample::sweep();
        sweep.points.iter_mut().for_each(|point| point.run.slo.clear());
        sweep
    }

    #[test]
    fn the_layout_that_leads_everywhere_is_named_with_its_condition() {
        assert_eq!(
            fastest(&free(), &all()).unwrap(),
            "Fastest at p99 of those that carry the load is monolith at every value."
        );
        assert_eq!(
            cheapest(&free()).unwrap(),
            "Cheapest of those that carry the load is monolith up to 200/s, msa at 400/s, monolith at 800/s."
        );
        assert_eq!(unstable(&free()).unwrap(), "Unstable: msa at 800/s.");
        // Of those that keep every promise there is one only.
        assert_eq!(
            fastest(&sample::sweep(), &all()).unwrap(),
            "Fastest at p99 of those that keep every promise is monolith at every value."
        );
    }

    #[test]
    fn where_the_lead_goes_over_is_told_by_the_values_on_both_sides() {
        let mut sweep = free();
        for point in &mut sweep.points[3..] {
            for pair in &mut point.run.comparison {
                pair.verdict = match pair.verdict.as_str() {
                    "a lower" => "b lower".to_owned(),
                    _ => "a lower".to_owned(),
                };
            }
            let layouts = &mut point.run.layouts.0;
            let slower = layouts[1].1.endpoints.clone();
            layouts[1].1.endpoints = std::mem::replace(&mut layouts[0].1.endpoints, slower);
        }
        let said = fastest(&sweep, &all()).unwrap();
        let flip = "is monolith up to 200/s, distributed-monolith from 400/s on.";
        assert!(said.ends_with(flip), "{said}");
        // What no comparison shows is not told as a lead.
        for pair in &mut sweep.points[2].run.comparison {
            pair.verdict = "no difference shown".to_owned();
        }
        let said = fastest(&sweep, &all()).unwrap();
        assert!(said.contains("up to 100/s, none shown to be so at 200/s, dist"), "{said}");
        for pair in sweep.points.iter_mut().flat_map(|point| &mut point.run.comparison) {
            pair.verdict = "no difference shown".to_owned();
        }
        assert_eq!(fastest(&sweep, &all()).unwrap(), "No layout is shown to be fastest at p99.");
    }

    #[test]
    fn promises_that_nobody_keeps_are_what_there_is_to_say() {
        let mut sweep = sample::sweep();
        let promises = sweep.points.iter_mut().flat_map(|point| &mut point.run.slo);
        promises.for_each(|promise| promise.met = false);
        let said = fastest(&sweep, &all()).unwrap();
        assert_eq!(said, "No layout keeps every promise at any value.");
    }

    #[test]
    fn points_of_a_grid_are_counted() {
        let mut grid = sample::grid();
        grid.points.iter_mut().for_each(|point| point.run.slo.clear());
        assert_eq!(
            fastest(&grid, &all()).unwrap(),
            "Fastest at p99 is monolith at 8 of 9 points, msa at 1."
        );
        assert_eq!(cheapest(&grid).unwrap(), "Cheapest is monolith at all 9 points.");
    }

    #[test]
    fn one_layout_alone_has_a_course_and_no_lead() {
        let mut sweep = free();
        sweep.points.iter_mut().for_each(|point| point.run.layouts.0.truncate(1));
        assert_eq!(fastest(&sweep, &all()), None);
        let said = course(&sweep, &all()).unwrap();
        assert_eq!(said, "p99 is 32.7 ms at 50/s and 278 ms at 800/s.");
        assert_eq!(course(&free(), &all()), None);
    }

    #[test]
    fn values_of_one_unit_are_numbers_and_others_are_not() {
        let texts =
            |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
        assert_eq!(numbers(&texts(&["50/s", "200/s"])), Some(vec![50.0, 200.0]));
        assert_eq!(numbers(&texts(&["1.5ms", "2 ms"])), Some(vec![1.5, 2.0]));
        assert_eq!(numbers(&texts(&["9.4e-05/s", "1e-3/s"])), Some(vec![9.4e-5, 1e-3]));
        assert_eq!(numbers(&texts(&["500us", "2ms"])), None);
        assert_eq!(numbers(&texts(&["grpc", "rest_json"])), None);
    }
}
