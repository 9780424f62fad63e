//! What a terminating run remembers: the state at clock times, and what happened within windows.
//!
//! A moment sees the state just before it, and a window holds what happened from its start to just before
//! its end: so the completions at a moment are those of all windows that end there. Latencies belong to the
//! window in which their request came (Law 2015, ch. 9.4): a window of a peak tells what its own requests
//! met, however late they were answered. Memory grows with the windows and endpoints, not with the requests.

use super::Kind;
use super::recorded::{Ends, Most, Recorded};
use crate::statistics::Histogram;

/// Sub-buckets of the histograms of windows: 2⁶ an octave, 1.6 % wide, small enough for a thousand.
const WINDOW_BITS: u32 = 6;

/// Windows times endpoints beyond which windows hold all requests together only: each cell takes some KiB.
const MOST_CELLS: usize = 16_384;

/// Moments and windows of a run, summed over the replications that were put together.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// Those that were reached, in order of time.
    pub moments: Vec<Moment>,
    /// Those that are over, in order of time.
    pub windows: Vec<Window>,
}

/// The state just before a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moment {
    /// When (ns).
    pub at: u64,
    /// Requests under way.
    pub in_system: u64,
    /// Replications in which none was.
    pub empty: u64,
    /// Requests answered so far, well or not.
    pub completions: u64,
    /// At each service: requests that wait or are served, and of them those that wait for a thread.
    pub services: Vec<(u64, u64)>,
}

/// What happened in a window.
#[derive(Debug, Clone)]
pub struct Window {
    /// When it begins (ns).
    pub from: u64,
    /// When it is over (ns).
    pub to: u64,
    /// All requests.
    pub all: WindowCounts,
    /// Those of each endpoint, by its number; empty where there is one only, or too many for so many windows.
    pub endpoints: Vec<WindowCounts>,
    /// Requests served and requests waiting for a thread at each service [requests × ns].
    pub services: Vec<(f64, f64)>,
    /// Busy time of each CPU [core-ns].
    pub cpu_busy: Vec<f64>,
    /// How much of each resource was in use, in the order of `Plan::resources` [things × ns].
    pub in_use: Vec<f64>,
    /// Instances of each service that took requests [instances × ns]; empty where their number is fixed.
    pub replicas: Vec<f64>,
    /// Nodes of each class [nodes × ns]; empty where the number of instances is fixed.
    pub nodes: Vec<f64>,
    /// Messages that the consumers of each service were not done with, of `Plan::messaging` [messages × ns].
    pub lags: Vec<f64>,
}

/// Requests in a window: all of them, or those of an endpoint.
#[derive(Debug, Clone)]
pub struct WindowCounts {
    /// Requests that came in it.
    pub arrivals: u64,
    /// Answers to these requests by [`Kind`], whenever they were given.
    pub answers: [u64; Kind::COUNT],
    /// Latencies of the good ones.
    pub latency: Histogram,
    /// Their sum (ns).
    pub latency_sum: u128,
    /// The greatest of them (ns).
    pub latency_max: Most,
    /// Good answers that were given in it, whenever their requests came.
    pub good: u64,
    /// Requests under way at its end.
    pub in_system: u64,
}

/// Everything counted from the start of a run to now: what windows are the differences of.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// All requests.
    pub all: RequestTotals,
    /// Those of each endpoint, by its number.
    pub endpoints: Vec<RequestTotals>,
    /// Requests served and requests waiting for a thread at each service [requests × ns].
    pub services: Vec<(f64, f64)>,
    /// The same two as they are now.
    pub present: Vec<(u64, u64)>,
    /// Busy time of each CPU [core-ns].
    pub cpu_busy: Vec<f64>,
    /// How much of each resource was in use, in the order of `Plan::resources` [things × ns].
    pub in_use: Vec<f64>,
    /// Instances of each service that took requests [instances × ns]; empty where their number is fixed.
    pub replicas: Vec<f64>,
    /// Nodes of each class [nodes × ns]; empty where the number of instances is fixed.
    pub nodes: Vec<f64>,
    /// Messages that the consumers of each service were not done with, of `Plan::messaging` [messages × ns].
    pub lags: Vec<f64>,
}

