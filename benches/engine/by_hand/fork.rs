//! Every request goes to all stations at once and is done when the last has served it.

use super::{Events, Station, Tools};

const ARRIVAL: u32 = (1 << 28) - 1;

/// Simulates until `end` [ns]; mean and p99 of the latency [s].
pub(crate) fn run(
    stations: u32,
    servers: u32,
    mean_service_ns: f64,
    mean_gap_ns: f64,
    end: u64,
) -> (f64, f64) {
    let mut tools = Tools::new(mean_service_ns, mean_gap_ns);
    let mut row: Vec<Station> = (0..stations).map(|_| Station::new(servers)).collect();
    let mut events = Events::default();
    // When each request came, and its branches under way; a job is request × stations + station.
    let mut requests: Vec<(u64, u32)> = Vec::new();
    let mut free: Vec<u32> = Vec::new();
    events.push(tools.gap.draw(&mut tools.random), ARRIVAL);
    loop {
        let (now, payload) = events.pop();
        if now > end {
            return tools.summary();
        }
        if payload == ARRIVAL {
            events.push(now + tools.gap.draw(&mut tools.random), ARRIVAL);
            let request = free.pop().unwrap_or_else(|| {
                requests.push((0, 0));
                requests.len() as u32 - 1
            });
            requests[request as usize] = (now, stations);
            for (at, station) in row.iter_mut().enumerate() {
                let job = request * stations + at as u32;
                if station.arrive(job, now) {
                    start(job, station, now, &mut tools, &mut events);
                }
            }
            continue;
        }
        let (request, at) = (payload / stations, payload % stations);
        let station = &mut row[at as usize];
        if let Some(next) = station.leave(now) {
            start(next, station, now, &mut tools, &mut events);
        }
        let (came, branches) = &mut requests[request as usize];
        *branches -= 1;
        if *branches == 0 {
            tools.record(now - *came);
            free.push(request);
        }
    }
}

fn start(job: u32, station: &mut Station, now: u64, tools: &mut Tools, events: &mut Events) {
    let service = tools.service.draw(&mut tools.random);
    station.busy += u128::from(service);
    events.push(now + service, job);
}
