//! Files are read in an order: no file imports one that imports it, directly or through others.

use std::collections::BTreeMap;

use super::exceptions::Complaint;
use super::imports::Imports;
use super::source::Source;

/// Most names that are followed from one to the next, against a `use` that leads to itself.
const LONGEST_WAY: usize = 20;

/// Which file takes something that another one defines. Names are followed through re-exports to the
/// file that defines them; a method is seen nowhere, as it is called without an import.
pub(super) struct Graph {
    /// By its path below the root of the crate: the number of its file and what that says.
    modules: BTreeMap<Vec<String>, (usize, Imports)>,
    /// For each file, the numbers of those that it imports from, in order, each once.
    targets: Vec<Vec<usize>>,
}

impl Graph {
    pub(super) fn new(sources: &[Source]) -> Self {
        let files = sources.iter().enumerate().filter(|(_, source)| !source.is_test);
        // The program itself is a crate of its own, above all others.
        let files = files.filter(|(_, source)| source.path != "main.rs");
        let modules =
            files.map(|(index, source)| (place(&source.path), (index, Imports::new(source))));
        let mut graph =
            Graph { modules: modules.collect(), targets: vec![Vec::new(); sources.len()] };
        for (module, (index, imports)) in &graph.modules {
            let mut targets = graph.imported(module, imports);
            targets.retain(|target| target != index);
            targets.sort_unstable();
            targets.dedup();
            graph.targets[*index] = targets;
        }
        graph
    }

    /// (importing, imported) for every pair of files.
    pub(super) fn edges(&self) -> impl Iterator<Item = (usize, usize)> {
        let each = self.targets.iter().enumerate();
        each.flat_map(|(from, targets)| targets.iter().map(move |to| (from, *to)))
    }

    /// The files that a module imports from. A re-export is an import only where the code uses it, and an
    /// imported module is one only where nothing of it is named.
    fn imported(&self, module: &[String], imports: &Imports) -> Vec<usize> {
        let mut targets = Vec::new();
        for binding in &imports.bindings {
            let used_here = !binding.public || imports.mentions(&binding.name);
            let glob = binding.name == "*";
            let through = imports.paths.iter().any(|path| path[0] == binding.name);
            let is_module = self.module_of(module, &binding.path).is_some();
            if used_here && (glob || !(is_module && through)) {
                targets.extend(self.file(module, &binding.path, 0));
            }
        }
        for path in &imports.paths {
            targets.extend(self.file(module, path, 0));
        }
        targets
    }

    /// The module that a path is, where it is one.
    fn module_of(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let (mut at, names) = self.start(module, path)?;
        at.extend(names.iter().cloned());
        self.modules.contains_key(&at).then_some(at)
    }

    /// The module at which a path begins, and the names that follow. `None` for another crate.
    fn start<'a>(
        &self,
        module: &[String],
        path: &'a [String],
    ) -> Option<(Vec<String>, &'a [String])> {
        let first = path.first()?;
        if first == "crate" {
            return Some((Vec::new(), &path[1..]));
        }
        let ups = path.iter().take_while(|name| *name == "super").count();
        if ups > 0 {
            return Some((module[..module.len().checked_sub(ups)?].to_vec(), &path[ups..]));
        }
        if first == "self" {
            return Some((module.to_vec(), &path[1..]));
        }
        let (_, imports) = self.modules.get(module)?;
        let known = imports.children.contains(first)
            || imports.bindings.iter().any(|binding| binding.name == *first);
        known.then(|| (module.to_vec(), path))
    }

    /// The file that defines what a path, written in a module, leads to.
    fn file(&self, module: &[String], path: &[String], followed: usize) -> Option<usize> {
        let (mut at, names) = self.start(module, path)?;
        for (index, name) in names.iter().enumerate() {
            let rest = &names[index + 1..];
            let mut child = at.clone();
            child.push(name.clone());
            let goes_on = self.modules.contains_key(&child);
            let Some((file, imports)) = self.modules.get(&at) else {
                // A folder whose own file is not there.
                at = child;
                continue;
            };
            if imports.items.contains(name) && (rest.is_empty() || !goes_on) {
                return Some(*file);
            }
            let binding = imports.bindings.iter().find(|binding| binding.name == *name);
            if let Some(binding) = binding.filter(|_| rest.is_empty() || !goes_on) {
                if followed == LONGEST_WAY {
                    return None;
                }
                let path: Vec<String> = binding.path.iter().chain(rest).cloned().collect();
                return self.file(&at, &path, followed + 1);
            }
            if !goes_on {
                let globs = imports.bindings.iter().filter(|binding| binding.name == "*");
                let mut globs = globs.filter_map(|glob| {
                    let path = &glob.path[..glob.path.len() - 1];
                    let module = self.module_of(&at, path)?;
                    let (file, imports) = self.modules.get(&module)?;
                    imports.items.contains(name).then_some(*file)
                });
                return globs.next().or(Some(*file));
            }
            at = child;
        }
        self.modules.get(&at).map(|(file, _)| *file)
    }

    /// The files that one imports from, directly or through others.
    fn reached(&self, from: usize) -> Vec<bool> {
        let mut reached = vec![false; self.targets.len()];
        let mut open = vec![from];
        while let Some(file) = open.pop() {
            for target in &self.targets[file] {
                if !std::mem::replace(&mut reached[*target], true) {
                    open.push(*target);
                }
            }
        }
        reached
    }
}

