//! Where the time of a request's critical path goes.

/// What a request waits for. Every nanosecond of its latency belongs to exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Category {
    /// A thread of the service.
    ThreadQueue,
    /// A core of the service, while others run.
    CpuWait,
    /// CPU work of the application.
    Cpu,
    /// Waking up, and working with cold caches.
    WakeUp,
    /// CPU work of the protocol.
    Serialisation,
    /// Messages under way.
    Network,
    /// A connection.
    PoolWait,
    /// A core of the database server, while others run.
    DatabaseCpuWait,
    /// CPU work of statements.
    DatabaseCpu,
    /// Waking up, of a session that finds a core of its server idle.
    DatabaseWakeUp,
    /// Page reads, with their queue.
    Storage,
    /// Row locks.
    LockWait,
    /// Work of a session that the commit of its row wakes, and that must ask for the row anew.
    Requeue,
    /// Log flushes.
    Commit,
    /// Messages at a broker.
    Broker,
    /// Third parties.
    External,
    /// Waits before a retry.
    Backoff,
    /// Pure delays of the application.
    Delay,
    /// What keeps a transaction over several databases together: votes, decisions, states of sagas, undoing.
    Coordination,
}

impl Category {
    /// How many there are.
    pub const COUNT: usize = 19;

    /// All, in the order in which they are reported.
    pub const ALL: [Category; Self::COUNT] = [
        Category::ThreadQueue,
        Category::CpuWait,
        Category::Cpu,
        Category::WakeUp,
        Category::Serialisation,
        Category::Network,
        Category::PoolWait,
        Category::DatabaseCpuWait,
        Category::DatabaseCpu,
        Category::DatabaseWakeUp,
        Category::Storage,
        Category::LockWait,
        Category::Requeue,
        Category::Commit,
        Category::Broker,
        Category::External,
        Category::Backoff,
        Category::Delay,
        Category::Coordination,
    ];

    /// As results name it.
    pub fn name(self) -> &'static str {
        match self {
            Category::ThreadQueue => "thread_queue",
            Category::CpuWait => "cpu_wait",
            Category::Cpu => "cpu",
            Category::WakeUp => "wake_up",
            Category::Serialisation => "serialisation",
            Category::Network => "network",
            Category::PoolWait => "pool_wait",
            Category::DatabaseCpuWait => "db_cpu_wait",
            Category::DatabaseCpu => "db_cpu",
            Category::DatabaseWakeUp => "db_wake_up",
            Category::Storage => "storage",
            Category::LockWait => "lock_wait",
            Category::Requeue => "requeue",
            Category::Commit => "commit",
            Category::Broker => "broker",
            Category::External => "external",
            Category::Backoff => "backoff",
            Category::Delay => "delay",
            Category::Coordination => "coordination",
        }
    }

    /// Whether it is work of a service, and not of a database.
    #[inline(always)]
    pub fn is_of_a_service(self) -> bool {
        matches!(self, Category::Cpu | Category::WakeUp | Category::Serialisation)
    }

    /// The category of the part of a wait that is not work: a core's queue for CPU work.
    #[inline(always)]
    pub fn waiting(self) -> Category {
        match self {
            Category::Cpu | Category::WakeUp | Category::Serialisation => Category::CpuWait,
            Category::DatabaseCpu | Category::DatabaseWakeUp | Category::Requeue => {
                Category::DatabaseCpuWait
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_stand_at_their_own_numbers() {
        for (index, category) in Category::ALL.iter().enumerate() {
            assert_eq!(*category as usize, index);
        }
    }
}
