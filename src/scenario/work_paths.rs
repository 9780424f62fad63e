//! Where the work of an operation is written: the paths of its `cpu` steps.

use super::Document;
use super::node::{Node, Value};

/// Key of a step that is work on a core.
const CPU: &str = "cpu";

impl Document {
    /// The path of each `cpu` step of an operation, in file order through all nesting, so that the first one is the
    /// first of [`Operation::cpu_laws_mut`](crate::model::Operation::cpu_laws_mut). Empty where there is no such
    /// operation.
    pub fn work_paths(&self, module: &str, operation: &str) -> Vec<String> {
        let keys = ["application", "modules", module, "operations", operation];
        let node = keys.iter().try_fold(self.root(), |node, key| node.get(key));
        let mut found = Vec::new();
        if let Some(node) = node {
            collect(node, &keys.join("."), &mut found);
        }
        found
    }
}

fn collect(node: &Node, path: &str, found: &mut Vec<String>) {
    match &node.value {
        Value::Scalar { .. } => {}
        Value::List(items) => {
            let numbered = items.iter().enumerate();
            numbered.for_each(|(number, item)| collect(item, &format!("{path}.{number}"), found));
        }
        Value::Map(entries) => {
            for entry in entries {
                let below = format!("{path}.{}", *entry.key);
                match entry.key.as_str() {
                    CPU => found.push(below),
                    _ => collect(&entry.value, &below, found),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cpu_step_is_found_in_the_order_of_its_laws_however_deep() {
        let text = "
cutline: 1
name: nested
application:
  modules:
    a:
      tables: { rows: { rows: 100, row_size: 100B } }
      operations:
        go:
          - cpu: 1ms
          - parallel: [ [ cpu: 2ms ], [ wait: 9ms, cpu: 3ms ] ]
          - choice: [ { share: 30%, do: [ cpu: 4ms ] } ]
          - repeat: { times: 2, do: [ cpu: 5ms ] }
          - cache: { name: c, hit: 50%, miss: [ cpu: 6ms, read: rows ] }
          - transaction: { name: t, do: [ write: rows, cpu: 7ms ] }
workload: { arrivals: { poisson: 1/s }, endpoints: { go: { call: a.go } } }
layouts:
  one:
    services: { a: { cpu: 1, threads: 4 } }
    databases: { db: { tables: all, cpu: 1, memory: 1GiB, storage: none, hit: 100% } }
platform: { network: none, prices: none }
";
        let document = Document::parse(text, "nested").unwrap_or_else(|found| panic!("{found}"));
        let paths = document.work_paths("a", "go");
        let go = "application.modules.a.operations.go";
        let below = |rest: &str| format!("{go}.{rest}");
        assert_eq!(
            paths,
            [
                "0.cpu",
                "1.parallel.0.0.cpu",
                "1.parallel.1.1.cpu",
                "2.choice.0.do.0.cpu",
                "3.repeat.do.0.cpu",
                "4.cache.miss.0.cpu",
                "5.transaction.do.1.cpu"
            ]
            .map(below)
        );
        let no_files = |name: &str| Err(format!("no {name}"));
        let mut model = document.model(&no_files).unwrap_or_else(|found| panic!("{found}")).model;
        let laws = model.application.operations[0].cpu_laws_mut();
        let means: Vec<f64> = laws.iter().map(|law| (1e3 * law.mean()).round()).collect();
        assert_eq!(means, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        for (number, path) in paths.iter().enumerate() {
            let mut edited = document.clone();
            edited.edit(path, "30ms").unwrap_or_else(|found| panic!("{found}"));
            let mut model = edited.model(&no_files).unwrap_or_else(|found| panic!("{found}")).model;
            let laws = model.application.operations[0].cpu_laws_mut();
            assert!((laws[number].mean() - 0.03).abs() < 1e-12, "{path}");
        }
        assert!(document.work_paths("a", "other").is_empty());
    }
}
