//! Scenario files that people wrote, broken at random: bytes, lines, values, names, nesting. Each is refused
//! with diagnostics or runs and passes its own checks; none panics, hangs or swells.

use std::cell::Cell;
use std::fmt;
use std::path::Path;

use cutline::model::{Length, Limits, Model, Watch};
use cutline::report::Told;
use cutline::scenario;
use cutline::study::{self, Progress, RunFindings, Unfinished};
use cutline::units::Nanos;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;

use super::scenario::cases;

struct Silent;

impl Progress for Silent {
    fn note(&self, _: &str) {}
}

/// Values that meant something else, or nothing, where they are put.
const VALUES: [&str; 40] = [
    "0",
    "-1",
    "1",
    "2",
    "1e308",
    "-1e308",
    "1e-308",
    ".inf",
    "-.inf",
    ".nan",
    "18446744073709551616",
    "4294967295",
    "1000000",
    "0.5",
    "0ms",
    "1ns",
    "-5ms",
    "1h",
    "100000h",
    "1e300h",
    "0/s",
    "1/s",
    "1000000/s",
    "0%",
    "100%",
    "101%",
    "0B",
    "1B",
    "16EiB",
    "1TiB",
    "null",
    "~",
    "[]",
    "{}",
    "''",
    "no",
    "all",
    "none",
    "each",
    "async",
];

/// One thing done to a text. Positions are shares of it, so they shrink with it.
#[derive(Debug, Clone)]
enum Mutation {
    Byte(Index, u8),
    InsertBytes(Index, Vec<u8>),
    Cut(Index, Index),
    DeleteLine(Index),
    RepeatLine(Index, u8),
    SwapLines(Index, Index),
    Indent(Index, bool),
    Value(Index, Index),
    /// A word in the place of another word of the same file: keys, names and values alike.
    Word(Index, Index),
    Nest(Index, u16, bool),
    Splice(Index, Index, Index, u8),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let place = any::<Index>;
    prop_oneof![
        1 => (place(), any::<u8>()).prop_map(|(at, byte)| Mutation::Byte(at, byte)),
        1 => (place(), vec(any::<u8>(), 1..5))
            .prop_map(|(at, bytes)| Mutation::InsertBytes(at, bytes)),
        1 => (place(), place()).prop_map(|(from, to)| Mutation::Cut(from, to)),
        2 => place().prop_map(Mutation::DeleteLine),
        1 => (place(), 1u8..4).prop_map(|(at, times)| Mutation::RepeatLine(at, times)),
        1 => (place(), place()).prop_map(|(one, two)| Mutation::SwapLines(one, two)),
        1 => (place(), any::<bool>()).prop_map(|(at, deeper)| Mutation::Indent(at, deeper)),
        8 => (place(), place()).prop_map(|(at, value)| Mutation::Value(at, value)),
        5 => (place(), place()).prop_map(|(at, other)| Mutation::Word(at, other)),
        1 => (place(), 1u16..300, any::<bool>())
            .prop_map(|(at, depth, map)| Mutation::Nest(at, depth, map)),
        1 => (place(), place(), place(), 1u8..20)
            .prop_map(|(at, file, from, lines)| Mutation::Splice(at, file, from, lines)),
    ]
}

/// Where words stand in a text: whatever is not space or punctuation of YAML.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        let within = !letter.is_whitespace() && !",:{}[]#&*!|>'\"@`".contains(letter);
        match (within, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    words
}

impl Mutation {
    fn apply(&self, text: &[u8]) -> Vec<u8> {
        match self {
            Mutation::Byte(at, byte) if !text.is_empty() => {
                let mut text = text.to_vec();
                let at = at.index(text.len());
                text[at] = *byte;
                text
            }
            Mutation::InsertBytes(at, bytes) => {
                let at = at.index(text.len() + 1);
                [&text[..at], bytes, &text[at..]].concat()
            }
            Mutation::Cut(from, to) => {
                let (from, to) = (from.index(text.len() + 1), to.index(text.len() + 1));
                // Mostly short: a file that ends early is another thing than one that lacks a word.
                let to = from.max(to).min(from.min(to) + 60);
                [&text[..from.min(to)], &text[to..]].concat()
            }
            _ => match std::str::from_utf8(text) {
                Ok(text) => self.apply_to_text(text).into_bytes(),
                Err(_) => text.to_vec(),
            },
        }
    }

