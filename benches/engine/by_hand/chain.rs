//! Stations in a row, one queue with several servers each; one station is M/M/c.

use super::{ARRIVAL, Heap, NOBODY, Place, Station, Told, Tools};

/// Simulates until `end` (ns).
pub(crate) fn run(
    stations: u32,
    servers: u32,
    mean_service_ns: f64,
    mean_gap_ns: f64,
    end: u64,
) -> Told {
    let mut tools = Tools::new(mean_service_ns, mean_gap_ns);
    let mut row = Station::row(stations, servers);
    let mut events = Heap::with(tools.gap(), ARRIVAL);
    // When each job came, and at which station it is; its place in a queue apart.
    let mut jobs: Vec<(u64, u32)> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    let mut unused: Vec<u32> = Vec::new();
    loop {
        let (now, payload) = events.earliest();
        if now > end {
            return tools.told(row);
        }
        if payload == ARRIVAL {
            events.replace_earliest(now + tools.gap(), ARRIVAL);
            let job = unused.pop().unwrap_or_else(|| {
                jobs.push((0, 0));
                places.push(Place::default());
                jobs.len() as u32 - 1
            });
            jobs[job as usize] = (now, 0);
            let station = &mut row[0];
            if station.arrive(job, now, &mut places) {
                events.add(tools.done(now, station), job);
            }
            continue;
        }
        let (came, at) = jobs[payload as usize];
        let station = &mut row[at as usize];
        let next = station.leave(now, &places);
        if next != NOBODY {
            events.replace_earliest(tools.done(now, station), next);
        }
        let Some(station) = row.get_mut(at as usize + 1) else {
            tools.record(now - came);
            unused.push(payload);
            if next == NOBODY {
                events.remove_earliest();
            }
            continue;
        };
        jobs[payload as usize].1 = at + 1;
        match (station.arrive(payload, now, &mut places), next) {
            (true, NOBODY) => events.replace_earliest(tools.done(now, station), payload),
            (true, _) => events.add(tools.done(now, station), payload),
            (false, NOBODY) => events.remove_earliest(),
            (false, _) => {}
        }
    }
}
