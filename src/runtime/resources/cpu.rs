//! One CPU: of an instance, of a machine, of a database server.
//!
//! A CPU says when it must be woken next and, woken, which jobs have ended. An arrival that only
//! slows the others down does not move the wake-up: it comes too early, ends nothing and answers
//! with the later time. That saves an event per arrival.
//! Model: `sharing` (every job at the same pace), `fair` (the same by process and weight), `slices` (an operating
//! system's time slices), `first_come` (one job per core to its end) and `by_class` (the same by priority). Twins for
//! tests: `tests::share_slowly`, `tests::queue_slowly`.

mod by_class;
mod fair;
mod first_come;
mod pace;
mod servers;
mod sharing;
mod slices;
mod spec;

pub(crate) use fair::Claim;
pub(crate) use slices::ThreadKey;
pub(crate) use spec::{CpuSpec, Discipline};

use by_class::ByClass;
use fair::FairShare;
use first_come::FirstCome;
use sharing::Sharing;
use slices::TimeSlices;

/// One CPU and the jobs on it.
///
/// At most one wake-up is due at a time: each `Some` replaces the one before. An event of a
/// replaced wake-up should be dropped (`due` tells it by its time), yet does no harm.
#[derive(Debug, Clone)]
pub(crate) struct Cpu(OfDiscipline);

#[derive(Debug, Clone)]
enum OfDiscipline {
    Sharing(Sharing),
    FirstCome(FirstCome),
    ByClass(ByClass),
    TimeSlices(Box<TimeSlices>),
    FairShare(Box<FairShare>),
}

impl Cpu {
    /// An idle CPU at time 0.
    ///
    /// # Panics
    /// When cores or speed are outside what `CpuSpec` says: the plan must have refused that.
    pub(crate) fn new(spec: &CpuSpec) -> Self {
        let sound = spec.cores.is_finite() && spec.cores > 0.0;
        assert!(sound, "a CPU has a positive number of cores");
        assert_speed(spec.speed);
        Self(match spec.discipline {
            Discipline::ProcessorSharing => OfDiscipline::Sharing(Sharing::new(*spec)),
            Discipline::FirstComeFirstServed => OfDiscipline::FirstCome(FirstCome::new(spec)),
            Discipline::ByClass { preemptive } => {
                OfDiscipline::ByClass(ByClass::new(spec, preemptive))
            }
            Discipline::TimeSlices => OfDiscipline::TimeSlices(Box::new(TimeSlices::new(spec))),
            Discipline::FairShare => OfDiscipline::FairShare(Box::new(FairShare::new(spec))),
        })
    }

    /// A job of `demand` [ns on a reference core, at most 2⁵² = 52 days] arrives.
    /// `whose` it is is asked only where it matters.
    /// `Some(t)`: the CPU must now be woken at `t` instead; `None`: the wake-up due stands.
    #[inline]
    pub(crate) fn arrive(
        &mut self,
        now: u64,
        job: u32,
        demand: u64,
        whose: &impl Whose,
    ) -> Option<u64> {
        match &mut self.0 {
            OfDiscipline::Sharing(cpu) => cpu.arrive(now, job, demand),
            OfDiscipline::FirstCome(cpu) => cpu.arrive(now, job, demand),
            OfDiscipline::ByClass(cpu) => cpu.arrive(now, job, demand, whose.class()),
            OfDiscipline::TimeSlices(cpu) => cpu.arrive(now, job, demand, whose.thread()),
            OfDiscipline::FairShare(cpu) => cpu.arrive(now, job, demand, whose.claim()),
        }
    }

    /// The wake-up due has come. Tells `finished` the jobs that have ended, in the order they
    /// ended, ties in the order they came. When to be woken next, if any job is left.
    #[inline]
    pub(crate) fn wake(&mut self, now: u64, finished: impl FnMut(u32)) -> Option<u64> {
        match &mut self.0 {
            OfDiscipline::Sharing(cpu) => cpu.wake(now, finished),
            OfDiscipline::FirstCome(cpu) => cpu.wake(now, finished),
            OfDiscipline::ByClass(cpu) => cpu.wake(now, finished),
            OfDiscipline::TimeSlices(cpu) => cpu.wake(now, finished),
            OfDiscipline::FairShare(cpu) => cpu.wake(now, finished),
        }
    }

