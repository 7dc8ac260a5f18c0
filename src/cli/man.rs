//! `deploygate man`: manual pages, of the same texts as the help.

use std::io;

use clap::{Args, Command};
use clap_mangen::{
    Man,
    roff::{Roff, bold, roman},
};

use super::{help, print, usage};
use crate::{exit::ExitCode, text::did_you_mean};

/// When the texts last changed in more than their wording (man-pages(7)).
const DATE: &str = "2026-11-26";

/// The options of `man`.
#[derive(Args, Debug)]
pub(super) struct ManArgs {
    /// Command to describe, e.g. wait; without one, the program
    command: Option<String>,
}

pub(super) fn man(args: &ManArgs, mut program: Command) -> Result<ExitCode, clap::Error> {
    // sets the names by which the pages refer to each other
    program.build();
    let shown = || program.get_subcommands().filter(|command| !command.is_hide_set());
    let command = match &args.command {
        None => &program,
        Some(name) => shown().find(|command| command.get_name() == name).ok_or_else(|| {
            let known: Vec<_> = shown().map(Command::get_name).collect();
            let near = did_you_mean(name, known.iter().copied());
            usage(format!("unknown command `{name}`{near}; commands: {}", known.join(", ")))
        })?,
    };
    let mut page = Vec::new();
    write(command, &program, &mut page)
        .map_err(|error| usage(format!("failed to write the page: {error}")))?;
    // clap_mangen 0.3 breaks lines around an empty one, and mandoc warns of it
    let page = String::from_utf8_lossy(&page).replace("\n.br\n\n.br\n", "\n.sp\n");
    print(page.as_bytes());
    Ok(ExitCode::Passed)
}

fn write(command: &Command, program: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let source = format!("deploygate {}", program.get_version().unwrap_or_default());
    let man = Man::new(command.clone()).source(source).manual("deploygate manual").date(DATE);
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(page)?;
    }
    let mut roff = Roff::new();
    examples(&mut roff, command);
    exit_status(&mut roff, command);
    environment(&mut roff, command);
    see_also(&mut roff, command, program);
    roff.to_writer(page)
}

fn examples(roff: &mut Roff, command: &Command) {
    roff.control("SH", ["EXAMPLES"]);
    for (what, line) in help::examples(command.get_name()) {
        roff.control("TP", []).text([roman(format!("{what}:"))]).text([bold(*line)]);
    }
}

fn exit_status(roff: &mut Roff, command: &Command) {
    roff.control("SH", ["EXIT STATUS"]);
    let codes = help::exit_codes(command.get_name());
    if codes.is_empty() {
        roff.text([roman("0, or 2 on wrong usage.")]);
    }
    for (code, word, when) in codes {
        roff.control("TP", []).text([bold(code)]).text([roman(format!("{word}: {when}"))]);
    }
}

fn environment(roff: &mut Roff, command: &Command) {
    let of_options = command.get_arguments().filter(|arg| !arg.is_hide_set()).filter_map(|arg| {
        let option = arg.get_long().map(|long| format!("stands for --{long}"));
        let what = option.unwrap_or_else(|| "stands for the argument".to_owned());
        Some((arg.get_env()?.to_string_lossy().into_owned(), what))
    });
    let others = help::ENVIRONMENT.map(|(name, what)| (name.to_owned(), what.to_owned()));
    roff.control("SH", ["ENVIRONMENT"]);
    for (name, what) in others.into_iter().chain(of_options) {
        roff.control("TP", []).text([bold(name)]).text([roman(what)]);
    }
}

fn see_also(roff: &mut Roff, command: &Command, program: &Command) {
    let all = [program].into_iter().chain(program.get_subcommands());
    let others = all.filter(|other| !other.is_hide_set() && other.get_name() != command.get_name());
    let others = others.filter_map(|other| other.get_display_name().or(Some(other.get_name())));
    roff.control("SH", ["SEE ALSO"]);
    let pages: Vec<_> = others.map(|name| format!("{name}(1)")).collect();
    roff.text([roman(pages.join(", "))]);
}
