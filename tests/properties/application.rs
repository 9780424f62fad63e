//! Random applications that are valid by construction: an operation calls only those after it, a transaction
//! stays in one module, and an event is heard by an operation that cannot fail.

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
    Repeat(u8, Vec<Step>),
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

/// Steps that a transaction may hold: nothing that runs in parallel.
fn transaction() -> impl Strategy<Value = Step> {
    let steps = prop_oneof![
        4 => statement(),
        2 => time(),
        1 => (1u32..20).prop_map(Step::Fail),
        1 => (1u32..99, vec(statement(), 1..3))
            .prop_map(|(share, steps)| Step::Choice(share, steps, Vec::new())),
    ];
    (0u32..3, vec(steps, 1..4)).prop_map(|(retries, steps)| Step::Transaction(retries, steps))
}

fn nested(inner: impl Strategy<Value = Step> + Clone) -> impl Strategy<Value = Step> {
    let steps = || vec(inner.clone(), 0..3);
    prop_oneof![
        (1u32..99, steps(), steps()).prop_map(|(share, one, two)| Step::Choice(share, one, two)),
        (0u8..4, vec(inner.clone(), 1..3)).prop_map(|(times, steps)| Step::Repeat(times, steps)),
        (0u32..=100, vec(inner.clone(), 1..3)).prop_map(|(hit, steps)| Step::Cache(hit, steps)),
    ]
}

fn step(kinds: Kinds) -> BoxedStrategy<Step> {
    let call = (0usize..8).prop_map(Step::Call);
    if kinds == Kinds::Sequential {
        let leaf = prop_oneof![3 => time(), 2 => call];
        return leaf.prop_recursive(2, 8, 3, nested).boxed();
    }
    let leaf = prop_oneof![
        4 => time(),
        4 => call,
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

/// An application: modules of operations. The first operation of all is asked for from outside, the last one
/// hears the event.
#[derive(Debug, Clone)]
pub(super) struct Application {
    pub(super) modules: Vec<Vec<Vec<Step>>>,
    listener: Law,
    rows: u32,
    bank: (Law, u32, u32),
}

impl Application {
    pub(super) fn any(kinds: Kinds) -> impl Strategy<Value = Application> {
        let modules = vec(vec(vec(step(kinds), 1..4), 1..3), 2..5);
        let bank = (Law::any(8_000), 0u32..10, 1u32..5);
        (modules, Law::any(2_000), prop_oneof![1u32..5, Just(1_000_000u32)], bank)
            .prop_map(|(modules, listener, rows, bank)| Self { modules, listener, rows, bank })
    }

    /// Name of an operation by its number among all.
    fn operation(&self, number: usize) -> String {
        let mut before = 0;
        for (module, operations) in self.modules.iter().enumerate() {
            if number < before + operations.len() {
                return format!("m{module}.o{}", number - before);
            }
            before += operations.len();
        }
        unreachable!("operation {number} of {before}")
    }

    fn operation_count(&self) -> usize {
        self.modules.iter().map(Vec::len).sum()
    }

    /// The application as a scenario says it.
    pub(super) fn text(&self, scale: u32) -> String {
        let mut text = "application:\n  modules:\n".to_string();
        let (mut number, mut transactions) = (0, 0);
        let last = self.modules.len() - 1;
        for (module, operations) in self.modules.iter().enumerate() {
            text += &format!("    m{module}:\n");
            text += &format!("      tables: {{ t: {{ rows: {}, row_size: 200B }} }}\n", self.rows);
            if module == 0 {
                text += "      events: [ happened ]\n";
            }
            if module == last {
                text += "      subscribes: { happened: listen }\n";
            }
            text += "      operations:\n";
            for (index, steps) in operations.iter().enumerate() {
                let mut place = Place { application: self, scale, number, module, transactions };
                text += &format!("        o{index}: {}\n", place.list(steps, false));
                transactions = place.transactions;
                number += 1;
            }
            if module == last {
                text += &format!("        listen: [ cpu: {} ]\n", self.listener.text(scale));
            }
        }
        let (latency, failure, most) = &self.bank;
        let latency = latency.text(scale);
        text += &format!(
            "  externals: {{ bank: {{ latency: {latency}, failure: {failure}%, concurrency: {most} }} }}\n"
        );
        text
    }
}

/// Where steps stand.
struct Place<'a> {
    application: &'a Application,
    scale: u32,
    number: usize,
    module: usize,
    transactions: u32,
}

impl Place<'_> {
    fn list(&mut self, steps: &[Step], within: bool) -> String {
        let steps: Vec<String> = steps.iter().map(|step| self.step(step, within)).collect();
        if steps.is_empty() { "[]".to_string() } else { format!("[ {} ]", steps.join(", ")) }
    }

    /// A table: the module's own within a transaction, which must not span databases.
    fn table(&self, table: usize, within: bool) -> String {
        let module = if within { self.module } else { table % self.application.modules.len() };
        format!("m{module}.t")
    }

    fn step(&mut self, step: &Step, within: bool) -> String {
        match step {
            Step::Cpu(law) => format!("cpu: {}", law.text(self.scale)),
            Step::Wait(law) => format!("wait: {}", law.text(self.scale)),
            Step::Call(which) => {
                let after = self.application.operation_count() - self.number - 1;
                if after == 0 {
                    return format!("cpu: {}us", 100 * self.scale);
                }
                let operation = self.application.operation(self.number + 1 + which % after);
                format!("call: {operation}")
            }
            Step::Read(table, rows) => {
                format!("read: {{ table: {}, rows: {rows} }}", self.table(*table, within))
            }
            Step::Write(table, rows) => {
                format!("write: {{ table: {}, rows: {rows} }}", self.table(*table, within))
            }
            Step::Insert(table) => {
                format!("write: {{ table: {}, insert: true }}", self.table(*table, within))
            }
            Step::Join(one, two) => {
                let (one, two) = (self.table(*one, within), self.table(*two + 1, within));
                if one == two {
                    return format!("read: {one}");
                }
                format!("join: {{ tables: [ {one}, {two} ], rows: 5 }}")
            }
            Step::External => "external: bank".to_string(),
            Step::Publish => "publish: happened".to_string(),
            Step::Fail(share) => format!("fail: {share}%"),
            Step::Parallel(branches) => {
                let branches: Vec<String> =
                    branches.iter().map(|branch| self.list(branch, within)).collect();
                format!("parallel: [ {} ]", branches.join(", "))
            }
            Step::Choice(share, one, two) => {
                let (one, two) = (self.list(one, within), self.list(two, within));
                let rest = (100 - share) / 2;
                format!(
                    "choice: [ {{ share: {share}%, do: {one} }}, {{ share: {rest}%, do: {two} }} ]"
                )
            }
            Step::Repeat(times, steps) => {
                let times = match times {
                    0 => "{ geometric: { mean: 1.3 } }".to_string(),
                    1 => "{ poisson: { mean: 0.8 } }".to_string(),
                    2 => "{ uniform: { from: 0, to: 3 } }".to_string(),
                    more => (more - 1).to_string(),
                };
                format!("repeat: {{ times: {times}, do: {} }}", self.list(steps, within))
            }
            Step::Cache(hit, steps) => {
                let steps = self.list(steps, within);
                format!("cache: {{ name: near, hit: {hit}%, miss: {steps} }}")
            }
            Step::Transaction(retries, steps) => {
                let steps = self.list(steps, true);
                self.transactions += 1;
                let name = self.transactions;
                format!("transaction: {{ name: x{name}, retries: {retries}, do: {steps} }}")
            }
        }
    }
}
