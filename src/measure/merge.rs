//! Several replications as one record: what makes many short ones fit into memory.
//!
//! Counts, sums, areas and histograms add up; so a figure per time or per request of the sum is that of all
//! its replications, and sums of equally many are as independent of each other as these were.

use super::{DatabaseRecord, Ending, EndpointRecord, ExternalRecord, Left, Outcome, ServiceRecord};

impl Outcome {
    /// Adds another replication of the same run.
    pub fn merge(&mut self, other: &Outcome) {
        if self.ending == Ending::Finished {
            self.ending = other.ending;
        }
        let ends = (self.ended_at, other.ended_at);
        self.replications += other.replications;
        self.measured_ns += other.measured_ns;
        self.events += other.events;
        each(&mut self.endpoints, &other.endpoints, |sum, added| sum.merge(added, ends));
        each(&mut self.services, &other.services, |sum, added| sum.merge(added, ends));
        each(&mut self.cpu_busy, &other.cpu_busy, |sum, added| *sum += added);
        self.capacities.merge(&other.capacities);
        each(&mut self.databases, &other.databases, |sum, added| sum.merge(added, ends));
        each(&mut self.externals, &other.externals, |sum, added| sum.merge(added, ends));
        each(&mut self.bytes, &other.bytes, |sum, added| *sum += added);
        self.client_bytes.requests += other.client_bytes.requests;
        self.client_bytes.replies += other.client_bytes.replies;
        self.series.merge(&other.series);
        self.timeline.merge(&other.timeline);
        self.backlog.at_half += other.backlog.at_half;
        self.backlog.at_end += other.backlog.at_end;
        self.arrivals_second_half += other.arrivals_second_half;
        self.left.merge(&other.left);
        if self.deadlock.is_none() {
            self.deadlock.clone_from(&other.deadlock);
        }
    }
}

fn each<T>(sums: &mut [T], added: &[T], add: impl Fn(&mut T, &T)) {
    assert_eq!(sums.len(), added.len(), "replications of one run have the same records");
    sums.iter_mut().zip(added).for_each(|(sum, added)| add(sum, added));
}

impl EndpointRecord {
    fn merge(&mut self, other: &EndpointRecord, ends: (u64, u64)) {
        self.arrivals += other.arrivals;
        each(&mut self.answers, &other.answers, |sum, added| *sum += added);
        self.latency.merge(&other.latency);
        self.latency_sum += other.latency_sum;
        self.latency_max = self.latency_max.max(other.latency_max);
        each(&mut self.spent, &other.spent, |sum, added| *sum += added);
        self.other_latency_sum += other.other_latency_sum;
        self.present.merge(&other.present, ends);
        self.present_before += other.present_before;
        self.ages += other.ages;
    }
}

impl ServiceRecord {
    fn merge(&mut self, other: &ServiceRecord, ends: (u64, u64)) {
        self.arrivals += other.arrivals;
        self.rejected += other.rejected;
        self.waits.merge(&other.waits);
        self.wait_sum += other.wait_sum;
        self.abandoned_waits.merge(&other.abandoned_waits);
        self.abandoned_wait_sum += other.abandoned_wait_sum;
        self.queue.merge(&other.queue, ends);
        self.serving.merge(&other.serving, ends);
        self.answered += other.answered;
        self.present_before += other.present_before;
        self.queue_ages += other.queue_ages;
        self.served_ns = self.served_ns.wrapping_add(other.served_ns);
    }
}

impl DatabaseRecord {
    fn merge(&mut self, other: &DatabaseRecord, ends: (u64, u64)) {
        self.acquires += other.acquires;
        self.pool_wait_sum += other.pool_wait_sum;
        self.pool_queue.merge(&other.pool_queue, ends);
        self.pool_ages += other.pool_ages;
        self.connections.merge(&other.connections, ends);
        self.held_sum += other.held_sum;
        self.held_ages += other.held_ages;
        self.statements += other.statements;
        each(&mut self.locks, &other.locks, |sum, added| *sum += added);
        each(&mut self.lock_wait_sum, &other.lock_wait_sum, |sum, added| *sum += added);
        self.lock_queue.merge(&other.lock_queue, ends);
        self.lock_ages += other.lock_ages;
        self.commits += other.commits;
        self.flushes += other.flushes;
        self.flushing.merge(&other.flushing, ends);
        self.read_ns += other.read_ns;
        self.operations += other.operations;
        self.deadlocks += other.deadlocks;
    }
}

impl ExternalRecord {
    fn merge(&mut self, other: &ExternalRecord, ends: (u64, u64)) {
        self.busy.merge(&other.busy, ends);
        self.time_sum += other.time_sum;
        self.ages += other.ages;
    }
}

impl Left {
    fn merge(&mut self, other: &Left) {
        self.frames += other.frames;
        self.paths += other.paths;
        self.threads += other.threads;
        self.thread_waits += other.thread_waits;
        self.connections += other.connections;
        self.connection_waits += other.connection_waits;
        self.locks += other.locks;
        self.lock_waits += other.lock_waits;
        self.jobs += other.jobs;
    }
}
