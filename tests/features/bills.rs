//! Bills, and what is said of them: prices by engine and cloud, what is missing, what a default decides.

use cutline::cost::{Bill, Expense};
use cutline::report::Told;
use cutline::scenario::Code;
use cutline::study::{self, LayoutFindings, Progress, RunFindings, Verdict};

use super::ran::model;

struct Silence;

impl Progress for Silence {
    fn note(&self, _: &str) {}
}

fn study(body: &str) -> RunFindings {
    let model = model(body);
    let layouts: Vec<usize> = (0..model.layouts.len()).collect();
    match study::run(&model, &layouts, &Silence) {
        Ok(findings) => findings,
        Err(unfinished) => panic!("{body}\n{unfinished:?}"),
    }
}

fn layout<'a>(findings: &'a RunFindings, name: &str) -> &'a LayoutFindings {
    findings.layouts.get(name).unwrap_or_else(|| panic!("no layout {name}"))
}

fn of_group(bill: &Bill, group: Expense) -> f64 {
    bill.lines.iter().filter(|line| line.group == group).map(|line| line.per_month).sum()
}

fn says(found: &LayoutFindings, code: Code) -> Vec<&str> {
    let said = found.diagnostics.iter().filter(|said| said.code == code);
    said.map(|said| said.message.as_str()).collect()
}

/// Ten requests a second on one small service; `layouts` and `rest` as they are.
fn small(layouts: &str, rest: &str) -> String {
    format!(
        "application: {{ modules: {{ m: {{ tables: {{ t: {{ rows: 1k, row_size: 200B }} }}, \
         operations: {{ get: [ cpu: 1ms, read: t ] }} }} }} }}\n\
         workload: {{ arrivals: {{ poisson: 10/s }}, endpoints: {{ get: {{ call: m.get }} }} }}\n\
         layouts:\n{layouts}\n{rest}\n"
    )
}

const SHORT: &str = "run: { fixed: { duration: 5s, warmup: 1s, replications: 3 } }";

/// The body of a layout: one service of a core, and a database that is written so.
fn on(database: &str) -> String {
    format!(
        "services: {{ s: {{ modules: all, memory: 1GiB }} }}, databases: {{ main: {{ tables: all, hit: 100%, \
         {database} }} }} }}"
    )
}

#[test]
fn the_same_class_is_billed_at_the_price_of_its_engine() {
    let database = "class: db.t3.large, storage: { gp3: 20GiB }";
    let layouts = format!(
        "  postgres: {{ {}\n  mysql: {{ extends: postgres, databases: {{ main: {{ engine: mysql }} }} }}",
        on(database)
    );
    let rest = format!("platform: {{ prices: aws-us-east-1 }}\n{SHORT}");
    let findings = study(&small(&layouts, &rest));
    let server = |name: &str| of_group(&layout(&findings, name).cost, Expense::Databases);
    // A list price of 0.145 and 0.136 an hour.
    assert!((server("postgres") - 105.85).abs() < 1e-9, "{}", server("postgres"));
    assert!((server("mysql") - 99.28).abs() < 1e-9, "{}", server("mysql"));
}

#[test]
fn every_catalogue_that_ships_makes_a_whole_bill() {
    for (catalogue, nodes, class, storage) in [
        ("aws-us-east-1", "m6i.xlarge", "db.m6i.large", "gp3"),
        ("aws-ap-northeast-2", "m6i.xlarge", "db.t4g.micro", "gp3"),
        ("gcp-us-central1", "n2-standard-4", "db-custom-2-7680", "ssd"),
        ("azure-eastus", "Standard_D4s_v5", "GP_Standard_D2ds_v5", "ssd"),
    ] {
        let database = format!("class: {class}, storage: {{ {storage}: 50GiB }}");
        let layouts = format!(
            "  one: {{ {}",
            on(&database).replacen("memory: 1GiB", "memory: 1GiB, replicas: 3", 1)
        );
        let platform =
            format!("platform: {{ prices: {catalogue}, nodes: {{ class: {nodes}, zones: 3 }} }}");
        let findings = study(&small(&layouts, &format!("{platform}\n{SHORT}")));
        let bill = &layout(&findings, "one").cost;
        assert!(bill.is_whole(), "{catalogue}: {:?}", bill.missing);
        for group in [Expense::Nodes, Expense::Databases, Expense::Storage, Expense::LoadBalancer] {
            assert!(of_group(bill, group) > 0.0, "{catalogue}: {}", group.name());
        }
        assert!(of_group(bill, Expense::Traffic) > 0.0, "{catalogue}: traffic");
    }
}

