//! The few expressions that the action uses: `inputs.NAME`, `toJSON(inputs)`, `steps.ID.outcome`,
//! `steps.ID.outputs.NAME`, `github.…`, a quoted text, `==` or `!=` between two of them, and `!cancelled()` and such
//! comparisons joined by `&&`. Anything else is refused.

use std::collections::BTreeMap;

/// What expressions may name.
#[derive(Default)]
pub(super) struct Contexts {
    pub(super) inputs: BTreeMap<String, String>,
    /// The outcome of each step, and its outputs.
    pub(super) steps: BTreeMap<String, (&'static str, BTreeMap<String, String>)>,
    /// Values by their whole path, `github.token`; a path that is not here is empty.
    pub(super) github: BTreeMap<String, String>,
    pub(super) is_cancelled: bool,
}

impl Contexts {
    /// A value of `env:` with its expressions replaced.
    pub(super) fn fill(&self, template: &str) -> String {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${{") {
            let (expression, after) = after.split_once("}}").unwrap();
            filled.push_str(before);
            filled.push_str(&self.value(expression));
            rest = after;
        }
        filled + rest
    }

    /// A condition.
    pub(super) fn is_true(&self, template: &str) -> bool {
        match &*self.fill(template) {
            "true" => true,
            "false" => false,
            other => panic!("`{template}` is `{other}`, no truth"),
        }
    }

    fn value(&self, expression: &str) -> String {
        if expression.contains("&&") {
            let are_true = expression.split("&&").all(|part| self.value(part) == "true");
            return are_true.to_string();
        }
        if expression.trim() == "!cancelled()" {
            return (!self.is_cancelled).to_string();
        }
        for (operator, wanted) in [("==", true), ("!=", false)] {
            if let Some((left, right)) = expression.split_once(operator) {
                return ((self.value(left) == self.value(right)) == wanted).to_string();
            }
        }
        let expression = expression.trim();
        if let Some(text) = expression.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')) {
            return text.to_owned();
        }
        if expression == "toJSON(inputs)" {
            return serde_json::to_string_pretty(&self.inputs).unwrap();
        }
        let path: Vec<_> = expression.split('.').collect();
        match path[..] {
            ["inputs", name] => {
                self.inputs.get(name).unwrap_or_else(|| panic!("no input {name}")).clone()
            }
            ["github", ..] => self.github.get(expression).cloned().unwrap_or_default(),
            // a step after one that failed
            ["steps", id, "outcome"] => {
                self.steps.get(id).map_or("skipped", |(outcome, _)| outcome).to_owned()
            }
            ["steps", id, "outputs", name] => {
                let outputs = self.steps.get(id).map(|(_, outputs)| outputs);
                outputs.and_then(|outputs| outputs.get(name)).cloned().unwrap_or_default()
            }
            _ => panic!("`{expression}` is no expression that is known here"),
        }
    }
}
