//! `layouts`: how the application is cut into services, databases and machines.

use super::brokers::{KINDS, MessagingNodes};
use super::database::Around;
use super::members::{EACH, Unit};
use super::service::SCHEDULING;
use super::transactions::ChosenIn;
use super::{Decoder, Fields, Names, Path};
use crate::model::{
    At, DataAccess, Database, HitShare, Layout, Machine, Messaging, Platform, ProtocolId,
    Scheduling, Service, TableId,
};
use crate::scenario::form::{LeftOut, Shape, form, names};
use crate::scenario::layouts::extended;
use crate::scenario::node::{Entry, Node};
use crate::scenario::{Code, Diagnostic};

/// A layout, and whether it has no mistake of its own.
pub(super) struct DecodedLayout {
    pub(super) layout: Layout,
    pub(super) is_clean: bool,
}

/// How a module reaches the tables of another one in a shared database.
const DATA_ACCESS: [(&str, DataAccess); 2] =
    [("direct", DataAccess::Direct), ("owner", DataAccess::Owner)];

const NONE: Shape = Shape::Word(&["none"]);

/// How a transaction over several databases may be kept together, in a word.
const TOGETHER: Shape = Shape::Word(&["none", "2pc", "saga"]);

form! { LayoutFields "layout" "a layout" {
    SERVICES "services": Shape::Named(&Shape::Map("service")), LeftOut::MissedWithout("extends"),
        "Processes by name; `each` makes one for every module that has none.";
    DATABASES "databases": Shape::Named(&Shape::Map("database")), LeftOut::Means("none"),
        "Database servers by name; `each` makes one for every module with tables that has none.";
    MACHINES "machines": Shape::Named(&Shape::Map("machine")), LeftOut::Means("none"),
        "Machines by name, whose cores several services share.";
    PROTOCOL "protocol": Shape::Either(&[Shape::Name, NONE]), LeftOut::Default("layout.protocol"),
        "How services call each other: `grpc`, `rest_json`, `none`, or one of `platform.protocols`.";
    DATA_ACCESS "data_access": Shape::Word(&names(&DATA_ACCESS)), LeftOut::Default("layout.data_access"),
        "Whether a module asks a shared database for the tables of another one, or asks its owner.";
    CONTROL_PLANE "control_plane": Shape::Truth, LeftOut::Means("whether the layout stands on nodes"),
        "Whether a managed cluster is on the bill.";
    LOAD_BALANCERS "load_balancers": Shape::Whole, LeftOut::Default("layout.load_balancers"),
        "How many are on the bill; of a layout that does not stand on nodes, unless written, none.";
    EXTENDS "extends": Shape::Name, LeftOut::Means("nothing"),
        "Layout whose fields this one has, but for what it says itself.";
    TRANSACTIONS "transactions": Shape::Either(&[TOGETHER, Shape::Named(&Shape::Either(&[
        TOGETHER, Shape::Map("consistency"),
    ]))]), LeftOut::Means("each transaction needs one database"),
        "How those over several databases are kept together, by `module.transaction`; `each`, or a word, for others.";
    VIEWS "views": Shape::Named(&Shape::Map("view")), LeftOut::Means("none"),
        "Joins whose answers are kept ready in one database, by name.";
    BROKER "broker": Shape::Either(&[Shape::Word(&names(&KINDS)), Shape::Map("broker")]),
        LeftOut::Means("events are calls"),
        "What carries events: `kafka`, `rabbitmq`, or one of them with its fields.";
    OUTBOX "outbox": Shape::Either(&[Shape::Word(&["none", "cdc"]), Shape::Map("outbox")]), LeftOut::Means("`none`: two writes"),
        "How an event gets from a transaction to the broker: by its publisher, or as a row that a relay finds.";
    CONSUMERS "consumers": Shape::Named(&Shape::Map("consumers")), LeftOut::Means("all of it as its own fields say"),
        "How each service or view takes events from the broker, by its name; `each` for all others.";
} not_built &[
    "release", "mesh", "gateway", "faults", "policies", "cache", "caches",
] }

/// How what runs on a machine shares its cores.
const MACHINE_SCHEDULING: [(&str, Scheduling); 6] = [
    SCHEDULING[0],
    SCHEDULING[1],
    SCHEDULING[2],
    SCHEDULING[3],
    SCHEDULING[4],
    ("fair_share", Scheduling::FairShare),
];

form! { MachineFields "machine" "a machine" {
    CPU "cpu": Shape::Number, LeftOut::Means("that of the class"), "Cores that its services share.";
    CLASS "class": Shape::Name, LeftOut::Means("`cpu` is given, and nothing is paid"),
        "Priced class, such as `m6i.xlarge`.";
    SCHEDULING "scheduling": Shape::Word(&names(&MACHINE_SCHEDULING)), LeftOut::Default("service.scheduling"),
        "How its cores are shared.";
} }

