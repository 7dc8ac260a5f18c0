//! One pass over a text that tells where a secret may be, so that the rest of it costs next to nothing.

use std::cmp::Reverse;

use aho_corasick::AhoCorasick;

/// Words to look for, each with what it leads to. A small letter of a word stands for both cases, everything else for itself.
pub(super) struct Scanner<T> {
    words: Vec<(&'static str, T)>,
    automaton: AhoCorasick,
}

impl<T: Copy> Scanner<T> {
    #[expect(clippy::expect_used, reason = "the words are compiled in, and few enough")]
    pub(super) fn new(words: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let words: Vec<_> = words.into_iter().collect();
        let patterns = words.iter().map(|(word, _)| word);
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(patterns);
        Self { automaton: automaton.expect("an automaton"), words }
    }

    /// Calls for each word with its place, from left to right; of several at one place, the last of the list comes first.
    pub(super) fn each(&self, text: &str, mut found: impl FnMut(usize, T)) {
        let places = self.automaton.find_overlapping_iter(text);
        let mut places: Vec<_> = places
            .map(|place| (place.start(), Reverse(place.pattern().as_usize())))
            .filter(|(at, word)| begins(&text.as_bytes()[*at..], self.words[word.0].0.as_bytes()))
            .collect();
        places.sort_unstable();
        places.into_iter().for_each(|(at, word)| found(at, self.words[word.0].1));
    }
}

/// Whether a text begins with a word whose capitals stand for themselves.
fn begins(text: &[u8], word: &[u8]) -> bool {
    text.iter().zip(word).all(|(byte, letter)| !letter.is_ascii_uppercase() || byte == letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(text: &str) -> Vec<(usize, &'static str)> {
        let words = ["token", "to", "eyJ", "AKIA", "://", "пароль"];
        let mut found = Vec::new();
        Scanner::new(words.map(|word| (word, word))).each(text, |at, word| found.push((at, word)));
        found.sort_unstable();
        found
    }

    #[test]
    fn each_word_is_told_where_it_stands() {
        assert_eq!(found_in("a://b AKIA"), [(1, "://"), (6, "AKIA")]);
        assert_eq!(found_in("the TOKEN"), [(4, "to"), (4, "token")]);
        assert_eq!(found_in("totoken"), [(0, "to"), (2, "to"), (2, "token")]);
        assert_eq!(found_in("=пароль"), [(1, "пароль")]);
    }

    #[test]
    fn a_capital_stands_for_itself() {
        assert_eq!(found_in("eyJ EYJ"), [(0, "eyJ"), (4, "eyJ")]);
        assert!(found_in("eyj akia ПАРОЛЬ").is_empty());
    }

    #[test]
    fn what_is_cut_off_or_absent_is_not_found() {
        for text in ["", "t", "ey", ":/", "AKI", "паро"] {
            assert!(found_in(text).is_empty(), "{text}");
        }
    }
}
