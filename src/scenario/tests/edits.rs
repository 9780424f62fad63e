//! `path = value`.

use super::*;
use crate::model::{Arrivals, Length, Threads};
use crate::scenario::Document;
use crate::units::{Nanos, PerSecond};

fn refusal(text: &str, path: &str, value: &str) -> Refused {
    edited(text, path, value).expect_err("this edit must be refused")
}

#[test]
fn an_edit_changes_the_value_at_its_path() {
    let model = edited(SHOP, "workload.arrivals.poisson", "800/s").unwrap().model;
    assert_eq!(model.workload.sources[0].arrivals, Arrivals::Poisson(PerSecond(800.0)));
    let model = edited(SHOP, "layouts.msa.services.each.replicas", "3").unwrap().model;
    assert!(
        model.layouts[2].services.iter().filter(|service| service.replicas.value == 3).count() == 6
    );
    let path = "application.modules.storefront.operations.checkout.0.cpu";
    assert!(edited(SHOP, path, "{ exp: 4ms }").is_ok());
}

#[test]
fn an_edit_of_a_layout_reaches_those_that_extend_it() {
    let model = edited(SHOP, "layouts.monolith.services.shop.memory", "2GiB").unwrap().model;
    assert_eq!(model.layouts[3].services[0].memory.as_gib(), 2.0);
}

#[test]
fn an_edit_makes_the_maps_that_a_file_may_leave_out() {
    let model = edited(SMALL, "run.fixed.duration", "10s").unwrap().model;
    let expected = Length::Fixed { duration: Nanos(10_000_000_000), warmup: Nanos(1_000_000_000) };
    assert_eq!(model.run.length, expected);
    let model = edited(SHOP, "layouts.msa.services.cart.threads", "async").unwrap().model;
    let cart = model.layouts[2].services.iter().find(|service| service.name.as_str() == "cart");
    assert_eq!(cart.unwrap().threads, Threads::Async { max_in_flight: None });
    let path = "layouts.modular-monolith.databases.main.pool";
    let model = edited(SHOP, path, "7").unwrap().model;
    assert_eq!(
        (model.layouts[0].databases[0].pool.value, model.layouts[3].databases[0].pool.value),
        (20, 7)
    );
}

#[test]
fn an_unknown_path_shows_the_nearest_name() {
    let refused = refusal(SHOP, "layouts.msa.servces.each.replicas", "3");
    let expected = "\
error[unknown-path]: `layouts.msa` has no `servces`
  ┌─ --set:1:13
1 │ layouts.msa.servces.each.replicas=3
  │             ^^^^^^^ did you mean `services`?
";
    assert_eq!(refused.to_string(), expected);
    let refused = refusal(SHOP, "application.modules.storefront.operations.home.9.cpu", "1ms");
    assert!(refused.diagnostics[0].message.ends_with("is a list of 2; it has no `9`"), "{refused}");
    let refused = refusal(SHOP, "name.first", "x");
    assert_eq!(refused.diagnostics[0].message, "`name` is `shop` here; it has no `first`");
}

#[test]
fn a_new_last_name_is_judged_by_decoding() {
    let refused = refusal(SHOP, "workload.arrival", "{ poisson: 1/s }");
    assert_eq!(summary(&refused.diagnostics[0], &refused), "unknown-field 1 arrival");
    assert_eq!(refused.diagnostics[0].hint.as_deref(), Some("did you mean `arrivals`?"));
}

#[test]
fn a_mistaken_value_is_drawn_where_it_was_set() {
    let refused = refusal(SHOP, "workload.arrivals.poisson", "800");
    let expected = "\
error[missing-unit]: `800` has no unit
  ┌─ --set:1:27
1 │ workload.arrivals.poisson=800
  │                           ^^^ ";
    assert!(refused.to_string().starts_with(expected), "{refused}");
}

#[test]
fn a_single_value_takes_no_whole_map() {
    let refused = refusal(SHOP, "layouts.monolith.services.shop", "3");
    assert_eq!(refused.diagnostics[0].code.text(), "edit-of-a-map");
    assert!(edited(SHOP, "workload.arrivals", "{ deterministic: 1/s }").is_ok());
    // A map with one key may be an alternative to a single value.
    let path = "layouts.monolith.databases.main.storage";
    assert!(edited(SHOP, path, "none").is_ok());
}

#[test]
fn a_value_that_is_no_yaml_or_nothing_is_refused() {
    assert_eq!(refusal(SHOP, "run.seed", "").diagnostics[0].code.text(), "missing-value");
    assert_eq!(refusal(SHOP, "run.seed", "{ a").diagnostics[0].code.text(), "syntax");
    assert_eq!(refusal(SHOP, "run..seed", "1").diagnostics[0].code.text(), "unknown-path");
    assert_eq!(refusal(SHOP, "", "1").diagnostics[0].code.text(), "unknown-path");
}

#[test]
fn mistakes_of_edits_and_of_the_file_are_told_together() {
    let text = changed(SMALL, "threads: 4", "threads: 0");
    let edits = ["platfrom.network=none", "run.seed=x"].map(|text| text.parse::<Edit>().unwrap());
    let refused = read(text, "test.yaml", &edits, &no_files).expect_err("refused");
    let codes: Vec<_> = refused.diagnostics.iter().map(|d| d.code.text()).collect();
    assert_eq!(codes, ["out-of-range", "unknown-path", "bad-value"]);
}

#[test]
fn a_name_with_dots_is_found_by_its_path() {
    let text = changed(SMALL, "{ one: {", "{ v1.2: {");
    let model = edited(&text, "layouts.v1.2.services.a.cpu", "7").unwrap().model;
    assert_eq!(model.layouts[0].services[0].cpu.value, 7.0);
}

#[test]
fn a_document_is_edited_and_read_again_and_again() {
    let document = Document::parse(SHOP, "shop.yaml").unwrap();
    for value in ["100/s", "200/s"] {
        let mut copy = document.clone();
        copy.edit("workload.arrivals.poisson", value).unwrap();
        let model = copy.model(&no_files).unwrap().model;
        let rate = Arrivals::Poisson(value.parse().unwrap());
        assert_eq!(model.workload.sources[0].arrivals, rate);
    }
    let mut copy = document.clone();
    assert!(copy.edit("no.such.path", "1").is_err());
    assert_eq!(copy.model(&no_files).unwrap().model, document.model(&no_files).unwrap().model);
}

#[test]
fn an_edit_is_written_with_an_equals_sign() {
    let edit: Edit = "run.seed = 7".parse().unwrap();
    assert_eq!((edit.path.as_str(), edit.value.as_str()), ("run.seed", "7"));
    assert!("run.seed".parse::<Edit>().unwrap_err().hint.contains("poisson=800/s"));
    assert!("=3".parse::<Edit>().is_err());
}
