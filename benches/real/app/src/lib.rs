//! What the programs here share: arguments of the form `--name value`.

use std::collections::BTreeMap;
use std::str::FromStr;

pub struct Arguments(BTreeMap<String, String>);

impl Arguments {
    /// Those of this program; nothing if they have another form.
    #[must_use]
    pub fn read() -> Option<Self> {
        let mut given = BTreeMap::new();
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            given.insert(word.strip_prefix("--")?.to_owned(), words.next()?);
        }
        Some(Self(given))
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A number, or the default if it is not given.
    ///
    /// # Errors
    /// What is given is no such number.
    pub fn number<T: FromStr>(&self, name: &str, default: T) -> Result<T, String> {
        match self.get(name) {
            Some(text) => text.parse().map_err(|_| format!("--{name} {text}: not a number")),
            None => Ok(default),
        }
    }
}