/// Requests counted from the start of a run to now.
#[derive(Debug, Clone, Copy, Default)]
pub struct RequestTotals {
    /// Requests that came.
    pub arrivals: u64,
    /// Good answers.
    pub good: u64,
    /// Answers of all kinds.
    pub completions: u64,
    /// Requests under way.
    pub in_system: u64,
}

/// Records the timeline of one replication.
#[derive(Debug, Clone)]
pub struct Recorder {
    timeline: Timeline,
    /// Length of a window (ns); 0 without windows.
    width: u64,
    /// Windows that are over.
    closed: usize,
    before: Totals,
}

impl Recorder {
    /// Nothing seen. `width` (ns) cuts the time up to `end` (ns) into windows, `most` at the most; 0 makes
    /// none. `endpoints`: how many there are.
    pub fn new(width: u64, end: u64, most: u32, endpoints: usize) -> Self {
        let count = if width == 0 { 0 } else { end.div_ceil(width).min(u64::from(most)) };
        let is_kept = endpoints > 1 && (count as usize).saturating_mul(endpoints) <= MOST_CELLS;
        let cells = if is_kept { endpoints } else { 0 };
        let windows =
            (0..count).map(|index| Window::new(index * width, end.min((index + 1) * width), cells));
        let timeline = Timeline { moments: Vec::new(), windows: windows.collect() };
        Recorder { timeline, width, closed: 0, before: Totals::default() }
    }

    /// When each window is over (ns).
    pub fn ends(&self) -> impl Iterator<Item = u64> + '_ {
        self.timeline.windows.iter().map(|window| window.to)
    }

    /// A request for `endpoint` that came at `arrival` (ns) was answered after `latency` (ns).
    pub fn answer(&mut self, arrival: u64, endpoint: usize, kind: u8, latency: u64) {
        if self.width == 0 {
            return;
        }
        let Some(window) = self.timeline.windows.get_mut((arrival / self.width) as usize) else {
            return;
        };
        window.all.answer(kind, latency);
        if let Some(cell) = window.endpoints.get_mut(endpoint) {
            cell.answer(kind, latency);
        }
    }

    /// The state at a moment (ns).
    pub fn note(&mut self, at: u64, now: &Totals) {
        self.timeline.moments.push(Moment {
            at,
            in_system: now.all.in_system,
            empty: u64::from(now.all.in_system == 0),
            completions: now.all.completions,
            services: now
                .present
                .iter()
                .map(|(served, queued)| (served + queued, *queued))
                .collect(),
        });
    }

    /// The next window is over.
    pub fn close_window(&mut self, now: Totals) {
        let before = std::mem::replace(&mut self.before, now);
        let now = &self.before;
        let window = &mut self.timeline.windows[self.closed];
        self.closed += 1;
        window.all.close(&now.all, &before.all);
        // The first window has nothing before it.
        for (index, cell) in window.endpoints.iter_mut().enumerate() {
            let earlier = before.endpoints.get(index).copied().unwrap_or_default();
            cell.close(&now.endpoints[index], &earlier);
        }
        let earlier = |index: usize| before.services.get(index).copied().unwrap_or_default();
        let services = now.services.iter().enumerate().map(|(index, (served, queued))| {
            let (served_before, queued_before) = earlier(index);
            (served - served_before, queued - queued_before)
        });
        window.services = services.collect();
        window.cpu_busy = grown(&now.cpu_busy, &before.cpu_busy);
        window.in_use = grown(&now.in_use, &before.in_use);
        window.replicas = grown(&now.replicas, &before.replicas);
        window.nodes = grown(&now.nodes, &before.nodes);
        window.lags = grown(&now.lags, &before.lags);
    }

    /// What was seen; windows that a limit cut off are left out.
    pub fn finish(mut self) -> Timeline {
        self.timeline.windows.truncate(self.closed);
        self.timeline
    }
}

