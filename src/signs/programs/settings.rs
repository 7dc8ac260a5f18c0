//! Programs that miss a setting or can't read their configuration.

use super::{
    Certainty,
    detail::Detail,
    row::{PROGRAM, Row},
};
use crate::evidence::Attribution;

const SET_IT: &str = "set it in the pod template (`env`, `envFrom`), or correct the name; see that the ConfigMap or Secret has the key";

/// Messages that name a variable come before all others: they are rarely about anything else.
pub(super) const VARIABLES: &[Row] = &[
    // a dict's KeyError is no variable: the trace must name `os.environ`
    Row {
        phrases: &[&["keyerror: '"]],
        needs: &["environ", "getenv"],
        details: &[Detail::Between("keyerror: '", "'")],
        needs_detail: true,
        ..VARIABLE
    },
    // Ruby's Hash says the same of any key
    Row {
        phrases: &[&["key not found: \""]],
        details: &[Detail::Variable],
        needs_detail: true,
        ..VARIABLE
    },
    // POSIX shells with `set -u`, and `${X:?}`
    Row {
        phrases: &[
            &[": unbound variable"],
            &[": parameter not set"],
            &[": parameter null or not set"],
        ],
        details: &[
            Detail::Before(": unbound variable"),
            Detail::Before(": parameter not set"),
            Detail::Before(": parameter null or not set"),
        ],
        needs_detail: true,
        ..VARIABLE
    },
    // envconfig for Go, Prisma, and the words of programs
    Row {
        phrases: &[
            &["required key ", "missing value"],
            &["environment variable not found"],
            &["missing ", "environment variable"],
            &["missing env"],
            &["environment variable", "not set"],
            &["environment variable", "required"],
            &["environment variable", "missing"],
            &["environment variable", "must be"],
            &["environment variable", "undefined"],
            &["required", "environment variable"],
            &["env var", "not set"],
            &["env var", "required"],
            &["not set", "environment"],
            &[" is not set"],
            &[" not set"],
            &[" must be set"],
            &[" is required"],
            &[" is missing"],
            &["missing required"],
            &[" is undefined"],
            &[" is not defined"],
        ],
        details: &[Detail::Variable],
        needs_detail: true,
        ..VARIABLE
    },
];

const VARIABLE: Row = Row {
    sign: "variable-missing",
    cause: "an environment variable is missing",
    named: "the environment variable {} is missing",
    attribution: Attribution::Configuration,
    next_step: SET_IT,
    ..PROGRAM
};

