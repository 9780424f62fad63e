//! Where each form stands in a scenario: the shortest path that leads to it, and every field that takes one.

use std::collections::{BTreeMap, VecDeque};

use crate::scenario::{Form, Shape};

/// What stands in a path for a name of the author's.
pub(super) const NAME: &str = "NAME";
/// What stands there for a position in a list.
const POSITION: &str = "N";
/// The form that everything begins with.
pub(super) const ROOT: &str = "scenario";
/// The form of a law that is written as a map.
pub(super) const LAW: &str = "distribution";

/// Where a form stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Standing {
    /// The shortest path, as `--set` takes it; of the first field where there are several.
    pub(super) path: String,
    /// Form and field of everything that takes one.
    pub(super) fields: Vec<(&'static str, &'static str)>,
}

/// The place of each form, by its name.
pub(super) fn places(forms: &[&'static Form]) -> BTreeMap<&'static str, Standing> {
    let mut places = BTreeMap::from([(ROOT, Standing::default())]);
    let mut waiting = VecDeque::from([ROOT]);
    while let Some(name) = waiting.pop_front() {
        let path = places.get(name).map_or(String::new(), |place| place.path.clone());
        let Some(form) = forms.iter().find(|form| form.name == name) else { continue };
        for field in form.fields {
            let dot = if path.is_empty() { "" } else { "." };
            let mut found = Vec::new();
            maps(&field.shape, &format!("{path}{dot}{}", field.name), &mut found);
            for (inner, path) in found {
                let place = places.entry(inner).or_insert_with(|| {
                    waiting.push_back(inner);
                    Standing { path, fields: Vec::new() }
                });
                if !place.fields.contains(&(form.name, field.name)) {
                    place.fields.push((form.name, field.name));
                }
            }
        }
    }
    places
}

/// The forms within a shape that stands at `path`, each with its own path.
fn maps(shape: &Shape, path: &str, found: &mut Vec<(&'static str, String)>) {
    match shape {
        Shape::Map(form) => found.push((form, path.to_string())),
        Shape::Law => found.push((LAW, path.to_string())),
        Shape::Named(inner) => maps(inner, &format!("{path}.{NAME}"), found),
        Shape::Keyed(_, inner) => maps(inner, path, found),
        Shape::List(inner) => maps(inner, &format!("{path}.{POSITION}"), found),
        Shape::Either(several) => several.iter().for_each(|one| maps(one, path, found)),
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
        | Shape::Word(_)
        | Shape::Nothing => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::fields;

    #[test]
    fn a_form_stands_at_the_shortest_path_and_knows_every_field_that_takes_it() {
        let forms = fields();
        let places = places(&forms);
        assert_eq!(places.len(), forms.len());
        let path = |form: &str| places[form].path.as_str();
        assert_eq!(path("step"), "application.modules.NAME.operations.NAME.N");
        assert_eq!(path("link"), "platform.network.in_process");
        assert_eq!(path("storage"), "layouts.NAME.databases.NAME.storage");
        assert_eq!(places["link"].fields.len(), 6);
        assert!(places["distribution"].fields.contains(&("step", "cpu")));
        assert!(places["step"].fields.contains(&("repeat", "do")));
    }
}
