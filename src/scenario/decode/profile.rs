//! Rates that vary over time: a sine, or straight lines between points.

use super::{Decoder, Path};
use crate::model::Arrivals;
use crate::random::Profile;
use crate::scenario::node::Node;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Nanos, PerSecond};

const HINT: &str = "write `sine: { mean: 100/s, amplitude: 60/s, period: 24h }`, or \
                    `points: [ { at: 0s, rate: 20/s }, { at: 12h, rate: 180/s } ]` with `every: 24h`";

/// A point of a profile as it is written.
struct Point<'n> {
    at: Nanos,
    rate: PerSecond,
    at_node: &'n Node,
}

impl Decoder<'_> {
    /// The profile that a node describes.
    pub(super) fn profile(&mut self, node: &Node) -> Option<Arrivals> {
        let mut fields = self.fields(node, "a profile", &Path::root())?;
        let (sine, points) = (fields.take("sine"), fields.take("points"));
        let every = points.and_then(|_| fields.take("every"));
        self.finish(fields);
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
        let mut fields = self.fields(node, "a sine", &Path::root())?;
        let mean = self.required(&mut fields, "mean");
        let mean = mean.and_then(|node| self.rate(node));
        let amplitude_node = self.required(&mut fields, "amplitude");
        let amplitude = amplitude_node.and_then(|node| self.rate_or_none(node));
        let period = self.required(&mut fields, "period");
        let period = period.and_then(|node| self.time_above_zero(node, "a period"));
        self.finish(fields);
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

    fn point<'n>(&mut self, node: &'n Node) -> Option<Point<'n>> {
        let mut fields = self.fields(node, "a point", &Path::root())?;
        let at_node = self.required(&mut fields, "at");
        let at = at_node.and_then(|node| self.quantity::<Nanos>(node));
        let rate = self.required(&mut fields, "rate");
        let rate = rate.and_then(|node| self.rate_or_none(node));
        self.finish(fields);
        Some(Point { at: at?, rate: rate?, at_node: at_node? })
    }

    fn no_profile(&mut self, message: &str, node: &Node) -> Option<Profile> {
        self.tell(Diagnostic::new(Code::OutOfRange, message, node.span).hint(HINT));
        None
    }
}
