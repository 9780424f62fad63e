//! Licences, sources and duplicates of every dependency, against `deny.toml`, without a network.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The texts of a list in `deny.toml`.
fn listed(key: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    let text = std::fs::read_to_string(path).expect("deny.toml is there");
    let start = format!("{key} = [");
    let line = text.lines().find_map(|line| line.strip_prefix(&start));
    let line = line.unwrap_or_else(|| panic!("deny.toml has a list {key}"));
    let parts = line.split('"').skip(1).step_by(2);
    parts.map(str::to_string).collect()
}

/// Every package that this machine builds, as cargo tells it.
fn packages() -> Vec<Value> {
    let host = Command::new(env!("CARGO")).args(["-vV"]).output().expect("cargo runs");
    let host = String::from_utf8(host.stdout).expect("cargo speaks UTF-8");
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command.args(["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform"]);
    let output = command.arg(host).output().expect("cargo runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo speaks JSON");
    metadata["packages"].as_array().expect("there are packages").clone()
}

/// Whether one may choose allowed licences only.
fn allows(expression: &str, allowed: &[String]) -> bool {
    let bare = expression.replace(['(', ')'], "").replace('/', " OR ");
    bare.split(" AND ").all(|all| {
        let mut choices = all.split(" OR ").map(str::trim);
        choices.any(|choice| allowed.iter().any(|allowed| allowed == choice))
    })
}

#[test]
fn an_expression_is_allowed_where_one_of_each_part_is() {
    let allowed = ["MIT".to_string(), "Unicode-3.0".to_string()];
    for fine in ["MIT", "MIT/GPL-2.0", "GPL-2.0 OR MIT", "(MIT OR GPL-2.0) AND Unicode-3.0"] {
        assert!(allows(fine, &allowed), "{fine}");
    }
    for refused in ["GPL-2.0", "", "MIT AND GPL-2.0", "MIT-0"] {
        assert!(!allows(refused, &allowed), "{refused}");
    }
}

#[test]
fn every_dependency_has_an_allowed_licence_and_comes_from_the_registry() {
    let allowed = listed("allow");
    let registries = listed("allow-registry");
    let packages = packages();
    assert!(packages.len() > 50, "{} packages", packages.len());
    for package in packages {
        let name = &package["name"];
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(allows(licence, &allowed), "{name}: {licence}");
        if let Some(source) = package["source"].as_str() {
            let known = registries.iter().any(|known| source.ends_with(known.as_str()));
            assert!(known, "{name}: {source}");
        }
    }
}

#[test]
fn no_dependency_is_there_twice_but_for_those_that_are_known() {
    let mut versions: BTreeMap<String, u32> = BTreeMap::new();
    for package in packages() {
        *versions.entry(package["name"].to_string().replace('"', "")).or_default() += 1;
    }
    let skipped = listed("skip");
    let twice = versions.iter().filter(|(name, count)| **count > 1 && !skipped.contains(name));
    let twice: Vec<&String> = twice.map(|(name, _)| name).collect();
    assert!(twice.is_empty(), "{twice:?}");
}
