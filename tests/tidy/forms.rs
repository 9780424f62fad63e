//! The forms of a scenario's maps: every one is listed, every field is asked for, has help and a default that
//! there is.

use std::collections::BTreeSet;

use cutline::model::DEFAULTS;
use cutline::scenario::{LeftOut, Shape, fields};

use super::source::Source;

/// Where forms stand beside their decoders.
const FOLDER: &str = "scenario/decode/";
/// Their list.
const LIST: &str = "scenario/decode/forms.rs";
/// Defaults of what no author can write, or that take the place of another one.
const NO_FIELDS: [&str; 9] = [
    "cpu.slice",
    "cpu.slice_least",
    "database.postgres.connection_memory",
    "database.mysql.connection_memory",
    "scaling.down.per",
    "scaling.down.percent",
    "scaling.up.per",
    "scaling.up.percent",
    "scaling.up.pods",
];

/// A form as it is written: its set of fields, and the constants of those.
struct Written {
    set: String,
    constants: Vec<String>,
}

/// The forms of a source file, and its lines outside of them.
fn written(source: &Source) -> (Vec<Written>, String) {
    let mut forms: Vec<Written> = Vec::new();
    let mut rest = String::new();
    let mut inside = false;
    for (_, line, test) in source.lines() {
        let opening = ["form! { ", "choice! { "].iter().find_map(|start| line.strip_prefix(start));
        if let Some(opening) = opening {
            let set = opening.split(' ').next().unwrap_or_default().to_string();
            forms.push(Written { set, constants: Vec::new() });
            inside = true;
        } else if inside && line.starts_with('}') {
            inside = false;
        } else if let (true, Some(form)) = (inside, forms.last_mut()) {
            let constant = line.trim().split([' ', ':']).next().unwrap_or_default();
            let capital = |letter: char| {
                letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_'
            };
            let row = line.starts_with("    ") && !line.starts_with("     ");
            if row && !constant.is_empty() && constant.chars().all(capital) {
                form.constants.push(constant.to_string());
            }
        } else if !test {
            rest += &format!("{line}\n");
        }
    }
    (forms, rest)
}

fn names(text: &str, name: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(name)
        .any(|(at, _)| !text[..at].ends_with(part) && !text[at + name.len()..].starts_with(part))
}

/// Forms that are not listed, and fields that no decoder asks for.
fn forgotten(sources: &[Source]) -> Vec<String> {
    let own = sources.iter().filter(|source| source.path.starts_with(FOLDER));
    let read: Vec<(Vec<Written>, String)> = own.clone().map(written).collect();
    let list = own.filter(|source| source.path == LIST).map(|source| source.code.as_str());
    let list: String = list.collect();
    let asked: String = read.iter().map(|(_, rest)| rest.as_str()).collect();
    let mut complaints = Vec::new();
    for form in read.iter().flat_map(|(forms, _)| forms) {
        if !names(&list, &format!("{}::FORM", form.set)) {
            complaints.push(format!("{} is not listed in {LIST}", form.set));
        }
        let asks = form.constants.iter().map(|constant| format!("{}::{constant}", form.set));
        complaints.extend(
            asks.filter(|field| !names(&asked, field))
                .map(|field| format!("nothing asks for {field}")),
        );
    }
    complaints
}

