//! What is read of measured figures, and what is refused with which words.

use super::*;
use crate::scenario::read;

const SHOP: &str = "
cutline: 1
name: small
application: { modules: { a: { operations: { go: [ cpu: 1ms ], look: [ cpu: 2ms ] } } } }
workload:
  arrivals: { poisson: 100/s }
  endpoints: { go: { share: 1, call: a.go }, look: { share: 1, call: a.look } }
layouts: { one: { services: { a: { cpu: 2, threads: 4 } } } }
platform: { network: none, prices: none }
";

const HEAD: &str = "case,layout,endpoint,clients,rate_per_s,throughput_per_s,mean_ms,p50_ms,p90_ms,p99_ms,cpu_us,set,source\n";

fn model() -> Model {
    let no_files = |name: &str| Err(format!("no {name}"));
    read(SHOP, "small", &[], &no_files).unwrap_or_else(|refused| panic!("{refused}")).model
}

fn found(text: impl AsRef<[u8]>) -> Result<Measurements, Refused> {
    read_measured(text.as_ref(), "measured.csv", (&model(), &Sources::default()), 0.03)
}

/// The whole complaint about a file with this below the usual header.
fn complaint(rows: &str) -> String {
    let refused = found(format!("{HEAD}{rows}")).expect_err("it is refused");
    refused.to_string()
}

fn refuses(rows: &str, parts: &[&str]) {
    let told = complaint(rows);
    for part in parts {
        assert!(told.contains(part), "{part} is not in:\n{told}");
    }
}

#[test]
fn a_row_is_read_by_the_names_of_its_columns_in_any_order() {
    let text = "\u{feff}mean_ms,note,case,set,layout,clients,endpoint,throughput_per_s,source\n\
                2.5,x,lone,run.seed=1; application.modules.a.operations.go.0.cpu=2ms,one,1,look,400,\"a, b\"\n\
                ,,\"\",,,,,,\n\
                ,,busy,,one,8,,,\n";
    let read = found(text).unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(read.rows.len(), 2, "an empty line is none");
    let lone = &read.rows[0];
    assert!(lone.is_lone() && !read.rows[1].is_lone());
    assert_eq!(
        (lone.case.as_str(), lone.layout.as_str(), lone.source.as_str()),
        ("lone", "one", "a, b")
    );
    assert_eq!(lone.endpoint.as_deref(), Some("look"));
    assert_eq!(
        (lone.figures.mean, lone.figures.throughput, lone.figures.p99),
        (Some(2.5e-3), Some(400.0), None)
    );
    assert_eq!(lone.edits.len(), 2);
    assert_eq!(lone.edits[1].value, "2ms");
    assert_eq!(read.rows[1].endpoint, None);
    assert_eq!(read.rows[1].load, MeasuredLoad::Clients(8));
    let told: Vec<Code> = read.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(told, [Code::IgnoredColumn]);
    assert!(read.warnings[0].message.contains("`note`"), "{}", read.warnings[0].message);
}

#[test]
fn what_cannot_be_read_is_told_with_its_line_and_all_at_once() {
    let rows = "a,other,,1,,,1,,,,,,\nb,one,goo,1,,,1,,,,,,\nc,one,,1,5,,1,,,,,,\nd,one,,,,,1,,,,,,\n\
                e,one,,1,,,1ms,,,,,,\nf,one,,1,,,-1,,,,,,\ng,one,,0,,,1,,,,,,\nh,one,,1,,,1,,,,,x,\n\
                i,one,,1,,,1,,,,,,,more\n,one,,1,,,1,,,,,,\nj,one,,1,,,,1,,,,,\nk,one,,1,,,inf,,,,,,\n";
    refuses(
        rows,
        &[
            "error[unknown-layout]: no layout is called `other`",
            "measured.csv:2:3",
            "error[unknown-endpoint]: no endpoint is called `goo`",
            "did you mean `go`?",
            "measured.csv:3:7",
            "both `clients` and `rate_per_s`",
            "neither `clients` nor `rate_per_s`",
            "`mean_ms` must be a plain number; found `1ms`",
            "measured.csv:6:12",
            "`mean_ms` must be above zero; found `-1`",
            "clients are a whole number from 1",
            "`set`: `x` is no `path=value`",
            "more cells than there are columns",
            "the row has no `case`",
            "a lone client needs",
            "found `inf`",
        ],
    );
    assert_eq!(complaint(rows).matches("error[").count(), 12);
}

