//! Where two runs part, as text: what came before in one column, then the two sides next to each other.

use super::names::{shortened, shown};
use crate::study::{Parting, TracedLine, Traces};
use crate::units::{Nanos, significant};

/// Columns of a time in front of what happens.
const TIME_COLUMNS: usize = 18;
/// Least and greatest width that is laid out for (columns).
const WIDTHS: (usize, usize) = (40, 160);
/// Between the two sides.
const RULE: &str = " │ ";

/// Two runs that are compared, for people.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// What the runs are called: file, edits, layout.
    pub names: [&'a str; 2],
    /// What is compared: the layout, or both where they differ.
    pub layout: &'a str,
    /// Number of the replication, from 1.
    pub replication: u32,
    /// Over how long.
    pub duration: Nanos,
}

/// What the comparison of two runs found, for a terminal of `width` columns. Every line ends in a newline.
pub fn parting_table(compared: &Compared, traces: &Traces, width: usize) -> String {
    let width = width.clamp(WIDTHS.0, WIDTHS.1);
    match traces {
        Traces::Same { moments } => {
            let moments = significant(*moments as f64, 15);
            let layout = shown(compared.layout);
            format!("{layout}: the same {moments} events over {}\n", compared.duration)
        }
        Traces::Part(parting) => parted(compared, parting, width),
    }
}

fn parted(compared: &Compared, parting: &Parting, width: usize) -> String {
    let number = significant(parting.number as f64, 15);
    let at = parting.sides.iter().filter_map(|lines| lines.first()).map(|line| line.time).min();
    let at = at.map_or(String::new(), |time| format!(", at {}", seconds(time)));
    let layout = shown(compared.layout);
    let replication = compared.replication;
    let mut text =
        format!("{layout}: the runs part at event {number}{at} of replication {replication}\n");
    if !parting.before.is_empty() {
        text += "\nbefore it, the same in both\n";
    }
    for line in &parting.before {
        let time = seconds(line.time);
        let words = wrapped(&shown(&line.words), width - TIME_COLUMNS);
        for (index, words) in words.iter().enumerate() {
            let time = if index == 0 { time.as_str() } else { "" };
            text += &format!("{time:>16}  {words}\n");
        }
    }
    let columns = (width - RULE.chars().count()) / 2;
    let [a, b] = &parting.sides;
    let rule = "─".repeat(columns);
    text += &format!(
        "\n{}",
        beside(
            &heading("A", compared.names[0], columns),
            &heading("B", compared.names[1], columns),
            columns
        )
    );
    text += &format!("{rule}─┼─{rule}\n");
    for index in 0..a.len().max(b.len()).max(1) {
        text += &beside(
            &cell(a.get(index), index, columns),
            &cell(b.get(index), index, columns),
            columns,
        );
    }
    text
}

fn heading(side: &str, name: &str, columns: usize) -> Vec<String> {
    wrapped(&format!("{side}: {}", shown(name)), columns)
}

/// One moment of a side; the first that is missing says that the run is over.
fn cell(line: Option<&TracedLine>, index: usize, columns: usize) -> Vec<String> {
    match line {
        Some(line) => {
            let mut lines = vec![seconds(line.time)];
            let words = wrapped(&shown(&line.words), columns - 2);
            lines.extend(words.iter().map(|words| format!("  {words}")));
            lines
        }
        None if index == 0 => vec!["nothing happens any more".to_owned()],
        None => Vec::new(),
    }
}

/// Two columns of lines, the shorter one filled up.
fn beside(left: &[String], right: &[String], columns: usize) -> String {
    let at = |lines: &[String], index: usize| lines.get(index).cloned().unwrap_or_default();
    let rows = (0..left.len().max(right.len())).map(|index| {
        let row = format!("{:<columns$}{RULE}{}", at(left, index), at(right, index));
        row.trim_end().to_owned() + "\n"
    });
    rows.collect()
}

/// To the nanosecond, in seconds: it is where the two can be told apart.
fn seconds(time: Nanos) -> String {
    format!("{}.{:09} s", time.0 / 1_000_000_000, time.0 % 1_000_000_000)
}

/// Lines of at most `columns` characters, cut at spaces; a longer word loses its middle.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let word = shortened(word, columns);
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= columns => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}
