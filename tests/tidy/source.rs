//! A source file as the checks see it: its code apart from comments and texts, and where tests begin.

/// One source file.
pub(super) struct Source {
    /// Path below src, with `/`.
    pub(super) path: String,
    /// As written.
    pub(super) text: String,
    /// The same lines with comments and the insides of texts blanked.
    pub(super) code: String,
    /// Whether all of it is compiled for tests only.
    pub(super) is_test: bool,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        Source {
            path: path.to_string(),
            text: text.to_string(),
            code: code_only(text),
            is_test: false,
        }
    }

    /// Name of the floor it stands on: the first part of its path.
    pub(super) fn floor(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// How many modules deep it lies: 1 for `plan/mod.rs`, 2 for `plan/lower.rs`.
    pub(super) fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        if self.path.ends_with("mod.rs") { parts - 1 } else { parts }
    }

    /// Lines before the first part that is compiled for tests only.
    pub(super) fn lines_before_tests(&self) -> usize {
        if self.is_test {
            return 0;
        }
        let lines = self.code.lines();
        lines.take_while(|line| *line != "#[cfg(test)]").count()
    }

    /// (line number, code, whether it is compiled for tests only) of every line. Sources are formatted,
    /// so a part for tests ends at a closing brace in its own column, or in its one line.
    pub(super) fn lines(&self) -> Vec<(usize, &str, bool)> {
        let mut found = Vec::new();
        let mut until: Option<String> = None;
        let mut announced = false;
        for (index, line) in self.code.lines().enumerate() {
            let bare = line.trim_start();
            let indent = &line[..line.len() - bare.len()];
            if until.is_none() && bare == "#[cfg(test)]" {
                announced = true;
            } else if announced && !bare.starts_with("#[") && !bare.is_empty() {
                announced = false;
                if line.ends_with('{') {
                    until = Some(format!("{indent}}}"));
                }
                found.push((index + 1, line, true));
                continue;
            }
            found.push((index + 1, line, self.is_test || announced || until.is_some()));
            if until.as_deref() == Some(line) {
                until = None;
            }
        }
        found
    }

    /// The code, with the lines of tests left empty.
    pub(super) fn code_outside_tests(&self) -> String {
        let lines = self.lines().into_iter();
        let lines = lines.map(|(_, code, test)| if test { "" } else { code });
        lines.collect::<Vec<&str>>().join("\n")
    }
}

/// Marks the files whose module is declared for tests only, and what lies below them.
pub(super) fn mark_tests(sources: &mut [Source]) {
    let mut roots = Vec::new();
    for source in &*sources {
        let folder = match source.path.strip_suffix("mod.rs") {
            Some(folder) => folder.to_string(),
            None => source.path.replace(".rs", "/"),
        };
        let mut lines = source.code.lines();
        while let Some(line) = lines.next() {
            if line.trim() != "#[cfg(test)]" {
                continue;
            }
            let declared = lines.next().and_then(|line| line.trim().strip_suffix(';'));
            if let Some((_, name)) = declared.and_then(|line| line.split_once("mod ")) {
                roots.push(format!("{folder}{name}"));
            }
        }
    }
    for source in sources {
        let within = |root: &String| {
            source.path == format!("{root}.rs") || source.path.starts_with(&format!("{root}/"))
        };
        source.is_test = roots.iter().any(within);
    }
}

/// The text with comments and the insides of texts and characters blanked; lines stay where they are.
fn code_only(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let end = match letters[at] {
            '/' if letters.get(at + 1) == Some(&'/') => line_end(&letters, at),
            '/' if letters.get(at + 1) == Some(&'*') => block_end(&letters, at),
            '"' => text_end(&letters, at),
            'r' if starts_raw(&letters, at) => raw_end(&letters, at),
            '\'' => character_end(&letters, at).unwrap_or(at),
            _ => at,
        };
        if end == at {
            code.push(letters[at]);
            at += 1;
        } else {
            let kept = letters[at..end].iter().filter(|letter| **letter == '\n');
            code.extend(kept);
            at = end;
        }
    }
    let trimmed: Vec<&str> = code.lines().map(str::trim_end).collect();
    trimmed.join("\n")
}

fn line_end(letters: &[char], at: usize) -> usize {
    let rest = letters[at..].iter();
    at + rest.take_while(|letter| **letter != '\n').count()
}

fn block_end(letters: &[char], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0);
    while at + 1 < letters.len() {
        match (letters[at], letters[at + 1]) {
            ('/', '*') => depth += 1,
            ('*', '/') => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    letters.len()
}

fn text_end(letters: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < letters.len() {
        match letters[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    letters.len()
}

fn starts_raw(letters: &[char], at: usize) -> bool {
    let in_word = at > 0 && (letters[at - 1].is_alphanumeric() || letters[at - 1] == '_');
    let in_word = in_word && letters[at - 1] != 'b';
    let quote = letters[at + 1..].iter().find(|letter| **letter != '#');
    !in_word && quote == Some(&'"')
}

fn raw_end(letters: &[char], start: usize) -> usize {
    let hashes = letters[start + 1..].iter();
    let hashes = hashes.take_while(|letter| **letter == '#').count();
    let mut at = start + hashes + 2;
    while at < letters.len() {
        let closing = letters[at + 1..].iter().take(hashes);
        let closes = closing.filter(|letter| **letter == '#').count() == hashes;
        if letters[at] == '"' && closes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    letters.len()
}

/// End of a character; `None` where the quote opens a lifetime.
fn character_end(letters: &[char], at: usize) -> Option<usize> {
    if letters.get(at + 1) == Some(&'\\') {
        let rest = letters.get(at + 3..)?;
        let closing = rest.iter().position(|letter| *letter == '\'')?;
        return Some(at + 3 + closing + 1);
    }
    (letters.get(at + 2) == Some(&'\'')).then_some(at + 3)
}

#[test]
fn comments_and_texts_are_no_code() {
    let text = "let a = \"unsafe \\\" x\"; // unsafe\n/* todo!() /* deep */ */ let b = '\"';\n";
    assert_eq!(code_only(text), "let a = ;\n let b = ;");
    let raw = "let a = r#\"one \" unsafe\"#; let b: &'static str = br\"x\"; let c = '\\'';";
    assert_eq!(code_only(raw), "let a = ; let b: &'static str = b; let c = ;");
    assert_eq!(code_only("for r in rows {}"), "for r in rows {}");
}

#[test]
fn lines_of_a_test_part_are_told_from_the_rest() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n#[cfg(test)]\nuse x;\nfn d() {}\n";
    let source = Source::new("plan/mod.rs", text);
    let tested: Vec<bool> = source.lines().iter().map(|line| line.2).collect();
    let expected = [false, true, true, true, true, false, true, true, false];
    assert_eq!(tested, expected);
    assert_eq!(source.lines_before_tests(), 1);
}

#[test]
fn files_of_a_test_module_are_tests() {
    let mut sources = [
        Source::new("plan/mod.rs", "mod lower;\n#[cfg(test)]\nmod tests;\n"),
        Source::new("plan/lower.rs", ""),
        Source::new("plan/tests/mod.rs", ""),
    ];
    mark_tests(&mut sources);
    assert_eq!(sources.each_ref().map(|s| s.is_test), [false, false, true]);
    assert_eq!(sources.each_ref().map(Source::depth), [1, 2, 2]);
    assert!(sources.iter().all(|source| source.floor() == "plan"));
}