pub(super) const ROWS: &[Row] = &[
    // pydantic 1 and 2 (rafsaf/minimal-fastapi-postgres-template#47), Spring (US-CBP/GTAS#1779), Rust `VarError`, Joi
    Row {
        sign: "setting-missing",
        phrases: &[
            &["field required [type=missing"],
            &["field required (type=value_error.missing)"],
            &["could not resolve placeholder '"],
            &["no value supplied for required"],
            &["environment variable not found"],
            &["environment variable", "not set"],
            &["missing ", "environment variable"],
            &["required ", "environment variable"],
            &["`secret_key_base`"],
            &["missing required configuration"],
            &["missing required setting"],
            &["improperlyconfigured"],
            &["config validation error"],
            &["on an `err` value: notpresent"],
        ],
        details: &[
            Detail::Between("could not resolve placeholder '", "'"),
            Detail::Between("missing required configuration \"", "\""),
            Detail::Rest("config validation error: "),
            Detail::Rest("improperlyconfigured: "),
        ],
        cause: "a setting that the program needs is missing",
        named: "a setting that the program needs is missing: {}",
        attribution: Attribution::Configuration,
        next_step: SET_IT,
        ..PROGRAM
    },
    // Go `flag` and cobra, Python argparse, GNU getopt, clap, Java
    Row {
        sign: "argument-wrong",
        phrases: &[
            &["unknown flag: "],
            &["unknown long flag '"],
            &["unknown short flag '"],
            &["unknown argument"],
            &["no such option: "],
            &["found argument '"],
            &["unknown shorthand flag: "],
            &["flag provided but not defined: "],
            &["unrecognized argument"],
            &["unrecognized option"],
            &["unknown option"],
            &["invalid option"],
            &["error: unexpected argument"],
            &["illegal option"],
            &["unknown command \""],
            &["bad option: "],
        ],
        details: &[
            Detail::After("unknown flag: "),
            Detail::After("unknown long flag "),
            Detail::After("unknown short flag "),
            Detail::After("unknown argument"),
            Detail::After("no such option: "),
            Detail::After("found argument "),
            Detail::After("not defined: "),
            Detail::After("unrecognized arguments: "),
            Detail::After("unrecognized option "),
            Detail::After("unexpected argument "),
            Detail::After("unknown command "),
            Detail::After("bad option: "),
            Detail::After("unknown option "),
            Detail::After("invalid option"),
        ],
        cause: "the program was called with an argument that it does not know",
        named: "the program does not know the argument {}",
        attribution: Attribution::Configuration,
        next_step: "correct `args` (or `command`) for this version of the program",
        ..PROGRAM
    },
    // go-yaml and sigs.k8s.io/yaml, PyYAML, SnakeYAML, js-yaml
    Row {
        sign: "yaml-invalid",
        phrases: &[
            &["yaml: line "],
            &["yaml: unmarshal"],
            &["error converting yaml to json"],
            &["yaml.scanner.scannererror"],
            &["yaml.parser.parsererror"],
            &["yamlexception"],
            &["mapping values are not allowed"],
            &["found character that cannot start any token"],
        ],
        details: &[Detail::Rest("yaml: "), Detail::Rest("yamlexception: "), Detail::Whole],
        cause: "a YAML file that the program reads is not valid",
        named: "a YAML file that the program reads is not valid: {}",
        attribution: Attribution::Configuration,
        next_step: "correct the file (ConfigMap, Secret, image) at the place that the message names",
        ..PROGRAM
    },
    // Go `encoding/json`, Python `json`, V8, Jackson, .NET
    Row {
        sign: "json-invalid",
        phrases: &[
            &["json.decoder.jsondecodeerror"],
            &["invalid character ", "looking for beginning of"],
            &["unexpected end of json input"],
            &["unexpected token", "json"],
            &["in json at position"],
            &["jsonparseexception"],
            &["jsonreaderexception"],
            &["expecting property name enclosed in double quotes"],
        ],
        details: &[Detail::Whole],
        cause: "JSON that the program reads is not valid",
        named: "JSON that the program reads is not valid: {}",
        attribution: Attribution::Configuration,
        next_step: "correct the file or setting that holds it; an empty value or a page of HTML looks like this too",
        ..PROGRAM
    },
    // Rust `toml`, Python `tomllib`, Go BurntSushi/toml
    Row {
        sign: "toml-invalid",
        phrases: &[
            &["toml parse error"],
            &["tomldecodeerror"],
            &["toml: line "],
            &["toml: ", "expected"],
        ],
        details: &[Detail::Whole],
        cause: "a TOML file that the program reads is not valid",
        named: "a TOML file that the program reads is not valid: {}",
        attribution: Attribution::Configuration,
        next_step: "correct the file at the place that the message names",
        ..PROGRAM
    },
    // nginx `ngx_conf_file.c`
    Row {
        sign: "nginx-config",
        phrases: &[&["[emerg]", " in /", ".conf"], &["[emerg]", "unknown directive"]],
        details: &[Detail::Rest("[emerg] ")],
        cause: "nginx does not accept its configuration",
        named: "nginx does not accept its configuration: {}",
        attribution: Attribution::Configuration,
        next_step: "correct the file at the line that the message names (`nginx -t` checks it)",
        ..PROGRAM
    },
    Row {
        sign: "license",
        phrases: &[
            &["license expired"],
            &["licence expired"],
            &["license has expired"],
            &["licence has expired"],
            &["license is expired"],
            &["license key", "invalid"],
            &["invalid license"],
            &["license is invalid"],
            &["license is not valid"],
            &["no valid license"],
            &["license file not found"],
            &["license check failed"],
        ],
        details: &[Detail::Whole],
        cause: "the program's licence is missing, wrong or over",
        named: "the program's licence is missing, wrong or over: {}",
        attribution: Attribution::Configuration,
        next_step: "give the program a valid licence",
        ..PROGRAM
    },
    Row {
        sign: "configuration-wrong",
        phrases: &[
            &["invalid configuration"],
            &["invalid config"],
            &["bad config"],
            &["configuration error"],
            &["config error"],
            &["failed to load config"],
            &["failed to read config"],
            &["failed to parse config"],
            &["error loading config"],
            &["error reading config"],
            &["error parsing config"],
            &["could not load config"],
            &["cannot load config"],
            &["unable to load config"],
            &["unable to parse config"],
        ],
        details: &[Detail::Whole],
        cause: "the program does not accept its configuration",
        named: "the program does not accept its configuration: {}",
        attribution: Attribution::Configuration,
        next_step: "correct the ConfigMap, Secret, `env` or `args` that the message names",
        certainty: Certainty::Probable,
        ..PROGRAM
    },
];
