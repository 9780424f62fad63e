//! The checks that every run makes of itself: a run passes them, and a figure that is moved does not.

use cutline::measure::{Kind, Outcome, Series};
use cutline::plan::{self, Plan};
use cutline::scenario;
use cutline::study::{self, Purpose, breaches};
use cutline::units::Nanos;

/// Something of everything that is waited for, so busy that requests are under way at both edges.
const BUSY: &str = "\
cutline: 1
name: busy
application:
  modules:
    a:
      tables: { one: { rows: 3, row_size: 100B } }
      operations:
        go:
          - cpu: { exp: 4ms }
          - external: bank
          - transaction: { name: both, do: [ write: one, cpu: 2ms, write: one ] }
          - fail: 10%
  externals: { bank: { latency: { exp: 10ms }, failure: 5%, concurrency: 3 } }
workload:
  arrivals: { poisson: 260/s }
  endpoints: { go: { call: a.go } }
layouts:
  one:
    services: { a: { cpu: 2, threads: 8, queue: 12 } }
    databases: { db: { tables: all, cpu: 1, memory: 4GiB, pool: 5, acquire_timeout: 5ms, deadlock_timeout: 30ms } }
platform: { network: none, prices: none }
";

fn busy() -> (Plan, Outcome) {
    let (plan, mut outcomes) = replications(BUSY, 1);
    (plan, outcomes.remove(0))
}

fn replications(text: &str, count: u32) -> (Plan, Vec<Outcome>) {
    let no_files = |name: &str| Err(format!("no {name}"));
    let reading = scenario::read(text, "busy", &[], &no_files);
    let model = reading.unwrap_or_else(|refused| panic!("{refused}")).model;
    let plan = plan::compile(&model, 0).unwrap_or_else(|refused| panic!("{refused:?}"));
    let length = (Nanos::from_seconds(9.0), Nanos::from_seconds(2.0));
    let outcomes = study::replicate(&plan, 1, Purpose::Production, count, length);
    (plan, outcomes)
}

#[test]
fn a_run_that_waits_for_everything_passes_to_the_nanosecond() {
    let (plan, outcome) = busy();
    assert_eq!(breaches(&plan, &outcome), [""; 0]);
    // The edges of the measured time cut stays, so the passing says something about them.
    let (endpoint, service) = (&outcome.endpoints[0], &outcome.services[0]);
    assert!(endpoint.present.before() > 0 && endpoint.in_flight() > 0);
    assert!(endpoint.ages != 0 && service.queue_ages != 0, "{endpoint:?} {service:?}");
    let database = &outcome.databases[0];
    assert!(database.pool_ages != 0 && database.held_ages != 0 && database.lock_ages != 0);
    assert!(outcome.externals[0].ages != 0);
    for kind in [Kind::Ok, Kind::Rejected, Kind::Timeout, Kind::Failed, Kind::Deadlock] {
        assert!(endpoint.answers[kind as usize] > 0, "{kind:?}: {:?}", endpoint.answers);
    }
}

#[test]
fn replications_put_together_pass_and_keep_how_a_promised_endpoint_went() {
    let (plan, outcomes) = replications(&format!("{BUSY}slo: {{ go: {{ p99: 1s }} }}\n"), 3);
    let mut sum = outcomes[0].clone();
    outcomes[1..].iter().for_each(|outcome| sum.merge(outcome));
    assert_eq!(breaches(&plan, &sum), [""; 0]);
    let slices = |outcome: &Outcome| {
        let series = outcome.endpoints[0].series.as_ref().expect("something was promised for it");
        series.slices().to_vec()
    };
    let (apart, together): (Vec<_>, _) = (outcomes.iter().map(slices).collect(), slices(&sum));
    assert_eq!(together.len(), Series::COUNT);
    for (index, slice) in together.iter().enumerate() {
        let own = || apart.iter().map(|slices| &slices[index]);
        assert!(slice.answers > 0, "260 a second, a slice of 36 ms");
        assert_eq!(slice.answers, own().map(|slice| slice.answers).sum::<u64>());
        assert_eq!(slice.latency_sum, own().map(|slice| slice.latency_sum).sum::<u128>());
        assert_eq!(slice.in_flight, own().map(|slice| slice.in_flight).sum::<i64>());
    }
}

/// Moves one figure of an outcome.
type Doctor = fn(&mut Outcome);

#[test]
fn a_figure_that_is_moved_is_a_breach() {
    let doctors: [(&str, Doctor); 23] = [
        ("requests that came", |outcome| outcome.endpoints[0].arrivals += 1),
        ("requests that came", |outcome| outcome.endpoints[0].answers[Kind::Failed as usize] -= 1),
        ("attributed time", |outcome| outcome.endpoints[0].spent[3] += 1),
        ("attributed time", |outcome| outcome.endpoints[0].latency_sum -= 1),
        ("good answers", |outcome| outcome.endpoints[0].latency.record(5)),
        ("endpoint go: Little", |outcome| outcome.endpoints[0].other_latency_sum += 1),
        ("endpoint go: Little", |outcome| outcome.endpoints[0].present.enter(outcome.ended_at - 7)),
        ("endpoint go: Little", |outcome| outcome.endpoints[0].ages += 1),
        ("service a: requests", |outcome| outcome.services[0].answered += 1),
        ("service a: requests", |outcome| outcome.services[0].rejected -= 1),
        ("threads of service a: Little", |outcome| outcome.services[0].wait_sum += 1),
        ("threads of service a: Little", |outcome| outcome.services[0].abandoned_wait_sum += 1),
        ("service a: Little", |outcome| outcome.services[0].served_ns ^= 1),
        ("pools of database db: Little", |outcome| outcome.databases[0].pool_wait_sum += 1),
        ("connections of database db: Little", |outcome| outcome.databases[0].held_sum += 1),
        ("locks of database db: Little", |outcome| outcome.databases[0].lock_wait_sum[0] += 1),
        ("third party bank: Little", |outcome| outcome.externals[0].time_sum += 1),
        ("connections taken", |outcome| outcome.left.connections += 1),
        ("threads taken", |outcome| outcome.left.threads -= 1),
        ("cpu of", |outcome| outcome.cpu_busy[0] = 2.1 * outcome.measured_ns as f64),
        ("storage of", |outcome| outcome.databases[0].capped_ns += 1 << 62),
        ("storage of", |outcome| outcome.databases[0].read_ages += 1 << 62),
        ("nobody is under way", |outcome| outcome.left.frames = 0),
    ];
    let (plan, outcome) = busy();
    for (number, (law, doctor)) in doctors.into_iter().enumerate() {
        let mut doctored = outcome.clone();
        doctor(&mut doctored);
        let found = breaches(&plan, &doctored);
        let told = found.iter().any(|breach| breach.contains(law));
        assert!(told, "doctor {number}: {law} is not in {found:?}");
    }
}