/// The module that a file is, as names below the root of the crate.
fn place(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs");
    let names = path.split('/').filter(|name| !["mod", "lib"].contains(name));
    names.map(str::to_string).collect()
}

/// Every file on a circle, with those of the same circle that it imports from.
pub(super) fn of_files(sources: &[Source]) -> Vec<Complaint> {
    let graph = Graph::new(sources);
    let reached: Vec<Vec<bool>> = (0..sources.len()).map(|file| graph.reached(file)).collect();
    let mut found = Vec::new();
    for (file, source) in sources.iter().enumerate() {
        let back = |target: &&usize| reached[**target][file];
        let targets = graph.targets[file].iter().filter(back);
        let targets: Vec<&str> = targets.map(|target| sources[*target].path.as_str()).collect();
        if !targets.is_empty() {
            let text = format!("{} lies on a circle over {}", source.path, targets.join(", "));
            found.push(Complaint { about: source.path.clone(), text });
        }
    }
    found
}

fn found(texts: &[(&str, &str)]) -> Vec<String> {
    let sources: Vec<Source> = texts.iter().map(|(path, text)| Source::new(path, text)).collect();
    of_files(&sources).into_iter().map(|complaint| complaint.about).collect()
}

#[test]
fn a_circle_is_found_however_its_imports_are_written() {
    let plan = ("plan/mod.rs", "mod a;\nmod b;\npub use a::A;\npub use b::{B, make};\n");
    let a = ("plan/a.rs", "use super::B;\npub struct A(B);\n");
    for b in [
        "use super::A;\npub struct B;\nfn make() -> A {}\n",
        "use crate::plan::{A as Other, B};\npub struct B;\n",
        "use super::a;\npub struct B(a::A);\n",
        "pub struct B(super::a::A);\n",
        "use super::a::*;\npub struct B;\n",
    ] {
        assert_eq!(found(&[plan, a, ("plan/b.rs", b)]), ["plan/a.rs", "plan/b.rs"], "{b}");
    }
    let parent = ("plan/mod.rs", "mod a;\nuse a::A;\npub struct P(A);\n");
    let child = ("plan/a.rs", "use super::P;\npub struct A;\n");
    assert_eq!(found(&[parent, child]).len(), 2);
    let three = [
        ("x/mod.rs", "mod a;\nmod b;\nmod c;\n"),
        ("x/a.rs", "use super::b::B;\npub struct A;\n"),
        ("x/b.rs", "use super::c::C;\npub struct B;\n"),
        ("x/c.rs", "use super::a::A;\npub struct C;\n"),
    ];
    assert_eq!(found(&three), ["x/a.rs", "x/b.rs", "x/c.rs"]);
}

#[test]
fn a_parent_that_only_re_exports_lies_on_no_circle() {
    let plan = ("plan/mod.rs", "mod a;\nmod b;\npub use a::A;\npub use b::{B, make};\n");
    let a = ("plan/a.rs", "use super::B;\npub struct A(B);\n");
    assert!(found(&[plan, a, ("plan/b.rs", "pub struct B;\n")]).is_empty());
    let through = [
        ("lib.rs", "pub mod model;\npub mod plan;\n"),
        ("model/mod.rs", "mod step;\npub use step::Step;\n"),
        ("model/step.rs", "pub enum Step {\n}\n"),
        ("plan/mod.rs", "mod a;\nuse crate::model::Step;\nfn f() {\n    a::run(Step::A)\n}\n"),
        ("plan/a.rs", "use crate::model::Step;\nuse std::fmt;\npub fn run() {\n    fmt::x()\n}\n"),
    ];
    assert!(found(&through).is_empty());
}

#[test]
fn tests_may_import_what_imports_them() {
    let a =
        ("plan/a.rs", "pub struct A;\n#[cfg(test)]\nmod tests {\n    use super::super::b::B;\n}\n");
    let b = ("plan/b.rs", "use super::a::A;\npub struct B(A);\n");
    assert!(found(&[("plan/mod.rs", "mod a;\nmod b;\n"), a, b]).is_empty());
}
