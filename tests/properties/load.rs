//! Random loads: every kind of arrivals, endpoints with priorities and with arrivals of their own.

use cutline::random::{Key, Stream};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::application::Application;

/// Requests of this many users come between 10 s and 15 s and not again before 20 s: by then a layout that
/// carries them is empty.
pub(super) fn once(users: u32) -> String {
    format!("{{ closed: {{ users: {users}, think: {{ uniform: {{ from: 10s, to: 15s }} }} }} }}")
}

/// Instants (µs) of the trace whose file is called `seed-count-gap.csv`: so many, with gaps of up to so many
/// µs, one in four of them none.
fn instants(seed: u32, count: u32, gap: u32) -> impl Iterator<Item = u64> {
    let mut random = Stream::new(Key(seed.into()));
    let mut now = 0;
    (0..count).map(move |_| {
        now += u64::from(random.below(gap) * u32::from(random.below(4) > 0));
        now
    })
}

/// The text of such a file.
pub(super) fn file(name: &str) -> Result<String, String> {
    let numbers = name.trim_end_matches(".csv").split('-').map(str::parse::<u32>);
    match numbers.collect::<Result<Vec<u32>, _>>().as_deref() {
        Ok([seed, count, gap]) => {
            Ok(instants(*seed, *count, *gap).map(|instant| format!("{instant}us\n")).collect())
        }
        _ => Err(format!("no {name}")),
    }
}

/// Each instant at most `gap` µs after the one before.
fn trace(count: u32, gap: u32, again: bool) -> impl Strategy<Value = String> {
    let pause = if again { 1..500_000u64 } else { 0..1 };
    (0u32..1_000, 1..count, 1..gap, pause).prop_map(|(seed, count, gap, pause)| {
        let name = format!("{seed}-{count}-{gap}.csv");
        let last = instants(seed, count, gap).last().unwrap_or_default();
        match pause {
            0 => format!("{{ trace: {name} }}"),
            _ => format!("{{ trace: {{ file: {name}, every: {}us }} }}", last + pause),
        }
    })
}

fn rate(most: u32) -> impl Strategy<Value = u32> {
    prop_oneof![4 => 1..most, 1 => Just(0)]
}

/// Rates of up to `most` a second at points up to 0.4 s apart. `ends`: the last rate is 0 and stays.
fn points(most: u32, ends: bool) -> impl Strategy<Value = String> {
    let again = if ends { Just(None).boxed() } else { option::of(0u32..500).boxed() };
    (1..most, 1u32..400, vec((0u32..400, rate(most)), 1..4), again).prop_map(
        move |(rate, first, more, again)| {
            let mut at = first;
            let mut points =
                format!("{{ at: 0s, rate: {rate}/s }}, {{ at: {at}ms, rate: {rate}/s }}");
            for (gap, rate) in more {
                at += gap;
                points += &format!(", {{ at: {at}ms, rate: {rate}/s }}");
            }
            if ends {
                points += &format!(", {{ at: {at}ms, rate: 0/s }}");
            }
            let every = again.map(|pause| format!(", every: {}ms", at + pause)).unwrap_or_default();
            format!("{{ profile: {{ points: [ {points} ]{every} }} }}")
        },
    )
}

fn sine() -> impl Strategy<Value = String> {
    (1u32..300, 0u32..=100, 20u32..3_000).prop_map(|(mean, share, period)| {
        let amplitude = f64::from(mean * share) / 100.0;
        format!("{{ profile: {{ sine: {{ mean: {mean}/s, amplitude: {amplitude}/s, period: {period}ms }} }} }}")
    })
}

fn mmpp() -> impl Strategy<Value = String> {
    (1u32..400, vec((rate(400), 10u32..500), 2..5)).prop_map(|(some, states)| {
        let states = states.into_iter().enumerate().map(|(number, (rate, stay))| {
            // One state at least has a rate.
            let rate = if number == 0 { some } else { rate };
            format!("{{ rate: {rate}/s, stay: {stay}ms }}")
        });
        format!("{{ mmpp: {{ states: [ {} ] }} }}", states.collect::<Vec<_>>().join(", "))
    })
}

