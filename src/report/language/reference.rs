//! The reference of every field of a scenario, as Markdown: docs/reference.md and a page for each part of a scenario.

use std::collections::BTreeMap;

use super::places::{LAW, ROOT, Standing, places};
use super::schema::slug;
use super::values::NOTATIONS;
use crate::model::default_value;
use crate::scenario::{ANOTHER_KEY, Field, Form, LeftOut, Shape, fields, text_forms};

/// The page that leads to the others, in `docs`.
const INDEX: &str = "reference.md";

/// The other pages, in `docs/reference`: name, title, and the form that each begins with. A form stands on the page of
/// the last of these that comes before it in the list of forms.
const PAGES: [(&str, &str, &str); 7] = [
    ("application", "The application: modules, tables, third parties", "application"),
    ("steps", "Steps of an operation, and statements", "step"),
    ("distributions", "Distributions of a time", LAW),
    ("workload", "The workload: endpoints and arrivals", "workload"),
    ("layouts", "Layouts: services, databases, storage, machines", "layout"),
    ("platform", "The platform: prices, nodes, network, protocols", "platform"),
    ("run", "Runs, promises, studies and limits", "run"),
];

const HEAD: &str = "| field | is | left out | says |\n|---|---|---|---|\n";

/// Every page: its path in `docs`, and its text.
pub fn reference_pages() -> Vec<(String, String)> {
    let reference = Reference::new();
    let page = |(name, title, _): &(&'static str, &str, &str)| {
        (format!("reference/{name}.md"), reference.page(name, title))
    };
    let mut pages = vec![(INDEX.to_string(), reference.index())];
    pages.extend(PAGES.iter().map(page));
    pages
}

struct Reference {
    forms: Vec<&'static Form>,
    places: BTreeMap<&'static str, Standing>,
    /// The page of each form.
    page_of: BTreeMap<&'static str, &'static str>,
}

impl Reference {
    fn new() -> Self {
        let forms = fields();
        let places = places(&forms);
        let mut page_of = BTreeMap::new();
        let mut page = ROOT;
        for form in &forms {
            if let Some((name, ..)) = PAGES.iter().find(|(_, _, first)| *first == form.name) {
                page = name;
            }
            page_of.insert(form.name, page);
        }
        Reference { forms, places, page_of }
    }

    fn index(&self) -> String {
        let mut text = "# Reference of a scenario\n\n\
             Every field that a scenario may have, made from the table that scenarios are read by: `cutline schema` \
             prints the same\nfor editors. *Left out* says what holds where a field is not written: a default with how \
             well it is known and where it is\nfrom ([data/defaults.csv](../data/defaults.csv), and for one scenario \
             `cutline explain`), or what else. **Must be there**\nmeans that the scenario cannot be read without. In \
             paths, as `--set` and `--vary` take them, `NAME` is a name of yours and\n`N` a position in a list, from \
             0.\n\n"
            .to_string();
        text += "## How values are written\n\n| value | written |\n|---|---|\n";
        for kind in NOTATIONS {
            text += &format!("| {} | {} |\n", kind.name, kind.written);
        }
        text += "| name | what something is called, here or elsewhere in the file; a word in quotes is the same word |\n";
        text += "\n## The whole file\n\n";
        text += HEAD;
        let root = self.forms.iter().find(|form| form.name == ROOT);
        for field in root.iter().flat_map(|form| form.fields) {
            text += &self.row(field, ROOT);
        }
        text += &root.map_or(String::new(), |form| not_built(form));
        for (page, title, _) in PAGES {
            let links = self.forms.iter().filter(|form| self.page_of[form.name] == page);
            let links: Vec<String> = links.map(|form| self.link(form.name, ROOT)).collect();
            text += &format!("\n**[{title}](reference/{page}.md)**: {}.\n", links.join(", "));
        }
        text
    }

    fn page(&self, page: &'static str, title: &str) -> String {
        let mut text = format!(
            "# {title}\n\nOf the [reference](../{INDEX}), which also says [how values are \
             written](../{INDEX}#how-values-are-written).\n"
        );
        for form in self.forms.iter().filter(|form| self.page_of[form.name] == page) {
            text += &format!("\n## {}\n\n{}\n\n{HEAD}", form.name, self.stands(form, page));
            for field in form.fields {
                text += &self.row(field, page);
            }
            text += &not_built(form);
            if form.name == LAW {
                text += &text_laws();
            }
        }
        text
    }

    /// In a sentence: where a form stands, and that it is chosen by one key if it is.
    fn stands(&self, form: &Form, page: &str) -> String {
        /// From so many on, a list of paths says less than the fields.
        const MANY: usize = 4;
        let Standing { path, fields } = &self.places[form.name];
        let mut text = format!("Stands at `{path}`");
        let mut others: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (other, field) in fields.iter().skip(usize::from(fields.len() < MANY)) {
            others.entry(other).or_default().push(format!("`{field}`"));
        }
        if fields.len() >= MANY {
            text = format!("Stands at `{path}` and wherever else one is asked for");
        }
        let others: Vec<String> = others
            .into_iter()
            .map(|(other, fields)| {
                format!("{} of {}", listed(&fields, "and"), self.link(other, page))
            })
            .collect();
        match others.as_slice() {
            [] => {}
            others if fields.len() >= MANY => text += &format!(": {}", others.join("; ")),
            others => text += &format!(", and as {}", others.join("; ")),
        }
        text += ".";
        if form.one_of {
            text += " A map with exactly one of these keys:";
        }
        text
    }

    fn row(&self, field: &Field, page: &str) -> String {
        let shape = self.shape(&field.shape, page);
        let cells = [&format!("`{}`", field.name), &shape, &left_out(field.left_out), field.help];
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        format!("| {} |\n", cells.join(" | "))
    }

