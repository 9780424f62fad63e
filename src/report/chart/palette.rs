//! Colours that stay apart for colour-blind eyes (Okabe & Ito 2008), and shapes and dashes for
//! when there are more things than colours, or no colour at all.

use super::drawing::{Colour, Dash, Drawing, Point};
use crate::cost::Expense;

/// Letters and axes.
pub(super) const INK: Colour = (0x22, 0x22, 0x22);
/// Second-rank text.
pub(super) const GREY: Colour = (0x5f, 0x5f, 0x5f);
/// Text that only who looks for it should see.
pub(super) const FAINT: Colour = (0x76, 0x76, 0x76);
/// Grid lines.
pub(super) const GRID: Colour = (0xe2, 0xe2, 0xe2);
/// Every other band of rows.
pub(super) const BAND: Colour = (0xf6, 0xf6, 0xf4);
/// What is there but does not matter.
pub(super) const PALE: Colour = (0xb4, 0xb4, 0xb4);
/// Paper.
pub(super) const PAPER: Colour = (0xff, 0xff, 0xff);

/// Blue of Okabe & Ito.
pub(super) const BLUE: Colour = (0x00, 0x72, 0xb2);
/// Vermillion.
pub(super) const VERMILLION: Colour = (0xd5, 0x5e, 0x00);
/// Bluish green.
pub(super) const GREEN: Colour = (0x00, 0x9e, 0x73);
/// Reddish purple.
pub(super) const PURPLE: Colour = (0xcc, 0x79, 0xa7);
/// Orange.
pub(super) const ORANGE: Colour = (0xe6, 0x9f, 0x00);
/// Sky blue.
pub(super) const SKY: Colour = (0x56, 0xb4, 0xe9);
/// What is the same everywhere.
pub(super) const SAND: Colour = (0xdd, 0xd8, 0xc9);
/// Yellow; too pale for lines.
const YELLOW: Colour = (0xf0, 0xe4, 0x42);
/// Pale green, beside the green.
const MINT: Colour = (0x8f, 0xd3, 0xbd);

/// Lines in the order of layouts; yellow is left out because it vanishes on white.
const LINES: [Colour; 7] = [BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, INK];

/// Shape of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    /// ●
    Disc,
    /// ■
    Square,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
}

/// How the things of one layout look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// Colour.
    pub(super) colour: Colour,
    /// How lines are broken.
    pub(super) dash: Dash,
    /// Shape of markers.
    pub(super) marker: Marker,
}

/// The look of the layout at this position of the file. Colours come round after seven; dashes
/// then differ, so that 28 lines can be told apart.
pub(super) fn look(index: usize) -> Look {
    const DASHES: [Dash; 4] = [Dash::Solid, Dash::Short, Dash::Dots, Dash::Long];
    Look {
        colour: LINES[index % LINES.len()],
        dash: DASHES[index / LINES.len() % DASHES.len()],
        marker: marker(index),
    }
}

/// The same for lines that may lie on each other. Neighbours are broken differently, and what is less broken is
/// drawn first, so that a line under another one is seen between its strokes.
pub(super) fn broken(index: usize) -> Look {
    const DASHES: [Dash; 4] = [Dash::Solid, Dash::Short, Dash::Dots, Dash::Long];
    Look { dash: DASHES[index % DASHES.len()], ..look(index) }
}

/// The marker of the value at this place of a second path.
pub(super) fn marker(index: usize) -> Marker {
    const MARKERS: [Marker; 4] = [Marker::Disc, Marker::Square, Marker::Triangle, Marker::Diamond];
    MARKERS[index % MARKERS.len()]
}

impl Marker {
    /// Draws the marker with a rim of paper, about `radius` around `centre`.
    pub(super) fn draw(self, drawing: &mut Drawing, centre: Point, radius: f64, colour: Colour) {
        self.fill(drawing, centre, radius + 1.2, PAPER);
        self.fill(drawing, centre, radius, colour);
    }

    /// Draws the marker hollow.
    pub(super) fn draw_hollow(
        self,
        drawing: &mut Drawing,
        centre: Point,
        radius: f64,
        colour: Colour,
    ) {
        self.fill(drawing, centre, radius, colour);
        self.fill(drawing, centre, radius - 1.8, PAPER);
    }

    fn fill(self, drawing: &mut Drawing, (x, y): Point, radius: f64, colour: Colour) {
        let at = |corners: &[Point]| {
            corners.iter().map(|(dx, dy)| (x + dx * radius, y + dy * radius)).collect()
        };
        // Radii are chosen so that all four cover about the same area.
        match self {
            Self::Disc => drawing.disc((x, y), radius, colour),
            Self::Square => {
                let corners = [(-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)];
                drawing.shape(at(&corners), colour);
            }
            Self::Triangle => drawing.shape(at(&[(0.0, -1.25), (1.16, 0.8), (-1.16, 0.8)]), colour),
            Self::Diamond => {
                let corners = [(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)];
                drawing.shape(at(&corners), colour);
            }
        }
    }
}

