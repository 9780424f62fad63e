//! Price catalogues: those that ship with the program, and an author's file of the same columns.

use std::sync::LazyLock;

use crate::model::{Price, Prices, Span, custom_size};
use crate::scenario::visible::quoted;
use crate::scenario::{Code, Diagnostic};
use crate::units::{Bytes, Money};

const FILES: [(&str, &str); 4] = [
    ("aws-us-east-1", include_str!("../../../data/prices/aws-us-east-1.csv")),
    ("aws-ap-northeast-2", include_str!("../../../data/prices/aws-ap-northeast-2.csv")),
    ("gcp-us-central1", include_str!("../../../data/prices/gcp-us-central1.csv")),
    ("azure-eastus", include_str!("../../../data/prices/azure-eastus.csv")),
];

/// Currencies that a price column may be named after.
const CURRENCIES: &[&str] = &["usd", "eur", "gbp", "krw", "jpy", "chf", "inr", "brl", "aud", "cad"];

static SHIPPED: LazyLock<Vec<Prices>> = LazyLock::new(|| {
    let read = |(name, text): &(&str, &str)| match parse(text, name, 0) {
        Ok(prices) => prices,
        Err(diagnostics) => panic!("the catalogue {name} that ships is mistaken: {diagnostics:?}"),
    };
    FILES.iter().map(read).collect()
});

/// Every catalogue that ships.
pub(super) fn all_shipped() -> &'static [Prices] {
    &SHIPPED
}

/// The catalogue that ships under a name.
pub(super) fn shipped(name: &str) -> Option<&'static Prices> {
    SHIPPED.iter().find(|prices| prices.name == name)
}

/// Cores and memory of a class of machine. A database class `db.x` is as large as the machine `x`, and
/// some say their size by their name.
pub(super) fn size(prices: &Prices, class: &str) -> Option<(f64, Bytes)> {
    let of = |name: &str| {
        prices.prices.iter().find(|price| price.item == name).and_then(|price| {
            let vm = prices.find("vm", name).unwrap_or(price);
            Some((vm.vcpu?, vm.memory?))
        })
    };
    of(class).or_else(|| of(class.strip_prefix("db.")?)).or_else(|| custom_size(class))
}

/// Positions of the columns.
struct Columns {
    kind: usize,
    sku: usize,
    unit: usize,
    price: usize,
    vcpu: Option<usize>,
    memory: Option<usize>,
    as_of: Option<usize>,
    source: Option<usize>,
    confidence: Option<usize>,
}

/// Reads a catalogue from CSV text with the columns `kind`, `sku`, `unit`, a currency (`usd`) and,
/// where there are, `vcpu`, `mem_gib`, `as_of`, `source`, `confidence`; text number `source` for the places.
///
/// # Errors
/// Every line without a price of zero or more, and every price that is given twice.
pub(super) fn parse(text: &str, name: &str, source: u32) -> Result<Prices, Vec<Diagnostic>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let (columns, currency) = columns(&header, source).map_err(|error| vec![*error])?;
    let mut prices = Prices { name: name.to_string(), currency, prices: Vec::new() };
    let mut seen = std::collections::BTreeSet::new();
    let mut problems = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, |position| position.line());
                let message = format!("{} is no CSV text: {error}", quoted(name));
                problems.push(Diagnostic::new(
                    Code::BadPrices,
                    message,
                    line_span(source, line, 1),
                ));
                break;
            }
        };
        let line = record.position().map_or(1, |position| position.line());
        match price(&record, &columns, source, line) {
            Ok(price) if seen.insert((price.kind.clone(), price.item.clone())) => {
                prices.prices.push(price);
            }
            Ok(price) => {
                let message =
                    format!("{} of {} has two prices", quoted(&price.item), quoted(&price.kind));
                let span = line_span(source, line, record.as_slice().len());
                problems.push(Diagnostic::new(Code::BadPrices, message, span));
            }
            Err(diagnostic) => problems.push(*diagnostic),
        }
    }
    if problems.is_empty() { Ok(prices) } else { Err(problems) }
}

fn columns(header: &csv::StringRecord, source: u32) -> Result<(Columns, String), Box<Diagnostic>> {
    let find = |name: &str| header.iter().position(|cell| cell.trim() == name);
    let needed = |name: &str| {
        find(name).ok_or_else(|| {
            let message = format!("the price catalogue has no column `{name}`");
            let hint = "its first line is `kind,sku,vcpu,mem_gib,unit,usd,as_of,source`";
            Box::new(Diagnostic::new(Code::BadPrices, message, line_span(source, 1, 1)).hint(hint))
        })
    };
    let currency = CURRENCIES.iter().find(|name| find(name).is_some()).unwrap_or(&"usd");
    let columns = Columns {
        kind: needed("kind")?,
        sku: needed("sku")?,
        unit: needed("unit")?,
        price: needed(currency)?,
        vcpu: find("vcpu"),
        memory: find("mem_gib"),
        as_of: find("as_of"),
        source: find("source"),
        confidence: find("confidence"),
    };
    Ok((columns, currency.to_uppercase()))
}

fn price(
    record: &csv::StringRecord,
    columns: &Columns,
    source: u32,
    line: u64,
) -> Result<Price, Box<Diagnostic>> {
    let cell = |index: usize| record.get(index).unwrap_or_default().trim();
    let optional = |index: Option<usize>| index.map_or("", cell);
    let refuse = |message: String| {
        let span = line_span(source, line, record.as_slice().len());
        let hint = "write a plain number of zero or more, such as `0.096`";
        Err(Box::new(Diagnostic::new(Code::BadPrices, message, span).hint(hint)))
    };
    let item = cell(columns.sku);
    let number =
        |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    let Some(amount) = number(cell(columns.price)) else {
        let found = match cell(columns.price) {
            "" => "has no price".to_string(),
            text => format!("has the price {}", quoted(text)),
        };
        return refuse(format!("{} {found}", quoted(item)));
    };
    let mut sizes = [None, None];
    for (size, index) in sizes.iter_mut().zip([columns.vcpu, columns.memory]) {
        let text = optional(index);
        *size = number(text).filter(|size| *size > 0.0);
        if size.is_none() && !text.is_empty() {
            return refuse(format!("{} has the size {}", quoted(item), quoted(text)));
        }
    }
    Ok(Price {
        kind: cell(columns.kind).to_string(),
        item: item.to_string(),
        vcpu: sizes[0],
        memory: sizes[1].map(Bytes::gib),
        unit: cell(columns.unit).to_string(),
        price: Money(amount),
        as_of: optional(columns.as_of).to_string(),
        source: optional(columns.source).to_string(),
        confidence: optional(columns.confidence).to_string(),
    })
}

fn line_span(source: u32, line: u64, length: usize) -> Span {
    let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Span { source, line: count(line), column: 1, length: count(length as u64) }
}
