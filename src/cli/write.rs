//! Results into their folder: whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// The folder of a scenario's results: as asked, or `output/<scenario name>` with a safe name.
pub(super) fn folder(asked: Option<&PathBuf>, scenario: &str) -> PathBuf {
    asked.cloned().unwrap_or_else(|| Path::new("output").join(safe_name(scenario)))
}

/// A folder that can be written. What was made for it goes again if nothing comes to stand in it.
#[derive(Debug)]
pub(super) struct Folder {
    /// The folder and those above it that were not there before, innermost first.
    made: Vec<PathBuf>,
}

impl Drop for Folder {
    fn drop(&mut self) {
        for folder in &self.made {
            // A folder with results in it is not empty and stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Makes sure before a long run that the folder can be written.
pub(super) fn prepare(folder: &Path) -> anyhow::Result<Folder> {
    let missing = |part: &&Path| !part.as_os_str().is_empty() && !part.exists();
    let made = folder.ancestors().take_while(missing);
    let guard = Folder { made: made.map(Path::to_path_buf).collect() };
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let probe = folder.join(format!(".cutline-probe.{}", std::process::id()));
    fs::write(&probe, b"").with_context(|| format!("cannot write to {}", folder.display()))?;
    fs::remove_file(&probe).with_context(|| format!("cannot write to {}", folder.display()))?;
    Ok(guard)
}

/// Writes every file under a temporary name first and renames them together: a full disk leaves what was
/// there before, and two runs into one folder leave the results of one of them.
pub(super) fn write_all(folder: &Path, files: &[(String, Vec<u8>)]) -> anyhow::Result<()> {
    let mut written = Vec::new();
    for (name, bytes) in files {
        let temporary = folder.join(format!(".{name}.{}.part", std::process::id()));
        if let Err(error) = fs::write(&temporary, bytes) {
            let _ = fs::remove_file(&temporary);
            remove_all(&written);
            return Err(error)
                .with_context(|| format!("cannot write {}", folder.join(name).display()));
        }
        written.push(temporary);
    }
    // Where a folder cannot be locked, only two runs at the same instant could mix.
    let lock = fs::File::open(folder).and_then(|folder| folder.lock().map(|()| folder));
    for (temporary, (name, _)) in written.iter().zip(files) {
        let file = folder.join(name);
        fs::rename(temporary, &file).with_context(|| format!("cannot write {}", file.display()))?;
    }
    drop(lock);
    Ok(())
}

/// Leftovers of a failed write; what cannot be removed does no harm.
fn remove_all(files: &[PathBuf]) {
    for file in files {
        let _ = fs::remove_file(file);
    }
}

/// A scenario's name as one safe part of a path, distinct for distinct names.
fn safe_name(name: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    let kept: String = name
        .chars()
        .take(60)
        .map(|character| if plain(character) { character } else { '-' })
        .collect();
    let reserved = ["con", "prn", "aux", "nul"].contains(&kept.to_ascii_lowercase().as_str());
    if kept == name && !kept.is_empty() && !reserved {
        return kept;
    }
    let hash = crate::random::Key(0).named(name).0;
    format!("{}-{hash:08x}", kept.trim_matches('-'), hash = hash as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_one_part_of_a_path_and_stay_distinct() {
        assert_eq!(safe_name("online-boutique"), "online-boutique");
        let names = ["../../etc/x", "/abs", "..", ".", "", "con", "a\0b", "a\nb", "né", "ne"];
        let safe: Vec<String> = names.iter().map(|name| safe_name(name)).collect();
        for (index, name) in safe.iter().enumerate() {
            assert!(!name.is_empty() && !name.contains(['/', '.', '\0', '\n']), "{name}");
            assert!(!safe[..index].contains(name), "{name} twice");
        }
        assert!(safe_name(&"x".repeat(300)).len() < 80);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"x").unwrap();
        let error = prepare(&file.join("below")).unwrap_err();
        assert!(format!("{error:#}").contains("below"), "{error:#}");
    }

    #[test]
    fn what_was_made_for_nothing_goes_again_and_what_was_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        drop(prepare(&folder.path().join("a/b")).unwrap());
        assert!(!folder.path().join("a").exists() && folder.path().exists());
        let kept = prepare(&folder.path().join("c")).unwrap();
        fs::write(folder.path().join("c/x"), b"x").unwrap();
        drop(kept);
        assert!(folder.path().join("c/x").exists());
    }

    #[test]
    fn files_appear_under_their_names_only() {
        let folder = tempfile::tempdir().unwrap();
        let files = [("a.csv".to_string(), b"1".to_vec()), ("b.json".to_string(), b"2".to_vec())];
        write_all(folder.path(), &files).unwrap();
        let mut names: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["a.csv", "b.json"]);
    }
}
