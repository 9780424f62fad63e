//! How much of something there was over the measured time: replicas, cores, nodes. What never changes is told
//! exactly; what changes, as the mean over time.

/// An amount of capacity, integrated over time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Capacity {
    level: f64,
    /// [amount × ns] up to `since`.
    area: f64,
    /// (ns) When the level changed last, or the measuring began.
    since: u64,
    /// Whether it has been something else while it was measured.
    has_changed: bool,
}

/// What was there of everything that can come and go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Capacities {
    /// Replicas of each service, of `Plan::services`.
    pub replicas: Vec<Capacity>,
    /// Cores of each CPU, of `Plan::cpus`.
    pub cores: Vec<Capacity>,
    /// Nodes of each class, of `Plan::nodes`.
    pub nodes: Vec<Capacity>,
}

impl Capacity {
    /// So much is there from the start.
    pub fn new(level: f64) -> Self {
        Capacity { level, ..Capacity::default() }
    }

    /// How much is there now.
    pub fn level(&self) -> f64 {
        self.level
    }

    /// From `now` (ns) on there is `more` than before; less where it is negative.
    pub fn change(&mut self, now: u64, more: f64) {
        self.area += self.level * (now - self.since) as f64;
        self.level += more;
        self.since = now;
        self.has_changed = true;
    }

    /// Forgets what was before `now` (ns).
    pub fn restart(&mut self, now: u64) {
        *self = Capacity { level: self.level, area: 0.0, since: now, has_changed: false };
    }

    /// The measuring ends at `now` (ns).
    pub fn close(&mut self, now: u64) {
        self.area = self.area(now);
        self.since = now;
    }

    /// What there has been up to `now` (ns) [amount × ns].
    pub fn area(&self, now: u64) -> f64 {
        self.area + self.level * now.saturating_sub(self.since) as f64
    }

    /// Mean of a closed capacity over the measured time (ns).
    pub fn mean(&self, measured_ns: u64) -> f64 {
        if self.has_changed { self.area / measured_ns.max(1) as f64 } else { self.level }
    }

    /// Adds the capacity of another replication, closed as this one.
    pub fn merge(&mut self, other: &Capacity) {
        let Capacity { level, area, since: _, has_changed } = other;
        self.has_changed |= *has_changed || self.level != *level;
        self.area += area;
    }
}

impl Capacities {
    /// Everything that there is, for what happens to all of it alike.
    pub fn each_mut(&mut self) -> impl Iterator<Item = &mut Capacity> {
        self.replicas.iter_mut().chain(&mut self.cores).chain(&mut self.nodes)
    }

    /// Adds the capacities of another replication of the same run.
    pub fn merge(&mut self, other: &Capacities) {
        let Capacities { replicas, cores, nodes } = other;
        let others = replicas.iter().chain(cores).chain(nodes);
        self.each_mut().zip(others).for_each(|(own, other)| own.merge(other));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_changes_is_told_to_the_last_bit() {
        let mut cores = Capacity::new(0.3);
        cores.restart(7);
        cores.close(1_000_000_007);
        assert_eq!(cores.mean(1_000_000_000), 0.3);
        let mut both = cores;
        both.merge(&cores);
        assert_eq!(both.mean(2_000_000_000), 0.3);
    }

    #[test]
    fn what_changes_is_told_as_the_mean_over_the_measured_time() {
        let mut nodes = Capacity::new(2.0);
        nodes.change(50, 5.0);
        nodes.restart(100);
        assert_eq!(nodes.level(), 7.0);
        nodes.change(200, -4.0);
        nodes.close(500);
        // Seven for 100 ns, three for 300 ns.
        assert_eq!(nodes.mean(400), (700.0 + 900.0) / 400.0);
        let mut still = Capacity::new(3.0);
        still.restart(100);
        still.close(500);
        still.merge(&nodes);
        assert_eq!(still.mean(800), (1200.0 + 1600.0) / 800.0);
    }
}
