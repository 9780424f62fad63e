//! Mistakes of single values: what is said, and where.

use super::*;

#[test]
fn a_wrong_type_at_depth_shows_what_was_found() {
    let (about, message, _) = only("cpu: 2", "cpu: [ 2 ]");
    assert_eq!(about, "wrong-type 7 [ 2 ]");
    assert_eq!(message, "a number of cores is expected here; found a list");
    let (_, message, _) = only("{ exp: 1ms }", "{ exp: { mean: { ms: 1 } } }");
    assert_eq!(message, "a quantity with its unit is expected here; found a map with `ms`");
    let (_, message, _) = only("[ cpu: { exp: 1ms } ]", "{ cpu: 1ms }");
    assert_eq!(message, "a list of steps is expected here; found a map with `cpu`");
}

#[test]
fn a_bare_number_shows_how_to_write_it_with_a_unit() {
    let cases = [
        ("{ exp: 1ms }", "{ exp: 5 }", "missing-unit 3 5", "`5ms`"),
        ("poisson: 1/s", "poisson: 400", "missing-unit 5 400", "`400/s`"),
        ("threads: 4", "memory: 512", "missing-unit 7 512", "`512MiB`"),
    ];
    for (from, to, expected, example) in cases {
        let (about, _, hint) = only(from, to);
        assert_eq!(about, expected);
        assert!(hint.contains(example), "{hint}");
    }
}

#[test]
fn quantities_that_are_none_are_refused_where_they_stand() {
    let cases = [
        ("{ exp: 1ms }", "1 fortnight", "bad-value 3 1 fortnight"),
        ("{ exp: 1ms }", "-1ms", "bad-value 3 -1ms"),
        ("{ exp: 1ms }", ".nan", "bad-value 3 .nan"),
        ("{ exp: 1ms }", "400y", "bad-value 3 400y"),
        ("{ exp: 1ms }", "200000000h", "bad-value 3 200000000h"),
        ("{ exp: 1ms }", "1e308ms", "bad-value 3 1e308ms"),
        ("{ exp: 1ms }", "0.0000001ns", "bad-value 3 0.0000001ns"),
        ("{ exp: 1ms }", "{ exp: 0ms }", "out-of-range 3 0ms"),
        ("poisson: 1/s", "poisson: 0/s", "out-of-range 5 0/s"),
        ("poisson: 1/s", "poisson: -1/s", "bad-value 5 -1/s"),
        ("poisson: 1/s", "poisson: .inf", "bad-value 5 .inf"),
        ("cpu: 2", "cpu: 0", "out-of-range 7 0"),
        ("cpu: 2", "cpu: 1e308", "out-of-range 7 1e308"),
        ("cpu: 2", "cpu: NaN", "bad-value 7 NaN"),
        ("cpu: 2", "cpu: 1e-308", "out-of-range 7 1e-308"),
        ("threads: 4", "threads: 0", "out-of-range 7 0"),
        ("threads: 4", "replicas: 0", "out-of-range 7 0"),
        ("threads: 4", "replicas: -3", "bad-value 7 -3"),
        ("threads: 4", "replicas: 1.5", "bad-value 7 1.5"),
        ("threads: 4", "memory: 0MiB", "out-of-range 7 0MiB"),
        ("threads: 4", "patience: 0ms", "out-of-range 7 0ms"),
        ("threads: 4", "patience: -5ms", "bad-value 7 -5ms"),
        ("threads: 4", "patience: .inf", "bad-value 7 .inf"),
        ("threads: 4", "patience: { exp: 0ms }", "out-of-range 7 0ms"),
        ("call: a.go", "call: a.go, priority: 256", "out-of-range 6 256"),
        ("call: a.go", "call: a.go, priority: -1", "bad-value 6 -1"),
        ("call: a.go", "call: a.go, priority: 1.5", "bad-value 6 1.5"),
        ("call: a.go", "call: a.go, priority: high", "bad-value 6 high"),
        ("call: a.go", "call: a.go, priority: [ 1 ]", "wrong-type 6 [ 1 ]"),
    ];
    for (from, to, expected) in cases {
        assert_eq!(only(from, to).0, expected);
    }
}

