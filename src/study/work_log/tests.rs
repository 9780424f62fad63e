//! Courses are replayed: what was foretold of them at each moment is held against how long it then took.

use super::pilots::{ahead, sure_to_need};
use super::work::{RunWork, SideBySide, StudyWork, WorkStage};
use super::*;
use crate::units::Nanos;

/// How far off what is left may be foretold after the first third.
const FACTOR: f64 = 1.5;

/// A layout as it is, and as arithmetic has it.
#[derive(Clone, Copy)]
struct Layout {
    /// Events in a second of simulated time.
    events: f64,
    /// The same by arithmetic.
    expected: f64,
    /// What an event takes (ns).
    event_ns: f64,
}

/// A study that is replayed: time passes, and what was foretold is noted.
struct Replay {
    side_by_side: SideBySide,
    study: StudyWork,
    now: f64,
    /// Moments with what was said to be left (s).
    said: Vec<(f64, Option<f64>)>,
}

impl Replay {
    fn new(sizes: &[f64], replications: u32, threads: u32) -> Self {
        Replay {
            side_by_side: SideBySide { replications, threads },
            study: StudyWork::of_runs(sizes.to_vec()),
            now: 0.0,
            said: Vec::new(),
        }
    }

    fn begin_run(&mut self, layouts: &[Layout]) {
        let expected = layouts.iter().map(|layout| layout.expected);
        self.study.begin_run(RunWork::new(expected, self.side_by_side));
    }

    fn run(&mut self) -> &mut RunWork {
        self.study.run().unwrap()
    }

    /// Replications start on whatever thread is free, and all take as long.
    fn stage(&mut self, layouts: &[Layout], stage: WorkStage) {
        const LOOKS: usize = 40;
        let Layout { events, event_ns, .. } = layouts[stage.layout];
        let SideBySide { replications, threads } = self.side_by_side;
        let one = stage.duration.seconds() * events * event_ns * 1e-9;
        let takes = one * f64::from(replications.div_ceil(threads));
        self.run().begin();
        let met = |passed: f64| {
            let begun = |number: u32| f64::from(number / threads) * one;
            let done = |number: u32| ((passed - begun(number)) / one).clamp(0.0, 1.0);
            let simulated_seconds: f64 =
                (0..replications).map(|number| done(number) * stage.duration.seconds()).sum();
            Metered { simulated_seconds, events: simulated_seconds * events }
        };
        for look in 0..LOOKS {
            let passed = takes * look as f64 / LOOKS as f64;
            let at = self.now + passed;
            self.said.push((at, self.study.work(met(passed)).left(at)));
        }
        self.run().end(met(takes));
        self.now += takes;
    }

    /// A run of given length.
    fn fixed(&mut self, layouts: &[Layout], duration: Nanos) {
        self.begin_run(layouts);
        let stages: Vec<WorkStage> =
            (0..layouts.len()).map(|layout| WorkStage { layout, duration }).collect();
        self.run().plan(stages.clone());
        stages.into_iter().for_each(|stage| self.stage(layouts, stage));
        self.study.end_run();
    }

    /// A run to a precision whose pilots are so many times too short, the last of them not; production takes so many
    /// times as long as the last.
    fn precise(&mut self, layouts: &[Layout], times_too_short: &[f64], production: u64) {
        self.begin_run(layouts);
        let all: Vec<usize> = (0..layouts.len()).collect();
        let produced = |last: Nanos| Nanos(last.0 * production);
        let mut duration = Nanos(1_000_000_000);
        let mut longest = duration;
        for times in times_too_short.iter().map(Some).chain([None]) {
            self.run().plan(ahead((&all, all.len()), duration, longest, produced));
            for layout in &all {
                self.stage(layouts, WorkStage { layout: *layout, duration });
            }
            if let Some(times) = times {
                longest = sure_to_need(duration, (1, u64::MAX), *times);
                duration = Nanos(2 * duration.0);
            }
        }
        let duration = produced(duration);
        let stages: Vec<WorkStage> =
            all.iter().map(|layout| WorkStage { layout: *layout, duration }).collect();
        self.run().plan(stages.clone());
        stages.into_iter().for_each(|stage| self.stage(layouts, stage));
        self.study.end_run();
    }

    /// The most by which anything was foretold wrongly after the first third.
    fn worst(&self) -> f64 {
        let after = self.said.iter().filter(|(at, _)| *at >= self.now / 3.0);
        let factor = |(at, left): &(f64, Option<f64>)| {
            let truth = self.now - at;
            left.map_or(f64::INFINITY, |left| (left / truth).max(truth / left))
        };
        let worst = after.map(factor).fold(1.0, f64::max);
        assert_eq!(self.study.work(Metered::default()).share(), 1.0, "all is done");
        worst
    }
}

