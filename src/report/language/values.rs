//! How single values are written: for a reader in words, for an editor as a pattern that takes whatever the decoder
//! takes, and refuses what lacks its unit.

use serde_json::{Map, Value, json};

use crate::scenario::text_forms;

/// A number, as all quantities begin.
const NUMBER: &str = r"[0-9._]+(?:[eE][+-]?[0-9]+)?";

/// A kind of single value that is written in one way wherever it stands.
pub(super) struct Notation {
    /// What readers call it; with its definition in the schema.
    pub(super) name: &'static str,
    /// With units and examples, for readers.
    pub(super) written: &'static str,
    /// What an editor says of a text that is none.
    advice: &'static str,
    /// What texts look like that are one.
    pattern: fn() -> String,
    /// The types that YAML may take it for beside a text.
    beside_text: &'static [&'static str],
    /// The greatest, where it is given as a plain number.
    most: Option<u32>,
}

pub(super) const COUNT: Notation = Notation {
    name: "count",
    written: "a whole number; `k`, `M` and `G` are 10³, 10⁶ and 10⁹: `20`, `2M`, `1_500`, `1.2e6`",
    advice: "write a whole number such as `20` or `2M`",
    pattern: || format!(r"^\s*{NUMBER}\s*[kKMG]?\s*$"),
    beside_text: &["integer"],
    most: None,
};

pub(super) const PLAIN: Notation = Notation {
    name: "number",
    written: "a plain number: `1.5`, `2e-3`",
    advice: "write a plain number such as `1.5`",
    pattern: || r"^\s*\+?[0-9.]+(?:[eE][+-]?[0-9]+)?\s*$".to_string(),
    beside_text: &["number"],
    most: None,
};

pub(super) const SHARE: Notation = Notation {
    name: "share",
    written: "a part of a whole, from 0 to 1 or in percent: `90%`, `0.9`",
    advice: "write a share such as `30%`",
    pattern: || format!(r"^\s*{NUMBER}\s*%?\s*$"),
    beside_text: &["number"],
    most: Some(1),
};

pub(super) const SIZE: Notation = Notation {
    name: "size",
    written: "with B, KB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB, TiB (of 1024): `400B`, `1.5KiB`, `8GiB`",
    advice: "write a size with its unit, such as `8GiB`",
    pattern: || format!(r"^\s*{NUMBER}\s*(?:B|[kK]B|[MGT]B|[KMGT]iB)\s*$"),
    beside_text: &[],
    most: None,
};

pub(super) const TIME: Notation = Notation {
    name: "time",
    written: "with ns, us (or µs), ms, s, min, h, d; larger units first where there are several: `2ms`, `1h30min`",
    advice: "write a time with its unit, such as `2ms`",
    pattern: || format!(r"^\s*{}\s*$", time()),
    beside_text: &[],
    most: None,
};

pub(super) const RATE: Notation = Notation {
    name: "rate",
    written: "a count per s, min, h or d: `400/s`, `30/min`, `2k/s`",
    advice: "write a rate with its unit, such as `400/s`",
    pattern: || format!(r"^\s*{NUMBER}\s*[kKMG]?\s*/\s*(?:s|min|h|d)\s*$"),
    beside_text: &[],
    most: None,
};

pub(super) const BANDWIDTH: Notation = Notation {
    name: "bandwidth",
    written: "in bits or bytes per second: `10Gbit/s`, `1.25GB/s`",
    advice: "write a bandwidth such as `10Gbit/s`",
    pattern: || format!(r"^\s*\+?{NUMBER}\s*(?:[kMG]bit|B|[kK]B|[MGT]B|[KMGT]iB)\s*/s\s*$"),
    beside_text: &[],
    most: None,
};

pub(super) const LAW_TEXT: Notation = Notation {
    name: "law",
    written: "a time that is always the same (`2ms`), or a distribution of times, as text (`exp(2ms)`) or as a map \
              (`{ exp: 2ms }`)",
    advice: "write a time such as `2ms`, or a law such as `exp(2ms)`",
    pattern: || {
        let laws: Vec<&str> = text_forms().iter().map(|(law, _)| *law).collect();
        format!(r"^\s*(?:{}|(?:{})\s*\([\s\S]*\))\s*$", time(), laws.join("|"))
    },
    beside_text: &[],
    most: None,
};

/// Every kind, in the order in which readers want them.
pub(super) const NOTATIONS: [&Notation; 8] =
    [&TIME, &LAW_TEXT, &RATE, &SIZE, &BANDWIDTH, &SHARE, &COUNT, &PLAIN];

/// The types of any single value that is not left empty: a name may look like a number.
pub(super) const ANY_TEXT: [&str; 3] = ["string", "number", "boolean"];

fn time() -> String {
    format!(r"(?:{NUMBER}\s*(?:ns|us|\u00b5s|\u03bcs|ms|s|min|h|d)\s*)+")
}

impl Notation {
    /// Its schema: the pattern is for texts, the bounds are for numbers.
    pub(super) fn schema(&self) -> Value {
        let mut types = vec!["string"];
        types.extend(self.beside_text);
        let mut schema = Map::new();
        schema.insert("description".into(), self.advice_in_words().into());
        let single = if let [only] = types.as_slice() { json!(only) } else { json!(types) };
        schema.insert("type".into(), single);
        schema.insert("pattern".into(), (self.pattern)().into());
        schema.insert("errorMessage".into(), self.advice.into());
        if !self.beside_text.is_empty() {
            schema.insert("minimum".into(), 0.into());
        }
        schema.extend(self.most.map(|most| ("maximum".into(), most.into())));
        Value::Object(schema)
    }

    /// The same for a reader who is about to write it.
    fn advice_in_words(&self) -> String {
        let mut advice = self.advice.replace("write ", "");
        if let Some(first) = advice.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        advice + "."
    }
}