#[test]
fn a_waiting_line_is_refused_where_nobody_waits() {
    let unknown = [
        ("queue_discipline: lifo", "unknown-word 7 lifo"),
        ("scheduling: priorty", "unknown-word 7 priorty"),
    ];
    for (to, expected) in unknown {
        assert_eq!(only("threads: 4", to).0, expected);
    }
    for field in ["patience: 50ms", "queue_discipline: priority"] {
        let (about, _, hint) = only("threads: 4", &format!("threads: async, {field}"));
        assert!(about.starts_with("conflict 7 "), "{about}");
        assert!(hint.contains("max_in_flight"), "{hint}");
        let limited = format!("threads: {{ async: {{ max_in_flight: 5 }} }}, {field}");
        model(&changed(SMALL, "threads: 4", &limited));
    }
    model(&changed(SMALL, "threads: 4", "threads: async, patience: none, queue_discipline: fifo"));
}

#[test]
fn a_priority_that_changes_nothing_is_warned_of() {
    let codes = |text: &str| -> Vec<&str> {
        reading(text).warnings.iter().map(|warning| warning.code.text()).collect()
    };
    let two = "call: a.go }, fast: { call: a.go, priority: 3 ";
    let unused = changed(SMALL, "call: a.go ", two);
    assert_eq!(codes(&unused), ["unused-priority"]);
    for served in ["queue_discipline: priority", "scheduling: preemptive_priority"] {
        let same = changed(SMALL, "threads: 4", served);
        assert_eq!(codes(&same), ["one-priority"], "{served}");
        assert_eq!(codes(&changed(&unused, "threads: 4", served)), [""; 0], "{served}");
    }
}

#[test]
fn laws_that_do_not_exist_are_refused() {
    let cases = [
        ("{ lognormal: { p50: 5ms, p99: 5ms } }", "out-of-range", "p50 must be below p99"),
        ("{ lognormal: { mean: 5ms, cv: -1 } }", "out-of-range", "from 0 to 100; found `-1`"),
        ("{ lognormal: { p50: 5ms } }", "missing-field", "needs `p99`"),
        ("{ pareto: { mean: 5ms, alpha: 1 } }", "out-of-range", "alpha above 1"),
        ("{ pareto: { mean: 5ms, alpha: 2, max: 1ms } }", "out-of-range", "above the mean"),
        ("{ hyperexp: { mean: 5ms, cv: 0.5 } }", "out-of-range", "from 1 to 100"),
        ("{ hyperexp: { branches: [ { share: 50%, mean: 1ms } ] } }", "shares", "add up to 50"),
        ("{ uniform: { from: 5ms, to: 1ms } }", "out-of-range", "must not be above"),
        ("{ erlang: { stages: 0, mean: 1ms } }", "out-of-range", "stages is from 1"),
        ("{ weibull: { mean: 1ms, shape: 0 } }", "out-of-range", "shape is from 0.1"),
        ("{ exp: 1ms, gamma: 2ms }", "not-one-key", "found `exp`, `gamma`"),
        ("{ gamma: { mean: 1ms, cv: 1, p99: 1ms } }", "unknown-field", "no field `p99`"),
        ("\"gamma(1ms, 2, 3)\"", "bad-value", "too many"),
        ("\"gamma(1ms, mean 2ms)\"", "duplicate-key", "given twice"),
        ("\"exp(1ms\"", "bad-value", "not closed"),
        ("\"exp(1)\"", "missing-unit", "no unit"),
        ("\"normal(1ms, 2ms)\"", "unknown-distribution", "no distribution is called `normal`"),
    ];
    for (law, code, part) in cases {
        let (about, message, _) = only("{ exp: 1ms }", law);
        assert!(about.starts_with(code), "{law}: {about}");
        assert!(message.contains(part), "{law}: {message}");
    }
}

#[test]
fn a_mistake_inside_a_text_form_is_marked_there() {
    let (about, _, _) = only("{ exp: 1ms }", "\"lognormal(mean 2ms, cv x)\"");
    assert_eq!(about, "bad-value 3 x");
}

#[test]
fn a_comma_in_an_unquoted_law_is_explained() {
    let refused = mistakes(changed(SMALL, "{ exp: 1ms }", "lognormal(mean 2ms, cv 0.8)"));
    let hint = refused.diagnostics[0].hint.clone().unwrap_or_default();
    assert!(hint.contains("in quotes"), "{refused}");
}

#[test]
fn shares_must_fit() {
    let choice = "choice: [ { share: 60%, do: [] }, { share: 60%, do: [] } ]";
    let (about, message, _) = only("cpu: { exp: 1ms }", choice);
    assert!(about.starts_with("shares 3"), "{about}");
    assert!(message.contains("120 %"), "{message}");
    let (about, message, _) = only("call: a.go }", "call: a.go, share: 0 }");
    assert_eq!(about, "shares 6 0");
    assert_eq!(message, "the shares of the endpoints add up to 0");
    let (about, ..) =
        only("{ go: { call: a.go } }", "{ go: { call: a.go }, b: { call: a.go, share: 1 } }");
    assert_eq!(about, "missing-field 6 go");
}

