//! Names as attacks: on the file system, on a page, on a spreadsheet, on a terminal.

use super::{Desk, SMALL, changed};

const MARKUP: &str = "<script>alert(1)</script>\\\"><img src=x onerror=y>]]>&";

/// The small scenario with other names, as YAML texts in double quotes.
fn named(scenario: &str, layout: &str) -> String {
    let text = changed(SMALL, "name: small", &format!("name: \"{scenario}\""));
    changed(&text, "{ one:", &format!("{{ \"{layout}\":"))
}

#[test]
fn a_scenario_cannot_name_its_way_out_of_the_output_folder() {
    let mut folders: Vec<String> = Vec::new();
    for name in
        ["../../etc/x", "/abs", "..", ".", "con", "CON", "a\\\\b", "😀", "é", &"x".repeat(300)]
    {
        let desk = Desk::new();
        let output = desk.give(&["run", "-"], named(name, name));
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.code() == Some(2) {
            assert!(complaint.contains("error["), "{name}: {complaint}");
            assert_eq!(desk.written(), [""; 0], "{name}: nothing is written");
            continue;
        }
        assert_eq!(desk.written(), ["output"], "{name}: {complaint}");
        let folder = desk.path().join("output");
        let inside = std::fs::read_dir(folder).expect("the folder is there");
        let inside: Vec<_> = inside.map(|entry| entry.expect("an entry").path()).collect();
        assert_eq!(inside.len(), 1, "{name}");
        assert!(inside[0].join("results.json").is_file(), "{name}");
        let file = inside[0].file_name().expect("a name").to_string_lossy();
        let file = file.into_owned();
        assert!(!folders.contains(&file), "{name}: {file} again");
        folders.push(file);
    }
    assert!(folders.len() > 3, "most of them run: {folders:?}");
}

#[test]
fn markup_in_names_is_text_in_every_figure() {
    let desk = Desk::new();
    let output = desk.give(&["run", "-", "--out", "out"], named(MARKUP, MARKUP));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{complaint}");
    let mut figures = 0;
    for entry in std::fs::read_dir(desk.path().join("out")).expect("results") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "svg") {
            let text = std::fs::read_to_string(&path).expect("a figure is UTF-8");
            for attack in ["<script", "<img", "]]>"] {
                assert!(!text.contains(attack), "{attack} in {}", path.display());
            }
            figures += 1;
        }
    }
    // Nothing here has a price to draw.
    assert!(figures >= 4, "{figures} figures");
}

#[test]
fn a_formula_in_a_name_is_no_formula_in_a_spreadsheet() {
    for name in ["=cmd()", "+1", "-1", "@x"] {
        let desk = Desk::new();
        let output = desk.give(&["run", "-", "--out", "out"], named("small", name));
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{name}: {complaint}");
        let sheet = desk.path().join("out").join("layouts.csv");
        let sheet = std::fs::read_to_string(sheet).expect("a sheet");
        assert!(sheet.contains(name), "{name} is told");
        for cell in sheet.lines().flat_map(|line| line.split(',')) {
            let bare = cell.trim_start_matches('"');
            let number = bare.trim_end_matches('"').parse::<f64>().is_ok();
            let opens = bare.starts_with(['=', '+', '-', '@', '\t', '\r']);
            assert!(!opens || (number && bare != name), "{name}: cell {cell}");
        }
    }
}

#[test]
fn escapes_in_names_reach_no_terminal() {
    // In YAML's double quotes: escape, bell, backspace, right-to-left override, zero-width space.
    for attack in ["\\e]0;owned\\a", "\\e[2J", "a\\bb", "a\\u202Eb", "a\\u200Bb"] {
        for command in ["run", "check", "explain"] {
            let desk = Desk::new();
            let mut arguments = vec![command, "-"];
            if command == "run" {
                arguments.extend(["--out", "out"]);
            }
            let output = desk.give(&arguments, named(attack, attack));
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8(said).expect("it speaks UTF-8");
            let hidden = |letter: &char| {
                (letter.is_control() && *letter != '\n')
                    || ['\u{202e}', '\u{200b}'].contains(letter)
            };
            let found: Vec<char> = said.chars().filter(hidden).collect();
            assert!(found.is_empty(), "{command} {attack}: {found:?} in {said}");
        }
    }
}

#[test]
fn studies_whose_names_differ_in_a_sign_only_are_all_written() {
    let studies = "studies:\n  \"peak load\": { sweep: { workload.arrivals.poisson: [ 100/s, 200/s ] } }\n  \
        \"peak-load\": { sweep: { workload.arrivals.poisson: [ 300/s, 400/s ] } }\n  \
        \"最大 負荷\": { sweep: { workload.arrivals.poisson: [ 500/s, 600/s ] } }\n";
    let desk = Desk::new();
    let output = desk.give(&["sweep", "-", "--out", "out"], format!("{SMALL}{studies}"));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let folder = std::fs::read_dir(desk.path().join("out")).expect("a folder");
    let names =
        folder.map(|entry| entry.expect("an entry").file_name().into_string().expect("text"));
    let mut found: Vec<String> = names.filter(|name| name.ends_with(".json")).collect();
    found.sort();
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found[1], "sweep-peak-load.json");
    assert!(found[0].starts_with("sweep-peak-load-"), "{found:?}");
    assert!(found[2].starts_with("sweep-最大-負荷-"), "{found:?}");
    let told = desk.give(&["report", "out", "--format", "json"], "");
    assert_eq!(told.status.code(), Some(0), "they can all be drawn again");
}

#[test]
fn letters_of_any_writing_stay_in_the_names_of_folders() {
    for name in ["größe", "注文サービス", "주문"] {
        let desk = Desk::new();
        let output = desk.give(&["run", "-", "--quiet"], named(name, name));
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(desk.path().join("output").join(name).join("results.json").is_file(), "{name}");
    }
}

#[test]
fn names_in_any_writing_stand_in_every_output() {
    for name in ["주문", "ちゅうもん", "注文", "🛒"] {
        let desk = Desk::new();
        let output = desk.give(&["run", "-", "--out", "out"], named("small", name));
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains(name), "{name} on the terminal");
        let read = |file: &str| std::fs::read_to_string(desk.path().join("out").join(file));
        for file in ["results.json", "layouts.csv", "attribution.svg", "latency-percentiles.svg"] {
            assert!(read(file).expect(file).contains(name), "{name} in {file}");
        }
        let png = std::fs::read(desk.path().join("out/attribution.png")).expect("a picture");
        let nameless = desk.give(&["run", "-", "--out", "other"], named("small", "o"));
        assert_eq!(nameless.status.code(), Some(0));
        let other = std::fs::read(desk.path().join("other/attribution.png")).expect("a picture");
        assert!(png.starts_with(b"\x89PNG") && png != other, "{name}");
    }
}
