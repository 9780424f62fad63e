//! Sagas that nobody leads: each part commits at its own service and publishes, in that commit where there is an outbox,
//! the event that the next one begins with. A part that fails publishes the one upon which the parts before it are undone,
//! the last one first, and so does each that is undone.

use super::links::CutAt;
use super::lowering::{Lowering, OPEN, part_site};
use super::messaging::Kept;
use super::place::Place;
use super::reach::Reach;
use super::taking_part::{Chain, ChainLink, LeadingOn, Undone};
use crate::ids::Id;
use crate::model::{Action, Call, OperationStep};
use crate::plan::{DatabasePlan, OWN_KEY, Remark, SpanStep, SpanningPlan, Step, Topic};
use crate::scenario::Code;

/// Numbers of the draws of the events that lead a saga on, and of those that lead it back, behind those of subscribers.
const ON: usize = 256;
const BACK: usize = 384;

impl<'a> Lowering<'a> {
    /// A transaction whose parts follow each other by events. Its frame runs the first one, and goes on.
    pub(super) fn choreographed(
        &mut self,
        spanning: Id<SpanningPlan>,
        steps: &'a [OperationStep],
        site: u32,
        place: Place,
    ) {
        let (mut links, refused) = (Vec::new(), self.diagnostics.len());
        let at = CutAt { place, under: Vec::new() };
        self.cut(steps, &at, &mut links);
        if self.diagnostics.len() > refused {
            return;
        }
        if links.first().is_none_or(|first: &ChainLink<'_>| first.place.service != place.service) {
            let message = self.plain_event();
            links.insert(0, ChainLink::new(&at, (&[], &[]), None, message));
        }
        self.name_events(spanning, &mut links);
        let begin = self.span_begins(spanning, place);
        let chain = Chain { spanning, site, links };
        self.run_link(&chain, 0);
        self.span_ends(begin, &[SpanStep::Fail], place);
        self.taking_part.chains.push(chain);
    }

