//! Scenarios that read, and what they mean.

use super::*;
use crate::model::{Action, Arrivals, DataAccess, HitShare, Length, Scheduling, Threads};
use crate::units::{Bytes, Nanos, Share};

#[test]
fn the_shop_of_the_manual_reads() {
    let reading = reading(SHOP);
    let model = &reading.model;
    assert_eq!(reading.warnings, []);
    assert_eq!(model.name.value, "shop");
    let application = &model.application;
    assert_eq!(application.modules.len(), 7);
    assert_eq!(application.operations.len(), 8);
    assert_eq!(application.tables.len(), 5);
    let rows: Vec<u64> = application.tables.iter().map(|table| table.rows).collect();
    assert_eq!(rows, [2_000_000, 1_000_000, 50_000_000, 200_000, 80_000_000]);
    assert_eq!(application.tables[3].skew, 1.1);
    let event = &application.events[0];
    let subscriber = event.subscribers[0];
    assert_eq!(application.operation_name(subscriber), "mail.confirm");

    let source = &model.workload.sources[0];
    assert_eq!(source.endpoints, [(0, 0.9), (1, 0.06), (2, 0.04)]);
    let names: Vec<&str> = model.layouts.iter().map(|layout| layout.name.as_str()).collect();
    assert_eq!(names, ["monolith", "distributed-monolith", "msa", "modular-monolith"]);
    let Length::Precision { mean, .. } = model.run.length else { panic!("not fixed") };
    assert_eq!((mean, model.run.seed), (0.02, 42));
    assert_eq!(model.slos[0].latency, [(99.0, Nanos(1_500_000_000))]);
    assert_eq!(model.studies[0].sweep[0].values.len(), 7);
    let nodes = model.platform.nodes.as_ref().unwrap();
    assert_eq!((nodes.class.name.as_str(), nodes.class.cpu, nodes.zones), ("m6i.xlarge", 4.0, 3));
    assert_eq!(nodes.class.memory, Bytes::gib(16.0));
}

#[test]
fn each_makes_a_service_per_module_and_a_database_per_module_with_tables() {
    let model = model(SHOP);
    let msa = &model.layouts[2];
    assert_eq!(msa.services.len(), 7);
    for service in &msa.services {
        let replicas = if service.name.as_str() == "storefront" { 4 } else { 2 };
        assert_eq!(service.replicas.value, replicas, "{}", service.name.value);
        assert_eq!((service.threads, service.cpu.value), (Threads::Pool(64), 1.0));
        assert_eq!(service.modules.len(), 1);
    }
    let databases: Vec<&str> =
        msa.databases.iter().map(|database| database.name.as_str()).collect();
    assert_eq!(databases, ["catalog", "cart", "orders", "inventory", "payments"]);
    assert_eq!(model.platform.protocols[msa.protocol.unwrap().index()].name, "grpc");
    let small = &msa.databases[0];
    assert_eq!((small.cpu, small.memory), (2.0, Bytes::gib(4.0)));
    // 4 GiB at 9,531,392 bytes a connection.
    assert_eq!(small.max_connections, 450);
}

#[test]
fn extends_copies_a_layout_and_merges_what_differs() {
    let model = model(SHOP);
    let (monolith, modular) = (&model.layouts[0], &model.layouts[3]);
    let service = &modular.services[0];
    assert_eq!((service.replicas.value, service.cpu.value), (4, 2.0));
    assert_eq!(service.memory, Bytes::gib(8.0));
    assert_eq!(service.modules, monolith.services[0].modules);
    assert_eq!(modular.databases, monolith.databases);
}

#[test]
fn steps_are_numbered_in_the_order_they_are_written() {
    let text = changed(
        SMALL,
        "[ cpu: { exp: 1ms } ]",
        "[ parallel: [ [ cpu: 1ms, wait: 1ms ], [ cpu: 1ms ] ], \
           choice: [ { share: 30%, do: [ fail: 2% ] } ], cpu: 1ms ]",
    );
    let steps = model(&text).application.operations[0].steps.clone();
    let sites: Vec<u32> = steps.iter().map(|step| step.site).collect();
    assert_eq!(sites, [0, 4, 6]);
    let Action::Parallel(branches) = &steps[0].action else { panic!("not parallel") };
    let inner: Vec<u32> = branches.iter().flatten().map(|step| step.site).collect();
    assert_eq!(inner, [1, 2, 3]);
    let Action::Choice(branches) = &steps[1].action else { panic!("no choice") };
    assert_eq!(branches[0].steps[0].site, 5);
}

