//! Scenarios that are large: they run, or a limit that is named refuses or cuts them.

use serde_json::Value;

use super::{Desk, SMALL, accepted, changed, refused};

/// The small scenario with so many modules, operations of each, and layouts.
fn sized(modules: usize, operations: usize, layouts: usize) -> String {
    let steps = |number| format!("o{number}: [ cpu: 1ms ]");
    let all: Vec<String> = (0..operations).map(steps).collect();
    let module = format!("{{ operations: {{ {} }} }}", all.join(", "));
    let list: Vec<String> = (0..modules).map(|number| format!("m{number}: {module}")).collect();
    let text = changed(
        SMALL,
        "{ a: { operations: { go: [ cpu: { exp: 1ms } ] } } }",
        &format!("{{ {} }}", list.join(", ")),
    );
    let text = changed(&text, "call: a.go", "call: m0.o0");
    let layout =
        |number| format!("l{number}: {{ services: {{ each: {{ cpu: 2, threads: 4 }} }} }}");
    let list: Vec<String> = (0..layouts).map(layout).collect();
    let one = "{ one: { services: { a: { cpu: 2, threads: 4 } } } }";
    changed(&text, one, &format!("{{ {} }}", list.join(", ")))
}

fn layouts(results: &Value) -> usize {
    results["layouts"].as_object().expect("a map").len()
}

#[test]
fn many_modules_operations_and_layouts_run_or_are_refused_by_a_named_limit() {
    assert_eq!(layouts(&accepted(sized(500, 1, 1))), 1);
    assert_eq!(layouts(&accepted(sized(1, 5_000, 1))), 1);
    let complaint = refused(sized(250_000, 1, 1), "too-large");
    assert!(complaint.contains("the limit of"), "{complaint}");
}

#[test]
fn more_pairs_of_layouts_than_the_limit_are_compared_with_the_first() {
    let text = sized(1, 1, 5);
    let pairs = |results: &Value| {
        let all = results["comparison"].as_array().expect("comparisons").iter();
        all.filter(|found| found["metric"] == "all.latency.mean").count()
    };
    let whole = accepted(text.as_str());
    assert_eq!(pairs(&whole), 10);
    let cut = accepted(changed(&text, "limits: {", "limits: { comparisons: 9,"));
    assert_eq!(pairs(&cut), 4);
    let remarks = cut["layouts"]["l0"]["diagnostics"].to_string();
    assert!(remarks.contains("run.limits.comparisons"), "{remarks}");
}

/// Each user has an index that an event points at; no index may be taken for something else.
#[test]
fn a_crowd_of_more_than_two_to_the_24th_users_takes_nobody_elses_answers() {
    let crowd = "{ closed: { users: 16800000, think: 10h } }";
    let crowded = changed(
        SMALL,
        "endpoints: { go: { call: a.go } }",
        &format!(
            "endpoints: {{ go: {{ call: a.go }}, crowd: {{ call: a.go, arrivals: {crowd} }} }}"
        ),
    );
    let crowded = changed(&crowded, "replications: 2", "replications: 1");
    let crowded = changed(&crowded, "limits: {", "limits: { users: 20M,");
    let quiet = changed(SMALL, "replications: 2", "replications: 1");
    let [crowded, quiet] = [crowded, quiet].map(|text| {
        let results = accepted(text);
        results["layouts"]["one"]["endpoints"].clone()
    });
    let answered = quiet["go"]["outcomes"]["ok"].as_u64();
    assert!(answered.is_some_and(|answered| answered > 100), "{quiet}");
    assert_eq!(crowded["go"], quiet["go"]);
    assert_eq!(crowded["crowd"]["outcomes"]["ok"], 0, "they think for ten hours");
}

#[test]
fn a_limit_above_what_the_engine_has_room_for_is_refused_by_name() {
    for limit in ["users: 80M", "frames: 80M"] {
        let text = match limit.starts_with("frames") {
            true => changed(SMALL, "frames: 10000", limit),
            false => changed(SMALL, "limits: {", &format!("limits: {{ {limit},")),
        };
        let complaint = refused(text, "out-of-range");
        let name = limit.split(':').next().expect("a name");
        assert!(complaint.contains(&format!("`{name}`")), "{complaint}");
    }
}

/// By hand, with a release build: `cargo test --release -- --ignored full_sizes`.
#[test]
#[ignore = "takes minutes"]
fn full_sizes_end_within_a_minute_and_a_gibibyte() {
    let branches = vec!["[ wait: 1ms ]"; 100_000].join(", ");
    let steps = format!("parallel: [ {branches} ]");
    let fork = changed(SMALL, "cpu: { exp: 1ms }", &steps);
    let fork = changed(&changed(&fork, "frames: 10000", "frames: 1000000"), "100/s", "2/s");
    let closed = "{ closed: { users: 10000000, think: { exp: 1h } } }";
    let texts = [
        sized(10_000, 1, 1),
        sized(1, 100_000, 1),
        sized(1, 1, 1_000),
        sized(1_000_000, 1, 1),
        fork,
        changed(SMALL, "{ poisson: 100/s }", closed),
    ];
    for text in texts {
        let begun = std::time::Instant::now();
        let desk = Desk::new();
        std::fs::write(desk.path().join("s.yaml"), &text).expect("a file");
        let binary = assert_cmd::cargo::cargo_bin("cutline");
        let script = format!("ulimit -v 1048576; '{}' run s.yaml --quiet", binary.display());
        let mut shell = std::process::Command::new("sh");
        let output = shell.current_dir(desk.path()).args(["-c", &script]).output();
        let output = output.expect("there is a shell");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 2)), "{said}");
        assert!(!said.contains("panicked"), "{said}");
        assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    }
}