#[test]
fn what_cannot_be_true_is_told_with_its_rows() {
    refuses(
        "a,one,,4,,1000,8,,,,,,\n",
        &["error[contradiction]", "Little's law 8 clients", "not 4", "csv:2:1"],
    );
    refuses("a,one,,1,,,1,2,,1,,,\n", &["p50_ms is 2 and p99_ms 1, but percentiles rise"]);
    refuses(
        "a,one,,,100,120,1,,,,,,\nb,one,,1,,,1,,,,,,\n",
        &["120/s were answered and only 100/s came"],
    );
    let twice = "a,one,go,1,,,1,,,,,,\nb,one,go,1,,,1.2,,,,,,\n";
    refuses(
        twice,
        &["`a` and `b` measured the same", "more than 12 % apart", "csv:3:1", "the other one"],
    );
    // Within chance, of another endpoint, with something set, and by throughput.
    for fine in [
        "a,one,go,1,,,1,,,,,,\nb,one,go,1,,,1.1,,,,,,\n",
        "a,one,go,1,,,1,,,,,,\nb,one,look,1,,,1.2,,,,,,\n",
        "a,one,go,1,,,1,,,,,,\nb,one,go,1,,,1.2,,,,,run.seed=3,\n",
        "a,one,go,1,,1000,1.1,,,,,,\n",
        "a,one,go,1,,,1,,,,,,\nb,one,,,100,109,1,1,1,1,,,\n",
    ] {
        assert!(found(format!("{HEAD}{fine}")).is_ok(), "{fine}");
    }
    let by_rate = "a,one,go,1,,1000,,,,,,,\nb,one,go,1,,800,,,,,,,\n";
    refuses(by_rate, &["came to a mean of 1 and of 1.25 ms"]);
    let cpu = "a,one,go,1,,,1,,,,500,,\nb,one,go,1,,,1,,,,900,,\n";
    refuses(cpu, &["came to a CPU of 0.5 and of 0.9 ms"]);
}

#[test]
fn a_file_that_is_no_such_table_is_refused_as_a_whole() {
    let told = |text: &[u8]| found(text).expect_err("it is refused").to_string();
    assert!(told(b"").contains("the file is empty"));
    assert!(told(HEAD.as_bytes()).contains("there is no row below"));
    assert!(
        told(b"case,layout,clients\na,one,1\n")
            .contains("no column `mean_ms` or `throughput_per_s`")
    );
    assert!(told(b"case,clients,mean_ms\na,1,1\n").contains("no column `layout`"));
    assert!(
        told(b"case,layout,mean_ms\na,one,1\n").contains("no column `clients` or `rate_per_s`")
    );
    assert!(
        told(b"case,layout,clients,mean_ms,mean_ms\na,one,1,1,1\n")
            .contains("`mean_ms` stands twice")
    );
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(HEAD.bytes().flat_map(|b| [b, 0])).collect();
    assert!(told(&utf16).contains("error[not-utf8]"), "{}", told(&utf16));
    let utf16: Vec<u8> = HEAD.bytes().flat_map(|byte| [byte, 0]).collect();
    assert!(told(&utf16).contains("the text is UTF-16"), "{}", told(&utf16));
    refuses("a,one,,8,,,1,,,,,,\n", &["error[no-lone-client]"]);
    let tight = Sources::within(crate::scenario::SizeLimit::of_text(10));
    let large = read_measured(HEAD.as_bytes(), "m", (&model(), &tight), 0.03);
    let large = large.expect_err("it is too large");
    assert!(large.to_string().contains("error[too-large]"), "{large}");
}
