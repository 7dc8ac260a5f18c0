//! Which options were given, and whether on the command line or by a variable.

use std::collections::BTreeSet;

use clap::{ArgMatches, parser::ValueSource};

use super::settings;
use crate::gate::{Origin, Setting};

/// What the values of a command's options come from.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins {
    /// Options that were given on the command line, by the names of their fields.
    flags: BTreeSet<String>,
    /// Those that a variable stands for.
    variables: BTreeSet<String>,
    /// Grace periods of the environment, beside which others were given on the command line: each cause has its own.
    pub(super) more_graces: Vec<String>,
}

impl Origins {
    /// Of a command. `has_variables`: variables may stand for options of the policy.
    pub(super) fn of(matches: &ArgMatches, has_variables: bool) -> Self {
        let from = |source| {
            let ids = matches.ids().map(clap::Id::as_str);
            let given = ids.filter(move |id| matches.value_source(id) == Some(source));
            given.map(str::to_owned).collect::<BTreeSet<_>>()
        };
        let flags = from(ValueSource::CommandLine);
        let more_graces = match has_variables && flags.contains(Setting::GRACE) {
            true => settings::lines_of("DEPLOYGATE_GRACE"),
            false => Vec::new(),
        };
        Self { flags, variables: from(ValueSource::EnvVariable), more_graces }
    }

    /// What a value was given by: the option, or the variable that stands for it. `field`: its name in the code.
    pub(super) fn name(&self, field: &str) -> String {
        match self.variables.contains(field) {
            true => format!("DEPLOYGATE_{}", field.to_ascii_uppercase()),
            false => format!("--{}", field.replace('_', "-")),
        }
    }

    /// Says of a mistake in words of the command line which variable has them, if one does.
    pub(super) fn blame(&self, field: &str, mistake: String) -> String {
        match self.variables.contains(field) {
            true => format!("{}: {mistake}", self.name(field)),
            false => mistake,
        }
    }

    /// Where the value of an option comes from; `None` if it was not given. `field`: its name in the code.
    pub(super) fn origin(&self, field: &str) -> Option<Origin> {
        match () {
            () if self.flags.contains(field) => Some(Origin::Flag),
            () if self.variables.contains(field) => Some(Origin::Environment),
            () => None,
        }
    }
}