#[test]
fn every_form_is_listed_and_every_field_of_it_is_asked_for() {
    let sources = super::sources();
    let read = sources.iter().filter(|source| source.path.starts_with(FOLDER));
    let found: Vec<Written> = read.flat_map(|source| written(source).0).collect();
    assert_eq!(found.len(), fields().len());
    let rows: usize = found.iter().map(|form| form.constants.len()).sum();
    let plain = fields().into_iter().filter(|form| !form.one_of);
    assert_eq!(rows, plain.map(|form| form.fields.len()).sum::<usize>());
    let complaints = forgotten(&sources);
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn a_form_that_is_not_listed_and_a_field_that_nothing_asks_for_are_found() {
    let form = "form! { DoorFields \"door\" \"a door\" {\n    WIDTH \"width\": Shape::Number, LeftOut::Missed,\n        \"From side to side.\";\n} }\n";
    let decoder = |rest: &str| Source::new("scenario/decode/door.rs", &format!("{form}{rest}"));
    let list = || Source::new(LIST, "fn a() { door::DoorFields::FORM; }");
    let asks = "fn a() {\n    fields.get(DoorFields::WIDTH);\n}\n";
    assert!(forgotten(&[decoder(asks), list()]).is_empty());
    assert_eq!(forgotten(&[decoder(asks)]).len(), 1);
    assert_eq!(forgotten(&[decoder("fn a() { DoorFields::WIDTHS; }\n"), list()]).len(), 1);
}

#[test]
fn names_are_unique_and_a_map_within_a_map_has_a_form() {
    let forms = fields();
    let known: BTreeSet<&str> = forms.iter().map(|form| form.name).collect();
    assert_eq!(known.len(), forms.len());
    let mut meant = BTreeSet::from(["scenario"]);
    for form in &forms {
        let own: BTreeSet<&str> =
            form.names().into_iter().chain(form.not_built.iter().copied()).collect();
        assert_eq!(own.len(), form.fields.len() + form.not_built.len(), "{}", form.name);
        for field in form.fields {
            maps(&field.shape, &mut meant);
        }
    }
    assert_eq!(meant, known, "forms that maps are of, and forms that there are");
}

/// The forms that a shape refers to.
fn maps(shape: &Shape, found: &mut BTreeSet<&'static str>) {
    match shape {
        Shape::Map(form) => drop(found.insert(form)),
        Shape::Law => drop(found.insert("distribution")),
        Shape::Named(inside) | Shape::Keyed(_, inside) | Shape::List(inside) => maps(inside, found),
        Shape::Either(several) => several.iter().for_each(|shape| maps(shape, found)),
        Shape::Word(words) => assert!(!words.is_empty()),
        Shape::Text
        | Shape::Name
        | Shape::Truth
        | Shape::Whole
        | Shape::Number
        | Shape::Share
        | Shape::Size
        | Shape::Duration
        | Shape::Rate
        | Shape::Bandwidth
        | Shape::Nothing => {}
    }
}

#[test]
fn every_default_of_a_field_is_there_and_every_default_that_is_there_is_of_something() {
    let mut used: BTreeSet<String> = NO_FIELDS.map(str::to_string).into();
    used.extend(cutline::plan::DEFAULTS.map(|default| default.key.to_string()));
    for form in fields() {
        for field in form.fields {
            match field.left_out {
                LeftOut::Default(key) => {
                    assert!(!key.contains('*'), "{key}");
                    used.insert(key.to_string());
                }
                LeftOut::DefaultOf(pattern, words) => {
                    assert_eq!(pattern.matches('*').count(), 1, "{pattern}");
                    used.extend(words.iter().map(|word| pattern.replace('*', word)));
                }
                LeftOut::Missed => {}
                LeftOut::MissedWithout(other) => assert!(form.has(other), "{}.{other}", form.name),
                LeftOut::Means(words) => assert!(words.len() > 3, "{}.{}", form.name, field.name),
            }
        }
    }
    let there: BTreeSet<String> = DEFAULTS.iter().map(|default| default.key.clone()).collect();
    assert_eq!(used, there);
}

#[test]
fn the_help_of_a_field_says_more_than_its_name() {
    const EMPTY: [&str; 16] = [
        "a", "an", "the", "of", "it", "its", "to", "in", "for", "is", "are", "that", "and", "or",
        "field", "value",
    ];
    for form in fields() {
        let mut seen = BTreeSet::new();
        for field in form.fields {
            let place = format!("{}.{}: {}", form.name, field.name, field.help);
            let starts = field
                .help
                .starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit());
            assert!(starts && field.help.ends_with('.'), "{place}");
            assert!(field.help.chars().count() <= 110, "{place}");
            assert!(seen.insert(field.help) || form.one_of, "said twice: {place}");
            let own: BTreeSet<&str> = field.name.split('_').collect();
            let help = field.help.to_lowercase();
            let words = help.split(|letter: char| !letter.is_alphanumeric());
            let more = words
                .filter(|word| !word.is_empty() && !own.contains(word) && !EMPTY.contains(word));
            assert!(more.count() >= 2, "{place}");
        }
    }
}
