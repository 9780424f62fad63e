//! Frames for which no request waits: they carry events, handle them, or take changes into views. How they end.

use crate::runtime::crowd::Upon;
use crate::runtime::frame_id::FrameId;
use crate::runtime::world::World;

impl World<'_> {
    /// Such a frame is over: whatever it was for goes on.
    pub(super) fn ends_aside(&mut self, frame: FrameId) {
        match self.crowd.frames[frame].upon {
            Upon::Change(change) => {
                let failure = self.crowd.frames.remove(frame).failure;
                self.change_applied(change, failure);
            }
            Upon::Request(request) => {
                self.crowd.frames.remove(frame);
                self.request_ends(request);
            }
            Upon::Relay(outbox) => {
                self.crowd.frames.remove(frame);
                self.relay_ends(outbox);
            }
            Upon::Consumer(consumer) => self.handled(frame, consumer),
            Upon::Client
            | Upon::Caller(_)
            | Upon::Nest(_)
            | Upon::Turn(_)
            | Upon::Fork(_)
            | Upon::Attempt(_)
            | Upon::Nobody => unreachable!("a request waits for it"),
        }
    }
}
