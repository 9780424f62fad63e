//! JSON as people can read it, too: a line for each field, and what is in a list beside each other. An interval,
//! the values of all replications and the buckets of a histogram take a line each, not one for every number.

use std::io::{Result, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// The text: indented, ending in a newline. What is not a finite number is written as `null`, because JSON has
/// no word for it.
pub(super) fn json<T: Serialize>(findings: &T) -> String {
    let mut bytes = Vec::new();
    let written = findings.serialize(&mut Serializer::with_formatter(&mut bytes, Lines::default()));
    // Keys are text and memory takes everything, so this is our own bug.
    assert!(written.is_ok(), "findings must be expressible as JSON: {written:?}");
    bytes.push(b'\n');
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => panic!("JSON is made of text: {error}"),
    }
}

/// Digits of a figure behind the first one: fifteen are as many as every decimal number keeps in a double. What is further
/// behind is the hair by which a sum is off (`921.5999999999999`), and nobody's to read.
const MORE_DIGITS: usize = 14;

/// What was found, with its figures rounded to what they read as, so that what is drawn again from its JSON has the same
/// bytes. Doing so again changes nothing.
pub fn rounded<T: Serialize + DeserializeOwned>(found: T) -> T {
    let mut text = Vec::new();
    let written = found.serialize(&mut Serializer::with_formatter(&mut text, Rounding));
    // A figure that is no number has no JSON to come back from: such findings stay as they are.
    let back = written.ok().and_then(|()| serde_json::from_slice(&text).ok());
    back.unwrap_or(found)
}

struct Rounding;

impl Formatter for Rounding {
    fn write_f64<W: Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> Result<()> {
        write!(writer, "{value:.MORE_DIGITS$e}")
    }
}

/// One document of several, each under its name, in the same form.
pub fn one_document(documents: impl IntoIterator<Item = (String, String)>) -> String {
    let field = |(name, document): (String, String)| {
        // No text has a newline of its own: JSON escapes it.
        format!(
            "  {}: {}",
            serde_json::Value::from(name),
            document.trim_end().replace('\n', "\n  ")
        )
    };
    let fields: Vec<String> = documents.into_iter().map(field).collect();
    format!("{{\n{}\n}}\n", fields.join(",\n"))
}

/// Breaks lines in objects only.
#[derive(Default)]
struct Lines {
    depth: usize,
    /// Whether the object that was written last had nothing in it so far.
    is_empty: bool,
}

impl Lines {
    fn line<W: Write + ?Sized>(&self, writer: &mut W) -> Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for Lines {
    fn begin_array_value<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        self.depth += 1;
        self.is_empty = true;
        writer.write_all(b"{")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        self.line(writer)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _: &mut W) -> Result<()> {
        self.is_empty = false;
        Ok(())
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        self.depth -= 1;
        if !self.is_empty {
            self.line(writer)?;
        }
        self.is_empty = false;
        writer.write_all(b"}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_hair_by_which_a_double_is_off_goes_and_nothing_else_does() {
        let sum = (0..9).fold(0.0, |sum, _| sum + 102.4);
        assert_eq!(format!("{sum}"), "921.5999999999999");
        let pairs = [
            (sum, 921.6),
            (0.1 + 0.2, 0.3),
            (1.0 / 3.0, 0.333_333_333_333_333),
            (-1e-300 / 3.0, -3.333_333_333_333_33e-301),
            (0.0, 0.0),
            (123_456_789_012_345.0, 123_456_789_012_345.0),
            (1e22, 1e22),
        ];
        let (before, after): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        assert_eq!(rounded(before), after);
        assert_eq!(rounded(after.clone()), after);
        assert_eq!(rounded((u64::MAX, -7_i64, Some(true), "x".to_string())).0, u64::MAX);
    }

    #[test]
    fn what_has_a_figure_that_is_no_number_stays() {
        let found = rounded(vec![f64::NAN, 0.1 + 0.2]);
        assert!(found[0].is_nan() && found[1] != 0.3);
    }

    #[test]
    fn several_documents_are_one_as_if_they_had_been_written_together() {
        let own = |number: u64| BTreeMap::from([("x", BTreeMap::from([("a\nb", number)]))]);
        let both = BTreeMap::from([("one", own(1)), ("t\"wo", own(2))]);
        let named = both.iter().map(|(name, own)| (name.to_string(), json(own)));
        assert_eq!(one_document(named), json(&both));
    }

    #[test]
    fn objects_have_a_line_for_each_field_and_lists_are_one_line() {
        let numbers = |numbers: &[u64]| BTreeMap::from([("x", numbers.to_vec())]);
        let all = BTreeMap::from([
            ("a", vec![numbers(&[1, 2]), numbers(&[])]),
            ("b", vec![BTreeMap::new()]),
            ("c", vec![]),
        ]);
        let text = "{\n  \"a\": [{\n    \"x\": [1, 2]\n  }, {\n    \"x\": []\n  }],\n  \"b\": [{}],\n  \"c\": []\n}\n";
        assert_eq!(json(&all), text);
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(text).unwrap(),
            serde_json::json!(all)
        );
    }
}
