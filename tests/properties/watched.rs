//! What is seen of a run on the way, at moments and in windows, against the run itself.

use cutline::measure::{Ending, Kind, Outcome, WindowCounts};
use cutline::units::Nanos;
use proptest::prelude::*;

use super::scenario::{Scenario, Watched, cases, simulate};

/// (ns)
const END: u64 = Watched::END as u64 * 1_000_000;

fn watched() -> impl Strategy<Value = Scenario> {
    (Scenario::any(), Watched::any()).prop_map(|(mut scenario, watched)| {
        scenario.watched = Some(watched);
        scenario
    })
}

fn run(text: &str, end: u64) -> Vec<Outcome> {
    let runs = simulate(text, (Nanos(end), Nanos::ZERO));
    runs.into_iter().map(|(_, outcome)| outcome).collect()
}

fn in_flight(outcome: &Outcome) -> u64 {
    outcome.endpoints.iter().map(|record| record.in_flight() as u64).sum()
}

fn answers(outcome: &Outcome) -> [u64; Kind::COUNT] {
    let mut sum = [0; Kind::COUNT];
    for record in &outcome.endpoints {
        sum.iter_mut().zip(record.answers).for_each(|(sum, answers)| *sum += answers);
    }
    sum
}

/// Two integrals, of which one was put together of parts.
fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()) + 10.0
}

proptest! {
    #![proptest_config(cases(30))]

    #[test]
    fn windows_add_up_to_the_run(scenario in watched()) {
        for outcome in run(&scenario.text(), END) {
            prop_assume!(outcome.ending == Ending::Finished);
            let windows = &outcome.timeline.windows;
            let arrivals: u64 = windows.iter().map(|window| window.all.arrivals).sum();
            let came: u64 = outcome.endpoints.iter().map(|record| record.arrivals).sum();
            prop_assert_eq!(arrivals, came);
            for kind in 0..Kind::COUNT {
                let told: u64 = windows.iter().map(|window| window.all.answers[kind]).sum();
                prop_assert_eq!(told, answers(&outcome)[kind]);
            }
            for window in windows.iter().filter(|window| !window.endpoints.is_empty()) {
                let sum = |of: fn(&WindowCounts) -> u64| window.endpoints.iter().map(of).sum::<u64>();
                prop_assert_eq!(sum(|own| own.arrivals), window.all.arrivals);
                let answers = |own: &WindowCounts| own.answers.iter().sum::<u64>();
                prop_assert_eq!(sum(answers), answers(&window.all));
                prop_assert_eq!(sum(|own| own.latency.count()), window.all.latency.count());
                prop_assert_eq!(sum(|own| own.good), window.all.good);
                prop_assert_eq!(sum(|own| own.in_system), window.all.in_system);
            }
            let good: u64 = windows.iter().map(|window| window.all.good).sum();
            prop_assert_eq!(good, answers(&outcome)[Kind::Ok as usize]);
            let latencies: u128 = windows.iter().map(|window| window.all.latency_sum).sum();
            let latency: u128 = outcome.endpoints.iter().map(|record| record.latency_sum).sum();
            prop_assert_eq!(latencies, latency);
            prop_assert_eq!(windows.iter().map(|window| window.all.latency.count()).sum::<u64>(), good);
            prop_assert_eq!(windows.last().map(|window| window.all.in_system), Some(in_flight(&outcome)));
            for (number, service) in outcome.services.iter().enumerate() {
                let served: f64 = windows.iter().map(|window| window.services[number].0).sum();
                let queued: f64 = windows.iter().map(|window| window.services[number].1).sum();
                prop_assert!(close(served, service.serving.area(END)));
                prop_assert!(close(queued, service.queue.area(END)));
            }
            for (cpu, busy) in outcome.cpu_busy.iter().enumerate() {
                let told: f64 = windows.iter().map(|window| window.cpu_busy[cpu]).sum();
                prop_assert!(close(told, *busy), "{told} {busy}");
            }
        }
    }

    #[test]
    fn a_moment_is_the_end_of_a_run_that_ends_there(scenario in watched()) {
        let text = scenario.text();
        let whole = run(&text, END);
        let Some(at) = whole[0].timeline.moments.iter().map(|moment| moment.at).find(|at| *at > 0)
        else {
            return Err(TestCaseError::reject("nobody looks"));
        };
        for (whole, short) in whole.iter().zip(run(&text, at)) {
            let moment = whole.timeline.moments.iter().find(|moment| moment.at == at);
            let Some(moment) = moment.filter(|_| short.ending == Ending::Finished) else {
                continue;
            };
            prop_assert_eq!(moment.in_system, in_flight(&short));
            prop_assert_eq!(moment.empty == 1, in_flight(&short) == 0);
            prop_assert_eq!(moment.completions, answers(&short).iter().sum::<u64>());
            for (told, service) in moment.services.iter().zip(&short.services) {
                let (served, queued) = (service.serving.level() as u64, service.queue.level() as u64);
                prop_assert_eq!(*told, (served + queued, queued));
            }
        }
    }

    #[test]
    fn whoever_watches_moves_nothing(scenario in watched()) {
        let end = (Nanos(END), Nanos::ZERO);
        let alone = simulate(&scenario.unwatched().text(), end);
        for ((plan, watched), (_, alone)) in simulate(&scenario.text(), end).iter().zip(&alone) {
            // Looking is an event, too, so the limit comes a little sooner. And where nobody watches, a core
            // that nobody waits for notes its work in advance: of two requests that it is through with at
            // one instant another one may go on first.
            if watched.ending != Ending::Finished || plan.site.cpus.iter().any(|cpu| cpu.uncontended) {
                continue;
            }
            prop_assert_eq!(format!("{:?}", watched.endpoints), format!("{:?}", alone.endpoints));
            prop_assert_eq!(format!("{:?}", watched.services), format!("{:?}", alone.services));
            prop_assert_eq!(format!("{:?}", watched.databases), format!("{:?}", alone.databases));
            prop_assert_eq!(&watched.cpu_busy, &alone.cpu_busy);
            prop_assert_eq!(watched.left, alone.left);
        }
    }
}
