//! A service of a layout.

use super::layout::SCHEDULING;
use super::{Decoder, Path};
use crate::model::{
    At, Balancing, Machine, ModuleId, QueueDiscipline, Scheduling, Service, Threads,
};
use crate::random::Distribution;
use crate::scenario::nearest::nearest;
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};

const BALANCING: &[(&str, Balancing)] = &[
    ("round_robin", Balancing::RoundRobin),
    ("random", Balancing::Random),
    ("least_outstanding", Balancing::LeastOutstanding),
    ("power_of_two", Balancing::PowerOfTwo),
];

const DISCIPLINES: &[(&str, QueueDiscipline)] =
    &[("fifo", QueueDiscipline::Fifo), ("priority", QueueDiscipline::Priority)];

/// Most replicas of a service, threads of an instance and cores of either.
const MOST_REPLICAS: u32 = 100_000;
const MOST_THREADS: u32 = 10_000_000;
const MOST_CORES: f64 = 10_000.0;

impl Decoder<'_> {
    /// A service with the modules worked out before; `None` where a mistake leaves no sense.
    pub(super) fn service(
        &mut self,
        name: &At<String>,
        node: &Node,
        modules: Vec<ModuleId>,
        machines: &[Machine],
        path: &Path<'_>,
    ) -> Option<Service> {
        let mut fields = self.fields(node, "a service", path)?;
        fields.take("modules");
        let replicas_node = fields.take("replicas");
        let cpu_node = fields.take("cpu");
        let memory = fields.take("memory");
        let threads = fields.take("threads");
        let queue = fields.take("queue");
        let discipline = fields.take("queue_discipline");
        let patience = fields.take("patience");
        let scheduling_node = fields.take("scheduling");
        let balancing = fields.take("balancing");
        let speed = fields.take("speed");
        let machine_node = fields.take("machine");
        for part in ["autoscale", "quota", "start_up", "warm_up", "release", "sidecar", "policies"]
        {
            self.not_built(&mut fields, part);
        }
        self.finish(fields);
        let at = |field: &str| path.to(field).text();

        let machine = match machine_node {
            Some(node) => Some(self.machine_of(node, machines)?),
            None => None,
        };
        if machine.is_some() {
            let its_own = [(cpu_node, "cpu"), (scheduling_node, "scheduling")];
            for (node, field) in its_own {
                self.refuse_beside_machine(node, field, machine_node);
            }
        }
        let replicas =
            |d: &mut Self, node: &Node| d.whole32(node, "a number of replicas", 1..=MOST_REPLICAS);
        let replicas = match replicas_node {
            Some(node) => At::new(replicas(self, node)?, node.span),
            None => {
                At::new(self.default_with(at("replicas"), "service.replicas", replicas), name.span)
            }
        };
        let cores = |d: &mut Self, node: &Node| d.positive(node, "a number of cores", MOST_CORES);
        let cpu = match (cpu_node, machine) {
            (_, Some(index)) => At::new(machines[index as usize].cpu, name.span),
            (Some(node), None) => At::new(cores(self, node)?, node.span),
            (None, None) => At::new(self.default_with(at("cpu"), "service.cpu", cores), name.span),
        };
        let memory = match memory {
            Some(node) => self.size_above_zero(node)?,
            None => self.default(at("memory"), "service.memory"),
        };
        let threads = match threads {
            Some(node) => self.threads(node)?,
            None => self.default_with(at("threads"), "service.threads", Self::threads),
        };
        let queue = match queue {
            Some(node) => self.queue(node)?,
            None => self.default_with(at("queue"), "service.queue", Self::queue),
        };
        if threads == (Threads::Async { max_in_flight: None }) {
            self.refuse_without_queue(discipline, "queue_discipline", "fifo");
            self.refuse_without_queue(patience, "patience", "none");
        }
        let served = |d: &mut Self, node: &Node| d.word(node, "queue_discipline", DISCIPLINES);
        let discipline = match discipline {
            Some(node) => served(self, node)?,
            None => self.default_with(at("queue_discipline"), "service.queue_discipline", served),
        };
        let patience = match patience {
            Some(node) => self.patience(node)?,
            None => self.default_with(at("patience"), "service.patience", Self::patience),
        };
        let scheduling = |d: &mut Self, node: &Node| d.word(node, "scheduling", SCHEDULING);
        let scheduling: Scheduling = match (scheduling_node, machine) {
            (_, Some(index)) => machines[index as usize].scheduling,
            (Some(node), None) => scheduling(self, node)?,
            (None, None) => self.default_with(at("scheduling"), "service.scheduling", scheduling),
        };
        let chosen = |d: &mut Self, node: &Node| d.word(node, "balancing", BALANCING);
        let balancing = match balancing {
            Some(node) => chosen(self, node)?,
            None => self.default_with(at("balancing"), "service.balancing", chosen),
        };
        let fast = |d: &mut Self, node: &Node| d.positive(node, "a speed", 1000.0);
        let speed = match speed {
            Some(node) => fast(self, node)?,
            None => self.default_with(at("speed"), "service.speed", fast),
        };
        let name = name.clone();
        Some(Service {
            name,
            modules,
            replicas,
            cpu,
            memory,
            threads,
            queue,
            discipline,
            patience,
            scheduling,
            balancing,
            speed,
            machine,
        })
    }

    fn machine_of(&mut self, node: &Node, machines: &[Machine]) -> Option<u32> {
        let text = self.scalar(node, "the name of a machine")?;
        let found = machines.iter().position(|machine| machine.name.as_str() == text);
        if found.is_none() {
            let known: Vec<&str> = machines.iter().map(|machine| machine.name.as_str()).collect();
            let message = format!("no machine of this layout is called {}", quoted(text));
            self.unknown(Code::UnknownMachine, message, node.span, text, &known);
        }
        found.and_then(|index| u32::try_from(index).ok())
    }

    fn refuse_beside_machine(&mut self, node: Option<&Node>, field: &str, machine: Option<&Node>) {
        let (Some(node), Some(machine)) = (node, machine) else {
            return;
        };
        let message = format!("a service on a machine takes `{field}` from the machine");
        let diagnostic = Diagnostic::new(Code::Conflict, message, node.span);
        self.tell(
            diagnostic
                .hint(format!("leave out `{field}` or `machine`"))
                .also(machine.span, "the machine"),
        );
    }

    /// `200`, `async`, or `{ async: { max_in_flight: 100 } }`.
    fn threads(&mut self, node: &Node) -> Option<Threads> {
        if node.is_word("async") {
            return Some(Threads::Async { max_in_flight: None });
        }
        if let Some(text) = node.text().filter(|text| text.starts_with(char::is_alphabetic)) {
            let near = nearest(text, ["async"]).map(|near| format!("did you mean `{near}`?"));
            let message = format!("`threads` is a number or `async`; found {}", quoted(text));
            let diagnostic = Diagnostic::new(Code::UnknownWord, message, node.span);
            self.tell(diagnostic.maybe_hint(near));
            return None;
        }
        if node.entries().is_none() {
            let threads = self.whole32(node, "a number of threads", 1..=MOST_THREADS);
            return threads.map(Threads::Pool);
        }
        let entry = self.one_key(node, "`threads`")?;
        if entry.key.as_str() != "async" {
            let message = format!("`threads` is never {}", quoted(&entry.key));
            self.unknown(Code::UnknownWord, message, entry.key.span, &entry.key, &["async"]);
            return None;
        }
        let mut fields = self.fields(&entry.value, "`async`", &Path::root())?;
        let most = self.required(&mut fields, "max_in_flight");
        self.finish(fields);
        let most = self.whole32(most?, "a number of requests", 1..=u32::MAX)?;
        Some(Threads::Async { max_in_flight: Some(most) })
    }

    /// How long a request waits for a thread; `none` for ever.
    fn patience(&mut self, node: &Node) -> Option<Option<Distribution>> {
        if node.is_word("none") {
            return Some(None);
        }
        let patience = self.distribution(node)?;
        if patience.is_zero() {
            let message = "`patience` is above zero; found 0";
            let diagnostic = Diagnostic::new(Code::OutOfRange, message, node.span);
            self.tell(diagnostic.hint("`queue: 0` turns away whoever would have to wait"));
            return None;
        }
        Some(Some(patience))
    }

    /// Where nothing is limited nobody waits, so nobody has a turn or loses patience.
    fn refuse_without_queue(&mut self, node: Option<&Node>, field: &str, nothing: &str) {
        let Some(node) = node.filter(|node| !node.is_word(nothing)) else {
            return;
        };
        let message = format!("nobody waits at an asynchronous service, so it takes no `{field}`");
        let diagnostic = Diagnostic::new(Code::Conflict, message, node.span);
        self.tell(diagnostic.hint(
            "limit it: `threads: 50`, or `threads: { async: { max_in_flight: 500 } }`; its cores \
             take `scheduling: preemptive_priority`",
        ));
    }

    /// How many may wait; `none` for any number.
    fn queue(&mut self, node: &Node) -> Option<Option<u32>> {
        if node.is_word("none") {
            return Some(None);
        }
        self.whole32(node, "a number of waiting requests", 0..=u32::MAX - 1).map(Some)
    }
}
