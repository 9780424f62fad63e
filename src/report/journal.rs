//! The journal of a study as text: a line that says what was asked, then a line of findings for each answer,
//! known by the hash of their scenario. So it matters neither in which order nor by which machine they were
//! found. Every line begins with a hash of its rest and of the first line, so one that was cut off, touched, or put
//! under the first line of another journal is known.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::random::Key;
use crate::study::{FORMAT, RunFindings};

/// What a study was asked: findings of another may not be mixed with its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Form of the findings in the journal. The oldest journals say none: it was 1.
    #[serde(default = "oldest")]
    pub format: u32,
    /// What is said in the scenario and by the flags: path and value.
    pub says: Vec<(String, String)>,
    /// Hash of the resolved scenario, the files that it names included.
    pub scenario_hash: String,
}

fn oldest() -> u32 {
    1
}

/// What was read of a journal.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalText {
    /// Its first line; `None` where that is damaged.
    pub asked: Option<Asked>,
    /// The answers that are told whole, by the hash of their scenario.
    pub answers: BTreeMap<String, RunFindings>,
    /// Lines that are cut off or touched.
    pub damaged: usize,
}

/// The first line.
pub fn asked_line(asked: &Asked) -> String {
    sealed(Key(0), &serde_json::to_string(asked))
}

/// The line of an answer to what was asked. It is bound to that: under another first line it counts as touched.
pub fn answer_line(asked: &Asked, found: &RunFindings) -> String {
    sealed(bond(&asked_line(asked)), &serde_json::to_string(found))
}

/// What binds the lines of a journal to its first one.
fn bond(asked_line: &str) -> Key {
    Key(0).named(asked_line)
}

/// Reads a journal, damaged or not. One of another form has no answers that could be read.
pub fn read_journal(text: &str) -> JournalText {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let bond = bond(first);
    let asked = opened(Key(0), first);
    let asked = asked.and_then(|line| serde_json::from_str::<Asked>(line).ok());
    let is_readable = asked.as_ref().is_none_or(|asked| asked.format == FORMAT);
    let mut read = JournalText { asked, answers: BTreeMap::new(), damaged: 0 };
    for line in lines.filter(|_| is_readable) {
        let found =
            opened(bond, line).and_then(|line| serde_json::from_str::<RunFindings>(line).ok());
        match found.filter(|found| found.format == FORMAT) {
            Some(found) => {
                read.answers.insert(found.provenance.scenario_hash.clone(), found);
            }
            None => read.damaged += 1,
        }
    }
    read
}

/// How the two differ: a sentence for each of the first few paths. Empty where they are the same.
pub fn differences(before: &Asked, now: &Asked) -> Vec<String> {
    const MOST: usize = 5;
    let old: BTreeMap<&str, &str> = pairs(before);
    let new: BTreeMap<&str, &str> = pairs(now);
    let mut paths: Vec<&&str> = old.keys().chain(new.keys()).collect();
    paths.sort_unstable();
    paths.dedup();
    paths.retain(|path| old.get(**path) != new.get(**path));
    let value = |value: Option<&&str>| value.map_or("nothing".to_string(), |value| cut(value));
    let mut told: Vec<String> = paths
        .iter()
        .take(MOST)
        .map(|path| {
            let (was, is) = (value(old.get(**path)), value(new.get(**path)));
            format!("{} was {was} and is {is}", cut(path))
        })
        .collect();
    if paths.len() > MOST {
        told.push(format!("{} more paths differ", paths.len() - MOST));
    }
    if paths.is_empty() && before.scenario_hash != now.scenario_hash {
        told.push("a file that the scenario names has changed, such as its prices".to_string());
    }
    told
}

fn pairs(asked: &Asked) -> BTreeMap<&str, &str> {
    asked.says.iter().map(|(path, value)| (path.as_str(), value.as_str())).collect()
}

/// A text of the scenario for one line of a terminal.
fn cut(text: &str) -> String {
    crate::scenario::visible(&super::names::shortened(text, 80))
}

