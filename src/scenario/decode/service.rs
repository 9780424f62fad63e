//! A service of a layout.

use super::quantity::in_digits;
use super::scaling::{MOST_REPLICAS, Replicas};
use super::{Decoder, Fields, Path};
use crate::model::{
    At, Balancing, Machine, ModuleId, QueueDiscipline, Scheduling, Service, Threads,
};
use crate::random::Distribution;
use crate::scenario::form::{FieldOf, Fielded, LeftOut, Shape, form, names};
use crate::scenario::nearest::nearest;
use crate::scenario::node::Node;
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::Bytes;

/// How runnable frames share cores.
pub(super) const SCHEDULING: [(&str, Scheduling); 5] = [
    ("ps", Scheduling::ProcessorSharing),
    ("time_slices", Scheduling::TimeSlices),
    ("fcfs", Scheduling::FirstComeFirstServed),
    ("priority", Scheduling::Priority),
    ("preemptive_priority", Scheduling::PreemptivePriority),
];

/// Which replica gets the next call.
const BALANCING: [(&str, Balancing); 4] = [
    ("round_robin", Balancing::RoundRobin),
    ("random", Balancing::Random),
    ("least_outstanding", Balancing::LeastOutstanding),
    ("power_of_two", Balancing::PowerOfTwo),
];

/// Which of those who wait for a thread is next.
const DISCIPLINES: [(&str, QueueDiscipline); 2] =
    [("fifo", QueueDiscipline::Fifo), ("priority", QueueDiscipline::Priority)];

/// Most threads of an instance and cores of either.
const MOST_THREADS: u32 = 10_000_000;
const MOST_WORKERS: u32 = 10_000;
const MOST_CORES: f64 = 10_000.0;
/// Greatest weight, as of control groups.
const MOST_WEIGHT: f64 = 10_000.0;

const NONE: Shape = Shape::Word(&["none"]);

form! { ServiceFields "service" "a service" {
    MODULES "modules": Shape::Either(&[Shape::Word(&["all"]), Shape::List(&Shape::Name)]),
        LeftOut::Means("the module that is called as the service is"),
        "Code that runs in it.";
    REPLICAS "replicas": Shape::Either(&[Shape::Whole, Shape::Map("scaled replicas")]),
        LeftOut::Default("service.replicas"),
        "How many instances there are; a range follows the load.";
    START "start": Shape::Map("start"), LeftOut::Means("all of it as its own fields say"),
        "What it takes to start an instance, where `replicas` are a range.";
    CPU "cpu": Shape::Number, LeftOut::Default("service.cpu"), "Cores of an instance.";
    MEMORY "memory": Shape::Size, LeftOut::Default("service.memory"),
        "What an instance requests of its node, and what is paid for.";
    THREADS "threads": Shape::Either(&[Shape::Whole, Shape::Word(&["async"]), Shape::Keyed(&["async"], &Shape::Map("async threads"))]),
        LeftOut::Default("service.threads"),
        "Requests that an instance works on at a time, blocked ones included; `async` for any number.";
    WORKERS "workers": Shape::Whole, LeftOut::Means("every request is a thread to the cores"),
        "With `threads: async`: how many threads run what is ready, each in turn to its next wait; 1 is an event loop.";
    QUEUE "queue": Shape::Either(&[Shape::Whole, NONE]), LeftOut::Default("service.queue"),
        "How many may wait for a thread; who comes then is turned away.";
    QUEUE_DISCIPLINE "queue_discipline": Shape::Word(&names(&DISCIPLINES)),
        LeftOut::Default("service.queue_discipline"),
        "Who of those that wait for a thread is next.";
    PATIENCE "patience": Shape::Either(&[Shape::Law, NONE]), LeftOut::Default("service.patience"),
        "How long a request waits for a thread before it leaves and its caller fails.";
    SCHEDULING "scheduling": Shape::Word(&names(&SCHEDULING)), LeftOut::Default("service.scheduling"),
        "How cores are shared.";
    BALANCING "balancing": Shape::Word(&names(&BALANCING)), LeftOut::Default("service.balancing"),
        "Which replica gets the next call.";
    SPEED "speed": Shape::Number, LeftOut::Default("service.speed"),
        "How fast its cores are, against the reference core.";
    MACHINE "machine": Shape::Name, LeftOut::Means("cores of its own"),
        "Machine of the layout whose cores it shares with others.";
    WEIGHT "weight": Shape::Number, LeftOut::Default("service.weight"),
        "Weight of an instance on a machine with `scheduling: fair_share`.";
} not_built &["quota", "release", "sidecar", "policies"] }

