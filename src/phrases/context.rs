//! Commands for a cluster that was asked for by its context: without it they would go to the current one.

use super::NextStep;
use crate::{
    clean,
    model::Context,
    text::{Clean, Untrusted},
};

impl NextStep {
    /// The step with its command for this cluster.
    pub fn in_context(self, context: &Context) -> Self {
        let command = self.command.map(|command| command_in(&command, context));
        Self { command, ..self }
    }
}

/// A command of kubectl, Helm or deploygate for this cluster.
pub fn command_in(command: &Clean, context: &Context) -> Clean {
    let option = match command.starts_with("helm ") {
        true => Clean::from_static("--kube-context"),
        false => Clean::from_static("--context"),
    };
    let given = clean!(" {} {}", option, word(&context.name));
    // what is told twice, of a run and of its rollback, has it already
    if command.ends_with(&*given) { command.clone() } else { clean!("{}{}", command, given) }
}

/// The same of each command that is quoted in words.
pub fn words_in(text: &Clean, context: &Context) -> Clean {
    let parts = text.split('`').enumerate().map(|(number, part)| {
        // what names no namespace is not whole
        if number % 2 == 0 || !part.contains(" -n ") {
            return part.to_owned();
        }
        let command = Untrusted::from(part).to_clean_line(usize::MAX);
        command_in(&command, context).to_string()
    });
    let parts: Vec<String> = parts.collect();
    Untrusted::from(parts.join("`")).to_clean_line(usize::MAX)
}

/// A word of a shell's command.
fn word(text: &Clean) -> Clean {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./:@%+=,-".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.clone();
    }
    Untrusted::from(format!("'{}'", text.replace('\'', r"'\''"))).to_clean_line(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_has_its_own_option_and_names_are_quoted_for_a_shell() {
        let context = |name: &str| Context::new(name, true);
        for (command, name, expected) in [
            ("kubectl x -n shop", "eu:prod/1", "kubectl x -n shop --context eu:prod/1"),
            ("helm rollback a -n b", "eu", "helm rollback a -n b --kube-context eu"),
            ("deploygate access x", "a $(b)", "deploygate access x --context 'a $(b)'"),
            ("kubectl x", "it's", r"kubectl x --context 'it'\''s'"),
        ] {
            let command = Untrusted::from(command).to_clean_line(100);
            assert_eq!(&*command_in(&command, &context(name)), expected);
        }
    }

    #[test]
    fn of_words_only_whole_commands_get_it() {
        let text = Clean::from_static(
            "`helm rollback a 1 -n b` with a `REVISION` of `helm history a -n b`",
        );
        let expected = "`helm rollback a 1 -n b --kube-context eu` with a `REVISION` of `helm history a -n b --kube-context eu`";
        assert_eq!(&*words_in(&text, &Context::new("eu", true)), expected);
    }
}
