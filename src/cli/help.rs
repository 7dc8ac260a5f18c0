//! What help and manual pages say beside the options: examples, exit codes and variables.

use clap::{Arg, ArgAction, Command, builder::StyledStr};

use crate::exit::ExitCode;

/// The order of a help text: whoever is in a hurry finds a line to copy before the options.
const TEMPLATE: &str =
    "{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}{all-args}{after-help}";

/// The heading of the options that say what is written where.
pub(super) const OUTPUT: &str = "Output";

/// Columns of a help text, whatever the terminal has.
const WIDTH: usize = 80;

/// A command line, and what it is for.
pub(super) type Example = (&'static str, &'static str);

/// Examples of a command, by its name.
pub(super) fn examples(command: &str) -> &'static [Example] {
    match command {
        "deploygate" => &[
            ("Watch a rollout that has just been applied", "deploygate wait deploy/app"),
            ("Find out what is broken in a namespace right now", "deploygate check -n shop"),
            ("See what a failure looks like, without a cluster", "deploygate demo crash-loop"),
        ],
        "wait" => &[
            (
                "After `kubectl apply`: 0 if the rollout completes and stays healthy",
                "deploygate wait deploy/app -n shop --timeout 5m",
            ),
            (
                "All workloads of manifests, with a report for CI",
                "deploygate wait -f k8s/ --report junit=gate.xml",
            ),
            (
                "GitOps: wait until a change arrives, and judge that revision",
                "deploygate wait deploy/app --await 10m --expect-image app:1.4.2",
            ),
        ],
        "check" => &[
            ("Every workload of a namespace", "deploygate check -n shop"),
            ("Two workloads, for a script", "deploygate check deploy/app sts/db -o json"),
        ],
        "replay" => &[
            ("Judge a recording again", "deploygate replay run.jsonl"),
            (
                "Would one restart more have been tolerated?",
                "deploygate replay run.jsonl --max-restarts 1 -q",
            ),
        ],
        "demo" => &[
            ("A crash, ten times faster", "deploygate demo crash-loop --speed 10"),
            (
                "The same as a page",
                "deploygate demo crash-loop --speed 1000 --report html=demo.html",
            ),
        ],
        "access" => &[
            (
                "May the current account judge this Deployment?",
                "deploygate access deploy/app -n shop",
            ),
            (
                "Create the Role that suffices, rollbacks included",
                "deploygate access deploy/app --on-failure rollback | kubectl apply -f -",
            ),
        ],
        "completions" => &[
            ("bash, for this shell", "source <(deploygate completions bash)"),
            ("zsh, in a folder of $fpath", "deploygate completions zsh >~/.zfunc/_deploygate"),
            ("fish", "deploygate completions fish >~/.config/fish/completions/deploygate.fish"),
        ],
        "man" => &[("Read the page of a command", "deploygate man wait | man -l -")],
        _ => &[],
    }
}

/// A number, its word, and when the program ends with it.
pub(super) type Code = (String, &'static str, &'static str);

/// The exit codes of a command; none where nothing can go wrong but its usage.
pub(super) fn exit_codes(command: &str) -> Vec<Code> {
    match command {
        "completions" | "man" => Vec::new(),
        "access" => {
            let code = |code: ExitCode, word, when| (code.code().to_string(), word, when);
            vec![
                code(ExitCode::Passed, "permitted", "the permissions suffice for a verdict"),
                code(ExitCode::Usage, ExitCode::Usage.word(), "nothing was asked"),
                code(
                    ExitCode::Inconclusive,
                    "not permitted",
                    "a permission is missing, or could not be checked",
                ),
            ]
        }
        _ => {
            let mut codes: Vec<Code> = Vec::new();
            for code in ExitCode::ALL {
                let number = code.code().to_string();
                match codes.iter_mut().find(|known| known.1 == code.word()) {
                    Some(known) => known.0 = format!("{}/{number}", known.0),
                    None => codes.push((number, code.word(), code.when())),
                }
            }
            codes
        }
    }
}