#[test]
fn a_class_of_another_cloud_makes_no_machine_free() {
    let database = "class: db.t3.large, storage: { gp3: 20GiB }";
    let layouts = format!(
        "  one: {{ {}\n  two: {{ extends: one, services: {{ s: {{ replicas: 2 }} }} }}",
        on(database)
    );
    let platform = "platform: { prices: aws-us-east-1, nodes: { class: n2-standard-4, zones: 1 } }";
    let findings = study(&small(&layouts, &format!("{platform}\n{SHORT}")));
    for name in ["one", "two"] {
        let bill = &layout(&findings, name).cost;
        assert!(!bill.is_whole());
        assert!(bill.missing[0].item.contains("n2-standard-4"), "{:?}", bill.missing);
    }
    assert!(findings.comparison.iter().all(|pair| pair.metric != "cost.per_month"));
    let text = findings.tables().text(120, false);
    let row = text.lines().find(|line| line.contains("cost per month")).expect("a row of costs");
    assert!(row.matches(", incomplete").count() == 2 && !row.contains('*'), "{row}");
    assert!(
        text.contains("The bill of one is incomplete: it leaves out 1 × n2-standard-4."),
        "{text}"
    );
    assert!(!text.contains("cheapest: ") && !text.contains("Cheapest"), "{text}");
}

#[test]
fn cores_and_servers_without_a_class_make_a_bill_incomplete() {
    let layouts = format!("  one: {{ {}", on("cpu: 2, memory: 8GiB, storage: { gp3: 20GiB }"));
    let findings =
        study(&small(&layouts, &format!("platform: {{ prices: aws-us-east-1 }}\n{SHORT}")));
    let bill = &layout(&findings, "one").cost;
    let missing: Vec<&str> = bill.missing.iter().map(|missing| missing.item.as_str()).collect();
    assert_eq!(missing[..2], ["the cores of service s", "database main: its server"]);
}

#[test]
fn no_cost_stands_beside_unstable() {
    let layouts = format!(
        "  drowned: {{ {}\n  fine: {{ extends: drowned, services: {{ s: {{ cpu: 2 }} }} }}",
        on("class: db.t3.large, storage: { gp3: 20GiB }")
    );
    let body = small(
        &layouts,
        "platform: { prices: aws-us-east-1, nodes: { class: m6i.xlarge, zones: 1 } }\n\
         run: { fixed: { duration: 20s, warmup: 2s, replications: 3 } }",
    )
    .replace("poisson: 10/s", "poisson: 1500/s");
    let findings = study(&body);
    let drowned = layout(&findings, "drowned");
    assert_eq!(drowned.verdict, Verdict::Unstable);
    assert!(drowned.cost.lines.is_empty() && drowned.cost.per_million_requests.is_none());
    assert_eq!(layout(&findings, "fine").verdict, Verdict::Stable);
    let text = findings.tables().with_details().text(120, false);
    let row = text.lines().find(|line| line.contains("cost per month")).expect("a row of costs");
    assert_eq!(row.split_whitespace().nth(3), Some("–"), "{row}");
    assert!(text.contains("there is no month of it to pay for"), "{text}");
    assert!(text.contains("fine is the only layout that is shown to carry the load: $"), "{text}");
}

#[test]
fn a_size_that_nobody_gave_and_that_decides_is_named_with_its_share_and_its_field() {
    let layouts = format!("  one: {{ {}", on("class: db.t3.micro, storage: { gp3: 20GiB }"));
    let platform = "platform: { prices: aws-us-east-1, nodes: { class: t3.medium, zones: 1 } }";
    let body = small(&layouts, &format!("{platform}\n{SHORT}")).replace("10/s", "300/s");
    let findings = study(&body);
    let bill = &layout(&findings, "one").cost;
    let share = of_group(bill, Expense::Traffic) / bill.per_month;
    let said = says(layout(&findings, "one"), Code::DefaultDecides);
    let [egress, ..] = said[..] else { panic!("{said:?}") };
    assert!(
        egress.starts_with(&format!("{:.0} % of the bill (", share * 100.0)),
        "{share} {egress}"
    );
    assert!(
        egress.contains("by a default of 20KiB that is unverified (endpoint.reply)"),
        "{egress}"
    );
    assert!(egress.ends_with("set workload.endpoints.get.reply"), "{egress}");
    // Who says it decides himself.
    let given = body.replace("call: m.get }", "call: m.get, reply: 20KiB }");
    let findings = study(&given);
    let said = says(layout(&findings, "one"), Code::DefaultDecides);
    assert!(said.iter().all(|said| !said.contains("endpoint.reply")), "{said:?}");
}

