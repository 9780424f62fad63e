//! Bills that compare sizes and not cuts: a layout that has far more than it needs costs more than one that has not,
//! whatever is cut. Told with a first estimate of what would be enough, by the utilisation law.

use super::findings::{Diagnosis, LayoutFindings, Verdict};
use super::utilisation::busy;
use crate::measure::Outcome;
use crate::plan::{CpuPlan, CpuUse, Plan, Resource};
use crate::scenario::Code;
use crate::units::significant;

/// A layout is far larger than another one whose busiest cores are this many times as busy as its own.
const FAR: f64 = 2.0;
/// Share of the paid cores that idle from which on a bill is one of idle cores.
const IDLE: f64 = 0.9;
/// Services that are named with what they need.
const MOST_NAMED: usize = 3;

/// A layout that is compared by its bill.
pub(super) struct Sized<'a> {
    pub(super) name: &'a str,
    pub(super) plan: &'a Plan,
    pub(super) outcomes: &'a [Outcome],
    pub(super) found: &'a LayoutFindings,
    /// The tightest promise about its latency: what was found, over what was promised.
    pub(super) promise: Option<f64>,
}

/// The cores of one kind, with how busy they are.
struct BusyCores {
    cpu: crate::ids::Id<CpuPlan>,
    share: f64,
    /// Whether that is of the busiest window: what is enough on average is too little for a crowd.
    at_peak: bool,
}

impl Sized<'_> {
    fn is_compared(&self) -> bool {
        self.found.verdict != Verdict::Unstable && self.found.cost.per_month > 0.0
    }

    /// All cores, the busiest first.
    fn cores(&self) -> Vec<BusyCores> {
        let resources = self.plan.resources().into_iter().enumerate();
        let cpus = resources.filter_map(|(place, resource)| {
            let Resource::Cpu(cpu) = resource else {
                return None;
            };
            let peak = self.found.utilisation.get(place).and_then(|own| own.peak.as_ref());
            let share = match peak {
                Some(peak) => peak.share.value,
                None => busy(self.plan, self.outcomes, resource).value,
            };
            Some(BusyCores { cpu, share, at_peak: peak.is_some() })
        });
        let mut cores: Vec<BusyCores> = cpus.filter(|cores| cores.share.is_finite()).collect();
        cores.sort_by(|one, other| other.share.total_cmp(&one.share));
        cores
    }

    fn named(&self, cores: &BusyCores) -> String {
        let share = significant(cores.share * 100.0, 2);
        let when = if cores.at_peak { " in its busiest window" } else { "" };
        format!("{} at {share} %{when}", Resource::Cpu(cores.cpu).name(self.plan))
    }

    /// How busy the busiest cores may be for its promises to be kept, if latency is in proportion to 1 / (1 − ρ);
    /// at most `most`.
    fn bearable(&self, busiest: f64, most: f64) -> f64 {
        let kept = self.promise.map_or(1.0, |found| 1.0 - found * (1.0 - busiest));
        most.min(kept).max(busiest)
    }

    /// What would be enough of the cores to be so busy; none where that is what there is.
    fn enough(&self, cores: &BusyCores, level: f64) -> Option<String> {
        let site = &self.plan.site;
        let cpu = &site.cpus[cores.cpu];
        match &cpu.used_by {
            // How many there are is the autoscaler's to say.
            CpuUse::Service(service) if self.plan.scaled.scales(*service) => None,
            CpuUse::Service(service) if site.services[*service].replicas > 1 => {
                let service = &site.services[*service];
                let replicas = f64::from(service.replicas);
                // A twentieth of a replica is within the error of a share.
                let needed = (replicas * cores.share / level - 0.05).ceil().max(1.0);
                (needed < replicas)
                    .then(|| format!("{needed} instead of {replicas} replicas of {}", service.name))
            }
            used_by => {
                let needed = significant(cpu.cores * cores.share / level, 2);
                let there = significant(cpu.cores, 3);
                let name = self.plan.cpu_name(used_by);
                (cores.share < level * 0.8)
                    .then(|| format!("{needed} instead of {there} cores of {name}"))
            }
        }
    }
}

/// Remarks on the layouts whose bill is one of their size.
pub(super) fn sizes(layouts: &[Sized]) -> Vec<Diagnosis> {
    let compared = layouts.iter().filter(|layout| layout.is_compared());
    let compared: Vec<(&Sized, Vec<BusyCores>)> = compared
        .map(|layout| (layout, layout.cores()))
        .filter(|(_, cores)| !cores.is_empty())
        .collect();
    let busiest = compared.iter().max_by(|a, b| a.1[0].share.total_cmp(&b.1[0].share));
    let Some((other, of_other)) = busiest.filter(|_| compared.len() > 1) else {
        return Vec::new();
    };
    let level = of_other[0].share;
    let remarks = compared.iter().filter_map(|(layout, cores)| {
        let own = cores.first().filter(|own| own.share > 0.0)?;
        let idle = layout.found.cost.idle_share.unwrap_or(0.0);
        let message = if own.share * FAR <= level {
            format!(
                "the busiest cores of {} are {}, those of {} {}: the bills compare sizes and not cuts{}",
                layout.name,
                layout.named(own),
                other.name,
                other.named(&of_other[0]),
                instead(layout, cores, layout.bearable(own.share, level)),
            )
        } else if idle >= IDLE {
            let idle = significant(idle * 100.0, 2);
            format!(
                "{idle} % of the paid cores of {} idle, and its busiest are {}: the bill is one of its size more \
                 than of how it is cut",
                layout.name,
                layout.named(own)
            )
        } else {
            return None;
        };
        Some(Diagnosis { code: Code::Sizes, message })
    });
    remarks.collect()
}

/// With what the layout would be as busy as that, in words.
fn instead(layout: &Sized, cores: &[BusyCores], level: f64) -> String {
    let named: Vec<String> = cores.iter().filter_map(|own| layout.enough(own, level)).collect();
    let more = named.len().saturating_sub(MOST_NAMED);
    let listed = named[..named.len().min(MOST_NAMED)].join(", ");
    let more = if more > 0 { format!(", and less of {more} more") } else { String::new() };
    let level = significant(level * 100.0, 2);
    match named.is_empty() {
        true => String::new(),
        false => format!(
            "; at {level} % {} would need {listed}{more}, by the utilisation law",
            layout.name
        ),
    }
}
