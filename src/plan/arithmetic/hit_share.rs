//! Buffer-cache hit shares: how often a page that a statement wants is already in memory.
//!
//! Che's approximation of an LRU cache under independent references. A page that is accessed λ
//! times a second is cached with probability 1 − e^(−λT), where T, the time a page survives
//! without an access, is the same for all pages and solves Σ (1 − e^(−λT)) = pages of cache.
//! Che, Tung and Wang, IEEE JSAC 20(7), 2002; why it is so exact: Fricker, Robert and Roberts,
//! ITC 24, 2012.
//!
//! The page of rank i of a table is accessed in proportion to i^(−exponent). That is a Zipf law
//! over pages with the exponent of the law over rows: right where rows of like popularity share
//! pages (recent orders do), favourable to the cache where popular rows are scattered over all
//! pages (13 rows a page, exponent 0.8, a tenth of the pages cached: 46 % instead of 29 % hits).

use crate::units::Bytes;

/// The pages of a table, as a buffer cache sees them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TablePages {
    /// How many pages the table has.
    pub pages: u64,
    /// Zipf exponent of the accesses over the pages, at least 0; 0 is uniform.
    pub exponent: f64,
    /// Page accesses per second, or any weight in proportion to them; at least 0.
    pub accesses: f64,
}

/// Pages of a table.
pub(in crate::plan) fn pages_of(rows: u64, row_size: Bytes, page: Bytes) -> u64 {
    let bytes = u128::from(rows) * u128::from(row_size.0);
    u64::try_from(bytes.div_ceil(u128::from(page.0.max(1)))).unwrap_or(u64::MAX).max(1)
}

/// Share of each table's page accesses that is served from a cache of `cache_pages` pages which
/// all the tables share, from 0 to 1, in the order of `tables`.
///
/// Everything fits: all 1. A table that is never accessed, or has no pages, takes no place and
/// misses nothing: 1. Infinite, NaN or negative exponents or accesses are a bug (panics).
pub(super) fn hit_shares(tables: &[TablePages], cache_pages: u64) -> Vec<f64> {
    let profiles: Vec<Option<AccessProfile>> = tables.iter().map(AccessProfile::of).collect();
    let accessed: Vec<&AccessProfile> = profiles.iter().flatten().collect();
    let pages: f64 = accessed.iter().map(|profile| profile.pages).sum();
    let cache = cache_pages as f64;
    if pages <= cache {
        return vec![1.0; tables.len()];
    }
    let log_time = match cache_pages {
        0 => f64::NEG_INFINITY,
        _ => log_characteristic_time(&accessed, pages, cache),
    };
    let share = |profile: &Option<AccessProfile>| match profile {
        Some(profile) => profile.hit_share(log_time),
        None => 1.0,
    };
    profiles.iter().map(share).collect()
}

/// Natural logarithm of the characteristic time T at which the expected number of cached pages is
/// `cache`. `pages`: of all the profiles together, more than `cache`, which is above 0.
///
/// Logarithms, because with steep exponents the rarest page may be 10^45 times as rare as the
/// first.
fn log_characteristic_time(profiles: &[&AccessProfile], pages: f64, cache: f64) -> f64 {
    // 1 − e^(−λT) ≤ λT for every page, so the accesses during T are at least the cached pages.
    let accesses: f64 = profiles.iter().map(|profile| profile.log_accesses.exp()).sum();
    let mut low = cache.ln() - accesses.ln();
    // If even the rarest page were cached with the average probability, the cache would be full.
    // Rounding may take cache/pages to 1: 40 lifetimes cache a page with probability 1 − 4e−18.
    let lifetimes = (-(-cache / pages).ln_1p()).min(40.0);
    let rarest =
        profiles.iter().map(|profile| profile.log_rate_of_rarest()).fold(f64::INFINITY, f64::min);
    let mut high = (lifetimes.ln() - rarest).max(low);
    while high - low > PRECISION * (1.0 + high.abs()) {
        let middle = low + (high - low) / 2.0;
        let cached: f64 = profiles.iter().map(|profile| profile.cached_pages(middle)).sum();
        if cached < cache {
            low = middle;
        } else {
            high = middle;
        }
    }
    low + (high - low) / 2.0
}

