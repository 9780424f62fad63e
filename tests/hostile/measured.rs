//! Measured figures that are none, broken, contrary or meant to harm: refused with their place, or calibrated; never a
//! panic, never an end that does not come.

use std::process::Output;

use cutline::scenario::{Document, Edit, read_measured};

use super::{Desk, SMALL, changed};

const MEASURED: &str = "\
case,layout,endpoint,clients,rate_per_s,throughput_per_s,mean_ms,p50_ms,p90_ms,p99_ms,cpu_us,set,source
lone,one,go,1,,500,2,,,,2000,run.seed=3,\"bench, first\"
busy,one,all,4,,900,4.4,3.5,9,20,,,second
";

/// The calibration of a scenario to these bytes.
fn calibrate(scenario: &str, measured: &[u8]) -> (Desk, Output) {
    let desk = Desk::new();
    std::fs::write(desk.path().join("measured.csv"), measured).expect("a file");
    let arguments = ["calibrate", "-", "--measured", "measured.csv", "--out", "out"];
    let output = desk.give(&arguments, scenario);
    (desk, output)
}

/// What is complained about; with this code, nothing printed and nothing left.
fn refused(scenario: &str, measured: &[u8], code: &str) -> String {
    let (desk, output) = calibrate(scenario, measured);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(&format!("error[{code}]")), "{code} is not in: {said}");
    assert!(output.stdout.is_empty(), "nothing is printed");
    assert_eq!(desk.written(), ["measured.csv"], "nothing is written");
    said
}

#[test]
fn bytes_that_are_no_table_are_refused() {
    refused(SMALL, b"", "bad-measurement");
    refused(SMALL, b"\x7fELF\x02\x01\x01\0\xff", "not-utf8");
    let utf16: Vec<u8> = "\u{feff}case".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(refused(SMALL, &utf16, "not-utf8").contains("save the file as UTF-8"));
    refused(SMALL, MEASURED.replace("lone", "lo\0ne").as_bytes(), "control-character");
    refused(SMALL, SMALL.as_bytes(), "bad-measurement");
    let large = MEASURED.to_string() + &"x".repeat(17 << 20);
    refused(SMALL, large.as_bytes(), "too-large");
    let many = MEASURED.to_string() + &"busy,one,,4,,,,,,,,,\n".repeat(10_001);
    assert!(refused(SMALL, many.as_bytes(), "bad-measurement").contains("more than 10000 rows"));
}

#[test]
fn numbers_that_are_none_and_those_that_nobody_measures_are_refused() {
    for number in ["-2", "0", "NaN", "inf", "1e999", "2ms", "1e300", "0x10", "２", "1,000"] {
        let text = MEASURED.replace(",500,2,", &format!(",,\"{number}\","));
        refused(SMALL, text.as_bytes(), "bad-measurement");
    }
    for clients in ["0", "1.5", "-1", "4294967296", "many"] {
        let text = MEASURED.replace("go,1,", &format!("go,{clients},"));
        refused(SMALL, text.as_bytes(), "bad-measurement");
    }
}

#[test]
fn a_byte_order_mark_windows_line_ends_and_strange_names_are_taken() {
    let dressed = format!("\u{feff}{}", MEASURED.replace('\n', "\r\n"));
    let strange = dressed.replace("busy", "=1+1 \u{202e}買い物");
    let (desk, output) = calibrate(SMALL, strange.as_bytes());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(!String::from_utf8_lossy(&output.stdout).contains('\u{202e}'));
    let sheet = std::fs::read_to_string(desk.path().join("out/calibration.csv")).expect("a sheet");
    assert!(sheet.contains("prediction,'=1+1"), "{sheet}");
}

#[test]
fn figures_that_no_cost_reaches_end_soon() {
    // Nobody is answered; nothing takes any time; a cost that is far from what was measured.
    let fails = changed(SMALL, "cpu: { exp: 1ms }", "cpu: { exp: 1ms }, fail: 100%");
    refused(&fails, MEASURED.as_bytes(), "unfitted");
    let free = changed(SMALL, "cpu: { exp: 1ms }", "cpu: 0ms");
    refused(&free, MEASURED.as_bytes(), "unfitted");
    let days = changed(SMALL, "cpu: { exp: 1ms }", "cpu: 40d");
    refused(&days, MEASURED.as_bytes(), "unfitted");
    let far = changed(SMALL, "cpu: { exp: 1ms }", "cpu: 1ns");
    refused(&far, MEASURED.as_bytes(), "unfitted");
}

#[test]
fn what_a_row_sets_is_refused_as_in_a_scenario() {
    for set in ["nowhere.at.all=1", "run.seed=x", "layouts=1", "run.fixed={", "run={ until: 5s }"] {
        let text = MEASURED.replace("run.seed=3", &format!("\"{set}\""));
        let (_, output) = calibrate(SMALL, text.as_bytes());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{set}: {said}");
        assert!(said.contains("measured.csv:2:"), "{set}: {said}");
    }
}

/// A number out of the one before: a linear congruential generator.
fn next(number: &mut u64) -> usize {
    *number =
        number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*number >> 33) as usize
}

#[test]
fn four_thousand_broken_tables_are_read_or_refused() {
    let no_files = |name: &str| Err(format!("no {name}"));
    let document = Document::parse(SMALL, "small").unwrap_or_else(|found| panic!("{found}"));
    let reading = document.model(&no_files).unwrap_or_else(|found| panic!("{found}"));
    let mut number = 7;
    let [mut read, mut refused] = [0, 0];
    for _ in 0..4_000 {
        let mut bytes = MEASURED.as_bytes().to_vec();
        for _ in 0..1 + next(&mut number) % 4 {
            let place = next(&mut number) % bytes.len().max(1);
            match next(&mut number) % 4 {
                _ if bytes.is_empty() => bytes.push(b','),
                0 => bytes[place] = (next(&mut number) % 256) as u8,
                1 => drop(bytes.remove(place)),
                2 => bytes.insert(place, b",\"\n;=-.1e"[next(&mut number) % 9]),
                _ => bytes.truncate(place.max(1)),
            }
        }
        match read_measured(&bytes, "m.csv", (&reading.model, &reading.sources), 0.03) {
            Ok(found) => {
                read += 1;
                assert!(found.rows.iter().any(|row| row.is_lone()));
                let edits = found.rows.iter().flat_map(|row| &row.edits);
                assert!(edits.map(|Edit { path, .. }| path).all(|path| !path.is_empty()));
            }
            Err(found) => {
                refused += 1;
                assert!(found.to_string().contains("error["), "{found}");
            }
        }
    }
    assert!(read > 100 && refused > 1_000, "{read} read, {refused} refused");
}
