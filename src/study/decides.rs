//! Defaults that decide: values that nobody has verified and that a headline rests on, by their share
//! of it, with the field to set.
//!
//! A headline is the bill of a month or the mean latency. A part of it is told to rest on a default
//! only where all of that part does.

use super::findings::{Diagnosis, EndpointFindings};
use super::named::Named;
use crate::cost::{Bill, Expense, Line};
use crate::measure::{Category, Kind, Outcome};
use crate::model::{DefaultUse, Layout, Locality, Machine, Model, default_value};
use crate::plan::Plan;
use crate::scenario::Code;
use crate::units::{Money, significant};

/// Share of a headline from which on a default moves it.
const DECISIVE: f64 = 0.2;

/// A default that a part of a headline rests on.
struct Ground {
    /// What the part is, such as `bytes of replies`.
    what: String,
    /// Key in the table of defaults.
    key: &'static str,
    /// Paths of the scenario that it filled.
    paths: Vec<String>,
    /// How much rests on it, in the unit of the headline.
    amount: f64,
}

/// The defaults that decide the bill or the mean latency of a layout.
pub(super) fn deciding(
    model: &Model,
    plan: &Plan,
    outcomes: &[Outcome],
    bill: &Bill,
    endpoints: &Named<EndpointFindings>,
) -> Vec<Diagnosis> {
    let scene = Scene { model, plan, outcomes };
    let money = |amount: f64| {
        let [part, whole] =
            [amount, bill.per_month].map(|sum| Money(sum).priced(&bill.currency).to_string());
        format!("the bill ({part} of {whole} a month)")
    };
    // Of a bill that leaves something out nobody knows a share.
    let grounds = if bill.is_whole() { scene.grounds_of_bill(bill) } else { Vec::new() };
    let mut said = told(grounds, bill.per_month, &money);
    let mean = endpoints.get("all").and_then(|all| Some((all, all.latency_seconds.mean?.value)));
    if let Some((all, mean)) = mean {
        let grounds = scene.grounds_of_latency(&all.attribution_seconds, mean);
        said.extend(told(grounds, mean, &|_| "the mean latency".into()));
    }
    said
}

fn told(grounds: Vec<Ground>, whole: f64, headline: &dyn Fn(f64) -> String) -> Vec<Diagnosis> {
    let moves = |ground: &Ground| whole > 0.0 && ground.amount / whole >= DECISIVE;
    let words = |ground: Ground| {
        let default = default_value(ground.key);
        let known =
            if default.confidence == "chosen" { "chosen by this program" } else { "unverified" };
        let more = match ground.paths.len() {
            0 | 1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let first = ground.paths.first().map_or("", String::as_str);
        let share = significant((ground.amount / whole * 100.0).min(100.0), 2);
        let message = format!(
            "{share} % of {} is {}, by a default of {} that is {known} ({}): set {first}{more}",
            headline(ground.amount),
            ground.what,
            default.value,
            ground.key
        );
        Diagnosis { code: Code::DefaultDecides, message }
    };
    grounds.into_iter().filter(moves).map(words).collect()
}

/// A layout that was run.
struct Scene<'a> {
    model: &'a Model,
    plan: &'a Plan,
    outcomes: &'a [Outcome],
}

