//! Two-phase commit: sessions that stay open on every database, a vote of all, a decision on disk, and the commit of
//! all.

use super::lowering::{DRAWS_PER_STEP, Lowering};
use super::place::{Place, Spans};
use super::statements::PURPOSE_COMMIT;
use super::taking_part::{Coordinated, Note};
use crate::ids::Id;
use crate::model::{ModuleId, OperationStep};
use crate::plan::{
    CallSite, CommitRound, DatabasePlan, Message, OWN_KEY, RoundPlan, ServicePlan, SpanStep,
    SpanningPlan, Step,
};
use crate::units::Bytes;

/// Who decides about a two-phase commit.
#[derive(Clone, Copy)]
pub(super) struct Coordinator {
    /// Its service.
    pub(super) service: Id<ServicePlan>,
    /// Database whose log holds the decision.
    pub(super) log: Option<Id<DatabasePlan>>,
}

impl<'a> Lowering<'a> {
    /// A transaction whose databases vote before any commits.
    pub(super) fn two_phase(
        &mut self,
        steps: &'a [OperationStep],
        spanning: Id<SpanningPlan>,
        coordinator: Coordinator,
        place: Place,
    ) {
        self.plan.program.spannings[spanning].votes = self.reached_databases(steps);
        let begin = self.span_begins(spanning, place);
        let inside = Place { spans: Some(Spans::TwoPhase), ..place };
        self.steps(steps, inside);
        if coordinator.service == place.service {
            self.vote_and_commit(spanning, coordinator.log, place);
        } else {
            let call = self.coordinated(spanning, coordinator, place);
            self.emit_rpc(call, OWN_KEY, inside);
        }
        let roll_back = SpanStep::AskAll { spanning, round: CommitRound::RollBack };
        self.span_ends(begin, &[roll_back, SpanStep::Fail], place);
    }

    /// The rounds, where the coordinator is.
    fn vote_and_commit(
        &mut self,
        spanning: Id<SpanningPlan>,
        log: Option<Id<DatabasePlan>>,
        place: Place,
    ) {
        self.emit_spanning(SpanStep::AskAll { spanning, round: CommitRound::Prepare }, place);
        if let Some(database) = log {
            self.note(Note::Decision, database, place);
        }
        self.emit_spanning(SpanStep::AskAll { spanning, round: CommitRound::Commit }, place);
    }

    /// A call that hands the end of a transaction to another service.
    fn coordinated(
        &mut self,
        spanning: Id<SpanningPlan>,
        coordinator: Coordinator,
        place: Place,
    ) -> Id<CallSite> {
        let Coordinator { service, log } = coordinator;
        let call = self.remote_call(service, Bytes(0), Bytes(0));
        let place = Place { service, ..place };
        self.taking_part.coordinated.push(Coordinated { call, spanning, log, place });
        call
    }

    /// Writes what other services do as coordinators, and what databases are asked.
    pub(super) fn write_rounds(&mut self) {
        for coordinated in std::mem::take(&mut self.taking_part.coordinated) {
            let Coordinated { call, spanning, log, place } = coordinated;
            let entry = self.enter("coordinate a two-phase commit".to_string(), place.service);
            self.plan.program.calls[call].entry = entry;
            self.vote_and_commit(spanning, log, place);
            self.emit_spanning(SpanStep::EnlistedEnd, place);
            self.emit(Step::Return, place.service);
        }
        let spannings = self.plan.program.spannings.iter();
        let mut databases: Vec<_> = spannings.flat_map(|spanning| spanning.votes.clone()).collect();
        databases.sort_unstable();
        databases.dedup();
        for database in databases {
            self.write_rounds_of(database);
        }
    }

    fn write_rounds_of(&mut self, database: Id<DatabasePlan>) {
        // Whoever asks; the steps themselves run where the session was opened.
        let service = Id::new(0);
        let place = Place::alone(ModuleId(0), service);
        let [prepare, commit, roll_back] =
            [CommitRound::Prepare, CommitRound::Commit, CommitRound::RollBack].map(|round| {
                let what = match round {
                    CommitRound::Prepare => "prepare",
                    CommitRound::Commit => "commit what is prepared",
                    CommitRound::RollBack => "roll back",
                };
                let name = format!("{what} on {}", self.plan.site.databases[database].name);
                let entry = self.unentered(name, service);
                self.write_round(database, round, place);
                entry
            });
        self.plan.program.rounds.push(RoundPlan { database, prepare, commit, roll_back });
    }

    fn write_round(&mut self, database: Id<DatabasePlan>, round: CommitRound, place: Place) {
        let message = self.statement_message(0);
        self.round_hop(message, place);
        self.hop(database, message, place);
        self.emit_spanning(SpanStep::TakeUp { database }, place);
        match round {
            CommitRound::Prepare => {
                let DatabasePlan { flush, commit_cpu, .. } = self.plan.site.databases[database];
                if flush.is_some() {
                    self.emit(Step::Flush { database }, place.service);
                }
                if commit_cpu.is_some() {
                    let site = ROUND_SITE;
                    self.emit(Step::CommitCpu { database, site }, place.service);
                }
                self.emit_spanning(SpanStep::Vote, place);
            }
            CommitRound::Commit => {
                self.emit_spanning(SpanStep::Learn, place);
                self.commit(database, ROUND_SITE + PURPOSE_COMMIT, place);
                self.emit_spanning(SpanStep::Committed { database }, place);
            }
            CommitRound::RollBack => {
                self.emit_spanning(SpanStep::RollBack, place);
            }
        }
        self.hop(database, message, place);
        if round != CommitRound::Prepare {
            self.emit(Step::Release { database }, place.service);
        }
        self.round_hop(message, place);
        self.emit(Step::Return, place.service);
    }

    fn round_hop(&mut self, message: Id<Message>, place: Place) {
        if !self.plan.site.links.is_empty() {
            self.emit_spanning(SpanStep::Hop { message }, place);
        }
    }
}

/// Where the draws of the rounds are keyed: far from those of all steps.
const ROUND_SITE: u32 = u32::MAX - 2 * DRAWS_PER_STEP;
