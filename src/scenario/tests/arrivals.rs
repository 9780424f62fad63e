//! Arrival processes: what is read, what is refused and where.

use super::*;
use crate::model::Arrivals;
use crate::scenario::Severity;

const BURSTS: &str =
    "mmpp: { states: [ { rate: 40/s, stay: 2s }, { rate: 140/s, stay: 0.667s } ] }";

/// `code line marked` and the message, with another arrival process in the small scenario.
fn refused(arrivals: &str) -> (String, String) {
    let (about, message, _) = only("poisson: 1/s", arrivals);
    (about, message)
}

/// The same with a part of a process replaced, and where it is marked.
fn refused_parts(process: &str, cases: &[(&str, &str, &str)]) {
    for (from, to, expected) in cases {
        assert_eq!(refused(&changed(process, from, to)).0, *expected, "{to}");
    }
}

#[test]
fn values_of_states_that_are_none_are_refused_where_they_stand() {
    refused_parts(
        BURSTS,
        &[
            ("40/s", "-40/s", "bad-value 5 -40/s"),
            ("40/s", ".nan", "bad-value 5 .nan"),
            ("40/s", ".inf", "bad-value 5 .inf"),
            ("40/s", "1e308/s", "bad-value 5 1e308/s"),
            ("40/s", "40", "missing-unit 5 40"),
            ("stay: 2s", "stay: 0s", "out-of-range 5 0s"),
            ("stay: 2s", "stay: -2s", "bad-value 5 -2s"),
            ("stay: 2s", "stay: 2", "missing-unit 5 2"),
        ],
    );
    let (_, message) = refused("mmpp: { states: [ { rate: 40/s, stay: 2s } ] }");
    assert_eq!(message, "`mmpp` needs two states or more; found 1");
    let (_, message) = refused("mmpp: { states: [] }");
    assert_eq!(message, "`mmpp` needs two states or more; found 0");
    let nobody = changed(&changed(BURSTS, "40/s", "0/s"), "140/s", "0/s");
    assert_eq!(refused(&nobody).1, "no state has a rate above zero: no request ever comes");
    let (about, message) = refused("mmpp: 40/s");
    assert_eq!(about, "wrong-type 5 40/s");
    assert_eq!(message, "a Markov-modulated process is expected here; found `40/s`");
}

#[test]
fn values_of_batches_that_are_none_are_refused_where_they_stand() {
    refused_parts(
        "batch: { rate: 14/s, size: 5 }",
        &[
            ("14/s", "0/s", "out-of-range 5 0/s"),
            ("14/s", "-1/s", "bad-value 5 -1/s"),
            ("14/s", ".nan", "bad-value 5 .nan"),
            ("14/s", ".inf", "bad-value 5 .inf"),
            ("size: 5", "size: 0", "out-of-range 5 0"),
            ("size: 5", "size: -5", "bad-value 5 -5"),
            ("size: 5", "size: 2.5", "bad-value 5 2.5"),
            ("size: 5", "size: 5000000000", "out-of-range 5 5000000000"),
            ("size: 5", "size: { geometric: { mean: 0.5 } }", "out-of-range 5 0.5"),
            ("size: 5", "size: { geometric: { mean: .nan } }", "bad-value 5 .nan"),
            ("size: 5", "size: { poisson: { mean: 4 } }", "unknown-word 5 poisson"),
        ],
    );
}

#[test]
fn values_of_profiles_that_are_none_are_refused_where_they_stand() {
    refused_parts(
        "profile: { sine: { mean: 100/s, amplitude: 60/s, period: 60s } }",
        &[
            ("100/s", "0/s", "out-of-range 5 0/s"),
            ("100/s", ".nan", "bad-value 5 .nan"),
            ("60/s", "100.1/s", "out-of-range 5 100.1/s"),
            ("60/s", "-1/s", "bad-value 5 -1/s"),
            ("60/s", ".inf", "bad-value 5 .inf"),
            ("60s", "0s", "out-of-range 5 0s"),
            ("60s", "60", "missing-unit 5 60"),
        ],
    );
    refused_parts(
        "profile: { points: [ { at: 10s, rate: 50/s }, { at: 20s, rate: 80/s } ], every: 30s }",
        &[
            ("20s", "5s", "out-of-range 5 5s"),
            ("every: 30s", "every: 15s", "out-of-range 5 15s"),
            ("every: 30s", "every: 0s", "out-of-range 5 0s"),
            ("50/s", "-50/s", "bad-value 5 -50/s"),
            ("at: 10s", "at: -10s", "bad-value 5 -10s"),
        ],
    );
    for (points, message) in [
        ("[]", "a profile has two points or more; found none"),
        ("[ { at: 5s, rate: 1/s } ]", "a profile has two points of different times, or more"),
        (
            "[ { at: 0s, rate: 0/s }, { at: 9s, rate: 0/s } ]",
            "no rate is above zero for any time: no request ever comes",
        ),
    ] {
        assert_eq!(refused(&format!("profile: {{ points: {points} }}")).1, message);
    }
    let (_, message) = refused("profile: {}");
    assert_eq!(message, "a profile is either a `sine` or a list of `points`");
}

