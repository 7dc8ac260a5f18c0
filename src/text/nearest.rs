//! Which of the known names was probably meant by one that is not known.

/// The known name that is nearest to `name`: by its letters, else as whole words of it or around it, as where a release's
/// name was left out. `None` if none is near, or several are by their words.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut by_letters: Option<(usize, &str)> = None;
    let mut by_words = Vec::new();
    for known in known.into_iter().filter(|known| *known != name) {
        let distance = strsim::damerau_levenshtein(name, known);
        if distance <= name.len().div_ceil(3) {
            by_letters = by_letters.into_iter().chain([(distance, known)]).min();
        }
        if has_words(known, name) || has_words(name, known) {
            by_words.push(known);
        }
    }
    let by_words = || match by_words[..] {
        [only] => Some(only),
        _ => None,
    };
    by_letters.map(|(_, known)| known).or_else(by_words)
}

/// Whether one letter too many, too few, another or in the wrong place makes one name of the other.
pub fn is_slip(one: &str, other: &str) -> bool {
    strsim::damerau_levenshtein(one, other) == 1
}

/// A question after a name that is not known, with the [`nearest`] one; empty if none is near.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map(|near| format!(" (did you mean {near}?)")).unwrap_or_default()
}

/// Whether all words of `part` follow each other in `whole`.
fn has_words(whole: &str, part: &str) -> bool {
    let is_edge = |c: Option<char>| c.is_none_or(|c| matches!(c, '-' | '.'));
    !part.is_empty()
        && whole.match_indices(part).any(|(start, _)| {
            let after = whole[start..].chars().nth(part.chars().count());
            is_edge(whole[..start].chars().next_back()) && is_edge(after)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_by_letters_else_by_words() {
        let known = ["app", "api", "shop-web", "shop-worker", "widgets"];
        for (name, expected) in [
            ("ap", Some("api")),
            ("app", Some("api")),
            ("aap", Some("app")),
            ("apps", Some("app")),
            ("web", Some("shop-web")),
            ("shop-web-v2", Some("shop-web")),
            ("shop-wbe", Some("shop-web")),
            ("widgts", Some("widgets")),
            ("shop", None),
            ("we", None),
            ("certificates", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
        assert_eq!(nearest("app", []), None);
    }
}
