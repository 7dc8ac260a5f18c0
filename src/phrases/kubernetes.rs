//! What Kubernetes says, where it is quoted.

use crate::{
    clean,
    text::{Clean, Untrusted},
};

/// Characters of a message that are kept: a name with a digest stands in it up to four times, before what it says.
pub const MESSAGE: usize = 1200;

/// A word and a message, in one line.
pub fn told(reason: &Untrusted, message: &Untrusted) -> Clean {
    let (reason, message) = (reason.to_clean_line(80), message.to_clean_line(MESSAGE));
    match (reason.is_empty(), message.is_empty()) {
        (_, true) => reason,
        (true, false) => message,
        (false, false) => clean!("{}: {}", reason, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_and_a_message_are_told_in_one_line() {
        let told = |reason: &str, message: &str| told(&reason.into(), &message.into());
        assert_eq!(&*told("ErrImagePull", "r/a:1: not\nfound"), "ErrImagePull: r/a:1: not found");
        assert_eq!(&*told("ErrImagePull", ""), "ErrImagePull");
        assert_eq!(&*told("", "lost"), "lost");
    }
}
