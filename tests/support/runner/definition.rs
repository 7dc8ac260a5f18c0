//! `action.yml`, as far as a composite action of `run` steps may go. Whatever else stands in it is refused here.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Definition {
    inputs: BTreeMap<String, Input>,
    outputs: BTreeMap<String, Output>,
    runs: Runs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    #[serde(rename = "description")]
    _description: String,
    #[serde(default, rename = "required")]
    _required: bool,
    #[serde(default)]
    default: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Output {
    #[serde(rename = "description")]
    _description: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Runs {
    using: String,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    pub(super) id: Option<String>,
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "if")]
    pub(super) condition: Option<String>,
    shell: String,
    pub(super) run: String,
    #[serde(default, rename = "continue-on-error")]
    pub(super) continue_on_error: Option<String>,
    #[serde(default)]
    pub(super) env: BTreeMap<String, String>,
}

impl Definition {
    pub(super) fn read(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("action.yml")).unwrap();
        let definition: Self = serde_saphyr::from_str(&text).unwrap();
        assert_eq!(definition.runs.using, "composite");
        for step in &definition.runs.steps {
            assert_eq!(step.shell, "bash", "the harness knows no other");
            assert!(!step.run.contains("${{"), "what is put into a script is run: {}", step.run);
        }
        definition
    }

    /// An input that is not given is there all the same, empty unless it has a default.
    pub(super) fn defaults(&self) -> impl Iterator<Item = (String, String)> {
        self.inputs.iter().map(|(name, input)| (name.clone(), input.default.clone()))
    }

    pub(super) fn outputs(&self) -> impl Iterator<Item = (String, String)> {
        self.outputs.iter().map(|(name, output)| (name.clone(), output.value.clone()))
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.runs.steps
    }
}
