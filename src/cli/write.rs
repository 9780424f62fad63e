//! Results into their folder: whole or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::Failure;
use super::lock::FolderLock;
use super::own_file::{must_be_a_file, must_be_a_folder};

/// The folder of a scenario's results: as asked, or `output/<scenario name>` with a safe name. `None` where none is
/// wanted.
pub(super) fn folder(asked: Option<&PathBuf>, scenario: &str) -> Option<PathBuf> {
    match asked {
        Some(folder) if folder == Path::new(NOWHERE) => None,
        Some(folder) => Some(folder.clone()),
        None => Some(Path::new("output").join(safe_name(scenario))),
    }
}

/// What `--out` is given where no files are wanted; a folder of this name is `./none`.
pub(super) const NOWHERE: &str = "none";

/// Where files are written, under the output folder, before they are all there.
const PART: &str = ".cutline.part";
/// The same folder once they are: from then on they only have to be moved.
const WHOLE: &str = ".cutline.whole";

/// A folder that can be written and that no other process writes to. What was made for it goes again if
/// nothing comes to stand in it.
#[derive(Debug)]
pub(super) struct Folder {
    lock: Option<FolderLock>,
    /// The folder and those above it that were not there before, innermost first.
    made: Vec<PathBuf>,
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.lock = None;
        for folder in &self.made {
            // A folder with results in it is not empty and stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Makes sure before a long run that the folder can be written, and that nobody else does.
pub(super) fn prepare(folder: &Path) -> Result<Folder, Failure> {
    let missing = |part: &&Path| !part.as_os_str().is_empty() && !part.exists();
    let made = folder.ancestors().take_while(missing);
    let mut guard = Folder { lock: None, made: made.map(Path::to_path_buf).collect() };
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    guard.lock = Some(FolderLock::take(folder)?);
    recover(folder).with_context(|| format!("cannot write to {}", folder.display()))?;
    Ok(guard)
}

/// Writes every file into a folder of its own first, then moves them all: a full disk or a signal leaves
/// what was there before. Whoever has the folder's lock calls this.
pub(super) fn write_all(folder: &Path, files: &[(String, Vec<u8>)]) -> anyhow::Result<()> {
    for (name, _) in files {
        let file = folder.join(name);
        anyhow::ensure!(!file.is_dir(), "cannot write {}: it is a folder", file.display());
    }
    let part = folder.join(PART);
    let staged = stage(&part, files).and_then(|()| {
        let whole = folder.join(WHOLE);
        fs::rename(&part, &whole).with_context(|| format!("cannot write {}", whole.display()))
    });
    if staged.is_err() {
        // What cannot be removed is so by the next run.
        let _ = fs::remove_dir_all(&part);
    }
    staged?;
    move_all(folder).with_context(|| format!("cannot write to {}", folder.display()))
}

/// Writes one file, whole or not at all; a link in its place is replaced, not followed.
pub(super) fn write_file(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let context = || format!("cannot write {}", file.display());
    let mut name = file.file_name().unwrap_or_default().to_os_string();
    name.push(".cutline.part");
    let part = file.with_file_name(name);
    must_be_a_file(&part).with_context(context)?;
    let written = fs::File::create(&part).and_then(|mut opened| {
        opened.write_all(bytes)?;
        opened.sync_all()?;
        fs::rename(&part, file)
    });
    if written.is_err() {
        // Half of it helps nobody.
        let _ = fs::remove_file(&part);
    }
    written.with_context(context)
}

/// Every file reaches the disk before any is moved: a power cut leaves no empty one under a good name.
fn stage(part: &Path, files: &[(String, Vec<u8>)]) -> anyhow::Result<()> {
    fs::create_dir(part).with_context(|| format!("cannot make {}", part.display()))?;
    // All of a system's open files are few.
    for files in files.chunks(4 * SYNCED_AT_ONCE) {
        let write = |(name, bytes): &(String, Vec<u8>)| {
            let path = part.join(name);
            let file = fs::File::create(&path).and_then(|mut file| {
                file.write_all(bytes)?;
                Ok(file)
            });
            let file = file.with_context(|| format!("cannot write {}", path.display()))?;
            Ok((path, file))
        };
        sync_files(&files.iter().map(write).collect::<anyhow::Result<Vec<_>>>()?)?;
    }
    sync_folder(part);
    Ok(())
}

/// Files that are on their way to the disk at once.
const SYNCED_AT_ONCE: usize = 16;

/// Puts files onto the disk, many at once: what waits at the same time is written in one go, and each by itself takes as
/// long as all of them.
fn sync_files(files: &[(PathBuf, fs::File)]) -> anyhow::Result<()> {
    let sync = |files: &[(PathBuf, fs::File)]| {
        files.iter().try_for_each(|(path, file)| {
            file.sync_all().with_context(|| format!("cannot write {}", path.display()))
        })
    };
    std::thread::scope(|scope| {
        let parts = files.chunks(files.len().div_ceil(SYNCED_AT_ONCE).max(1));
        let begun: Vec<_> = parts
            .map(|part| (part, std::thread::Builder::new().spawn_scoped(scope, move || sync(part))))
            .collect();
        begun.into_iter().try_for_each(|(part, thread)| match thread.map(|thread| thread.join()) {
            Ok(Ok(synced)) => synced,
            // Where there is no thread for it, it is done here.
            Ok(Err(_)) | Err(_) => sync(part),
        })
    })
}

/// Puts the names in a folder onto the disk, where the system has a way to.
fn sync_folder(folder: &Path) {
    // Some systems open no folders; what is written is whole all the same.
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
}

/// Moves files that are all there to their places. A link is replaced, not followed.
fn move_all(folder: &Path) -> std::io::Result<()> {
    let whole = folder.join(WHOLE);
    for entry in fs::read_dir(&whole)? {
        let entry = entry?;
        fs::rename(entry.path(), folder.join(entry.file_name()))?;
    }
    sync_folder(folder);
    fs::remove_dir(&whole)
}

/// Ends what a process that died in [`write_all`] began: files that are all there are moved, others go.
fn recover(folder: &Path) -> std::io::Result<()> {
    must_be_a_folder(&folder.join(PART))?;
    must_be_a_folder(&folder.join(WHOLE))?;
    if folder.join(WHOLE).is_dir() {
        move_all(folder)?;
    }
    match fs::remove_dir_all(folder.join(PART)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A name of the author's as one safe part of a path, distinct for distinct names: letters of any writing stay.
pub(super) fn safe_name(name: &str) -> String {
    /// File systems count bytes, and more comes behind it.
    const LONGEST: usize = 120;
    let plain = |character: char| character.is_alphanumeric() || "-_".contains(character);
    let mut kept = String::new();
    for character in name.chars().take(60) {
        let character = if plain(character) { character } else { '-' };
        if kept.len() + character.len_utf8() <= LONGEST {
            kept.push(character);
        }
    }
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
        let names =
            ["../../etc/x", "/abs", "..", ".", "", "con", "a\0b", "a\nb", "né", "ne\u{301}", "ne"];
        let safe: Vec<String> = names.iter().map(|name| safe_name(name)).collect();
        for (index, name) in safe.iter().enumerate() {
            assert!(!name.is_empty() && !name.contains(['/', '.', '\0', '\n']), "{name}");
            assert!(!safe[..index].contains(name), "{name} twice");
        }
        assert!(safe_name(&"x".repeat(300)).len() < 80);
        assert_eq!(safe_name("größe"), "größe");
        assert!(safe_name("注文 サービス").starts_with("注文-サービス-"));
        assert!(safe_name(&"測".repeat(300)).len() < 140);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"x").unwrap();
        let error = prepare(&file.join("below")).unwrap_err();
        assert!(error.to_string().contains("below"), "{error}");
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

    /// Names in the folder, sorted.
    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    fn files() -> [(String, Vec<u8>); 2] {
        [("a.csv".to_string(), b"1".to_vec()), ("b.json".to_string(), b"2".to_vec())]
    }

    #[test]
    fn files_appear_under_their_names_only() {
        let folder = tempfile::tempdir().unwrap();
        write_all(folder.path(), &files()).unwrap();
        assert_eq!(names(folder.path()), ["a.csv", "b.json"]);
    }

    #[test]
    fn more_files_than_are_written_at_once_are_all_there() {
        let folder = tempfile::tempdir().unwrap();
        let files: Vec<(String, Vec<u8>)> = (0..9 * SYNCED_AT_ONCE)
            .map(|number| (format!("{number:03}"), vec![7; number]))
            .collect();
        write_all(folder.path(), &files).unwrap();
        for (name, bytes) in &files {
            assert_eq!(fs::read(folder.path().join(name)).unwrap(), *bytes, "{name}");
        }
        assert_eq!(names(folder.path()).len(), files.len());
        sync_files(&[]).unwrap();
    }

    #[test]
    fn one_file_is_written_whole_in_place_of_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.json");
        fs::write(&file, "before").unwrap();
        write_file(&file, b"after").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"after");
        let error = write_file(&folder.path().join("x/y.json"), b"1").unwrap_err();
        assert!(error.to_string().contains("y.json"), "{error}");
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn no_folder_is_asked_for_by_its_word_only() {
        let folder = |asked: &str| folder(Some(&PathBuf::from(asked)), "x");
        assert_eq!(folder("none"), None);
        assert_eq!(folder("./none"), Some(PathBuf::from("./none")));
        assert_eq!(super::folder(None, "none"), Some(PathBuf::from("output/none")));
    }

    #[test]
    fn what_cannot_be_written_whole_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.csv"), "before").unwrap();
        fs::create_dir(folder.path().join("b.json")).unwrap();
        write_all(folder.path(), &files()).unwrap_err();
        let missing = [("a.csv".to_string(), b"1".to_vec()), ("x/y".to_string(), b"2".to_vec())];
        write_all(folder.path(), &missing).unwrap_err();
        assert_eq!(names(folder.path()), ["a.csv", "b.json"]);
        assert_eq!(fs::read(folder.path().join("a.csv")).unwrap(), b"before");
    }

    #[test]
    fn what_a_dead_process_has_written_whole_is_moved_and_a_part_goes() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.csv"), "before").unwrap();
        stage(&folder.path().join(PART), &files()).unwrap();
        drop(prepare(folder.path()).unwrap());
        assert_eq!(names(folder.path()), ["a.csv"]);
        stage(&folder.path().join(WHOLE), &files()).unwrap();
        // It died after its first file.
        fs::remove_file(folder.path().join(WHOLE).join("a.csv")).unwrap();
        drop(prepare(folder.path()).unwrap());
        assert_eq!(names(folder.path()), ["a.csv", "b.json"]);
        assert_eq!(fs::read(folder.path().join("a.csv")).unwrap(), b"before");
    }
}
