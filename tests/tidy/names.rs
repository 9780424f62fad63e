//! A name means one thing: no type is called like another that a reader may meet beside it.

use std::collections::BTreeMap;

use super::circles::Graph;
use super::exceptions::Complaint;
use super::source::Source;

/// Types defined twice on the same floor or on neighbouring ones: two floors are neighbours where one of
/// them imports anything from the other, as both names may then meet in one file or in one reader's mind.
pub(super) fn twice(sources: &[Source]) -> Vec<Complaint> {
    let graph = Graph::new(sources);
    let floor = |index: usize| sources[index].floor();
    let edges = graph.edges().map(|(from, to)| (floor(from), floor(to)));
    let neighbours: Vec<(&str, &str)> = edges.collect();
    let meet =
        |a: &str, b: &str| a == b || neighbours.contains(&(a, b)) || neighbours.contains(&(b, a));
    let mut places: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
    let defined: Vec<(String, &Source)> = sources
        .iter()
        .flat_map(|source| types(source).into_iter().map(move |name| (name, source)))
        .collect();
    for (name, source) in &defined {
        places.entry(name).or_default().push(source);
    }
    let mut found = Vec::new();
    for (name, sources) in places {
        let met = |source: &&&Source| {
            let same = |other: &&&Source| std::ptr::eq(**other, **source);
            let others = sources.iter().filter(|other| !same(other));
            let alone = sources.iter().filter(same).count() == 1;
            !alone || others.into_iter().any(|other| meet(source.floor(), other.floor()))
        };
        let files: Vec<&str> =
            sources.iter().filter(met).map(|source| source.path.as_str()).collect();
        if !files.is_empty() {
            let text = format!("`{name}` is defined in {}", files.join(", "));
            found.push(Complaint { about: name.to_string(), text });
        }
    }
    found
}

/// Names of the structs, enums, traits and type aliases that a file defines outside its tests. The types
/// that an `impl` gives to a trait (`type Err = …`) are indented, and are no names of their own.
fn types(source: &Source) -> Vec<String> {
    let lines = source.lines().into_iter();
    let lines = lines.filter(|(_, code, test)| !test && !code.starts_with(' '));
    lines.filter_map(|(_, code, _)| defined(code)).collect()
}

fn defined(code: &str) -> Option<String> {
    let rest = match code.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ")?.1,
        Some(rest) => rest.trim_start(),
        None => code,
    };
    let kinds = ["struct ", "enum ", "trait ", "type "];
    let rest = kinds.iter().find_map(|kind| rest.strip_prefix(kind))?;
    let name = rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next()?;
    Some(name.to_string())
}

fn found(texts: &[(&str, &str)]) -> Vec<String> {
    let mut sources: Vec<Source> =
        texts.iter().map(|(path, text)| Source::new(path, text)).collect();
    super::source::mark_tests(&mut sources);
    twice(&sources).into_iter().map(|complaint| complaint.about).collect()
}

#[test]
fn a_name_that_stands_twice_on_a_floor_or_beside_one_that_is_imported_is_found() {
    let same = [("plan/a.rs", "struct A;\n"), ("plan/b.rs", "pub(crate) enum A {\n}\n")];
    assert_eq!(found(&same), ["A"]);
    let beside = [
        ("model/mod.rs", "pub struct A<T>(T);\npub struct B;\n"),
        ("plan/a.rs", "use crate::model::B;\npub type A = u8;\n"),
    ];
    assert_eq!(found(&beside), ["A"]);
}

#[test]
fn names_of_floors_that_never_meet_of_tests_and_of_traits_for_a_type_are_fine() {
    let apart = [("model/mod.rs", "pub struct A;\n"), ("random/mod.rs", "pub struct A;\n")];
    assert!(found(&apart).is_empty());
    let tests = [
        ("plan/a.rs", "struct A;\n#[cfg(test)]\nmod tests {\n    struct B;\n}\n"),
        ("plan/b.rs", "struct B;\n#[cfg(test)]\nmod tests;\n"),
        ("plan/b/tests.rs", "struct A;\n"),
    ];
    assert!(found(&tests).is_empty());
    let given = "impl FromStr for A {\n    type Err = B;\n}\n";
    assert!(found(&[("plan/a.rs", given), ("plan/b.rs", given)]).is_empty());
}