#[test]
fn a_state_is_edited_by_its_number() {
    let text = changed(SMALL, "poisson: 1/s", BURSTS);
    let model = edited(&text, "workload.arrivals.mmpp.states.1.rate", "200/s").unwrap().model;
    let Arrivals::Mmpp(states) = &model.workload.sources[0].arrivals else {
        panic!("{:?}", model.workload.sources[0].arrivals);
    };
    let states: Vec<(f64, f64)> = states.iter().map(|state| (state.rate.0, state.stay)).collect();
    assert_eq!(states, [(40.0, 2.0), (200.0, 0.667)]);
}

/// The mistakes of the small scenario with a trace of that text.
fn of_trace(arrivals: &str, text: &str) -> Vec<(String, String)> {
    let scenario = changed(SMALL, "poisson: 1/s", arrivals);
    let loader = |_: &str| Ok(text.to_string());
    let refused = read(scenario, "test.yaml", &[], &loader).expect_err(text);
    let each = refused.diagnostics.iter();
    each.map(|diagnostic| (summary(diagnostic, &refused), diagnostic.message.clone())).collect()
}

#[test]
fn instants_of_a_trace_that_are_none_are_refused_in_the_line_of_the_file() {
    let about = |text: &str| -> Vec<String> {
        of_trace("trace: at.csv", text).into_iter().map(|(about, _)| about).collect()
    };
    assert_eq!(about("1s\n-2s\n3s\n"), ["bad-value 2 -2s"]);
    assert_eq!(about("# at\n1s\n\nsoon\n4\n"), ["bad-value 4 soon", "missing-unit 5 4"]);
    assert_eq!(about("1s\nNaN\ninf\n"), ["bad-value 2 NaN", "bad-value 3 inf"]);
    assert_eq!(about(""), ["empty-file 5 at.csv"]);
    assert_eq!(about("# nothing\n"), ["empty-file 5 at.csv"]);
    let unsorted = of_trace("trace: { file: at.csv, unit: ms }", "1\n3\n2.5\n4\n");
    let expected = ("unsorted-trace 3 2.5".to_string(), "2.5 ms comes after 3 ms".to_string());
    assert_eq!(unsorted, [expected]);
    let early = of_trace("trace: { file: at.csv, every: 2s }", "1s\n3s\n");
    assert_eq!(early[0].0, "out-of-range 5 2s");
    assert_eq!(refused("trace: at.csv").0, "unreadable-file 5 at.csv");
}

#[test]
fn a_trace_is_read_as_it_is_written() {
    let text = changed(SMALL, "poisson: 1/s", "trace: { file: at.csv, unit: s, every: 1min }");
    let loader = |_: &str| Ok("# seconds\n0\n 0.25 \r\n\n0.25\n7\n".to_string());
    let model = read(text, "test.yaml", &[], &loader).unwrap().model;
    let Arrivals::Trace(trace) = &model.workload.sources[0].arrivals else {
        panic!("{:?}", model.workload.sources[0].arrivals);
    };
    let instants: Vec<u64> = trace.instants.iter().map(|instant| instant.0 / 1_000_000).collect();
    assert_eq!(instants, [0, 250, 250, 7_000]);
    assert_eq!(trace.span().seconds(), 60.0);
}

/// The small scenario with a trace of that text, which three endpoints share; one has a name that a CSV file
/// quotes. A fourth has arrivals of its own.
fn asking(text: &str) -> Result<Reading, Refused> {
    let scenario = changed(SMALL, "poisson: 1/s", "trace: at.csv");
    let scenario = changed(
        &scenario,
        "go: { call: a.go }",
        "go: { call: a.go }, 'buy, \"now\"': { call: a.go }, rest: { call: a.go }, \
         own: { arrivals: { poisson: 1/s }, call: a.go }",
    );
    read(scenario, "test.yaml", &[], &|_: &str| Ok(text.to_string()))
}

#[test]
fn a_trace_says_what_is_asked_for_and_how_often() {
    let text = "# as another program wrote it\n0s, go\n1s,\"buy, \"\"now\"\"\"\n  1s ,go\r\n\"2s\",\"go\"\n";
    let reading = asking(text).unwrap();
    let sources = &reading.model.workload.sources;
    let Arrivals::Trace(trace) = &sources[0].arrivals else { panic!("{sources:?}") };
    assert_eq!(trace.endpoints.as_deref(), Some(&[0, 1, 0, 0][..]));
    assert_eq!(sources[0].endpoints, [(0, 0.75), (1, 0.25)]);
    let warnings: Vec<&str> = reading.warnings.iter().map(|told| told.message.as_str()).collect();
    assert_eq!(warnings, ["the trace never names endpoint `rest`: no request goes there"]);
    let told = |key: &str| reading.model.defaults_used.iter().any(|used| used.key == key);
    assert!(!told("endpoint.share") && told("endpoint.reply"), "a share enters nothing");
    // An empty cell names nobody, and shares decide.
    let sources = asking("0s,\n1s,\n").unwrap().model.workload.sources;
    let Arrivals::Trace(trace) = &sources[0].arrivals else { panic!("{sources:?}") };
    assert_eq!((trace.endpoints.as_ref(), sources[0].endpoints.len()), (None, 3));
}

