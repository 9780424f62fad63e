//! Everything with a capacity: the one list by which arithmetic tells beforehand, and a run afterwards, how busy each
//! is.

use super::{
    CpuPlan, CpuUse, DatabasePlan, ExternalPlan, GroupPlan, Plan, ServicePlan, TablePlan, TopicPlan,
};
use crate::ids::Id;
use crate::model::Threads;

/// Something with a capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// The cores of a service, a machine or a database server: the first CPU of those alike.
    Cpu(Id<CpuPlan>),
    /// The threads of a service, or the requests that it takes at a time.
    Threads(Id<ServicePlan>),
    /// The connections of a service to a database.
    Connections {
        /// Whose.
        of: Id<ServicePlan>,
        /// Where they lead.
        to: Id<DatabasePlan>,
    },
    /// The row that is locked most of a table; of rows asked for alike, any.
    HottestRow {
        /// Where it is.
        database: Id<DatabasePlan>,
        /// Its table.
        table: Id<TablePlan>,
    },
    /// The page reads that a volume serves at the same time.
    Storage(Id<DatabasePlan>),
    /// The operations per second that a volume allows.
    Operations(Id<DatabasePlan>),
    /// The log of a database: busy while a flush runs. Any number of commits share a flush.
    Log(Id<DatabasePlan>),
    /// The calls that a third party takes at the same time.
    ThirdParty(Id<ExternalPlan>),
    /// The consumers of a service, each with one message or one batch at a time.
    Consumers(Id<GroupPlan>),
}

impl Resource {
    /// Its name in tables, charts and messages.
    pub fn name(self, plan: &Plan) -> String {
        let of_database = |database, what: &str| format!("{} {what}", plan.database_name(database));
        match self {
            Resource::Cpu(cpu) => format!("{} cpu", plan.cpu_name(&plan.site.cpus[cpu].used_by)),
            Resource::Threads(service) => format!("{} threads", plan.site.services[service].name),
            Resource::Connections { of, to } => {
                let [of, to] = [&plan.site.services[of].name, &plan.site.databases[to].name];
                format!("{of} connections to {to}")
            }
            Resource::HottestRow { database, table } => {
                format!("hottest row of {}", plan.site.databases[database].tables[table].name)
            }
            Resource::Storage(database) => of_database(database, "storage"),
            Resource::Operations(database) => of_database(database, "storage iops"),
            Resource::Log(database) => of_database(database, "log"),
            Resource::ThirdParty(external) => plan.site.externals[external].name.clone(),
            Resource::Consumers(group) => {
                format!("{} consumers", plan.messaging.groups[group].name)
            }
        }
    }

    /// Whether more than it can do may be asked of it. A log is the busier the more commits come, and takes them
    /// all.
    pub fn saturates(self) -> bool {
        !matches!(self, Resource::Log(_))
    }
}

impl Plan {
    /// Every resource, service by service, then machines, databases and third parties.
    pub fn resources(&self) -> Vec<Resource> {
        let mut found = Vec::new();
        for (id, service) in self.site.services.entries() {
            let first = &self.site.instances[service.first_instance];
            if self.site.cpus[first.cpu].used_by == CpuUse::Service(id) {
                found.push(Resource::Cpu(first.cpu));
            }
            found.extend(self.threads_of(id).map(|_| Resource::Threads(id)));
            let pools = first.pools.entries().filter(|(_, pool)| pool.is_some());
            found.extend(pools.map(|(to, _)| Resource::Connections { of: id, to }));
        }
        let cpus = self.site.cpus.entries();
        let machines = cpus.filter(|(_, cpu)| matches!(cpu.used_by, CpuUse::Machine(_)));
        found.extend(machines.map(|(id, _)| Resource::Cpu(id)));
        for (id, database) in self.site.databases.entries() {
            if self.site.cpus[database.cpu].used_by == CpuUse::Database(id) {
                found.push(Resource::Cpu(database.cpu));
            }
            found.extend(database.read.map(|_| Resource::Storage(id)));
            found.extend(database.iops.map(|_| Resource::Operations(id)));
            found.extend(database.flush.map(|_| Resource::Log(id)));
            let tables = database.tables.ids().filter(|table| self.locks_rows(id, *table));
            found.extend(tables.map(|table| Resource::HottestRow { database: id, table }));
        }
        let limited =
            self.site.externals.entries().filter(|(_, third)| third.concurrency.is_some());
        found.extend(limited.map(|(id, _)| Resource::ThirdParty(id)));
        found.extend(self.messaging.groups.ids().map(Resource::Consumers));
        found
    }

    /// Consumers of a group that can be sent anything: of more than partitions, some have nothing to do.
    pub fn working_consumers(&self, group: Id<GroupPlan>) -> u32 {
        let GroupPlan { service, concurrency, .. } = self.messaging.groups[group];
        let all = concurrency.saturating_mul(self.site.services[service].replicas);
        let takes = |topic: &&TopicPlan| topic.deliveries.iter().any(|it| it.group == group);
        let topics = self.messaging.topics.iter().filter(takes);
        let most = topics.map(|topic| topic.partitions).max().unwrap_or(all);
        match self.messaging.broker.as_ref().is_some_and(|broker| broker.exclusive) {
            true => all.min(most),
            false => all,
        }
    }

    /// Requests that an instance of a service takes at a time; `None`: any number.
    pub fn threads_of(&self, service: Id<ServicePlan>) -> Option<u32> {
        match self.site.services[service].threads {
            Threads::Pool(threads) => Some(threads),
            Threads::Async { max_in_flight } => max_in_flight,
        }
    }

    /// Whether any statement locks rows of a table.
    fn locks_rows(&self, database: Id<DatabasePlan>, table: Id<TablePlan>) -> bool {
        let mut statements = self.program.statements.iter();
        statements.any(|statement| {
            let locks = statement.locks.as_ref();
            statement.database == database && locks.is_some_and(|locks| locks.table == table)
        })
    }
}
