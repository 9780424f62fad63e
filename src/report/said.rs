//! What `check` says of a scenario, for other programs: as one JSON document, and as annotations of GitHub.

use std::collections::BTreeMap;

use serde::Serialize;

use super::json::json;
use crate::model::Span;
use crate::plan::{Forecast, Plan, Remark};
use crate::scenario::{Code, Diagnostic, Severity, Sources, visible};
use crate::study::Diagnosis;

/// A mistake, a warning or a remark. What has no place has no file and no line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Said {
    code: Code,
    severity: String,
    message: String,
    #[serde(flatten)]
    place: Option<SaidPlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// Of which layout it is said, where it is of one alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    layout: Option<String>,
    /// Other places that matter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<SaidAlso>,
}

/// Where something stands; lines and columns from 1, columns in characters, the end behind the last one.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct SaidPlace {
    file: String,
    line: u32,
    column: u32,
    end_column: u32,
}

/// Another place, and what it has to do with it.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct SaidAlso {
    #[serde(flatten)]
    place: SaidPlace,
    message: String,
}

impl Said {
    /// As `render` draws it.
    pub fn of(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let also = diagnostic.secondary.iter().filter_map(|(span, text)| {
            Some(SaidAlso { place: place(*span, sources)?, message: visible(text) })
        });
        let label = Some(&diagnostic.label).filter(|label| !label.is_empty());
        let hint = diagnostic.hint.as_ref().or(label).map(|hint| visible(hint));
        let place = place(diagnostic.span, sources);
        Said {
            place,
            hint,
            also: also.collect(),
            ..Said::new(diagnostic.code, &diagnostic.message)
        }
    }

    /// What is said of a layout.
    pub fn of_layout(remark: &Remark, layout: &str) -> Self {
        Said { layout: Some(layout.to_string()), ..Said::new(remark.code, &remark.message) }
    }

    /// What is said of the run as a whole.
    pub fn of_run(diagnosis: &Diagnosis) -> Self {
        Said::new(diagnosis.code, &diagnosis.message)
    }

    fn new(code: Code, message: &str) -> Self {
        let severity = code.severity().to_string();
        let message = visible(message);
        Said { code, severity, message, place: None, hint: None, layout: None, also: Vec::new() }
    }
}

fn place(span: Span, sources: &Sources) -> Option<SaidPlace> {
    sources.line(span.source, span.line)?;
    Some(SaidPlace {
        file: visible(sources.name(span.source)),
        line: span.line,
        column: span.column,
        end_column: span.column + span.length.max(1),
    })
}

/// What arithmetic says of a layout's load.
#[derive(Serialize)]
struct SaidLoad<'a> {
    offered_per_second: f64,
    overloaded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    saturates_first: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saturates_at_per_second: Option<f64>,
    /// Busy share of each resource, the busiest first.
    utilisation: Vec<SaidUtilisation<'a>>,
}

#[derive(Serialize)]
struct SaidUtilisation<'a> {
    resource: &'a str,
    share: f64,
}

#[derive(Serialize)]
struct SaidOfAll<'a> {
    diagnostics: &'a [Said],
    layouts: BTreeMap<&'a str, SaidLoad<'a>>,
}

/// One JSON document: everything that is said, and the load of each layout where nothing is mistaken.
pub fn check_json(said: &[Said], plans: &[(Plan, Forecast)]) -> String {
    let layouts = plans.iter().map(|(plan, forecast)| (plan.layout.as_str(), load(forecast)));
    json(&SaidOfAll { diagnostics: said, layouts: layouts.collect() })
}

fn load(forecast: &Forecast) -> SaidLoad<'_> {
    let each = forecast.loads.iter();
    SaidLoad {
        offered_per_second: forecast.offered_per_second,
        overloaded: forecast.overload().is_some(),
        saturates_first: forecast.bottleneck().map(|load| load.resource.as_str()),
        saturates_at_per_second: forecast.saturates_at(),
        utilisation: each
            .map(|load| SaidUtilisation { resource: &load.resource, share: load.utilisation })
            .collect(),
    }
}

/// A line for each thing that is said, as GitHub takes it from the output of a job.
pub fn check_github(said: &[Said]) -> String {
    said.iter().map(annotation).collect()
}

/// `::error file=…,line=…,col=…,endColumn=…,title=…::…`
fn annotation(said: &Said) -> String {
    let command = match said.code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Remark => "notice",
    };
    let place = said.place.as_ref().map_or(String::new(), |place| {
        let SaidPlace { file, line, column, end_column } = place;
        let file = property(file);
        format!("file={file},line={line},col={column},endColumn={end_column},")
    });
    let layout = said.layout.as_ref().map_or(String::new(), |layout| format!("{layout}: "));
    let hint = said.hint.as_ref().map_or(String::new(), |hint| format!("\n{hint}"));
    let message = data(&format!("{layout}{}{hint}", said.message));
    format!("::{command} {place}title={}::{message}\n", property(said.code.text()))
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> Vec<Said> {
        let mut sources = Sources::default();
        sources.add("a,b.yaml", "x: 1\ny: 100%\n");
        let span = |line, column| Span { source: 0, line, column, length: 4 };
        let mistake = Diagnostic::new(Code::BadValue, "50% is: no value", span(2, 4))
            .hint("write 1")
            .also(span(1, 1), "as here");
        let remark = Remark { code: Code::CallBack, message: "it calls back".to_string() };
        vec![Said::of(&mistake, &sources), Said::of_layout(&remark, "one")]
    }

    #[test]
    fn an_annotation_has_its_place_and_nothing_in_it_ends_it_early() {
        let lines = check_github(&told());
        let expected = "::error file=a%2Cb.yaml,line=2,col=4,endColumn=8,title=bad-value::50%25 is: no value%0Awrite 1\n\
                        ::notice title=call-back::one: it calls back\n";
        assert_eq!(lines, expected);
    }

    #[test]
    fn the_document_has_every_part_of_what_is_said() {
        let document: serde_json::Value = serde_json::from_str(&check_json(&told(), &[])).unwrap();
        let first = &document["diagnostics"][0];
        assert_eq!(
            *first,
            serde_json::json!({
                "code": "bad-value", "severity": "error", "message": "50% is: no value", "file": "a,b.yaml",
                "line": 2, "column": 4, "end_column": 8, "hint": "write 1",
                "also": [{ "file": "a,b.yaml", "line": 1, "column": 1, "end_column": 5, "message": "as here" }],
            })
        );
        let second = &document["diagnostics"][1];
        assert_eq!((&second["layout"], &second["severity"]), (&"one".into(), &"remark".into()));
        assert!(second.get("line").is_none() && second.get("hint").is_none());
    }
}
