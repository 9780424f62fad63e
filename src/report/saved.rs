//! Saved results → findings: what a run or a sweep wrote is read back whole, or refused with the place and a way
//! on. Nothing is guessed of a file that was cut off, edited, or written in another form.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use crate::scenario::Code;
use crate::study::{FORMAT, RunFindings, SweepFindings};

/// Why a text is no result that can be told again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Stable code.
    pub code: Code,
    /// Line and column, from 1, where it has a place.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub message: String,
    /// What helps.
    pub hint: &'static str,
}

/// Figures are at most so great, and unless they are 0 at least one so-manyth.
const MOST_FIGURE: f64 = 1e100;

const DAMAGED: Code = Code::DamagedResults;
const AGAIN: &str = "it was cut off or edited: take it from a copy, or run the scenario once more";

/// What every result of cutline begins with.
#[derive(Deserialize)]
struct Head {
    cutline: Option<String>,
    format: Option<u64>,
}

/// Reads what `RunFindings` has written as JSON.
pub fn read_run(text: &[u8]) -> Result<RunFindings, Unreadable> {
    read(text)
}

/// Reads what `SweepFindings` has written as JSON.
pub fn read_sweep(text: &[u8]) -> Result<SweepFindings, Unreadable> {
    let findings: SweepFindings = read(text)?;
    let paths = findings.paths.len();
    let values = findings.points.iter().map(|point| point.values.len());
    if let Some((number, count)) = (1..).zip(values).find(|(_, count)| *count != paths) {
        let message = format!("point {number} has {count} values, and {paths} paths vary");
        return Err(Unreadable { code: DAMAGED, place: None, message, hint: AGAIN });
    }
    Ok(findings)
}

fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Unreadable> {
    if text.iter().all(u8::is_ascii_whitespace) {
        let message = "there is nothing in it".to_owned();
        return Err(Unreadable { code: DAMAGED, place: None, message, hint: AGAIN });
    }
    let head = serde_json::from_slice::<Head>(text);
    let head = head.map_err(|error| match error.classify() {
        Category::Data => foreign(),
        Category::Syntax | Category::Eof | Category::Io => damaged(&error),
    })?;
    let (Some(cutline), Some(format)) = (head.cutline, head.format) else {
        return Err(foreign());
    };
    if format != u64::from(FORMAT) {
        return Err(other_format(&cutline, format));
    }
    let findings = serde_json::from_slice(text).map_err(|error| damaged(&error))?;
    let document: Value = serde_json::from_slice(text).map_err(|error| damaged(&error))?;
    match impossible(&document) {
        Some(figure) => {
            let message = format!("{figure:e} is beyond every figure that a run can have");
            Err(Unreadable { code: DAMAGED, place: None, message, hint: AGAIN })
        }
        None => Ok(findings),
    }
}

/// A number with which no chart could reckon, if there is one. What a run finds is far from it: times are between
/// nanoseconds and centuries, and money is less than 10³².
fn impossible(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64().filter(|figure| {
            *figure != 0.0 && !(1.0 / MOST_FIGURE..=MOST_FIGURE).contains(&figure.abs())
        }),
        Value::Array(items) => items.iter().find_map(impossible),
        Value::Object(fields) => fields.values().find_map(impossible),
        Value::Null | Value::Bool(_) | Value::String(_) => None,
    }
}

fn damaged(error: &serde_json::Error) -> Unreadable {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = format!("no result can be read: {}", text.strip_suffix(&place).unwrap_or(&text));
    let place = (error.line() > 0).then(|| (error.line(), error.column()));
    Unreadable { code: DAMAGED, place, message: super::names::shown(&message), hint: AGAIN }
}

fn foreign() -> Unreadable {
    Unreadable {
        code: Code::NoResults,
        place: None,
        message: "this is JSON, but no result of cutline: it has no `cutline` and no `format`"
            .to_owned(),
        hint: "give a folder that `cutline run` or `cutline sweep` has written",
    }
}