/// What each of these has grown by; the first time there is nothing before.
fn grown(now: &[f64], before: &[f64]) -> Vec<f64> {
    let earlier = |index: usize| before.get(index).copied().unwrap_or_default();
    now.iter().enumerate().map(|(index, now)| now - earlier(index)).collect()
}

impl Window {
    fn new(from: u64, to: u64, endpoints: usize) -> Self {
        let endpoints = (0..endpoints).map(|_| WindowCounts::default()).collect();
        let all = WindowCounts::default();
        let (services, cpu_busy, in_use) = (Vec::new(), Vec::new(), Vec::new());
        let (lags, replicas, nodes) = (Vec::new(), Vec::new(), Vec::new());
        Window { from, to, all, endpoints, services, cpu_busy, in_use, lags, replicas, nodes }
    }

    fn merge(&mut self, other: &Window, ends: Ends) {
        let Window { from, to, all, endpoints, services, cpu_busy, in_use, lags, replicas, nodes } =
            other;
        assert_eq!((self.from, self.to), (*from, *to), "replications of one run are cut alike");
        self.all.merge(all, ends);
        let cells = self.endpoints.iter_mut().zip(endpoints);
        cells.for_each(|(sum, added)| sum.merge(added, ends));
        self.services.merge(services, ends);
        self.cpu_busy.merge(cpu_busy, ends);
        self.in_use.merge(in_use, ends);
        self.replicas.merge(replicas, ends);
        self.nodes.merge(nodes, ends);
        self.lags.merge(lags, ends);
    }
}

impl Default for WindowCounts {
    fn default() -> Self {
        WindowCounts {
            arrivals: 0,
            answers: [0; Kind::COUNT],
            latency: Histogram::new(WINDOW_BITS),
            latency_sum: 0,
            latency_max: Most::default(),
            good: 0,
            in_system: 0,
        }
    }
}

impl WindowCounts {
    /// Requests that came in the window and were still under way at the end of the run.
    pub fn unanswered(&self) -> u64 {
        self.arrivals - self.answers.iter().sum::<u64>()
    }

    fn answer(&mut self, kind: u8, latency: u64) {
        self.answers[kind as usize] += 1;
        if kind == Kind::Ok as u8 {
            self.latency.record(latency);
            self.latency_sum += u128::from(latency);
            self.latency_max.note(latency);
        }
    }

    /// The window is over.
    fn close(&mut self, now: &RequestTotals, before: &RequestTotals) {
        self.arrivals = now.arrivals - before.arrivals;
        self.good = now.good - before.good;
        self.in_system = now.in_system;
    }

    fn merge(&mut self, other: &WindowCounts, ends: Ends) {
        let WindowCounts { arrivals, answers, latency, latency_sum, latency_max, good, in_system } =
            other;
        self.arrivals += arrivals;
        self.answers.merge(answers, ends);
        self.latency.merge(latency);
        self.latency_sum += latency_sum;
        self.latency_max.merge(latency_max, ends);
        self.good += good;
        self.in_system += in_system;
    }
}

impl Moment {
    fn merge(&mut self, other: &Moment, ends: Ends) {
        let Moment { at, in_system, empty, completions, services } = other;
        assert_eq!(self.at, *at, "replications of one run have the same moments");
        self.in_system += in_system;
        self.empty += empty;
        self.completions += completions;
        self.services.merge(services, ends);
    }
}

