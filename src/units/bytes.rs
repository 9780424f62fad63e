//! Sizes of memory, rows, messages and volumes: whole bytes.

use std::fmt;
use std::str::FromStr;

use super::UnitError;
use super::decimal::QuantityKind;
use super::print::plain;

const KIND: QuantityKind = QuantityKind {
    name: "a size",
    example_unit: "MiB",
    units: "B, KB, MB, GB, TB, KiB, MiB, GiB, TiB",
    step: "1 byte",
    limit: "8 EiB (2^63 bytes)",
};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;

/// A size (bytes).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Eq, Ord, Hash)]
pub struct Bytes(pub u64);

impl Bytes {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The nearest whole number of bytes to `kib` × 1024; see [`Bytes::from_f64`].
    pub fn kib(kib: f64) -> Self {
        Self::from_f64(kib * KIB as f64)
    }

    /// The nearest whole number of bytes to `mib` × 1024²; see [`Bytes::from_f64`].
    pub fn mib(mib: f64) -> Self {
        Self::from_f64(mib * MIB as f64)
    }

    /// The nearest whole number of bytes to `gib` × 1024³; see [`Bytes::from_f64`].
    pub fn gib(gib: f64) -> Self {
        Self::from_f64(gib * GIB as f64)
    }

    /// The nearest whole number of bytes. Negative values give zero and huge ones the largest
    /// size. `bytes` must not be NaN (a bug: panics).
    pub fn from_f64(bytes: f64) -> Self {
        assert!(!bytes.is_nan(), "a size of NaN bytes was computed");
        Self(bytes.round() as u64)
    }

    /// This size in KiB (1024 bytes).
    pub fn as_kib(self) -> f64 {
        self.0 as f64 / KIB as f64
    }

    /// This size in MiB (1024² bytes).
    pub fn as_mib(self) -> f64 {
        self.0 as f64 / MIB as f64
    }

    /// This size in GiB (1024³ bytes), the unit of memory and of most price lists.
    pub fn as_gib(self) -> f64 {
        self.0 as f64 / GIB as f64
    }

    /// This size in GB (10⁹ bytes).
    pub fn as_gb(self) -> f64 {
        self.0 as f64 / 1e9
    }
}

/// `400B`, `1.5 KiB`, `200GB`: binary units are powers of 1024, decimal ones of 1000.
impl FromStr for Bytes {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let text = text.trim();
        let (number, name) = KIND.number(text, text)?;
        if name.is_empty() {
            return Err(KIND.unit_missing(text, &number));
        }
        match unit(name) {
            Some(unit) => KIND.scaled(text, &number, unit).map(Self),
            None => {
                let error = KIND.unit_unknown(text, name, &number);
                // Other programs write `4Gi` and `4G`.
                let letter = name.strip_suffix(['i', 'I']).unwrap_or(name).to_uppercase();
                let is_binary = matches!(letter.as_str(), "K" | "M" | "G" | "T");
                let digits = text.trim_end_matches(name).trim_end();
                let hint = format!("did you mean `{digits}{letter}iB`?");
                Err(if is_binary { UnitError { hint, ..error } } else { error })
            }
        }
    }
}

/// The size of a unit (bytes).
fn unit(name: &str) -> Option<u64> {
    Some(match name {
        "B" => 1,
        "KB" | "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        "KiB" => KIB,
        "MiB" => MIB,
        "GiB" => GIB,
        "TiB" => TIB,
        _ => return None,
    })
}

