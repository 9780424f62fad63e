//! Saved results are input: whatever figures, names and lists somebody writes into them, what can be read is told
//! without a panic, and with no picture that shows what is no number.

use cutline::report::{Told, read_run, read_sweep};
use serde_json::Value;

use super::{runs, sweep, told};

/// What takes the place of every `of`-th fraction, count and text, from the `from`-th on.
struct Change {
    fraction: f64,
    count: u64,
    text: &'static str,
    from: usize,
    of: usize,
}

/// Fields whose values hang together, or are words of a list.
const KEPT: [&str; 8] =
    ["code", "histogram", "format", "verdict", "group", "cutline", "values", "paths"];

fn touch(value: &mut Value, change: &Change, seen: &mut usize) {
    let mut is_its_turn = || {
        *seen += 1;
        *seen % change.of == change.from
    };
    match value {
        Value::Number(number) if number.is_f64() => {
            if is_its_turn() {
                *value = Value::from(change.fraction);
            }
        }
        Value::Number(_) => {
            if is_its_turn() {
                *value = Value::from(change.count);
            }
        }
        Value::String(text) => {
            if is_its_turn() {
                *text = change.text.to_string();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| touch(item, change, seen)),
        Value::Object(keys) => {
            let kept = |key: &str| KEPT.contains(&key);
            let keys = keys.iter_mut().filter(|(key, _)| !kept(key));
            keys.for_each(|(_, below)| touch(below, change, seen));
        }
        Value::Bool(_) | Value::Null => {}
    }
}

fn hold(name: &str, text: &str, read: impl Fn(&[u8]) -> Option<Box<dyn Told>>) {
    for (turn, fraction) in [0.0, -1.0, 1e-100, 1e100, -1e100, 1e100].into_iter().enumerate() {
        let (from, of) = if turn < 4 { (0, 1) } else { (1, 3) };
        let text_instead = if from == 0 { "" } else { "\u{1b}[31m" };
        let count = if fraction < 0.0 { 0 } else { u64::from(u32::MAX) };
        let change = Change { fraction, count, text: text_instead, from, of };
        let mut document: Value = serde_json::from_str(text).expect("JSON");
        touch(&mut document, &change, &mut 0);
        let found = read(document.to_string().as_bytes());
        let found = found.unwrap_or_else(|| panic!("{name}: {fraction} {from} {of}"));
        for (what, bytes) in told(&*found) {
            let shown = String::from_utf8_lossy(&bytes);
            let is_picture = what.ends_with(".svg");
            assert!(!(is_picture && shown.contains("NaN")), "{name}: {what} at {fraction}");
        }
    }
}

#[test]
fn any_figure_in_a_run_is_told_without_a_panic() {
    for (name, found) in runs() {
        if ["terminating", "unstable"].contains(name) {
            hold(name, &found.json(), |text| Some(Box::new(read_run(text).ok()?)));
        }
    }
}

#[test]
fn any_figure_in_a_sweep_is_told_without_a_panic() {
    hold("sweep", &sweep().json(), |text| Some(Box::new(read_sweep(text).ok()?)));
}

#[test]
fn lists_that_lack_their_items_are_told_without_a_panic() {
    for list in ["lines", "windows", "services", "endpoints", "comparison", "slo", "utilisation"] {
        for (name, found) in runs().iter().filter(|(name, _)| *name == "terminating") {
            let mut document: Value = serde_json::from_str(&found.json()).expect("JSON");
            empty(&mut document, list);
            let again = read_run(document.to_string().as_bytes());
            let again = again.unwrap_or_else(|why| panic!("{name} without {list}: {why:?}"));
            assert!(!again.tables().with_details().text(80, false).is_empty());
            // What has nothing to draw is no figure.
            assert!(again.sheets().len() >= 4 && again.figures().len() >= 3, "{list}");
        }
    }
}

fn empty(value: &mut Value, list: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| empty(item, list)),
        Value::Object(keys) => {
            for (key, below) in keys.iter_mut() {
                match below {
                    Value::Array(items) if key == list => items.clear(),
                    Value::Object(items) if key == list => items.clear(),
                    below => empty(below, list),
                }
            }
        }
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {}
    }
}
