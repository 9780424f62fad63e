//! One process writes into an output folder at a time. The lock is a file that names its owner, held by the
//! system's lock on it: that goes with the process, however it ends, so a dead owner is known by its file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::own_file::must_be_a_file;
use super::{Failure, terminal};
use crate::scenario::Code;

const NAME: &str = ".cutline.lock";

/// Most of a lock file that is read.
const MOST_BYTES: u64 = 1_000;

/// A folder that is ours.
#[derive(Debug)]
pub(super) struct FolderLock {
    path: PathBuf,
    /// `None` where files cannot be locked, as on some network drives.
    file: Option<File>,
}

impl FolderLock {
    /// Errors: another process has it, or nothing can be written there.
    pub(super) fn take(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(NAME);
        let context = || format!("cannot write to {}", folder.display());
        let me = format!("process {} on {}", std::process::id(), host());
        loop {
            must_be_a_file(&path).with_context(context)?;
            let mut options = OpenOptions::new();
            let options = options.read(true).write(true).create(true).truncate(false);
            let mut file = options.open(&path).with_context(context)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(taken(folder, &owner(&mut file))),
                Err(TryLockError::Error(_)) => return Ok(FolderLock { path, file: None }),
            }
            let before = owner(&mut file);
            let written = file
                .set_len(0)
                .and_then(|()| file.rewind())
                .and_then(|()| file.write_all(me.as_bytes()));
            written.with_context(context)?;
            // The owner before may have removed the file between our opening and our locking it.
            let there = File::open(&path).map(|mut file| owner(&mut file));
            if there.is_ok_and(|there| there == me) {
                if !before.is_empty() {
                    let folder = folder.display();
                    terminal::complain(&format!(
                        "{folder} was left by {before}, which is gone; it is taken over"
                    ));
                }
                return Ok(FolderLock { path, file: Some(file) });
            }
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Removed while it is still locked, so nobody takes a file that goes away.
        let _ = std::fs::remove_file(&self.path);
        self.file = None;
    }
}

fn taken(folder: &Path, owner: &str) -> Failure {
    let owner = if owner.is_empty() { "another process" } else { owner };
    let folder = folder.display();
    let message = format!("{owner} writes to {folder}; wait for it, or give another --out");
    Failure::of(Code::FolderInUse, message)
}

/// What a lock file says, made harmless.
fn owner(file: &mut File) -> String {
    let mut bytes = Vec::new();
    // What cannot be read names nobody.
    let _ = file.take(MOST_BYTES).read_to_end(&mut bytes);
    crate::scenario::visible(String::from_utf8_lossy(&bytes).trim())
}

/// The name of this machine, for people.
fn host() -> String {
    let told = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let told = told.or_else(|| std::env::var("HOSTNAME").ok());
    let told = told.or_else(|| std::env::var("COMPUTERNAME").ok());
    told.map_or("this machine".to_string(), |name| name.trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_owner_who_is_named_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let lock = FolderLock::take(folder.path()).unwrap();
        let refused = FolderLock::take(folder.path()).unwrap_err().to_string();
        assert!(refused.contains(&format!("process {} on ", std::process::id())), "{refused}");
        drop(lock);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        FolderLock::take(folder.path()).unwrap();
    }

    #[test]
    fn the_lock_of_a_dead_process_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(NAME), "process 1 on elsewhere").unwrap();
        let _lock = FolderLock::take(folder.path()).unwrap();
        let text = std::fs::read_to_string(folder.path().join(NAME)).unwrap();
        assert!(text.starts_with(&format!("process {} on ", std::process::id())), "{text}");
    }
}
