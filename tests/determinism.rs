//! A run is a pure function of scenario, layout, seed and replication: the same bytes twice, on one thread
//! and on many, from a file and from a pipe; and nothing that a layout does not use can move its figures.

mod demands;
mod fingerprint;
mod golden;
mod provenance;
mod traces;

use assert_cmd::Command;
use cutline::model::Model;
use cutline::report::Told;
use cutline::study::{self, Progress, RunFindings, Workers};
use serde_json::Value;

/// Calls, branches, a join over two databases, a transaction, row locks, an event, a cache, a third party,
/// a network between zones, and a bill: something of everything that draws, waits or is placed.
const STORE: &str = include_str!("determinism/store.yaml");

struct Silent;

impl Progress for Silent {
    fn note(&self, _: &str) {}
}

fn model(text: &str) -> Model {
    let loader = |name: &str| match name {
        "at.csv" => Ok((0..2_000).map(|number| format!("{}ms\n", 6 * number)).collect()),
        "asked.csv" => {
            let asked = |number| if number % 7 == 0 { "buy" } else { "home" };
            Ok((0..2_000).map(|number| format!("{}ms, {}\n", 6 * number, asked(number))).collect())
        }
        other => Err(format!("no {other}")),
    };
    let reading = cutline::scenario::read(text, "store.yaml", &[], &loader);
    reading.unwrap_or_else(|refused| panic!("{refused}")).model
}

fn run(text: &str, layouts: &[usize]) -> RunFindings {
    let found = study::run(&model(text), layouts, &Silent);
    found.unwrap_or_else(|diagnostics| panic!("{diagnostics:?}"))
}

/// results.json of the layouts, simulated on so many threads.
fn results(text: &str, layouts: &[usize], threads: usize) -> String {
    let threads = Workers::new(threads).expect("the system gives some threads");
    threads.run(|| run(text, layouts).json())
}

/// What was found for one layout.
fn layout(text: &str, layouts: &[usize], name: &str) -> Value {
    let text = results(text, layouts, 1);
    let mut document: Value = serde_json::from_str(&text).expect("results are JSON");
    let mut found = document["layouts"][name].take();
    assert!(found.is_object(), "there is a layout {name}");
    // The list of resources is in the order of the file.
    let resources = found["utilisation"].as_array_mut().expect("a list");
    resources.sort_by_key(|used| used["resource"].to_string());
    found
}

/// `text` with `from` replaced, which must be there once.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from} is there once");
    text.replace(from, to)
}

#[test]
fn two_runs_give_the_same_bytes() {
    assert_eq!(results(STORE, &[0, 1, 2], 1), results(STORE, &[0, 1, 2], 1));
}

#[test]
fn one_thread_two_and_eight_give_the_same_bytes() {
    let one = results(STORE, &[0, 1, 2], 1);
    assert_eq!(one, results(STORE, &[0, 1, 2], 2), "two");
    assert_eq!(one, results(STORE, &[0, 1, 2], 8), "eight");
}

#[test]
fn any_number_of_threads_up_to_sixteen_gives_the_same_bytes() {
    let short = changed(STORE, "duration: 12s, warmup: 2s", "duration: 2s, warmup: 500ms");
    let one = results(&short, &[1], 1);
    for threads in 2..=16 {
        assert_eq!(one, results(&short, &[1], threads), "{threads} threads");
    }
}

#[test]
fn layouts_asked_for_in_another_order_have_the_same_figures() {
    let names = ["whole", "cut", "apart"];
    for order in [[2, 0, 1], [1, 2, 0], [2, 1, 0]] {
        for name in names {
            assert_eq!(layout(STORE, &[0, 1, 2], name), layout(STORE, &order, name), "{name}");
        }
    }
}

#[test]
fn what_is_printed_and_drawn_moves_no_figure() {
    let folder = tempfile::tempdir().expect("a folder");
    let short = changed(STORE, "duration: 12s, warmup: 2s", "duration: 1s, warmup: 200ms");
    let written = |out: &str, arguments: &[&str]| {
        let mut command = Command::cargo_bin("cutline").expect("the binary is built");
        let out = folder.path().join(out);
        let command = command.args(["run", "-", "--layout", "whole", "--out"]).arg(&out);
        command.args(arguments).write_stdin(short.as_str()).assert().success();
        let files = std::fs::read_dir(&out).expect("results").map(|entry| {
            let path = entry.expect("a file").path();
            let bytes = std::fs::read(&path).expect("it can be read");
            (path.file_name().expect("a name").to_owned(), bytes)
        });
        files.collect::<std::collections::BTreeMap<_, _>>()
    };
    let table = written("table", &["--threads", "1"]);
    assert!(table.len() > 10, "tables and charts: {}", table.len());
    assert!(table == written("csv", &["--format", "csv", "--threads", "3"]), "CSV");
    assert!(table == written("quiet", &["--quiet", "--verbose"]), "nothing printed");
}

