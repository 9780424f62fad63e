//! A number of instances that follows the load, and what it takes to start one.

use super::{Decoder, Fields, Path};
use crate::model::{
    At, ScaleLimits, ScaleMetric, ScalePolicy, ScaleStep, Scaling, Select, Stabilization, StartUp,
};
use crate::scenario::form::{LeftOut, Shape, form, names};
use crate::scenario::node::Node;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Nanos, Share};

/// Most instances of a service.
pub(super) const MOST_REPLICAS: u32 = 100_000;

/// Both ways, as their defaults are called.
const WAYS: &[&str] = &["up", "down"];

const SELECTS: [(&str, Select); 3] =
    [("max", Select::Max), ("min", Select::Min), ("disabled", Select::Disabled)];

const STABILIZATIONS: [(&str, Stabilization); 2] =
    [("within", Stabilization::Within), ("by_direction", Stabilization::ByDirection)];

const AS_ITS_FIELDS: LeftOut = LeftOut::Means("all of it as its own fields say");

form! { ScaledFields "scaled replicas" "a range of `replicas`" {
    FROM "from": Shape::Whole, LeftOut::Missed, "Fewest instances.";
    TO "to": Shape::Whole, LeftOut::Missed, "Most instances.";
    AT_START "at_start": Shape::Whole, LeftOut::Means("`from`"), "How many there are at the start.";
    ON "on": Shape::Map("scale targets"), LeftOut::Missed,
        "What an instance should have to do; where it is more or less, instances come or go.";
    EVERY "every": Shape::Duration, LeftOut::Default("scaling.every"), "How often that is looked at.";
    TOLERANCE "tolerance": Shape::Share, LeftOut::Default("scaling.tolerance"),
        "How far from its target a metric may be before anything is done.";
    STABILIZATION "stabilization": Shape::Word(&names(&STABILIZATIONS)), LeftOut::Default("scaling.stabilization"),
        "How earlier wishes count: `within` both windows, as in Kubernetes today, or `by_direction`, as before.";
    UP "up": Shape::Map("scale limits"), AS_ITS_FIELDS, "How fast instances come.";
    DOWN "down": Shape::Map("scale limits"), AS_ITS_FIELDS, "How fast they go.";
} }

form! { TargetFields "scale targets" "what `replicas` follow" {
    CPU "cpu": Shape::Share, LeftOut::Means("not looked at"),
        "Busy share of the cores of an instance, mean since the last look.";
    IN_FLIGHT "in_flight": Shape::Number, LeftOut::Means("not looked at"),
        "Requests at an instance at the look, waiting ones among them.";
    QUEUE "queue": Shape::Number, LeftOut::Means("not looked at"),
        "Requests that wait for a thread of an instance at the look.";
    SCHEDULE "schedule": Shape::List(&Shape::Map("scheduled replicas")), LeftOut::Means("none"),
        "How many instances there are at the least, from each time of the run on.";
} }

form! { ScheduledFields "scheduled replicas" "scheduled replicas" {
    AT "at": Shape::Duration, LeftOut::Missed, "From when on, counted from the start of the run.";
    REPLICAS "replicas": Shape::Whole, LeftOut::Missed, "How many at the least.";
} }

form! { LimitFields "scale limits" "limits of scaling" {
    WINDOW "window": Shape::Duration, LeftOut::DefaultOf("scaling.*.window", WAYS),
        "Of all that was wanted within that time, the least is done on the way up, the most on the way down.";
    AT_MOST "at_most": Shape::List(&Shape::Map("scale policy")),
        LeftOut::Means("4 more or twice as many within 15 s on the way up; on the way down all"),
        "How many instances may come, or go, within a time.";
    SELECT "select": Shape::Word(&names(&SELECTS)), LeftOut::Default("scaling.select"),
        "Which of several counts: the one that allows most, or least; `disabled`: nothing changes this way.";
} }

