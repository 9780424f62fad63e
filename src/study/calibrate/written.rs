//! The fitted costs as text: what to write where, and the laws that are read of it, so that what is predicted is what
//! a run of the written scenario finds.

use super::findings::FittedValue;
use super::unknowns::{CostPlace, Unknown, longer, operation_called};
use crate::model::{Database, Model};
use crate::random::Distribution;
use crate::scenario::{Document, Edit, law_text};
use crate::study::laboratory::Subject;
use crate::units::plain;

/// How far the mean of a law that is read may be off what was written, as a share of it.
const SAME: f64 = 1e-3;

/// A fitted unknown.
pub(super) struct Written {
    pub(super) values: Vec<FittedValue>,
    /// Each law before and after, in the order of [`Unknown::laws`].
    laws: Vec<(Distribution, Distribution)>,
    factor: f64,
}

impl Written {
    /// Gives the model of a row the fitted laws. What the row itself has changed is multiplied.
    pub(super) fn apply(&self, unknown: &Unknown, model: &mut Model) {
        for (index, law) in unknown.laws_mut(model).into_iter().enumerate() {
            let known = self.laws.get(index).filter(|(before, _)| before == law);
            *law = known.map_or_else(|| longer(law, self.factor), |(_, after)| after.clone());
        }
    }
}

/// How the factor of an unknown is written into the scenario.
pub(super) fn written(
    subject: Subject<'_>,
    model: &Model,
    unknown: &Unknown,
    factor: f64,
) -> Written {
    let before = unknown.laws(model);
    let places = places(subject.document(), model, unknown);
    let mut values = Vec::new();
    let mut laws = Vec::new();
    for (index, law) in before.into_iter().enumerate() {
        let scaled = longer(&law, factor);
        if law.is_zero() {
            laws.push((law, scaled));
            continue;
        }
        let candidates = places.get(index).map_or(&[][..], Vec::as_slice);
        let text = law_text(&scaled);
        let set = text.as_deref().and_then(|text| {
            let edits = candidates.iter().map(|place| (place, place.edit(text)));
            let mut read = edits.filter_map(|(place, edit)| {
                let law = read_back(subject, model, unknown, index, &edit, &scaled)?;
                Some((place, edit, law))
            });
            read.next()
        });
        let path = candidates.first().map_or(unknown.path.clone(), |place| place.path.clone());
        let (value, after) = match set {
            Some((place, edit, after)) => {
                let before = place.text(&law);
                let value = FittedValue {
                    path: edit.path,
                    before,
                    after: Some(edit.value),
                    settable: true,
                };
                (value, after)
            }
            None => {
                let value =
                    FittedValue { path, before: law_text(&law), after: text, settable: false };
                (value, scaled)
            }
        };
        values.push(value);
        laws.push((law, after));
    }
    Written { values, laws, factor }
}

/// A path at which a law may be written, and what stands around it.
struct WritingPlace {
    path: String,
    /// Before and behind the text of the law.
    around: [String; 2],
}

impl WritingPlace {
    fn plain(path: String) -> Self {
        WritingPlace { path, around: Default::default() }
    }

    fn with(&self, text: &str) -> String {
        let quote = if self.around[0].is_empty() || text.starts_with('{') { "" } else { "\"" };
        format!("{}{quote}{text}{quote}{}", self.around[0], self.around[1])
    }

    fn edit(&self, text: &str) -> Edit {
        Edit { path: self.path.clone(), value: self.with(text) }
    }

    fn text(&self, law: &Distribution) -> Option<String> {
        law_text(law).map(|text| self.with(&text))
    }
}

/// For each law of an unknown the paths that may be tried, the best first.
fn places(document: &Document, model: &Model, unknown: &Unknown) -> Vec<Vec<WritingPlace>> {
    let one = |path: String| vec![WritingPlace::plain(path)];
    let databases = |name: &str| -> Vec<(String, &Database)> {
        let mut found = Vec::new();
        for layout in &model.layouts {
            let own = layout.databases.iter().filter(|database| *database.name == *name);
            let path = format!("layouts.{}.databases.{name}", *layout.name);
            found.extend(own.map(|database| (path.clone(), database)));
        }
        found
    };
    match &unknown.place {
        CostPlace::Work(name) => {
            let Some(id) = operation_called(model, name) else {
                return Vec::new();
            };
            let own = &model.application.operations[id.index()];
            let module = &model.application.modules[own.module.index()].name;
            document.work_paths(module, &own.name).into_iter().map(one).collect()
        }
        CostPlace::Call(_) => {
            ["client_cpu", "server_cpu"].map(|end| one(format!("{}.{end}", unknown.path))).into()
        }
        CostPlace::Statement(name) => {
            let paths = databases(name).into_iter();
            paths.map(|(path, _)| one(format!("{path}.costs.statement"))).collect()
        }
        CostPlace::Flush(name) => {
            let volume = |(path, database): (String, &Database)| {
                let storage = &database.storage;
                let size = plain(storage.size.0 as f64, 15);
                let before = format!("{{ kind: {}, size: {size}B, flush: ", *storage.kind);
                let whole = WritingPlace {
                    path: format!("{path}.storage"),
                    around: [before, " }".to_string()],
                };
                vec![WritingPlace::plain(format!("{path}.storage.flush")), whole]
            };
            databases(name).into_iter().map(volume).collect()
        }
    }
}

/// The law that is read once the edit is made; `None` where the edit cannot be made, or changes anything else of the
/// costs.
fn read_back(
    subject: Subject<'_>,
    model: &Model,
    unknown: &Unknown,
    index: usize,
    edit: &Edit,
    scaled: &Distribution,
) -> Option<Distribution> {
    let read = subject.read(std::slice::from_ref(edit)).ok()?;
    let law = unknown.laws(&read).into_iter().nth(index)?;
    let is_near = (law.mean() / scaled.mean() - 1.0).abs() < SAME;
    // With its laws as they were, nothing else may have moved. A layout that extends the edited one has the same law.
    let mut again = read;
    let before = unknown.laws(model);
    unknown.laws_mut(&mut again).into_iter().zip(before).for_each(|(law, was)| *law = was);
    let same = again.layouts == model.layouts
        && again.platform == model.platform
        && again.workload == model.workload;
    (is_near && same).then_some(law)
}
