//! Results that hang on costs without any spread are told so, and only those.

use cutline::scenario::Code;
use cutline::study::LayoutFindings;

use super::over_time::run;

/// Clients of a database that commit, with this work before it.
fn clients(arrivals: &str, cpu: &str, statement: &str) -> LayoutFindings {
    let body = format!(
        "
application:
  modules:
    m: {{ tables: {{ t: {{ rows: 100k, row_size: 100B }} }}, operations: {{ go: [ cpu: {cpu}, write: t ] }} }}
workload: {{ arrivals: {arrivals}, endpoints: {{ go: {{ call: m.go }} }} }}
layouts:
  one:
    machines: {{ box: {{ cpu: 1 }} }}
    services: {{ m: {{ machine: box, threads: async }} }}
    databases:
      m: {{ machine: box, memory: 4GiB, hit: 100%, pool: 64, storage: {{ kind: ssd, flush: 0.5ms }},
           costs: {{ statement: {statement}, row_write: 0us, commit: 0us, flush: 0us, requeue: 0us }} }}
platform: {{ network: none, prices: none, context_switch: none }}
run: {{ seed: 1, fixed: {{ duration: 3s, warmup: 500ms, replications: 4 }} }}
"
    );
    run(&body).layouts.0.remove(0).1
}

fn is_told(found: &LayoutFindings) -> bool {
    let said = found.diagnostics.iter().filter(|said| said.code == Code::NoSpread);
    let words: Vec<&str> = said.map(|said| said.message.as_str()).collect();
    assert!(words.iter().all(|words| words.contains("box cpu (")), "{words:?}");
    words.len() == 1
}

fn rate(found: &LayoutFindings) -> f64 {
    found.endpoints.get("all").expect("all together").throughput_per_second.value
}

#[test]
fn work_of_constant_length_for_clients_in_step_is_told_and_moves_the_result() {
    let closed = "{ closed: { users: 8, think: 0ms } }";
    let sharp = clients(closed, "100us", "50us");
    assert!(is_told(&sharp), "{:?}", sharp.diagnostics);
    let real = clients(closed, "\"lognormal(mean 100us, cv 0.3)\"", "50us");
    assert!(!is_told(&real));
    // All end together, and the core idles through the flush.
    let lost = 1.0 - rate(&sharp) / rate(&real);
    assert!(lost > 0.1, "{lost}: {} and {}", rate(&sharp), rate(&real));
}

#[test]
fn whoever_comes_at_random_or_has_costs_that_vary_or_hardly_works_is_not_told() {
    let closed = "{ closed: { users: 8, think: 0ms } }";
    assert!(!is_told(&clients(closed, "100us", "\"lognormal(mean 50us, cv 0.3)\"")));
    assert!(!is_told(&clients("{ closed: { users: 8, think: exp(1ms) } }", "100us", "50us")));
    assert!(!is_told(&clients("{ poisson: 4000/s }", "100us", "50us")));
    assert!(!is_told(&clients("{ deterministic: 500/s }", "100us", "50us")));
    assert!(is_told(&clients("{ deterministic: 5000/s }", "100us", "50us")));
}