fn sealed(bond: Key, text: &serde_json::Result<String>) -> String {
    match text {
        Ok(text) => format!("{:016x} {text}\n", bond.named(text).0),
        // Keys are text and nothing else can be refused, so this is our own bug.
        Err(error) => panic!("findings must be expressible as JSON: {error}"),
    }
}

/// The rest of a line whose hash is right.
fn opened(bond: Key, line: &str) -> Option<&str> {
    let (hash, text) = line.strip_suffix('\n')?.split_once(' ')?;
    (u64::from_str_radix(hash, 16) == Ok(bond.named(text).0)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::study::SweepFindings;

    fn asked(rate: &str) -> Asked {
        let says = vec![("name".to_string(), "shop".to_string()), ("rate".into(), rate.into())];
        Asked { format: FORMAT, says, scenario_hash: "00".to_string() }
    }

    fn journal() -> (SweepFindings, String) {
        let mut sweep = sample::sweep();
        for (number, point) in (0..).zip(&mut sweep.points) {
            point.run.provenance = sample::provenance(number);
        }
        let lines: String =
            sweep.points.iter().map(|point| answer_line(&asked("1/s"), &point.run)).collect();
        (sweep, asked_line(&asked("1/s")) + &lines)
    }

    #[test]
    fn what_is_read_is_what_was_found() {
        let (sweep, text) = journal();
        let mut read = read_journal(&text);
        assert_eq!((read.asked, read.damaged), (Some(asked("1/s")), 0));
        let mut again = sweep.clone();
        for point in &mut again.points {
            let hash = &point.run.provenance.scenario_hash;
            point.run = read.answers.remove(hash).expect("it was kept");
        }
        assert_eq!(again, sweep);
    }

    #[test]
    fn a_line_that_is_cut_anywhere_or_touched_is_known() {
        let (_, text) = journal();
        let last = text.trim_end().rfind('\n').expect("several lines") + 1;
        for end in (last..text.len()).step_by(97).filter(|end| *end > last) {
            let read = read_journal(&text[..end]);
            assert_eq!((read.answers.len(), read.damaged), (4, 1), "cut at {end}");
        }
        let touched = text.replacen("\"seed\":", "\"sead\":", 1);
        assert_eq!(read_journal(&touched).damaged, 1);
        assert_eq!(read_journal("").asked, None);
        assert_eq!(read_journal(&text[1..]).asked, None);
    }

    #[test]
    fn lines_under_the_first_line_of_another_journal_are_none_of_its_answers() {
        let (_, text) = journal();
        let (_, lines) = text.split_once('\n').expect("a first line");
        let mixed = read_journal(&(asked_line(&asked("2/s")) + lines));
        assert_eq!(mixed.asked, Some(asked("2/s")));
        assert_eq!((mixed.answers.len(), mixed.damaged), (0, 5));
    }

    #[test]
    fn a_journal_of_the_oldest_form_is_known_and_nothing_of_it_taken() {
        let says = "{\"says\":[[\"name\",\"shop\"]],\"scenario_hash\":\"00\"}".to_string();
        let text = sealed(Key(0), &Ok(says)) + &sealed(Key(0), &Ok("[0,{}]".to_string()));
        let read = read_journal(&text);
        assert_eq!(read.asked.map(|asked| asked.format), Some(1));
        assert_eq!((read.answers.len(), read.damaged), (0, 0));
    }

    #[test]
    fn differences_are_told_by_their_paths() {
        assert_eq!(differences(&asked("1/s"), &asked("1/s")), [""; 0]);
        assert_eq!(differences(&asked("1/s"), &asked("2/s")), ["rate was 1/s and is 2/s"]);
        let mut other = asked("1/s");
        other.says.remove(0);
        assert_eq!(differences(&asked("1/s"), &other), ["name was shop and is nothing"]);
        let hashed = Asked { scenario_hash: "01".to_string(), ..asked("1/s") };
        assert!(differences(&asked("1/s"), &hashed)[0].contains("file"));
        other.says = (0..9).map(|number| (format!("p{number}"), String::new())).collect();
        let told = differences(&asked("1/s"), &other);
        assert_eq!((told.len(), told[5].as_str()), (6, "6 more paths differ"));
    }
}
