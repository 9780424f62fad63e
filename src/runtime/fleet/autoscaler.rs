//! The rule of the Kubernetes HorizontalPodAutoscaler, without a clock and without instances: from what is seen to
//! how many there should be. `pkg/controller/podautoscaler`: `replica_calculator.go` says what a metric asks for,
//! `horizontal.go` what is done of it.

use std::collections::VecDeque;

use crate::model::{ScaleLimits, ScalePolicy, ScaleStep, Scaling, Select, Stabilization};

/// Decides for one service.
#[derive(Debug, Clone)]
pub(in crate::runtime) struct Autoscaler {
    least: u32,
    most: u32,
    tolerance: f64,
    stabilization: Stabilization,
    up: ScaleLimits,
    down: ScaleLimits,
    /// What was wanted at each look within the longer window (ns, instances).
    wanted: VecDeque<(u64, u32)>,
    /// What came (above 0) or went at each look within the longest period of a policy (ns, instances).
    changes: VecDeque<(u64, i64)>,
}

/// One metric at a look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::runtime) struct ScaleReading {
    /// Sum of what the instances have whose metric is known.
    pub(in crate::runtime) total: f64,
    /// How many these are.
    pub(in crate::runtime) known: u32,
    /// Instances that are not ready, or were not through all of the time that the metric is of.
    pub(in crate::runtime) unready: u32,
    /// What one should have.
    pub(in crate::runtime) target: f64,
}

impl Autoscaler {
    /// By this rule, where so many are there at 0, and that is what is wanted then.
    pub(in crate::runtime) fn new(scaling: &Scaling, at_start: u32) -> Self {
        Autoscaler {
            least: scaling.from,
            most: scaling.to.value,
            tolerance: scaling.tolerance,
            stabilization: scaling.stabilization,
            up: scaling.up.clone(),
            down: scaling.down.clone(),
            wanted: VecDeque::from([(0, at_start)]),
            changes: VecDeque::new(),
        }
    }

    /// How many instances there should be from `now` (ns) on, where there are `current`. `floor`: what the schedule
    /// asks for at the least.
    pub(in crate::runtime) fn look(
        &mut self,
        now: u64,
        current: u32,
        readings: &[ScaleReading],
        floor: Option<u32>,
    ) -> u32 {
        let asked = readings.iter().map(|reading| self.asked_by(reading, current));
        let wanted = asked.chain(floor).max().unwrap_or(current);
        let wanted = self.stable(now, current, wanted);
        let wanted = self.allowed(now, current, wanted);
        if wanted != current {
            self.changes.push_back((now, i64::from(wanted) - i64::from(current)));
        }
        wanted
    }

    /// What one metric asks for. Those that are not ready count as idle where it asks for more, and not at all where
    /// it asks for fewer; where that turns the answer round, nothing is asked.
    fn asked_by(&self, reading: &ScaleReading, current: u32) -> u32 {
        let ScaleReading { total, known, unready, target } = *reading;
        if known == 0 {
            return current;
        }
        let near = |ratio: f64| (1.0 - ratio).abs() <= self.tolerance;
        let ceil = |instances: f64| {
            // What is a whole number but for rounding stays it: the product of shares like 0.6.
            let whole = instances.round();
            let exact = (instances - whole).abs() <= 1e-9 * whole.max(1.0);
            (if exact { whole } else { instances.ceil() }) as u32
        };
        let ratio = total / f64::from(known) / target;
        if unready == 0 || ratio <= 1.0 {
            return if near(ratio) { current } else { ceil(ratio * f64::from(known)) };
        }
        let all = known + unready;
        let with_idle = total / f64::from(all) / target;
        if near(with_idle) || with_idle < 1.0 {
            return current;
        }
        ceil(with_idle * f64::from(all)).max(current)
    }

    /// What is wanted now, unless less (on the way up) or more (on the way down) was wanted within the window.
    fn stable(&mut self, now: u64, current: u32, wanted: u32) -> u32 {
        let longest = self.up.window.0.max(self.down.window.0);
        self.wanted.retain(|(at, _)| at + longest > now);
        let within = |window: u64| {
            self.wanted.iter().filter(move |(at, _)| at + window > now).map(|(_, wanted)| *wanted)
        };
        let least = within(self.up.window.0).fold(wanted, u32::min);
        let most = within(self.down.window.0).fold(wanted, u32::max);
        self.wanted.push_back((now, wanted));
        match self.stabilization {
            Stabilization::Within => current.max(least).min(most),
            Stabilization::ByDirection if wanted >= current => least,
            Stabilization::ByDirection => most,
        }
    }

    /// The same within what the policies and the bounds allow.
    fn allowed(&mut self, now: u64, current: u32, wanted: u32) -> u32 {
        let periods = self.up.policies.iter().chain(&self.down.policies);
        let longest = periods.map(|policy| policy.per.0).max().unwrap_or(0);
        self.changes.retain(|(at, _)| at + longest > now);
        let (least, most) = (self.least, self.most);
        if wanted > current {
            let reach = |policy: &ScalePolicy| {
                let before = f64::from(current) - self.net_change(now, policy);
                match policy.by {
                    ScaleStep::Pods(pods) => before + f64::from(pods),
                    ScaleStep::Percent(share) => rounded_up(before * (1.0 + share)),
                }
            };
            let limit = chosen(&self.up, reach, f64::max, f64::min);
            let limit = limit.map_or(current, |limit| (limit.max(0.0) as u32).max(current));
            return wanted.min(limit).min(most).max(least);
        }
        if wanted < current {
            let reach = |policy: &ScalePolicy| {
                let before = f64::from(current) - self.net_change(now, policy);
                match policy.by {
                    ScaleStep::Pods(pods) => before - f64::from(pods),
                    ScaleStep::Percent(share) => rounded_down(before * (1.0 - share)),
                }
            };
            let limit = chosen(&self.down, reach, f64::min, f64::max);
            let limit = limit.map_or(current, |limit| (limit.max(0.0) as u32).min(current));
            return wanted.max(limit).max(least).min(most);
        }
        current.clamp(least, most)
    }

    /// How many more there are than a period of the policy ago; what is as old as the period does not count.
    fn net_change(&self, now: u64, policy: &ScalePolicy) -> f64 {
        let within = self.changes.iter().filter(|(at, _)| at + policy.per.0 > now);
        within.map(|(_, change)| *change).sum::<i64>() as f64
    }
}

/// How far the policies let go; `None`: nowhere.
fn chosen(
    limits: &ScaleLimits,
    reach: impl Fn(&ScalePolicy) -> f64,
    farther: fn(f64, f64) -> f64,
    nearer: fn(f64, f64) -> f64,
) -> Option<f64> {
    let choose = match limits.select {
        Select::Max => farther,
        Select::Min => nearer,
        Select::Disabled => return None,
    };
    limits.policies.iter().map(reach).reduce(choose)
}

/// Whole numbers that a product misses by its rounding stay what they are.
const ROUNDING: f64 = 1e-9;

fn rounded_up(instances: f64) -> f64 {
    (instances - ROUNDING).ceil()
}

fn rounded_down(instances: f64) -> f64 {
    (instances + ROUNDING).floor()
}