#[test]
fn a_pilot_finds_the_same_length_on_any_number_of_threads() {
    let text = changed(
        STORE,
        "fixed: { duration: 12s, warmup: 2s, replications: 4 }",
        "precision: 20%, replications: 4",
    );
    assert_eq!(results(&text, &[0], 1), results(&text, &[0], 3));
}

#[test]
fn a_layout_has_the_same_figures_in_any_company() {
    let names = ["whole", "cut", "apart"];
    for (index, name) in names.iter().enumerate() {
        let alone = layout(STORE, &[index], name);
        assert_eq!(alone, layout(STORE, &[0, 1, 2], name), "{name} among all");
        let other = (index + 1) % names.len();
        let pair = [index.min(other), index.max(other)];
        assert_eq!(alone, layout(STORE, &pair, name), "{name} in a pair");
    }
}

#[test]
fn a_layout_added_before_the_others_moves_none_of_their_figures() {
    let more = changed(
        STORE,
        "layouts:\n",
        "layouts:\n  first:\n    services: { bulk: { modules: all, cpu: 3 } }\n    \
         databases: { db: { tables: all, class: db.m6i.2xlarge } }\n",
    );
    for (index, name) in ["whole", "cut", "apart"].iter().enumerate() {
        let before = layout(STORE, &[index], name);
        assert_eq!(before, layout(&more, &[0, index + 1], name), "{name}");
    }
}

#[test]
fn a_table_and_an_operation_that_nothing_uses_move_no_figure_of_a_request() {
    let more = changed(
        STORE,
        "        goods: {",
        "        unused: { rows: 5M, row_size: 1KiB }\n        goods: {",
    );
    let more = changed(
        &more,
        "        list:\n",
        "        idle: [ cpu: { exp: 5ms }, read: unused ]\n        list:\n",
    );
    for (index, name) in ["whole", "cut", "apart"].iter().enumerate() {
        let mut after = layout(&more, &[index], name);
        // The tables that a database holds are listed, used or not.
        for database in after["databases"].as_object_mut().expect("a map").values_mut() {
            for by_table in ["hit_share", "lock_wait_by_table"] {
                let tables = database[by_table].as_object_mut().expect("a map");
                tables.remove("goods.unused");
            }
        }
        assert_eq!(layout(STORE, &[index], name), after, "{name}");
    }
}

#[test]
fn a_service_that_nothing_calls_moves_no_figure_of_the_others() {
    // Smaller than every other, so it is packed last and moves no instance to another node.
    let more = changed(
        STORE,
        "  modules:\n",
        "  modules:\n    idle: { operations: { nothing: [ cpu: 1ms ] } }\n",
    );
    let more = changed(
        &more,
        "    services: # cut\n",
        "    services: # cut\n      idle: { modules: [ idle ], cpu: 0.01, memory: 1MiB }\n",
    );
    let mut after = layout(&more, &[1], "cut");
    let idle = after["services"].as_object_mut().and_then(|all| all.remove("idle"));
    let idle = idle.expect("it is reported");
    assert_eq!(idle["arrivals_per_second"]["value"], 0.0);
    let resources = after["utilisation"].as_array_mut().expect("a list");
    resources.retain(|used| !used["resource"].to_string().contains("idle "));
    assert_eq!(layout(STORE, &[1], "cut"), after);
}

#[test]
fn services_in_another_order_have_the_same_figures() {
    let text =
        "      orders: { modules: [ orders ], replicas: 2, cpu: 1, memory: 1GiB, threads: 16 }\n";
    let without = changed(STORE, text, "");
    let first = "    services: # cut\n";
    let moved = changed(&without, first, &format!("{first}{text}"));
    // Objects of `serde_json` compare by name, whatever their order.
    assert_eq!(layout(STORE, &[1], "cut"), layout(&moved, &[1], "cut"));
    assert_ne!(results(STORE, &[1], 1), results(&moved, &[1], 1), "it moved");
}

#[test]
fn another_seed_gives_other_figures_and_the_same_seed_the_same() {
    let other = changed(STORE, "seed: 7", "seed: 8");
    let mean = |text: &str| {
        layout(text, &[0], "whole")["endpoints"]["all"]["latency_seconds"]["mean"]["value"].clone()
    };
    assert_ne!(mean(STORE), mean(&other));
    assert_eq!(mean(STORE), mean(STORE));
}

