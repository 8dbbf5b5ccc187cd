//! Which known name was probably meant.

/// The candidate nearest to `name`, if one is near enough to be a slip of the fingers.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    // One slip, or one for every three letters; a single letter may be meant for any other.
    let allowed = (wanted.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| wanted.chars().count() > 1 && candidate.chars().count() > 1)
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *candidate != name)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let known = ["time", "io", "process", "logger", "app:relay"];
        assert_eq!(suggest("tmie", known), Some("time"));
        assert_eq!(suggest("Time", known), Some("time"));
        assert_eq!(suggest("proces", known), Some("process"));
        assert_eq!(suggest("app:rely", known), Some("app:relay"));
        assert_eq!(suggest("weather", known), None);
        assert_eq!(suggest("", known), None);
        assert_eq!(suggest("x", ["y", "io"]), None);
        assert_eq!(suggest("ix", ["i", "id"]), Some("id"));
        assert_eq!(suggest("catch", ["math"]), None);
        assert_eq!(suggest("load2", ["loaf", "lead"]), None);
    }
}
