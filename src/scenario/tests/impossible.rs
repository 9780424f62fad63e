//! Scenarios that cannot be, which are refused, and those that are hardly meant, of which the author is told.

use super::*;

/// A table on a database, read and written, an event and a third party.
const STORE: &str = "\
cutline: 1
name: store
application:
  modules:
    a:
      tables: { t: { rows: 1000, row_size: 1KiB }, u: { rows: 10, row_size: 1KiB } }
      events: [ done ]
      operations: { go: [ read: { table: t, rows: 5 }, read: u, external: third, publish: done ], end: [ cpu: 1ms ] }
      subscribes: { done: end }
  externals: { third: { latency: 1ms } }
workload: { arrivals: { poisson: 1/s }, endpoints: { go: { call: a.go } } }
layouts:
  one:
    services: { a: { cpu: 2 } }
    databases: { a: { cpu: 2, memory: 1GiB, storage: { gp3: 1GiB } } }
platform: { network: none }
";

fn refusal(from: &str, to: &str) -> (String, String, Option<String>) {
    let refused = mistakes(changed(STORE, from, to));
    assert_eq!(refused.diagnostics.len(), 1, "{refused}");
    let diagnostic = &refused.diagnostics[0];
    (summary(diagnostic, &refused), diagnostic.message.clone(), diagnostic.hint.clone())
}

/// The only warning: its code, its line and its message.
fn doubt(from: &str, to: &str) -> (String, String) {
    let reading = reading(&changed(STORE, from, to));
    assert_eq!(reading.warnings.len(), 1, "{:?}", reading.warnings);
    let told = &reading.warnings[0];
    assert!(told.hint.is_some(), "{told:?}");
    (format!("{} {}", told.code.text(), told.span.line), told.message.clone())
}

#[test]
fn what_can_be_and_is_meant_is_told_nothing_of() {
    assert_eq!(reading(STORE).warnings, []);
    for (from, to) in [
        ("rows: 5 }, read: u", "rows: 1000 }, read: u"),
        (
            "services: { a: { cpu: 2 } }\n    databases: { a: { cpu: 2,",
            "machines: { box: { cpu: 2 } }\n    services: { a: {} }\n    databases: { a: { machine: box,",
        ),
        ("read: u", "write: { table: u, rows: 20, insert: true }"),
        ("{ gp3: 1GiB }", "{ gp3: 1010KiB }"),
        ("storage: { gp3: 1GiB }", "storage: none"),
        ("memory: 1GiB", "memory: 8KiB, cache_share: 100%"),
        ("memory: 1GiB", "memory: 8KiB, cache_share: 0%"),
        ("memory: 1GiB", "memory: 8KiB, hit: 90%"),
        ("go: { call: a.go }", "go: { share: 99%, call: a.go }"),
    ] {
        assert_eq!(reading(&changed(STORE, from, to)).warnings, [], "{to}");
    }
}

#[test]
fn tables_larger_than_their_volume_are_refused() {
    let (about, message, hint) =
        refusal("rows: 1000, row_size: 1KiB", "rows: 1000, row_size: 2MiB");
    assert_eq!(about, "tables-too-large 15 gp3");
    let expected = "in layout `one` the tables of database `a` have 2.0 GiB, which cannot be on its volume of 1 GiB";
    assert_eq!(message, expected);
    assert_eq!(hint.as_deref(), Some("write `storage: { gp3: 2GiB }` or more"));
    let (about, ..) = refusal("{ gp3: 1GiB }", "{ kind: none, size: 1000KiB }");
    assert_eq!(about, "tables-too-large 15 none");
    let (about, message, _) =
        refusal("rows: 1000, row_size: 1KiB", "rows: 9007199254740992, row_size: 1TiB");
    assert!(about.starts_with("tables-too-large") && message.contains("PiB"), "{message}");
    // A volume whose size is left out has one, too.
    let text = changed(STORE, "storage: { gp3: 1GiB }", "storage: gp3");
    assert_eq!(reading(&text).warnings, []);
    let refused = mistakes(changed(&text, "rows: 1000", "rows: 1G"));
    assert_eq!(summary(&refused.diagnostics[0], &refused), "tables-too-large 15 gp3");
}

#[test]
fn memory_below_a_page_is_refused() {
    let (about, message, _) = refusal("memory: 1GiB", "memory: 8000B");
    assert_eq!(about, "memory-below-a-page 15 8000B");
    assert_eq!(message, "a memory of 8 KB cannot hold a single page of 8 KiB");
    let (about, message, _) = refusal("memory: 1GiB", "memory: 10KiB");
    assert_eq!(about, "memory-below-a-page 15 10KiB");
    assert_eq!(message, "a cache of 7.5 KiB cannot hold a single page of 8 KiB");
    assert_eq!(
        refusal("memory: 1GiB", "memory: 8000B, hit: 100%").0,
        "memory-below-a-page 15 8000B"
    );
}

#[test]
fn more_rows_than_a_table_has_are_refused_unless_they_are_new_or_joined() {
    let (about, message, _) = refusal("rows: 5 }", "rows: 1001 }");
    assert!(about.starts_with("too-many-rows 8"), "{about}");
    assert_eq!(message, "1,001 rows of `a.t` cannot be read: it has 1,000");
    let (_, message, _) =
        refusal("read: u", "repeat: { times: 2, do: [ write: { table: u, rows: 11 } ] }");
    assert_eq!(message, "11 rows of `a.u` cannot be changed: it has 10");
    let (about, message) = doubt("read: u", "join: { tables: [ t, u ], rows: 11 }");
    assert_eq!(about, "repeated-rows 8");
    assert!(message.starts_with("the join takes 11 rows of `a.u`, which has 10:"), "{message}");
}

