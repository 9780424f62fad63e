//! A part of a sweep's points, for several machines to share the work: `--shard 2/3`.

use std::fmt;
use std::str::FromStr;

/// Most parts of a sweep.
const MOST: usize = 10_000;

/// One of so many parts: every `of`-th point, from number `number` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shard {
    /// From 1.
    number: usize,
    of: usize,
}

impl Shard {
    /// Whether a point of the grid, by its place from 0, is one of this part.
    pub(super) fn has(self, point: usize) -> bool {
        point % self.of == self.number - 1
    }

    /// Name of the journal of this part of the sweep called `sweep`.
    pub(super) fn journal(self, sweep: &str) -> String {
        format!("{sweep}.{}-of-{}.journal", self.number, self.of)
    }

    /// Whether a file of this name is the journal of any part of the sweep called `sweep`.
    pub(super) fn is_journal(name: &str, sweep: &str) -> bool {
        let part = name.strip_prefix(sweep).and_then(|rest| rest.strip_prefix('.'));
        let part = part.and_then(|rest| rest.strip_suffix(".journal"));
        let shard = part.and_then(|part| part.replace("-of-", "/").parse::<Shard>().ok());
        shard.is_some_and(|shard| shard.journal(sweep) == name)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let parts = parts.and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) && of <= MOST => {
                Ok(Shard { number, of })
            }
            _ => Err(format!("a part is written like `2/3`, with at most {MOST} parts")),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shard {} of {}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_sweep_have_each_point_once() {
        let parts: Vec<Shard> =
            (1..=3).map(|number| format!("{number}/3").parse().expect("a part")).collect();
        for point in 0..20 {
            assert_eq!(parts.iter().filter(|part| part.has(point)).count(), 1);
        }
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for text in ["", "1", "0/3", "4/3", "1/0", "-1/3", "1/3/4", "a/b", "1/10001"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_journal_of_a_part_is_known_by_its_name_and_no_other_file_is() {
        let shard: Shard = "2/3".parse().expect("a part");
        assert_eq!(shard.journal("sweep-load"), "sweep-load.2-of-3.journal");
        assert!(Shard::is_journal("sweep-load.2-of-3.journal", "sweep-load"));
        for other in
            ["sweep-load.journal", "sweep-load.4-of-3.journal", "sweep-load.02-of-3.journal"]
        {
            assert!(!Shard::is_journal(other, "sweep-load"), "{other}");
        }
        assert!(!Shard::is_journal("sweep-load.2-of-3.journal", "sweep"));
    }
}
