//! Programs that miss a setting or can't read their configuration.

use super::row::{Row, SETTING, rows};

const SET_IT: &str = "set it in the pod template (`env`, `envFrom`). If it comes from a ConfigMap or Secret, check that the key is there";

pub(super) const CORRECT_FILE: &str =
    "correct the file (ConfigMap, Secret or image) at the place that the message names";

/// Messages that name a variable come before all others: they are rarely about anything else.
pub(super) const VARIABLES: &[Row] = rows! {
    // a dict's KeyError is no variable: the trace must name `os.environ`
    VARIABLE { needs_name: true, shown_by: "keyerror: '",
        needs: "environ|getenv",
        names: "keyerror: '<>'" }
    // Ruby's Hash says the same of any key
    VARIABLE { needs_name: true, shown_by: "key not found: \"",
        names: "<variable>" }
    // POSIX shells with `set -u`, and `${X:?}`
    VARIABLE { needs_name: true, shown_by: ": unbound variable|: parameter not set|: parameter null or not set",
        names: "<word>: unbound variable|<word>: parameter not set|<word>: parameter null or not set" }
    // envconfig for Go, Prisma, and the words of programs
    VARIABLE { needs_name: true,
        shown_by: "required key …missing value|environment variable not found|missing …environment variable\
            |missing env|environment variable…not set|environment variable…required|environment variable…missing\
            |environment variable…must be|environment variable…undefined|required…environment variable\
            |env var…not set|env var…required|not set…environment| is not set| not set| must be set| is required\
            | is missing|missing required| is undefined| is not defined",
        names: "<variable>" }
};

rows! {
    VARIABLE = SETTING { sign: "variable-missing", cause: "[the environment variable {}|an environment variable] is missing",
        next_step: SET_IT }
}

pub(super) const ROWS: &[Row] = rows! {
    // pydantic 1 and 2 (rafsaf/minimal-fastapi-postgres-template#47), Spring (US-CBP/GTAS#1779), Rust `VarError`, Joi
    SETTING { sign: "setting-missing",
        shown_by: "field required [type=missing|field required (type=value_error.missing)\
            |could not resolve placeholder '|no value supplied for required|environment variable not found\
            |environment variable…not set|missing …environment variable|required …environment variable\
            |`secret_key_base`|missing required configuration|missing required setting|improperlyconfigured\
            |config validation error|on an `err` value: notpresent",
        names: "could not resolve placeholder '<>'|missing required configuration \"<>\"\
            |config validation error: <rest>|improperlyconfigured: <rest>",
        cause: "a setting that the program needs is missing[: {}]",
        next_step: SET_IT }
    // Go `flag` and cobra, Python argparse, GNU getopt, clap, Java
    SETTING { sign: "argument-wrong",
        shown_by: "unknown flag: |unknown long flag '|unknown short flag '|unknown argument|no such option: \
            |found argument '|unknown shorthand flag: |flag provided but not defined: |unrecognized argument\
            |unrecognized option|unknown option|invalid option|error: unexpected argument|illegal option\
            |unknown command \"|bad option: ",
        names: "unknown flag: <word>|unknown long flag <word>|unknown short flag <word>|unknown argument<word>\
            |no such option: <word>|found argument <word>|not defined: <word>|unrecognized arguments: <word>\
            |unrecognized option <word>|unexpected argument <word>|unknown command <word>|bad option: <word>\
            |unknown option <word>|invalid option<word>",
        cause: "the program does not know [the argument {}|one of its arguments]",
        next_step: "correct `args` (or `command`) for this version of the program" }
    // go-yaml and sigs.k8s.io/yaml, PyYAML, SnakeYAML, js-yaml
    SETTING { sign: "yaml-invalid",
        shown_by: "yaml: line |yaml: unmarshal|error converting yaml to json|yaml.scanner.scannererror\
            |yaml.parser.parsererror|yamlexception|mapping values are not allowed\
            |found character that cannot start any token",
        names: "yaml: <rest>|yamlexception: <rest>|<text>",
        cause: "a YAML file that the program reads is invalid[: {}]",
        next_step: CORRECT_FILE }
    // Go `encoding/json`, Python `json`, V8, Jackson, .NET
    SETTING { sign: "json-invalid",
        shown_by: "json.decoder.jsondecodeerror|invalid character …looking for beginning of\
            |unexpected end of json input|unexpected token…json|in json at position|jsonparseexception\
            |jsonreaderexception|expecting property name enclosed in double quotes",
        names: "<text>",
        cause: "JSON that the program reads is invalid[: {}]",
        next_step: "correct the file or setting that holds it. If it looks right, check for an empty value or a page of HTML in its place" }
    // Rust `toml`, Python `tomllib`, Go BurntSushi/toml
    SETTING { sign: "toml-invalid", shown_by: "toml parse error|tomldecodeerror|toml: line |toml: …expected",
        names: "<text>",
        cause: "a TOML file that the program reads is invalid[: {}]",
        next_step: CORRECT_FILE }
    // nginx `ngx_conf_file.c`
    SETTING { sign: "nginx-config", shown_by: "[emerg]… in /….conf|[emerg]…unknown directive",
        names: "[emerg] <rest>",
        cause: "nginx rejected its configuration[: {}]",
        next_step: "correct the file at the line that the message names (`nginx -t` checks it)" }
    SETTING { sign: "license",
        shown_by: "license expired|licence expired|license has expired|licence has expired|license is expired\
            |license key…invalid|invalid license|license is invalid|license is not valid|no valid license\
            |license file not found|license check failed",
        names: "<text>",
        cause: "the program's licence is missing, invalid or expired[: {}]",
        next_step: "give the program a valid licence" }
    SETTING { sign: "configuration-wrong",
        shown_by: "invalid configuration|invalid config|bad config|configuration error|config error\
            |failed to load config|failed to read config|failed to parse config|error loading config\
            |error reading config|error parsing config|could not load config|cannot load config\
            |unable to load config|unable to parse config",
        names: "<text>",
        cause: "the program rejected its configuration[: {}]",
        next_step: "correct the ConfigMap, Secret, `env` or `args` that the message names" }
};