#[test]
fn names_of_the_own_module_need_no_module() {
    let text = "\
cutline: 1
name: own
application:
  modules:
    a:
      tables: { t: { rows: 10, row_size: 1KiB } }
      operations:
        go: [ call: helper, read: t, write: { table: a.t, rows: 3, insert: true } ]
        helper: [ wait: 1ms ]
workload: { arrivals: { closed: { users: 3, think: exp(5s) } }, endpoints: { go: { call: a.go } } }
layouts:
  one:
    services: { a: {} }
    databases: { a: { cpu: 2, memory: 4GiB, storage: none, hit: { a.t: 95% }, costs: none } }
    data_access: owner
";
    let model = model(text);
    let layout = &model.layouts[0];
    assert_eq!(layout.databases[0].tables.len(), 1);
    assert_eq!(layout.data_access, DataAccess::Owner);
    assert!(
        matches!(&layout.databases[0].hit, HitShare::PerTable(given) if given[0].1 == Share(0.95))
    );
    assert!(layout.databases[0].storage.flush.is_zero());
    assert!(matches!(model.workload.sources[0].arrivals, Arrivals::Closed { users: 3, .. }));
}

#[test]
fn a_machine_of_the_layout_gives_its_cores_to_the_services_on_it() {
    let text = changed(
        SMALL,
        "services: { a: { cpu: 2, threads: 4 } }",
        "machines: { box: { cpu: 4, scheduling: fcfs } }, services: { a: { machine: box } }",
    );
    let model = model(&text);
    let service = &model.layouts[0].services[0];
    assert_eq!((service.machine, service.cpu.value), (Some(0), 4.0));
    assert_eq!(service.scheduling, Scheduling::FirstComeFirstServed);
}

#[test]
fn only_the_defaults_that_enter_the_length_of_a_run_are_told() {
    let told = |run: &str| -> Vec<&str> {
        let used = model(&format!("{SMALL}{run}")).defaults_used;
        let mut keys: Vec<&str> = used.iter().map(|used| used.key).collect();
        keys.retain(|key| key.starts_with("run.") && !key.starts_with("run.limit_"));
        keys
    };
    let all = ["run.seed", "run.precision", "run.p99_precision", "run.replications"];
    assert_eq!(told(""), all);
    let others = [&all[..2], &all[3..]].concat();
    assert_eq!(told("run: { p99_precision: 5% }\n"), others);
    let fixed = told("run: { fixed: { duration: 2s } }\n");
    assert_eq!(fixed, ["run.seed", "run.warmup", "run.replications"]);
    let until = told("run: { until: 2s }\n");
    assert_eq!(until, ["run.seed", "run.windows", "run.replications"]);
    let mistaken = "run: { fixed: { duration: 2s }, precision: 0% }\n";
    assert!(mistakes(format!("{SMALL}{mistaken}")).to_string().contains("at least"));
}

#[test]
fn every_default_that_enters_is_told_with_its_place() {
    let model = model(SMALL);
    let told = |path: &str| model.defaults_used.iter().find(|used| used.path == path);
    assert_eq!(told("layouts.one.services.a.queue").unwrap().key, "service.queue");
    assert_eq!(told("workload.endpoints.go.reply").unwrap().key, "endpoint.reply");
    assert!(told("layouts.one.services.a.cpu").is_none());
    for used in &model.defaults_used {
        assert!(!crate::model::default_value(used.key).source.is_empty(), "{}", used.key);
    }
}

#[test]
fn a_network_of_none_leaves_no_protocol() {
    let model = model(SMALL);
    assert!(model.platform.network.is_none());
    assert_eq!(model.layouts[0].protocol, None);
}

#[test]
fn an_endpoint_with_its_own_arrivals_is_a_source_of_its_own() {
    let text = changed(
        SMALL,
        "endpoints: { go: { call: a.go } }",
        "endpoints: { go: { call: a.go }, cron: { call: a.go, arrivals: { deterministic: 2/min } } }",
    );
    let sources = model(&text).workload.sources;
    assert_eq!(sources.len(), 2);
    assert_eq!(
        (sources[1].name.as_str(), sources[1].endpoints.as_slice()),
        ("cron", &[(1, 1.0)][..])
    );
}

