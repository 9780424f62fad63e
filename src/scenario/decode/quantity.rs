//! Single values: quantities with units, counts, plain numbers, words.

use std::ops::RangeInclusive;
use std::str::FromStr;

use super::Decoder;
use crate::model::Span;
use crate::scenario::nearest::did_you_mean;
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::{UnitError, count};

/// A text longer than this is no quantity, and not worth quoting (bytes).
const LONGEST: usize = 200;

/// What to write for a number that is written as a word.
pub(super) fn in_digits(text: &str) -> Option<String> {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    let number = WORDS.iter().position(|word| text.trim().eq_ignore_ascii_case(word))?;
    Some(format!("numbers are written in digits: `{number}`"))
}

impl Decoder<'_> {
    /// Text of a scalar that is not left empty.
    pub(super) fn scalar<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n str> {
        let text = node.text().filter(|_| !node.is_empty());
        if text.is_none() {
            let message = format!("{what} is expected here; found {}", node.found());
            self.tell(Diagnostic::new(Code::WrongType, message, node.span));
        }
        text
    }

    /// A quantity with its unit. A bare number has a code of its own.
    pub(super) fn quantity<T>(&mut self, node: &Node) -> Option<T>
    where
        T: FromStr<Err = UnitError>,
    {
        let text = self.short_text(node, "a quantity with its unit")?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(UnitError { problem, hint }) => {
                let number = text.trim().parse::<f64>();
                let bare = number.is_ok_and(|number| number.is_finite() && number >= 0.0);
                let code = if bare { Code::MissingUnit } else { Code::BadValue };
                self.tell(Diagnostic::new(code, problem, node.span).hint(hint));
                None
            }
        }
    }

    fn short_text<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n str> {
        let text = self.scalar(node, what)?;
        if text.len() <= LONGEST {
            return Some(text);
        }
        let message = format!("{what} is expected here; found {}", node.found());
        self.tell(Diagnostic::new(Code::WrongType, message, node.span));
        None
    }

    /// A whole number in a range; `k`, `M` and `G` are taken.
    pub(super) fn whole(
        &mut self,
        node: &Node,
        what: &str,
        range: RangeInclusive<u64>,
    ) -> Option<u64> {
        let text = self.short_text(node, what)?;
        match count(text) {
            Ok(value) if range.contains(&value) => Some(value),
            Ok(_) => {
                self.out_of_range(node, what, range.start(), range.end());
                None
            }
            Err(UnitError { problem, hint }) => {
                let (message, hint) = match in_digits(text) {
                    Some(digits) => {
                        (format!("{what} is expected here; found {}", quoted(text)), digits)
                    }
                    None => (format!("{what} is expected here: {problem}"), hint),
                };
                self.tell(Diagnostic::new(Code::BadValue, message, node.span).hint(hint));
                None
            }
        }
    }

    /// A whole number in a range that fits 32 bits.
    pub(super) fn whole32(
        &mut self,
        node: &Node,
        what: &str,
        range: RangeInclusive<u32>,
    ) -> Option<u32> {
        let range = u64::from(*range.start())..=u64::from(*range.end());
        u32::try_from(self.whole(node, what, range)?).ok()
    }

    /// A plain number in a range.
    pub(super) fn number(
        &mut self,
        node: &Node,
        what: &str,
        range: RangeInclusive<f64>,
    ) -> Option<f64> {
        let text = self.short_text(node, what)?;
        match text.trim().parse::<f64>() {
            Ok(value) if range.contains(&value) => Some(value),
            Ok(value) if value.is_finite() => {
                self.out_of_range(node, what, range.start(), range.end());
                None
            }
            _ => {
                let message = format!("{what} is a plain number; found {}", quoted(text));
                let hint = in_digits(text);
                let hint = hint.unwrap_or("write it without a unit, such as `1.5`".to_string());
                self.tell(Diagnostic::new(Code::BadValue, message, node.span).hint(hint));
                None
            }
        }
    }

    /// A plain number above zero.
    pub(super) fn positive(&mut self, node: &Node, what: &str, most: f64) -> Option<f64> {
        // Below this a rate or a core is zero to every clock we have.
        const LEAST: f64 = 1e-9;
        let value = self.number(node, what, 0.0..=most)?;
        if value >= LEAST {
            return Some(value);
        }
        let message = format!("{what} must be above zero; found {}", node.found());
        self.tell(Diagnostic::new(Code::OutOfRange, message, node.span));
        None
    }

    fn out_of_range(
        &mut self,
        node: &Node,
        what: &str,
        least: impl std::fmt::Display,
        most: impl std::fmt::Display,
    ) {
        let message = format!("{what} is from {least} to {most}; found {}", node.found());
        self.tell(Diagnostic::new(Code::OutOfRange, message, node.span));
    }

    /// `true` or `false`.
    pub(super) fn truth(&mut self, node: &Node, what: &str) -> Option<bool> {
        self.word(node, what, &[("true", true), ("false", false)])
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(
        &mut self,
        node: &Node,
        what: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let text = self.scalar(node, what)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*value);
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = format!("{what} is never {}", quoted(text));
        self.unknown(Code::UnknownWord, message, node.span, text, &known);
        None
    }

    /// Refuses a name, with the nearest of those that exist.
    pub(super) fn unknown(
        &mut self,
        code: Code,
        message: String,
        span: Span,
        wrong: &str,
        known: &[&str],
    ) {
        self.tell(Diagnostic::new(code, message, span).maybe_hint(did_you_mean(wrong, known)));
    }
}
