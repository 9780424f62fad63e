//! The laws of restart and merge, held by stories of random requests: told to one record, or parted over two
//! that are merged, they leave the same figures; and a restart forgets everything but who is present.

use proptest::prelude::*;

use super::recorded::{Ends, Most, Recorded};
use super::{DatabaseRecord, EndpointRecord, ExternalRecord, Gauge, Kind, Series, ServiceRecord};

/// A request with what becomes of it. Times in nanoseconds.
#[derive(Debug, Clone, Copy)]
struct Told {
    came: u64,
    wait: u64,
    served: u64,
    fate: Fate,
    /// Which of two records it is told to, when they are two.
    first: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Rejected,
    Abandoned,
    Answered,
}

/// When the stories end: in the middle of many requests.
const END: u64 = 1_000;

fn told() -> impl Strategy<Value = Told> {
    let fate = prop_oneof![Just(Fate::Rejected), Just(Fate::Abandoned), Just(Fate::Answered)];
    (0..END, 0..400u64, 0..400u64, fate, any::<bool>())
        .prop_map(|(came, wait, served, fate, first)| Told { came, wait, served, fate, first })
}

fn story() -> impl Strategy<Value = Vec<Told>> {
    prop::collection::vec(told(), 0..60)
}

/// One thing that came and left, or is there at the end: its stay if it is over, and its age at the end.
fn stay(gauge: &mut Gauge, from: u64, time: u64) -> (Option<u64>, u64) {
    gauge.enter(from);
    let over = from + time <= END;
    if over {
        gauge.leave(from + time);
    }
    if over { (Some(time), 0) } else { (None, END - from) }
}

fn tell_service(record: &mut ServiceRecord, told: &Told) {
    record.arrivals += 1;
    if told.fate == Fate::Rejected {
        record.rejected += 1;
        return;
    }
    let (waited, age) = stay(&mut record.queue, told.came, told.wait);
    record.queue_ages += i128::from(age);
    let Some(waited) = waited else { return };
    if told.fate == Fate::Abandoned {
        record.abandoned_waits.record(waited);
        record.abandoned_wait_sum += u128::from(waited);
        return;
    }
    record.waits.record(waited);
    record.wait_sum += u128::from(waited);
    let (served, age) = stay(&mut record.serving, told.came + waited, told.served);
    record.answered += u64::from(served.is_some());
    record.served_ns = record.served_ns.wrapping_add((served.unwrap_or(0) + age) as u32);
}

fn tell_endpoint(record: &mut EndpointRecord, told: &Told) {
    record.arrivals += 1;
    let (latency, age) = stay(&mut record.present, told.came, told.wait + told.served);
    record.ages += i128::from(age);
    let Some(latency) = latency else { return };
    if told.fate == Fate::Answered {
        record.answer(latency, [(0, told.wait), (2, told.served)].into_iter());
    } else {
        record.answers[Kind::Failed as usize] += 1;
        record.other_latency_sum += u128::from(latency);
    }
}

fn tell_database(record: &mut DatabaseRecord, told: &Told) {
    record.acquires += 1;
    let (waited, age) = stay(&mut record.pool_queue, told.came, told.wait);
    record.pool_ages += i128::from(age);
    let Some(waited) = waited else { return };
    record.pool_wait_sum += u128::from(waited);
    let (held, age) = stay(&mut record.connections, told.came + waited, told.served);
    record.held_ages += i128::from(age);
    record.held_sum += u128::from(held.unwrap_or(0));
    record.statements += 1;
    record.locks[usize::from(told.fate == Fate::Answered)] += 1;
    record.lock_wait_sum[usize::from(told.fate == Fate::Answered)] += u128::from(told.wait);
    record.deadlocks += u64::from(told.fate == Fate::Abandoned);
    record.commits += u64::from(held.is_some());
    stay(&mut record.lock_queue, told.came, told.wait);
    stay(&mut record.flushing, told.came, told.served);
    record.flushes += 1;
    record.operations += 2;
    record.read_ns += u128::from(told.wait);
    record.read_ages += i128::from(age);
    record.capped_ns += i128::from(told.wait);
}

fn tell_external(record: &mut ExternalRecord, told: &Told) {
    let (worked, age) = stay(&mut record.busy, told.came, told.served);
    record.time_sum += u128::from(worked.unwrap_or(0));
    record.ages += i128::from(age);
}

/// What a story leaves in an empty record.
fn leaves<R: Clone>(empty: &R, story: &[Told], tell: fn(&mut R, &Told)) -> R {
    let mut record = empty.clone();
    story.iter().for_each(|told| tell(&mut record, told));
    record
}