    /// A form's name that leads to it. `page`: where that is written.
    fn link(&self, form: &str, page: &str) -> String {
        let target = self.page_of.get(form).copied().unwrap_or(ROOT);
        let anchor = slug(form);
        let file = match (page, target) {
            (here, there) if here == there => String::new(),
            (ROOT, there) => format!("reference/{there}.md"),
            (_, ROOT) => format!("../{INDEX}"),
            (_, there) => format!("{there}.md"),
        };
        let anchor = if target == ROOT { "the-whole-file".to_string() } else { anchor };
        format!("[{form}]({file}#{anchor})")
    }

    fn shape(&self, shape: &Shape, page: &str) -> String {
        match shape {
            Shape::Text => "text".to_string(),
            Shape::Name => "name".to_string(),
            Shape::Truth => "`true` or `false`".to_string(),
            Shape::Whole => "count".to_string(),
            Shape::Number => "number".to_string(),
            Shape::Share => "share".to_string(),
            Shape::Size => "size".to_string(),
            Shape::Duration => "time".to_string(),
            Shape::Rate => "rate".to_string(),
            Shape::Bandwidth => "bandwidth".to_string(),
            Shape::Law => format!("law: time or {}", self.link(LAW, page)),
            Shape::Word(words) => alternatives(words),
            Shape::Map(form) => self.link(form, page),
            Shape::Named(inner) => format!("map: for each name {}", self.shape(inner, page)),
            Shape::Keyed(words, inner) => {
                let inner = self.shape(inner, page);
                format!("map: one of {} with its {inner}", alternatives(words))
            }
            Shape::List(inner) => format!("list, each {}", self.shape(inner, page)),
            Shape::Either(several) => {
                let several: Vec<String> =
                    several.iter().map(|one| self.shape(one, page)).collect();
                several.join(", or ")
            }
            Shape::Nothing => "nothing".to_string(),
        }
    }
}

fn alternatives(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    listed(&words, "or")
}

/// `a, b or c`.
fn listed(words: &[String], last: &str) -> String {
    match words {
        [all @ .., end] if !all.is_empty() => format!("{} {last} {end}", all.join(", ")),
        words => words.concat(),
    }
}

/// What holds where a field is not written.
fn left_out(left_out: LeftOut) -> String {
    match left_out {
        LeftOut::Missed => "**must be there**".to_string(),
        LeftOut::MissedWithout(other) => format!("**must be there** without `{other}`"),
        LeftOut::Means(ANOTHER_KEY) => String::new(),
        LeftOut::Means(words) => words.to_string(),
        LeftOut::Default(key) => default(key, ""),
        LeftOut::DefaultOf(pattern, words) => {
            let of = |word: &&str| default(&pattern.replace('*', word), &format!("`{word}`: "));
            words.iter().map(of).collect::<Vec<_>>().join("<br>")
        }
    }
}

/// A default with how well it is known, and from where.
fn default(key: &str, before: &str) -> String {
    let default = default_value(key);
    let note = if default.note.is_empty() { "" } else { "; " };
    let known = format!("{}: {}{note}{}", default.confidence, default.source, default.note);
    format!("{before}`{}`, {known}", default.value)
}

fn not_built(form: &Form) -> String {
    if form.not_built.is_empty() {
        return String::new();
    }
    format!(
        "\nNot built yet, and refused: {}.\n",
        alternatives(form.not_built).replace(" or ", ", ")
    )
}

/// The texts that mean the same as the maps of laws.
fn text_laws() -> String {
    let laws = text_forms().iter().map(|(law, names)| format!("`{law}({})`", names.join(", ")));
    format!(
        "\nAs a text, with what may stand there without its name in order, and any parameter with its name before it \
         (`lognormal(p50 2ms, p99 15ms)`):\n{}.\n",
        laws.collect::<Vec<_>>().join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_every_form_has_a_row_and_every_default_its_source() {
        let pages = reference_pages();
        let text: String = pages.iter().map(|(_, text)| text.as_str()).collect();
        let rows = text.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, fields().iter().map(|form| form.fields.len()).sum::<usize>());
        for form in fields().iter().filter(|form| form.name != ROOT) {
            assert!(text.contains(&format!("\n## {}\n", form.name)), "{}", form.name);
        }
        for (law, _) in text_forms() {
            assert!(text.contains(&format!("`{law}(")), "{law}");
        }
        let iops = default_value("storage.gp3.iops");
        assert!(
            text.contains(&format!(
                "`gp3`: `{}`, {}: {}",
                iops.value, iops.confidence, iops.source
            ))
        );
    }

    #[test]
    fn pages_are_short_enough_to_read_and_their_links_lead_to_headings() {
        let pages = reference_pages();
        for (path, text) in &pages {
            assert!(text.lines().count() <= 400, "{path}");
            assert!(
                text.lines()
                    .filter(|line| line.starts_with('|'))
                    .all(|line| { line.replace("\\|", "").matches('|').count() % 2 == 1 })
            );
            for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
                let file = match file {
                    "" => path.clone(),
                    "../data/defaults.csv" => continue,
                    "../reference.md" => INDEX.to_string(),
                    file => format!("reference/{}", file.trim_start_matches("reference/")),
                };
                let page = pages.iter().find(|(path, _)| *path == file);
                let (_, page) = page.unwrap_or_else(|| panic!("{path}: {target}"));
                let known = page.lines().filter_map(|line| line.strip_prefix("## "));
                assert!(
                    anchor.is_empty() || known.map(slug).any(|known| known == anchor),
                    "{target}"
                );
            }
        }
    }
}
