//! Signals: SIGINT, SIGTERM and SIGHUP end the program at once, but for the time in which something is simulated or
//! written. Then the first one asks for an orderly end, and the second one ends the program.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::Failure;

/// Whether the next signal ends the program.
static AT_ONCE: AtomicBool = AtomicBool::new(true);
/// Whether a signal has come.
static CAME: AtomicBool = AtomicBool::new(false);
/// Which one came.
static SIGNAL: AtomicUsize = AtomicUsize::new(0);
/// Set when a file grows beyond the size that the shell allows; the write itself tells it.
#[cfg(unix)]
static TOO_LARGE_A_FILE: AtomicBool = AtomicBool::new(false);

/// Listens from now on. Where the system does not allow it, signals do what they always do.
pub(super) fn listen() {
    for signal in signals() {
        // The order matters: a first signal must find `AT_ONCE` as it was.
        let _ = flag::register_conditional_shutdown(signal, 128 + signal, &AT_ONCE)
            .and_then(|_| flag::register(signal, &AT_ONCE))
            .and_then(|_| flag::register_usize(signal, &SIGNAL, signal.unsigned_abs() as usize))
            .and_then(|_| flag::register(signal, &CAME));
    }
    // Without a handler this signal would kill the program before it can say which file is too large.
    #[cfg(unix)]
    let _ = flag::register(signal_hook::consts::SIGXFSZ, &TOO_LARGE_A_FILE);
}

/// Those that ask for an end. A terminal that closes asks too, unless the program was started to outlive it.
fn signals() -> Vec<i32> {
    let mut signals = vec![SIGINT, SIGTERM];
    #[cfg(unix)]
    if !outlives_terminal() {
        signals.push(signal_hook::consts::SIGHUP);
    }
    signals
}

/// Whether the signal of a closing terminal is ignored, as `nohup` has it; known where the system tells it.
#[cfg(unix)]
fn outlives_terminal() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // The first bit is of the signal with number 1, which is this one.
    mask.is_some_and(|mask| mask & 1 == 1)
}

/// As long as it lives, a first signal only sets [`flag`].
pub(super) struct Gently(());

impl Gently {
    pub(super) fn new() -> Self {
        AT_ONCE.store(false, Ordering::SeqCst);
        Gently(())
    }
}

impl Drop for Gently {
    fn drop(&mut self) {
        AT_ONCE.store(true, Ordering::SeqCst);
    }
}

/// Set by the first signal.
pub(super) fn stop() -> &'static AtomicBool {
    &CAME
}

/// Ends a command after a signal; `kept` says what of its work is there.
pub(super) fn check(kept: &str) -> Result<(), Failure> {
    if CAME.load(Ordering::SeqCst) { Err(interrupted(kept)) } else { Ok(()) }
}

/// The end of a command that was stopped.
pub(super) fn interrupted(kept: &str) -> Failure {
    Failure::Interrupted(format!("interrupted: {kept}"))
}

/// Exit code of a program that a signal has ended, as shells count.
pub(super) fn exit_code() -> u8 {
    128 + SIGNAL.load(Ordering::SeqCst) as u8
}