fn batch() -> impl Strategy<Value = String> {
    let size = prop_oneof![
        (1u32..12).prop_map(|size| size.to_string()),
        (10u32..80).prop_map(|tenths| {
            format!("{{ geometric: {{ mean: {} }} }}", f64::from(tenths) / 10.0)
        }),
    ];
    (1u32..60, size)
        .prop_map(|(rate, size)| format!("{{ batch: {{ rate: {rate}/s, size: {size} }} }}"))
}

/// Any arrivals.
pub(super) fn arrivals() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => (1u32..400).prop_map(|rate| format!("{{ poisson: {rate}/s }}")),
        1 => (1u32..400).prop_map(|rate| format!("{{ deterministic: {rate}/s }}")),
        1 => (1u32..60).prop_map(|users| {
            format!("{{ closed: {{ users: {users}, think: {{ exp: 100ms }} }} }}")
        }),
        1 => (1u32..300).prop_map(once),
        1 => mmpp(),
        1 => batch(),
        1 => sine(),
        1 => points(400, false),
        1 => trace(300, 20_000, false),
        1 => trace(300, 20_000, true),
    ]
}

/// Arrivals of some hundred requests that end in time for all of them to be through at
/// [`super::scenario::ALL_THROUGH`].
pub(super) fn ending() -> impl Strategy<Value = String> {
    prop_oneof![3 => (1u32..150).prop_map(once), 2 => passing()]
}

/// Arrivals of some hundred requests after which nobody ever comes.
pub(super) fn passing() -> impl Strategy<Value = String> {
    prop_oneof![points(100, true), trace(150, 20_000, false)]
}

/// Who asks for what: the first operation of all by `go`, and maybe another one, too.
#[derive(Debug, Clone)]
pub(super) struct Endpoints {
    priority: u8,
    also: Option<Also>,
    client: Option<&'static str>,
}

/// Another endpoint. The number of its operation is taken modulo what there is.
#[derive(Debug, Clone)]
struct Also {
    operation: usize,
    priority: u8,
    /// Its own; else it has a third of the requests.
    arrivals: Option<String>,
}

impl Endpoints {
    /// Nobody but `go`.
    pub(super) const GO: Endpoints = Endpoints { priority: 0, also: None, client: None };

    pub(super) fn any(
        arrivals: impl Strategy<Value = String> + 'static,
    ) -> impl Strategy<Value = Endpoints> {
        let priority = || prop_oneof![2 => Just(0u8), 2 => 1u8..4, 1 => Just(255u8)];
        let also = (0usize..8, priority(), option::weighted(0.3, arrivals))
            .prop_map(|(operation, priority, arrivals)| Also { operation, priority, arrivals });
        let client = prop_oneof![3 => Just(None), 1 => Just(Some("internet"))];
        (priority(), option::of(also), client).prop_map(|(priority, also, client)| Endpoints {
            priority,
            also,
            client,
        })
    }

    /// `go`, or two halves of it.
    fn go(&self, halved: bool) -> String {
        let entry = |name: &str, share: u32| {
            format!("{name}: {{ share: {share}, call: m0.o0, priority: {} }}", self.priority)
        };
        if halved { format!("{}, {}", entry("one", 1), entry("two", 1)) } else { entry("go", 2) }
    }

    /// The workload as a scenario says it.
    pub(super) fn text(&self, application: &Application, arrivals: &str, halved: bool) -> String {
        let also = self.also.as_ref().map(|also| {
            let operations: usize = application.modules.iter().map(Vec::len).sum();
            let traffic = match &also.arrivals {
                Some(own) => format!("arrivals: {own}"),
                None => "share: 1".to_string(),
            };
            let operation = application.operation(also.operation % operations);
            format!(", also: {{ {traffic}, call: {operation}, priority: {} }}", also.priority)
        });
        let client = self.client.map(|client| format!("  client: {client}\n")).unwrap_or_default();
        format!(
            "workload:\n  arrivals: {arrivals}\n{client}  endpoints: {{ {}{} }}\n",
            self.go(halved),
            also.unwrap_or_default(),
        )
    }
}