#[test]
fn anchors_merge_keys_byte_order_mark_and_crlf_are_taken() {
    let text = "\u{feff}".to_string() + SMALL;
    let text = text.replace(
        "layouts: { one: { services: { a: { cpu: 2, threads: 4 } } } }",
        "layouts:\n  one: { services: { a: &svc { cpu: 2, threads: 4 } } }\n  two: { services: { a: { <<: *svc, threads: 8 } } }",
    );
    let model = model(&text.replace('\n', "\r\n"));
    let two = &model.layouts[1].services[0];
    assert_eq!((two.cpu.value, two.threads), (2.0, Threads::Pool(8)));
}

#[test]
fn words_that_old_yaml_took_for_truth_stay_names() {
    let text = SMALL.replace("a: {", "on: {").replace("a.go", "on.no").replace("go: [", "no: [");
    let model = model(&text);
    assert_eq!(model.application.modules[0].name.value, "on");
    assert_eq!(model.application.operations[0].name.value, "no");
}

#[test]
fn json_is_read_as_it_is() {
    let text = r#"{"cutline": 1, "name": "j", "application": {"modules": {"a": {"operations":
        {"go": [{"cpu": "1ms"}]}}}}, "workload": {"arrivals": {"poisson": "1/s"}, "endpoints":
        {"go": {"call": "a.go"}}}, "layouts": {"one": {"services": {"a": {"cpu": 1}}}}}"#;
    assert_eq!(model(text).name.value, "j");
}

#[test]
fn a_users_price_file_is_read() {
    let files = |_: &str| Ok("kind,sku,vcpu,mem_gib,unit,eur\nvm,box,8,32,hour,0.5\n".to_string());
    let text =
        changed(SMALL, "network: none", "network: none, prices: mine.csv, nodes: { class: box }");
    let reading = read(text, "test.yaml", &[], &files).unwrap_or_else(|e| panic!("{e}"));
    let platform = &reading.model.platform;
    assert_eq!(platform.prices.as_ref().unwrap().currency, "EUR");
    assert_eq!(platform.nodes.as_ref().unwrap().class.cpu, 8.0);
}

#[test]
fn zipf_exponents_of_0_and_5_are_taken() {
    for (text, skew) in [("0", 0.0), ("5", 5.0)] {
        let text = changed(SHOP, "skew: 1.1", &format!("skew: {text}"));
        assert_eq!(model(&text).application.tables[3].skew, skew);
    }
}

#[test]
fn a_class_that_no_catalogue_has_is_taken_with_its_size() {
    let text = changed(SHOP, "class: m6i.xlarge", "class: own-box, cpu: 32, memory: 64GiB");
    let nodes = model(&text).platform.nodes.unwrap();
    assert_eq!((nodes.class.cpu, nodes.class.memory), (32.0, Bytes::gib(64.0)));
}

#[test]
fn a_price_column_names_its_currency() {
    let text = changed(SMALL, "network: none", "network: none, prices: mine.csv");
    for currency in ["usd", "eur", "gbp", "krw"] {
        let files = |_: &str| Ok(format!("kind,sku,unit,{currency}\nvm,box,hour,0.5\n"));
        let reading =
            read(text.clone(), "test.yaml", &[], &files).unwrap_or_else(|e| panic!("{e}"));
        let prices = reading.model.platform.prices.unwrap();
        assert_eq!(prices.currency, currency.to_uppercase());
        assert_eq!(prices.prices[0].price.0, 0.5);
    }
}

#[test]
fn every_shipped_catalogue_prices_its_classes_with_source_and_date() {
    for (name, class) in [
        ("aws-us-east-1", "m6i.xlarge"),
        ("aws-ap-northeast-2", "m6i.xlarge"),
        ("gcp-us-central1", "n2-standard-4"),
        ("azure-eastus", "Standard_D4s_v5"),
    ] {
        let text = changed(
            SMALL,
            "network: none",
            &format!("network: none, prices: {name}, nodes: {{ class: {class} }}"),
        );
        let platform = model(&text).platform;
        let class = platform.nodes.unwrap().class.value;
        assert_eq!((class.cpu, class.memory), (4.0, Bytes::gib(16.0)), "{name}");
        let prices = platform.prices.unwrap();
        assert!(
            prices.prices.iter().all(|price| !price.source.is_empty() && price.as_of.len() == 10)
        );
        assert!(prices.find("vm", &class.name).unwrap().price.0 > 0.1);
    }
}
