//! The simulator against exact answers of queueing theory: every case of `cutline::verify` at full
//! size, a test for each, so that they run side by side and name themselves.

use cutline::scenario::Code;
use cutline::study::Progress;
use cutline::verify::{Case, Depth, Judgement, NOT_TOLD, WAITING, case, cases, oracles};

struct Silence;

impl Progress for Silence {
    fn note(&self, _: &str) {}
}

/// Fails where a metric of the case is missed.
fn hold(id: &str, depth: Depth) {
    let case = case(id).expect("the case is known");
    let found = case.check(depth, 1, &Silence);
    assert!(found.metrics.iter().any(|metric| metric.outcome == Judgement::Passed), "{id}");
    let missed: Vec<_> = found.missed().collect();
    assert!(missed.is_empty(), "{id} missed twice: {missed:#?}");
}

/// The case of a test: `-` for `_`, and none before a digit, where a name of Rust needs one.
fn id_of(test: &str) -> String {
    test.trim_start_matches('_').replace('_', "-")
}

/// Makes a test of each case: its name with `_` for `-`.
macro_rules! cases {
    ($($test:ident)+) => {
        const TESTED: &[&str] = &[$(stringify!($test)),+];
        $(
            #[test]
            fn $test() {
                hold(&id_of(stringify!($test)), Depth::Usual);
            }
        )+
    };
}

cases! {
    mm1_rho50
    mm1_rho80
    mmc_c2_rho60
    mmc_c4_rho85
    mmck_c2_k10
    erlang_b_c8
    erlang_b_det_c12
    md1_rho80
    mg1_lognormal_scv4
    mg1_gamma_shape05
    mg1_h2_slowquery
    mg1_erlang4_rho85
    dm1_cron
    roundrobin_2
    batch5_mm1
    batchgeo_mm1
    mmpp_bursty
    prio_np_2class
    prio_pr_3class
    erlanga_overload
    mmcd_timeout50ms
    mm1_ps_rho75
    md1_ps_insens
    mln2_ps_insens
    lps_8workers_2cores
    mginf_network_delay
    hops_hypoexp
    fair_share_two_services
    noisy_neighbour_4_cores
    tandem3_mm1
    feedback_mm1_p02
    jackson_4svc
    closed_3tier_n50
    closed_2class
    closed_2class_3st
    repair_n10_c2
    layered_6threads
    forkjoin2_rho60
    fanout20_exp
    fanout8_lognormal
    hotrow_lock_mixture
    groupcommit_det
    _2pc_two_participants
    _2pc_exponential_flush
    _2pc_hot_row_md1
    _2pc_hot_row_md1_high
    saga_3_steps
    cqrs_stale_share
    es_replay_snapshots
    es_optimistic_constant
    outbox_poll
    partitions_12_consumers_4
    batch_consumer
    producer_linger
    overload_mm1
    overload_second_stage
    layouts_mono_msa_distmono
    transient_mm1_empty
    mt_minf_sine
}

#[test]
fn every_case_has_a_test() {
    let here: Vec<String> = TESTED.iter().map(|test| id_of(test)).collect();
    let known: Vec<&str> = cases().map(|case| case.id).collect();
    assert_eq!(here, known);
}

#[test]
fn every_case_of_the_oracle_file_is_simulated_or_waits_and_none_is_there_twice() {
    let mut known: Vec<&str> = oracles().iter().map(|oracle| oracle.id.as_str()).collect();
    let waiting = WAITING.iter().map(|(id, _)| *id);
    let mut here: Vec<&str> = cases().map(|case| case.id).chain(waiting).collect();
    known.sort_unstable();
    here.sort_unstable();
    assert_eq!(here, known);
    let unsaid = WAITING.iter().find(|(_, feature)| feature.is_empty());
    assert_eq!(unsaid, None);
}

/// The metrics that a case reads, from its scenario as it is or edited.
fn read(case: &Case) -> impl Iterator<Item = &'static str> {
    let edited = case.edited.iter().flat_map(|edited| edited.metrics);
    case.metrics.iter().chain(edited).map(|(name, _)| *name)
}

#[test]
fn every_metric_of_a_simulated_case_is_read_or_said_not_to_be() {
    for case in cases() {
        let oracle = case.oracle();
        for (metric, _) in &oracle.expected {
            let reads = read(case).any(|name| name == metric);
            let apart = case.apart.iter().any(|(name, _)| name == metric);
            let not_told = NOT_TOLD.contains(&metric.as_str());
            let ways = [reads, apart, not_told].into_iter().filter(|way| *way);
            assert_eq!(ways.count(), 1, "{} {metric}", case.id);
        }
        let edited = case.edited.iter().flat_map(|edited| edited.metrics);
        let apart = case.apart.iter().map(|(name, _)| name);
        for metric in apart.chain(edited.map(|(name, _)| name)).chain(case.too_long) {
            assert!(oracle.value(metric).is_some(), "{} has no {metric}", case.id);
        }
        assert!(case.too_long.iter().all(|long| read(case).any(|name| name == *long)));
        assert_eq!(case.too_long.is_empty(), case.long_minutes == 0, "{}", case.id);
        assert!(case.replications >= 10, "{}", case.id);
        assert_ne!(case.minutes == 0, case.run.is_empty(), "{}", case.id);
    }
}

#[test]
#[ignore = "takes minutes: metrics that need hundreds of millions of requests"]
fn what_needs_a_long_run_passes_too() {
    for case in cases().filter(|case| !case.too_long.is_empty()) {
        hold(case.id, Depth::LongOnly);
    }
}

#[test]
fn a_wrong_expectation_is_a_miss() {
    let case = case("mm1-rho50").expect("it is simulated");
    let mean = case.run(1, &[], &Silence).latency().mean;
    assert_eq!(case.judge("mean_response", 0.02, mean).outcome, Judgement::Passed);
    for wrong in [0.0203, 0.0197, 0.04, 0.01] {
        let judged = case.judge("mean_response", wrong, mean);
        assert_eq!(judged.outcome, Judgement::Missed, "{wrong}");
        assert!(judged.reason.is_some());
    }
}

#[test]
fn an_overloaded_layout_names_its_bottleneck_and_tells_no_mean() {
    for (id, bottleneck) in [("overload-mm1", "station"), ("overload-second-stage", "second")] {
        let case = case(id).expect("it is simulated");
        let seen = case.run(1, &[("run.fixed.duration", "1min")], &Silence);
        let latency = seen.latency();
        assert_eq!((latency.mean, latency.p99, latency.max), (None, None, None));
        let mut said = seen.main().diagnostics.iter();
        let said = said.find(|said| said.code == Code::Unstable);
        let words = &said.expect("the layout is called unstable").message;
        assert!(words.contains(bottleneck), "{words}");
    }
}
