//! Measured times: a file with one value a line.

use super::Decoder;
use super::column::Column;
use crate::random::Distribution;
use crate::scenario::node::Node;

const VALUES: Column =
    Column { what: "values", hint: "write one duration a line, such as `2.5ms`" };

/// Reads the file that `file` names; with `unit` its values are plain numbers.
pub(super) fn read(
    decoder: &mut Decoder<'_>,
    file: &Node,
    unit: Option<&Node>,
) -> Option<Distribution> {
    let times = decoder.column(file, unit, &VALUES, Decoder::time)?;
    let mut values: Vec<f64> = times.iter().map(|(time, _)| time.0 as f64 / 1e9).collect();
    values.sort_by(f64::total_cmp);
    Some(Distribution::Empirical { values })
}
