//! Programs that lack a part of themselves, or are built for something else than the image or the node.

use super::{
    detail::Detail,
    row::{PROGRAM, Row},
};
use crate::evidence::Attribution;

const BUILD_IN: &str =
    "add it to the image: see that the build installs and copies it, also in the last stage";

pub(super) const ROWS: &[Row] = &[
    // Node: lowercasename/gathio#165; ES modules
    Row {
        sign: "node-module-missing",
        phrases: &[
            &["cannot find module '"],
            &["cannot find package '"],
            &["err_module_not_found"],
        ],
        details: &[
            Detail::Between("cannot find module '", "'"),
            Detail::Between("cannot find package '", "'"),
        ],
        cause: "a module is not in the image",
        named: "the module {} is not in the image",
        attribution: Attribution::Application,
        next_step: BUILD_IN,
        ..PROGRAM
    },
    // CPython
    Row {
        sign: "python-module-missing",
        phrases: &[&["no module named "]],
        details: &[Detail::After("no module named ")],
        cause: "a Python module is not in the image",
        named: "the Python module {} is not in the image",
        attribution: Attribution::Application,
        next_step: BUILD_IN,
        ..PROGRAM
    },
    Row {
        sign: "python-import",
        phrases: &[&["importerror: cannot import name "]],
        details: &[Detail::Rest("importerror: ")],
        cause: "a Python module does not have what the program imports from it",
        named: "a Python module does not have what the program imports from it: {}",
        attribution: Attribution::Application,
        next_step: "pin the dependency to a version that has it, and build the image again",
        ..PROGRAM
    },
    // OpenJDK
    Row {
        sign: "java-version",
        phrases: &[
            &["unsupportedclassversionerror"],
            &["compiled by a more recent version of the java runtime"],
        ],
        cause: "the program is compiled for a newer Java than the image has",
        attribution: Attribution::Application,
        next_step: "use a base image with the Java version that the build targets, or build for the older one",
        ..PROGRAM
    },
    Row {
        sign: "java-class-missing",
        phrases: &[
            &["could not find or load main class"],
            &["noclassdeffounderror"],
            &["classnotfoundexception"],
        ],
        details: &[
            Detail::After("load main class "),
            Detail::After("noclassdeffounderror: "),
            Detail::After("classnotfoundexception: "),
        ],
        cause: "a Java class is not in the image",
        named: "the Java class {} is not in the image",
        attribution: Attribution::Application,
        next_step: "add the jar to the image and its class path, and see that all dependencies fit each other",
        ..PROGRAM
    },
    Row {
        sign: "jar-missing",
        phrases: &[
            &["unable to access jarfile"],
            &["invalid or corrupt jarfile"],
            &["no main manifest attribute"],
        ],
        details: &[Detail::After("jarfile "), Detail::Between("attribute, in ", "\n")],
        cause: "the jar is not there or can't be run",
        named: "the jar {} is not there or can't be run",
        attribution: Attribution::Application,
        next_step: "correct the jar's path in `command` or `args`, or add the runnable jar to the image",
        ..PROGRAM
    },
    // CRuby, Bundler
    Row {
        sign: "ruby-gem-missing",
        phrases: &[
            &["cannot load such file -- "],
            &["could not find ", "in locally installed gems"],
            &["could not find ", "in any of the sources"],
            &["bundler::gemnotfound"],
        ],
        details: &[
            Detail::After("cannot load such file -- "),
            Detail::Between("could not find ", " in "),
        ],
        cause: "a Ruby gem or file is not in the image",
        named: "the Ruby gem or file {} is not in the image",
        attribution: Attribution::Application,
        next_step: BUILD_IN,
        ..PROGRAM
    },
    // .NET: unosquare/passcore#607, exceptionless/Exceptionless#1005, dotnet/sdk#16904
    Row {
        sign: "dotnet-framework-missing",
        phrases: &[
            &["not possible to find any compatible framework version"],
            &["you must install or update .net to run this application"],
            &["the framework '", "was not found"],
        ],
        details: &[Detail::Between("the framework '", "'")],
        cause: "the image does not have the .NET runtime that the program is built for",
        named: "the image does not have the framework {} in the version that the program is built for",
        attribution: Attribution::Application,
        next_step: "use the base image (`aspnet` or `runtime`) of the version that the project targets",
        ..PROGRAM
    },
    Row {
        sign: "dotnet-assembly-missing",
        phrases: &[
            &["could not load file or assembly '"],
            &["the application to execute does not exist"],
        ],
        details: &[
            Detail::Between("file or assembly '", ","),
            Detail::Between("does not exist: '", "'"),
        ],
        cause: "a .NET assembly is not in the image",
        named: "the .NET assembly {} is not in the image, or in another version",
        attribution: Attribution::Application,
        next_step: BUILD_IN,
        ..PROGRAM
    },
    // PHP with Composer
    Row {
        sign: "php-package-missing",
        phrases: &[&["failed to open stream", "vendor/autoload"], &["vendor/autoload.php"]],
        cause: "the PHP packages are not in the image",
        attribution: Attribution::Application,
        next_step: "run `composer install` in the image's build",
        ..PROGRAM
    },
    Row {
        sign: "perl-module-missing",
        phrases: &[&["can't locate ", "in @inc"]],
        details: &[Detail::After("can't locate ")],
        cause: "a Perl module is not in the image",
        named: "the Perl module {} is not in the image",
        attribution: Attribution::Application,
        next_step: BUILD_IN,
        ..PROGRAM
    },
    // glibc's and musl's loaders: domcyrus/rustnet#6
    Row {
        sign: "libc-version",
        phrases: &[
            &["version `glibc", "not found"],
            &["version `glibcxx", "not found"],
            &["error relocating ", "symbol not found"],
        ],
        details: &[Detail::Between("version `", "'"), Detail::Between("error relocating ", ":")],
        cause: "the program is linked against another C library than the image has",
        named: "the program needs another C library than the image has: {}",
        attribution: Attribution::Application,
        next_step: "build on the same distribution (or an older one) as the base image, or link statically",
        ..PROGRAM
    },
    Row {
        sign: "library-missing",
        phrases: &[
            &["error while loading shared libraries: "],
            &["error loading shared library "],
            &["cannot open shared object file"],
        ],
        details: &[
            Detail::After("loading shared libraries: "),
            Detail::After("loading shared library "),
            Detail::Before(": cannot open shared object"),
        ],
        cause: "a shared library is not in the image",
        named: "the shared library {} is not in the image",
        attribution: Attribution::Application,
        next_step: "install the library's package in the image",
        ..PROGRAM
    },
    // Linux' ENOEXEC by containerd's shim, shells and tini; the recorded scenario wrong-platform
    Row {
        sign: "wrong-platform",
        phrases: &[
            &["exec format error"],
            &["cannot execute binary file"],
            &["rosetta error: "],
            &["qemu-", "could not open '/lib"],
        ],
        details: &[Detail::Before(": exec format error"), Detail::Path],
        cause: "the program is built for another platform than the node's, or is a script without `#!`",
        named: "{} is built for another platform than the node's, or is a script without `#!`",
        attribution: Attribution::Configuration,
        next_step: "build the image for the nodes' platform, or choose nodes with `kubernetes.io/arch`",
        ..PROGRAM
    },
    // shells, `env` and runc's `exec` of a script whose interpreter is missing
    Row {
        sign: "interpreter-missing",
        phrases: &[
            &["bad interpreter"],
            &["env: ", "no such file or directory"],
            &["exec /", "no such file or directory"],
            &["env: can't execute "],
        ],
        details: &[
            Detail::After("env: can't execute "),
            Detail::After("env: "),
            Detail::After("exec "),
            Detail::Before(": bad interpreter"),
        ],
        cause: "a script, or the interpreter that its first line names, is not in the image",
        named: "{}, or the interpreter that its first line names, is not in the image",
        attribution: Attribution::Application,
        next_step: "add the interpreter to the image, or save the script with Unix line ends (no CR)",
        ..PROGRAM
    },
    Row {
        sign: "shell-command-missing",
        phrases: &[
            &[": command not found"],
            &["sh: ", ": not found"],
            &["exec: ", ": not found"],
            &["sh: line ", ": not found"],
            &["spawn ", " enoent"],
        ],
        details: &[
            Detail::Before(": command not found"),
            Detail::Before(": not found"),
            Detail::Between("spawn ", " "),
        ],
        cause: "a script calls a command that is not in the image",
        named: "a script calls {}, which is not in the image",
        attribution: Attribution::Application,
        next_step: "install the command in the image, or correct the script",
        ..PROGRAM
    },
];
