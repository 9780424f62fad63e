//! Where in the author's text a thing was said.

/// A place in a source text. Line and column count from 1, in characters; `line` 0 means nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Span {
    /// Which text: position in `scenario::Sources`.
    pub source: u32,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1 (characters).
    pub column: u32,
    /// Length on that line (characters).
    pub length: u32,
}

impl Span {
    /// No place: a value that no author wrote.
    pub const NOWHERE: Span = Span { source: 0, line: 0, column: 0, length: 0 };
}

/// A value and where it was said. Equality and order look at the value only.
#[derive(Debug, Clone, Default)]
pub struct At<T> {
    /// What was said.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> At<T> {
    /// A value with its place.
    pub fn new(value: T, span: Span) -> Self {
        At { value, span }
    }
}

impl<T: PartialEq> PartialEq for At<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T> std::ops::Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}