#[test]
fn pages_that_come_from_no_storage_are_told() {
    for database in [
        "memory: 1GiB, storage: none, hit: 99%",
        "memory: 1MiB, storage: none",
        "memory: 1GiB, storage: none, hit: { a.t: 50% }",
        "memory: 13KiB, storage: none, hit: { a.t: 100% }",
    ] {
        let (about, message) = doubt("memory: 1GiB, storage: { gp3: 1GiB }", database);
        assert_eq!(about, "free-misses 15", "{database}");
        assert!(message.contains("come in no time: probably not meant"), "{message}");
    }
    for storage in ["{ kind: none, read: 1ms }", "{ kind: none, iops: 100 }"] {
        let text = changed(STORE, "{ gp3: 1GiB }", &format!("{storage}, hit: 50%"));
        assert_eq!(reading(&text).warnings, [], "{storage}");
    }
}

#[test]
fn percentages_of_endpoints_are_of_a_whole() {
    let shares = |first: &str, second: &str| {
        let endpoints = format!(
            "{{ go: {{ share: {first}, call: a.go }}, other: {{ share: {second}, call: a.go }} }}"
        );
        changed(STORE, "{ go: { call: a.go } }", &endpoints)
    };
    for (first, second, sum) in
        [("60%", "60%", "120"), ("90%", "20", "110"), ("100%", "0.5%", "100.5")]
    {
        let refused = mistakes(shares(first, second));
        assert_eq!(summary(&refused.diagnostics[0], &refused), format!("shares 11 {second}"));
        let message = &refused.diagnostics[0].message;
        assert!(message.contains(&format!("add up to {sum} %, which cannot be")), "{message}");
    }
    let told = &reading(&shares("60%", "20%")).warnings;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].code, crate::scenario::Code::PartialShares);
    assert!(told[0].message.contains("add up to 80 % and are taken as parts of that"), "{told:?}");
    for (first, second) in [("60%", "40%"), ("90", "90"), ("33.3%", "66.6%"), ("600", "2")] {
        assert_eq!(reading(&shares(first, second)).warnings, [], "{first} {second}");
    }
}

#[test]
fn events_that_nobody_publishes_or_hears_are_told() {
    let unheard = reading(&changed(STORE, "subscribes: { done: end }", "subscribes: {}"));
    let told: Vec<_> = unheard.warnings.iter().map(|told| told.message.as_str()).collect();
    let expected = [
        "nobody subscribes to event `done`, so publishing does nothing: probably not meant",
        "no request ever comes to operation `a.end`: probably not meant",
    ];
    assert_eq!(told, expected);
    assert_eq!(unheard.warnings[0].code, crate::scenario::Code::UnheardEvent);
}

#[test]
fn what_nobody_reaches_is_told_by_kind_and_no_more_than_anyone_reads() {
    let warnings = |from: &str, to: &str| {
        let told = reading(&changed(STORE, from, to)).warnings;
        told.iter().map(|told| format!("{} {}", told.code, told.message)).collect::<Vec<_>>()
    };
    let no_use = ": probably not meant";
    assert_eq!(
        warnings(
            "read: { table: t, rows: 5 }, read: u, external: third, publish: done",
            "wait: 1ms"
        ),
        [
            format!("unreached no request ever comes to tables `a.t` and `a.u`{no_use}"),
            format!("unpublished-event no operation publishes event `done`{no_use}"),
            format!("unreached no request ever comes to operation `a.end`{no_use}"),
            format!("unreached no request ever comes to third party `third`{no_use}"),
        ]
    );
    // What only an operation uses that nobody asks is asked by nobody.
    let alone = "lone: [ call: more ], more: [ external: other ], end:";
    let text = changed(STORE, "end: [", &format!("{alone} ["));
    let text = changed(&text, "third: {", "other: { latency: 1ms }, third: {");
    let told: Vec<_> = reading(&text).warnings.iter().map(|told| told.message.clone()).collect();
    assert_eq!(
        told,
        [
            format!("no request ever comes to operations `a.lone` and `a.more`{no_use}"),
            format!("no request ever comes to third party `other`{no_use}"),
        ]
    );
    let many: String = (1..=7).map(|number| format!("o{number}: [], ")).collect();
    let told = warnings("end: [", &format!("{many}end: ["));
    let five = "`a.o1`, `a.o2`, `a.o3`, `a.o4`, `a.o5` and 2 more";
    assert_eq!(told, [format!("unreached no request ever comes to operations {five}{no_use}")]);
    let told = warnings("one:\n", "one:\n    machines: { box: { cpu: 4 } }\n");
    assert_eq!(told, [format!("unreached nothing of layout `one` runs on `box`{no_use}")]);
}

#[test]
fn no_number_of_doubts_hides_a_mistake_and_too_many_are_counted() {
    let endpoints: String =
        (0..600).map(|number| format!("    e{number}: {{ share: 0, call: a.go }}\n")).collect();
    let text = changed(
        STORE,
        "workload: { arrivals: { poisson: 1/s }, endpoints: { go: { call: a.go } } }\n",
        &format!(
            "workload:\n  arrivals: {{ poisson: 1/s }}\n  endpoints:\n    go: {{ share: 1, call: a.go }}\n{endpoints}"
        ),
    );
    let told = reading(&text).warnings;
    assert_eq!(told.len(), 501);
    assert_eq!(told[500].message, "100 more warnings are not shown");
    let refused = mistakes(changed(&text, "cpu: 2, memory", "cpu: 0, memory"));
    let errors = refused.diagnostics.iter().filter(|told| told.code.text() == "out-of-range");
    assert_eq!(errors.count(), 1);
}
