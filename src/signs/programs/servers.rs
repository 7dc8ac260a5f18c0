//! Servers and runtimes that do not accept their settings, and programs that wait.

use super::{
    network::START_IT,
    row::{CODE, PROGRAM, Row, SETTING, rows},
    settings::CORRECT_FILE,
};

pub(super) const ROWS: &[Row] = rows! {
    // Kubernetes' link variables: `NAME_PORT=tcp://10.0.0.1:80` for each Service of the namespace
    SETTING { sign: "service-link",
        shown_by: "invalid literal for int()…tcp://|parseint…tcp://|parse…\"tcp://|numberformatexception…tcp://\
            |port…'tcp://|port…\"tcp://|port… tcp://",
        names: "<variable>",
        cause: "[{}|a port setting] has the value tcp://...: Kubernetes sets such a variable for each Service, and one has the name that the program reads",
        next_step: "set `enableServiceLinks: false` in the pod template, or set the variable yourself" }
    // HotSpot `arguments.cpp`
    SETTING { sign: "java-option",
        shown_by: "unrecognized vm option|unrecognized option: |invalid maximum heap size|invalid initial heap size\
            |error: could not find or load main class|conflicting collector combinations",
        names: "vm option '<>'|unrecognized option: <word>|heap size: <rest>|load main class <rest>",
        cause: "Java rejected its command line[: {}]",
        next_step: "correct `JAVA_TOOL_OPTIONS` (or `JDK_JAVA_OPTIONS`, `args`) for the Java version in the image" }
    // Node `src/node.cc`
    SETTING { sign: "node-option", shown_by: "is not allowed in node_options",
        names: "<word> is not allowed in node_options",
        cause: "Node.js does not accept [{}|an option] in NODE_OPTIONS",
        next_step: "correct `NODE_OPTIONS` for the Node.js version in the image" }
    // Node `lib/internal/validators.js`
    SETTING { sign: "port-invalid",
        shown_by: "err_socket_bad_port|options.port should be >= 0|invalid port number|invalid port: ",
        cause: "the configured port is not a number from 0 to 65535",
        next_step: "correct the port in `env` or `args` (often `PORT`)" }
    // redis `config.c`
    SETTING { sign: "redis-config",
        shown_by: "fatal config file error|reading the configuration file, at line\
            |bad directive or wrong number of arguments",
        names: ">>> '<>'",
        cause: "redis rejected [this line of its configuration: {}|its configuration]",
        next_step: "correct the directive for this version of redis" }
    // MySQL and MariaDB `my_getopt.c`
    SETTING { sign: "mysql-variable", shown_by: "unknown variable '|unknown option '--",
        names: "unknown variable '<>'|unknown option '<>'",
        cause: "the database server does not know [the setting {}|a setting in its configuration]",
        next_step: "correct the setting in `my.cnf` or `args`. If this version does not have it, remove it" }
    // PostgreSQL `guc-file.l`
    SETTING { sign: "postgres-setting",
        shown_by: "unrecognized configuration parameter|configuration file…contains errors\
            |invalid value for parameter",
        names: "configuration parameter \"<>\"|for parameter \"<>\"",
        cause: "PostgreSQL rejected [the setting {}|its configuration]",
        next_step: "correct the setting in `postgresql.conf` or `args`. If this version does not have it, remove it" }
    // PostgreSQL `miscinit.c`
    SETTING { sign: "data-files-incompatible",
        shown_by: "database files are incompatible with server|is not compatible with this version\
            |unsupported redo log format|cannot upgrade server earlier than|can't handle rdb format version\
            |invalid server upgrade",
        names: "initialized by postgresql version <>,|rdb format version <line>",
        cause: "the data on the volume was written by [version {} of the server, which this version cannot read|another version of the server]",
        next_step: "go back to that version, then upgrade the data (PostgreSQL: `pg_upgrade`, or dump and restore)" }
    // the entrypoints of the official images
    SETTING { sign: "first-password-missing",
        shown_by: "superuser password is not specified\
            |database is uninitialized and password option is not specified",
        cause: "the database is new, and its first user has no password (POSTGRES_PASSWORD, MYSQL_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD)",
        next_step: "set that variable in the pod template from a Secret" }
    // haproxy `cfgparse.c`
    SETTING { sign: "haproxy-config", shown_by: "[alert]…parsing [|[alert]…config",
        unless: "fatal errors found|error(s) found|failed to initialize server",
        names: "parsing <rest>|config : <rest>",
        cause: "haproxy rejected its configuration[: {}]",
        next_step: CORRECT_FILE }
    // httpd `server/config.c`
    SETTING { sign: "apache-config",
        shown_by: "ah00526: syntax error|invalid command '…perhaps misspelled|httpd: syntax error on line\
            |apache2: syntax error on line",
        names: "invalid command '<>'|syntax error <rest>",
        cause: "Apache rejected its configuration[: {}]",
        next_step: "correct the file at that line. If the directive belongs to a module, load it" }
    // Caddy `caddyfile`, Mosquitto `conf.c`, Envoy, Prometheus, RabbitMQ's cuttlefish
    SETTING { sign: "server-config",
        shown_by: "adapting config using caddyfile|unrecognized directive|unknown configuration variable\
            |error initializing configuration|not found in type config.|but there is no setting with that name\
            |failed_to_prepare_configuration|error parsing configuration file",
        names: "adapting config using caddyfile: <rest>|unrecognized directive: <rest>\
            |unknown configuration variable <rest>|you've tried to set <>,|<text>",
        cause: "the server rejected its configuration[: {}]",
        next_step: CORRECT_FILE }
    // uvicorn `importer.py`, gunicorn `util.py`
    SETTING { sign: "application-object-missing",
        shown_by: "error loading asgi app. |failed to find attribute '|failed to find application object '\
            |no module named…wsgi",
        names: "attribute \"<>\"|attribute '<>'|application object '<>'|error loading asgi app. <rest>",
        cause: "the server cannot find the application object [{} in the module ]that it should load",
        next_step: "correct the argument `module:object` of uvicorn or gunicorn, or the name in the module" }
    // CPython `importlib`
    CODE { sign: "python-bytecode", shown_by: "bad magic number in '",
        names: "bad magic number in '<>'",
        cause: "[the compiled file of the module {}|a compiled Python file] (.pyc) is from another Python version",
        next_step: "do not copy `.pyc` files into the image, or build on the base image's own Python" }
    // Node's loaders
    CODE { sign: "module-system",
        shown_by: "err_require_esm|require() of es module|cannot use import statement outside a module\
            |require is not defined in es module scope",
        names: "require() of es module <> from",
        cause: "the program [loads the ES module {} with require()|mixes ES modules and CommonJS]",
        next_step: "load it with `import()`, or install the package's last CommonJS version" }
    // PDO and PHP's functions of extensions
    CODE { sign: "php-extension-missing", shown_by: "could not find driver|call to undefined function ",
        names: "undefined function <>(",
        cause: "[PHP has no function {}: an extension is not in the image, or the file that defines it is not loaded|the image lacks a PHP extension: the PDO driver of the database]",
        next_step: "install the extension in the image (`docker-php-ext-install pdo_mysql` or `pdo_pgsql`)" }
    // Linux' EAGAIN of clone(2)
    PROGRAM { sign: "process-limit",
        shown_by: "can't start new thread|pthread_create…resource temporarily unavailable\
            |fork: …resource temporarily unavailable|failed to create new os thread|cannot fork",
        cause: "the program cannot start another thread or process: the limit per pod is reached",
        next_step: "let the program start fewer threads. If it needs them, raise the nodes' limit (`podPidsLimit`)" }
    // V8: what a promise is rejected with need not be an Error
    CODE { sign: "rejected-with-object",
        shown_by: "promise rejected with the reason \"#<object>\"|with the reason \"undefined\"",
        cause: "a promise was rejected with a plain object that nothing caught, so Node.js prints nothing of it",
        next_step: "reject with an `Error`, or log what `unhandledRejection` receives" }
    // wait-for-it, dockerize, and loops of entrypoints
    PROGRAM { sign: "waiting", needs_name: true,
        shown_by: "waiting for |is unavailable - sleeping| - no response|not available yet\
            |timeout occurred after waiting",
        unless: "waiting for connections|waiting for requests|waiting for workers|waiting for leader|listening",
        names: " for <> - sleeping|<address>",
        cause: "the program waits for [{}, which|something that] does not answer",
        next_step: START_IT }
};
