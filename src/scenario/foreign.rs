//! Files that are given for a scenario and are something else.

use super::node::Node;
use super::visible::quoted;
use super::{Code, Diagnostic};

/// Fields one of which every scenario has, however unfinished.
const OWN: [&str; 10] = [
    "cutline",
    "name",
    "about",
    "application",
    "workload",
    "layouts",
    "platform",
    "run",
    "slo",
    "studies",
];

/// What the tree is, if it is no scenario.
pub(super) fn foreign(root: &Node) -> Option<Diagnostic> {
    let first = root.entries()?.first()?;
    let has = |key: &str| root.get(key).is_some();
    // A Compose file may have a `name`, and results have the version of cutline and layouts.
    let is_begun = ["cutline", "application", "workload", "layouts"].iter().any(|key| has(key));
    let begin = "`cutline init` writes a scenario to begin with";
    let (what, hint) = if has("cutline") && has("scenario_hash") {
        let hint = "give the scenario that it is from; `cutline report` draws results again, and \
                    `cutline compare` sets two beside each other";
        ("this is a result of cutline, no scenario".to_string(), hint.to_string())
    } else if has("apiVersion") && has("kind") && !is_begun {
        let hint = format!("{begin}: containers and their limits become services of a layout");
        ("this is a Kubernetes file, no scenario".to_string(), hint)
    } else if has("services") && !is_begun {
        let hint = format!("{begin}: services and databases stand under a layout there");
        ("this is a Compose file, no scenario".to_string(), hint)
    } else if !OWN.iter().any(|key| has(key)) {
        let what = format!("this is no scenario: it begins with {}", quoted(&first.key));
        (what, format!("a scenario begins with `cutline: 1`; {begin}"))
    } else {
        return None;
    };
    Some(Diagnostic::new(Code::NotAScenario, what, first.key.span).hint(hint))
}
