//! Texts from files and from standard input.

use std::io::Read;
use std::path::Path;

use anyhow::Context;

use crate::scenario::SizeLimit;

/// The name of a text and the text itself, cut off where it is too long to be taken.
pub(super) fn read_text(file: &Path, limit: SizeLimit) -> anyhow::Result<(String, Vec<u8>)> {
    let most = (limit.bytes() as u64).saturating_add(1);
    let mut text = Vec::new();
    if file == Path::new("-") {
        let standard_input = std::io::stdin().lock();
        standard_input.take(most).read_to_end(&mut text).context("standard input")?;
        return Ok(("<stdin>".into(), text));
    }
    let name = file.display().to_string();
    let opened = std::fs::File::open(file).with_context(|| format!("cannot read {name}"))?;
    let read = opened.take(most).read_to_end(&mut text);
    read.with_context(|| format!("cannot read {name}"))?;
    Ok((name, text))
}
