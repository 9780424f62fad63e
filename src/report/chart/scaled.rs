//! Instances and nodes over time, where they come and go: an area for each service, one for the nodes, a curve for each
//! layout.

use super::drawing::Drawing;
use super::layouts::{ShownLayout, entries, subtitle_with_intervals, title};
use super::page::{Surroundings, empty};
use super::palette::{Look, broken};
use super::time_curves::{Panel, TimeCurve, draw_panels};
use crate::report::finding::scaled::{CountOf, goes, services};
use crate::report::names::{shortened, shown};
use crate::report::numbers::Quantity;
use crate::study::RunFindings;

/// More curves than this hide each other.
const MOST_LAYOUTS: usize = 6;

/// Areas under each other; what is more stands in the files.
const MOST_SERVICES: usize = 5;

/// The figure.
pub(super) fn draw(findings: &RunFindings) -> Drawing {
    let services = services(findings);
    let scales = |entry: &ShownLayout| !entry.found.scaled.is_empty();
    let layouts: Vec<ShownLayout> = entries(findings).into_iter().filter(scales).collect();
    let finding = services.first().and_then(|service| goes(findings, service));
    let words = Surroundings {
        title: title(finding, "Instances over time".to_owned()),
        subtitle: subtitle_with_intervals(
            findings,
            "instances that take requests, and nodes, means of windows",
        ),
        legend: Vec::new(),
        notes: notes(layouts.len(), services.len()),
    };
    let looks: Vec<(ShownLayout, Look)> =
        layouts.into_iter().zip((0..MOST_LAYOUTS).map(broken)).collect();
    let shown_services = services.iter().take(MOST_SERVICES);
    let areas = shown_services.map(|service| CountOf::Service(service)).chain([CountOf::Nodes]);
    let panel = |of: CountOf<'_>| Panel {
        title: match of {
            CountOf::Service(service) => format!("instances of {}", shortened(&shown(service), 40)),
            CountOf::Nodes => "nodes".to_owned(),
        },
        quantity: Quantity::Count,
        height: 150.0,
        courses: looks.iter().map(|(entry, look)| curve(entry, of, *look)).collect(),
        area: Vec::new(),
        faint: Vec::new(),
        promises: Vec::new(),
    };
    let panels: Vec<Panel> = areas.map(panel).filter(|panel| !panel.is_empty()).collect();
    if panels.is_empty() {
        return empty(&words, "No layout has instances that come and go, and windows.");
    }
    let names: Vec<(String, Look)> =
        looks.iter().map(|(entry, look)| (entry.name.clone(), *look)).collect();
    draw_panels(words, &names, &panels)
}

/// Means stand in the middle of their windows.
fn curve(entry: &ShownLayout, of: CountOf<'_>, look: Look) -> TimeCurve {
    let points = entry.found.windows.iter().filter_map(|window| {
        let middle = (window.from_seconds + window.to_seconds) / 2.0;
        of.of(window).map(|count| Some((middle, count)))
    });
    TimeCurve { look, points: points.collect() }
}

fn notes(layouts: usize, services: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if layouts > MOST_LAYOUTS {
        notes.push(format!(
            "The first {MOST_LAYOUTS} of {layouts} layouts are shown; the files have all."
        ));
    }
    if services > MOST_SERVICES {
        notes.push(format!(
            "The {MOST_SERVICES} of {services} services with most instances are shown; windows-services.csv has all."
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
    fn each_service_and_the_nodes_have_an_area() {
        let drawing = draw(&sample::scaled());
        assert!(drawing.title.starts_with("search of msa goes from 2 to 22"), "{}", drawing.title);
        let said = |words: &str| {
            let is_it = |mark: &Mark| matches!(mark, Mark::Text { text, .. } if text == words);
            drawing.marks.iter().filter(|mark| is_it(mark)).count()
        };
        assert_eq!(
            [said("instances of search"), said("instances of shop"), said("nodes")],
            [1, 1, 1]
        );
    }

    #[test]
    fn where_numbers_are_fixed_there_is_nothing_to_draw() {
        assert!(draw(&sample::flash_crowd()).is_empty);
    }
}
