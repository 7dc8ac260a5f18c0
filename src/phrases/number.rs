//! Counts and lists.

use crate::{clean, text::Clean};

/// `1 pod`, `3 pods`.
pub fn counted(count: impl Into<u64>, noun: &'static str) -> Clean {
    let count = count.into();
    let noun = Clean::from_static(noun);
    if count == 1 { clean!("1 {}", noun) } else { clean!("{} {}s", count, noun) }
}

/// `1 of 3 pods`.
pub fn counted_of(count: u64, all: u64, noun: &'static str) -> Clean {
    clean!("{} of {}", count, counted(all, noun))
}

/// Texts in a row.
pub fn joined(texts: &[Clean], between: &'static str) -> Clean {
    let mut all = Clean::default();
    for (index, text) in texts.iter().enumerate() {
        let between = if index == 0 { "" } else { between };
        all = clean!("{}{}{}", all, Clean::from_static(between), text);
    }
    all
}

/// The first of many texts, the others counted: `a, b and 3 more`.
pub fn first_few(texts: &[Clean], most: usize) -> Clean {
    let named = joined(texts.get(..most).unwrap_or(texts), ", ");
    match texts.len().checked_sub(most) {
        None | Some(0) => named,
        Some(more) => clean!("{} and {} more", named, more),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        let told = [counted(1u64, "pod"), counted(0u64, "pod"), counted_of(1, 3, "old pod")];
        assert_eq!(told.each_ref().map(|text| &**text), ["1 pod", "0 pods", "1 of 3 old pods"]);
    }

    #[test]
    fn the_first_of_many_are_named() {
        let texts = ["a", "b", "c"].map(Clean::from_static);
        assert_eq!(&*first_few(&texts, 3), "a, b, c");
        assert_eq!(&*first_few(&texts, 2), "a, b and 1 more");
        assert_eq!(&*first_few(&[], 2), "");
    }
}
