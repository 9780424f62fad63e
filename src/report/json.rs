//! JSON as people can read it, too: a line for each field, and what is in a list beside each other. An interval,
//! the values of all replications and the buckets of a histogram take a line each, not one for every number.

use std::io::{Result, Write};

use serde::Serialize;
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
