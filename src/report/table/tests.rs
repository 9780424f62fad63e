//! What tables must hold on findings from usual to hostile.

use super::*;
use crate::report::sample;

/// The bills alone.
fn bill(findings: &RunFindings) -> Tables {
    Tables { title: String::new(), sections: bill_sections(findings), details: Vec::new() }
}

/// Every text of every gallery at a width.
fn texts(width: usize) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for (name, findings) in sample::gallery() {
        texts
            .push((format!("{name} run"), of_run(&findings, &Focus::default()).text(width, false)));
        texts.push((format!("{name} bill"), bill(&findings).text(width, false)));
    }
    texts.push((
        "sweep".to_owned(),
        of_sweep(&sample::sweep(), &Focus::default()).text(width, false),
    ));
    texts
        .push(("grid".to_owned(), of_sweep(&sample::grid(), &Focus::default()).text(width, false)));
    texts
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [80, 120, 200] {
        for (name, text) in texts(width) {
            for line in text.lines() {
                let is_one_word = !line.trim().contains(' ');
                assert!(line.chars().count() <= width || is_one_word, "{name} at {width}: {line}");
            }
        }
    }
}

#[test]
fn no_control_character_reaches_a_terminal_without_colour() {
    for (name, text) in texts(100) {
        let bad = text.chars().find(|letter| *letter != '\n' && letter.is_control());
        assert_eq!(bad, None, "{name}");
        assert!(!text.contains(['\u{2061}', '\u{2062}', '\u{2063}', '\u{202e}']), "{name}");
        assert!(!text.contains("NaN") && text.ends_with('\n'), "{name}");
    }
}

#[test]
fn with_colour_only_colour_is_added() {
    let findings = sample::gallery().remove(4).1;
    let coloured = of_run(&findings, &Focus::default()).text(100, true);
    assert!(coloured.contains("\u{1b}[31mUNSTABLE\u{1b}[0m"));
    let mut stripped = coloured;
    for code in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[31m", "\u{1b}[1;32m"] {
        stripped = stripped.replace(code, "");
    }
    assert_eq!(stripped, of_run(&findings, &Focus::default()).text(100, false));
}

#[test]
fn every_layout_and_every_figure_is_in_the_table_at_any_width() {
    let twelve = sample::gallery().remove(2).1;
    for width in [80, 120, 400] {
        let text = of_run(&twelve, &Focus::default()).text(width, false);
        for (name, _) in twelve.layouts.iter() {
            assert!(text.contains(name), "{name} at {width}");
        }
        for figure in ["verdict", "throughput", "mean", "p50", "p95", "p99", "errors"] {
            assert!(text.contains(figure), "{figure} at {width}");
        }
        assert!(text.contains("cost per month") && text.contains("idle share"));
    }
}

#[test]
fn markdown_has_the_same_sections_and_no_markup_from_names() {
    let text = of_run(&sample::three_layouts(), &Focus::default()).markdown();
    for title in
        ["# shop", "## Layouts", "## Endpoints", "## Differences", "## Where the time goes"]
    {
        assert!(text.contains(title), "{title}");
    }
    let hostile = sample::gallery().remove(6).1;
    let text = of_run(&hostile, &Focus::default()).with_details().markdown()
        + &of_sweep(&sample::sweep(), &Focus::default()).markdown();
    assert!(!text.contains("<script>") && !text.contains("<img"));
}
