//! How far those who take events from a broker are behind over time: an area for each service, a curve for each layout.
//! Of a terminating run its windows; of a layout that does not carry its load in another run its course.

use super::drawing::Drawing;
use super::layouts::{ShownLayout, entries, subtitle_with_intervals, title};
use super::page::{Surroundings, empty};
use super::palette::{Look, broken};
use super::time_curves::{Panel, TimeCurve, draw_panels};
use crate::report::finding::lag::{LagFound, behind, course, services};
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::study::{Estimate, RunFindings};

/// More bands than this hide each other.
const MOST_LAYOUTS: usize = 6;

/// Areas under each other; what is more stands in the table.
const MOST_SERVICES: usize = 5;

/// The figure.
pub(super) fn draw(findings: &RunFindings) -> Drawing {
    let services = services(findings);
    let has_course = |entry: &ShownLayout| {
        services.iter().any(|service| !course(entry.found, service).is_empty())
    };
    let layouts: Vec<ShownLayout> = entries(findings).into_iter().filter(has_course).collect();
    let finding = services.first().and_then(|service| behind(findings, service));
    let what = "messages at the broker that each service is not done with";
    let mut words = Surroundings {
        title: title(finding, "How far consumers are behind".to_owned()),
        subtitle: subtitle_with_intervals(findings, what),
        legend: Vec::new(),
        notes: notes(&layouts, services.len()),
    };
    let looks: Vec<(ShownLayout, Look)> =
        layouts.into_iter().zip((0..MOST_LAYOUTS).map(broken)).collect();
    let height = if services.len() == 1 { 320.0 } else { 150.0 };
    let panel = |service: &&str| Panel {
        title: format!("lag of {}", shortened(&shown(service), 40)),
        quantity: Quantity::Count,
        height,
        courses: looks.iter().map(|(entry, look)| curve(entry, service, *look)).collect(),
        area: Vec::new(),
        faint: Vec::new(),
        promises: Vec::new(),
    };
    let panels = services.iter().take(MOST_SERVICES).map(panel);
    let panels: Vec<Panel> = panels.filter(|panel| !panel.is_empty()).collect();
    if panels.is_empty() {
        words.subtitle = subtitle_with_intervals(findings, "nothing was looked at over time");
        return empty(
            &words,
            "No layout has consumers and windows, and none with any is unstable.",
        );
    }
    let names: Vec<(String, Look)> =
        looks.iter().map(|(entry, look)| (entry.name.clone(), *look)).collect();
    draw_panels(words, &names, &panels)
}

/// Means stand in the middle of their windows; moments begin with an empty system.
fn curve(entry: &ShownLayout, service: &str, look: Look) -> TimeCurve {
    let found = course(entry.found, service);
    let is_of_moments = found.first().is_some_and(|first| first.from == first.to);
    let start = is_of_moments.then_some((0.0, Estimate { value: 0.0, ci95: None }));
    let points = found.iter().map(|LagFound { from, to, lag }| ((from + to) / 2.0, *lag));
    TimeCurve { look, points: start.into_iter().chain(points).map(Some).collect() }
}

fn notes(layouts: &[ShownLayout], services: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if layouts.iter().any(ShownLayout::is_unstable) {
        notes.push("Unstable layouts have no means, but a course.".to_owned());
    }
    if layouts.len() > MOST_LAYOUTS {
        let count = layouts.len();
        notes.push(format!(
            "The first {MOST_LAYOUTS} of {count} layouts are shown; the files have all."
        ));
    }
    if services > MOST_SERVICES {
        notes.push(format!(
            "The {MOST_SERVICES} of {services} services that fall behind farthest are shown; lag.csv has all."
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::super::drawing::Mark;
    use super::*;
    use crate::report::sample;

    #[test]
    fn each_service_has_an_area_with_a_curve_for_each_layout() {
        let drawing = draw(&sample::followed());
        let title = "mail falls behind by 12,012 events at the peak in rabbitmq (70 s to 80 s)";
        assert!(drawing.title.starts_with(title), "{}", drawing.title);
        let veils = drawing.marks.iter().filter(|mark| matches!(mark, Mark::Veil { .. }));
        assert_eq!(veils.count(), 2 * 3);
        let said = |words: &str| {
            let is_it = |mark: &Mark| matches!(mark, Mark::Text { text, .. } if text == words);
            drawing.marks.iter().filter(|mark| is_it(mark)).count()
        };
        assert_eq!([said("lag of mail"), said("lag of warehouse"), said("kafka")], [1, 1, 1]);
    }

    #[test]
    fn without_consumers_or_without_windows_there_is_nothing_to_draw() {
        assert!(draw(&sample::flash_crowd()).is_empty);
        let mut steady = sample::followed();
        steady.layouts.0.iter_mut().for_each(|(_, found)| found.windows.clear());
        assert!(draw(&steady).is_empty);
    }
}