#[test]
fn an_endpoint_with_share_0_is_doubted_and_asked_for_nothing() {
    let text = changed(
        SMALL,
        "{ go: { call: a.go } }",
        "{ go: { call: a.go, share: 1 }, idle: { call: a.go, share: 0 } }",
    );
    let reading = reading(&text);
    assert_eq!(reading.warnings.len(), 1);
    assert_eq!(reading.warnings[0].code.text(), "zero-share");
    assert_eq!(reading.model.workload.endpoints.len(), 2);
    assert_eq!(reading.model.workload.sources[0].endpoints, [(0, 1.0)]);
}

#[test]
fn shares_without_their_sign_and_words_near_a_word_are_explained() {
    let cases = [
        ("hit: 90%", "hit: 90", "missing-unit", "`90%`"),
        ("failure: 0.2%", "failure: 120%", "bad-value", "%"),
        ("threads: 200", "threads: asynch", "unknown-word", "did you mean `async`?"),
        (
            "class: m6i.xlarge",
            "class: m6i.enormous",
            "unknown-class",
            "there are `m6i.large`, `m6i.xlarge`",
        ),
        ("class: m6i.xlarge", "class: own-box", "unknown-class", "`cpu` and `memory`"),
    ];
    for (from, to, code, part) in cases {
        let refused = mistakes(changed(SHOP, from, to));
        let diagnostic = &refused.diagnostics[0];
        assert_eq!((refused.diagnostics.len(), diagnostic.code.text()), (1, code), "{refused}");
        assert!(diagnostic.hint.as_deref().unwrap_or_default().contains(part), "{refused}");
    }
}

#[test]
fn run_lengths_that_leave_nothing_to_measure_are_refused() {
    let run = |text: &str| mistakes(SMALL.to_string() + text).diagnostics[0].message.clone();
    assert_eq!(
        run("run: { fixed: { duration: 1s, warmup: 1s } }\n"),
        "the warm-up must be shorter than the run; found `1s`"
    );
    assert!(run("run: { fixed: { duration: 0s } }\n").contains("above zero"));
    assert!(run("run: { precision: 0% }\n").contains("at least"));
    assert!(run("run: { replications: 0 }\n").contains("from 1"));
    assert!(run("run: { seed: -1 }\n").contains("negative"));
}

#[test]
fn a_measured_law_without_good_values_is_refused() {
    let files = |name: &str| match name {
        "empty.csv" => Ok("\n# nothing\n".to_string()),
        "text.csv" => Ok("1ms\nfast\n3ms\n".to_string()),
        _ => Err("no such file".to_string()),
    };
    let of = |law: &str| {
        let text = changed(SMALL, "{ exp: 1ms }", law);
        read(text, "test.yaml", &[], &files).expect_err("this must be refused")
    };
    let refused = of("{ empirical: gone.csv }");
    assert_eq!(refused.diagnostics[0].message, "`gone.csv` cannot be read: no such file");
    assert_eq!(of("{ empirical: empty.csv }").diagnostics[0].code.text(), "empty-file");
    let refused = of("{ empirical: text.csv }");
    assert_eq!(summary(&refused.diagnostics[0], &refused), "bad-value 2 fast");
    assert!(refused.to_string().contains("┌─ text.csv:2:1"), "{refused}");
}

#[test]
fn a_price_file_with_a_missing_negative_or_text_price_is_refused_by_line() {
    let prices =
        "kind,sku,unit,usd\nvm,a,hour,\nvm,b,hour,-1\nvm,c,hour,cheap\nvm,d,hour,1\nvm,d,hour,2\n";
    let files = |_: &str| Ok(prices.to_string());
    let text = changed(SMALL, "network: none", "network: none, prices: mine.csv");
    let refused = read(text.clone(), "test.yaml", &[], &files).expect_err("refused");
    let messages: Vec<_> =
        refused.diagnostics.iter().map(|d| (d.span.line, d.message.as_str())).collect();
    let expected = [
        (2, "`a` has no price"),
        (3, "`b` has the price `-1`"),
        (4, "`c` has the price `cheap`"),
        (6, "`d` of `vm` has two prices"),
    ];
    assert_eq!(messages, expected);
    let files = |_: &str| Ok("kind,sku,unit\nvm,a,hour\n".to_string());
    let refused = read(text, "test.yaml", &[], &files).expect_err("refused");
    assert_eq!(refused.diagnostics[0].message, "the price catalogue has no column `usd`");
}
