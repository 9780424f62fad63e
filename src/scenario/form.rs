//! What a map of a scenario may say: a form for each kind of map, a line for each of its fields, with its name,
//! its shape, what happens where it is left out, and help.
//!
//! Forms stand in `decode`, each beside what decodes it. The decoder asks for a field by its constant and in no
//! other way, so it asks for none that is in no form; a constant that it never asks for is dead code, of which the
//! compiler warns.

use std::marker::PhantomData;

use crate::model::{Default, default_value};

/// One kind of map, and what it may say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Form {
    /// Its name, which [`Shape::Map`] refers to; unique.
    pub name: &'static str,
    /// The same with its article, as messages call it.
    pub what: &'static str,
    /// Whether it is a map with exactly one key, which chooses among the fields.
    pub one_of: bool,
    /// Its fields, in the order in which a reader wants them.
    pub fields: &'static [Field],
    /// Fields that belong to the language but cannot be simulated yet.
    pub not_built: &'static [&'static str],
}

impl Form {
    /// Whether it has a field of that name.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    /// The names of its fields.
    pub fn names(&self) -> Vec<&'static str> {
        self.fields.iter().map(|field| field.name).collect()
    }
}

/// A field of a form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// As an author writes it.
    pub name: &'static str,
    /// What stands behind the colon.
    pub shape: Shape,
    /// What happens where it is left out.
    pub left_out: LeftOut,
    /// In a line: what it says.
    pub help: &'static str,
}

/// What the value of a field is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// Any text.
    Text,
    /// A name that something else has: of a module, a table, a file.
    Name,
    /// `true` or `false`.
    Truth,
    /// A whole number; `k`, `M` and `G` are taken.
    Whole,
    /// A plain number.
    Number,
    /// A share: `30%`.
    Share,
    /// A size: `8GiB`.
    Size,
    /// A time: `2ms`.
    Duration,
    /// A rate: `400/s`.
    Rate,
    /// A size per second: `10Gbit/s`.
    Bandwidth,
    /// A distribution of a time.
    Law,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A map of the form with that name.
    Map(&'static str),
    /// A map from names that the author chooses to values of that shape.
    Named(&'static Shape),
    /// A map with exactly one of these words as its key, to a value of that shape.
    Keyed(&'static [&'static str], &'static Shape),
    /// A list of values of that shape.
    List(&'static Shape),
    /// A value of any of these shapes.
    Either(&'static [Shape]),
    /// Nothing behind the colon, which is as if the field were left out.
    Nothing,
}

/// What happens where a field is left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LeftOut {
    /// It is missed: the scenario cannot be read.
    Missed,
    /// The same, unless that other field of the map is there.
    MissedWithout(&'static str),
    /// It has the default with that key of data/defaults.csv.
    Default(&'static str),
    /// The same, with one of these words in the place of `*`.
    DefaultOf(&'static str, &'static [&'static str]),
    /// Something that no table holds, in words.
    Means(&'static str),
}

/// What it means where one key of a map that chooses is left out.
pub const ANOTHER_KEY: &str = "another one stands there";

impl Field {
    /// The default that it has where it is left out; `word` takes the place of `*` in its key. A field is asked
    /// for it only where it has one.
    pub(in crate::scenario) fn default(&self, word: &str) -> &'static Default {
        match self.left_out {
            LeftOut::Default(key) => default_value(key),
            LeftOut::DefaultOf(pattern, _) => default_value(&pattern.replace('*', word)),
            LeftOut::Missed | LeftOut::MissedWithout(_) | LeftOut::Means(_) => {
                panic!("`{}` has no default", self.name)
            }
        }
    }
}

/// A set of fields as the decoder knows it.
pub(in crate::scenario) trait Fielded {
    /// The form of its map.
    const FORM: &'static Form;
}

/// A field of the form of `F`, to ask for.
pub(in crate::scenario) struct FieldOf<F> {
    pub(in crate::scenario) field: &'static Field,
    form: PhantomData<fn() -> F>,
}

impl<F> FieldOf<F> {
    pub(super) const fn new(field: &'static Field) -> Self {
        FieldOf { field, form: PhantomData }
    }

    /// As an author writes it.
    pub(in crate::scenario) const fn name(&self) -> &'static str {
        self.field.name
    }
}

impl<F> Clone for FieldOf<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for FieldOf<F> {}

/// The words that a field takes, without what they stand for.
pub(in crate::scenario) const fn names<T: Copy, const N: usize>(
    words: &[(&'static str, T); N],
) -> [&'static str; N] {
    let mut names = [""; N];
    let mut at = 0;
    while at < N {
        names[at] = words[at].0;
        at += 1;
    }
    names
}

/// Writes a form as a table: a line for each field with its constant, its name, its shape, what happens where it
/// is left out, and help.
///
/// The constants do not come from the list of the form, nor the list from them: what the decoder never asks for is
/// dead code, and the compiler says so.
macro_rules! form {
    ($set:ident $name:literal $what:literal {
        $($constant:ident $field:literal: $shape:expr, $left_out:expr, $help:literal;)+
    } $(not_built $not_built:expr)?) => {
        #[doc = concat!("Fields of ", $what, ".")]
        pub(super) enum $set {}

        impl $crate::scenario::form::Fielded for $set {
            const FORM: &'static $crate::scenario::form::Form = &$crate::scenario::form::Form {
                name: $name,
                what: $what,
                one_of: false,
                fields: &[$($crate::scenario::form::Field {
                    name: $field,
                    shape: $shape,
                    left_out: $left_out,
                    help: $help,
                },)+],
                not_built: $crate::scenario::form::list!($($not_built)?),
            };
        }

        impl $set {$(
            #[doc = $help]
            pub(in crate::scenario) const $constant: $crate::scenario::form::FieldOf<$set> =
                $crate::scenario::form::FieldOf::new(&$crate::scenario::form::Field {
                    name: $field,
                    shape: $shape,
                    left_out: $left_out,
                    help: $help,
                });
        )+}
    };
}

/// Writes a form whose map has one key that chooses: a line for each with its name, the shape of its value, and
/// help.
macro_rules! choice {
    ($set:ident $name:literal $what:literal {
        $($field:literal: $shape:expr, $help:literal;)+
    } $(not_built $not_built:expr)?) => {
        #[doc = concat!("What ", $what, " may be.")]
        pub(super) enum $set {}

        impl $crate::scenario::form::Fielded for $set {
            const FORM: &'static $crate::scenario::form::Form = &$crate::scenario::form::Form {
                name: $name,
                what: $what,
                one_of: true,
                fields: &[$($crate::scenario::form::Field {
                    name: $field,
                    shape: $shape,
                    left_out: $crate::scenario::form::LeftOut::Means($crate::scenario::form::ANOTHER_KEY),
                    help: $help,
                },)+],
                not_built: $crate::scenario::form::list!($($not_built)?),
            };
        }
    };
}

/// A list that may be left out.
macro_rules! list {
    () => {
        &[]
    };
    ($list:expr) => {
        $list
    };
}

pub(super) use {choice, form, list};