    /// A topic for each event that a part begins with, and for each upon which one is undone.
    fn name_events(&mut self, spanning: Id<SpanningPlan>, links: &mut [ChainLink<'a>]) {
        let name = self.plan.program.spannings[spanning].name.clone();
        let last = links.len().saturating_sub(1);
        for (number, link) in links.iter_mut().enumerate() {
            if number > 0 {
                let topic = format!("{name}.part-{}", number + 1);
                link.begins = Some(self.leading_topic(topic, link.message));
            }
            if number < last && link.database.is_some() {
                let message = self.plain_event();
                let topic = format!("{name}.undo-{}", number + 1);
                link.undone = Some(self.leading_topic(topic, message));
            }
        }
        if let Kept::Sent = links.first().map_or(Kept::Nowhere, |first| self.kept_at(first.place)) {
            let message = format!(
                "each part of {name} commits and then publishes an event, two writes that nothing keeps together: a \
                 crash between them leaves the saga half done (`outbox: cdc`)"
            );
            self.plan.remarks.push(Remark { code: Code::DualWrite, message });
        }
    }

    /// What a part does, and the event that it publishes for the next one.
    fn run_link(&mut self, chain: &Chain<'a>, number: usize) {
        let link = &chain.links[number];
        let next = chain.links.get(number + 1).and_then(|next| next.begins);
        let site = part_site(chain.site, ON + number);
        self.go_under(link);
        self.steps(link.before, link.place);
        let Some(database) = link.database else {
            self.come_back(link, link.place);
            return self.tell(next, site, link.place);
        };
        let retries = self.plan.program.spannings[chain.spanning].retries;
        self.commit_link(link, (link.together, database, retries), (next, site), link.place);
    }

    /// Commits steps of a part and the event behind it, together where there is an outbox.
    fn commit_link(
        &mut self,
        link: &ChainLink<'a>,
        (steps, database, retries): (&'a [OperationStep], Id<DatabasePlan>, u32),
        (event, site): (Option<Id<Topic>>, u32),
        place: Place,
    ) {
        let kept = self.kept_at(Place { transaction: Some(database), ..place });
        let kept = event.filter(|_| matches!(kept, Kept::In(_)));
        self.committed(steps, (database, retries), place, |lowering, inside| {
            lowering.come_back(link, inside);
            if let Some(event) = kept {
                lowering.enqueue(event, database, site, Place { undoing: None, ..inside });
            }
        });
        if place.undoing.is_some() {
            self.emit_spanning(SpanStep::Undone, place);
        }
        if kept.is_some() {
            self.emit_spanning(SpanStep::HandOn, place);
        }
        self.give_back(database, place);
        if let (Some(topic), None) = (event, kept) {
            self.emit(Step::Publish { topic, site }, place.service);
        }
    }

    /// The frame draws as the callee of the calls does that lead to a part.
    fn go_under(&mut self, link: &ChainLink<'_>) {
        for site in link.under.clone() {
            self.emit_spanning(SpanStep::Under { site }, link.place);
        }
    }

    /// It draws as itself again.
    fn come_back(&mut self, link: &ChainLink<'_>, place: Place) {
        if !link.under.is_empty() {
            self.emit_spanning(SpanStep::Under { site: OWN_KEY }, place);
        }
    }

    /// Publishes an event by itself, as part of no commit.
    fn tell(&mut self, event: Option<Id<Topic>>, site: u32, place: Place) {
        let Some(topic) = event else { return };
        match self.kept_at(place) {
            Kept::In(database) => self.enqueue(topic, database, site, place),
            Kept::Sent | Kept::Nowhere => {
                self.emit(Step::Publish { topic, site }, place.service);
            }
        }
    }

    /// The event upon which the last part before `number` is undone that can be.
    fn undoing_before(chain: &Chain<'_>, number: usize) -> Option<Id<Topic>> {
        chain.links[..number].iter().rev().find_map(|link| link.undone)
    }

    /// Writes what services do with the events of a saga.
    pub(super) fn write_chain(&mut self, chain: &Chain<'a>) {
        for number in 0..chain.links.len() {
            if let Some(topic) = chain.links[number].begins {
                self.write_link(chain, number, topic);
            }
            if let Some(topic) = chain.links[number].undone {
                self.write_undoing(chain, number, topic);
            }
        }
    }

    /// A consumer takes the saga on: the steps behind this one run for it.
    fn take_on(
        &mut self,
        chain: &Chain<'a>,
        what: &str,
        place: Place,
        topic: Id<Topic>,
    ) -> Id<Step> {
        let name = format!("{what} of {}", self.plan.program.spannings[chain.spanning].name);
        let entry = self.unentered(name, place.service);
        self.taking_part.leads.push(LeadingOn { topic, service: place.service, entry });
        self.emit_spanning(SpanStep::TakeOn { unwind: OPEN }, place)
    }

    /// Where its frame goes on after a failure: at the next step.
    fn unwinds_here(&mut self, taken_on: Id<Step>, redraws: bool, place: Place) {
        let unwind = self.emit_spanning(SpanStep::Again { redraws }, place);
        self.plan.program.steps[taken_on] = Step::Spanning(SpanStep::TakeOn { unwind });
    }

    /// The handling of the event that a part begins with, and behind it what is done when that fails.
    fn write_link(&mut self, chain: &Chain<'a>, number: usize, topic: Id<Topic>) {
        let place = chain.links[number].place;
        let taken_on = self.take_on(chain, &format!("part {}", number + 1), place, topic);
        self.run_link(chain, number);
        self.end_link(place);
        self.unwinds_here(taken_on, false, place);
        let back = Self::undoing_before(chain, number);
        self.tell(back, part_site(chain.site, BACK + number), place);
        self.end_link(place);
        self.write_deferred();
    }

    /// The handling of the event upon which a part is undone, tried again until it succeeds.
    fn write_undoing(&mut self, chain: &Chain<'a>, number: usize, topic: Id<Topic>) {
        let link = &chain.links[number];
        let Some(database) = link.database else { return };
        let what = format!("undo part {}", number + 1);
        let taken_on = self.take_on(chain, &what, link.place, topic);
        let redraws = self.is_undone_by_operation(Undone::Steps(link.together, database));
        self.unwinds_here(taken_on, redraws, link.place);
        self.go_under(link);
        let back = Self::undoing_before(chain, number);
        let site = part_site(chain.site, BACK + number);
        let place = Place { undoing: Some(chain.spanning), ..link.place };
        let database = self.undone_on(link.together, database, link.place);
        self.commit_link(link, (link.together, database, 0), (back, site), place);
        self.end_link(link.place);
        self.write_deferred();
    }

    /// The database on which a part is undone: that of the operation that undoes it, where one does.
    fn undone_on(
        &self,
        together: &'a [OperationStep],
        database: Id<DatabasePlan>,
        place: Place,
    ) -> Id<DatabasePlan> {
        let [OperationStep { action: Action::Call(Call { undo: Some(undo), .. }), .. }] = together
        else {
            return database;
        };
        let operation = &self.model.application.operations[undo.index()];
        let place = Place { module: operation.module, ..place };
        match self.reach(&operation.steps, place) {
            Reach::Here(own) => own,
            Reach::Nothing | Reach::Beyond => database,
        }
    }

    fn end_link(&mut self, place: Place) {
        self.emit_spanning(SpanStep::End, place);
        self.emit(Step::Return, place.service);
    }
}
