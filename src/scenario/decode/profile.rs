//! Rates that vary over time: a sine, or straight lines between points.

use super::{Decoder, Path};
use crate::model::Arrivals;
use crate::random::Profile;
use crate::scenario::form::{LeftOut, Shape, form};
use crate::scenario::node::Node;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Nanos, PerSecond};

const HINT: &str = "write `sine: { mean: 100/s, amplitude: 60/s, period: 24h }`, or \
                    `points: [ { at: 0s, rate: 20/s }, { at: 12h, rate: 180/s } ]` with `every: 24h`";

/// A point of a profile as it is written.
struct ProfilePoint<'n> {
    at: Nanos,
    rate: PerSecond,
    at_node: &'n Node,
}

form! { ProfileFields "profile" "a profile" {
    SINE "sine": Shape::Map("sine"), LeftOut::Means("`points` are given"),
        "A rate that swings around its mean.";
    POINTS "points": Shape::List(&Shape::Map("point")), LeftOut::Means("a `sine` is given"),
        "Rates at clock times, with straight lines between.";
    EVERY "every": Shape::Duration, LeftOut::Means("once, and then at the last rate"),
        "After what time the points begin anew.";
} }

form! { SineFields "sine" "a sine" {
    MEAN "mean": Shape::Rate, LeftOut::Missed, "Requests per time on average.";
    AMPLITUDE "amplitude": Shape::Rate, LeftOut::Missed,
        "How far the rate swings to either side, at most the mean.";
    PERIOD "period": Shape::Duration, LeftOut::Missed, "Time from one peak to the next.";
} }

form! { PointFields "point" "a point" {
    AT "at": Shape::Duration, LeftOut::Missed, "When, since the start of a round.";
    RATE "rate": Shape::Rate, LeftOut::Missed, "Requests per time at that instant.";
} }

impl Decoder<'_> {
    /// The profile that a node describes.
    pub(super) fn profile(&mut self, node: &Node) -> Option<Arrivals> {
        let mut fields = self.fields::<ProfileFields>(node, &Path::root())?;
        let (sine, points) = (fields.get(ProfileFields::SINE), fields.get(ProfileFields::POINTS));
        let every = fields.get(ProfileFields::EVERY);
        if points.is_none() {
            // A sine has its period.
            fields.without(&[ProfileFields::EVERY]);
        }
        self.finish(&fields);
        let profile = match (sine, points) {
            (Some(sine), None) => self.sine(sine),
            (None, Some(points)) => self.points(points, every),
            _ => {
                let message = "a profile is either a `sine` or a list of `points`";
                self.tell(Diagnostic::new(Code::MissingField, message, node.span).hint(HINT));
                None
            }
        };
        profile.map(Arrivals::Profile)
    }

    fn sine(&mut self, node: &Node) -> Option<Profile> {
        let fields = self.fields::<SineFields>(node, &Path::root())?;
        let mean = self.required(&fields, SineFields::MEAN);
        let mean = mean.and_then(|node| self.rate(node));
        let amplitude_node = self.required(&fields, SineFields::AMPLITUDE);
        let amplitude = amplitude_node.and_then(|node| self.rate_or_none(node));
        let period = self.required(&fields, SineFields::PERIOD);
        let period = period.and_then(|node| self.time_above_zero(node, "a period"));
        self.finish(&fields);
        let (mean, amplitude, period) = (mean?, amplitude?, period?);
        if let Some(node) = amplitude_node.filter(|_| amplitude > mean) {
            let message = format!(
                "the amplitude must not be above the mean, or the rate would be negative; found {}",
                node.found()
            );
            let diagnostic = Diagnostic::new(Code::OutOfRange, message, node.span);
            self.tell(diagnostic.hint(format!("the mean is {mean}")));
            return None;
        }
        Some(Profile::Sine { mean: mean.0, amplitude: amplitude.0, period })
    }

    fn points(&mut self, node: &Node, every_node: Option<&Node>) -> Option<Profile> {
        let errors = self.errors();
        let mut points = Vec::new();
        for item in self.list(node, "a list of points")? {
            points.extend(self.point(item));
        }
        let every = every_node.and_then(|node| self.time_above_zero(node, "`every`"));
        if self.errors() > errors {
            return None;
        }
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return self.no_profile("a profile has two points or more; found none", node);
        };
        if let Some(pair) = points.windows(2).find(|pair| pair[1].at < pair[0].at) {
            let message = format!(
                "points stand in the order of time; {} is before {}",
                pair[1].at_node.found(),
                pair[0].at_node.found()
            );
            return self.no_profile(&message, pair[1].at_node);
        }
        if first.at == last.at {
            return self.no_profile("a profile has two points of different times, or more", node);
        }
        if let (Some(every), Some(every_node)) = (every, every_node)
            && every < last.at
        {
            let message = format!(
                "a round ends at {}, before its last point at {}",
                every_node.found(),
                last.at_node.found()
            );
            return self.no_profile(&message, every_node);
        }
        let points = points.into_iter().map(|point| (point.at, point.rate.0)).collect();
        let profile = Profile::Points { points, every };
        if profile.mean() > 0.0 {
            return Some(profile);
        }
        self.no_profile("no rate is above zero for any time: no request ever comes", node)
    }

    fn point<'n>(&mut self, node: &'n Node) -> Option<ProfilePoint<'n>> {
        let fields = self.fields::<PointFields>(node, &Path::root())?;
        let at_node = self.required(&fields, PointFields::AT);
        let at = at_node.and_then(|node| self.quantity::<Nanos>(node));
        let rate = self.required(&fields, PointFields::RATE);
        let rate = rate.and_then(|node| self.rate_or_none(node));
        self.finish(&fields);
        Some(ProfilePoint { at: at?, rate: rate?, at_node: at_node? })
    }

    fn no_profile(&mut self, message: &str, node: &Node) -> Option<Profile> {
        self.tell(Diagnostic::new(Code::OutOfRange, message, node.span).hint(HINT));
        None
    }
}