/// Holds the laws of one kind of record. `present`: an empty record in which somebody is present as in the
/// other.
fn hold<R: Recorded + Clone + PartialEq + std::fmt::Debug>(
    empty: &R,
    story: &[Told],
    tell: fn(&mut R, &Told),
    present: impl Fn(&R) -> R,
) -> Result<(), TestCaseError> {
    let (first, second): (Vec<Told>, Vec<Told>) = story.iter().partition(|told| told.first);
    let (whole, one, other) =
        (leaves(empty, story, tell), leaves(empty, &first, tell), leaves(empty, &second, tell));
    let ends = Ends { own: END, other: END };
    let merged = |one: &R, other: &R| {
        let mut sum = one.clone();
        sum.merge(other, ends);
        sum
    };
    prop_assert_eq!(&merged(&one, &other), &whole);
    prop_assert_eq!(&merged(&other, &one), &whole);
    prop_assert_eq!(&merged(&whole, empty), &whole);
    let restarted = |record: &R| {
        let mut record = record.clone();
        record.restart(END);
        record
    };
    prop_assert_eq!(&restarted(&whole), &restarted(&present(&whole)));
    prop_assert_eq!(merged(&restarted(&one), &restarted(&other)), restarted(&whole));
    Ok(())
}

/// A gauge that holds as many as another and has seen nothing else.
fn level(of: &Gauge) -> Gauge {
    let mut gauge = Gauge::default();
    (0..of.level()).for_each(|_| gauge.enter(END));
    gauge
}

proptest! {
    #[test]
    fn two_services_merged_are_the_service_of_both_stories(story in story(), fine in any::<bool>()) {
        let empty = ServiceRecord::new(fine);
        hold(&empty, &story, tell_service, |record| {
            let (queue, serving) = (level(&record.queue), level(&record.serving));
            ServiceRecord { queue, serving, ..empty.clone() }
        })?;
    }

    #[test]
    fn two_endpoints_merged_are_the_endpoint_of_both_stories(story in story()) {
        let empty = EndpointRecord::default();
        hold(&empty, &story, tell_endpoint, |record| {
            EndpointRecord { present: level(&record.present), ..empty.clone() }
        })?;
    }

    #[test]
    fn two_databases_merged_are_the_database_of_both_stories(story in story()) {
        let empty = DatabaseRecord::new(2);
        hold(&empty, &story, tell_database, |record| DatabaseRecord {
            pool_queue: level(&record.pool_queue),
            connections: level(&record.connections),
            lock_queue: level(&record.lock_queue),
            flushing: level(&record.flushing),
            ..empty.clone()
        })?;
    }

    #[test]
    fn two_third_parties_merged_are_the_one_of_both_stories(story in story()) {
        let empty = ExternalRecord::default();
        hold(&empty, &story, tell_external, |record| {
            ExternalRecord { busy: level(&record.busy), ..empty }
        })?;
    }

    #[test]
    fn areas_of_replications_that_ended_at_different_times_add_up(
        stories in prop::collection::vec((story(), END..2 * END), 3),
    ) {
        let gauges: Vec<(Gauge, u64)> = stories
            .iter()
            .map(|(story, end)| {
                let mut gauge = Gauge::default();
                story.iter().for_each(|told| {
                    stay(&mut gauge, told.came, told.wait);
                });
                (gauge, *end)
            })
            .collect();
        let (mut sum, own) = gauges[0];
        for (gauge, other) in &gauges[1..] {
            sum.merge(gauge, Ends { own, other: *other });
        }
        let apart: i128 = gauges.iter().map(|(gauge, end)| gauge.exact_area(*end)).sum();
        let present: i64 = gauges.iter().map(|(gauge, _)| gauge.level()).sum();
        prop_assert_eq!((sum.exact_area(own), sum.level()), (apart, present));
    }

    #[test]
    fn slices_merged_hold_the_answers_of_both(story in story()) {
        let series = |own: &dyn Fn(&Told) -> bool| {
            let mut answers: Vec<&Told> = story.iter().filter(|told| own(told)).collect();
            answers.sort_by_key(|told| told.came);
            let mut series = Series::new(END);
            answers.iter().for_each(|told| series.answer(told.came, told.wait, 1));
            series.advance(END, 1);
            series
        };
        let mut sum = series(&|told| told.first);
        sum.merge(&series(&|told| !told.first), Ends { own: END, other: END });
        let told = |series: &Series| {
            let slices = series.slices().iter();
            slices.map(|slice| (slice.answers, slice.latency_sum)).collect::<Vec<_>>()
        };
        prop_assert_eq!(told(&sum), told(&series(&|_| true)));
        prop_assert!(sum.slices().iter().all(|slice| slice.in_flight == 2));
        let before = sum.clone();
        sum.restart(END);
        prop_assert_eq!(sum, before, "the warm-up stays to be seen");
    }

    #[test]
    fn the_most_of_two_is_the_greater(values in prop::collection::vec(any::<u64>(), 0..9), cut in 0..9usize) {
        let most = |values: &[u64]| {
            let mut most = Most::default();
            values.iter().for_each(|value| most.note(*value));
            most
        };
        let cut = cut.min(values.len());
        let mut sum = most(&values[..cut]);
        sum.merge(&most(&values[cut..]), Ends { own: END, other: END });
        prop_assert_eq!(sum.get(), values.iter().copied().max().unwrap_or(0));
        sum.restart(END);
        prop_assert_eq!(sum, Most::default());
    }
}

#[test]
#[should_panic(expected = "replications of one run have the same records")]
fn records_of_different_runs_do_not_merge() {
    let promised = EndpointRecord { series: Some(Series::new(END)), ..EndpointRecord::default() };
    EndpointRecord::default().merge(&promised, Ends { own: END, other: END });
}