#[test]
fn machines_are_no_nodes_that_a_default_fills() {
    let machine = |class: &str| {
        let layouts = "  one: { machines: { box: { class: CLASS } }, services: { s: { modules: all, machine: box } }, \
                       databases: { main: { tables: all, machine: box, memory: 1GiB, hit: 100% } } }";
        let layouts = layouts.replace("CLASS", class);
        small(
            &layouts,
            &format!(
                "platform: {{ prices: aws-us-east-1, nodes: {{ class: t3.medium }} }}\n{SHORT}"
            ),
        )
    };
    let findings = study(&machine("m6i.xlarge"));
    let found = layout(&findings, "one");
    assert!(of_group(&found.cost, Expense::Nodes) > 0.5 * found.cost.per_month);
    let said = says(found, Code::DefaultDecides);
    assert!(said.iter().all(|said| !said.contains("nodes") && !said.ends_with(' ')), "{said:?}");
    assert_eq!(of_group(&found.cost, Expense::ControlPlane), 0.0);
    // What is packed on nodes beside a machine is told with its own part alone.
    let beside = machine("m6i.xlarge").replace("modules: all, machine: box", "modules: all");
    let findings = study(&beside);
    let found = layout(&findings, "one");
    let said = says(found, Code::DefaultDecides);
    let nodes = said.iter().find(|said| said.contains("nodes, which are filled"));
    let own: Vec<_> =
        found.cost.lines.iter().filter(|line| line.item.ends_with("t3.medium")).collect();
    assert_eq!(own.len(), 1);
    let share = own[0].per_month / found.cost.per_month;
    assert_eq!(nodes.is_some(), share >= 0.2, "{share} {said:?}");
}

#[test]
fn times_that_nobody_measured_and_that_decide_are_named() {
    let layouts = format!("  one: {{ {}", on("class: db.t3.micro, storage: { gp3: 20GiB }"));
    let body = small(&layouts, &format!("platform: {{ prices: none }}\n{SHORT}"))
        .replace("workload: {", "workload: { client: internet,");
    let said = study(&body);
    let said = says(layout(&said, "one"), Code::DefaultDecides);
    let [way] = said[..] else { panic!("{said:?}") };
    assert!(way.contains(" % of the mean latency is the way between clients and entry"), "{way}");
    assert!(way.ends_with("set platform.network.internet.rtt"), "{way}");
}

#[test]
fn minutes_are_not_billed_as_a_month_without_a_word() {
    let layouts = format!(
        "  one: {{ {}\n  two: {{ extends: one, services: {{ s: {{ replicas: 9 }} }} }}",
        on("class: db.t3.large, storage: { gp3: 20GiB }")
    );
    let platform = "platform: { prices: aws-us-east-1, nodes: { class: m6i.xlarge, zones: 1 } }";
    let findings =
        study(&small(&layouts, &format!("{platform}\nrun: {{ until: 1min, replications: 3 }}")));
    let said = says(layout(&findings, "one"), Code::Bill);
    let word =
        said.iter().find(|said| said.contains("a month of 730 hours in which this run of 1 min"));
    assert!(
        word.is_some_and(|word| word.contains(" follow the load, and the rest is paid")),
        "{said:?}"
    );
    let text = findings.tables().text(120, false);
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(words.join(" ").contains("for a month of nothing but this run of 1 min"), "{text}");
}

#[test]
fn a_run_of_one_replication_names_no_winner_and_marks_none() {
    let layouts = format!(
        "  one: {{ {}\n  two: {{ extends: one, services: {{ s: {{ replicas: 9 }} }} }}",
        on("class: db.t3.large, storage: { gp3: 20GiB }")
    );
    let platform = "platform: { prices: aws-us-east-1, nodes: { class: m6i.xlarge, zones: 1 } }";
    let body = small(&layouts, &format!("{platform}\n{SHORT}"));
    let alone =
        study(&body.replace("replications: 3", "replications: 1")).tables().text(120, false);
    assert!(alone.contains("no layout is called fastest or cheapest"), "{alone}");
    let grid = alone.split("One replication").next().unwrap_or_default();
    assert!(!grid.contains('*'), "{grid}");
    let three = study(&body).tables().text(120, false);
    assert!(three.contains(" is one with $") || three.contains("one is both cheapest"), "{three}");
}