fn other_format(cutline: &str, format: u64) -> Unreadable {
    let cutline = super::names::shown(&super::names::shortened(cutline, 20));
    let hint = if format < u64::from(FORMAT) {
        "older forms have not all that charts need: run the scenario once more"
    } else {
        "take a cutline that is as new as the one that wrote it"
    };
    let message = format!(
        "it has form {format}, written by cutline {cutline}; cutline {} reads form {FORMAT} only",
        crate::study::VERSION
    );
    Unreadable { code: Code::OtherFormat, place: None, message, hint }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Told, sample};

    #[test]
    fn every_made_up_result_comes_back_as_it_was() {
        for (name, findings) in sample::gallery() {
            assert_eq!(read_run(findings.json().as_bytes()), Ok(findings), "{name}");
        }
        for findings in [sample::sweep(), sample::grid()] {
            assert_eq!(read_sweep(findings.json().as_bytes()), Ok(findings));
        }
    }

    #[test]
    fn a_text_that_is_cut_anywhere_is_refused_with_its_place() {
        let text = sample::run(vec![("msa", sample::unstable())]).json();
        for end in (1..text.trim_end().len()).step_by(211) {
            let refused = read_run(&text.as_bytes()[..end]).expect_err("it is cut");
            assert_eq!((refused.code, refused.place.is_some()), (DAMAGED, true), "{end}");
        }
        assert_eq!(read_run(b" \n").expect_err("nothing").code, DAMAGED);
    }

    #[test]
    fn what_is_of_another_form_or_of_no_cutline_is_told_apart() {
        let text = sample::three_layouts().json();
        for (to, code, word) in [
            ("\"format\": 1", Code::OtherFormat, "once more"),
            ("\"format\": 3", Code::OtherFormat, "as new"),
            ("\"fromat\": 2", Code::NoResults, "folder"),
            ("\"format\": \"2\"", Code::NoResults, "folder"),
        ] {
            let refused = read_run(text.replacen("\"format\": 2", to, 1).as_bytes());
            let refused = refused.expect_err(to);
            assert_eq!(refused.code, code);
            assert!(refused.hint.contains(word), "{refused:?}");
        }
        assert_eq!(read_run(b"[1]").expect_err("a list").code, Code::NoResults);
        assert_eq!(read_run(b"\x89PNG").expect_err("a picture").code, DAMAGED);
    }

    #[test]
    fn a_field_that_is_missing_or_of_another_kind_is_named() {
        let text = sample::three_layouts().json();
        for (from, to, word) in [
            ("\"converged\": true", "\"konverged\": true", "converged"),
            ("\"replications\": ", "\"replications\": -", "u32"),
            ("\"runs_ns\": [[", "\"runs_ns\": [[9007199254740993, 1], [", "no bucket begins"),
            ("\"buckets_per_octave\": 128", "\"buckets_per_octave\": 100", "octave"),
            ("\"simulated_seconds\": ", "\"simulated_seconds\": 1e999, \"x\": ", "out of range"),
        ] {
            let refused = read_run(text.replacen(from, to, 1).as_bytes()).expect_err(to);
            assert!(refused.place.is_some() && refused.message.contains(word), "{refused:?}");
        }
        for figure in [1e101, -f64::MAX, 5e-324] {
            let mut findings = sample::three_layouts();
            findings.layouts.0[1].1.cost.per_month = figure;
            let refused = read_run(findings.json().as_bytes()).expect_err("it is too great");
            assert!(refused.message.contains("beyond every figure"), "{refused:?}");
        }
        let mut findings = sample::grid();
        findings.points[4].values.pop();
        let refused = read_sweep(findings.json().as_bytes()).expect_err("a value is missing");
        assert_eq!(refused.message, "point 5 has 1 values, and 2 paths vary");
    }
}
