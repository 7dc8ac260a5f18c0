//! Programs that lack a part of themselves, or are built for something else than the image or the node.

use super::row::{CODE, Row, SETTING, rows};

const BUILD_IN: &str =
    "check that the build of the image installs it, and copies it into the last stage";

pub(super) const ROWS: &[Row] = rows! {
    // Node: lowercasename/gathio#165; ES modules
    CODE { sign: "node-module-missing", shown_by: "cannot find module '|cannot find package '|err_module_not_found",
        names: "cannot find module '<>'|cannot find package '<>'",
        cause: "[the module {}|a module] is not in the image",
        next_step: BUILD_IN }
    // CPython
    CODE { sign: "python-module-missing", shown_by: "no module named ",
        names: "no module named <word>",
        cause: "[the Python module {}|a Python module] is not in the image",
        next_step: BUILD_IN }
    CODE { sign: "python-import", shown_by: "importerror: cannot import name ",
        names: "importerror: <rest>",
        cause: "a Python module lacks what the program imports from it[: {}]",
        next_step: "pin the dependency to a version that has it, and build the image again" }
    // OpenJDK
    CODE { sign: "java-version",
        shown_by: "unsupportedclassversionerror|compiled by a more recent version of the java runtime",
        cause: "the program is compiled for a newer Java than the image has",
        next_step: "use a base image with the Java version of the build, or build for the older one" }
    CODE { sign: "java-class-missing",
        shown_by: "could not find or load main class|noclassdeffounderror|classnotfoundexception",
        names: "load main class <word>|noclassdeffounderror: <word>|classnotfoundexception: <word>",
        cause: "[the Java class {}|a Java class] is not in the image",
        next_step: "add the jar to the image and its class path. If it is there, check that all dependencies fit each other" }
    CODE { sign: "jar-missing",
        shown_by: "unable to access jarfile|invalid or corrupt jarfile|no main manifest attribute",
        names: "jarfile <word>|attribute, in <line>",
        cause: "the jar [{} ]is missing, or cannot be run",
        next_step: "correct the jar's path in `command` or `args`. If it is right, add the runnable jar to the image" }
    // CRuby, Bundler
    CODE { sign: "ruby-gem-missing",
        shown_by: "cannot load such file -- |could not find …in locally installed gems\
            |could not find …in any of the sources|bundler::gemnotfound",
        names: "cannot load such file -- <word>|could not find <> in ",
        cause: "[the Ruby gem or file {}|a Ruby gem or file] is not in the image",
        next_step: BUILD_IN }
    // .NET: unosquare/passcore#607, exceptionless/Exceptionless#1005, dotnet/sdk#16904
    CODE { sign: "dotnet-framework-missing",
        shown_by: "not possible to find any compatible framework version\
            |you must install or update .net to run this application|the framework '…was not found",
        names: "the framework '<>'",
        cause: "the image does not have [the framework {} in the version|the .NET runtime] that the program is built for",
        next_step: "use the base image (`aspnet` or `runtime`) of the version that the project targets" }
    CODE { sign: "dotnet-assembly-missing",
        shown_by: "could not load file or assembly '|the application to execute does not exist",
        names: "file or assembly '<>,|does not exist: '<>'",
        cause: "the .NET assembly [{} ]is not in the image, or has another version",
        next_step: BUILD_IN }
    // PHP with Composer
    CODE { sign: "php-package-missing", shown_by: "failed to open stream…vendor/autoload|vendor/autoload.php",
        cause: "the PHP packages are not in the image",
        next_step: "run `composer install` in the image's build" }
    CODE { sign: "perl-module-missing", shown_by: "can't locate …in @inc",
        names: "can't locate <word>",
        cause: "[the Perl module {}|a Perl module] is not in the image",
        next_step: BUILD_IN }
    // glibc's and musl's loaders: domcyrus/rustnet#6
    CODE { sign: "libc-version",
        shown_by: "version `glibc…not found|version `glibcxx…not found|error relocating …symbol not found",
        names: "version `<>'|error relocating <>:",
        cause: "the program is linked against another C library than the image has[: {}]",
        next_step: "build on the distribution of the base image or an older one, or link statically" }
    CODE { sign: "library-missing",
        shown_by: "error while loading shared libraries: |error loading shared library \
            |cannot open shared object file",
        names: "loading shared libraries: <word>|loading shared library <word>|<word>: cannot open shared object",
        cause: "[the shared library {}|a shared library] is not in the image",
        next_step: "install the library's package in the image" }
    // Linux' ENOEXEC by containerd's shim, shells and tini; the recorded scenario wrong-platform
    SETTING { sign: "wrong-platform",
        shown_by: "exec format error|cannot execute binary file|rosetta error: |qemu-…could not open '/lib",
        names: "<word>: exec format error|<path>",
        cause: "[{}|the program] is built for another platform than the node's, or is a script without `#!`",
        next_step: "build the image for the nodes' platform. If it is right, choose nodes with `kubernetes.io/arch` or `kubernetes.io/os`" }
    // shells, `env` and runc's `exec` of a script whose interpreter is missing
    CODE { sign: "interpreter-missing",
        shown_by: "bad interpreter|env: …no such file or directory|exec /…no such file or directory\
            |env: can't execute ",
        names: "env: can't execute <word>|env: <word>|exec <word>|<word>: bad interpreter",
        cause: "[{}|a script], or the interpreter that its first line names, is not in the image",
        next_step: "add the interpreter to the image. If the script has Windows line ends, save it with Unix ones" }
    CODE { sign: "shell-command-missing",
        shown_by: ": command not found|sh: …: not found|exec: …: not found|sh: line …: not found|spawn … enoent",
        names: "<word>: command not found|<word>: not found|spawn <> ",
        cause: "a script calls [{}, which|a command that] is not in the image",
        next_step: "install the command in the image, or correct the script" }
};