#[test]
fn prices_are_told_before_anything_is_run() {
    let layouts =
        format!("  one: {{ {}", on("engine: mysql, class: db.m6i.large, storage: { gp3: 20GiB }"));
    let platform = "platform: { prices: aws-us-east-1, nodes: { class: m6i.xlarge, zones: 2 } }";
    let model = model(&small(&layouts, &format!("{platform}\n{SHORT}")));
    let plan = cutline::plan::compile(&model, 0).unwrap_or_else(|found| panic!("{found:?}"));
    let prices = model.platform.prices.as_ref().expect("prices");
    let bill = study::price_lines(&plan, prices);
    let told = cutline::report::price_list(&prices.name, &bill);
    assert!(told.contains("1 × m6i.xlarge: $0.192 per hour\n      github.com/aws/"), "{told}");
    assert!(
        told.contains("traffic to the internet (internet egress over 150 TB): $0.05 per GB"),
        "{told}"
    );
    assert!(told.contains("database main: db.m6i.large of mysql: not billed, because"), "{told}");
    assert!(bill.lines.iter().all(|line| line.source.contains(", as of 20")), "{told}");
}

/// A monolith beside one that has as many replicas as it likes, on machines that are billed.
fn beside(replicas: u32, rate: u32, more: &str) -> RunFindings {
    study(&format!(
        "
application: {{ modules: {{ m: {{ operations: {{ go: [ cpu: 5ms ] }} }} }} }}
workload: {{ arrivals: {{ poisson: {rate}/s }}, endpoints: {{ go: {{ call: m.go }} }} }}
layouts:
  lean: {{ services: {{ s: {{ modules: all, cpu: 1, replicas: 2 }} }} }}
  ample: {{ services: {{ s: {{ modules: all, cpu: 1, replicas: {replicas} }} }} }}
platform: {{ network: none, prices: aws-us-east-1, nodes: {{ class: m6i.large }}, context_switch: none }}
run: {{ seed: 1, fixed: {{ duration: 30s, warmup: 1s, replications: 3 }} }}
{more}"
    ))
}

fn size_told(findings: &RunFindings, layout: &str) -> Option<String> {
    let mut said = findings.remarks.iter().filter(|said| said.code == Code::Sizes);
    let about = [format!("cores of {layout} are"), format!("cores of {layout} idle")];
    let of_it = |message: &String| about.iter().any(|words| message.contains(words));
    said.find(|said| of_it(&said.message)).map(|said| said.message.clone())
}

#[test]
fn a_layout_with_far_more_than_it_needs_is_told_to_be_compared_by_its_size() {
    let findings = beside(12, 200, "");
    let told = size_told(&findings, "ample").expect("twelve replicas do the work of two");
    assert!(told.contains("the bills compare sizes and not cuts"), "{told}");
    assert!(told.contains("2 instead of 12 replicas of s"), "{told}");
    assert_eq!(size_told(&findings, "lean"), None);
    let text = findings.tables().text(120, false);
    assert!(text.contains("as they are sized: see the remarks"), "{text}");
    // As many as are needed for the promise: fewer would be too slow.
    let p99 = findings.layouts.get("ample").and_then(|found| found.endpoints.get("all"));
    let p99 = p99.and_then(|all| all.latency_seconds.p99).expect("it is stable").value;
    let tight = format!("slo: {{ go: {{ p99: {}ms }} }}\n", p99 * 1.3e3);
    let told = size_told(&beside(12, 200, &tight), "ample").expect("it is as ample");
    assert!(!told.contains(" 2 instead of 12"), "{told}");
}

#[test]
fn layouts_of_a_size_are_compared_without_a_word_unless_their_cores_idle() {
    let findings = beside(3, 200, "");
    assert_eq!((size_told(&findings, "lean"), size_told(&findings, "ample")), (None, None));
    let text = findings.tables().text(120, false);
    assert!(!text.contains("as they are sized"), "{text}");
    let told = size_told(&beside(3, 20, ""), "lean").expect("nobody needs four cores for it");
    assert!(told.contains("of the paid cores of lean idle"), "{told}");
}
