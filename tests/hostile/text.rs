//! Texts that are no scenario, or a scenario in an unusual dress.

use super::{SMALL, accepted, changed, refused};

#[test]
fn a_text_with_nothing_in_it_is_refused() {
    refused("", "empty-scenario");
    refused("# only\n# comments\n", "empty-scenario");
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let noise: Vec<u8> = (0..5000u32).map(|n| (n * 7919 % 251) as u8).collect();
    let mut binary = b"\x7fELF\x02\x01\x01\0".to_vec();
    binary.extend(noise);
    refused(binary, "not-utf8");
    refused(b"cutline: 1\nname: \xff\xfe\n".to_vec(), "not-utf8");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_accepted() {
    accepted(format!("\u{feff}{SMALL}"));
    accepted(SMALL.replace('\n', "\r\n"));
}

#[test]
fn a_tab_as_indentation_is_refused_and_named() {
    let text = changed(SMALL, "  arrivals", "\tarrivals");
    assert!(refused(text, "tab-indentation").contains("tab"));
}

#[test]
fn two_documents_and_a_key_twice_are_refused() {
    refused(format!("{SMALL}---\n{SMALL}"), "several-documents");
    refused(format!("{SMALL}name: again\n"), "duplicate-key");
}

#[test]
fn an_unknown_field_shows_the_nearest_and_a_wrong_type_what_was_found() {
    let complaint = refused(changed(SMALL, "threads: 4", "thread: 4"), "unknown-field");
    assert!(complaint.contains("`threads`"), "{complaint}");
    refused(changed(SMALL, "cpu: 2", "cpu: [ 2 ]"), "wrong-type");
}

#[test]
fn quantities_that_are_none_are_refused_with_an_example() {
    for (from, to) in [
        ("duration: 2s", "duration: 2 parsecs"),
        ("duration: 2s", "duration: -2s"),
        ("duration: 2s", "duration: .nan"),
        ("duration: 2s", "duration: 200000d"),
        ("duration: 2s", "duration: 1e308ms"),
        ("duration: 2s", "duration: 1e-308ms"),
        ("duration: 2s", "duration: 1e999s"),
        ("duration: 2s", "duration: 2e99999999999999999999s"),
        ("duration: 2s", "duration: 2es"),
        ("poisson: 100/s", "poisson: -100/s"),
        ("poisson: 100/s", "poisson: .inf"),
        ("poisson: 100/s", "poisson: 1e308/s"),
        ("poisson: 100/s", "poisson: 1e-308/s"),
        ("threads: 4", "threads: 1e-3"),
        ("threads: 4", "threads: 1e999"),
        ("exp: 1ms", "exp: 1e308s"),
        ("cpu: 2", "cpu: NaN"),
    ] {
        refused(changed(SMALL, from, to), "bad-value");
    }
    refused(changed(SMALL, "duration: 2s", "duration: 2"), "missing-unit");
    refused(changed(SMALL, "poisson: 100/s", "poisson: 100"), "missing-unit");
    refused(changed(SMALL, "poisson: 100/s", "poisson: 1e2"), "missing-unit");
}

#[test]
fn numbers_with_an_exponent_are_the_same_numbers() {
    let plain = accepted(SMALL);
    for (from, to) in [
        ("duration: 2s", "duration: 2e+3ms"),
        ("poisson: 100/s", "poisson: 1E2/s"),
        ("exp: 1ms", "exp: 1e-3s"),
        ("threads: 4", "threads: 4e0"),
        ("cpu: 2", "cpu: 0.2e1"),
        ("events: 1000000", "events: 1e6"),
    ] {
        assert_eq!(accepted(changed(SMALL, from, to))["layouts"], plain["layouts"], "{to}");
    }
}

#[test]
fn nothing_of_what_must_be_there_is_refused() {
    for (from, to) in [
        ("cpu: 2", "cpu: 0"),
        ("cpu: 2", "cpu: -1"),
        ("cpu: 2", "cpu: 1e308"),
        ("cpu: 2", "cpu: 1e-308"),
        ("threads: 4", "threads: 0"),
        ("threads: 4", "threads: 4, replicas: 0"),
        ("poisson: 100/s", "poisson: 0/s"),
        ("duration: 2s", "duration: 0s"),
    ] {
        refused(changed(SMALL, from, to), "out-of-range");
    }
}

#[test]
fn a_bomb_of_aliases_is_refused_before_it_is_built() {
    let mut text = String::from("a0: &a0 [ x, x, x, x, x, x, x, x, x ]\n");
    for level in 1..9 {
        let below = format!("*a{}", level - 1);
        let nine = [below.as_str(); 9].join(", ");
        text += &format!("a{level}: &a{level} [ {nine} ]\n");
    }
    refused(text, "too-large");
}

#[test]
fn ten_thousand_levels_are_refused() {
    refused("[".repeat(10_000) + &"]".repeat(10_000), "too-deep");
    refused(format!("{}x", "- ".repeat(10_000)), "too-deep");
}

#[test]
fn a_hundred_megabytes_and_a_name_of_ten_are_refused_and_not_repeated() {
    refused(vec![b'#'; 100 << 20], "too-large");
    let name = "x".repeat(10 << 20);
    let complaint = refused(changed(SMALL, "name: small", &format!("name: {name}")), "bad-name");
    assert!(complaint.len() < 10_000, "{} bytes are printed", complaint.len());
}

#[test]
fn another_format_says_which_this_build_reads() {
    let complaint = refused(changed(SMALL, "cutline: 1", "cutline: 2"), "unknown-format");
    assert!(complaint.contains('1'), "{complaint}");
}

#[test]
fn anchors_and_merge_keys_are_accepted() {
    let text = changed(
        SMALL,
        "layouts: { one: { services: { a: { cpu: 2, threads: 4 } } } }",
        "layouts:\n  one: { services: { a: &a { cpu: 2, threads: 4 } } }\n  \
         two: { services: { a: { <<: *a, cpu: 3 } } }",
    );
    assert!(accepted(text)["layouts"]["two"].is_object());
}

#[test]
fn keys_that_are_no_names_are_refused() {
    for key in ["~", "[ 1, 2 ]", "{ a: 1 }"] {
        refused(changed(SMALL, "{ one:", &format!("{{ ? {key} :")), "bad-key");
    }
}

#[test]
fn words_that_some_readers_take_for_truth_stay_names() {
    for word in ["no", "on", "y", "null_", "1st"] {
        let results = accepted(changed(SMALL, "{ one:", &format!("{{ {word}:")));
        assert!(results["layouts"][word].is_object(), "{word}");
    }
}