    fn apply_to_text(&self, text: &str) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
        let words = words(text);
        if lines.is_empty() || words.is_empty() {
            return text.to_string();
        }
        let replaced = |at: &Index, with: &str| {
            let (from, to) = words[at.index(words.len())];
            format!("{}{with}{}", &text[..from], &text[to..])
        };
        match self {
            Mutation::DeleteLine(at) => {
                lines.remove(at.index(lines.len()));
            }
            Mutation::RepeatLine(at, times) => {
                let at = at.index(lines.len());
                for _ in 0..*times {
                    lines.insert(at, lines[at].clone());
                }
            }
            Mutation::SwapLines(one, two) => {
                let (one, two) = (one.index(lines.len()), two.index(lines.len()));
                lines.swap(one, two);
            }
            Mutation::Indent(at, deeper) => {
                let line = at.index(lines.len());
                lines[line] = match (deeper, lines[line].strip_prefix("  ")) {
                    (false, Some(shallower)) => shallower.to_string(),
                    _ => format!("  {}", lines[line]),
                };
            }
            Mutation::Value(at, value) => return replaced(at, VALUES[value.index(VALUES.len())]),
            Mutation::Word(at, other) => {
                let (from, to) = words[other.index(words.len())];
                return replaced(at, &text[from..to]);
            }
            Mutation::Nest(at, depth, map) => {
                let (open, close) = if *map { ("{ a: ", " }") } else { ("[ ", " ]") };
                let (from, to) = words[at.index(words.len())];
                let depth = usize::from(*depth);
                let nested = [&open.repeat(depth), &text[from..to], &close.repeat(depth)].concat();
                return replaced(at, &nested);
            }
            Mutation::Splice(at, file, from, count) => {
                let files = files();
                let other: Vec<&str> = files[file.index(files.len())].lines().collect();
                let from = from.index(other.len());
                let end = other.len().min(from + usize::from(*count));
                let at = at.index(lines.len());
                lines.splice(at..at, other[from..end].iter().map(|line| line.to_string()));
            }
            Mutation::Byte(..) | Mutation::InsertBytes(..) | Mutation::Cut(..) => {}
        }
        lines.join("\n") + "\n"
    }
}

/// Every scenario that lies in the repository, in files and on the page of the language.
fn files() -> &'static [String] {
    static FILES: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    FILES.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut paths = Vec::new();
        for folder in ["scenarios", "tests/determinism", "src/scenario/tests"] {
            let entries = std::fs::read_dir(root.join(folder)).expect("the folder can be listed");
            paths.extend(entries.map(|entry| entry.expect("an entry").path()));
        }
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
        paths.sort();
        let read = |path: &Path| std::fs::read_to_string(path).expect("a scenario is UTF-8");
        let mut files: Vec<String> = paths.iter().map(|path| read(path)).collect();
        let language = read(&root.join("docs/language.md"));
        let blocks = language
            .split("```yaml\n")
            .skip(1)
            .map(|rest| rest.split("```").next().expect("a block ends").to_string());
        let before = files.len();
        files.extend(blocks.filter(|block| block.starts_with("cutline:")));
        assert!(files.len() > before, "the page of the language shows no scenario");
        assert!(files.len() >= 8, "{} files", files.len());
        files
    })
}

/// A broken file. `Debug` is its text, which is what a failure shows.
#[derive(Clone)]
struct Broken {
    file: Index,
    mutations: Vec<Mutation>,
}

impl Broken {
    fn any() -> impl Strategy<Value = Broken> {
        (any::<Index>(), vec(mutation(), 1..6))
            .prop_map(|(file, mutations)| Broken { file, mutations })
    }

    fn bytes(&self) -> Vec<u8> {
        let files = files();
        let whole = files[self.file.index(files.len())].clone().into_bytes();
        self.mutations.iter().fold(whole, |text, mutation| mutation.apply(&text))
    }
}

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:?}\n{}", self.mutations, String::from_utf8_lossy(&self.bytes()))
    }
}

/// The model with a run that is short whatever it says.
fn shortened(mut model: Model) -> Model {
    let duration = Nanos::from_seconds(0.3);
    model.run.length = Length::Fixed { duration, warmup: Nanos::from_seconds(0.1) };
    model.run.replications = 2;
    model.run.limits = Limits { frames: 2_000, events: 20_000, ..Limits::default() };
    model.run.watch = Watch::default();
    model
}

/// Reads, compiles and runs a text; whether it was a scenario.
fn use_up(text: &[u8]) -> bool {
    let no_files = |name: &str| Err(format!("no {name}"));
    let reading = match scenario::read(text, "broken", &[], &no_files) {
        Ok(reading) => reading,
        Err(refused) => {
            assert!(refused.to_string().contains("error["), "a refusal says why: {refused}");
            return false;
        }
    };
    let model = shortened(reading.model);
    let layouts: Vec<usize> = (0..model.layouts.len().min(4)).collect();
    match study::run(&model, &layouts, &Silent) {
        Ok(findings) => {
            let breaches: Vec<&str> = findings.breaches().collect();
            assert!(breaches.is_empty(), "{breaches:?}");
            // A number that is none would be null, and not come back.
            let again = serde_json::from_str::<RunFindings>(&findings.json());
            assert!(again.as_ref().is_ok_and(|again| *again == findings), "{:?}", again.err());
            true
        }
        Err(Unfinished::Refused(diagnostics)) => {
            assert!(!diagnostics.is_empty());
            false
        }
        Err(other) => panic!("nobody stops it, and only a laboratory has faults: {other:?}"),
    }
}

#[test]
fn a_broken_file_is_refused_or_runs() {
    let (ran, refused) = (Cell::new(0u32), Cell::new(0u32));
    let broken = TestRunner::new(cases(4_000)).run(&Broken::any(), |broken| {
        let count = if use_up(&broken.bytes()) { &ran } else { &refused };
        count.set(count.get() + 1);
        Ok(())
    });
    if let Err(failure) = broken {
        panic!("{failure}");
    }
    // Neither nearly all broken beyond reading, nor nearly all untouched.
    let (ran, refused) = (ran.get(), refused.get());
    assert!(ran * 10 > refused && refused * 10 > ran, "{ran} ran, {refused} were refused");
}
