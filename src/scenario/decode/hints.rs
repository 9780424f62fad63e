//! What to write where a map that chooses one thing says several, or says the fields of one without its name.

use crate::scenario::form::{Form, Shape};
use crate::scenario::node::Entry;
use crate::scenario::visible;

/// What to write in the place of a map of `what` that has no one key.
pub(super) fn one_key(forms: &[&'static Form], what: &str, entries: &[Entry]) -> Option<String> {
    let second = entries.get(1)?;
    if what == "a storage volume" {
        return volume(forms, entries);
    }
    let form = forms.iter().find(|form| form.one_of && form.what == what)?;
    if has_all(form, entries) {
        return Some(match what {
            "a step" => format!(
                "each step of a list has a `- ` before it: is one missing before `{}`?",
                visible(&second.key)
            ),
            "an arrival process" => format!(
                "keep one of them; with --set give the whole: --set 'workload.arrivals={{ {} }}'",
                entries.last().map(written).unwrap_or_default()
            ),
            _ => "keep one of them".to_string(),
        });
    }
    let inner =
        |shape: &Shape| maps(shape).and_then(|name| forms.iter().find(|it| it.name == name));
    let is_it = |shape: &Shape| inner(shape).is_some_and(|form| has_all(form, entries));
    let meant = form.fields.iter().find(|field| is_it(&field.shape))?;
    Some(format!("say which it is: `{}: {{ {} }}`", meant.name, all(entries)))
}

/// `{ gp3: 200GiB, iops: 6000 }` with names for all that it says.
fn volume(forms: &[&'static Form], entries: &[Entry]) -> Option<String> {
    let database = forms.iter().find(|form| form.name == "database")?;
    let kinds = database.fields.iter().find_map(|field| keyed(&field.shape, "storage"))?;
    let is_kind = |entry: &&Entry| kinds.contains(&entry.key.as_str());
    let kind = entries.iter().find(is_kind)?;
    let size = visible(kind.value.text()?);
    let others: Vec<Entry> = entries.iter().filter(|entry| !is_kind(entry)).cloned().collect();
    let kind = visible(&kind.key);
    Some(format!("write `{{ kind: {kind}, size: {size}, {} }}`", all(&others)))
}

fn has_all(form: &Form, entries: &[Entry]) -> bool {
    entries.iter().all(|entry| form.has(&entry.key))
}

fn all(entries: &[Entry]) -> String {
    const MOST: usize = 6;
    entries.iter().take(MOST).map(written).collect::<Vec<_>>().join(", ")
}

/// An entry as its author wrote it, as long as it is short.
fn written(entry: &Entry) -> String {
    const LONGEST: usize = 40;
    let value = entry.value.text().filter(|text| text.len() <= LONGEST);
    format!("{}: {}", visible(&entry.key), value.map_or("…".to_string(), visible))
}

/// The form of a map that a shape takes.
fn maps(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Map(form) => Some(form),
        Shape::Either(several) => several.iter().find_map(maps),
        _ => None,
    }
}

/// The words that may be the one key of a map, where a map of that form may stand in its place.
fn keyed(shape: &Shape, form: &'static str) -> Option<&'static [&'static str]> {
    let Shape::Either(several) = shape else { return None };
    let has_form = several.contains(&Shape::Map(form));
    several.iter().filter(|_| has_form).find_map(|shape| match shape {
        Shape::Keyed(words, _) => Some(*words),
        _ => None,
    })
}
