//! The texts a scenario was read from: the file, each `--set`, referenced files. Spans point into them.

use std::sync::Arc;

use super::SizeLimit;

/// Gives the text of a file that a scenario names (a price catalogue, a measured distribution),
/// or says in words why it cannot.
pub type Loader<'a> = dyn Fn(&str) -> Result<String, String> + 'a;

/// All texts that spans can point into, by position, and how much of them is read.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    texts: Vec<SourceText>,
    limit: SizeLimit,
}

#[derive(Debug, Clone)]
struct SourceText {
    name: String,
    text: Arc<str>,
    /// Byte at which each line starts.
    lines: Arc<[usize]>,
}

impl Sources {
    /// No texts yet, of a scenario of at most this size.
    pub fn within(limit: SizeLimit) -> Self {
        Sources { texts: Vec::new(), limit }
    }

    /// The largest scenario that is read.
    pub fn limit(&self) -> SizeLimit {
        self.limit
    }

    /// Adds a text under the name that diagnostics show, and answers with its number. The same
    /// text under the same name keeps its number, so that a file read twice is drawn once.
    pub fn add(&mut self, name: &str, text: &str) -> u32 {
        let same = |source: &SourceText| source.name == name && *source.text == *text;
        let position = self.texts.iter().position(same).unwrap_or_else(|| {
            self.texts.push(SourceText {
                name: name.to_string(),
                text: text.into(),
                lines: line_starts(text).into(),
            });
            self.texts.len() - 1
        });
        u32::try_from(position).unwrap_or(u32::MAX)
    }

    /// Name of a text, as given; empty if there is no such text.
    pub fn name(&self, source: u32) -> &str {
        self.texts.get(source as usize).map_or("", |found| &found.name)
    }

    /// The whole of a text; empty if there is no such text.
    pub fn text(&self, source: u32) -> &str {
        self.texts.get(source as usize).map_or("", |found| &found.text)
    }

    /// A line of a text without its line end; `line` counts from 1.
    pub fn line(&self, source: u32, line: u32) -> Option<&str> {
        let found = self.texts.get(source as usize)?;
        let index = (line as usize).checked_sub(1)?;
        let start = *found.lines.get(index)?;
        let end = found.lines.get(index + 1).copied().unwrap_or(found.text.len());
        Some(found.text[start..end].trim_end_matches(['\n', '\r']))
    }
}

/// A line ends with `\n`, `\r\n` or a lone `\r`, as YAML has it.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (index, byte) in bytes.iter().enumerate() {
        let ends = match byte {
            b'\n' => true,
            b'\r' => bytes.get(index + 1) != Some(&b'\n'),
            _ => false,
        };
        if ends {
            starts.push(index + 1);
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_any_of_the_three_line_ends() {
        let mut sources = Sources::default();
        let id = sources.add("a", "one\ntwo\r\nthree\rfour");
        let lines: Vec<_> = (1..=5).map(|line| sources.line(id, line)).collect();
        assert_eq!(lines, [Some("one"), Some("two"), Some("three"), Some("four"), None]);
    }

    #[test]
    fn the_same_text_under_the_same_name_keeps_its_number() {
        let mut sources = Sources::default();
        assert_eq!(sources.add("a", "x"), 0);
        assert_eq!(sources.add("b", "x"), 1);
        assert_eq!(sources.add("a", "x"), 0);
    }
}
