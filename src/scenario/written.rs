//! Fields that are written and say what their defaults say: a scenario means the same without them.

use std::collections::BTreeMap;

use crate::model::{DefaultUse, Span};

/// What of the text says no more than its defaults.
#[derive(Debug, Default)]
pub(super) struct WrittenDefaults {
    /// By place and name of the field: whether it was its default wherever it was read. An alias, `each` and
    /// `extends` have one text read in several places.
    fields: BTreeMap<(Span, &'static str), bool>,
    /// The defaults that would have entered without them.
    used: Vec<DefaultUse>,
}

impl WrittenDefaults {
    /// Remembers whether the value at that place says what the field means where it is left out. `used`: what
    /// would have entered then, if that is a default of the table.
    pub(super) fn note(
        &mut self,
        value: Span,
        field: &'static str,
        is_default: bool,
        used: Option<DefaultUse>,
    ) {
        *self.fields.entry((value, field)).or_insert(true) &= is_default;
        self.used.extend(used);
    }

    /// Whether the value at that place might as well be left out.
    pub(super) fn says_nothing_new(&self, value: Span, field: &str) -> bool {
        let mut here = self.fields.range((value, "")..).take_while(|((at, _), _)| *at == value);
        here.any(|((_, name), is_default)| *name == field && *is_default)
    }

    /// The defaults that would enter without the fields that say nothing new.
    pub(super) fn used(&self) -> &[DefaultUse] {
        &self.used
    }
}
