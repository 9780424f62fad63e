//! The engine against loops written by hand, and against itself: every figure is a ratio of one run.
//! `cargo bench --bench engine`; criterion prints the times, the last lines the ratios.

mod by_hand;
mod models;

fn main() {
    let t = std::time::Instant::now;
    let plan = models::plan(&models::chain(10, 4, 280.0, "none"), 0);
    let neth = models::plan(&models::chain(10, 4, 280.0, "{ same_zone: { rtt: 0.5ms } }"), 0);
    let netd = models::plan(
        &models::chain(
            10,
            4,
            280.0,
            "{ same_zone: { rtt: { lognormal: { p50: 0.25ms, p99: 0.8ms } } } }",
        ),
        0,
    );
    let forkp = models::plan(&models::fork(4, 4, 280.0), 0);
    let mm1 = models::plan(&models::mm1(70.0), 0);
    let secs = 400.0;
    for _ in 0..5 {
        let a = t();
        let o = models::summary(&models::simulate_for(&plan, secs));
        let a = a.elapsed().as_secs_f64();
        let b = t();
        let h = by_hand::chain::run(10, 4, 10e6, 1e9 / 280.0, (secs * 1e9) as u64);
        let b = b.elapsed().as_secs_f64();
        println!(
            "chain {:.1} ns/visit vs {:.1}: {:.2} {o:?} {h:?}",
            a * 1e9 / 280.0 / secs / 10.0,
            b * 1e9 / 280.0 / secs / 10.0,
            a / b
        );
        let c = t();
        models::summary(&models::simulate_for(&neth, secs));
        let c = c.elapsed().as_secs_f64();
        let d = t();
        models::summary(&models::simulate_for(&netd, secs));
        let d = d.elapsed().as_secs_f64();
        println!("hop const {:.2} lognormal {:.2}", c / a, d / a);
        let e = t();
        let fo = models::summary(&models::simulate_for(&forkp, secs));
        let e = e.elapsed().as_secs_f64();
        let f = t();
        let fh = by_hand::fork::run(4, 4, 10e6, 1e9 / 280.0, (secs * 1e9) as u64);
        let f = f.elapsed().as_secs_f64();
        println!(
            "fork {:.1} vs {:.1} per request: {:.2} {fo:?} {fh:?}",
            e * 1e9 / 280.0 / secs,
            f * 1e9 / 280.0 / secs,
            e / f
        );
        let g = t();
        let mo = models::summary(&models::simulate_for(&mm1, secs * 30.0));
        let g = g.elapsed().as_secs_f64();
        let i = t();
        let mh = by_hand::chain::run(1, 1, 10e6, 1e9 / 70.0, (secs * 30e9) as u64);
        let i = i.elapsed().as_secs_f64();
        println!(
            "mm1 {:.1} vs {:.1}: {:.2} {mo:?} {mh:?}",
            g * 1e9 / 70.0 / secs / 30.0,
            i * 1e9 / 70.0 / secs / 30.0,
            g / i
        );
    }
}
