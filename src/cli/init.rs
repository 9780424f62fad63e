//! `cutline init`: a commented scenario to begin with, and beside it the schema that its first line names, by which an
//! editor knows the language without a network. Asks nothing, and overwrites nothing.

use std::path::Path;

use super::arguments::InitOptions;
use super::interrupt::Gently;
use super::templates::{TEMPLATES, Template};
use super::{Failure, Finding, deliver, terminal, write};
use crate::report::scenario_schema;
use crate::scenario::{Code, did_you_mean, read, visible};

/// As the first line of each template names it.
const SCHEMA: &str = "scenario.schema.json";

pub(super) fn execute(options: &InitOptions) -> Result<Finding, Failure> {
    if options.list {
        terminal::print(&list())?;
        return Ok(Finding::Fine);
    }
    let template = find(&options.template)?;
    if options.out == Path::new("-") {
        terminal::print(template.text)?;
        return Ok(Finding::Fine);
    }
    let written = write_beside_schema(template, &options.out)?;
    terminal::print(&written)?;
    Ok(Finding::Fine)
}

/// Every template with what it is about.
fn list() -> String {
    let line = |template: &Template| {
        let about = match read(template.text, template.name, &[], &|name| Err(name.to_string())) {
            Ok(reading) => reading.model.about,
            Err(refused) => unreachable!("a template ships whole: {refused}"),
        };
        format!("{:<9} {about}\n", template.name)
    };
    TEMPLATES.iter().map(line).collect()
}

fn find(name: &str) -> Result<&'static Template, Failure> {
    if let Some(found) = TEMPLATES.iter().find(|template| template.name == name) {
        return Ok(found);
    }
    let known = TEMPLATES.map(|template| template.name);
    let hint = did_you_mean(name, &known).unwrap_or_default();
    let message = format!("no template is called `{}`: {hint}", visible(name));
    Err(Failure::of(Code::UnknownTemplate, message))
}

/// Writes the template, and the schema unless there is one; answers with what is there now.
fn write_beside_schema(template: &Template, out: &Path) -> Result<String, Failure> {
    let shown = visible(&out.display().to_string());
    let Some(name) = out.file_name().and_then(|name| name.to_str()) else {
        let message =
            format!("--out {shown} is no name of a file; write one such as scenario.yaml");
        return Err(Failure::of(Code::BadFlag, message));
    };
    if name == SCHEMA {
        let message =
            format!("--out {shown} is the name of the schema; give the scenario another one");
        return Err(Failure::of(Code::BadFlag, message));
    }
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    refuse_existing(out)?;
    let gently = Gently::new();
    let made = write::prepare(folder)?;
    // Nobody else writes there from here on.
    refuse_existing(out)?;
    let mut files = vec![(name.to_string(), template.text.as_bytes().to_vec())];
    let schema = folder.join(SCHEMA);
    let beside = match std::fs::read_to_string(&schema) {
        Ok(text) if text == scenario_schema() => "is there already",
        Ok(_) => "is there already, from another version of cutline: `cutline schema` prints ours",
        Err(_) if is_there(&schema) => "is there already, and cannot be read",
        Err(_) => {
            files.push((SCHEMA.to_string(), scenario_schema().into_bytes()));
            "is new"
        }
    };
    deliver::write(folder, &files, "nothing was written")?;
    drop((made, gently));
    let schema = visible(&schema.strip_prefix(".").unwrap_or(&schema).display().to_string());
    Ok(format!(
        "{shown} is new: the template `{}`\n{schema} {beside}; editors complete and check {name} by it\n\
         next: cutline check {shown}\n",
        template.name
    ))
}

fn refuse_existing(file: &Path) -> Result<(), Failure> {
    if !is_there(file) {
        return Ok(());
    }
    let shown = visible(&file.display().to_string());
    let message = match file.is_dir() {
        true => format!("{shown} is a folder; give the name of a file in it with --out"),
        false => {
            format!("{shown} is there already, and stays as it is; give another name with --out")
        }
    };
    Err(Failure::of(Code::FileExists, message))
}

/// Whether anything has that name, a link that leads nowhere included.
fn is_there(file: &Path) -> bool {
    file.symlink_metadata().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_begins_with_the_schema_and_is_called_as_it_is() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/templates");
        let there = std::fs::read_dir(folder).unwrap().count();
        assert_eq!(there, TEMPLATES.len());
        for template in &TEMPLATES {
            let first = template.text.lines().next().unwrap();
            assert_eq!(first, format!("# yaml-language-server: $schema={SCHEMA}"));
            assert!(template.text.contains(&format!("\nname: {}\n", template.name)));
        }
        assert_eq!(list().lines().count(), TEMPLATES.len());
    }
}