form! { AsyncFields "async threads" "`async`" {
    MAX_IN_FLIGHT "max_in_flight": Shape::Whole, LeftOut::Missed,
        "Requests that an instance takes at a time.";
} }

impl Decoder<'_> {
    /// `3`, or a range that follows the load.
    fn replicas(
        &mut self,
        fields: &Fields<'_, ServiceFields>,
        name: &At<String>,
        path: &Path<'_>,
    ) -> Option<Replicas> {
        let range = fields.get(ServiceFields::REPLICAS).filter(|node| node.entries().is_some());
        if let Some(node) = range {
            return self.scaled(node, &path.to("replicas"));
        }
        let at_start = fields.at_or(self, ServiceFields::REPLICAS, name.span, |d, node| {
            d.whole32(node, "a number of replicas", 1..=MOST_REPLICAS)
        })?;
        Some(Replicas { at_start, scaling: None })
    }

    /// A service with the modules worked out before; `None` where a mistake leaves no sense.
    pub(super) fn service(
        &mut self,
        name: &At<String>,
        node: &Node,
        modules: Vec<ModuleId>,
        machines: &[Machine],
        path: &Path<'_>,
    ) -> Option<Service> {
        let fields = self.fields::<ServiceFields>(node, path)?;
        self.finish(&fields);

        let machine = match fields.get(ServiceFields::MACHINE) {
            Some(node) => Some(self.machine_of(node, machines)?),
            None => None,
        };
        if machine.is_some() {
            self.refuse_on_machine(&fields);
        }
        let machine_of = machine.map(|index| &machines[index as usize]);
        let Replicas { at_start: replicas, scaling } = self.replicas(&fields, name, path)?;
        let start = fields.get(ServiceFields::START);
        let start = self.start(start, scaling.is_some(), &path.to("start"))?;
        let cpu = match machine_of {
            Some(machine) => At::new(machine.cpu, name.span),
            None => fields.at_or(self, ServiceFields::CPU, name.span, |d, node| {
                d.positive(node, "a number of cores", MOST_CORES)
            })?,
        };
        // What runs on a machine of its own asks no node for memory.
        let memory = match machine_of {
            Some(_) => Bytes::ZERO,
            None => fields.or(self, ServiceFields::MEMORY, Self::size_above_zero)?,
        };
        let threads = fields.or(self, ServiceFields::THREADS, Self::threads)?;
        let workers = self.workers(&fields, threads)?;
        let queue = fields.or(self, ServiceFields::QUEUE, Self::queue)?;
        self.refuse_where_nobody_waits(&fields, threads, queue);
        let discipline = fields.or(self, ServiceFields::QUEUE_DISCIPLINE, Self::discipline)?;
        let patience = fields.or(self, ServiceFields::PATIENCE, Self::patience)?;
        let scheduling = match machine_of {
            Some(machine) => machine.scheduling,
            None => fields.or(self, ServiceFields::SCHEDULING, Self::scheduling)?,
        };
        let balancing = fields.or(self, ServiceFields::BALANCING, Self::balancing)?;
        let speed = match machine_of {
            Some(_) => 1.0,
            None => fields
                .or(self, ServiceFields::SPEED, |d, node| d.positive(node, "a speed", 1000.0))?,
        };
        Some(Service {
            name: name.clone(),
            modules,
            replicas,
            scaling,
            start,
            cpu,
            memory,
            threads,
            workers,
            queue,
            discipline,
            patience,
            scheduling,
            balancing,
            speed,
            machine,
            weight: self.weight_on(machine_of, &fields, ServiceFields::WEIGHT)?,
        })
    }

    /// Weight of a process on a machine that deals its cores out by weight; elsewhere it is of no use.
    pub(super) fn weight_on<F: Fielded>(
        &mut self,
        machine: Option<&Machine>,
        fields: &Fields<'_, F>,
        field: FieldOf<F>,
    ) -> Option<f64> {
        if machine.is_some_and(|machine| machine.scheduling == Scheduling::FairShare) {
            let read = |d: &mut Self, node: &Node| d.positive(node, "a weight", MOST_WEIGHT);
            return fields.or(self, field, read);
        }
        self.refuse_idle_weight(fields.get(field), machine);
        Some(1.0)
    }

    fn refuse_idle_weight(&mut self, node: Option<&Node>, machine: Option<&Machine>) {
        let Some(node) = node else { return };
        let message = "only a machine with `scheduling: fair_share` deals its cores out by weight";
        let hint = match machine {
            Some(_) => "write `scheduling: fair_share` at the machine, or leave out `weight`",
            None => "put it on a `machine` with `scheduling: fair_share`, or leave out `weight`",
        };
        self.tell(Diagnostic::new(Code::Conflict, message, node.span).hint(hint));
    }

    pub(super) fn machine_of(&mut self, node: &Node, machines: &[Machine]) -> Option<u32> {
        let text = self.scalar(node, "the name of a machine")?;
        let found = machines.iter().position(|machine| machine.name.as_str() == text);
        if found.is_none() {
            let known: Vec<&str> = machines.iter().map(|machine| machine.name.as_str()).collect();
            let message = format!("no machine of this layout is called {}", quoted(text));
            self.unknown(Code::UnknownMachine, message, node.span, text, &known);
        }
        found.and_then(|index| u32::try_from(index).ok())
    }

    fn refuse_beside_machine(
        &mut self,
        fields: &Fields<'_, ServiceFields>,
        field: FieldOf<ServiceFields>,
    ) {
        let machine = fields.get(ServiceFields::MACHINE);
        let (Some(node), Some(machine)) = (fields.get(field), machine) else {
            return;
        };
        let field = field.name();
        let message = match field {
            "speed" => {
                "a machine has reference cores, so a service on it has no `speed`".to_string()
            }
            "memory" => "a service on a machine asks no node for `memory`".to_string(),
            field => format!("a service on a machine takes `{field}` from the machine"),
        };
        let diagnostic = Diagnostic::new(Code::Conflict, message, node.span);
        self.tell(
            diagnostic
                .hint(format!("leave out `{field}` or `machine`"))
                .also(machine.span, "the machine"),
        );
    }

    /// A service has cores and memory from its machine, and instances that come need cores of their own.
    fn refuse_on_machine(&mut self, fields: &Fields<'_, ServiceFields>) {
        use ServiceFields as F;
        for field in [F::CPU, F::SPEED, F::SCHEDULING, F::MEMORY] {
            self.refuse_beside_machine(fields, field);
        }
        let range = fields.get(ServiceFields::REPLICAS).filter(|node| node.entries().is_some());
        if let Some(node) = range {
            let message =
                "on a machine, another instance brings no cores, so `replicas` are no range there";
            let hint = "leave out `machine`, or write a plain number of replicas";
            self.tell(Diagnostic::new(Code::Conflict, message, node.span).hint(hint));
        }
    }

    /// `200`, `async`, or `{ async: { max_in_flight: 100 } }`.
    fn threads(&mut self, node: &Node) -> Option<Threads> {
        if node.is_word("async") {
            return Some(Threads::Async { max_in_flight: None });
        }
        if let Some(text) = node.text().filter(|text| text.starts_with(char::is_alphabetic)) {
            let near = nearest(text, ["async"]).map(|near| format!("did you mean `{near}`?"));
            let near = near.or_else(|| in_digits(text));
            let near = near.unwrap_or("write a number, such as `200`, or `async`".to_string());
            let message = format!("`threads` is a number or `async`; found {}", quoted(text));
            let diagnostic = Diagnostic::new(Code::UnknownWord, message, node.span);
            self.tell(diagnostic.hint(near));
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
        let fields = self.fields::<AsyncFields>(&entry.value, &Path::root())?;
        let most = self.required(&fields, AsyncFields::MAX_IN_FLIGHT);
        self.finish(&fields);
        let most = self.whole32(most?, "a number of requests", 1..=u32::MAX)?;
        Some(Threads::Async { max_in_flight: Some(most) })
    }

    /// How many threads run what is ready, where requests hold none.
    fn workers(
        &mut self,
        fields: &Fields<'_, ServiceFields>,
        threads: Threads,
    ) -> Option<Option<u32>> {
        let Some(node) = fields.get(ServiceFields::WORKERS) else {
            return Some(None);
        };
        if let Threads::Pool(_) = threads {
            let message = "with a thread for each request there are no `workers` that share them";
            let diagnostic = Diagnostic::new(Code::Conflict, message, node.span);
            self.tell(diagnostic.hint("write `threads: async` beside it, or leave out `workers`"));
            return None;
        }
        self.whole32(node, "a number of workers", 1..=MOST_WORKERS).map(Some)
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

    /// Where nothing is limited, or nobody may wait, nobody has a turn or loses patience.
    fn refuse_where_nobody_waits(
        &mut self,
        fields: &Fields<'_, ServiceFields>,
        threads: Threads,
        queue: Option<u32>,
    ) {
        let is_unlimited = threads == (Threads::Async { max_in_flight: None });
        let (why, hint) = match (is_unlimited, queue) {
            (true, _) => (
                "nobody waits at an asynchronous service, so it takes no",
                "limit it: `threads: 50`, or `threads: { async: { max_in_flight: 500 } }`; its cores \
                 take `scheduling: preemptive_priority`",
            ),
            (false, Some(0)) => {
                ("nobody waits where `queue` is 0, so it takes no", "let some wait: `queue: 10`")
            }
            (false, _) => return,
        };
        let waits = [
            (ServiceFields::QUEUE, "none"),
            (ServiceFields::QUEUE_DISCIPLINE, "fifo"),
            (ServiceFields::PATIENCE, "none"),
        ];
        for (field, nothing) in waits {
            let is_reason = !is_unlimited && field.name() == ServiceFields::QUEUE.name();
            let node = fields.get(field).filter(|node| !is_reason && !node.is_word(nothing));
            if let Some(node) = node {
                let message = format!("{why} `{}`", field.name());
                self.tell(Diagnostic::new(Code::Conflict, message, node.span).hint(hint));
            }
        }
    }

    fn discipline(&mut self, node: &Node) -> Option<QueueDiscipline> {
        self.word(node, "queue_discipline", &DISCIPLINES)
    }

    fn balancing(&mut self, node: &Node) -> Option<Balancing> {
        self.word(node, "balancing", &BALANCING)
    }

    /// How many may wait; `none` for any number.
    fn queue(&mut self, node: &Node) -> Option<Option<u32>> {
        if node.is_word("none") {
            return Some(None);
        }
        self.whole32(node, "a number of waiting requests", 0..=u32::MAX - 1).map(Some)
    }

    /// How runnable frames share cores.
    pub(super) fn scheduling(&mut self, node: &Node) -> Option<Scheduling> {
        self.word(node, "scheduling", &SCHEDULING)
    }
}
