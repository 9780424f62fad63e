//! What a file takes from elsewhere, as its text says: its child modules, its `use` lines and the paths
//! that it writes out.

use super::source::Source;

/// A name that a `use` line brings into a module.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Binding {
    /// As it is called here; `*` for all names of a module.
    pub(super) name: String,
    /// Where it comes from.
    pub(super) path: Vec<String>,
    /// Whether others may take it from here.
    pub(super) public: bool,
}

/// What stands in a file outside its tests.
pub(super) struct Imports {
    /// Modules that it declares and that lie in files of their own.
    pub(super) children: Vec<String>,
    /// Names of what it defines.
    pub(super) items: Vec<String>,
    /// Its `use` lines.
    pub(super) bindings: Vec<Binding>,
    /// Paths of at least two parts that its code writes out.
    pub(super) paths: Vec<Vec<String>>,
    /// Single names that its code mentions.
    words: Vec<String>,
}

impl Imports {
    pub(super) fn new(source: &Source) -> Self {
        let code = source.code_outside_tests();
        let (uses, rest) = split_uses(&code);
        let bindings = uses.iter().flat_map(|(public, tree)| flatten(*public, tree)).collect();
        let lines = || rest.lines();
        let children = lines().filter_map(|line| declared(line, &["mod"])?.strip_suffix(';'));
        let kinds =
            ["fn", "struct", "enum", "trait", "type", "const", "static", "union", "macro_rules!"];
        let items = lines().filter_map(|line| declared(line, &kinds));
        let items = items.filter_map(|rest| rest.split(|letter| !part(letter)).next());
        let module = |line: &&str| declared(line, &["mod"]).is_some();
        let code: Vec<&str> = lines().filter(|line| !module(line)).collect();
        let (paths, words) = mentioned(&code.join("\n"));
        Imports {
            children: children.map(str::to_string).collect(),
            items: items.map(str::to_string).collect(),
            bindings,
            paths,
            words,
        }
    }

    /// Whether the code mentions a name other than as an import.
    pub(super) fn mentions(&self, name: &str) -> bool {
        self.words.iter().any(|word| word == name) || self.paths.iter().any(|path| path[0] == name)
    }
}

fn part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// What follows one of `kinds` at the beginning of an unindented line, behind its visibility.
fn declared<'a>(line: &'a str, kinds: &[&str]) -> Option<&'a str> {
    let line = after_visibility(line)?.1;
    let line = line.strip_prefix("const fn ").map_or(line, |_| &line["const ".len()..]);
    kinds.iter().find_map(|kind| line.strip_prefix(kind)?.strip_prefix(' '))
}

/// (whether it is visible outside the module, the rest) of an unindented line.
fn after_visibility(line: &str) -> Option<(bool, &str)> {
    match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => Some((true, rest.split_once(") ")?.1)),
        Some(rest) => Some((true, rest.strip_prefix(' ')?)),
        None => Some((false, line)),
    }
}

/// ((whether it is public, its tree) of every `use`, the code without them).
fn split_uses(code: &str) -> (Vec<(bool, String)>, String) {
    let mut uses = Vec::new();
    let mut rest = String::new();
    let mut open: Option<(bool, String)> = None;
    for line in code.lines() {
        let opening = || {
            let (public, line) = after_visibility(line.trim_start())?;
            Some((public, line.strip_prefix("use ")?.to_string()))
        };
        let continued = open.take().map(|(public, tree)| (public, tree + line));
        match continued.or_else(opening) {
            Some((public, tree)) => match tree.trim_end().strip_suffix(';') {
                Some(tree) => {
                    uses.push((public, tree.split_whitespace().collect::<Vec<_>>().join(" ")))
                }
                None => open = Some((public, tree)),
            },
            None => {
                rest.push_str(line);
                rest.push('\n');
            }
        }
    }
    (uses, rest)
}

/// The names that the tree of a `use` brings.
fn flatten(public: bool, tree: &str) -> Vec<Binding> {
    let tree = tree.trim();
    if let Some((base, group)) = tree.split_once('{') {
        let group = group.trim_end();
        let group = group.strip_suffix('}').unwrap_or(group);
        let members = split_group(group);
        return members
            .iter()
            .flat_map(|member| flatten(public, &format!("{base}{member}")))
            .collect();
    }
    let (path, alias) = match tree.split_once(" as ") {
        Some((path, alias)) => (path, Some(alias)),
        None => (tree, None),
    };
    let mut path: Vec<String> = path.split("::").map(str::to_string).collect();
    if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
        path.pop();
    }
    let Some(name) = alias.map(str::to_string).or_else(|| path.last().cloned()) else {
        return Vec::new();
    };
    vec![Binding { name, path, public }]
}

/// The members of a group, split at the commas outside inner braces.
fn split_group(group: &str) -> Vec<String> {
    let mut members = vec![String::new()];
    let mut depth = 0;
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        match members.last_mut() {
            Some(member) if letter != ',' || depth > 0 => member.push(letter),
            _ => members.push(String::new()),
        }
    }
    let members = members.iter().map(|member| member.trim().to_string());
    members.filter(|member| !member.is_empty()).collect()
}

/// (paths of at least two parts, single words) of the code.
fn mentioned(code: &str) -> (Vec<Vec<String>>, Vec<String>) {
    let (mut paths, mut words) = (Vec::new(), Vec::new());
    let mut rest = code;
    let mut before = ' ';
    while let Some(letter) = rest.chars().next() {
        if !part(letter) {
            before = letter;
            rest = &rest[letter.len_utf8()..];
            continue;
        }
        let mut path = Vec::new();
        loop {
            let end = rest.find(|letter| !part(letter)).unwrap_or(rest.len());
            path.push(rest[..end].to_string());
            rest = &rest[end..];
            match rest.strip_prefix("::") {
                Some(next) if next.starts_with(part) => rest = next,
                _ => break,
            }
        }
        // What follows a point is a field or a method, not a name of a module.
        match path.len() {
            _ if before == '.' => {}
            1 => words.append(&mut path),
            _ => paths.push(path),
        }
        before = ' ';
    }
    (paths, words)
}

fn imports(text: &str) -> Imports {
    Imports::new(&Source::new("plan/mod.rs", text))
}

#[test]
fn groups_aliases_globs_and_broken_lines_are_told_apart() {
    let text = "pub use a::{\n    b,\n    c::{self, d as e},\n    f::*,\n};\nuse super::g;\n";
    let bindings = imports(text).bindings;
    let told: Vec<String> = bindings
        .iter()
        .map(|binding| format!("{} {} {}", binding.name, binding.path.join("."), binding.public))
        .collect();
    let expected = ["b a.b true", "c a.c true", "e a.c.d true", "* a.f.* true", "g super.g false"];
    assert_eq!(told, expected);
}

#[test]
fn modules_items_and_paths_of_the_code_are_found_outside_tests() {
    let text = "mod lower;\npub(crate) mod step;\npub const fn a() {}\nstruct B<T>(T);\nmod c {\n}\n\
                fn d() {\n    lower::run(b.e::<u8>(), G)\n}\n#[cfg(test)]\nmod tests {\n    use x::y;\n}\n";
    let found = imports(text);
    assert_eq!(found.children, ["lower", "step"]);
    assert_eq!(found.items, ["a", "B", "d"]);
    assert_eq!(found.paths, [["lower", "run"]]);
    assert!(found.bindings.is_empty());
    assert!(
        found.mentions("G")
            && found.mentions("lower")
            && !found.mentions("step")
            && !found.mentions("e")
    );
}