fn layout(events: f64, expected: f64, event_ns: f64) -> Layout {
    Layout { events, expected, event_ns }
}

/// Layouts of very different size, which arithmetic takes for a third too small, and of which an event of one takes a
/// quarter longer than of another.
fn three() -> [Layout; 3] {
    [layout(90e3, 60e3, 100.0), layout(60e3, 42e3, 90.0), layout(8e3, 6e3, 80.0)]
}

fn reversed(mut layouts: [Layout; 3]) -> [Layout; 3] {
    layouts.reverse();
    layouts
}

#[test]
fn a_run_of_given_length_is_foretold_on_any_number_of_threads() {
    for layouts in [three(), reversed(three())] {
        for (replications, threads) in [(1, 8), (3, 2), (5, 2), (5, 4), (10, 8), (16, 3), (100, 16)]
        {
            let mut replay = Replay::new(&[], replications, threads);
            replay.fixed(&layouts, Nanos(20_000_000_000));
            let worst = replay.worst();
            assert!(worst <= FACTOR, "{replications} on {threads}: {worst}");
        }
    }
}

#[test]
fn a_run_to_a_precision_is_foretold_however_many_pilots_it_needs() {
    let pilots: [&[f64]; 7] = [
        &[],
        &[1.2],
        &[4.0, 2.5],
        // Luck: the second pilot seems to be much worse than the third is.
        &[2.2, 2.9],
        &[16.0, 9.0, 3.8, 2.2],
        // Bad luck: the first seems to be nearly enough.
        &[1.1, 5.0, 2.9, 1.4],
        &[30.0, 14.0, 8.0, 5.0, 1.9, 1.2],
    ];
    for layouts in [three(), reversed(three())] {
        for times_too_short in pilots {
            // Twice the last pilot, and nearly twice that where whole rounds of a load are filled.
            for production in [2, 4] {
                let mut replay = Replay::new(&[], 10, 4);
                replay.precise(&layouts, times_too_short, production);
                let worst = replay.worst();
                assert!(worst <= FACTOR, "{times_too_short:?}, {production}: {worst}");
            }
        }
    }
}

#[test]
fn a_sweep_over_loads_is_foretold_by_the_size_of_its_points() {
    let loads = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];
    let at =
        |load: f64| three().map(|one| layout(one.events * load, one.expected * load, one.event_ns));
    let size = |load: f64| at(load).iter().map(|layout| layout.expected).sum::<f64>();
    for loads in [loads.to_vec(), loads.iter().rev().copied().collect()] {
        let sizes: Vec<f64> = loads.iter().map(|load| size(*load)).collect();
        let mut replay = Replay::new(&sizes, 5, 2);
        for load in &loads {
            replay.fixed(&at(*load), Nanos(10_000_000_000));
        }
        let worst = replay.worst();
        assert!(worst <= FACTOR, "{loads:?}: {worst}");
    }
}

#[test]
fn points_that_were_known_before_take_nothing_and_are_counted() {
    let mut replay = Replay::new(&[1.0; 6], 2, 2);
    let one = [layout(50e3, 50e3, 100.0)];
    replay.study.end_run();
    assert_eq!(replay.study.place(), Some((2, 6)));
    replay.study.end_run();
    for _ in 2..6 {
        replay.fixed(&one, Nanos(10_000_000_000));
    }
    assert!(replay.worst() < 1.01, "{}", replay.worst());
    assert_eq!(replay.study.place(), Some((6, 6)));
}

#[test]
fn a_layout_that_a_limit_ends_is_no_longer_to_come() {
    let mut run = RunWork::new([1e3, 1e3], SideBySide { replications: 1, threads: 1 });
    let stage = |layout| WorkStage { layout, duration: Nanos(10_000_000_000) };
    run.plan(vec![stage(0), stage(1)]);
    run.begin();
    run.end(Metered { simulated_seconds: 1.0, events: 1e3 });
    let work = run.work(Metered::default());
    assert_eq!((work.done, work.planned), (1e3, 11e3));
    assert_eq!(work.left(1.0), Some(10.0));
}

#[test]
fn a_course_counts_what_its_meter_has_seen_of_the_stage_that_runs() {
    let log = WorkLog::new();
    assert_eq!(log.look().work.left(1.0), None);
    log.begin_study(vec![1.0, 1.0]);
    log.begin_run(RunWork::new([100.0], SideBySide { replications: 1, threads: 1 }));
    log.plan(vec![WorkStage { layout: 0, duration: Nanos(2_000_000_000) }]);
    log.stage(|_| assert_eq!(log.look().place, Some((1, 2))));
    log.end_run();
    assert_eq!(log.look().place, Some((2, 2)));
}