impl Scene<'_> {
    /// Uses of defaults that nobody verified, at paths that begin and end so.
    fn used(&self, from: &str, to: &str) -> Vec<&DefaultUse> {
        let of = |used: &&DefaultUse| {
            let confidence = &default_value(used.key).confidence;
            let is_sourced = !confidence.starts_with("unverified") && confidence != "chosen";
            !is_sourced && used.path.starts_with(from) && used.path.ends_with(to)
        };
        self.model.defaults_used.iter().filter(of).collect()
    }

    /// The use of a default that filled a field of a member (a service, a database) of the layout:
    /// under its name, or under `each` where nothing is written for it alone.
    fn of_member(&self, kind: &str, name: &str, field: &str) -> Option<&DefaultUse> {
        let all = format!("layouts.{}.{kind}.", self.plan.layout);
        let own = format!("{all}{name}.");
        let exact =
            |whole: String| self.used(&whole, "").into_iter().find(|used| used.path == whole);
        let alone = self.model.defaults_used.iter().any(|used| used.path.starts_with(&own));
        let each = || if alone { None } else { exact(format!("{all}each.{field}")) };
        exact(format!("{own}{field}")).or_else(each)
    }

    fn grounds_of_bill(&self, bill: &Bill) -> Vec<Ground> {
        let mut grounds = Vec::new();
        grounds.extend(self.replies(bill));
        grounds.extend(self.nodes(bill));
        for (group, field, what) in [
            (Expense::Storage, "storage.size", "the size of volumes"),
            (Expense::Iops, "storage.iops", "operations per second of volumes"),
        ] {
            grounds.extend(self.volumes(bill, group, field, what));
        }
        grounds
    }

    /// Bytes of replies to the internet, whose size nobody has said.
    fn replies(&self, bill: &Bill) -> Option<Ground> {
        let is_internet = |line: &&Line| line.item.starts_with("traffic to the internet");
        let amount: f64 = bill.lines.iter().filter(is_internet).map(|line| line.per_month).sum();
        let mut paths = Vec::new();
        let (mut by_default, mut all) = (0.0, 0.0);
        for (index, endpoint) in self.plan.load.endpoints.iter().enumerate() {
            let size =
                self.plan.program.messages[self.plan.program.calls[endpoint.call].reply].bytes;
            let answers =
                |outcome: &Outcome| outcome.endpoints[index].answers.iter().sum::<u64>() as f64;
            let bytes = self.outcomes.iter().map(answers).sum::<f64>() * size as f64;
            all += bytes;
            let path = format!("workload.endpoints.{}.reply", endpoint.name);
            if self.used(&path, "").iter().any(|used| used.path == path) {
                by_default += bytes;
                paths.push(path);
            }
        }
        let amount = if all > 0.0 { amount * by_default / all } else { 0.0 };
        let what = "bytes of replies to the internet".to_string();
        Some(Ground { what, key: "endpoint.reply", paths, amount })
    }

    /// Nodes, where what fills them is left out for every service that is packed on them: the memory
    /// or the cores, whichever takes more of a node.
    fn nodes(&self, bill: &Bill) -> Option<Ground> {
        let nodes = self.model.platform.nodes.as_ref()?;
        let layout = self.layout()?;
        // A database that is packed with them says its own size.
        if layout.databases.iter().any(|database| database.on_nodes) {
            return None;
        }
        let packed = || layout.services.iter().filter(|service| service.machine.is_none());
        // Machines are not packed, so nothing that is left out fills them; they may be of the same class.
        let class = Some(nodes.class.name.as_str());
        let is_of_nodes =
            |machine: &Machine| machine.class.as_ref().map(|class| class.as_str()) == class;
        if packed().next().is_none() || layout.machines.iter().any(is_of_nodes) {
            return None;
        }
        let (mut cores, mut memory) = (0.0, 0.0);
        for service in packed() {
            let replicas = f64::from(service.replicas.value);
            cores += replicas * service.cpu.value / (nodes.class.cpu - nodes.reserved_cpu);
            let room = nodes.class.memory.0.saturating_sub(nodes.reserved_memory.0);
            memory += replicas * service.memory.0 as f64 / room.max(1) as f64;
        }
        let (field, key) = match memory > cores {
            true => ("memory", "service.memory"),
            false => ("cpu", "service.cpu"),
        };
        let uses = packed().map(|service| self.of_member("services", &service.name, field));
        let uses: Vec<&DefaultUse> = uses.collect::<Option<_>>()?;
        let what = format!("nodes, which are filled by the {field} of their services");
        let item = format!("× {}", nodes.class.name);
        let amount = sum(bill, |line| line.group == Expense::Nodes && line.item.ends_with(&item));
        Some(Ground { what, key, paths: paths(&uses), amount })
    }

    /// Lines of a group for those databases whose field is left out.
    fn volumes(&self, bill: &Bill, group: Expense, field: &str, what: &str) -> Option<Ground> {
        let databases = self.plan.site.databases.iter();
        let found = databases.filter_map(|database| {
            Some((&database.name, self.of_member("databases", &database.name, field)?))
        });
        let found: Vec<(&String, &DefaultUse)> = found.collect();
        let amount = found.iter().map(|(name, _)| {
            let of = format!("database {name}: ");
            sum(bill, |line| line.group == group && line.item.starts_with(&of))
        });
        let amount = amount.sum();
        let uses: Vec<&DefaultUse> = found.iter().map(|(_, used)| *used).collect();
        let key = uses.first()?.key;
        Some(Ground { what: what.to_string(), key, paths: paths(&uses), amount })
    }

    fn grounds_of_latency(&self, parts: &Named<f64>, mean: f64) -> Vec<Ground> {
        let part = |category: Category| parts.get(category.name()).copied().unwrap_or_default();
        let mut grounds = Vec::new();
        let clients = self.clients();
        let on_the_way: f64 = clients.iter().map(|ground| ground.amount).sum();
        grounds.extend(clients);
        let network = (part(Category::Network) - on_the_way).clamp(0.0, mean);
        grounds.extend(self.links(network));
        for (category, field, what) in [
            (Category::DatabaseCpu, "costs.statement", "CPU work of statements"),
            (Category::Storage, "storage.read", "reads of pages"),
            (Category::Commit, "storage.flush", "flushes of logs"),
        ] {
            grounds.extend(self.databases(part(category), field, what));
        }
        grounds
    }

    /// Round trips between clients and entry, by the class of network between them.
    fn clients(&self) -> Vec<Ground> {
        let good = |index: usize| {
            let ok = self
                .outcomes
                .iter()
                .map(|outcome| outcome.endpoints[index].answers[Kind::Ok as usize]);
            ok.sum::<u64>() as f64
        };
        let endpoints = || self.plan.load.endpoints.iter().enumerate();
        let all: f64 = endpoints().map(|(index, _)| good(index)).sum();
        let ground = |class: Locality| {
            let link = self.plan.site.links.get(class as usize)?;
            let used = self.round_trip(class)?;
            let own = endpoints().filter(|(_, endpoint)| endpoint.client == Some(class));
            let share = own.map(|(index, _)| good(index)).sum::<f64>() / all.max(1.0);
            let what = "the way between clients and entry".to_string();
            Some(Ground {
                what,
                key: used.key,
                paths: paths(&[used]),
                amount: share * link.mean_rtt,
            })
        };
        Locality::ALL.into_iter().filter_map(ground).collect()
    }

    /// Messages inside the layout, where every class of network that they take has such a default.
    fn links(&self, amount: f64) -> Option<Ground> {
        let taken = |class: &Locality| {
            let bytes = |outcome: &Outcome| outcome.bytes[*class as usize] > 0;
            *class != Locality::InProcess && self.outcomes.iter().any(bytes)
        };
        let uses = Locality::ALL.into_iter().filter(taken).map(|class| self.round_trip(class));
        let uses: Vec<&DefaultUse> = uses.collect::<Option<_>>()?;
        let key = uses.first()?.key;
        let what = "messages under way inside the layout".to_string();
        Some(Ground { what, key, paths: paths(&uses), amount })
    }

    fn round_trip(&self, class: Locality) -> Option<&DefaultUse> {
        self.used(&format!("platform.network.{}.rtt", class.name()), "").into_iter().next()
    }

    /// A part of the latency at databases, where the field is left out for every one.
    fn databases(&self, amount: f64, field: &str, what: &str) -> Option<Ground> {
        let databases = self.plan.site.databases.iter();
        let uses = databases.map(|database| self.of_member("databases", &database.name, field));
        let uses: Vec<&DefaultUse> = uses.collect::<Option<_>>()?;
        let key = uses.first()?.key;
        Some(Ground { what: what.to_string(), key, paths: paths(&uses), amount })
    }

    fn layout(&self) -> Option<&Layout> {
        self.model.layouts.iter().find(|layout| *layout.name == self.plan.layout)
    }
}

fn sum(bill: &Bill, of: impl Fn(&Line) -> bool) -> f64 {
    bill.lines.iter().filter(|line| of(line)).map(|line| line.per_month).sum()
}

/// The paths of some uses, each once.
fn paths(uses: &[&DefaultUse]) -> Vec<String> {
    let mut paths: Vec<String> = uses.iter().map(|used| used.path.clone()).collect();
    paths.dedup();
    paths
}