/// How closely ln T is found, absolute and relative. A hit share moves by less than ln T does.
const PRECISION: f64 = 1e-9;

/// So many of the first pages are summed one by one, the rest in groups.
const SINGLE_PAGES: u64 = 256;

/// Width of a group in ln(rank), for exponents up to 1; steeper ones get narrower groups.
const GROUP_WIDTH: f64 = 0.5;

/// How the accesses of a table spread over its pages.
struct AccessProfile {
    pages: f64,
    exponent: f64,
    log_accesses: f64,
    /// Logarithm of the sum of i^(−exponent) over all pages.
    log_total: f64,
    groups: Vec<Group>,
}

/// Pages of like popularity.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// How many pages this stands for.
    pages: f64,
    /// ln(rank) of such a page.
    log_rank: f64,
}

impl AccessProfile {
    /// `None` where nothing is accessed.
    fn of(table: &TablePages) -> Option<Self> {
        let TablePages { pages, exponent, accesses } = *table;
        assert!(
            exponent.is_finite() && exponent >= 0.0 && accesses.is_finite() && accesses >= 0.0,
            "the scenario was checked, yet a table has exponent {exponent}, accesses {accesses}"
        );
        if pages == 0 || accesses == 0.0 {
            return None;
        }
        let groups = groups(pages, exponent);
        let total: f64 =
            groups.iter().map(|group| group.pages * (-exponent * group.log_rank).exp()).sum();
        Some(Self {
            pages: pages as f64,
            exponent,
            log_accesses: accesses.ln(),
            log_total: total.ln(),
            groups,
        })
    }

    /// ln of the accesses per second to a page of a rank.
    fn log_rate(&self, log_rank: f64) -> f64 {
        self.log_accesses - self.exponent * log_rank - self.log_total
    }

    fn log_rate_of_rarest(&self) -> f64 {
        self.log_rate(self.pages.ln())
    }

    /// Expected number of this table's pages in the cache.
    fn cached_pages(&self, log_time: f64) -> f64 {
        let cached = |group: &Group| group.pages * cached(self.log_rate(group.log_rank) + log_time);
        self.groups.iter().map(cached).sum()
    }

    /// Share of this table's accesses that find their page in the cache.
    fn hit_share(&self, log_time: f64) -> f64 {
        let hits = |group: &Group| {
            let share = group.pages * (-self.exponent * group.log_rank - self.log_total).exp();
            share * cached(self.log_rate(group.log_rank) + log_time)
        };
        self.groups.iter().map(hits).sum::<f64>().clamp(0.0, 1.0)
    }
}

/// Probability that a page is cached, from ln(λT).
fn cached(log_accesses: f64) -> f64 {
    // e^(−e^4) is below 1e−23: no need to work it out.
    if log_accesses > 4.0 { 1.0 } else { -(-log_accesses.exp()).exp_m1() }
}

