//! Values from files, names that look alike, numbers at the edges, and work that gets nowhere.

use super::{Desk, SMALL, TABLES, accepted, changed, refused};

/// What is complained about when the text runs beside a file of this content.
fn beside(file: &str, content: &str, text: &str) -> (Option<i32>, String) {
    let desk = Desk::new();
    std::fs::write(desk.path().join(file), content).expect("a file");
    let output = desk.give(&["run", "-", "--out", "out"], text);
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn measured_times_that_are_none_are_refused_and_one_is_enough() {
    let text = changed(SMALL, "exp: 1ms", "empirical: { file: m.csv, unit: ms }");
    for (content, code) in [("", "empty-file"), ("x\n", "bad-value"), ("-1\n2\n", "bad-value")] {
        let (found, said) = beside("m.csv", content, &text);
        assert_eq!(found, Some(2), "{content}: {said}");
        assert!(said.contains(&format!("error[{code}]")) && said.contains("m.csv"), "{said}");
    }
    let (found, said) = beside("m.csv", "5\n", &text);
    assert_eq!(found, Some(0), "{said}");
}

#[test]
fn prices_that_are_none_are_refused_with_their_place() {
    let text = changed(SMALL, "prices: none", "prices: p.csv");
    for price in ["", "-1", "cheap", "nan"] {
        let sheet = format!(
            "kind,sku,vcpu,mem_gib,unit,usd,as_of,source\n\
             instance,m6i.xlarge,4,16,hour,{price},2026-01-01,x\n"
        );
        let (found, said) = beside("p.csv", &sheet, &text);
        assert_eq!(found, Some(2), "{price}: {said}");
        assert!(said.contains("error[bad-prices]") && said.contains("p.csv:2:"), "{said}");
    }
}

#[test]
fn a_time_below_zero_is_refused_in_every_law() {
    for law in [
        "uniform: { from: -1ms, to: 1ms }",
        "exp: -1ms",
        "gamma: { mean: -1ms, cv: 1 }",
        "lognormal: { mean: -1ms, cv: 1 }",
        "weibull: { mean: -1ms, shape: 1 }",
    ] {
        refused(changed(SMALL, "exp: 1ms", law), "bad-value");
    }
}

#[test]
fn names_that_look_alike_stay_apart() {
    // Upper and lower case; one letter, and a letter with an accent of its own.
    let names = ["One", "\u{e9}", "e\u{301}", "one"];
    let service = "{ services: { a: { cpu: 2, threads: 4 } } }";
    let layouts: Vec<String> = names.iter().map(|name| format!("\"{name}\": {service}")).collect();
    let before = format!("layouts: {{ one: {service} }}");
    let results =
        accepted(changed(SMALL, &before, &format!("layouts: {{ {} }}", layouts.join(", "))));
    for name in names {
        assert!(results["layouts"][name].is_object(), "{name}");
    }
}

#[test]
fn whole_numbers_beyond_those_of_a_double_stay() {
    let seed: u64 = (1 << 53) + 1;
    let results = accepted(changed(SMALL, "run: {", &format!("run: {{ seed: {seed},")));
    assert_eq!(results["seed"].as_u64(), Some(seed));
}

#[test]
fn users_who_never_think_and_are_refused_at_once_end_by_a_limit() {
    let text = changed(SMALL, "{ poisson: 100/s }", "{ closed: { users: 10, think: 0ms } }");
    let results = accepted(changed(&text, "cpu: { exp: 1ms }", "fail: 100%"));
    let remarks = results["layouts"]["one"]["diagnostics"].to_string();
    assert!(remarks.contains("run.limits.events"), "{remarks}");
}

#[test]
fn a_call_back_to_the_callers_last_thread_is_a_deadlock_and_its_path_is_named() {
    let text = changed(
        SMALL,
        "{ a: { operations: { go: [ cpu: { exp: 1ms } ] } } }",
        "{ a: { operations: { go: [ call: b.go ], back: [ cpu: 1ms ] } }, \
         b: { operations: { go: [ call: a.back ] } } }",
    );
    let text = changed(&text, "a: { cpu: 2, threads: 4 }", "each: { cpu: 1, threads: 1 }");
    let results = accepted(text);
    let layout = &results["layouts"]["one"];
    assert_eq!(layout["verdict"], "unstable");
    let remarks = layout["diagnostics"].to_string();
    assert!(remarks.contains("deadlock: requests hold all threads of a"), "{remarks}");
    assert!(remarks.contains("a.go → b.go → a.back"), "{remarks}");
    for service in ["a", "b"] {
        let busy = &layout["services"][service]["thread_utilisation"];
        assert!(busy.is_null() || busy["value"].as_f64() > Some(0.9), "{service}: {busy}");
    }
}

#[test]
fn work_and_runs_beyond_what_is_counted_are_refused_and_never_cut() {
    let uniform = "{ uniform: { from: 1d, to: 53d } }";
    for law in ["100d", "{ exp: 2d }", uniform, "{ pareto: { mean: 2h, alpha: 2 } }"] {
        let complaint = refused(changed(SMALL, "{ exp: 1ms }", law), "out-of-range");
        assert!(complaint.contains("at most 52 days of a core"), "{complaint}");
    }
    accepted(changed(SMALL, "cpu: { exp: 1ms }", "wait: 100d"));
    accepted(changed(SMALL, "{ exp: 1ms }", "52d"));
    accepted(changed(SMALL, "{ exp: 1ms }", "{ weibull: { mean: 20ms, shape: 0.1 } }"));
    let scan = changed(TABLES, "read: one", "read: { table: one, rows: 1000, scan: true }");
    let costly = changed(&scan, "pool: 10", "pool: 10, costs: { row_read: 2h }");
    let complaint = refused(costly, "out-of-range");
    assert!(complaint.contains("`read a.one` needs more than 52 days of work"), "{complaint}");
    let protocol = "platform: { protocols: { slow: { cpu_per_kib: 2h } }, nodes";
    let whole = "{ all: { modules: all, cpu: 2, threads: 16 } }";
    let apart = changed(TABLES, whole, "{ each: { cpu: 2 } }");
    let apart = changed(&apart, "  one:\n    services", "  one:\n    protocol: slow\n    services");
    let apart = changed(&apart, "call: b.go", "call: { to: b.go, request: 1MiB }");
    let complaint = refused(changed(&apart, "platform: { nodes", protocol), "out-of-range");
    assert!(complaint.contains("needs more than 52 days of work"), "{complaint}");
    for run in ["fixed: { duration: 60000d, replications: 2 }", "until: 60000d"] {
        let text = changed(SMALL, "fixed: { duration: 2s, replications: 2 }", run);
        let complaint = refused(text, "out-of-range");
        assert!(complaint.contains("a run takes at most 146 years"), "{complaint}");
    }
}
