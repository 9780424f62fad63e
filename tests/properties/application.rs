//! Random applications that are valid by construction: an operation calls only those after it, a transaction
//! writes to one database over one connection, and an event is heard by an operation that cannot fail.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::steps::{Kinds, Law, Step, step};

/// What transactions may do beyond their module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Whatever they call writes to the module's own tables only: some layout has a database for each.
    OwnTables,
    /// Whatever they call in another module writes nothing: where that is another service, it would commit
    /// on its own, and could wait for a row of the very transaction for ever.
    OwnWriters,
    /// Anything within the one database of all layouts.
    Anything,
    /// Anything at all: layouts say how a transaction is kept together, and this is how.
    Spanning(&'static str),
    /// The same, where branches and turns write to one database at the most: events cannot lead on from those.
    Led(&'static str),
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

    /// With so many rows that nobody ever waits for one.
    pub(super) fn with_many_rows(mut self) -> Application {
        self.rows = 1_000_000;
        self
    }

    /// With a third party that works on all calls at once.
    pub(super) fn with_ample_bank(mut self) -> Application {
        self.bank.2 = 10_000;
        self
    }

    /// Name of an operation by its number among all.
    pub(super) fn operation(&self, number: usize) -> String {
        let mut before = 0;
        for (module, operations) in self.modules.iter().enumerate() {
            if number < before + operations.len() {
                return format!("m{module}.o{}", number - before);
            }
            before += operations.len();
        }
        unreachable!("operation {number} of {before}")
    }

    /// The module of each operation.
    fn module_of_operation(&self) -> Vec<usize> {
        let modules = self.modules.iter().enumerate();
        modules.flat_map(|(module, operations)| vec![module; operations.len()]).collect()
    }

    /// The steps of every operation as a scenario says them. An operation calls those after it, and what
    /// it may call depends on what they do: the last one is written first.
    fn bodies(&self, scale: u32, reach: Reach) -> Vec<String> {
        let modules = self.module_of_operation();
        let operations: Vec<&Vec<Step>> = self.modules.iter().flatten().collect();
        let (mut bodies, mut later, mut transactions) = (Vec::new(), Vec::new(), 0);
        for (number, steps) in operations.into_iter().enumerate().rev() {
            let module = modules[number];
            let effects = Effects::default();
            let mut place = Place {
                application: self,
                scale,
                reach,
                module,
                later: &later,
                inside: 0,
                transactions,
                effects,
            };
            bodies.push(place.list(steps, false));
            transactions = place.transactions;
            let effects = place.effects;
            later.push((self.operation(number), effects));
        }
        bodies.reverse();
        bodies
    }

    /// The application as a scenario says it.
    pub(super) fn text(&self, scale: u32, reach: Reach) -> String {
        let mut text = "application:\n  modules:\n".to_string();
        let mut bodies = self.bodies(scale, reach).into_iter();
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
            for (index, body) in bodies.by_ref().take(operations.len()).enumerate() {
                text += &format!("        o{index}: {body}\n");
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

/// What steps do, and whatever they call.
#[derive(Debug, Clone, Default)]
struct Effects {
    /// Modules whose tables are written.
    written: BTreeSet<usize>,
    /// Modules whose operations write.
    writers: BTreeSet<usize>,
    /// Whether there is a statement.
    states: bool,
    /// Whether several branches of a fork have one, which within a transaction share its connection.
    clashes: bool,
}

impl Effects {
    fn add(&mut self, other: &Effects) {
        self.written.extend(&other.written);
        self.writers.extend(&other.writers);
        self.states |= other.states;
        self.clashes |= other.clashes;
    }
}

/// Where steps stand.
struct Place<'a> {
    application: &'a Application,
    scale: u32,
    reach: Reach,
    module: usize,
    /// The operations after this one, the last one first: names and what they do.
    later: &'a [(String, Effects)],
    /// Branches and turns around.
    inside: u32,
    transactions: u32,
    /// Of the steps so far.
    effects: Effects,
}

impl Place<'_> {
    fn list(&mut self, steps: &[Step], within: bool) -> String {
        let steps: Vec<String> = steps.iter().map(|step| self.step(step, within)).collect();
        if steps.is_empty() { "[]".to_string() } else { format!("[ {} ]", steps.join(", ")) }
    }

    fn any_table(&mut self, table: usize) -> usize {
        self.effects.states = true;
        table % self.application.modules.len()
    }

    /// The module whose table is written.
    fn written(&mut self, table: usize, within: bool) -> usize {
        let own = match self.reach {
            Reach::OwnTables | Reach::OwnWriters => within,
            Reach::Led(_) => self.inside > 0,
            Reach::Anything | Reach::Spanning(_) => false,
        };
        let table = if own { self.module } else { table % self.application.modules.len() };
        self.effects.states = true;
        self.effects.written.insert(table);
        self.effects.writers.insert(self.module);
        table
    }

    /// Whether a transaction here may call an operation that does this.
    fn is_fit(&self, callee: &Effects) -> bool {
        let only_own = |modules: &BTreeSet<usize>| modules.iter().all(|one| *one == self.module);
        let reaches = match self.reach {
            Reach::OwnTables => only_own(&callee.written) && only_own(&callee.writers),
            Reach::OwnWriters => only_own(&callee.writers),
            Reach::Led(_) => self.inside == 0 || callee.written.is_empty(),
            Reach::Anything | Reach::Spanning(_) => true,
        };
        reaches && !callee.clashes
    }

    fn call(&mut self, which: usize, within: bool) -> String {
        let later = self.later;
        let after = (0..later.len()).map(|turn| &later[(which + turn) % later.len()]);
        let asked = within || matches!(self.reach, Reach::Led(_));
        let mut fit = after.filter(|(_, effects)| !asked || self.is_fit(effects));
        let Some((operation, effects)) = fit.next() else {
            return format!("cpu: {}us", 100 * self.scale);
        };
        self.effects.add(effects);
        format!("call: {operation}")
    }

    fn parallel(&mut self, branches: &[Vec<Step>], within: bool) -> String {
        let before = std::mem::take(&mut self.effects);
        let (mut texts, mut sum, mut stating) = (Vec::new(), before, 0);
        for branch in branches {
            texts.push(self.body(branch, within));
            let effects = std::mem::take(&mut self.effects);
            stating += u32::from(effects.states);
            sum.add(&effects);
        }
        self.effects = sum;
        self.effects.clashes |= stating > 1;
        format!("parallel: [ {} ]", texts.join(", "))
    }

    /// Steps of a branch or a turn.
    fn body(&mut self, steps: &[Step], within: bool) -> String {
        self.inside += 1;
        let text = self.list(steps, within);
        self.inside -= 1;
        text
    }

    fn step(&mut self, step: &Step, within: bool) -> String {
        match step {
            Step::Cpu(law) => format!("cpu: {}", law.text(self.scale)),
            Step::Wait(law) => format!("wait: {}", law.text(self.scale)),
            Step::Call(which) => self.call(*which, within),
            Step::Read(table, rows) => {
                let rows = (*rows).min(self.application.rows);
                format!("read: {{ table: m{}.t, rows: {rows} }}", self.any_table(*table))
            }
            Step::Write(table, rows) => {
                let rows = (*rows).min(self.application.rows);
                format!("write: {{ table: m{}.t, rows: {rows} }}", self.written(*table, within))
            }
            Step::Insert(table) => {
                format!("write: {{ table: m{}.t, insert: true }}", self.written(*table, within))
            }
            Step::Join(one, two) => {
                let (one, two) = (self.any_table(*one), self.any_table(*two + 1));
                if one == two {
                    return format!("read: m{one}.t");
                }
                let rows = 5.min(self.application.rows);
                let batch = (one + two) % 2 == 0;
                format!("join: {{ tables: [ m{one}.t, m{two}.t ], rows: {rows}, batch: {batch} }}")
            }
            Step::External => "external: bank".to_string(),
            Step::Publish => "publish: happened".to_string(),
            Step::Fail(share) => format!("fail: {share}%"),
            Step::Parallel(branches) => self.parallel(branches, within),
            Step::Choice(share, one, two) => {
                let (one, two) = (self.body(one, within), self.body(two, within));
                let rest = (100 - share) / 2;
                format!(
                    "choice: [ {{ share: {share}%, do: {one} }}, {{ share: {rest}%, do: {two} }} ]"
                )
            }
            Step::Repeat(times, steps) => {
                format!("repeat: {{ times: {}, do: {} }}", times.text(), self.body(steps, within))
            }
            Step::Cache(hit, steps) => {
                let steps = self.body(steps, within);
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