/// Ranks 1 to `pages`, first one by one, then three nodes a group.
///
/// The sum over the ranks a to b of a smooth function is its integral from a − ½ to b + ½ (midpoint
/// rule, error about a quarter of the function's slope at rank 256), and the integral over ln(rank)
/// is taken group by group by Gauss and Legendre's three-point rule, exact for degree 5.
fn groups(pages: u64, exponent: f64) -> Vec<Group> {
    let single = pages.min(SINGLE_PAGES);
    let mut groups: Vec<Group> =
        (1..=single).map(|rank| Group { pages: 1.0, log_rank: (rank as f64).ln() }).collect();
    if pages > single {
        let from = (single as f64 + 0.5).ln();
        let to = (pages as f64 + 0.5).ln();
        // Beyond exponent 16 nearly all accesses go to the pages counted one by one.
        let count = ((to - from) / GROUP_WIDTH * exponent.clamp(1.0, 16.0)).ceil();
        let half = (to - from) / count / 2.0;
        let spread = half * 0.6_f64.sqrt();
        for group in 0..count as u32 {
            let middle = from + half * f64::from(2 * group + 1);
            for (offset, weight) in [(-spread, 5.0), (0.0, 8.0), (spread, 5.0)] {
                let log_rank = middle + offset;
                groups.push(Group { pages: half * weight / 9.0 * log_rank.exp(), log_rank });
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(pages: u64, exponent: f64) -> TablePages {
        TablePages { pages, exponent, accesses: 1.0 }
    }

    /// The slow twin: every page on its own, plain exponentials, T doubled then halved.
    fn page_by_page(tables: &[TablePages], cache: u64) -> Vec<f64> {
        let rates: Vec<Vec<f64>> = tables
            .iter()
            .map(|table| {
                let popularity: Vec<f64> =
                    (1..=table.pages).map(|rank| (rank as f64).powf(-table.exponent)).collect();
                let total: f64 = popularity.iter().sum();
                popularity.iter().map(|one| table.accesses * one / total).collect()
            })
            .collect();
        let cached = |time: f64| -> f64 {
            rates.iter().flatten().map(|rate| -(-rate * time).exp_m1()).sum()
        };
        let (mut low, mut high) = (0.0, 1.0);
        while cached(high) < cache as f64 {
            high *= 2.0;
        }
        for _ in 0..40 {
            let middle = (low + high) / 2.0;
            if cached(middle) < cache as f64 { low = middle } else { high = middle }
        }
        rates
            .iter()
            .map(|rates| {
                let hits: f64 = rates.iter().map(|rate| rate * -(-rate * high).exp_m1()).sum();
                hits / rates.iter().sum::<f64>()
            })
            .collect()
    }

    /// `che_approximation` of the cases lru-n8-c3 and lru-n300-c30 in `tests/oracles.json`.
    #[test]
    fn the_hit_shares_of_the_oracle_file_come_out() {
        for (pages, exponent, cache, expected) in
            [(8, 1.0, 3, 0.531_673_088_399), (300, 0.9, 30, 0.409_826_073_26)]
        {
            let share = hit_shares(&[table(pages, exponent)], cache)[0];
            assert!((share - expected).abs() < 1e-6, "{share} for {expected}");
        }
    }

    #[test]
    fn groups_of_pages_sum_to_what_single_pages_sum_to() {
        for exponent in [0.0, 0.5, 0.8, 1.0, 1.1, 2.0, 5.0] {
            for cache in [10, 1_000, 30_000, 99_000] {
                // Steep laws with large caches need times beyond the twin's patience.
                if exponent > 1.5 && cache > 1_000 {
                    continue;
                }
                let tables = [table(100_000, exponent)];
                let fast = hit_shares(&tables, cache)[0];
                let slow = page_by_page(&tables, cache)[0];
                assert!(
                    (fast - slow).abs() < 1e-5,
                    "exponent {exponent}, cache {cache}: {fast} for {slow}"
                );
            }
        }
    }

    #[test]
    fn tables_that_share_a_cache_get_what_single_pages_get() {
        let tables = [
            TablePages { pages: 50_000, exponent: 0.8, accesses: 40.0 },
            TablePages { pages: 300, exponent: 0.0, accesses: 5.0 },
            TablePages { pages: 20_000, exponent: 1.2, accesses: 0.5 },
        ];
        for (fast, slow) in hit_shares(&tables, 6_000).iter().zip(page_by_page(&tables, 6_000)) {
            assert!((fast - slow).abs() < 1e-5, "{fast} for {slow}");
        }
    }

    #[test]
    fn zipf_sums_over_a_thousand_million_pages_match_the_zeta_function() {
        let pages = 1_000_000_000_u64;
        let n = pages as f64;
        // Euler and Maclaurin: ζ(s) − n^(1−s)/(s−1) + n^(−s)/2; ζ(0.8), ζ(2), ζ(5) from tables.
        let known = [
            (0.0, n),
            (0.8, -4.437_538_415_895_551 + n.powf(0.2) / 0.2 + n.powf(-0.8) / 2.0),
            (1.0, n.ln() + 0.577_215_664_901_532_9 + 0.5 / n),
            (2.0, std::f64::consts::PI.powi(2) / 6.0 - 1.0 / n),
            (5.0, 1.036_927_755_143_37),
        ];
        for (exponent, total) in known {
            let sum = AccessProfile::of(&table(pages, exponent)).unwrap().log_total.exp();
            assert!((sum / total - 1.0).abs() < 1e-7, "exponent {exponent}: {sum} for {total}");
        }
    }

    #[test]
    fn uniform_accesses_hit_in_proportion_to_the_cache() {
        for (pages, cache) in [(1_000_000_000, 250_000_000), (400, 100), (257, 1)] {
            let share = hit_shares(&[table(pages, 0.0)], cache)[0];
            assert!((share - cache as f64 / pages as f64).abs() < 1e-6, "{share}");
        }
    }

    #[test]
    fn a_table_cut_in_two_uniform_halves_is_still_one_table() {
        let halves = [table(40_000, 0.0), table(40_000, 0.0)];
        for share in hit_shares(&halves, 20_000) {
            assert!((share - 0.25).abs() < 1e-6, "{share}");
        }
    }

    #[test]
    fn what_fits_is_always_hit() {
        let tables = [table(700, 0.8), table(300, 1.5)];
        assert_eq!(hit_shares(&tables, 1_000), [1.0, 1.0]);
        assert_eq!(hit_shares(&[], 0), Vec::<f64>::new());
    }

    #[test]
    fn a_table_without_accesses_takes_no_place() {
        let idle = TablePages { pages: 1_000_000, exponent: 0.8, accesses: 0.0 };
        let alone = hit_shares(&[table(10_000, 0.9)], 1_000);
        assert_eq!(hit_shares(&[table(10_000, 0.9), idle], 1_000), [alone[0], 1.0]);
        assert_eq!(hit_shares(&[table(1_000, 0.9), idle], 1_000), [1.0, 1.0]);
    }

    #[test]
    fn without_memory_everything_is_missed() {
        assert_eq!(hit_shares(&[table(10, 1.0)], 0), [0.0]);
    }

    #[test]
    fn extreme_tables_have_finite_shares() {
        let tables = [
            table(u64::MAX, 0.0),
            table(1_000_000_000, 40.0),
            TablePages { pages: 1, exponent: 0.0, accesses: 1e-300 },
            TablePages { pages: 1_000_000, exponent: 5.0, accesses: 1e300 },
        ];
        for cache in [1, 1_000_000, u64::MAX / 2, u64::MAX - 1] {
            for share in hit_shares(&tables, cache) {
                assert!((0.0..=1.0).contains(&share), "cache {cache}: {share}");
            }
        }
    }

    prop_compose! {
        fn any_table()(pages in 1_u64..2_000_000, exponent in 0.0..5.0, accesses in 0.01..1e4)
            -> TablePages {
            TablePages { pages, exponent, accesses }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn more_memory_never_lowers_a_hit_share(
            tables in prop::collection::vec(any_table(), 1..4), cache in 1_u64..1_000_000,
        ) {
            let small = hit_shares(&tables, cache);
            let large = hit_shares(&tables, cache + cache / 4 + 1);
            for (small, large) in small.iter().zip(&large) {
                prop_assert!(*large >= small - 1e-8, "{small} then {large}");
            }
        }

        #[test]
        fn a_table_with_the_cache_to_itself_hits_at_least_as_often(
            table in any_table(), other in any_table(), cache in 1_u64..1_000_000,
        ) {
            let alone = hit_shares(&[table], cache)[0];
            let shared = hit_shares(&[table, other], cache)[0];
            prop_assert!(alone >= shared - 1e-8, "{alone} alone, {shared} shared");
        }

        #[test]
        fn the_unit_of_the_accesses_does_not_matter(
            tables in prop::collection::vec(any_table(), 1..4), cache in 1_u64..1_000_000,
        ) {
            let scaled: Vec<TablePages> = tables
                .iter()
                .map(|table| TablePages { accesses: table.accesses * 1e3, ..*table })
                .collect();
            for (one, other) in hit_shares(&tables, cache).iter().zip(hit_shares(&scaled, cache)) {
                prop_assert!((one - other).abs() < 1e-8);
            }
        }
    }
}
