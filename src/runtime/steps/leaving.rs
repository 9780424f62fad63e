//! Leaving before the end: a frame is killed with all that it started in its process, or nobody waits for it
//! any more. Whatever it waits for or holds is given back, in one way.

use crate::ids::Id;
use crate::measure::Kind;
use crate::runtime::crowd::{Attempt, Path, Started, Stay, Upon, Wait};
use crate::runtime::frame_id::FrameId;
use crate::runtime::world::World;

impl World<'_> {
    /// Ends a frame where it stands; whoever waits for it is told `answer`.
    pub(in crate::runtime) fn kill(&mut self, frame: FrameId, answer: Kind) {
        self.fell(frame);
        let place = &mut self.crowd.frames[frame];
        place.failure = answer;
        // It takes no further turn, whatever it answers.
        place.turns = place.turns.min(1);
        self.unwind(frame);
        if let Some(next) = self.finish(frame) {
            self.go_on(next);
        }
    }

    /// Whoever waits for a frame that came as a request is told `answer`; the frame works on for nobody, its
    /// time on a path of its own.
    pub(in crate::runtime) fn orphan(&mut self, frame: FrameId, answer: Kind) {
        let path = self.crowd.frames[frame].path;
        match self.crowd.frames[frame].upon {
            Upon::Client => {
                self.note_below(frame, path);
                self.set_adrift(frame);
                self.record_answer_of(path, answer);
            }
            Upon::Caller(caller) => {
                self.note_below(frame, path);
                self.set_adrift(frame);
                if let Some(caller) = self.crowd.frames.find(caller) {
                    self.tell_answer(caller, answer);
                }
            }
            Upon::Fork(parent) => {
                self.note_below(frame, path);
                self.set_adrift(frame);
                if let Some(parent) = self.join_path(parent, path, answer) {
                    let failure = self.crowd.frames[parent].failure;
                    self.tell_answer(parent, failure);
                }
            }
            Upon::Attempt(attempt) => {
                if let Some(attempt) = self.crowd.attempts.find(attempt) {
                    self.give_up(attempt, answer);
                }
            }
            Upon::Nest(_) | Upon::Turn(_) => {
                unreachable!("a frame of the same process shares the thread of its caller")
            }
            Upon::Change(_)
            | Upon::Request(_)
            | Upon::Relay(_)
            | Upon::Consumer(_)
            | Upon::Nobody => {}
        }
    }

    /// Takes away all that a frame waits for. What runs in its process ends with it; what it asked of other
    /// services works on for nobody.
    fn fell(&mut self, frame: FrameId) {
        // The frames of one process that wait for each other, from the outside inward.
        let mut nest = vec![frame];
        let mut innermost = frame;
        while let Wait::Below(child) = self.crowd.frames[innermost].wait {
            if self.crowd.frames[child].stay != Stay::None {
                let path = self.crowd.frames[child].path;
                self.note_below(child, path);
                self.set_adrift(child);
                break;
            }
            nest.push(child);
            innermost = child;
        }
        match self.crowd.frames[innermost].wait.started() {
            Started::One(_) => {}
            Started::Branches => self.fell_branches(innermost),
            Started::Attempt(attempt) => {
                self.drop_attempt(attempt);
            }
            Started::None => {
                self.settle(innermost);
                self.stop_waiting(innermost);
            }
        }
        for inner in nest.drain(1..).rev() {
            self.unwind(inner);
            self.crowd.frames.remove(inner);
        }
        let place = &mut self.crowd.frames[frame];
        (place.wait, place.counter) = (Wait::Nothing, 0);
    }

    /// Ends the branches of a fork; those that other services work on go on for nobody. The time of one of
    /// them is that of the fork.
    fn fell_branches(&mut self, frame: FrameId) {
        let into = self.crowd.frames[frame].path;
        for (number, branch) in self.crowd.below(frame).into_iter().enumerate() {
            let path = self.crowd.frames[branch].path;
            if self.crowd.frames[branch].stay == Stay::None {
                self.fell(branch);
                self.unwind(branch);
                self.crowd.frames.remove(branch);
            } else {
                self.note_below(branch, path);
                self.set_adrift(branch);
            }
            if number == 0 {
                self.crowd.paths.join(into, path);
            }
            self.crowd.paths.remove(path);
        }
    }

    /// Nobody waits for a frame any more: from now on its time, and that of all below it, is noted on a path of
    /// its own.
    fn set_adrift(&mut self, frame: FrameId) {
        let old = self.crowd.frames[frame].path;
        let endpoint = self.crowd.paths[old].endpoint;
        let path = self.crowd.paths.add_part(self.events.now(), endpoint);
        self.crowd.frames[frame].upon = Upon::Nobody;
        let mut at = frame;
        loop {
            self.crowd.frames[at].path = path;
            match self.crowd.frames[at].wait.started() {
                Started::One(child) => at = child,
                // Branches and attempts have paths of their own.
                Started::Branches | Started::Attempt(_) | Started::None => return,
            }
        }
    }

    /// Notes on a path what the present wait of a frame, or of the innermost one below it, has come to.
    pub(super) fn note_below(&mut self, frame: FrameId, onto: Id<Path>) {
        let mut at = frame;
        loop {
            match self.crowd.frames[at].wait.started() {
                Started::One(child) => at = child,
                Started::Branches => {
                    let Some(branch) = self.crowd.below(at).first().copied() else {
                        return;
                    };
                    self.crowd.paths.join(onto, self.crowd.frames[branch].path);
                    at = branch;
                }
                Started::Attempt(attempt) => {
                    let Attempt { callee, path, .. } = self.crowd.attempts[attempt];
                    self.crowd.paths.join(onto, path);
                    let Some(callee) = self.crowd.frames.find(callee) else {
                        return;
                    };
                    at = callee;
                }
                Started::None => return self.note(at, onto),
            }
        }
    }

    /// The frame gives up what it waits for, and stands nowhere in line from now on.
    fn stop_waiting(&mut self, frame: FrameId) {
        let now = self.events.now();
        let place = &mut self.crowd.frames[frame];
        let (since, work) = (place.since, place.work);
        match std::mem::replace(&mut place.wait, Wait::Nothing) {
            Wait::Nothing => self.crowd.hold_back(frame),
            Wait::Timer => {}
            Wait::Core(host) => {
                let left = work.saturating_sub(now - since);
                let host = &mut self.fleet.hosts[host];
                host.busy = host.busy.saturating_sub(u128::from(left));
            }
            Wait::Cpu(host) => {
                self.take_off(host, frame);
                self.leave_log_at_work(frame);
            }
            Wait::Worker(host) => self.leave_worker(host, frame),
            Wait::Thread => self.leave_line(frame),
            Wait::Connection(connections) => {
                self.fleet.connections[connections].places.cancel(frame);
                self.note_connection_wait(frame, connections);
            }
            Wait::Row(database) => self.leave_row(frame, database),
            Wait::Page(database) => {
                self.stores.databases[database].volume.cancel(frame);
            }
            Wait::Flush(database) => self.leave_log(frame, database),
            // Whoever confirms finds that the frame is gone.
            Wait::Receipt => {}
            Wait::Room => self.leave_partition(frame),
            Wait::Third(external) => {
                if let Some(places) = &mut self.thirds[external].places {
                    places.cancel(frame);
                }
            }
            Wait::Below(_) | Wait::Branches | Wait::Aside | Wait::Attempt(_) => {
                unreachable!("what is below a frame is taken away first")
            }
        }
        self.crowd.frames[frame].awaited = 0;
    }
}