    /// A core has this speed relative to the reference core from `now` on, for the jobs that are here, too.
    /// `Some(t)`: the CPU must now be woken at `t` instead. Costs a look at all jobs on servers.
    pub(crate) fn set_speed(&mut self, now: u64, speed: f64) -> Option<u64> {
        assert_speed(speed);
        match &mut self.0 {
            OfDiscipline::Sharing(cpu) => cpu.set_speed(now, speed),
            OfDiscipline::FirstCome(cpu) => cpu.set_speed(now, speed),
            OfDiscipline::ByClass(cpu) => cpu.set_speed(now, speed),
            OfDiscipline::TimeSlices(cpu) => cpu.set_speed(now, speed),
            OfDiscipline::FairShare(cpu) => cpu.set_speed(now, speed),
        }
    }

    /// Takes `job` away unfinished, as a kill does. `Some(t)`: the CPU must now be woken at `t`
    /// instead. Costs a search through all jobs.
    pub(crate) fn remove(&mut self, now: u64, job: u32) -> Option<u64> {
        match &mut self.0 {
            OfDiscipline::Sharing(cpu) => cpu.remove(now, job),
            OfDiscipline::FirstCome(cpu) => cpu.remove(now, job),
            OfDiscipline::ByClass(cpu) => cpu.remove(now, job),
            OfDiscipline::TimeSlices(cpu) => cpu.remove(now, job),
            OfDiscipline::FairShare(cpu) => cpu.remove(now, job),
        }
    }

    /// Time in ns of the wake-up due; `None` on an idle CPU.
    #[cfg(test)]
    pub(crate) fn due(&self) -> Option<u64> {
        let due = match &self.0 {
            OfDiscipline::Sharing(cpu) => cpu.due,
            OfDiscipline::FirstCome(cpu) => cpu.due,
            OfDiscipline::ByClass(cpu) => cpu.due,
            OfDiscipline::TimeSlices(cpu) => cpu.due,
            OfDiscipline::FairShare(cpu) => cpu.due,
        };
        (due != spec::NEVER).then_some(due)
    }

    /// Integral of the busy cores from the start to `now` [core-ns], time lost to switches included.
    pub(crate) fn busy_core_ns(&self, now: u64) -> u128 {
        match &self.0 {
            OfDiscipline::Sharing(cpu) => cpu.busy_core_ns(now),
            OfDiscipline::FirstCome(cpu) => cpu.busy_core_ns(now),
            OfDiscipline::ByClass(cpu) => cpu.busy_core_ns(now),
            OfDiscipline::TimeSlices(cpu) => cpu.busy_core_ns(now),
            OfDiscipline::FairShare(cpu) => cpu.busy_core_ns(now),
        }
    }

    /// Jobs present, those that wait for a core included.
    #[inline]
    pub(crate) fn running(&self) -> usize {
        match &self.0 {
            OfDiscipline::Sharing(cpu) => cpu.present(),
            OfDiscipline::FirstCome(cpu) => cpu.present(),
            OfDiscipline::ByClass(cpu) => cpu.present(),
            OfDiscipline::TimeSlices(cpu) => cpu.present(),
            OfDiscipline::FairShare(cpu) => cpu.present(),
        }
    }
}

/// Whose a job is.
pub(crate) trait Whose {
    /// Of whom; 0 is the best.
    fn class(&self) -> u8;
    /// Who works, now and later.
    fn thread(&self) -> ThreadKey;
    /// In which process, and its claim.
    fn claim(&self) -> Claim;
}

fn assert_speed(speed: f64) {
    assert!(speed > 0.0 && speed <= 1000.0, "a core's speed lies between 0 and 1000");
}

/// A job of whom it does not matter whose it is.
#[cfg(test)]
struct Anyone;

#[cfg(test)]
impl Whose for Anyone {
    fn class(&self) -> u8 {
        0
    }

    fn thread(&self) -> ThreadKey {
        0
    }

