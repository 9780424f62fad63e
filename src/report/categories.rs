//! The categories of the critical path as people read them, always in one order.

use super::names::shown;

/// Key in the results and name for people, in the order in which they are shown: waiting for and
/// using the service's own processor, then what lies between services, then what lies behind them.
const KNOWN: [(&str, &str); 14] = [
    ("thread_queue", "thread queue"),
    ("cpu_wait", "CPU wait"),
    ("cpu", "CPU"),
    ("wait", "plain wait"),
    ("network", "network"),
    ("serialisation", "serialisation"),
    ("pool_wait", "pool wait"),
    ("db_cpu", "database CPU"),
    ("storage", "storage"),
    ("lock_wait", "lock wait"),
    ("commit", "commit"),
    ("broker", "broker"),
    ("external", "external"),
    ("backoff", "backoff"),
];

/// Its name for people; one that is not known is shown with its own words.
pub(super) fn name(category: &str) -> String {
    match KNOWN.iter().find(|(key, _)| *key == category) {
        Some((_, name)) => (*name).to_owned(),
        None => shown(category).replace('_', " "),
    }
}

/// Every category that occurs in any of the lists, in the one order; unknown ones last, by name.
pub(super) fn ordered<'a>(lists: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut categories: Vec<&str> = lists.collect();
    let rank = |key: &str| KNOWN.iter().position(|(known, _)| *known == key);
    categories.sort_by_key(|key| (rank(key).unwrap_or(KNOWN.len()), *key));
    categories.dedup();
    categories
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_come_in_one_order_whatever_the_order_of_the_findings() {
        let found = [
            "zeal",
            "external",
            "cpu",
            "network",
            "cpu",
            "thread_queue",
            "ache",
        ];
        assert_eq!(
            ordered(found.into_iter()),
            ["thread_queue", "cpu", "network", "external", "ache", "zeal"],
        );
    }

    #[test]
    fn a_category_is_named_in_words() {
        assert_eq!(name("db_cpu"), "database CPU");
        assert_eq!(name("gate_way"), "gate way");
    }
}
