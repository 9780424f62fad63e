//! Every pair of fields of which one may overrule the other: refused, honoured, or told. None is read and ignored.

mod list;

use list::Kept::{Honoured, Refused, Told};
use list::{PLATFORM, Pair, pairs};

use super::*;
use crate::model::Length;
use crate::scenario::{Severity, fields};

/// A scenario in which each part that the pairs change is there once.
const ALL: &str = "\
cutline: 1
name: all
application:
  modules:
    a:
      tables: { t: { rows: 1000, row_size: 1KiB } }
      operations: { go: [ cpu: 1ms, read: t, write: { table: t } ] }
workload:
  arrivals: { poisson: 1/s }
  endpoints: { go: { call: a.go } }
layouts:
  one:
    machines: { box: { cpu: 4 } }
    services: { a: { machine: box } }
    databases: { a: { cpu: 2, memory: 4GiB } }
platform: {}
run: { seed: 1 }
";

/// The scenario with a change, and with the switch of the platform that the pair is about.
fn text_of((over, _, change, _): &Pair, by: &str) -> String {
    let text = changed(ALL, change[0], by);
    match *over {
        "platform.network" => changed(&text, PLATFORM, "platform: { network: none }"),
        _ => text,
    }
}

#[test]
fn no_field_is_read_and_ignored_because_of_another_one() {
    for pair in pairs() {
        let (over, under, [_, both, first], kept) = pair;
        let (text, without, named) =
            (text_of(pair, both), text_of(pair, first), format!("{over} over {under}"));
        match kept {
            Refused(code, place) => {
                let refused = mistakes(text);
                let errors = refused.diagnostics.iter();
                let errors: Vec<_> =
                    errors.filter(|told| told.severity() == Severity::Error).collect();
                assert_eq!(errors.len(), 1, "{named}: {refused}");
                let about = summary(errors[0], &refused);
                let (found, marked) = (about.split(' ').next(), about.splitn(3, ' ').last());
                assert_eq!(found, Some(*code), "{named}: {refused}");
                assert!(marked.is_some_and(|marked| marked.starts_with(place)), "{named}: {about}");
                model(&without);
            }
            Told(code) => {
                let codes = |text: &str| -> Vec<&str> {
                    reading(text).warnings.iter().map(|told| told.code.text()).collect()
                };
                assert_eq!(codes(&text), [*code], "{named}");
                assert!(codes(&without).is_empty(), "{named}");
            }
            Honoured => {
                let (with, without) = (model(&text), model(&without));
                let parts = (&with.application, &with.layouts, &with.platform);
                let others = (&without.application, &without.layouts, &without.platform);
                assert_ne!(parts, others, "{named}");
            }
        }
    }
}

#[test]
fn the_fields_of_the_pairs_are_fields() {
    let forms = fields();
    for name in pairs().flat_map(|(over, under, ..)| [over, under]) {
        let (form, field) = name.split_once('.').expect("a form and its field");
        let found = forms.iter().find(|known| known.name == form);
        assert!(found.is_some_and(|found| found.has(field)), "{name}");
    }
}

#[test]
fn of_two_ways_to_say_one_thing_an_edit_leaves_the_last_one() {
    let length = |run: &str, path: &str, value: &str| {
        let text = changed(SMALL, "platform:", &format!("run: {run}\nplatform:"));
        let model = edited(&text, path, value).unwrap_or_else(|refused| panic!("{refused}")).model;
        (model.run.length, model.run.replications)
    };
    let fixed = |run: &str, path: &str, value: &str| match length(run, path, value) {
        (Length::Fixed { duration, .. }, replications) => {
            (duration.0 / 1_000_000_000, replications)
        }
        other => panic!("{other:?}"),
    };
    let precise = "{ precision: 3%, p99_precision: 9%, replications: 4 }";
    assert_eq!(fixed(precise, "run.fixed", "{ duration: 2s }"), (2, 4));
    assert_eq!(fixed(precise, "run.fixed.duration", "3s"), (3, 4));
    assert_eq!(fixed(precise, "run.fixed", "{ duration: 2s, replications: 6 }"), (2, 6));
    assert!(matches!(length(precise, "run.until", "3s"), (Length::Until(_), 4)));
    let given = "{ fixed: { duration: 2s, replications: 6 } }";
    assert_eq!(fixed(given, "run.replications", "5"), (2, 5));
    assert_eq!(fixed(given, "run.fixed.replications", "5"), (2, 5));
    let apart = "{ fixed: { duration: 2s }, replications: 6 }";
    assert_eq!(fixed(apart, "run.fixed.replications", "5"), (2, 5));
    // What one edit says of both is its own mistake.
    let both = "{ fixed: { duration: 2s }, precision: 3% }";
    assert!(edited(&format!("{SMALL}run: {{ seed: 1 }}\n"), "run", both).is_err());
}

#[test]
fn a_protocol_cannot_be_called_as_no_protocol_is() {
    let protocols = "platform: { protocols: { none: { overhead: 1KiB } },";
    let (about, message, _) = only("platform: {", protocols);
    assert_eq!(about, "bad-name 8 none");
    assert!(message.contains("no layout could choose this one"), "{message}");
}
