//! Whom tables, charts and sheets speak of: all endpoints together, or those that were asked for. What was found
//! is whole either way.

use super::names::{file_part, shortened, shown};
use crate::scenario::did_you_mean;

/// Under this name findings have all endpoints together; no endpoint is called so.
const ALL: &str = "all";

/// The word that asks for every endpoint, each by itself.
const EACH: &str = "each";

/// Longest name of an endpoint in a title.
const LONGEST: usize = 40;

/// Whose requests something speaks of: all, or those of one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whom(String);

impl Whom {
    /// All endpoints together.
    pub(super) fn all() -> Self {
        Whom(ALL.to_owned())
    }

    /// One endpoint, by its name.
    pub(super) fn one(name: &str) -> Self {
        Whom(name.to_owned())
    }

    /// Whether these are all.
    pub(super) fn is_all(&self) -> bool {
        self.0 == ALL
    }

    /// Its name in findings.
    pub(super) fn key(&self) -> &str {
        &self.0
    }

    /// Name of a metric of it in comparisons and steps, such as `buy.latency.p99`.
    pub(super) fn metric(&self, metric: &str) -> String {
        format!("{}.{metric}", self.0)
    }

    /// `all endpoints`, or the name of the one.
    pub(super) fn words(&self) -> String {
        if self.is_all() { "all endpoints".to_owned() } else { shortened(&shown(&self.0), LONGEST) }
    }

    /// A title that speaks of all, with the name of the one behind it.
    pub(super) fn titled(&self, title: &str) -> String {
        if self.is_all() { title.to_owned() } else { format!("{title}: {}", self.words()) }
    }

    /// Name of a figure of it: that of all has the plain one. A dot, which is in no other name, joins the two, so
    /// that no two figures are called the same.
    pub(super) fn figure(&self, figure: &str) -> String {
        if self.is_all() { figure.to_owned() } else { format!("{figure}.{}", file_part(&self.0)) }
    }
}

/// Whom a study's tables, charts and sheets speak of. By default of all endpoints together, as far as they speak of
/// one group only; sheets with a row for each endpoint then have all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Focus {
    whoms: Vec<Whom>,
    is_asked: bool,
}

impl Default for Focus {
    fn default() -> Self {
        Focus { whoms: vec![Whom::all()], is_asked: false }
    }
}

impl Focus {
    /// What was asked for by name, once each, in that order: endpoints of a study that has these, `each` for every
    /// one of them, `all` for all together. Nothing asked is the default.
    /// Errors: an unknown name, in words with a hint.
    pub fn of(asked: &[String], known: &[&str]) -> Result<Self, String> {
        let mut focus = Focus { whoms: Vec::new(), is_asked: true };
        for name in asked {
            match name.as_str() {
                EACH => known.iter().for_each(|name| focus.add(name)),
                // Where nothing was found, as in a sweep of failed points, nothing is known.
                name if name == ALL || known.is_empty() || known.contains(&name) => focus.add(name),
                name => return Err(unknown(name, known)),
            }
        }
        Ok(if focus.whoms.is_empty() { Focus::default() } else { focus })
    }

    fn add(&mut self, name: &str) {
        let whom = Whom(name.to_owned());
        if !self.whoms.contains(&whom) {
            self.whoms.push(whom);
        }
    }

    /// Whom to speak of, at least one.
    pub(super) fn whoms(&self) -> &[Whom] {
        &self.whoms
    }

    /// Whether endpoints were asked for.
    pub(super) fn is_asked(&self) -> bool {
        self.is_asked
    }

    /// Whether a sheet has a row for this endpoint, or for `all`.
    pub(super) fn has(&self, key: &str) -> bool {
        !self.is_asked || self.whoms.iter().any(|whom| whom.key() == key)
    }

    /// In whose rows of a sheet that stands which belongs to a layout as a whole: in those of all, or of the first
    /// that was asked for.
    pub(super) fn bearer(&self) -> &str {
        if self.has(ALL) { ALL } else { self.whoms.first().map_or(ALL, Whom::key) }
    }
}

fn unknown(name: &str, known: &[&str]) -> String {
    let words: Vec<&str> = known.iter().copied().chain([ALL, EACH]).collect();
    let hint = match did_you_mean(name, &words) {
        Some(hint) => format!("; {hint}"),
        None => String::new(),
    };
    format!("no endpoint is called `{}`{hint}", shown(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(asked: &[&str]) -> Vec<String> {
        let asked: Vec<String> = asked.iter().map(|name| (*name).to_owned()).collect();
        let focus = Focus::of(&asked, &["browse", "buy"]).unwrap();
        focus.whoms().iter().map(|whom| whom.key().to_owned()).collect()
    }

    #[test]
    fn what_is_asked_for_is_spoken_of_once_in_that_order() {
        assert_eq!(keys(&["buy", "browse", "buy"]), ["buy", "browse"]);
        assert_eq!(keys(&["buy", "each", "all"]), ["buy", "browse", "all"]);
        assert_eq!(keys(&[]), ["all"]);
        assert_eq!(Focus::of(&[], &["browse"]), Ok(Focus::default()));
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest() {
        let refused = |name: &str| Focus::of(&[name.to_owned()], &["browse", "buy"]).unwrap_err();
        assert_eq!(refused("brwose"), "no endpoint is called `brwose`; did you mean `browse`?");
        assert!(refused("zzzzzz").ends_with("one of `browse`, `buy`, `all`, `each`"));
    }

    #[test]
    fn a_bill_stands_in_the_rows_of_all_or_of_the_first_that_was_asked_for() {
        let bearer = |asked: &[&str]| {
            let asked: Vec<String> = asked.iter().map(|name| (*name).to_owned()).collect();
            Focus::of(&asked, &["browse", "buy"]).unwrap().bearer().to_owned()
        };
        assert_eq!(bearer(&[]), "all");
        assert_eq!(bearer(&["buy", "browse"]), "buy");
        assert_eq!(bearer(&["buy", "all"]), "all");
    }

    #[test]
    fn no_two_endpoints_have_figures_of_one_name_whatever_they_are_called() {
        let long = "x".repeat(300);
        let names = [
            "buy",
            "Buy",
            "BUY",
            "b/uy",
            "b\\uy",
            "../buy",
            "b.uy",
            "b-uy",
            "b~uy",
            "b uy",
            "größe",
            "grösse",
            "大小",
            "小大",
            "con",
            "",
            " ",
            "\u{202e}buy",
            "buy\n",
            "p99",
            long.as_str(),
        ];
        let mut taken: Vec<String> = Vec::new();
        for name in names {
            let figure = Whom::one(name).figure("p99");
            let is_plain = |letter: char| letter.is_alphanumeric() || "-_.~".contains(letter);
            assert!(figure.chars().all(is_plain), "{figure}");
            assert!(figure.starts_with("p99.") && figure.len() < 100, "{figure}");
            // Some file systems do not tell large letters from small ones.
            let folded = figure.to_lowercase();
            assert!(!taken.contains(&folded), "{figure} twice");
            taken.push(folded);
        }
        assert_eq!(Whom::one("buy").figure("p99"), "p99.buy");
        assert_eq!(Whom::all().figure("p99"), "p99");
    }
}
