//! The categories of the critical path as people read them, always in the order of the results.

use super::names::shown;
use crate::measure::Category;

/// The category of that name in the results.
fn known(key: &str) -> Option<Category> {
    Category::ALL.into_iter().find(|category| category.name() == key)
}

/// Its name for people; one that is not known is shown with its own words.
pub(super) fn name(key: &str) -> String {
    let Some(category) = known(key) else {
        return shown(key).replace('_', " ");
    };
    let name = match category {
        Category::ThreadQueue => "thread queue",
        Category::CpuWait => "CPU wait",
        Category::Cpu => "CPU",
        Category::WakeUp => "waking up",
        Category::Serialisation => "serialisation",
        Category::Network => "network",
        Category::PoolWait => "pool wait",
        Category::DatabaseCpuWait => "database CPU wait",
        Category::DatabaseCpu => "database CPU",
        Category::DatabaseWakeUp => "database waking up",
        Category::Storage => "storage",
        Category::LockWait => "lock wait",
        Category::Requeue => "lock requeue",
        Category::Commit => "commit",
        Category::Broker => "broker",
        Category::External => "external",
        Category::Backoff => "backoff",
        Category::Delay => "plain delay",
        Category::Coordination => "coordination",
    };
    name.to_owned()
}

/// Every category that occurs in any of the lists, in the order of the results; unknown ones last,
/// by name.
pub(super) fn ordered<'a>(lists: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut categories: Vec<&str> = lists.collect();
    let rank =
        |key: &str| known(key).and_then(|found| Category::ALL.iter().position(|own| *own == found));
    categories.sort_by_key(|key| (rank(key).unwrap_or(Category::COUNT), *key));
    categories.dedup();
    categories
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_come_in_one_order_whatever_the_order_of_the_findings() {
        let found = ["zeal", "external", "cpu", "network", "cpu", "thread_queue", "ache"];
        assert_eq!(
            ordered(found.into_iter()),
            ["thread_queue", "cpu", "network", "external", "ache", "zeal"],
        );
    }

    #[test]
    fn every_category_has_a_name_of_its_own_in_words() {
        let mut names: Vec<String> =
            Category::ALL.iter().map(|category| name(category.name())).collect();
        assert!(names.iter().all(|name| !name.contains('_')));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Category::COUNT);
        assert_eq!(name("gate_way"), "gate way");
    }
}
