//! `transactions` of a layout: how those over several databases are kept together.

use super::members::EACH;
use super::{Decoder, Names, Path};
use crate::model::{At, Consistencies, Consistency, Database, NamedConsistency, OwnState, Service};
use crate::scenario::form::{Fielded, LeftOut, Shape, choice, form, names};
use crate::scenario::nearest::did_you_mean;
use crate::scenario::node::{Entry, Node};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::Nanos;

const NOWHERE: Shape = Shape::Word(&["none"]);

/// Who may lead a saga.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LedBy {
    Orchestrator,
    Nobody,
}

const LEADERS: [(&str, LedBy); 2] =
    [("orchestrator", LedBy::Orchestrator), ("choreography", LedBy::Nobody)];

choice! { ConsistencyChoice "consistency" "a way to keep a transaction together" {
    "2pc": Shape::Map("two-phase commit"),
        "Two-phase commit: all vote, one decides, and nobody gives up its locks before.";
    "saga": Shape::Map("saga"),
        "Parts that commit one after the other; a failure undoes those that have.";
} }

form! { TwoPhaseFields "two-phase commit" "a two-phase commit" {
    COORDINATOR "coordinator": Shape::Name, LeftOut::Means("the service that begins the transaction"),
        "Service that asks all for their votes and decides.";
    LOG "log": Shape::Either(&[Shape::Name, NOWHERE]),
        LeftOut::Means("the first database of the coordinator's own tables, if it has any"),
        "Database whose log the decision is written to and flushed; `none`: it is kept in memory alone.";
} }

form! { SagaFields "saga" "a saga" {
    BY "by": Shape::Word(&names(&LEADERS)), LeftOut::Default("saga.by"),
        "Who leads it: the service that begins it, or nobody: each part begins with an event of the one before.";
    STATE "state": Shape::Either(&[Shape::Name, NOWHERE]),
        LeftOut::Means("the first database of the orchestrator's own tables, if it has any"),
        "Database of the row that says how far an orchestrator has come, after each part; `none`: no such row.";
    RETRY_AFTER "retry_after": Shape::Duration, LeftOut::Default("saga.retry_after"),
        "Pause before an undoing part that failed is tried again, as often as it takes.";
} }

/// What a layout's choices may refer to.
pub(super) struct ChosenIn<'a> {
    pub(super) services: &'a [Service],
    pub(super) databases: &'a [Database],
    pub(super) names: &'a Names,
}

impl Decoder<'_> {
    pub(super) fn consistencies(
        &mut self,
        node: &Node,
        of: &ChosenIn<'_>,
        path: &Path<'_>,
    ) -> Consistencies {
        let mut chosen = Consistencies::default();
        // A word alone is the choice for each.
        if node.text().is_some() {
            chosen.each = self.consistency(node, of, &path.to(EACH));
            return chosen;
        }
        for entry in self.map(node, "a map of transactions").unwrap_or_default() {
            let how = self.consistency(&entry.value, of, &path.to(&entry.key));
            if entry.key.as_str() == EACH {
                chosen.each = how;
                continue;
            }
            let name = Node::scalar(entry.key.value.clone(), entry.key.span);
            if of.names.knows_transaction(self, &name)
                && let Some(how) = how
            {
                let transaction = entry.key.clone();
                chosen.named.push(NamedConsistency { transaction, how });
            }
        }
        chosen
    }

    fn consistency(
        &mut self,
        node: &Node,
        of: &ChosenIn<'_>,
        path: &Path<'_>,
    ) -> Option<Consistency> {
        let what = "a way to keep a transaction together";
        let nothing = Node::map(Vec::new(), node.span);
        if node.entries().is_none() {
            let words = [("none", None), ("2pc", Some("2pc")), ("saga", Some("saga"))];
            return match self.word(node, what, &words)? {
                None => Some(Consistency::Apart),
                Some("saga") => self.saga(&nothing, of, path),
                Some(_) => self.two_phase(&nothing, of, path),
            };
        }
        let Entry { key, value } = self.one_key(node, what)?;
        match key.as_str() {
            "2pc" => self.two_phase(value, of, &path.to(key)),
            "saga" => self.saga(value, of, &path.to(key)),
            other => {
                let message = format!("{what} is never {}", quoted(other));
                let mut known = ConsistencyChoice::FORM.names();
                known.push("none");
                self.unknown(Code::UnknownWord, message, key.span, other, &known);
                None
            }
        }
    }

    fn two_phase(
        &mut self,
        node: &Node,
        of: &ChosenIn<'_>,
        path: &Path<'_>,
    ) -> Option<Consistency> {
        let fields = self.fields::<TwoPhaseFields>(node, path)?;
        let coordinator = fields.get(TwoPhaseFields::COORDINATOR);
        let log = fields.get(TwoPhaseFields::LOG);
        self.finish(&fields);
        let coordinator = match coordinator {
            Some(node) => {
                let known: Vec<&str> = of.services.iter().map(|it| it.name.as_str()).collect();
                Some(self.one_of(node, "service", Code::UnknownService, &known)?)
            }
            None => None,
        };
        Some(Consistency::TwoPhase { coordinator, log: self.own_state(log, of)? })
    }

    fn saga(&mut self, node: &Node, of: &ChosenIn<'_>, path: &Path<'_>) -> Option<Consistency> {
        let fields = self.fields::<SagaFields>(node, path)?;
        let by = fields.at_or(self, SagaFields::BY, node.span, |decoder, node| {
            decoder.word(node, "who leads a saga", &LEADERS)
        });
        let state = fields.get(SagaFields::STATE);
        let retry_after = fields.or(self, SagaFields::RETRY_AFTER, Self::quantity::<Nanos>);
        self.finish(&fields);
        let by = by?;
        if *by == LedBy::Nobody {
            if let Some(state) = state {
                let message =
                    "nobody leads a saga by choreography, so nobody keeps how far it has come";
                let diagnostic = Diagnostic::new(Code::Conflict, message, state.span);
                self.tell(diagnostic.hint("leave `state` out").also(by.span, "nobody leads it"));
            }
            return Some(Consistency::Choreographed { said: by.span, retry_after: retry_after? });
        }
        Some(Consistency::Saga { state: self.own_state(state, of)?, retry_after: retry_after? })
    }

    /// Where a coordinator or an orchestrator keeps what it must not forget.
    fn own_state(&mut self, node: Option<&Node>, of: &ChosenIn<'_>) -> Option<OwnState> {
        let Some(node) = node else { return Some(OwnState::WithItsTables) };
        if node.text() == Some("none") {
            return Some(OwnState::Nowhere);
        }
        let known: Vec<&str> = of.databases.iter().map(|it| it.name.as_str()).collect();
        self.one_of(node, "database", Code::UnknownDatabase, &known).map(OwnState::In)
    }

    /// A name out of those that the layout has.
    pub(super) fn one_of(
        &mut self,
        node: &Node,
        kind: &str,
        code: Code,
        known: &[&str],
    ) -> Option<At<String>> {
        let name = self.scalar(node, &format!("the name of a {kind}"))?;
        if known.contains(&name) {
            return Some(At::new(name.to_string(), node.span));
        }
        let message = format!("this layout has no {kind} {}", quoted(name));
        let diagnostic = Diagnostic::new(code, message, node.span);
        self.tell(diagnostic.maybe_hint(did_you_mean(name, known)));
        None
    }
}
