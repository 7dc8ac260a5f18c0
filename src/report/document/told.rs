//! What a report has said so far.

/// The texts that were said, so that none is said twice.
#[derive(Clone, Debug, Default)]
pub(super) struct Told(Vec<String>);

impl Told {
    /// Takes down a text that is said whatever was said before.
    pub(super) fn say(&mut self, text: &str) {
        self.is_new(text);
    }

    /// Takes down a text. Whether it says anything, and was not part of one before.
    pub(super) fn is_new(&mut self, text: &str) -> bool {
        let core = text.trim_end_matches('…').trim();
        if core.is_empty() || self.0.iter().any(|told| told.contains(core)) {
            return false;
        }
        self.0.push(core.to_owned());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_said_once_in_whole_or_in_part() {
        let mut told = Told::default();
        assert!(told.is_new("exit code 1: no db at x"));
        for text in ["", "exit code 1: no db at x", "no db", "no db at…"] {
            assert!(!told.is_new(text), "{text}");
        }
        assert!(told.is_new("no db at y"));
    }
}
