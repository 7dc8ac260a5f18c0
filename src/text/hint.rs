//! One cheap pass that tells which rules could find anything, so that ordinary text meets no
//! regular expression, and none is compiled for it.

/// Groups of words to look for: a small letter stands for both cases, a capital for itself.
///
/// Costs 4 KiB and about two nanoseconds a byte; a set of expressions for the same words took half a
/// megabyte and a millisecond to compile.
pub(super) struct Hints {
    groups: &'static [&'static [&'static str]],
    /// For each byte the words that begin with it, a bit each.
    first: [u64; 256],
    /// The same for their second byte.
    second: [u64; 256],
}

impl Hints {
    /// At most 64 words of at least two bytes.
    pub(super) const fn new(groups: &'static [&'static [&'static str]]) -> Self {
        let mut hints = Self { groups, first: [0; 256], second: [0; 256] };
        let (mut group, mut bit) = (0, 0);
        while group < groups.len() {
            let mut word = 0;
            while word < groups[group].len() {
                let bytes = groups[group][word].as_bytes();
                assert!(bytes.len() >= 2 && bit < 64, "too short a word, or too many");
                mark(&mut hints.first, bytes[0], 1 << bit);
                mark(&mut hints.second, bytes[1], 1 << bit);
                bit += 1;
                word += 1;
            }
            group += 1;
        }
        hints
    }

    /// The groups of which a word stands in the text, in their order.
    pub(super) fn found_in(&self, text: &str) -> impl Iterator<Item = usize> + use<> {
        let mut found = 0_u64;
        let mut wanted = u64::MAX;
        let bytes = text.as_bytes();
        for (at, pair) in bytes.windows(2).enumerate() {
            let begun = self.first[usize::from(pair[0])] & self.second[usize::from(pair[1])];
            while begun & wanted != 0
                && let Some((group, words)) = self.match_at(&bytes[at..], begun & wanted)
            {
                found |= 1 << group;
                wanted &= !words;
            }
        }
        (0..64).filter(move |group| found & (1 << group) != 0)
    }

    /// The first group with one of these words at the start of the text, and the bits of its words.
    fn match_at(&self, text: &[u8], candidates: u64) -> Option<(usize, u64)> {
        let mut bit = 0;
        for (group, words) in self.groups.iter().enumerate() {
            let bits = bit..bit + words.len();
            let starts = |(bit, word): (usize, &&str)| {
                candidates & (1 << bit) != 0 && starts_with(text, word.as_bytes())
            };
            if bits.clone().zip(*words).any(starts) {
                return Some((group, bits.fold(0, |bits, bit| bits | 1 << bit)));
            }
            bit += words.len();
        }
        None
    }
}

const fn mark(table: &mut [u64; 256], byte: u8, bit: u64) {
    table[byte as usize] |= bit;
    table[byte.to_ascii_uppercase() as usize] |= bit;
}

fn starts_with(text: &[u8], word: &[u8]) -> bool {
    let matches =
        |(byte, letter): (&u8, &u8)| byte == letter || byte.to_ascii_lowercase() == *letter;
    text.len() >= word.len() && text.iter().zip(word).all(matches)
}

#[cfg(test)]
mod tests {
    use super::*;

    static HINTS: Hints = Hints::new(&[&["token", "secret"], &["eyJ", "AKIA"], &["://"]]);

    fn found_in(text: &str) -> Vec<usize> {
        HINTS.found_in(text).collect()
    }

    #[test]
    fn each_group_is_told_once_and_in_order() {
        assert_eq!(found_in("a://b secret token AKIA"), [0, 1, 2]);
        assert_eq!(found_in("the end is a TOKEN"), [0]);
        assert_eq!(found_in("totoken"), [0]);
    }

    #[test]
    fn a_capital_stands_for_itself() {
        assert_eq!(found_in("eyJ"), [1]);
        assert_eq!(found_in("EYJ"), [1]);
        assert!(found_in("eyj akia").is_empty());
    }

    #[test]
    fn what_is_cut_off_or_absent_is_not_found() {
        for text in ["", "t", "toke", "secre", ":/", "пароль"] {
            assert!(found_in(text).is_empty(), "{text}");
        }
    }
}
