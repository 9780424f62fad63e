//! How old what a view shows is: the age of the oldest commit that a read misses, as a percentile plot, a curve for each
//! view of each layout. Reads that miss nothing have no age: a curve begins where the first ones miss something.

use super::distribution::{PercentileCurve, draw_curves};
use super::drawing::Drawing;
use super::layouts::{entries, named_parts, notes, p99_of_some, subtitle, title};
use super::page::{Surroundings, empty};
use super::palette::broken;
use crate::report::numbers::Quantity;
use crate::study::{RunFindings, ViewFindings};

/// Curves beyond these cannot be told apart.
const MOST_CURVES: usize = 8;

/// A view in a layout, with its name.
type NamedView<'f> = (String, &'f ViewFindings);

/// The figure.
pub(super) fn draw(findings: &RunFindings) -> Drawing {
    let layouts = entries(findings);
    let steady = layouts.iter().filter(|entry| !entry.is_unstable());
    let views = named_parts(steady, |found| &found.views);
    let what =
        "age of the oldest commit that a read of a view misses, all reads of all replications";
    let mut words = Surroundings {
        title: title(finding(&views), "How old what views show is".to_owned()),
        subtitle: subtitle(findings, what),
        legend: Vec::new(),
        notes: up_to_date(&views),
    };
    words.notes.extend(notes(findings));
    let curve = |(index, (name, found)): (usize, &NamedView)| {
        PercentileCurve::of(name, broken(index), &found.histogram)?.without_nothing()
    };
    let mut curves: Vec<PercentileCurve> = views.iter().enumerate().filter_map(curve).collect();
    if curves.len() > MOST_CURVES {
        let more = curves.len() - MOST_CURVES;
        words.notes.push(format!("{more} more are in the table of views."));
        curves.truncate(MOST_CURVES);
    }
    if curves.is_empty() {
        let none =
            if views.is_empty() { "No layout has a view." } else { "No read missed a commit." };
        return empty(&words, none);
    }
    let titles = ("share of reads that miss nothing older, by nines", "age of what is missed");
    draw_curves(words, &curves, &[], titles)
}

/// What one read in a hundred misses: of few views each, of many the freshest and the stalest.
fn finding(views: &[NamedView]) -> Option<String> {
    let known = views.iter().filter_map(|(name, found)| {
        let p99 = found.staleness_seconds.p99.filter(|p99| p99.value > 0.0)?;
        Some((name.as_str(), p99.value))
    });
    p99_of_some(
        known.collect(),
        "Reads of a view are stale for up to (p99)",
        "p99 of the staleness of views",
    )
}

/// How many reads miss nothing.
fn up_to_date(views: &[NamedView]) -> Vec<String> {
    let fresh = views.iter().filter_map(|(name, found)| {
        let share = Quantity::Share.write(1.0 - found.stale_share?.value);
        Some(format!("{share} in {name}"))
    });
    let fresh: Vec<String> = fresh.take(MOST_CURVES).collect();
    let said = format!("Reads that miss nothing, so left of the curve: {}.", fresh.join(", "));
    (!fresh.is_empty()).then_some(said).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Mark;
    use super::*;
    use crate::report::sample;
    use crate::statistics::Histogram;

    fn said(drawing: &Drawing, words: &str) -> bool {
        let is_it = |mark: &Mark| matches!(mark, Mark::Text { text, .. } if text.contains(words));
        drawing.marks.iter().any(is_it)
    }

    #[test]
    fn views_have_a_curve_each_and_those_that_are_up_to_date_are_told() {
        let drawing = draw(&sample::followed());
        let title = "Reads of a view are stale for up to (p99) 460 ms in kafka, 598 ms in outbox, 920 ms in rabbitmq";
        assert_eq!(drawing.title, title);
        assert!(said(&drawing, "miss nothing, so left of the curve: 67 % in kafka"));
        assert!(said(&drawing, "age of what is missed, logarithmic"));
        let mut many = sample::followed();
        let copy = many.layouts.0[1].1.clone();
        many.layouts.0.push(("fourth".to_owned(), copy));
        let title = "p99 of the staleness of views is 460 ms in kafka at the least, 920 ms in rabbitmq at the most";
        assert_eq!(draw(&many).title, title);
    }

    #[test]
    fn without_views_or_without_a_stale_read_there_is_nothing_to_draw() {
        assert!(draw(&sample::three_layouts()).is_empty);
        let mut fresh = sample::followed();
        for (_, found) in &mut fresh.layouts.0 {
            let mut reads = Histogram::new(7);
            (0..1_000).for_each(|_| reads.record(0));
            found.views.0[0].1.histogram = reads;
        }
        let drawing = draw(&fresh);
        assert!(drawing.is_empty && said(&drawing, "No read missed a commit."));
    }
}
