//! What every figure must hold, on findings from usual to hostile.

use super::drawing::Mark;
use super::font;
use super::labels::overlap;
use super::*;
use crate::report::sample;

/// Every drawing of the galleries, with where it comes from.
fn drawings() -> Vec<(String, Drawing)> {
    let mut all = Vec::new();
    for (gallery, findings) in sample::gallery() {
        for whom in [Whom::all(), Whom::one("checkout")] {
            for (name, draw) in &OF_RUN {
                let mut drawing = draw.drawing(&findings, &whom);
                page::sign(&mut drawing, &findings.provenance);
                all.push((format!("{gallery}-{name}-{}", whom.key()), drawing));
            }
        }
    }
    let nothing = SweepFindings { points: Vec::new(), paths: Vec::new(), ..sample::sweep() };
    for (gallery, findings) in
        [("sweep", sample::sweep()), ("grid", sample::grid()), ("no-sweep", nothing)]
    {
        for whom in [Whom::all(), Whom::one("checkout")] {
            for (name, draw) in &OF_SWEEP {
                let mut drawing = draw.drawing(&findings, &whom);
                page::sign(&mut drawing, &findings.provenance);
                all.push((format!("{gallery}-{name}-{}", whom.key()), drawing));
            }
        }
    }
    all
}

fn texts(drawing: &Drawing) -> Vec<([f64; 4], &str)> {
    let text = |mark: &'_ _| match mark {
        Mark::Text { at, anchor, size, text, .. } => {
            Some((font::text_box(*at, *anchor, *size, text), text.clone()))
        }
        _ => None,
    };
    let boxes: Vec<([f64; 4], String)> = drawing.marks.iter().filter_map(text).collect();
    let borrowed = drawing.marks.iter().filter_map(|mark| match mark {
        Mark::Text { text, .. } => Some(text.as_str()),
        _ => None,
    });
    boxes.iter().map(|(own, _)| *own).zip(borrowed).collect()
}

#[test]
fn no_text_is_clipped_or_covers_another() {
    for (name, drawing) in drawings() {
        let texts = texts(&drawing);
        assert!(!texts.is_empty(), "{name}");
        for (index, (own, text)) in texts.iter().enumerate() {
            let inside = own[0] >= 0.0
                && own[1] >= 0.0
                && own[2] <= drawing.width
                && own[3] <= drawing.height;
            assert!(inside, "{name}: `{text}` leaves the page: {own:?}");
            for (other, other_text) in &texts[index + 1..] {
                assert!(!overlap(*own, *other), "{name}: `{text}` covers `{other_text}`");
            }
        }
    }
}

#[test]
fn every_figure_is_well_formed_xml_with_names_as_text() {
    for (name, drawing) in drawings() {
        let svg = svg::svg(&drawing);
        let mut open: Vec<&str> = Vec::new();
        for piece in svg.split('<').skip(1) {
            let (tag, text) = piece.split_once('>').unwrap_or_else(|| panic!("{name}: {piece}"));
            assert!(!text.contains("]]>"), "{name}");
            let entities = text.matches('&').count();
            let known = ["&lt;", "&gt;", "&amp;", "&quot;", "&apos;"];
            assert_eq!(
                entities,
                known.map(|entity| text.matches(entity).count()).into_iter().sum::<usize>()
            );
            assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()), "{name}");
            if let Some(closed) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(closed), "{name}");
            } else if !tag.ends_with('/') {
                open.push(tag.split(' ').next().unwrap());
            }
            let element = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
            let known =
                ["svg", "title", "desc", "text", "rect", "polygon", "polyline", "line", "circle"];
            assert!(known.contains(&element), "{name}: <{element}>");
        }
        assert!(open.is_empty(), "{name}: {open:?}");
    }
}

#[test]
fn a_png_has_its_signature_and_twice_the_size_of_the_svg() {
    let findings = sample::three_layouts();
    for (name, draw) in &OF_RUN {
        let drawing = draw.drawing(&findings, &Whom::all());
        let bytes = picture::png(&drawing, &picture::Letters::default());
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n", "{name}");
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!((number(16), number(20)), (drawing.width as u32 * 2, drawing.height as u32 * 2));
        assert_eq!(&bytes[bytes.len() - 8..bytes.len() - 4], b"IEND", "{name}");
    }
}

