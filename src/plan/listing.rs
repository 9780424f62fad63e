//! The compiled steps of a layout as text, for `cutline explain`.

use std::fmt::Write;

use super::{NONE, Plan, Step};
use crate::model::QueueDiscipline;
use crate::units::si_time;

/// Every operation of the layout with its steps, service by service.
pub fn listing(plan: &Plan) -> String {
    let mut text = String::new();
    let mut entries = plan.entries.clone();
    entries.sort_by_key(|(_, _, first)| *first);
    for (index, (name, service, first)) in entries.iter().enumerate() {
        let end = entries.get(index + 1).map_or(plan.steps.len() as u32, |(_, _, next)| *next);
        let service = &plan.services[*service as usize].name;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name} in {service}");
        for pc in *first..end {
            let step = &plan.steps[pc as usize];
            let words = if *step == Step::Enter { plan.entrance(pc) } else { plan.describe(step) };
            let _ = writeln!(text, "  {pc:>4}  {words}");
        }
    }
    text
}

impl Plan {
    /// How a request gets a thread.
    fn entrance(&self, pc: u32) -> String {
        let service = &self.services[self.service_of_step[pc as usize] as usize];
        let mut words = self.describe(&Step::Enter);
        if service.discipline == QueueDiscipline::Priority {
            words.push_str(" by priority");
        }
        if service.patience != NONE {
            let patience = self.means[service.patience as usize];
            // Writing to a string cannot fail.
            let _ = write!(words, ", wait {} on average at the most", si_time(patience));
        }
        words
    }

    fn describe(&self, step: &Step) -> String {
        match step {
            Step::Enter => "enter: take a thread".into(),
            Step::ServerCpu => "protocol CPU of the callee".into(),
            Step::ClientCpu { call } => {
                format!(
                    "protocol CPU of the caller, {}",
                    self.mean(self.calls[*call as usize].client_cpu)
                )
            }
            Step::Cpu { sampler, .. } => format!("cpu {}", self.mean(*sampler)),
            Step::Wait { sampler, .. } => format!("wait {}", self.mean(*sampler)),
            Step::Local { entry, .. } => {
                format!("call {} in this process", self.entry_name(*entry))
            }
            Step::LocalHop => "hop inside the process".into(),
            Step::Rpc { call, .. } => self.describe_rpc(*call),
            Step::Spawn { entry, .. } => {
                format!("start {} in this process, without waiting", self.entry_name(*entry))
            }
            Step::Fork { fork, .. } => {
                let branches = &self.forks[*fork as usize].branches;
                format!(
                    "in parallel {}, join",
                    list(branches.iter().map(|branch| format!("@{branch}")))
                )
            }
            Step::Choose { choice, .. } => {
                let ways = &self.choices[*choice as usize].ways;
                let ways = ways.iter().map(|(below, to)| format!("@{to} below {below:.4}"));
                format!("draw: {}", list(ways))
            }
            Step::Jump { to } => format!("go on @{to}"),
            Step::Repeat { count, .. } => {
                let repeat = &self.loops[*count as usize];
                format!("repeat @{}, mean {} times", repeat.body, repeat.mean)
            }
            Step::External { external, .. } => {
                let external = &self.externals[*external as usize];
                format!("external {}, mean {}", external.name, si_time(external.mean_latency))
            }
            Step::Fail => "fail".into(),
            Step::Begin { database, retries } => {
                let name = &self.databases[*database as usize].name;
                let again =
                    if *retries > 0 { format!(", {retries} retries") } else { String::new() };
                format!("take a connection to {name}{again}")
            }
            Step::DatabaseHop { database, message } => format!(
                "hop to or from {}, {} bytes",
                self.databases[*database as usize].name, self.messages[*message as usize].bytes
            ),
            Step::DatabaseCpu { statement, .. } => {
                let statement = &self.statements[*statement as usize];
                format!("{}: CPU mean {}", statement.label, si_time(statement.mean_cpu))
            }
            Step::Pages { statement, .. } => {
                let statement = &self.statements[*statement as usize];
                let parts = statement.pages.iter();
                let parts = parts.map(|part| format!("{} at {:.4} misses", part.count, part.miss));
                format!("{}: pages {}", statement.label, list(parts))
            }
            Step::Lock { statement, .. } => {
                let statement = &self.statements[*statement as usize];
                let rows = statement.locks.as_ref().map_or(0, |locks| locks.rows);
                format!("{}: lock {rows} rows", statement.label)
            }
            Step::Flush { database } => {
                format!("wait for the log of {}", self.databases[*database as usize].name)
            }
            Step::Commit { database } => {
                format!("end the transaction on {}", self.databases[*database as usize].name)
            }
            Step::Release { database } => {
                format!("give the connection to {} back", self.databases[*database as usize].name)
            }
            Step::Return => "return".into(),
            Step::Answer => "answer the client".into(),
            Step::Join => "join".into(),
        }
    }

    fn describe_rpc(&self, call: u32) -> String {
        let site = &self.calls[call as usize];
        format!(
            "call {} in {}, {} bytes there, {} back",
            self.entry_name(site.entry),
            self.services[site.service as usize].name,
            self.messages[site.request as usize].bytes,
            self.messages[site.reply as usize].bytes,
        )
    }

    fn mean(&self, sampler: u32) -> String {
        let mean = if sampler == NONE { 0.0 } else { self.means[sampler as usize] };
        format!("mean {}", si_time(mean))
    }

    /// The operation that starts at a step, or the step number.
    pub fn entry_name(&self, entry: u32) -> String {
        let named = self.entries.iter().rfind(|(_, _, first)| *first <= entry);
        named.map_or_else(|| format!("@{entry}"), |(name, _, _)| name.clone())
    }
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