/// Variables that are not those of an option, and what they do.
pub(super) const ENVIRONMENT: [(&str, &str); 6] = [
    (
        "DEPLOYGATE_...",
        "stands for an option, and is named beside it; an empty one is ignored; one of a repeatable option has a value a line",
    ),
    ("KUBECONFIG", "kubeconfig files, separated as in PATH; those that do not exist are skipped"),
    ("HTTPS_PROXY, HTTP_PROXY, NO_PROXY", "proxy to the API server, if the kubeconfig names none"),
    ("NO_COLOR", "no colours, unless --color asks for them"),
    (
        "CI, GITHUB_ACTIONS, GITLAB_CI, ...",
        "set by CI systems: plain lines, and the run is named in reports",
    ),
    ("RUNNER_DEBUG", "1: as --verbose; GitHub sets it for runs with debug logging"),
];

/// The command line with its help. `is_short`: for `-h`, which has one line for each option.
pub(super) fn explained(command: Command, is_short: bool, name: &str) -> Command {
    let command = command.subcommand_help_heading("Commands");
    let command = with_texts(command, is_short, name);
    command.mut_subcommands(|command| {
        let command = match is_short {
            true => command.mut_args(in_short),
            false => command,
        };
        with_texts(command, is_short, name)
    })
}

/// An option as a line shows it, which says in words what it may be.
fn in_short(arg: Arg) -> Arg {
    let is_option = !arg.is_positional() && arg.get_action().takes_values();
    let arg = arg.hide_env(true);
    if is_option { arg.hide_possible_values(true) } else { arg }
}

fn with_texts(command: Command, is_short: bool, name: &str) -> Command {
    let of = command.get_name().to_owned();
    let command = command.help_template(TEMPLATE).max_term_width(WIDTH);
    if command.is_hide_set() {
        return command;
    }
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    let help = help.help("Print help: -h in short, --help with explanations");
    let has_output = command.get_arguments().any(|arg| arg.get_help_heading() == Some(OUTPUT));
    let examples = told_examples(&command, name);
    let codes = match is_short {
        true => told_codes(&of),
        false => explained_codes(&command),
    };
    command
        .disable_help_flag(true)
        .arg(if has_output { help.help_heading(OUTPUT) } else { help })
        .before_help(examples)
        .after_help(codes)
}

/// A heading as clap writes it.
fn heading(command: &Command, text: &str) -> String {
    let style = command.get_styles().get_header();
    format!("{style}{text}:{style:#}")
}

fn told_examples(command: &Command, name: &str) -> StyledStr {
    let mut text = heading(command, "Examples");
    for (what, line) in examples(command.get_name()) {
        let line = line.replacen("deploygate ", &format!("{name} "), 1);
        text.push_str(&format!("\n  # {what}\n  {line}"));
    }
    text.into()
}

fn told_codes(command: &str) -> StyledStr {
    let codes = exit_codes(command);
    let codes: Vec<_> = codes.iter().map(|(code, word, _)| format!("{code} {word}")).collect();
    match codes.is_empty() {
        true => StyledStr::new(),
        false => format!("Exit codes: {}", codes.join(", ")).into(),
    }
}

fn explained_codes(command: &Command) -> StyledStr {
    let codes = exit_codes(command.get_name());
    if codes.is_empty() {
        return StyledStr::new();
    }
    let codes = codes.iter().map(|(code, word, when)| (&**code, format!("{word}: {when}")));
    let variables = ENVIRONMENT.iter().map(|(name, what)| (*name, (*what).to_owned()));
    let mut text = heading(command, "Exit codes");
    codes.for_each(|(code, what)| entry(&mut text, code, &what));
    text.push_str(&format!("\n\n{}", heading(command, "Environment")));
    variables.for_each(|(name, what)| entry(&mut text, name, &what));
    text.into()
}

/// What is named, and what it is: beside it where it is short, else below.
fn entry(text: &mut String, name: &str, what: &str) {
    let indent = " ".repeat(11);
    let (start, first) = match name.len() < indent.len() - 3 {
        true => (String::new(), format!("  {name:<9}")),
        false => (format!("\n  {name}"), indent.clone()),
    };
    let options = textwrap::Options::new(WIDTH).initial_indent(&first).subsequent_indent(&indent);
    text.push_str(&format!("{start}\n{}", textwrap::fill(what, options)));
}
