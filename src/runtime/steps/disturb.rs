//! Disturbances: what is done to those who are there, at an instant.

use crate::ids::Id;
use crate::runtime::control::Disturbed;
use crate::runtime::crowd::{Frame, Stay, Upon};
use crate::runtime::world::World;

impl World<'_> {
    #[cold]
    pub(in crate::runtime) fn disturb(&mut self, what: Disturbed) {
        match what {
            Disturbed::Kill { pick, answer } => {
                if let Some(frame) = self.picked(pick) {
                    self.kill(frame, answer);
                }
            }
            Disturbed::Orphan { pick, answer } => {
                let request = self.picked(pick).and_then(|frame| self.request_around(frame));
                if let Some(frame) = request {
                    self.orphan(frame, answer);
                }
            }
        }
    }

    /// One of the frames that are there.
    fn picked(&self, pick: u64) -> Option<Id<Frame>> {
        let count = self.crowd.frames.count() as u64;
        let place = pick.checked_rem(count)?;
        self.crowd.frames.entries().nth(place as usize).map(|(frame, _)| frame)
    }

    /// The frame that came to its instance as a request and has not left, of those that wait for a frame.
    fn request_around(&self, frame: Id<Frame>) -> Option<Id<Frame>> {
        let mut all = std::iter::successors(Some(frame), |frame| self.crowd.above(*frame));
        let request = all.find(|frame| self.crowd.frames[*frame].stay != Stay::None)?;
        (self.crowd.frames[request].upon != Upon::Nobody).then_some(request)
    }
}
