//! Scale-out: how many instances of a service there are as its load changes, by the rule of the Kubernetes
//! HorizontalPodAutoscaler (`autoscaling/v2`), and what it takes to start one.

use super::At;
use crate::units::Nanos;

/// A number of instances that follows the load.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaling {
    /// Fewest instances.
    pub from: u32,
    /// Most instances.
    pub to: At<u32>,
    /// What an instance should have to do, and how much of it; of several the one that asks for most instances counts.
    pub targets: Vec<(ScaleMetric, f64)>,
    /// How many instances there should be at least from each of these times of the run on, in order of time.
    pub schedule: Vec<(Nanos, u32)>,
    /// How often it is looked.
    pub every: Nanos,
    /// How far a metric may be from its target before anything is done, as a share of it.
    pub tolerance: f64,
    /// How what was wanted before counts.
    pub stabilization: Stabilization,
    /// Limits on the way up.
    pub up: ScaleLimits,
    /// Limits on the way down.
    pub down: ScaleLimits,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScaleMetric {
    /// Busy share of the cores of an instance since the last look.
    Cpu,
    /// Requests at an instance, waiting ones among them.
    InFlight,
    /// Requests that wait for a thread of an instance.
    Queue,
}

/// How what was wanted within the windows of both directions counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stabilization {
    /// The number that is there is brought between the least that was wanted within the window of the way up and the
    /// most within that of the way down: as the controller of Kubernetes does it today.
    Within,
    /// Where at least as many are wanted as there are, the least that was wanted within the window of the way up;
    /// else the most within that of the way down, even where that is more than there is: as it was done before, and
    /// as the documentation has it.
    ByDirection,
}

/// How fast a number of instances may change in one direction.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaleLimits {
    /// Up: the least of what was wanted within that time is what is done. Down: the most.
    pub window: Nanos,
    /// How much at a time.
    pub policies: Vec<ScalePolicy>,
    /// Which of the policies counts.
    pub select: Select,
}

/// How much a number of instances may change within a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScalePolicy {
    /// How much.
    pub by: ScaleStep,
    /// Within that time.
    pub per: Nanos,
}

/// A change of a number of instances.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ScaleStep {
    /// So many.
    Pods(u32),
    /// So large a share of those that there were.
    Percent(f64),
}

/// Which of several policies counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Select {
    /// The one that allows most.
    Max,
    /// The one that allows least.
    Min,
    /// None: nothing changes in this direction.
    Disabled,
}

/// What it takes to start an instance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StartUp {
    /// From its place on a node until it is ready and takes requests.
    pub takes: Nanos,
    /// For how long its cores are slower from then on.
    pub warm_up: Nanos,
    /// By what their speed is divided meanwhile.
    pub slower: f64,
}
