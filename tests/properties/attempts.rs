//! Calls that are given up after a time: where the time is long nothing is different, where it is short the callee
//! works on for nobody, and whatever it is every law holds.

use cutline::ids::Id;
use cutline::measure::{Ending, Kind, Left, Limit, Outcome};
use cutline::plan::{CallSite, Plan};
use cutline::study::breaches;
use cutline::units::Nanos;
use proptest::collection::vec;
use proptest::prelude::*;

use super::leaving::{A_DAY, any_time, early, keeps_the_laws};
use super::load::once;
use super::scenario::{ALL_THROUGH, Scenario, cases, disturbed};
use super::steps::Kinds;

/// Ends to the patience of some calls: which (modulo what there is), and for how long they are waited for (µs).
type Timeouts = Vec<(u32, u32)>;

fn timeouts() -> impl Strategy<Value = Timeouts> {
    vec((any::<u32>(), prop_oneof![1u32..1_000, 1u32..50_000]), 1..12)
}

/// The plan with these.
fn hasty(timeouts: &Timeouts) -> impl Fn(&mut Plan) {
    move |plan| {
        let count = plan.program.calls.len();
        for (call, timeout) in timeouts {
            let call: Id<CallSite> = Id::new(*call as usize % count);
            plan.program.calls[call].timeout = Some(Nanos(u64::from(*timeout) * 1_000));
        }
    }
}

/// The plan in which every call is given up after an hour, but for branches that are nothing but a call: with an
/// end to its patience such a branch has a frame of its own, so that what happens at one instant may do so in
/// another order.
fn patient(plan: &mut Plan) {
    let forks = plan.program.forks.iter().flat_map(|fork| fork.calls.iter().flatten());
    let branches: Vec<Id<CallSite>> = forks.map(|branch| branch.call).collect();
    for call in plan.program.calls.ids().filter(|call| !branches.contains(call)) {
        plan.program.calls[call].timeout = Some(Nanos::from_seconds(3_600.0));
    }
}

/// All that is told of a run, but for the frames and paths that are left: an attempt has a path of its own, and its
/// answer travels with a frame of its own.
fn told(outcome: &Outcome) -> String {
    let Outcome { endpoints, services, databases, externals, cpu_busy, ending, left, .. } = outcome;
    let held = Left { frames: 0, paths: 0, ..*left };
    format!(
        "{endpoints:?} {services:?} {databases:?} {externals:?} {cpu_busy:?} {ending:?} {held:?}"
    )
}

proptest! {
    #![proptest_config(cases(50))]

    #[test]
    fn a_call_that_is_answered_in_time_is_a_call(scenario in Scenario::any()) {
        let text = scenario.text();
        for length in [(Nanos::from_seconds(1.5), Nanos::from_seconds(0.4)), ALL_THROUGH] {
            let plain = disturbed(&text, length, &[], |_| ());
            let attempts = disturbed(&text, length, &[], patient);
            for ((plan, plain), (_, attempts)) in plain.iter().zip(&attempts) {
                keeps_the_laws(plan, attempts)?;
                if !matches!(attempts.ending, Ending::Limited(Limit::Frames, _)) {
                    prop_assert_eq!(told(plain), told(attempts), "{}", &plan.layout);
                }
            }
        }
    }

    #[test]
    fn a_run_of_hasty_callers_passes_its_own_checks(
        scenario in Scenario::any(),
        timeouts in timeouts(),
        done in early(40),
    ) {
        let warm = (Nanos::from_seconds(1.5), Nanos::from_seconds(0.4));
        for (length, done) in [(warm, &[][..]), (ALL_THROUGH, &done)] {
            for (plan, outcome) in disturbed(&scenario.text(), length, done, hasty(&timeouts)) {
                keeps_the_laws(&plan, &outcome)?;
            }
        }
    }

    #[test]
    fn whatever_was_taken_for_hasty_callers_is_back_in_the_end(
        scenario in Scenario::ample(Kinds::All),
        timeouts in timeouts(),
        done in any_time(),
    ) {
        for done in [&[][..], &done] {
            let runs = disturbed(&scenario.text(), ALL_THROUGH, done, hasty(&timeouts));
            for (plan, outcome) in runs {
                prop_assert_eq!(outcome.ending, Ending::Finished);
                keeps_the_laws(&plan, &outcome)?;
                prop_assert_eq!(outcome.left, Left::default(), "{}", plan.layout);
                prop_assert_eq!(outcome.backlog.at_end, 0);
            }
        }
    }

    #[test]
    fn when_nobody_comes_any_more_hasty_callers_leave_nothing_behind(
        scenario in Scenario::passing(),
        timeouts in timeouts(),
    ) {
        for (plan, outcome) in disturbed(&scenario.text(), A_DAY, &[], hasty(&timeouts)) {
            keeps_the_laws(&plan, &outcome)?;
            let Left { thread_waits, connection_waits, lock_waits, .. } = outcome.left;
            let stuck = thread_waits + connection_waits + lock_waits > 0;
            if outcome.ending == Ending::Finished && !stuck {
                prop_assert_eq!(outcome.left, Left::default(), "{}", plan.layout);
                prop_assert_eq!(outcome.backlog.at_end, 0);
            }
        }
    }
}

