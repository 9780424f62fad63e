//! Every request goes to all stations at once and is done when the last has served it.

use super::{ARRIVAL, Heap, NOBODY, Place, Station, Told, Tools};

/// Stations, so that a job is request × stations + station without a division by a variable.
const STATIONS: u32 = 4;

/// Simulates until `end` (ns).
pub(crate) fn run(servers: u32, mean_service_ns: f64, mean_gap_ns: f64, end: u64) -> Told {
    let mut tools = Tools::new(mean_service_ns, mean_gap_ns);
    let mut row = Station::row(STATIONS, servers);
    let mut events = Heap::with(tools.gap(), ARRIVAL);
    // When each request came, and its branches under way; places in queues by job.
    let mut requests: Vec<(u64, u32)> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    let mut unused: Vec<u32> = Vec::new();
    loop {
        let (now, payload) = events.earliest();
        if now > end {
            return tools.told(row);
        }
        if payload == ARRIVAL {
            events.replace_earliest(now + tools.gap(), ARRIVAL);
            let request = unused.pop().unwrap_or_else(|| {
                requests.push((0, 0));
                places.extend([Place::default(); STATIONS as usize]);
                requests.len() as u32 - 1
            });
            requests[request as usize] = (now, STATIONS);
            for (job, station) in (request * STATIONS..).zip(&mut row) {
                if station.arrive(job, now, &mut places) {
                    events.add(tools.done(now, station), job);
                }
            }
            continue;
        }
        let station = &mut row[(payload % STATIONS) as usize];
        match station.leave(now, &places) {
            NOBODY => events.remove_earliest(),
            next => events.replace_earliest(tools.done(now, station), next),
        }
        let request = payload / STATIONS;
        let (came, branches) = &mut requests[request as usize];
        *branches -= 1;
        if *branches == 0 {
            tools.record(now - *came);
            unused.push(request);
        }
    }
}
