//! What a run takes, told before it is begun: so many events that it is a matter of hours.

use super::findings::Diagnosis;
use super::run_length::once;
use crate::model::{Length, Model};
use crate::plan::{Forecast, Plan, Rhythm};
use crate::scenario::Code;
use crate::units::{Nanos, significant};

/// Events of all layouts and replications beyond which a run is long: a thousand seconds of a fast core.
const LONG: f64 = 10e9;

/// That a run of these layouts is long by arithmetic. None whose length its precision decides is: pilots have
/// a budget.
pub fn long_run<'p>(
    model: &Model,
    plans: impl Iterator<Item = (&'p Plan, &'p Forecast)> + Clone,
) -> Option<Diagnosis> {
    let rhythm = plans.clone().next().map_or(Rhythm::Steady, |(plan, _)| plan.load.rhythm);
    let duration: Nanos = match (model.run.length, rhythm) {
        (Length::Fixed { duration, .. } | Length::Until(duration), _) => duration,
        (Length::Precision { .. }, Rhythm::Once(end)) => once(end).duration,
        (Length::Precision { .. }, _) => return None,
    };
    let replications = f64::from(model.run.replications);
    let each = plans.map(|(_, forecast)| forecast.events_per_second * duration.seconds());
    let (events, longest) = each.fold((0.0, 0.0), |(sum, most), events| {
        (sum + events * replications, f64::max(most, events))
    });
    if events <= LONG {
        return None;
    }
    let limit = model.run.limits.events as f64;
    let ended = match longest > limit {
        true => format!(
            ", and a replication is ended after {} million of them (run.limits.events)",
            significant(limit / 1e6, 3)
        ),
        false => String::new(),
    };
    let message = format!(
        "by arithmetic this run takes about {} million events, a matter of hours{ended}",
        // Two digits: the arithmetic is no better.
        significant(rounded(events / 1e6), 12)
    );
    Some(Diagnosis { code: Code::LongRun, message })
}

/// With two digits.
fn rounded(value: f64) -> f64 {
    let unit = 10f64.powf(value.log10().floor() - 1.0);
    (value / unit).round() * unit
}
