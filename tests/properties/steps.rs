//! Random steps of operations, not yet bound to the operations and tables of an application.

use proptest::collection::vec;
use proptest::prelude::*;

/// A law of times, in µs.
#[derive(Debug, Clone)]
pub(super) struct Law {
    kind: u8,
    mean: u32,
}

impl Law {
    pub(super) fn any(most: u32) -> impl Strategy<Value = Law> {
        (0u8..6, 0..=most).prop_map(|(kind, mean)| Law { kind, mean })
    }

    pub(super) fn text(&self, scale: u32) -> String {
        let mean = self.mean * scale;
        match self.kind {
            _ if mean == 0 => "0us".to_string(),
            0 => format!("{mean}us"),
            1 => format!("{{ exp: {mean}us }}"),
            2 => format!("{{ uniform: {{ from: {}us, to: {mean}us }} }}", self.mean / 2 * scale),
            3 => format!("{{ lognormal: {{ mean: {mean}us, cv: 1.5 }} }}"),
            4 => format!("{{ erlang: {{ stages: 3, mean: {mean}us }} }}"),
            _ => format!("{{ hyperexp: {{ mean: {mean}us, cv: 3 }} }}"),
        }
    }
}

/// How often steps are repeated.
#[derive(Debug, Clone, Copy)]
pub(super) enum Times {
    Fixed(u32),
    Uniform,
    Poisson,
    /// Tenths of the mean.
    Geometric(u32),
}

impl Times {
    pub(super) fn text(self) -> String {
        match self {
            Times::Fixed(times) => times.to_string(),
            Times::Uniform => "{ uniform: { from: 0, to: 3 } }".to_string(),
            Times::Poisson => "{ poisson: { mean: 0.8 } }".to_string(),
            Times::Geometric(tenths) => {
                format!("{{ geometric: {{ mean: {} }} }}", f64::from(tenths) / 10.0)
            }
        }
    }
}

/// A step. Numbers of operations and tables are taken modulo what there is.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Cpu(Law),
    Wait(Law),
    Call(usize),
    Read(usize, u32),
    Write(usize, u32),
    Insert(usize),
    Join(usize, usize),
    External,
    Publish,
    Fail(u32),
    Parallel(Vec<Vec<Step>>),
    Choice(u32, Vec<Step>, Vec<Step>),
    Repeat(Times, Vec<Step>),
    Cache(u32, Vec<Step>),
    Transaction(u32, Vec<Step>),
}

/// What operations may be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kinds {
    /// Every step.
    All,
    /// Only what happens one after the other, always well, without a database.
    Sequential,
}

fn statement() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0usize..4, 1u32..20).prop_map(|(table, rows)| Step::Read(table, rows)),
        (0usize..4, 1u32..3).prop_map(|(table, rows)| Step::Write(table, rows)),
        (0usize..4).prop_map(Step::Insert),
    ]
}

fn time() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Law::any(3_000).prop_map(Step::Cpu),
        1 => Law::any(5_000).prop_map(Step::Wait),
    ]
}

/// A transaction and all that it may hold: nothing that runs in parallel, but calls, maybe of operations
/// with transactions of their own.
fn transaction() -> impl Strategy<Value = Step> {
    let leaf = prop_oneof![
        6 => statement(),
        3 => time(),
        4 => call(),
        1 => (1u32..20).prop_map(Step::Fail),
        1 => Just(Step::External),
        1 => Just(Step::Publish),
    ];
    let inside = leaf.prop_recursive(2, 6, 2, nested);
    (0u32..3, vec(inside, 1..4)).prop_map(|(retries, steps)| Step::Transaction(retries, steps))
}

fn call() -> impl Strategy<Value = Step> {
    (0usize..8).prop_map(Step::Call)
}

fn times() -> impl Strategy<Value = Times> {
    prop_oneof![
        (1u32..3).prop_map(Times::Fixed),
        Just(Times::Uniform),
        Just(Times::Poisson),
        (0u32..25).prop_map(Times::Geometric),
    ]
}

fn nested(inner: impl Strategy<Value = Step> + Clone) -> impl Strategy<Value = Step> {
    let steps = || vec(inner.clone(), 0..3);
    prop_oneof![
        (1u32..99, steps(), steps()).prop_map(|(share, one, two)| Step::Choice(share, one, two)),
        (times(), vec(inner.clone(), 1..3)).prop_map(|(times, steps)| Step::Repeat(times, steps)),
        (0u32..=100, vec(inner.clone(), 1..3)).prop_map(|(hit, steps)| Step::Cache(hit, steps)),
    ]
}

pub(super) fn step(kinds: Kinds) -> BoxedStrategy<Step> {
    if kinds == Kinds::Sequential {
        let leaf = prop_oneof![3 => time(), 2 => call()];
        return leaf.prop_recursive(2, 8, 3, nested).boxed();
    }
    let leaf = prop_oneof![
        4 => time(),
        4 => call(),
        3 => statement(),
        1 => (0usize..4, 0usize..4).prop_map(|(one, two)| Step::Join(one, two)),
        1 => Just(Step::External),
        1 => Just(Step::Publish),
        1 => (1u32..30).prop_map(Step::Fail),
        2 => transaction(),
    ];
    let nested = |inner: BoxedStrategy<Step>| {
        let branches = vec(vec(inner.clone(), 1..3), 1..4).prop_map(Step::Parallel);
        prop_oneof![branches, nested(inner)]
    };
    leaf.prop_recursive(2, 10, 3, nested).boxed()
}