impl Decoder<'_> {
    /// Every layout, with `each`, `all` and `extends` worked out.
    pub(super) fn layouts(
        &mut self,
        node: &Node,
        names: &Names,
        platform: &Platform,
        path: &Path<'_>,
    ) -> Vec<DecodedLayout> {
        let Some(entries) = self.map(node, "a map of layouts") else {
            return Vec::new();
        };
        if entries.is_empty() {
            let message = "a scenario has at least one layout";
            self.tell(Diagnostic::new(Code::NoLayouts, message, node.span));
        }
        let mut problems = Vec::new();
        let layouts = extended(
            node,
            LayoutFields::EXTENDS.name(),
            self.sources.limit().layout_nodes(),
            &mut problems,
        );
        problems.into_iter().for_each(|problem| self.tell(problem));
        let mut decoded = Vec::with_capacity(layouts.len());
        for (name, node) in layouts {
            if self.units > self.sources.limit().units() {
                break;
            }
            let errors = self.errors();
            let name = self.name(&name, true);
            let path = path.to(&name);
            let layout = self.layout(name.clone(), &node, names, platform, &path);
            let is_clean = self.errors() == errors;
            decoded.extend(layout.map(|layout| DecodedLayout { layout, is_clean }));
        }
        decoded
    }

    fn layout(
        &mut self,
        name: At<String>,
        node: &Node,
        names: &Names,
        platform: &Platform,
        path: &Path<'_>,
    ) -> Option<Layout> {
        let fields = self.fields::<LayoutFields>(node, path)?;
        let services_node = self.required(&fields, LayoutFields::SERVICES);
        self.finish(&fields);

        let machines = fields.get(LayoutFields::MACHINES);
        let machines = machines.map(|node| self.machines(node, platform, path));
        let machines = machines.unwrap_or_default();
        let services = services_node
            .map(|node| self.services(node, names, &machines, &path.to("services")))
            .unwrap_or_default();
        let around = Around { names, platform, machines: machines.as_slice() };
        let databases = fields
            .get(LayoutFields::DATABASES)
            .map(|node| self.databases(node, &around, &path.to("databases")))
            .unwrap_or_default();
        self.count_units(services.len() + databases.len(), &name);
        let protocol = self.protocol_of(&fields, platform);
        let data_access = fields.or(self, LayoutFields::DATA_ACCESS, |d, node| {
            d.word(node, "the access to data", &DATA_ACCESS)
        });
        let on_nodes = services.iter().any(|service| service.machine.is_none())
            || databases.iter().any(|database| database.on_nodes);
        let has_nodes = platform.nodes.is_some() && on_nodes;
        let control_plane = match fields.get(LayoutFields::CONTROL_PLANE) {
            Some(node) => {
                let truth = self.truth(node, "`control_plane`").unwrap_or_default();
                let name = LayoutFields::CONTROL_PLANE.name();
                self.written.note(node.span, name, truth == has_nodes, None);
                truth
            }
            None => has_nodes,
        };
        let load_balancers = self.load_balancers(&fields, has_nodes);
        let transactions = fields.get(LayoutFields::TRANSACTIONS);
        let of = ChosenIn { services: &services, databases: &databases, names };
        let transactions =
            transactions.map(|node| self.consistencies(node, &of, &path.to("transactions")));
        let views = fields.get(LayoutFields::VIEWS);
        let views = views.map(|node| self.views(node, (names, &databases), &path.to("views")));
        let fed = fields.get(LayoutFields::VIEWS).and_then(Node::entries).unwrap_or_default();
        let fed = fed.iter().map(|view| view.key.as_str());
        let takers = services.iter().map(|service| service.name.as_str()).chain(fed);
        let messaging = self.carried(&fields, &takers.collect::<Vec<_>>(), platform, path);
        Some(Layout {
            name,
            views: views.unwrap_or_default(),
            messaging,
            transactions: transactions.unwrap_or_default(),
            services,
            databases,
            machines,
            protocol,
            data_access: data_access.unwrap_or(DataAccess::Direct),
            control_plane,
            load_balancers: load_balancers.unwrap_or_default(),
        })
    }

    /// How many load balancers are billed: where there are no nodes, unless written, none.
    fn load_balancers(
        &mut self,
        fields: &Fields<'_, LayoutFields>,
        has_nodes: bool,
    ) -> Option<u32> {
        let load_balancers = LayoutFields::LOAD_BALANCERS;
        match fields.get(load_balancers) {
            None if !has_nodes => Some(0),
            Some(node) if !has_nodes => {
                let count = self.whole32(node, "a number of load balancers", 0..=10_000);
                let name = LayoutFields::LOAD_BALANCERS.name();
                self.written.note(node.span, name, count == Some(0), None);
                count
            }
            _ => fields.or(self, load_balancers, |d, node| {
                d.whole32(node, "a number of load balancers", 0..=10_000)
            }),
        }
    }

    /// What carries the events of a layout. `takers`: its services and views.
    fn carried(
        &mut self,
        fields: &Fields<'_, LayoutFields>,
        takers: &[&str],
        platform: &Platform,
        path: &Path<'_>,
    ) -> Option<Messaging> {
        let nodes = MessagingNodes {
            broker: fields.get(LayoutFields::BROKER),
            outbox: fields.get(LayoutFields::OUTBOX),
            consumers: fields.get(LayoutFields::CONSUMERS),
        };
        self.messaging(&nodes, takers, platform, path)
    }

    /// Services; what `each` makes is decoded once and told apart by name and modules.
    fn services(
        &mut self,
        node: &Node,
        names: &Names,
        machines: &[Machine],
        path: &Path<'_>,
    ) -> Vec<Service> {
        let mut services = Vec::new();
        let mut each: Option<Option<Service>> = None;
        for unit in self.service_units(node, names) {
            let Unit { name, node, members, is_each } = unit;
            if !is_each {
                let path = path.to(&name);
                services.extend(self.service(&name, &node, members, machines, &path));
                continue;
            }
            let service = each.get_or_insert_with(|| {
                self.service(&name, &node, Vec::new(), machines, &path.to(EACH))
            });
            let modules = members;
            services.extend(service.clone().map(|each| Service { name, modules, ..each }));
        }
        services
    }

    /// Databases, in the same way.
    fn databases(&mut self, node: &Node, around: &Around<'_>, path: &Path<'_>) -> Vec<Database> {
        let units = self.database_units(node, around.names);
        let of_each = units.iter().filter(|unit| unit.is_each);
        let tables_of_each: Vec<TableId> = of_each.flat_map(|unit| unit.members.clone()).collect();
        let mut databases = Vec::new();
        let mut each: Option<Option<Database>> = None;
        for unit in units {
            let Unit { name, node, members, is_each } = unit;
            if !is_each {
                let path = path.to(&name);
                databases.extend(self.database(&name, &node, members, around, &path));
                continue;
            }
            let database = each.get_or_insert_with(|| {
                let tables = tables_of_each.clone();
                self.database(&name, &node, tables, around, &path.to(EACH))
            });
            let Some(mut database) = database.clone() else {
                continue;
            };
            if let HitShare::PerTable(given) = &mut database.hit {
                given.retain(|(table, _)| members.contains(table));
            }
            databases.push(Database { name, tables: members, ..database });
        }
        databases
    }

    /// Keeps a small text from describing more than memory holds.
    fn count_units(&mut self, count: usize, layout: &At<String>) {
        self.units += count;
        let most = self.sources.limit().units();
        if self.units > most {
            let message = format!(
                "with this layout there are more than the limit of {most} services and databases"
            );
            let diagnostic = Diagnostic::new(Code::TooLarge, message, layout.span);
            self.tell(diagnostic.hint("--size-limit raises the limit"));
        }
    }

    /// The protocol that services talk; `None` costs nothing, as every hop does without a network.
    fn protocol_of(
        &mut self,
        fields: &Fields<'_, LayoutFields>,
        platform: &Platform,
    ) -> Option<ProtocolId> {
        let read = |decoder: &mut Self, node: &Node| {
            let mut words = vec![("none", None)];
            words.extend(platform.protocols.iter().enumerate().map(|(index, protocol)| {
                (protocol.name.as_str(), u32::try_from(index).ok().map(ProtocolId))
            }));
            decoder.word(node, "a protocol", &words)
        };
        if platform.network.is_some() {
            return fields.or(self, LayoutFields::PROTOCOL, read).flatten();
        }
        let node = fields.get(LayoutFields::PROTOCOL)?;
        if read(self, node).flatten().is_some() {
            let message = "without a network the protocol costs nothing";
            let diagnostic = Diagnostic::new(Code::UnusedProtocol, message, node.span);
            self.tell(diagnostic.hint("leave it out, or leave out `network: none`"));
        }
        None
    }

    fn machines(&mut self, node: &Node, platform: &Platform, path: &Path<'_>) -> Vec<Machine> {
        let path = path.to("machines");
        let entries = self.map(node, "a map of machines").unwrap_or_default();
        entries.iter().filter_map(|entry| self.machine(entry, platform, &path)).collect()
    }

    fn machine(&mut self, entry: &Entry, platform: &Platform, path: &Path<'_>) -> Option<Machine> {
        let name = self.name(&entry.key, true);
        let fields = self.fields::<MachineFields>(&entry.value, &path.to(&entry.key))?;
        let cpu = fields.get(MachineFields::CPU);
        let class_node = fields.get(MachineFields::CLASS);
        if cpu.is_none() && class_node.is_none() {
            self.missing(&fields, MachineFields::CPU);
        }
        self.finish(&fields);
        let cpu = match cpu {
            Some(node) => Some(self.positive(node, "a number of cores", 1e4)?),
            None => None,
        };
        let mut class = None;
        let mut class_cpu = None;
        if let Some(node) = class_node {
            let text = self.scalar(node, "a class of machine")?;
            class = Some(At::new(text.to_string(), node.span));
            // A machine whose cores are given may be of a class that no catalogue has.
            if cpu.is_none() {
                let prices = platform.prices.as_ref();
                class_cpu = Some(self.class_size(text, node, prices, None, None)?.0);
            }
        }
        let scheduling = fields.or(self, MachineFields::SCHEDULING, |decoder, node| {
            decoder.word(node, "scheduling", &MACHINE_SCHEDULING)
        })?;
        Some(Machine { name, cpu: cpu.or(class_cpu)?, class, scheduling })
    }
}
