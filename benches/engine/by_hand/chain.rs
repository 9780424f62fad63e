//! Stations in a row, one queue with several servers each; one station is M/M/c.

use super::{Events, Station, Tools};

const ARRIVAL: u32 = (1 << 28) - 1;

/// Simulates until `end` [ns]; mean and p99 of the latency [s].
pub(crate) fn run(
    stations: usize,
    servers: u32,
    mean_service_ns: f64,
    mean_gap_ns: f64,
    end: u64,
) -> (f64, f64) {
    let mut tools = Tools::new(mean_service_ns, mean_gap_ns);
    let mut row: Vec<Station> = (0..stations).map(|_| Station::new(servers)).collect();
    let mut events = Events::default();
    // When each job came, and where it is.
    let mut jobs: Vec<(u64, u32)> = Vec::new();
    let mut free: Vec<u32> = Vec::new();
    events.push(tools.gap.draw(&mut tools.random), ARRIVAL);
    loop {
        let (now, payload) = events.pop();
        if now > end {
            return tools.summary();
        }
        let job = if payload == ARRIVAL {
            events.push(now + tools.gap.draw(&mut tools.random), ARRIVAL);
            let job = free.pop().unwrap_or_else(|| {
                jobs.push((0, 0));
                jobs.len() as u32 - 1
            });
            jobs[job as usize] = (now, 0);
            job
        } else {
            let (came, at) = jobs[payload as usize];
            if let Some(next) = row[at as usize].leave(now) {
                start(next, &mut row[at as usize], now, &mut tools, &mut events);
            }
            if at as usize + 1 == stations {
                tools.record(now - came);
                free.push(payload);
                continue;
            }
            jobs[payload as usize].1 = at + 1;
            payload
        };
        let station = &mut row[jobs[job as usize].1 as usize];
        if station.arrive(job, now) {
            start(job, station, now, &mut tools, &mut events);
        }
    }
}

fn start(job: u32, station: &mut Station, now: u64, tools: &mut Tools, events: &mut Events) {
    let service = tools.service.draw(&mut tools.random);
    station.busy += u128::from(service);
    events.push(now + service, job);
}
