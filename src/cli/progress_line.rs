//! How far a study has come, told on standard error while it runs: a bar on a terminal, elsewhere a line now and then.

use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use super::terminal::complain;
use crate::scenario::visible;
use crate::study::{Diagnosis, Progress, WorkLog, WorkSeen};

/// Between two looks at how far it is, on a terminal and elsewhere.
const LOOK_ON_TERMINAL: Duration = Duration::from_millis(120);
const LOOK_ELSEWHERE: Duration = Duration::from_secs(10);
/// Nothing is foretold from less (s): the first moments are of reading and of warming up.
const LEAST_TO_FORETELL: f64 = 1.0;
/// Parts of a whole bar.
const PARTS: u64 = 1_000;

/// Tells how far a study has come, until it is finished or dropped.
pub(super) struct ProgressLine {
    told: Arc<ToldWork>,
    /// Who looks now and then, and what ends that.
    looking: Mutex<Option<(Sender<()>, JoinHandle<()>)>>,
    is_told: bool,
    /// Whether it has warned: a sweep has many points.
    warned: AtomicBool,
}

/// What is told, and where.
struct ToldWork {
    log: WorkLog,
    doing: Mutex<String>,
    began: Instant,
    /// Hidden where there is no terminal.
    bar: ProgressBar,
    /// Whether it has told a share.
    has_share: AtomicBool,
}

impl ProgressLine {
    pub(super) fn new(quiet: bool) -> Self {
        let on_terminal = std::io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        let bar = match on_terminal && !quiet {
            true => ProgressBar::new(PARTS),
            false => ProgressBar::hidden(),
        };
        style(&bar, WITHOUT_SHARE);
        let told = Arc::new(ToldWork {
            log: WorkLog::new(),
            doing: Mutex::new(String::new()),
            began: Instant::now(),
            bar,
            has_share: AtomicBool::new(false),
        });
        let looking = match (quiet, on_terminal) {
            (true, _) => None,
            (false, true) => every(LOOK_ON_TERMINAL, &told, ToldWork::draw),
            (false, false) => every(LOOK_ELSEWHERE, &told, |told| complain(&told.line())),
        };
        ProgressLine {
            told,
            looking: Mutex::new(looking),
            is_told: !quiet,
            warned: AtomicBool::new(false),
        }
    }

    /// Removes the bar, and says no more.
    pub(super) fn finish(&self) {
        let looking = self.looking.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((end, thread)) = looking {
            drop(end);
            // It only ever tells; what it could not tell is no loss.
            let _ = thread.join();
        }
        self.told.bar.finish_and_clear();
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.finish();
    }
}

/// Does this on a thread of its own again and again, until its sender is dropped. Without a thread nothing is told.
fn every(
    pause: Duration,
    told: &Arc<ToldWork>,
    tell: fn(&ToldWork),
) -> Option<(Sender<()>, JoinHandle<()>)> {
    let (end, ended) = channel();
    let told = told.clone();
    let look = move || {
        while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
            tell(&told);
        }
    };
    Some((end, std::thread::Builder::new().spawn(look).ok()?))
}

/// What is seen while nothing says how much there is to do, and from then on.
const WITHOUT_SHARE: &str = "{spinner} {wide_msg} {elapsed}";
const WITH_SHARE: &str = "{spinner} {bar:24} {percent:>3} %{prefix} {wide_msg} {elapsed}";

fn style(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}

impl ToldWork {
    fn draw(&self) {
        let seen = self.log.look();
        if seen.work.planned > 0.0 && !self.has_share.swap(true, Ordering::Relaxed) {
            style(&self.bar, WITH_SHARE);
        }
        self.bar.set_position((seen.work.share() * PARTS as f64) as u64);
        self.bar.set_prefix(foretold(&seen, self.began.elapsed()));
        self.bar.set_message(self.doing());
        self.bar.tick();
    }

    fn line(&self) -> String {
        line(&self.log.look(), &self.doing(), self.began.elapsed())
    }

    fn doing(&self) -> String {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What follows the share that is done: `, about 20 seconds left, point 3 of 7`.
fn foretold(seen: &WorkSeen, elapsed: Duration) -> String {
    let mut text = String::new();
    let elapsed = elapsed.as_secs_f64();
    let left = seen.work.left(elapsed).filter(|_| elapsed >= LEAST_TO_FORETELL);
    if let Some(left) = left.and_then(|left| Duration::try_from_secs_f64(left).ok()) {
        let _ = write!(text, ", about {} left", HumanDuration(left));
    }
    if let Some((number, count)) = seen.place {
        let _ = write!(text, ", point {number} of {count}");
    }
    text
}

/// A line by itself: `cutline: 45 % done, about 20 seconds left: running grpc over 20 s`.
fn line(seen: &WorkSeen, doing: &str, elapsed: Duration) -> String {
    let share = 100.0 * seen.work.share();
    let mut text = match seen.work.done > 0.0 {
        true => format!("cutline: {share:.0} % done{}", foretold(seen, elapsed)),
        false => format!("cutline: after {}", HumanDuration(elapsed)),
    };
    if !doing.is_empty() {
        let _ = write!(text, ": {doing}");
    }
    text
}

impl Progress for ProgressLine {
    fn note(&self, text: &str) {
        *self.told.doing.lock().unwrap_or_else(PoisonError::into_inner) = visible(text);
    }

    fn warn(&self, warning: &Diagnosis) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            self.told.bar.suspend(|| complain(&warning.code.says(&warning.message)));
        }
    }

    fn stop(&self) -> &AtomicBool {
        super::interrupt::stop()
    }

    fn work_log(&self) -> Option<&WorkLog> {
        // Nobody looks where nothing is told, and what a sweep will take is then not worked out.
        self.is_told.then_some(&self.told.log)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::WorkDone;

    fn seen(done: f64, place: Option<(usize, usize)>) -> WorkSeen {
        WorkSeen { place, work: WorkDone { done, planned: 100.0 } }
    }

    #[test]
    fn a_line_says_what_is_done_what_is_left_and_at_which_point() {
        let after = |seconds| Duration::from_secs(seconds);
        assert_eq!(
            line(&seen(25.0, None), "running a over 20 s", after(10)),
            "cutline: 25 % done, about 30 seconds left: running a over 20 s"
        );
        assert_eq!(
            line(&seen(50.0, Some((3, 7))), "pilot of a over 1 s", after(600)),
            "cutline: 50 % done, about 10 minutes left, point 3 of 7: pilot of a over 1 s"
        );
        assert_eq!(
            line(&seen(0.0, None), "drawing charts", after(10)),
            "cutline: after 10 seconds: drawing charts"
        );
        // Too early to say more.
        assert_eq!(foretold(&seen(1.0, None), Duration::from_millis(500)), "");
    }

    #[test]
    fn it_is_told_again_and_again_until_it_is_finished() {
        let told = Arc::new(ToldWork {
            log: WorkLog::new(),
            doing: Mutex::new(String::new()),
            began: Instant::now(),
            bar: ProgressBar::hidden(),
            has_share: AtomicBool::new(false),
        });
        let count = |told: &ToldWork| told.doing.lock().unwrap().push('x');
        let (end, thread) = every(Duration::from_micros(1), &told, count).unwrap();
        while told.doing().len() < 3 {
            std::thread::yield_now();
        }
        drop(end);
        thread.join().unwrap();
        let before = told.doing();
        std::thread::yield_now();
        assert_eq!(told.doing(), before);
    }
}