/// `4 GiB`, `1.5 KiB`, `200 GB`, `400 B`: in the binary or the decimal unit that needs at most two
/// decimals to be exact; a size that has neither is rounded to three digits in the binary one.
impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const BINARY: [(u64, &str); 4] = [(TIB, "TiB"), (GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")];
        const DECIMAL: [(u64, &str); 4] =
            [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
        let largest =
            |units: [(u64, &'static str); 4]| units.into_iter().find(|(unit, _)| self.0 >= *unit);
        let exact = |unit: u64| (u128::from(self.0) * 100).is_multiple_of(u128::from(unit));
        let (unit, name) = match (largest(BINARY), largest(DECIMAL)) {
            (Some(binary), _) if exact(binary.0) => binary,
            (_, Some(decimal)) if exact(decimal.0) => decimal,
            (Some(binary), _) => binary,
            (None, Some(decimal)) => decimal,
            (None, None) => (1, "B"),
        };
        let value = self.0 as f64 / unit as f64;
        // Two decimals of up to 1023: six digits.
        let digits = if exact(unit) { 6 } else { 3 };
        f.pad(&format!("{} {name}", plain(value, digits)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_are_read_in_binary_and_decimal_units() {
        for (text, bytes) in [
            ("0B", 0),
            ("400B", 400),
            ("1KB", 1_000),
            ("1kB", 1_000),
            ("1.5KiB", 1_536),
            ("1.3 KiB", 1_331),
            ("2MB", 2_000_000),
            ("1.5e3B", 1_500),
            ("2E-3 KiB", 2),
            ("2MiB", 2_097_152),
            ("4GiB", 4_294_967_296),
            ("200GB", 200_000_000_000),
            ("1TB", 1_000_000_000_000),
            ("1TiB", 1_099_511_627_776),
        ] {
            assert_eq!(text.parse(), Ok(Bytes(bytes)), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_size_is_said_with_the_value_and_an_example() {
        for (text, problem, hint) in [
            ("8", "`8` has no unit", "`8MiB`"),
            ("8Gi", "`8Gi` has the unknown unit `Gi`", "did you mean `8GiB`?"),
            ("8 g", "`8 g` has the unknown unit `g`", "did you mean `8GiB`?"),
            ("8Gibit", "`8Gibit` has the unknown unit `Gibit`", "KB, MB, GB, TB, KiB, MiB"),
            ("8EiB", "`8EiB` has the unknown unit `EiB`", "`8MiB`"),
            ("1e308B", "`1e308B` is too large: the limit is 8 EiB (2^63 bytes)", "`5MiB`"),
            ("1e-308B", "`1e-308B` is below the smallest step, 1 byte", "`5MiB`"),
            ("-1GiB", "`-1GiB` is negative: a size is zero or more", "`1GiB`"),
            ("nan", "`nan` is not a finite number", "`5MiB`"),
            ("0.2B", "`0.2B` is below the smallest step, 1 byte", "`5MiB`"),
            ("8388608TiB", "`8388608TiB` is too large: the limit is 8 EiB (2^63 bytes)", "`5MiB`"),
        ] {
            let error = text.parse::<Bytes>().unwrap_err();
            assert_eq!(error.problem, problem);
            assert!(error.hint.contains(hint), "{text}: {}", error.hint);
        }
    }

    #[test]
    fn sizes_print_in_the_unit_they_are_round_in() {
        for (bytes, text) in [
            (0, "0 B"),
            (400, "400 B"),
            (1_000, "1 KB"),
            (1_536, "1.5 KiB"),
            (2_000, "2 KB"),
            (4 * GIB, "4 GiB"),
            (1023 * MIB + MIB / 4, "1023.25 MiB"),
            (200_000_000_000, "200 GB"),
            (1_234_567, "1.18 MiB"),
        ] {
            assert_eq!(Bytes(bytes).to_string(), text);
        }
    }

    #[test]
    fn constructors_round_and_saturate() {
        assert_eq!(Bytes::kib(1.5), Bytes(1_536));
        assert_eq!(Bytes::mib(1.0), Bytes(MIB));
        assert_eq!(Bytes::gib(0.5).as_gib(), 0.5);
        assert_eq!(Bytes::gib(-1.0), Bytes::ZERO);
        assert_eq!(Bytes::from_f64(f64::INFINITY), Bytes(u64::MAX));
        assert_eq!(
            (Bytes(2_048).as_kib(), Bytes(MIB).as_mib(), Bytes(5).as_gb()),
            (2.0, 1.0, 5e-9)
        );
    }

    proptest! {
        #[test]
        fn a_printed_size_reads_back_within_its_three_digits(bytes in 0..1u64 << 50, shift in 0u32..50) {
            let size = Bytes(bytes >> shift);
            let text = size.to_string();
            let back = text.parse::<Bytes>().unwrap();
            prop_assert!(back.0.abs_diff(size.0) as f64 <= 0.005 * size.0 as f64, "{} {}", size.0, text);
        }
    }
}
