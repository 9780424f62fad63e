//! The known name that a wrong one was probably meant to be.

use strsim::damerau_levenshtein;

/// The nearest of `known`, if it is near enough to be a slip of the pen.
pub(crate) fn nearest<'n>(
    wrong: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    // Distances take time with the product of the lengths, and a long text is no slip.
    const LONGEST: usize = 80;
    let length = wrong.chars().count();
    if length > LONGEST {
        return None;
    }
    let most = (length / 3).max(1);
    let lower = wrong.to_lowercase();
    let known: Vec<&str> = known.into_iter().collect();
    let near = known
        .iter()
        .copied()
        .filter(|name| name.len().abs_diff(wrong.len()) <= 4 * most && name.len() <= 4 * LONGEST)
        .map(|name| (damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name);
    near.or_else(|| only_with_beginning(&lower, &known))
}

/// The only name that begins so, of which `lower` is an abbreviation.
fn only_with_beginning<'n>(lower: &str, known: &[&'n str]) -> Option<&'n str> {
    const SHORTEST: usize = 3;
    let mut begun = known.iter().filter(|name| name.starts_with(lower));
    let first = begun.next().filter(|_| lower.len() >= SHORTEST)?;
    begun.next().is_none().then_some(first)
}

/// `did you mean …?`, or what else can be written there.
pub(crate) fn did_you_mean(wrong: &str, known: &[&str]) -> Option<String> {
    if let Some(name) = nearest(wrong, known.iter().copied()) {
        return Some(format!("did you mean `{name}`?"));
    }
    const MOST_LISTED: usize = 16;
    match known.len() {
        0 => None,
        count if count > MOST_LISTED => None,
        _ => {
            let listed: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            Some(format!("one of {}", listed.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_and_another_word_finds_none() {
        let known = ["orders.place", "orders.history", "cart.summary"];
        assert_eq!(nearest("orders.plcae", known), Some("orders.place"));
        assert_eq!(nearest("Orders.Place", known), Some("orders.place"));
        assert_eq!(nearest("billing", known), None);
        assert_eq!(nearest(&"x".repeat(1_000_000), known), None);
        assert_eq!(nearest("app", ["about", "application"]), Some("application"));
        assert_eq!(nearest("cat", ["catalog.find", "catalog.list"]), None);
    }

    #[test]
    fn without_a_near_name_a_few_are_listed() {
        assert_eq!(did_you_mean("zzzzz", &["ps", "fcfs"]).unwrap(), "one of `ps`, `fcfs`");
        assert_eq!(did_you_mean("p", &["ps", "fcfs"]).unwrap(), "did you mean `ps`?");
    }
}
