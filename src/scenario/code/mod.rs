//! Stable names of everything that is said about a scenario, a run or a command: one variant each, with its
//! text, how grave it is, what it means and what to do.

mod list;
mod row;

pub use list::Code;
pub use row::Severity;

impl Code {
    /// Kebab case, as it is shown and stands in results.json.
    pub fn text(self) -> &'static str {
        self.row().text
    }

    /// How grave it is; the same wherever it is said.
    pub fn severity(self) -> Severity {
        self.row().severity
    }

    /// In a line: what it means, and what to do.
    pub fn meaning(self) -> &'static str {
        self.row().meaning
    }

    /// A message with its code before it: `error[unknown-path]: …`.
    pub fn says(self, message: impl std::fmt::Display) -> String {
        format!("{}[{self}]: {message}", self.severity())
    }

    /// The code with a text.
    pub fn of(text: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.text() == text)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.text())
    }
}

impl From<Code> for &'static str {
    fn from(code: Code) -> Self {
        code.text()
    }
}

/// A text that is no code of this version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no diagnostic has the code `{0}`")]
pub struct UnknownCode(String);

impl TryFrom<String> for Code {
    type Error = UnknownCode;

    fn try_from(text: String) -> Result<Self, UnknownCode> {
        Code::of(&text).ok_or(UnknownCode(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_kebab_case_and_stands_once_in_alphabetical_order() {
        for pair in Code::ALL.windows(2) {
            assert!(pair[0].text() < pair[1].text(), "{} before {}", pair[0], pair[1]);
            assert!(pair[0] < pair[1], "codes are sorted as their texts are");
        }
        for code in Code::ALL {
            let words: Vec<&str> = code.text().split('-').collect();
            let plain = |word: &&str| {
                let mut letters = word.chars();
                letters.next().is_some_and(|first| first.is_ascii_lowercase())
                    && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
            };
            assert!(words.iter().all(plain), "{code}");
            let named: String =
                words.iter().map(|word| word[..1].to_uppercase() + &word[1..]).collect();
            assert_eq!(format!("{code:?}"), named, "a variant is called as its text");
        }
    }

    #[test]
    fn every_meaning_is_two_sentences_that_say_more_than_the_name() {
        for code in Code::ALL {
            let meaning = code.meaning();
            let starts = meaning.starts_with(|first: char| first.is_uppercase() || first == '`');
            assert!(starts && meaning.ends_with('.'), "{code}: {meaning}");
            assert!((40..200).contains(&meaning.chars().count()), "{code}: {meaning}");
            assert!(
                meaning.contains(". ") || meaning.contains(": "),
                "{code}: what to do? {meaning}"
            );
            assert!(!meaning.contains(['\n', '|']), "{code}: one line, and a cell of a table");
        }
    }

    #[test]
    fn a_text_finds_its_code_again_and_no_other_text_does() {
        for code in Code::ALL {
            assert_eq!(Code::of(code.text()), Some(*code));
            assert_eq!(Code::try_from(code.to_string()), Ok(*code));
        }
        for code in Code::ALL {
            let text = serde_json::to_string(code).unwrap();
            assert_eq!(text, format!("\"{code}\""));
            assert_eq!(serde_json::from_str::<Code>(&text).unwrap(), *code);
        }
        assert!(serde_json::from_str::<Code>("\"unstabel\"").is_err());
        for unknown in ["", "x", "Unstable", "unstable "] {
            assert_eq!(Code::of(unknown), None);
            let problem = Code::try_from(unknown.to_string()).unwrap_err();
            assert!(problem.to_string().contains(&format!("`{unknown}`")), "{problem}");
        }
    }
}
