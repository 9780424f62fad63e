//! How large a scenario may be: what keeps hostile text from using up memory and time.

/// The largest scenario that is read. All its limits grow with that of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeLimit {
    bytes: usize,
}

impl SizeLimit {
    /// A text of at most so many bytes, at least one.
    pub fn of_text(bytes: u64) -> Self {
        SizeLimit { bytes: usize::try_from(bytes).unwrap_or(usize::MAX).max(1) }
    }

    /// Of the text (bytes).
    pub fn bytes(self) -> usize {
        self.bytes
    }

    /// Nodes of its tree, aliases written out; also the times of a file that it names.
    pub fn nodes(self) -> usize {
        (self.bytes / 16).max(1)
    }

    /// Text in its tree, aliases written out (bytes); also of a file that it names.
    pub fn text(self) -> usize {
        self.bytes.saturating_mul(4)
    }

    /// Nodes that all layouts together have with what they extend.
    pub fn layout_nodes(self) -> usize {
        (self.bytes / 8).max(1)
    }

    /// Services and databases of all layouts together.
    pub fn units(self) -> usize {
        (self.bytes / 80).max(1)
    }
}

impl Default for SizeLimit {
    /// 16 MiB: far more than anybody writes by hand, read in a few seconds.
    fn default() -> Self {
        SizeLimit { bytes: 16 << 20 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_limits_grow_with_that_of_the_text_and_none_is_zero_or_overflows() {
        let all = |limit: SizeLimit| {
            [limit.bytes(), limit.nodes(), limit.text(), limit.layout_nodes(), limit.units()]
        };
        let usual = all(SizeLimit::default());
        assert_eq!(usual, [16_777_216, 1_048_576, 67_108_864, 2_097_152, 209_715]);
        let doubled = all(SizeLimit::of_text(32 << 20));
        assert!(usual.iter().zip(doubled).all(|(usual, doubled)| doubled >= 2 * usual));
        assert!(all(SizeLimit::of_text(0)).iter().all(|limit| *limit >= 1));
        assert_eq!(SizeLimit::of_text(u64::MAX).text(), usize::MAX);
    }
}