/// A pale tint of a filling.
pub(super) fn tint((red, green, blue): Colour) -> Colour {
    let mixed = |part: u8| (0.3 * f64::from(part) + 0.7 * 255.0).round() as u8;
    (mixed(red), mixed(green), mixed(blue))
}

/// What is read on a filling: dark on light, light on dark.
pub(super) fn ink_on((red, green, blue): Colour) -> Colour {
    // Luminance of sRGB, as much of it as this choice needs.
    let light = 0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue);
    if light > 140.0 { INK } else { PAPER }
}

/// Colour of a category of the critical path.
pub(super) fn attribution(category: &str) -> Colour {
    match category {
        "thread_queue" => (0x8a, 0x1c, 0x3b),
        "cpu_wait" => SKY,
        "cpu" => BLUE,
        "wake_up" => (0x9c, 0xb9, 0x3a),
        "network" => ORANGE,
        "serialisation" => (0xf7, 0xd0, 0x8a),
        "pool_wait" => (0x6a, 0x3d, 0x9a),
        "db_cpu_wait" => (0xec, 0xc7, 0xdc),
        "db_cpu" => PURPLE,
        "db_wake_up" => (0xb5, 0x17, 0x6b),
        "storage" => GREEN,
        "lock_wait" => VERMILLION,
        "requeue" => (0xf2, 0xa6, 0x7d),
        "commit" => MINT,
        "broker" => YELLOW,
        "external" => (0x8c, 0x56, 0x4b),
        "backoff" => INK,
        "delay" => (0xcd, 0xc6, 0xb8),
        "coordination" => (0x1d, 0x6f, 0x8f),
        _ => PALE,
    }
}

/// Colour of a group of bill lines.
pub(super) fn bill_group(group: Expense) -> Colour {
    match group {
        Expense::Nodes => BLUE,
        Expense::Databases => PURPLE,
        Expense::Brokers => YELLOW,
        Expense::Storage => GREEN,
        Expense::Iops => MINT,
        Expense::Traffic => ORANGE,
        Expense::LoadBalancer => SKY,
        Expense::ControlPlane => VERMILLION,
    }
}

/// Kind and colour of a resource by what is used up: cores, threads, connections, rows, volumes, logs, consumers.
pub(super) fn resource(name: &str) -> (&'static str, Colour) {
    if name.starts_with("hottest row of ") {
        return ("rows", ORANGE);
    }
    if name.contains(" connections to ") {
        return ("connections", PURPLE);
    }
    match name.rsplit(' ').next() {
        Some("cpu") => ("CPU", BLUE),
        Some("threads") => ("threads", SKY),
        Some("storage" | "iops") => ("storage", GREEN),
        Some("log") => ("log", MINT),
        Some("consumers") => ("consumers", YELLOW),
        _ => ("other", PALE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Category;

    #[test]
    fn resources_of_a_kind_have_its_colour() {
        let kinds = [
            ("orders cpu", "CPU"),
            ("orders threads", "threads"),
            ("orders connections to main", "connections"),
            ("hottest row of orders.orders", "rows"),
            ("database main storage", "storage"),
            ("database main storage iops", "storage"),
            ("database main log", "log"),
            ("mail consumers", "consumers"),
            ("bank", "other"),
        ];
        for (name, kind) in kinds {
            assert_eq!(resource(name).0, kind);
        }
        let mut colours: Vec<Colour> = kinds.iter().map(|(name, _)| resource(name).1).collect();
        colours.sort_unstable();
        colours.dedup();
        assert_eq!(colours.len(), 8);
    }

    #[test]
    fn every_category_has_a_colour_of_its_own() {
        let mut colours: Vec<Colour> =
            Category::ALL.iter().map(|category| attribution(category.name())).collect();
        assert!(!colours.contains(&PALE));
        colours.sort_unstable();
        colours.dedup();
        assert_eq!(colours.len(), Category::COUNT);
    }

    #[test]
    fn twenty_eight_layouts_look_different() {
        let looks: Vec<Look> = (0..28).map(look).collect();
        let broken: Vec<Look> = (0..28).map(broken).collect();
        for (index, own) in looks.iter().enumerate() {
            assert!(!looks[index + 1..].contains(own), "{index}");
            let alike = |other: &Look| {
                (other.colour, other.dash) == (broken[index].colour, broken[index].dash)
            };
            assert!(!broken[index + 1..].iter().any(alike), "{index}");
        }
    }
}