#[test]
fn the_same_findings_give_the_same_bytes_and_figures_have_distinct_names() {
    let asked = ["all", "each"].map(str::to_owned);
    let focus = Focus::of(&asked, &["home", "checkout"]).unwrap();
    let first = of_run(&sample::flash_crowd(), &focus);
    assert!(first == of_run(&sample::flash_crowd(), &focus));
    let of_sweep = of_sweep(&sample::sweep(), &focus);
    let names = |figures: &[Figure]| -> Vec<String> {
        figures.iter().map(|figure| figure.name.clone()).collect()
    };
    // Five of a run and two of a sweep for each of three, and what is of layouts as a whole once.
    for (mut names, expected) in [(names(&first), 5 * 3 + 2), (names(&of_sweep), 2 * 3 + 1)] {
        assert!(names.contains(&"cost-against-p99.checkout".to_owned()), "{names:?}");
        let count = names.len();
        assert_eq!(count, expected, "{names:?}");
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}

#[test]
fn a_layout_that_is_unstable_is_said_to_be_so_in_every_figure_of_steady_figures() {
    let galleries = sample::gallery();
    let (_, findings) = galleries.iter().find(|(name, _)| *name == "unstable").unwrap();
    for (name, draw) in &OF_RUN {
        let said = draw.drawing(findings, &Whom::all()).marks.iter().any(
            |mark| matches!(mark, Mark::Text { text, .. } if text.to_lowercase().contains("unstable")),
        );
        // A bill is fixed capacity: it is the same whether the load is carried or not; so are counts of instances.
        assert!(said || ["cost", "transactions", "instances"].contains(name), "{name}");
    }
}

#[test]
fn numbers_that_are_none_are_left_out() {
    let mut findings = sample::three_layouts();
    let found = &mut findings.layouts.0[0].1;
    found.cost.per_month = f64::NAN;
    found.cost.lines[0].per_month = f64::INFINITY;
    found.utilisation[0].share.value = f64::NAN;
    found.utilisation[1].share.ci95 = Some([f64::NEG_INFINITY, f64::NAN]);
    for (_, endpoint) in &mut found.endpoints.0 {
        endpoint.latency_seconds.p99.as_mut().unwrap().value = f64::INFINITY;
        endpoint.latency_seconds.p50.as_mut().unwrap().ci95 = Some([f64::NAN, f64::INFINITY]);
        endpoint.attribution_seconds.0[0].1 = f64::NAN;
    }
    for (name, draw) in &OF_RUN {
        for (_, text) in texts(&draw.drawing(&findings, &Whom::all())) {
            assert!(!text.contains("NaN") && !text.contains("inf"), "{name}: {text}");
        }
    }
}

#[test]
fn sizes_of_letters_are_round_in_svg() {
    for (name, drawing) in drawings() {
        let text = svg::svg(&drawing);
        let sizes: Vec<&str> = text.split("font-size=\"").skip(1).collect();
        assert!(!sizes.is_empty(), "{name}");
        for size in sizes {
            let size = size.split('"').next().unwrap();
            assert!(size.len() <= 5, "{name}: {size}");
        }
    }
}

#[test]
fn the_only_layout_has_a_finding_in_every_title() {
    let findings = sample::run(vec![("monolith", sample::layout(0.0123, 0.6, 1.0))]);
    let titles: Vec<String> =
        OF_RUN.iter().map(|(_, draw)| draw.drawing(&findings, &Whom::all()).title).collect();
    let expected = [
        "p99 in monolith is 62 ms ± 4",
        "p99 in monolith is 62 ms ± 4",
        "The largest part of the time is CPU: 24 %",
        "monolith costs $1,083 for a month of 730 hours",
        "Busiest is shop cpu of monolith: 62 %",
        "p99 in monolith is 62 ms ± 4",
    ];
    for (title, expected) in titles.iter().zip(expected) {
        assert!(title.starts_with(expected), "{title}");
    }
}

#[test]
fn a_figure_without_anything_to_show_is_no_file() {
    let galleries = sample::gallery();
    let names = |gallery: &str| -> Vec<String> {
        let (_, findings) = galleries.iter().find(|(name, _)| *name == gallery).unwrap();
        of_run(findings, &Focus::default()).into_iter().map(|figure| figure.name).collect()
    };
    assert_eq!(names("drowned"), ["cost", "utilisation", "over-time"]);
    assert_eq!(names("nothing"), ["latency-percentiles"]);
    assert!(names("empty").is_empty());
}