#[test]
fn two_layouts_that_are_alike_differ_by_exactly_nothing() {
    let twin = "layouts:\n  twin:\n    extends: cut\n    services: { orders: { replicas: 2 } }\n";
    let text = changed(STORE, "layouts:\n", twin);
    let found = run(&text, &[0, 2]);
    assert!(!found.comparison.is_empty(), "they are compared");
    for comparison in &found.comparison {
        let difference = comparison.difference;
        assert_eq!(difference.value, 0.0, "{}", comparison.metric);
        assert_eq!(difference.ci95, Some([0.0, 0.0]), "{}", comparison.metric);
    }
}

/// Without a network and statements, a request is its arrival, its branches and its work: in any layout
/// that finishes what comes, the same requests arrive and the same CPU time is spent.
#[test]
fn a_request_needs_the_same_work_in_every_layout() {
    let text = include_str!("determinism/work.yaml");
    let found = run(text, &[0, 1, 2]);
    // Every service of the file has one instance of eight cores.
    let busy: Vec<f64> = found
        .layouts
        .iter()
        .map(|(_, layout)| {
            let shares = layout.services.iter();
            let shares = shares.filter_map(|(_, service)| service.cpu_utilisation);
            8.0 * shares.map(|share| share.value).sum::<f64>()
        })
        .collect();
    let counted: Vec<u64> = found
        .layouts
        .iter()
        .map(|(_, layout)| {
            let all = layout.endpoints.get("all").expect("all endpoints together");
            let outcomes = &all.outcomes;
            outcomes.ok + outcomes.failed
        })
        .collect();
    // Requests under way at the edges of the measured time are all that may differ.
    for index in 1..busy.len() {
        assert!(
            (busy[index] / busy[0] - 1.0).abs() < 1e-3,
            "work {} against {}",
            busy[index],
            busy[0]
        );
        assert!(counted[index].abs_diff(counted[0]) <= 40, "{counted:?} requests");
    }
    assert!(busy[0] > 1.0 && counted[0] > 10_000, "{busy:?} {counted:?}");
}

#[test]
fn requests_of_every_process_come_alike_on_all_threads_in_all_layouts_and_from_all_clients() {
    for arrivals in [
        "mmpp: { states: [ { rate: 40/s, stay: 2s }, { rate: 140/s, stay: 0.7s } ] }",
        "batch: { rate: 20/s, size: { geometric: { mean: 4 } } }",
        "profile: { sine: { mean: 80/s, amplitude: 60/s, period: 5s } }",
        "trace: { file: at.csv, every: 13s }",
        "trace: { file: asked.csv, every: 13s }",
    ] {
        let mut text = changed(STORE, "poisson: 150/s", arrivals);
        if arrivals.contains("asked") {
            text = changed(&changed(&text, "share: 80, ", ""), "share: 20, ", "");
        }
        let one = results(&text, &[0, 1, 2], 1);
        assert_eq!(one, results(&text, &[0, 1, 2], 3), "{arrivals}");
        // Each layout alone and with clients far away has the same requests as all together.
        let came = |found: &Value| -> Vec<Value> {
            let offered = |name: &str| found["endpoints"][name]["offered_per_second"].clone();
            ["home", "buy", "all"].map(offered).to_vec()
        };
        let far = changed(&text, "workload:\n", "workload:\n  client: internet\n");
        let expected = came(&layout(&text, &[0, 1, 2], "whole"));
        assert!(expected[2]["value"].as_f64().is_some_and(|rate| rate > 50.0), "{expected:?}");
        for (index, name) in ["whole", "cut", "apart"].iter().enumerate() {
            assert_eq!(came(&layout(&text, &[index], name)), expected, "{name}: {arrivals}");
            assert_eq!(came(&layout(&far, &[index], name)), expected, "{name}, far: {arrivals}");
        }
    }
}

#[test]
fn a_file_and_standard_input_give_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("store.yaml");
    std::fs::write(&file, STORE).expect("a file");
    let cutline = |input: &std::path::Path, out: &str| {
        let mut command = Command::cargo_bin("cutline").expect("the binary is built");
        let out = folder.path().join(out);
        let command = command.arg("run").arg(input).args(["--layout", "whole"]);
        let command = command.args(["--format", "json", "--out"]).arg(&out);
        let done = command.write_stdin(STORE).assert().success();
        let printed = done.get_output().stdout.clone();
        (printed, std::fs::read(out.join("results.json")).expect("results"))
    };
    let (printed, written) = cutline(&file, "from-file");
    assert_eq!((printed, written), cutline("-".as_ref(), "from-pipe"));
}
