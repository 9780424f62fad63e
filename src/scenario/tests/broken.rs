//! Broken files are refused as the table of ways to break one says, in whatever bytes they come.

use super::mistakes;
use super::ways::{GOOD, TEXTS, WAYS};
use super::ways_of_meaning::MEANINGS;

/// Fails unless the text is refused with that mistake, and drawn with that part.
fn hold(text: impl AsRef<[u8]>, expected: &str, part: &str) {
    let refused = mistakes(text.as_ref());
    let shown = refused.to_string();
    let told = refused.diagnostics.iter().find(|told| {
        let place = format!("{} {}:{}", told.code.text(), told.span.line, told.span.column);
        place == expected
    });
    let told = told.unwrap_or_else(|| panic!("{expected} is not said:\n{shown}"));
    let label = [&told.message, &told.label].map(String::as_str).concat();
    let said = label + told.hint.as_deref().unwrap_or_default();
    assert!(said.contains(part), "{part} is not in: {shown}");
}

#[test]
fn every_way_to_break_a_file_is_refused_with_its_place_and_what_to_do() {
    let count = WAYS.len() + MEANINGS.len() + TEXTS.len();
    assert!(count > 70, "{count}");
    super::model(GOOD);
    for (from, to, expected, part) in WAYS.iter().chain(MEANINGS) {
        assert_eq!(GOOD.matches(from).count(), 1, "{from}");
        hold(GOOD.replace(from, to), expected, part);
    }
    for (text, expected, part) in TEXTS {
        hold(text, expected, part);
    }
}

#[test]
fn text_of_two_or_four_bytes_a_character_is_known_with_and_without_a_mark() {
    let wide = |mark: &str, big: bool| {
        let units = format!("{mark}{GOOD}").encode_utf16().collect::<Vec<u16>>();
        let bytes =
            units.into_iter().map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        bytes.flatten().collect::<Vec<u8>>()
    };
    for mark in ["\u{feff}", ""] {
        for big in [true, false] {
            hold(wide(mark, big), "not-utf8 1:1", "UTF-16");
            let shown = mistakes(wide(mark, big)).to_string();
            assert!(shown.contains("1 │ cutline: 1\n"), "{shown}");
        }
    }
    let four = GOOD.chars().flat_map(|letter| u32::from(letter).to_le_bytes());
    hold(four.collect::<Vec<u8>>(), "not-utf8 1:1", "UTF-32");
}

#[test]
fn the_least_of_every_section_together_is_a_scenario() {
    let text: Vec<&str> = super::super::decode::LEAST.iter().map(|(_, least)| *least).collect();
    super::model(&(text.join("\n") + "\n"));
}

#[test]
fn an_unclosed_bracket_shows_where_it_was_opened_and_a_line_the_one_that_it_would_fit() {
    let unclosed = mistakes(GOOD.replace("{ call: shop.buy } }", "{ call: shop.buy }"));
    let second = unclosed.diagnostics[0].secondary[0].0;
    assert_eq!((second.line, second.column), (12, 1), "{unclosed}");
    let indented = mistakes(GOOD.replace("  endpoints", " endpoints"));
    let second = indented.diagnostics[0].secondary[0].0;
    assert_eq!((second.line, second.column), (10, 3), "{indented}");
}
