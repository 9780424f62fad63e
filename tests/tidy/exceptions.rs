//! Exceptions from a rule while the house is rebuilt: a list that can only shrink, as an exception that
//! nothing needs any more is a complaint too.

/// What a rule has against something.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    /// The file, or the file and the name in it, as a list of exceptions names it.
    pub(super) about: String,
    /// For the reader.
    pub(super) text: String,
}

/// The complaints that are not `known`, and a complaint about each that is known and not found.
pub(super) fn beyond(known: &[&str], found: &[Complaint]) -> Vec<String> {
    let excused = |complaint: &&Complaint| !known.contains(&complaint.about.as_str());
    let new = found.iter().filter(excused);
    let new = new.map(|complaint| format!("{} [{}]", complaint.text, complaint.about));
    let needed = |name: &&&str| !found.iter().any(|complaint| complaint.about == **name);
    let idle = known.iter().filter(needed);
    let idle =
        idle.map(|name| format!("`{name}` needs no exception any more: take it off the list"));
    new.chain(idle).collect()
}

#[test]
fn what_is_known_is_excused_only_as_long_as_it_is_found() {
    let complaint = |about: &str| Complaint { about: about.into(), text: format!("bad {about}") };
    let found = [complaint("a"), complaint("b")];
    assert!(beyond(&["a", "b"], &found).is_empty());
    assert_eq!(beyond(&["a"], &found), ["bad b [b]"]);
    assert_eq!(beyond(&["a", "b", "c"], &found).len(), 1);
}
