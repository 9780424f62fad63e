//! What processes used until now: CPU and context switches, out of /proc.

use std::collections::BTreeMap;
use std::fs;

#[derive(Clone, Copy, Default)]
pub struct Usage {
    /// Whether there are processes to tell of.
    pub known: bool,
    pub cpu_us: f64,
    pub switches: u64,
}

impl Usage {
    /// Of these processes and all below them (a database has a process for each connection).
    pub fn read(roots: &[u32]) -> Self {
        let mut usage = Self { known: !roots.is_empty(), ..Self::default() };
        let children = children();
        let mut open = roots.to_vec();
        while let Some(pid) = open.pop() {
            open.extend(children.get(&pid).into_iter().flatten());
            for task in names(&format!("/proc/{pid}/task")) {
                let folder = format!("/proc/{pid}/task/{task}");
                // Nanoseconds; the ticks of /proc/PID/stat are too coarse.
                usage.cpu_us += first_number(&read(&format!("{folder}/schedstat"))) as f64 / 1000.0;
                usage.switches += read(&format!("{folder}/status"))
                    .lines()
                    .filter_map(|line| line.split_once("voluntary_ctxt_switches:"))
                    .map(|(_, number)| first_number(number))
                    .sum::<u64>();
            }
        }
        usage
    }

    pub fn since(self, before: Self) -> Self {
        Self {
            known: self.known,
            cpu_us: self.cpu_us - before.cpu_us,
            switches: self.switches - before.switches,
        }
    }
}

/// The children of every process.
fn children() -> BTreeMap<u32, Vec<u32>> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for pid in names("/proc").into_iter().filter_map(|name| name.parse::<u32>().ok()) {
        let stat = read(&format!("/proc/{pid}/stat"));
        // The name in parentheses may have spaces; the parent is the second word after it.
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1));
        if let Some(parent) = parent.and_then(|id| id.parse().ok()) {
            children.entry(parent).or_default().push(pid);
        }
    }
    children
}

fn first_number(text: &str) -> u64 {
    text.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0)
}

/// A process may have ended meanwhile: then there is nothing to read.
fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}
