//! One cheap pass that tells where a secret may be, so that the rest of a text costs next to nothing.

/// Words to look for, each with what it stands for.
///
/// A small letter of a word stands for both cases, everything else for itself. The table takes 4 KiB and a lookup a
/// byte; a set of expressions for the same words took half a megabyte and a millisecond to compile.
pub(super) struct Scanner<T> {
    /// By two bytes folded together: one more than the index of the first word that may begin with them.
    first: Box<[u16; 1024]>,
    words: Vec<Word<T>>,
}

struct Word<T> {
    word: &'static str,
    stands_for: T,
    /// The next word with the same key, as in `first`.
    next: u16,
}

impl<T: Copy> Scanner<T> {
    /// Words shorter than two bytes are never found.
    pub(super) fn new(words: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let mut scanner = Self { first: Box::new([0; 1024]), words: Vec::new() };
        for (word, stands_for) in words {
            let &[first, second, ..] = word.as_bytes() else { continue };
            let Ok(index) = u16::try_from(scanner.words.len() + 1) else { continue };
            let slot = &mut scanner.first[key(first, second)];
            scanner.words.push(Word { word, stands_for, next: *slot });
            *slot = index;
        }
        scanner
    }

    /// Calls for each word with where it stands, from left to right.
    pub(super) fn each(&self, text: &str, mut found: impl FnMut(usize, T)) {
        let bytes = text.as_bytes();
        for (at, pair) in bytes.windows(2).enumerate() {
            let mut next = self.first[key(pair[0], pair[1])];
            while let Some(word) =
                usize::from(next).checked_sub(1).and_then(|at| self.words.get(at))
            {
                if starts_with(&bytes[at..], word.word.as_bytes()) {
                    found(at, word.stands_for);
                }
                next = word.next;
            }
        }
    }
}

/// Folds cases, and more: what has the same key is compared.
fn key(first: u8, second: u8) -> usize {
    usize::from(first & 31) << 5 | usize::from(second & 31)
}

fn starts_with(text: &[u8], word: &[u8]) -> bool {
    let matches =
        |(byte, letter): (&u8, &u8)| byte == letter || byte.to_ascii_lowercase() == *letter;
    text.len() >= word.len() && text.iter().zip(word).all(matches)
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