#[test]
fn an_endpoint_that_a_trace_cannot_name_is_refused_in_the_line_of_the_file() {
    let about = |text: &str| -> Vec<String> {
        let refused = asking(text).map(|reading| reading.model.name).expect_err(text);
        let each = refused.diagnostics.iter().filter(|told| told.severity() == Severity::Error);
        each.map(|told| {
            let hint = told.hint.as_deref().unwrap_or_default();
            format!("{} | {} | {hint}", summary(told, &refused), told.message)
        })
        .collect()
    };
    let unknown = "no endpoint that takes these arrivals is called";
    assert_eq!(
        about("0s, go\n 1s,  Rset\n2s, own\n-1s, x\n"),
        [
            format!("unknown-endpoint 2 Rset | {unknown} `Rset` | did you mean `rest`?"),
            format!(
                "unknown-endpoint 3 own | {unknown} `own` | one of `buy, \"now\"`, `go`, `rest`"
            ),
            "bad-value 4 -1s | `-1s` is negative: a duration is zero or more | write a duration \
             such as `1s` (units: ns, us, ms, s, min, h, d)"
                .to_string(),
            format!("unknown-endpoint 4 x | {unknown} `x` | one of `buy, \"now\"`, `go`, `rest`"),
        ]
    );
    for (text, beginning) in [
        ("0s, go\n1s, go, 200\n", "bad-value 2 go, 200 | `go, 200` is no name of an endpoint"),
        ("0s, \"go\n", "bad-value 1 \"go | `\"go` is no name of an endpoint"),
        ("0s, \"g\"o\"\n", "bad-value 1 \"g\"o\" |"),
        ("\"0s, go\n", "bad-value 1 \"0s | `\"0s` does not start with a number"),
        ("5, go\n", "missing-unit 1 5 | `5` has no unit"),
        ("0s\n1,5s\n", "bad-value 2 1,5s | `1,5s` has a comma in its number"),
        ("0s, go\n1s\n2s, go\n", "mixed-trace 2 1s | this line names no endpoint"),
        ("0s\n1s,\n2s, go\n", "mixed-trace 3 2s, go | this line names an endpoint"),
        ("1s, go\n0s, go\n", "unsorted-trace 2 0s, go | 0 s comes after 1 s"),
    ] {
        let found = about(text);
        assert!(found.len() == 1 && found[0].starts_with(beginning), "{text}: {found:?}");
    }
    let many: String = (0..10_000).map(|number| format!("{number}s, x{number}\n")).collect();
    let told = asking(&many).map(|reading| reading.model.name).expect_err("nobody is called so");
    assert!(told.diagnostics.len() <= 501, "{}", told.diagnostics.len());
}

#[test]
fn a_trace_that_names_endpoints_leaves_no_share_to_take() {
    let trace = |text: &'static str| move |_: &str| Ok(text.to_string());
    let shared = changed(SMALL, "poisson: 1/s", "trace: at.csv");
    let shared = changed(&shared, "go: { call", "go: { share: 3, call");
    assert!(read(&shared, "test.yaml", &[], &trace("0s\n1s\n")).is_ok());
    let refused = read(&shared, "test.yaml", &[], &trace("0s, go\n1s, go\n")).unwrap_err();
    let about: Vec<_> = refused.diagnostics.iter().map(|told| summary(told, &refused)).collect();
    assert_eq!(about, ["conflict 6 3"]);
}

#[test]
fn the_trace_of_one_endpoint_may_name_it_and_nobody_else() {
    let text = changed(
        SMALL,
        "go: { call: a.go }",
        "go: { call: a.go }, own: { arrivals: { trace: at.csv }, call: a.go }",
    );
    let with =
        |lines: &'static str| read(&text, "test.yaml", &[], &move |_: &str| Ok(lines.to_string()));
    let sources = with("0s, own\n1s, own\n").unwrap().model.workload.sources;
    let Arrivals::Trace(trace) = &sources[1].arrivals else { panic!("{sources:?}") };
    assert_eq!(trace.endpoints.as_deref(), Some(&[1, 1][..]));
    assert_eq!(sources[1].endpoints, [(1, 1.0)]);
    let refused = with("0s, own\n1s, go\n").unwrap_err();
    assert_eq!(summary(&refused.diagnostics[0], &refused), "unknown-endpoint 2 go");
}