impl Timeline {
    /// Adds what another replication of the same run saw, as far as both came.
    pub fn merge(&mut self, other: &Timeline, ends: Ends) {
        let Timeline { moments, windows } = other;
        self.moments.truncate(moments.len());
        self.windows.truncate(windows.len());
        self.moments.iter_mut().zip(moments).for_each(|(sum, added)| sum.merge(added, ends));
        self.windows.iter_mut().zip(windows).for_each(|(sum, added)| sum.merge(added, ends));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(arrivals: u64, good: u64, busy: f64) -> Totals {
        let all = RequestTotals { arrivals, good, completions: good, in_system: arrivals - good };
        Totals {
            replicas: Vec::new(),
            nodes: Vec::new(),
            all,
            // Nobody asks for the second.
            endpoints: vec![all, RequestTotals::default()],
            services: vec![(busy, 0.0)],
            present: vec![(arrivals - good, 0)],
            cpu_busy: vec![busy],
            in_use: vec![3.0 * busy],
            lags: vec![5.0 * busy],
        }
    }

    #[test]
    fn windows_hold_differences_and_latencies_go_to_the_window_of_the_arrival() {
        let mut recorder = Recorder::new(10, 25, 9, 2);
        assert_eq!(recorder.ends().collect::<Vec<_>>(), [10, 20, 25]);
        recorder.answer(3, 0, Kind::Ok as u8, 4);
        recorder.close_window(totals(3, 1, 4.0));
        recorder.answer(8, 0, Kind::Ok as u8, 9);
        recorder.answer(12, 0, Kind::Failed as u8, 1);
        recorder.close_window(totals(4, 2, 13.0));
        let seen = recorder.finish();
        let [first, second] = &seen.windows[..] else { panic!("the third is not over") };
        for (first, second) in
            [(&first.all, &second.all), (&first.endpoints[0], &second.endpoints[0])]
        {
            assert_eq!((first.arrivals, first.good, first.in_system), (3, 1, 2));
            assert_eq!((first.latency_sum, first.latency_max.get()), (13, 9));
            assert_eq!(first.unanswered(), 1);
            assert_eq!((second.arrivals, second.good, second.in_system), (1, 1, 2));
            assert_eq!(second.answers, [0, 0, 0, 1, 0, 0, 0]);
        }
        assert_eq!((first.endpoints[1].arrivals, first.endpoints[1].latency.count()), (0, 0));
        assert_eq!((first.cpu_busy[0], second.cpu_busy[0]), (4.0, 9.0));
        assert_eq!((first.in_use[0], second.in_use[0]), (12.0, 27.0));
        assert_eq!((first.lags[0], second.lags[0]), (20.0, 45.0));
    }

    #[test]
    fn endpoints_are_kept_apart_while_there_are_several_and_not_too_many() {
        let kept = |windows: u64, endpoints: usize| {
            let recorder = Recorder::new(1, windows, 10_000, endpoints);
            recorder.timeline.windows[0].endpoints.len()
        };
        assert_eq!((kept(30, 1), kept(30, 2), kept(30, MOST_CELLS / 30)), (0, 2, MOST_CELLS / 30));
        assert_eq!(kept(30, MOST_CELLS / 30 + 1), 0);
    }

    #[test]
    fn merging_adds_and_goes_as_far_as_both_came() {
        let seen = |good: u64, windows: usize| {
            let mut recorder = Recorder::new(10, 20, 9, 2);
            recorder.note(5, &totals(2, 2, 0.0));
            (0..windows).for_each(|_| recorder.close_window(totals(3, good, 1.0)));
            recorder.finish()
        };
        let mut sum = seen(1, 2);
        sum.merge(&seen(3, 1), Ends { own: 20, other: 20 });
        assert_eq!(sum.windows.len(), 1);
        let window = &sum.windows[0];
        assert_eq!((window.all.good, window.all.in_system), (4, 2));
        assert_eq!((window.endpoints[0].good, window.endpoints[1].good), (4, 0));
        assert_eq!((sum.moments[0].empty, sum.moments[0].completions), (2, 4));
    }
}
