//! A text and the secrets found in it so far.

use std::borrow::Cow;
use std::ops::Range;

use super::bare::bare_len;

/// What replaces a secret.
pub(super) const MARK: &str = "[redacted]";

/// Looks for a secret at a word of a family: the text, the place of the word, the word.
pub(super) type Find = fn(&mut Search<'_>, usize, &'static str);

/// A text, and where in it secrets were found so far.
pub(super) struct Search<'t> {
    pub(super) text: &'t str,
    hidden: Vec<Range<usize>>,
    /// The end of the last name that was looked at: several words may lead to it.
    pub(super) named: usize,
    /// The line that was last asked for, without its line break.
    line: Range<usize>,
    /// The value without quotes that was last asked for.
    bare: Range<usize>,
    /// How many bytes may still be looked at more than once.
    budget: usize,
}

/// The most bytes of a text that are looked at more than once. Only a text made to be slow needs as many.
const BUDGET: usize = 4 * 1024 * 1024;

impl<'t> Search<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, hidden: Vec::new(), named: 0, line: 0..0, bare: 0..0, budget: BUDGET }
    }

    /// Remembers a secret, unless it is hidden already.
    pub(super) fn hide(&mut self, secret: Range<usize>) {
        let is_mark = |c: char| c.is_whitespace() || CLOSINGS.contains(&c);
        let Some(found) = self.text.get(secret.clone()) else { return };
        let mut parts = found.split(MARK);
        let is_within_mark =
            self.text[secret.start..].starts_with(MARK) && secret.len() <= MARK.len();
        if !is_within_mark && !parts.all(|part| part.trim_matches(is_mark).is_empty()) {
            self.hidden.push(secret);
        }
    }

    /// Whether so many bytes may be looked at again.
    pub(super) fn may_spend(&mut self, bytes: usize) -> bool {
        let left = self.budget.checked_sub(bytes);
        self.budget = left.unwrap_or_default();
        left.is_some()
    }

    /// The start of the line of this place; `None` if that is far away.
    pub(super) fn line_start(&self, at: usize) -> Option<usize> {
        const FAR: usize = 1024;
        let bytes = self.text.as_bytes();
        let near = at.saturating_sub(FAR);
        let end = bytes[near..at].iter().rposition(|byte| *byte == b'\n');
        end.map(|end| near + end + 1).or_else(|| (near == 0).then_some(0))
    }

    /// Whether this place is in the secret that was found last.
    pub(super) fn is_hidden(&self, at: usize) -> bool {
        self.hidden.last().is_some_and(|secret| secret.contains(&at))
    }

    /// The end of the line of this place. A long line is searched once, if it is asked from left to right.
    pub(super) fn line_end(&mut self, at: usize) -> usize {
        if !(self.line.start..=self.line.end).contains(&at) || self.line.end == 0 {
            let end = self.text[at..].find('\n').map_or(self.text.len(), |end| at + end);
            self.line = at..end;
        }
        self.line.end
    }

    /// The end of the value without quotes that starts here. One that starts inside another ends with it.
    pub(super) fn bare_end(&mut self, start: usize) -> usize {
        if !self.bare.contains(&start) {
            self.bare = start..start + bare_len(&self.text[start..]);
        }
        let value = &self.text[start..self.bare.end];
        if value.starts_with(MARK) {
            return self.bare.end;
        }
        start + value.trim_end_matches(CLOSINGS).len()
    }

    /// The text with a mark for each secret; borrowed if there is none.
    pub(super) fn finish(mut self) -> Cow<'t, str> {
        if self.hidden.is_empty() {
            return Cow::Borrowed(self.text);
        }
        self.hidden.sort_unstable_by_key(|secret| (secret.start, secret.end));
        let mut out = String::with_capacity(self.text.len());
        let (mut copied, mut is_marked) = (0, false);
        for secret in self.hidden {
            if secret.start > copied || !is_marked {
                out.push_str(&self.text[copied..secret.start]);
                out.push_str(MARK);
            }
            (copied, is_marked) = (copied.max(secret.end), true);
        }
        out.push_str(&self.text[copied..]);
        Cow::Owned(out)
    }
}

/// Characters that close a structure, and do not belong to the value before them.
pub(super) const CLOSINGS: [char; 6] = [')', ']', '}', '>', ',', ';'];

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str, secrets: &[(usize, usize)]) -> String {
        let mut search = Search::new(text);
        secrets.iter().for_each(|&(from, to)| search.hide(from..to));
        search.finish().into_owned()
    }

    #[test]
    fn secrets_that_overlap_or_touch_have_one_mark() {
        assert_eq!(hidden("abcdef", &[(4, 5), (1, 3)]), "a[redacted]d[redacted]f");
        assert_eq!(hidden("abcdef", &[(1, 3), (2, 4), (1, 2)]), "a[redacted]ef");
        assert_eq!(hidden("abcdef", &[(1, 3), (3, 4)]), "a[redacted]ef");
        assert_eq!(hidden("abcdef", &[(0, 6)]), "[redacted]");
        assert_eq!(hidden("abcdef", &[(0, 2)]), "[redacted]cdef");
    }

    #[test]
    fn what_is_hidden_already_stays_as_it_is() {
        assert_eq!(hidden("a [redacted]] b", &[(2, 13)]), "a [redacted]] b");
        assert_eq!(hidden("a [redacted]x b", &[(2, 13)]), "a [redacted] b");
        assert!(matches!(Search::new("x").finish(), Cow::Borrowed("x")));
    }

    #[test]
    fn a_line_ends_where_the_next_begins() {
        let mut search = Search::new("ab\n\ncd");
        let ends = [0, 1, 2, 3, 4, 6, 0].map(|at| search.line_end(at));
        assert_eq!(ends, [2, 2, 2, 3, 6, 6, 2]);
    }
}
