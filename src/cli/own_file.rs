//! What stands where cutline keeps files and folders of its own.

use std::fs;
use std::path::Path;

/// Refuses what stands in the place of a file of our own and is none: a link would have us write somewhere else,
/// and a pipe keeps us waiting for ever. That there is nothing is fine.
pub(super) fn must_be_a_file(path: &Path) -> std::io::Result<()> {
    must_be(path, "file", fs::FileType::is_file)
}

/// The same of a folder.
pub(super) fn must_be_a_folder(path: &Path) -> std::io::Result<()> {
    must_be(path, "folder", fs::FileType::is_dir)
}

fn must_be(path: &Path, what: &str, is_it: impl Fn(&fs::FileType) -> bool) -> std::io::Result<()> {
    let kind = match fs::symlink_metadata(path) {
        Ok(found) => found.file_type(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if is_it(&kind) {
        return Ok(());
    }
    let found = if kind.is_symlink() { "a link" } else { "something else" };
    let path = path.display();
    Err(std::io::Error::other(format!(
        "{path} is {found}, where cutline keeps a {what} of its own; remove it"
    )))
}