form! { PolicyFields "scale policy" "a limit of scaling" {
    PODS "pods": Shape::Whole, LeftOut::MissedWithout("percent"), "So many instances.";
    PERCENT "percent": Shape::Share, LeftOut::MissedWithout("pods"), "Such a share of those that there were.";
    PER "per": Shape::Duration, LeftOut::Missed, "Within that time.";
} }

form! { StartFields "start" "a start" {
    TAKES "takes": Shape::Duration, LeftOut::Default("start.takes"),
        "How long an instance that comes takes until it is ready.";
    WARM_UP "warm_up": Shape::Duration, LeftOut::Default("start.warm_up"),
        "For how long it is slower from then on.";
    SLOWER "slower": Shape::Number, LeftOut::Default("start.slower"),
        "By what the speed of its cores is divided meanwhile.";
} }

/// How many instances, and how that changes.
pub(super) struct Replicas {
    pub(super) at_start: At<u32>,
    pub(super) scaling: Option<Scaling>,
}

/// What a number of instances follows.
struct Followed {
    targets: Vec<(ScaleMetric, f64)>,
    schedule: Vec<(Nanos, u32)>,
}

impl Decoder<'_> {
    /// `{ from: 2, to: 20, on: { cpu: 60% } }`.
    pub(super) fn scaled(&mut self, node: &Node, path: &Path<'_>) -> Option<Replicas> {
        let fields = self.fields::<ScaledFields>(node, path)?;
        let from = self.required(&fields, ScaledFields::FROM);
        let to = self.required(&fields, ScaledFields::TO);
        let on = self.required(&fields, ScaledFields::ON);
        self.finish(&fields);
        let (from, to, on) = (from?, to?, on?);
        let least = self.replicas_above_zero(from)?;
        let most = self.whole32(to, "a number of replicas", 1..=MOST_REPLICAS)?;
        if least > most {
            let message =
                format!("`from` is {least} and `to` is {most}: there is no number between");
            let diagnostic = Diagnostic::new(Code::OutOfRange, message, to.span);
            self.tell(
                diagnostic.hint("write the fewest instances as `from`").also(from.span, "`from`"),
            );
            return None;
        }
        let path = |part: &'static str| path.to(part);
        let Followed { targets, schedule } = self.targets(on, least, most, &path("on"))?;
        let at_start = match fields.get(ScaledFields::AT_START) {
            Some(node) => {
                let count = self.whole32(node, "a number of replicas", least..=most)?;
                At::new(count, node.span)
            }
            None => At::new(least, from.span),
        };
        let scaling = Scaling {
            from: least,
            to: At::new(most, to.span),
            targets,
            schedule,
            every: fields
                .or(self, ScaledFields::EVERY, |d, node| d.time_above_zero(node, "`every`"))?,
            tolerance: fields.or(self, ScaledFields::TOLERANCE, Self::quantity::<Share>)?.0,
            stabilization: fields.or(self, ScaledFields::STABILIZATION, |d, node| {
                d.word(node, "`stabilization`", &STABILIZATIONS)
            })?,
            up: self.scale_limits(fields.get(ScaledFields::UP), WAYS[0], &path("up"))?,
            down: self.scale_limits(fields.get(ScaledFields::DOWN), WAYS[1], &path("down"))?,
        };
        Some(Replicas { at_start, scaling: Some(scaling) })
    }

    fn replicas_above_zero(&mut self, node: &Node) -> Option<u32> {
        if node.text() == Some("0") {
            self.refuse_not_built("`from: 0` (scale to zero)", node.span);
            return None;
        }
        self.whole32(node, "a number of replicas", 1..=MOST_REPLICAS)
    }

    fn targets(&mut self, node: &Node, least: u32, most: u32, path: &Path<'_>) -> Option<Followed> {
        let fields = self.fields::<TargetFields>(node, path)?;
        self.finish(&fields);
        let mut targets = Vec::new();
        if let Some(node) = fields.get(TargetFields::CPU) {
            let share = self.quantity::<Share>(node)?.0;
            self.refuse_no_target(share, node)?;
            targets.push((ScaleMetric::Cpu, share));
        }
        let counted = [
            (TargetFields::IN_FLIGHT, ScaleMetric::InFlight),
            (TargetFields::QUEUE, ScaleMetric::Queue),
        ];
        for (field, metric) in counted {
            if let Some(node) = fields.get(field) {
                targets.push((metric, self.positive(node, "a number of requests", 1e9)?));
            }
        }
        let schedule = match fields.get(TargetFields::SCHEDULE) {
            Some(node) => self.schedule(node, least, most)?,
            None => Vec::new(),
        };
        if targets.is_empty() && schedule.is_empty() {
            let message = "a range of `replicas` follows something, and nothing is written";
            let diagnostic = Diagnostic::new(Code::MissingField, message, node.span);
            self.tell(diagnostic.hint("write `on: { cpu: 60% }`, or a plain number of replicas"));
            return None;
        }
        Some(Followed { targets, schedule })
    }

    fn refuse_no_target(&mut self, share: f64, node: &Node) -> Option<()> {
        if share > 0.0 {
            return Some(());
        }
        let message = "no number of instances makes their cores idle: `cpu` is above 0 %";
        let diagnostic = Diagnostic::new(Code::OutOfRange, message, node.span);
        self.tell(diagnostic.hint("write it like `cpu: 60%`"));
        None
    }

    fn schedule(&mut self, node: &Node, least: u32, most: u32) -> Option<Vec<(Nanos, u32)>> {
        let mut schedule: Vec<(Nanos, u32)> = Vec::new();
        for node in self.list(node, "a list of scheduled replicas")? {
            let fields = self.fields::<ScheduledFields>(node, &Path::root())?;
            let at = self.required(&fields, ScheduledFields::AT);
            let replicas = self.required(&fields, ScheduledFields::REPLICAS);
            self.finish(&fields);
            let (at, replicas) = (at?, replicas?);
            let time: Nanos = self.quantity(at)?;
            if schedule.last().is_some_and(|(before, _)| *before >= time) {
                let message =
                    "a schedule goes on in time, and this is not later than what stands before";
                let diagnostic = Diagnostic::new(Code::OutOfRange, message, at.span);
                self.tell(diagnostic.hint("write the entries in the order of their times"));
                return None;
            }
            schedule.push((time, self.whole32(replicas, "a number of replicas", least..=most)?));
        }
        Some(schedule)
    }

    fn scale_limits(
        &mut self,
        node: Option<&Node>,
        way: &str,
        path: &Path<'_>,
    ) -> Option<ScaleLimits> {
        let nothing = Node::map(Vec::new(), Default::default());
        let fields = self.fields::<LimitFields>(node.unwrap_or(&nothing), path)?;
        self.finish(&fields);
        let select = |d: &mut Self, node: &Node| d.word(node, "`select`", &SELECTS);
        Some(ScaleLimits {
            window: fields.or_of(self, LimitFields::WINDOW, way, Self::quantity)?,
            policies: self.policies(&fields, way, path)?,
            select: fields.or(self, LimitFields::SELECT, select)?,
        })
    }

    fn policies(
        &mut self,
        fields: &Fields<'_, LimitFields>,
        way: &str,
        path: &Path<'_>,
    ) -> Option<Vec<ScalePolicy>> {
        let Some(node) = fields.get(LimitFields::AT_MOST) else {
            return Some(self.usual_policies(way, path));
        };
        let items = self.list(node, "a list of limits")?;
        if items.is_empty() {
            let message = "`at_most` has no limit";
            let hint = "write `at_most: [ { pods: 4, per: 15s } ]`, or `select: disabled`";
            self.tell(Diagnostic::new(Code::MissingField, message, node.span).hint(hint));
            return None;
        }
        items.iter().map(|node| self.policy(node)).collect()
    }

    fn policy(&mut self, node: &Node) -> Option<ScalePolicy> {
        let fields = self.fields::<PolicyFields>(node, &Path::root())?;
        let per = self.required(&fields, PolicyFields::PER);
        self.finish(&fields);
        let (pods, percent) = (fields.get(PolicyFields::PODS), fields.get(PolicyFields::PERCENT));
        let by = match (pods, percent) {
            (Some(pods), None) => {
                ScaleStep::Pods(self.whole32(pods, "a number of instances", 1..=MOST_REPLICAS)?)
            }
            (None, Some(percent)) => {
                let share = self.number_of_percent(percent)?;
                ScaleStep::Percent(share)
            }
            (Some(_), Some(percent)) => {
                let message = "a limit is of `pods` or of `percent`";
                let diagnostic = Diagnostic::new(Code::Conflict, message, percent.span);
                self.tell(diagnostic.hint(
                    "write two limits: `[ { pods: 4, per: 15s }, { percent: 100%, per: 15s } ]`",
                ));
                return None;
            }
            (None, None) => {
                self.missing(&fields, PolicyFields::PODS);
                return None;
            }
        };
        Some(ScalePolicy { by, per: self.time_above_zero(per?, "`per`")? })
    }

    /// Instances may more than double, so their share may be above 100 %.
    fn number_of_percent(&mut self, node: &Node) -> Option<f64> {
        let text = self.scalar(node, "a share")?;
        let percent = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
        match percent {
            Some(percent) if percent > 0.0 && percent <= 1e6 => Some(percent / 100.0),
            _ => {
                let message = format!("a share above 0 % is expected here; found {}", node.found());
                let diagnostic = Diagnostic::new(Code::BadValue, message, node.span);
                self.tell(diagnostic.hint("write it like `percent: 100%`"));
                None
            }
        }
    }

    /// The policies of `autoscaling/v2` where none are written.
    fn usual_policies(&mut self, way: &str, path: &Path<'_>) -> Vec<ScalePolicy> {
        let (per, percent) = match way == WAYS[0] {
            true => ("scaling.up.per", "scaling.up.percent"),
            false => ("scaling.down.per", "scaling.down.percent"),
        };
        let at = |part: &str| path.to("at_most").to(part).text();
        let per = self.default_with(at("per"), per, Self::quantity::<Nanos>);
        let percent = self.default_with(at("percent"), percent, Self::number_of_percent);
        let mut policies = vec![ScalePolicy { by: ScaleStep::Percent(percent), per }];
        if way == WAYS[0] {
            let pods = |d: &mut Self, node: &Node| d.whole32(node, "a number", 1..=MOST_REPLICAS);
            let pods = self.default_with(at("pods"), "scaling.up.pods", pods);
            policies.push(ScalePolicy { by: ScaleStep::Pods(pods), per });
        }
        policies
    }

    /// What it takes to start an instance; it has a meaning where some come.
    pub(super) fn start(
        &mut self,
        node: Option<&Node>,
        scaled: bool,
        path: &Path<'_>,
    ) -> Option<StartUp> {
        if let (Some(node), false) = (node, scaled) {
            let message = "the number of `replicas` is fixed, so none is started";
            let hint =
                "write `replicas: { from: 2, to: 20, on: { cpu: 60% } }`, or leave out `start`";
            self.tell(Diagnostic::new(Code::Conflict, message, node.span).hint(hint));
        }
        if !scaled {
            return Some(StartUp { takes: Nanos::ZERO, warm_up: Nanos::ZERO, slower: 1.0 });
        }
        let nothing = Node::map(Vec::new(), Default::default());
        let fields = self.fields::<StartFields>(node.unwrap_or(&nothing), path)?;
        self.finish(&fields);
        let slower = |d: &mut Self, node: &Node| d.number(node, "how much slower", 1.0..=1e4);
        Some(StartUp {
            takes: fields.or(self, StartFields::TAKES, Self::quantity)?,
            warm_up: fields.or(self, StartFields::WARM_UP, Self::quantity)?,
            slower: fields.or(self, StartFields::SLOWER, slower)?,
        })
    }
}
