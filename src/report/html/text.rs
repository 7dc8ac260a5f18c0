//! Texts as HTML: sentences, names and values.

use maud::{Markup, html};

use super::{class, icon};
use crate::report::block::{Mark, Part};

/// The parts of a line, each as what it is.
pub(super) fn line(parts: &[Part<'_>]) -> Markup {
    html! {
        @for part in parts {
            @match part {
                Part::Words(words) => (words),
                Part::Prose(sentence) => (prose(sentence)),
                Part::Code(name) => code { (name) },
                Part::Before(value) => code.before { (value) },
                Part::After(value) => code.after { (value) },
                Part::Target(number, name) => a href={ "#target-" (number) } { (name) },
                Part::Mark(of) => (mark(*of)),
            }
        }
    }
}

/// A mark before a word.
pub(super) fn mark(mark: Mark) -> Markup {
    html! { span.flag.(class(mark)) { (icon::of(mark)) } " " }
}

/// A sentence; what stands in backticks, as our own hints have it, is code.
pub(super) fn prose(sentence: &str) -> Markup {
    let parts: Vec<&str> = sentence.split('`').collect();
    // an even number of parts means that a backtick has no partner
    if parts.len().is_multiple_of(2) {
        return html! { (sentence) };
    }
    html! {
        @for (index, part) in parts.into_iter().enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::block::{code, prose as a_sentence, words};

    #[test]
    fn what_stands_in_backticks_is_code_and_all_is_escaped() {
        let table = [
            ("a `--b` c", "a <code>--b</code> c"),
            ("a ` b", "a ` b"),
            ("`<b>` <i> & \"", "<code>&lt;b&gt;</code> &lt;i&gt; &amp; &quot;"),
        ];
        for (sentence, expected) in table {
            assert_eq!(prose(sentence).into_string(), expected);
        }
    }

    #[test]
    fn names_are_code_and_words_are_not() {
        let parts = [words("of "), code("<app>"), a_sentence(": `x`")];
        let expected = "of <code>&lt;app&gt;</code>: <code>x</code>";
        assert_eq!(line(&parts).into_string(), expected);
    }
}
