//! Servers and runtimes that do not accept their settings, and programs that wait.

use super::{
    detail::Detail,
    row::{PROGRAM, Row},
};
use crate::evidence::Attribution;

const CORRECT_FILE: &str =
    "correct the file (ConfigMap, Secret or image) at the place that the message names";

pub(super) const ROWS: &[Row] = &[
    // Kubernetes' link variables: `NAME_PORT=tcp://10.0.0.1:80` for each Service of the namespace
    Row {
        sign: "service-link",
        phrases: &[
            &["invalid literal for int()", "tcp://"],
            &["parseint", "tcp://"],
            &["parse", "\"tcp://"],
            &["numberformatexception", "tcp://"],
            &["port", "'tcp://"],
            &["port", "\"tcp://"],
            &["port", " tcp://"],
        ],
        details: &[Detail::Variable],
        cause: "a port setting has the value tcp://...: Kubernetes sets such a variable for each Service, and one has the name that the program reads",
        named: "{} has the value tcp://...: Kubernetes sets such a variable for each Service, and one has the name that the program reads",
        attribution: Attribution::Configuration,
        next_step: "set `enableServiceLinks: false` in the pod template, or set the variable yourself",
        ..PROGRAM
    },
    // HotSpot `arguments.cpp`
    Row {
        sign: "java-option",
        phrases: &[
            &["unrecognized vm option"],
            &["unrecognized option: "],
            &["invalid maximum heap size"],
            &["invalid initial heap size"],
            &["error: could not find or load main class"],
            &["conflicting collector combinations"],
        ],
        details: &[
            Detail::Between("vm option '", "'"),
            Detail::After("unrecognized option: "),
            Detail::Rest("heap size: "),
            Detail::Rest("load main class "),
        ],
        cause: "Java does not accept the options that it is started with",
        named: "Java does not accept what it is started with: {}",
        attribution: Attribution::Configuration,
        next_step: "correct `JAVA_TOOL_OPTIONS` (or `JDK_JAVA_OPTIONS`, `args`) for the Java version in the image",
        ..PROGRAM
    },
    // Node `src/node.cc`
    Row {
        sign: "node-option",
        phrases: &[&["is not allowed in node_options"]],
        details: &[Detail::Before(" is not allowed in node_options")],
        cause: "Node.js does not know an option in NODE_OPTIONS",
        named: "Node.js does not accept {} in NODE_OPTIONS",
        attribution: Attribution::Configuration,
        next_step: "correct `NODE_OPTIONS` for the Node.js version in the image",
        ..PROGRAM
    },
    // Node `lib/internal/validators.js`
    Row {
        sign: "port-invalid",
        phrases: &[
            &["err_socket_bad_port"],
            &["options.port should be >= 0"],
            &["invalid port number"],
            &["invalid port: "],
        ],
        details: &[],
        cause: "the port that the program is told to listen on is not a number from 0 to 65535",
        attribution: Attribution::Configuration,
        next_step: "correct the port in `env` or `args` (often `PORT`)",
        ..PROGRAM
    },
    // redis `config.c`
    Row {
        sign: "redis-config",
        phrases: &[
            &["fatal config file error"],
            &["reading the configuration file, at line"],
            &["bad directive or wrong number of arguments"],
        ],
        details: &[Detail::Between(">>> '", "'")],
        cause: "redis does not accept its configuration",
        named: "redis does not accept this line of its configuration: {}",
        attribution: Attribution::Configuration,
        next_step: "correct the directive for this version of redis",
        ..PROGRAM
    },
    // MySQL and MariaDB `my_getopt.c`
    Row {
        sign: "mysql-variable",
        phrases: &[&["unknown variable '"], &["unknown option '--"]],
        details: &[
            Detail::Between("unknown variable '", "'"),
            Detail::Between("unknown option '", "'"),
        ],
        cause: "the database server does not know a setting in its configuration",
        named: "the database server does not know the setting {}",
        attribution: Attribution::Configuration,
        next_step: "correct the setting in `my.cnf` or `args`; it may be gone in this version",
        ..PROGRAM
    },
    // PostgreSQL `guc-file.l`
    Row {
        sign: "postgres-setting",
        phrases: &[
            &["unrecognized configuration parameter"],
            &["configuration file", "contains errors"],
            &["invalid value for parameter"],
        ],
        details: &[
            Detail::Between("configuration parameter \"", "\""),
            Detail::Between("for parameter \"", "\""),
        ],
        cause: "PostgreSQL does not accept its configuration",
        named: "PostgreSQL does not accept the setting {}",
        attribution: Attribution::Configuration,
        next_step: "correct the setting in `postgresql.conf` or `args`; it may be gone in this version",
        ..PROGRAM
    },
    // PostgreSQL `miscinit.c`
    Row {
        sign: "data-files-incompatible",
        phrases: &[
            &["database files are incompatible with server"],
            &["is not compatible with this version"],
            &["unsupported redo log format"],
            &["cannot upgrade server earlier than"],
            &["can't handle rdb format version"],
            &["invalid server upgrade"],
        ],
        details: &[
            Detail::Between("initialized by postgresql version ", ","),
            Detail::Between("rdb format version ", "\n"),
        ],
        cause: "the data on the volume was written by another version of the server",
        named: "the data on the volume was written by version {} of the server, which this version cannot read",
        attribution: Attribution::Configuration,
        next_step: "go back to that version, then upgrade the data (PostgreSQL: pg_upgrade, or dump and restore)",
        ..PROGRAM
    },
    // the entrypoints of the official images
    Row {
        sign: "first-password-missing",
        phrases: &[
            &["superuser password is not specified"],
            &["database is uninitialized and password option is not specified"],
        ],
        details: &[],
        cause: "the database is new, and the password of its first user is not set (POSTGRES_PASSWORD, MYSQL_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD)",
        attribution: Attribution::Configuration,
        next_step: "set the password's variable in the pod template from a Secret",
        ..PROGRAM
    },
    // haproxy `cfgparse.c`
    Row {
        sign: "haproxy-config",
        phrases: &[&["[alert]", "parsing ["], &["[alert]", "config"]],
        unless: &["fatal errors found", "error(s) found", "failed to initialize server"],
        details: &[Detail::Rest("parsing "), Detail::Rest("config : ")],
        cause: "haproxy does not accept its configuration",
        named: "haproxy does not accept its configuration: {}",
        attribution: Attribution::Configuration,
        next_step: CORRECT_FILE,
        ..PROGRAM
    },
    // httpd `server/config.c`
    Row {
        sign: "apache-config",
        phrases: &[
            &["ah00526: syntax error"],
            &["invalid command '", "perhaps misspelled"],
            &["httpd: syntax error on line"],
            &["apache2: syntax error on line"],
        ],
        details: &[Detail::Between("invalid command '", "'"), Detail::Rest("syntax error ")],
        cause: "Apache does not accept its configuration",
        named: "Apache does not accept its configuration: {}",
        attribution: Attribution::Configuration,
        next_step: "correct the file at that line, or load the module that brings the directive",
        ..PROGRAM
    },
    // Caddy `caddyfile`, Mosquitto `conf.c`, Envoy, Prometheus, RabbitMQ's cuttlefish
    Row {
        sign: "server-config",
        phrases: &[
            &["adapting config using caddyfile"],
            &["unrecognized directive"],
            &["unknown configuration variable"],
            &["error initializing configuration"],
            &["not found in type config."],
            &["but there is no setting with that name"],
            &["failed_to_prepare_configuration"],
            &["error parsing configuration file"],
        ],
        details: &[
            Detail::Rest("adapting config using caddyfile: "),
            Detail::Rest("unrecognized directive: "),
            Detail::Rest("unknown configuration variable "),
            Detail::Between("you've tried to set ", ","),
            Detail::Whole,
        ],
        cause: "the server does not accept its configuration",
        named: "the server does not accept its configuration: {}",
        attribution: Attribution::Configuration,
        next_step: CORRECT_FILE,
        ..PROGRAM
    },
    // uvicorn `importer.py`, gunicorn `util.py`
    Row {
        sign: "application-object-missing",
        phrases: &[
            &["error loading asgi app. "],
            &["failed to find attribute '"],
            &["failed to find application object '"],
            &["no module named", "wsgi"],
        ],
        details: &[
            Detail::Between("attribute \"", "\""),
            Detail::Between("attribute '", "'"),
            Detail::Between("application object '", "'"),
            Detail::Rest("error loading asgi app. "),
        ],
        cause: "the server does not find the application object that it is told to load",
        named: "the server does not find the application object {} in the module that it is told to load",
        attribution: Attribution::Configuration,
        next_step: "correct the argument `module:object` of uvicorn or gunicorn, or the name in the module",
        ..PROGRAM
    },
    // CPython `importlib`
    Row {
        sign: "python-bytecode",
        phrases: &[&["bad magic number in '"]],
        details: &[Detail::Between("bad magic number in '", "'")],
        cause: "a compiled Python file (.pyc) is of another Python version",
        named: "the compiled file of the module {} (.pyc) is of another Python version",
        attribution: Attribution::Application,
        next_step: "do not copy `.pyc` files into the image, or build on the base image's own Python",
        ..PROGRAM
    },
    // Node's loaders
    Row {
        sign: "module-system",
        phrases: &[
            &["err_require_esm"],
            &["require() of es module"],
            &["cannot use import statement outside a module"],
            &["require is not defined in es module scope"],
        ],
        details: &[Detail::Between("require() of es module ", " from")],
        cause: "the program mixes ES modules and CommonJS",
        named: "the program loads the ES module {} with require()",
        attribution: Attribution::Application,
        next_step: "load it with `import()`, or install the package's last CommonJS version",
        ..PROGRAM
    },
    // PDO and PHP's functions of extensions
    Row {
        sign: "php-extension-missing",
        phrases: &[&["could not find driver"], &["call to undefined function "]],
        details: &[Detail::Between("undefined function ", "(")],
        cause: "the image lacks a PHP extension: the PDO driver of the database",
        named: "PHP has no function {}: an extension is not in the image, or the file that defines it is not loaded",
        attribution: Attribution::Application,
        next_step: "install the extension in the image (`docker-php-ext-install pdo_mysql` or `pdo_pgsql`)",
        ..PROGRAM
    },
    // Linux' EAGAIN of clone(2)
    Row {
        sign: "process-limit",
        phrases: &[
            &["can't start new thread"],
            &["pthread_create", "resource temporarily unavailable"],
            &["fork: ", "resource temporarily unavailable"],
            &["failed to create new os thread"],
            &["cannot fork"],
        ],
        details: &[],
        cause: "the program may not start another thread or process: the limit per pod is reached",
        attribution: Attribution::Unknown,
        next_step: "let the program start fewer threads, or raise the limit of the nodes (`podPidsLimit`)",
        ..PROGRAM
    },
    // V8: what a promise is rejected with need not be an Error
    Row {
        sign: "rejected-with-object",
        phrases: &[
            &["promise rejected with the reason \"#<object>\""],
            &["with the reason \"undefined\""],
        ],
        details: &[],
        cause: "a promise was rejected with a plain object, which nothing caught, so that Node.js prints nothing of it",
        attribution: Attribution::Application,
        next_step: "reject with an `Error`, or log what `unhandledRejection` is given",
        ..PROGRAM
    },
    // wait-for-it, dockerize, and loops of entrypoints
    Row {
        sign: "waiting",
        phrases: &[
            &["waiting for "],
            &["is unavailable - sleeping"],
            &[" - no response"],
            &["not available yet"],
            &["timeout occurred after waiting"],
        ],
        unless: &[
            "waiting for connections",
            "waiting for requests",
            "waiting for workers",
            "listening",
        ],
        details: &[Detail::Between(" for ", " - sleeping"), Detail::Address],
        needs_detail: true,
        cause: "the program waits for something that does not answer",
        named: "the program waits for {}, which does not answer",
        attribution: Attribution::Unknown,
        next_step: "start that service, or correct its host and port in the program's configuration",
        ..PROGRAM
    },
];