    fn claim(&self) -> Claim {
        Claim { process: 0, weight: 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::spec::{LONGEST_DEMAND, NEVER};
    use super::*;

    /// What happened to each job, and the busy time at the end of it all.
    struct Told {
        /// (ns); `None`: killed.
        ends: Vec<Option<f64>>,
        /// [core-ns]
        busy: f64,
    }

    /// Arrivals in order with their demand (ns), kills in order, and changes of the speed in order.
    struct Story {
        arrivals: Vec<(u64, u64)>,
        kills: Vec<(u64, u32)>,
        speeds: Vec<(u64, f64)>,
    }

    impl Story {
        fn invent(draws: &mut Draws, spec: &CpuSpec) -> Self {
            let load = 0.5 + draws.share();
            let between = 50_000.0 / (spec.cores * spec.speed * load);
            let nothing = Self { arrivals: Vec::new(), kills: Vec::new(), speeds: Vec::new() };
            let (mut now, mut story) = (0, nothing);
            let changes = draws.below(2) == 0;
            for job in 0..150 {
                now += draws.exponential(between);
                if changes && draws.below(15) == 0 {
                    let speed = spec.speed * [0.25, 0.7, 1.0, 1.9][draws.below(4) as usize];
                    story.speeds.push((now + draws.below(1_000), speed));
                }
                let demand = match draws.below(10) {
                    0 => draws.below(4),
                    1 => 50_000,
                    _ => draws.exponential(55_000.0),
                };
                story.arrivals.push((now, demand));
                if draws.below(10) == 0 {
                    story.kills.push((now + draws.exponential(3.0 * between), job));
                }
            }
            story.kills.sort_unstable();
            story.speeds.sort_by_key(|change| change.0);
            story
        }

        /// The greatest speed that there ever is.
        fn fastest(&self, spec: &CpuSpec) -> f64 {
            self.speeds.iter().map(|change| change.1).fold(spec.speed, f64::max)
        }
    }

    /// Tells a story to a CPU, as the engine would.
    fn drive(spec: &CpuSpec, story: &Story) -> Told {
        let mut cpu = Cpu::new(spec);
        let mut ends = vec![None; story.arrivals.len()];
        let mut killed = vec![false; story.arrivals.len()];
        let (mut arrivals, mut kills) = (story.arrivals.iter(), story.kills.iter());
        let (mut arrival, mut kill) = (arrivals.next(), kills.next());
        let mut speeds = story.speeds.iter().peekable();
        let (mut due, mut finished, mut now, mut next_job, mut present) = (None, vec![], 0, 0, 0);
        while arrival.is_some() || kill.is_some() || due.is_some() || speeds.peek().is_some() {
            let came = arrival.map_or(NEVER, |arrival| arrival.0);
            let shot = kill.map_or(NEVER, |kill| kill.0);
            let woken = due.unwrap_or(NEVER);
            let changed = speeds.peek().map_or(NEVER, |change| change.0);
            assert!(came.min(shot).min(woken).min(changed) >= now);
            now = came.min(shot).min(woken).min(changed);
            if woken == now {
                due = cpu.wake(now, |job| finished.push(job));
                for job in finished.drain(..) {
                    assert!(!killed[job as usize] && ends[job as usize].is_none());
                    ends[job as usize] = Some(now as f64);
                    present -= 1;
                }
            } else if came == now {
                due = cpu.arrive(now, next_job, arrival.unwrap().1, &Anyone).or(due);
                (next_job, arrival, present) = (next_job + 1, arrivals.next(), present + 1);
            } else if let Some((_, speed)) = speeds.next_if(|change| change.0 == now) {
                due = cpu.set_speed(now, *speed).or(due);
            } else {
                let job = kill.unwrap().1;
                if ends[job as usize].is_none() {
                    killed[job as usize] = true;
                    present -= 1;
                }
                due = cpu.remove(now, job).or(due.filter(|_| present > 0));
                kill = kills.next();
            }
            assert_eq!(cpu.due(), due);
            assert_eq!(cpu.running(), present);
        }
        Told { ends, busy: cpu.busy_core_ns(now) as f64 }
    }

    /// Slow and obvious: between two events every job present loses what its pace attains.
    /// `paces` says the pace of each job present, oldest first; `longer` (ns) is added to demands.
    fn tell_slowly(
        spec: &CpuSpec,
        story: &Story,
        longer: f64,
        paces: fn(&CpuSpec, usize) -> Vec<f64>,
    ) -> Told {
        let mut present: Vec<(u32, f64)> = Vec::new();
        let mut ends = vec![None; story.arrivals.len()];
        let (mut now, mut busy, mut next_arrival, mut next_kill) = (0.0, 0.0, 0, 0);
        let (mut spec, mut speeds) = (*spec, story.speeds.iter().peekable());
        loop {
            let pace = paces(&spec, present.len());
            let end = present.iter().zip(&pace).filter(|(_, pace)| **pace > 0.0);
            let end = end.map(|(job, pace)| now + job.1 / pace).fold(f64::INFINITY, f64::min);
            let came = story.arrivals.get(next_arrival).map_or(f64::INFINITY, |job| job.0 as f64);
            let shot = story.kills.get(next_kill).map_or(f64::INFINITY, |kill| kill.0 as f64);
            let changed = speeds.peek().map_or(f64::INFINITY, |change| change.0 as f64);
            let next = end.min(came).min(shot).min(changed);
            if next == f64::INFINITY {
                return Told { ends, busy };
            }
            busy += (next - now) * spec.cores.min(present.len() as f64 * core_share(&spec, paces));
            for (job, pace) in present.iter_mut().zip(&pace) {
                job.1 -= (next - now) * pace;
            }
            now = next;
            if now == came {
                let demand = story.arrivals[next_arrival].1 as f64 + longer;
                present.push((next_arrival as u32, demand));
                next_arrival += 1;
            } else if let Some((_, speed)) = speeds.next_if(|change| change.0 as f64 == now) {
                spec.speed = *speed;
            } else if now == shot {
                present.retain(|job| job.0 != story.kills[next_kill].1);
                next_kill += 1;
            } else {
                for job in present.iter().filter(|job| job.1 < 1e-6) {
                    ends[job.0 as usize] = Some(now);
                }
                present.retain(|job| job.1 >= 1e-6);
            }
        }
    }

    /// Cores that one job can keep busy.
    fn core_share(spec: &CpuSpec, paces: fn(&CpuSpec, usize) -> Vec<f64>) -> f64 {
        let lone = CpuSpec { speed: 1.0, ..*spec };
        if spec.discipline == Discipline::ProcessorSharing { 1.0 } else { paces(&lone, 1)[0] }
    }

    fn share_slowly(spec: &CpuSpec, jobs: usize) -> Vec<f64> {
        let n = jobs as f64;
        let mut pace = spec.speed * f64::min(1.0, spec.cores / n);
        if n > spec.cores && n > 1.0 && spec.switch_ns > 0 {
            let per_core = if spec.cores < 1.0 { n } else { n / spec.cores };
            let slice = f64::max(spec.least_slice_ns as f64, spec.slice_ns as f64 / per_core);
            pace = pace * slice / (slice + spec.switch_ns as f64);
        }
        vec![pace; jobs]
    }

    fn queue_slowly(spec: &CpuSpec, jobs: usize) -> Vec<f64> {
        let running = (jobs as f64).min(spec.cores.ceil());
        let pace = |place| {
            if (place as f64) < running { f64::min(1.0, spec.cores / running) } else { 0.0 }
        };
        (0..jobs).map(|place| pace(place) * spec.speed).collect()
    }

    fn compare_with_twin(discipline: Discipline, paces: fn(&CpuSpec, usize) -> Vec<f64>) {
        for seed in 0..400 {
            let mut draws = Draws::new(seed);
            let spec = CpuSpec {
                cores: [0.3, 0.5, 1.0, 1.0, 1.37, 2.0, 2.5, 4.0][draws.below(8) as usize],
                speed: [1.0, 1.0, 0.7, 2.3][draws.below(4) as usize],
                discipline,
                switch_ns: draws.below(2) * 1_500,
                slice_ns: 20_000,
                least_slice_ns: 3_000,
            };
            let story = Story::invent(&mut draws, &spec);
            let told = drive(&spec, &story);
            // No job ends early, and none later than rounding explains.
            let soonest = tell_slowly(&spec, &story, 0.0, paces);
            let latest = tell_slowly(&spec, &story, story.fastest(&spec) + 0.001, paces);
            for job in 0..story.arrivals.len() {
                let bounds = (soonest.ends[job], told.ends[job], latest.ends[job]);
                match bounds {
                    (Some(soonest), Some(end), Some(latest)) => {
                        let within = soonest - 0.01 <= end && end <= latest + 0.01;
                        assert!(within, "seed {seed}, job {job}: {bounds:?}");
                    }
                    (None, None, None) => {}
                    // Killed within the rounding of its end.
                    _ => assert!(soonest.ends[job].is_some() && latest.ends[job].is_none()),
                }
            }
            let close = 1e-5 * soonest.busy + 3.0 * story.arrivals.len() as f64 * spec.cores;
            assert!((told.busy - soonest.busy).abs() < close, "{} {}", told.busy, soonest.busy);
        }
    }

    #[test]
    fn sharing_agrees_with_recomputing_every_job_at_every_event() {
        compare_with_twin(Discipline::ProcessorSharing, share_slowly);
    }

    #[test]
    fn first_come_agrees_with_recomputing_every_job_at_every_event() {
        compare_with_twin(Discipline::FirstComeFirstServed, queue_slowly);
    }

    fn plain(cores: f64, discipline: Discipline) -> CpuSpec {
        CpuSpec { cores, speed: 1.0, discipline, switch_ns: 0, slice_ns: 0, least_slice_ns: 0 }
    }

    /// Mean response [mean demands] of Poisson arrivals at a load, `demand` in mean demands.
    fn mean_response(spec: &CpuSpec, load: f64, demand: fn(&mut Draws) -> f64) -> f64 {
        let (mut draws, mut now) = (Draws::new(11), 0);
        let arrivals: Vec<(u64, u64)> = (0..1_000_000)
            .map(|_| {
                now += draws.exponential(1e6 / (load * spec.cores));
                (now, (demand(&mut draws) * 1e6) as u64)
            })
            .collect();
        let story = Story { arrivals, kills: Vec::new(), speeds: Vec::new() };
        let ends = drive(spec, &story).ends;
        let stays = ends.iter().zip(&story.arrivals).map(|(end, job)| end.unwrap() - job.0 as f64);
        stays.sum::<f64>() / 1e12
    }

    fn exponential(draws: &mut Draws) -> f64 {
        draws.exponential(1e9) as f64 / 1e9
    }

    #[test]
    fn sharing_one_core_at_load_three_quarters_makes_a_job_four_times_as_long() {
        let spec = plain(1.0, Discipline::ProcessorSharing);
        let response = mean_response(&spec, 0.75, exponential);
        assert!((response / 4.0 - 1.0).abs() < 0.01, "{response}");
    }

    #[test]
    fn sharing_does_not_care_how_demands_vary() {
        let spec = plain(1.0, Discipline::ProcessorSharing);
        let constant = mean_response(&spec, 0.75, |_| 1.0);
        assert!((constant / 4.0 - 1.0).abs() < 0.01, "{constant}");
        let bursty = |draws: &mut Draws| if draws.share() < 0.1 { 5.5 } else { 0.5 };
        let bursty = mean_response(&spec, 0.75, bursty);
        assert!((bursty / 4.0 - 1.0).abs() < 0.015, "{bursty}");
    }

    #[test]
    fn two_cores_queue_as_erlang_says() {
        // M/M/2: 1 / (1 - load²) mean demands, for either discipline.
        let expected = 1.0 / (1.0 - 0.75 * 0.75);
        for discipline in [Discipline::ProcessorSharing, Discipline::FirstComeFirstServed] {
            let response = mean_response(&plain(2.0, discipline), 0.75, exponential);
            assert!((response / expected - 1.0).abs() < 0.01, "{discipline:?}: {response}");
        }
    }

    #[test]
    fn one_core_first_come_waits_as_pollaczek_and_khinchine_say() {
        let spec = plain(1.0, Discipline::FirstComeFirstServed);
        let response = mean_response(&spec, 0.75, |_| 1.0);
        assert!((response / 2.5 - 1.0).abs() < 0.01, "{response}");
    }

    #[test]
    fn a_lone_job_takes_its_demand_to_the_nanosecond() {
        for discipline in [Discipline::ProcessorSharing, Discipline::FirstComeFirstServed] {
            let mut whole = Cpu::new(&plain(1.0, discipline));
            let mut half = Cpu::new(&plain(0.5, discipline));
            let (mut draws, mut finished) = (Draws::new(2), Vec::new());
            let mut now = 0;
            for job in 0..10_000 {
                now += draws.below(1 << 40);
                let demand = draws.below(1 << 41);
                assert_eq!(whole.arrive(now, job, demand, &Anyone), Some(now + demand));
                assert_eq!(half.arrive(now, job, demand, &Anyone), Some(now + 2 * demand));
                assert_eq!(whole.wake(now + demand, |job| finished.push(job)), None);
                now += 2 * demand;
                assert_eq!(half.wake(now, |job| finished.push(job)), None);
                assert_eq!(finished, [job, job]);
                finished.clear();
            }
        }
    }

    #[test]
    fn an_arrival_that_slows_the_others_leaves_the_wake_up_and_the_early_one_postpones() {
        let mut cpu = Cpu::new(&plain(1.0, Discipline::ProcessorSharing));
        let mut finished = Vec::new();
        assert_eq!(cpu.arrive(0, 1, 100, &Anyone), Some(100));
        assert_eq!(cpu.arrive(50, 2, 80, &Anyone), None);
        assert_eq!(cpu.wake(100, |job| finished.push(job)), Some(150));
        assert!(finished.is_empty(), "{finished:?}");
        // Less than what job 1 has left: it ends first.
        assert_eq!(cpu.arrive(100, 3, 2, &Anyone), Some(106));
        assert_eq!(cpu.arrive(103, 4, 0, &Anyone), Some(103), "no demand ends at once");
        assert_eq!(cpu.wake(103, |job| finished.push(job)), Some(106));
        assert_eq!(finished, [4]);
        let mut cpu = Cpu::new(&plain(1.0, Discipline::ProcessorSharing));
        assert_eq!(cpu.arrive(0, 1, 100, &Anyone), Some(100));
        assert_eq!(cpu.arrive(10, 2, 80, &Anyone), None, "it ends first, at 170");
        assert_eq!(cpu.wake(100, |job| finished.push(job)), Some(170));
    }

    #[test]
    fn jobs_that_end_together_leave_in_the_order_they_came() {
        for discipline in [Discipline::ProcessorSharing, Discipline::FirstComeFirstServed] {
            let mut cpu = Cpu::new(&plain(4.0, discipline));
            let mut finished = Vec::new();
            for job in [9, 3, 7, 5] {
                cpu.arrive(0, job, 40, &Anyone);
            }
            assert_eq!(cpu.wake(40, |job| finished.push(job)), None);
            assert_eq!(finished, [9, 3, 7, 5], "{discipline:?}");
        }
    }

    #[test]
    fn a_cpu_that_never_rests_counts_again_before_its_marks_overflow() {
        let mut cpu = Cpu::new(&plain(3.0, Discipline::ProcessorSharing));
        let mut finished = Vec::new();
        let long = LONGEST_DEMAND;
        assert_eq!(cpu.arrive(0, 0, long, &Anyone), Some(long));
        for round in 1..40 {
            // Two long ones at a time, each beginning at half of the other, and a short one.
            let begin = u64::from(round) * (long / 2);
            assert_eq!(cpu.arrive(begin, round, long, &Anyone), None);
            assert_eq!(cpu.arrive(begin, 100, 77, &Anyone), Some(begin + 77));
            let end = begin + long / 2;
            assert_eq!(cpu.wake(begin + 77, |job| finished.push(job)), Some(end));
            assert_eq!(cpu.wake(end, |job| finished.push(job)), Some(end + long / 2));
            assert_eq!(finished, [100, round - 1]);
            finished.clear();
        }
    }
}