/// Users who ask `a` once each, which asks `b` for work that takes from `least` to twice as long (µs).
fn asking(users: u32, steps: &str, least: u32, service: &str) -> String {
    format!(
        "cutline: 1\nname: hasty\n\
         application:\n  modules:\n    a: {{ operations: {{ go: [ {steps} ] }} }}\n    \
         b: {{ operations: {{ work: [ cpu: {{ uniform: {{ from: {least}us, to: {}us }} }} ] }} }}\n\
         workload: {{ arrivals: {}, endpoints: {{ go: {{ call: a.go }} }} }}\n\
         layouts: {{ one: {{ services: {{ a: {{ cpu: 64, threads: async }}, b: {{ {service} }} }} }} }}\n\
         platform: {{ network: none, prices: none, context_switch: none }}\n",
        2 * least,
        once(users),
    )
}

proptest! {
    #![proptest_config(cases(80))]

    #[test]
    fn a_time_below_the_least_service_ends_every_call_at_that_time_and_saves_no_work(
        users in 1u32..200,
        branch in any::<bool>(),
        (least, short) in (10u32..20_000).prop_flat_map(|least| (Just(least), 1..least)),
        cores in 1u32..4,
        threads in prop_oneof![
            Just("async"), Just("1"), Just("3, queue_discipline: priority"), Just("2, patience: 20h")
        ],
        scheduling in prop_oneof![Just("fcfs"), Just("priority"), Just("preemptive_priority"), Just("ps")],
    ) {
        let steps = if branch { "parallel: [ [ call: b.work ] ]" } else { "call: b.work" };
        let service = format!("cpu: {cores}, scheduling: {scheduling}, threads: {threads}");
        let text = asking(users, steps, least, &service);
        let (_, patient) = disturbed(&text, ALL_THROUGH, &[], |_| ()).remove(0);
        let short = Nanos(u64::from(short) * 1_000);
        let every = |plan: &mut Plan| {
            plan.program.calls.iter_mut().for_each(|call| call.timeout = Some(short));
        };
        let (plan, hasty) = disturbed(&text, ALL_THROUGH, &[], every).remove(0);
        prop_assert_eq!(breaches(&plan, &hasty), [""; 0]);
        prop_assert_eq!(hasty.left, Left::default());
        let record = &hasty.endpoints[0];
        prop_assert_eq!(record.answers[Kind::Timeout as usize], u64::from(users));
        prop_assert_eq!(record.other_latency_sum, u128::from(users) * u128::from(short.0));
        prop_assert_eq!(&hasty.cpu_busy, &patient.cpu_busy);
        let [served, expected] = [&hasty, &patient].map(|outcome| &outcome.services[1]);
        prop_assert_eq!(format!("{served:?}"), format!("{expected:?}"));
    }
}
