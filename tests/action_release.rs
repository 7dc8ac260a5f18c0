//! What the release workflow makes and what the action downloads are the same, and nothing else runs.

// what it needs of a shell's programs is there
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "archives and checksums are written here")]

#[path = "support/runner/mod.rs"]
#[expect(dead_code, reason = "other tests do more with it")]
mod runner;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use runner::{Conclusion, Job};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A copy of the action with a table of its own, and a `curl` that serves what lies in a folder.
struct Release {
    folder: tempfile::TempDir,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Release {
    fn new(targets: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let release = Self { folder };
        let action = release.action();
        fs::create_dir_all(action.join(".github/action")).unwrap();
        for entry in fs::read_dir(repository().join(".github/action")).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), action.join(".github/action").join(entry.file_name())).unwrap();
        }
        for name in ["action.yml", "Cargo.toml"] {
            fs::copy(repository().join(name), action.join(name)).unwrap();
        }
        fs::create_dir_all(release.path("bin")).unwrap();
        let curl = "#!/bin/bash\nprintf '%s\\n' \"$*\" >>\"$0.log\"\nurl=${!#}\nwhile [ $# -gt 0 ]; do \
            [ \"$1\" != --output ] || to=$2; shift; done\ncp \"${0%/bin/curl}/${url##*/}\" \"$to\"\n";
        fs::write(release.path("bin/curl"), curl).unwrap();
        fs::set_permissions(release.path("bin/curl"), fs::Permissions::from_mode(0o755)).unwrap();
        let mut table = String::from("# a comment\n");
        for target in targets {
            let (archive, checksum) = release.pack(target);
            table.push_str(&format!("{checksum}  {archive}\n"));
        }
        release.set_table(&table);
        release
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn action(&self) -> PathBuf {
        self.path("action")
    }

    /// An archive whose program says which one it is.
    fn pack(&self, target: &str) -> (String, String) {
        self.pack_version(VERSION, target)
    }

    fn pack_version(&self, version: &str, target: &str) -> (String, String) {
        let name = if target.contains("windows") { "deploygate.exe" } else { "deploygate" };
        let program = self.path(name);
        let text = format!(
            "#!/bin/bash\necho {target} \"$@\"\n\
             [ -z \"$GITHUB_OUTPUT\" ] || printf 'verdict=passed\\nexit-code=0\\n' >>\"$GITHUB_OUTPUT\"\n"
        );
        fs::write(&program, text).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let archive = format!("deploygate-{version}-{target}.tar.gz");
        let shell = format!("tar -czf {archive} {name} && sha256sum {archive}");
        let output =
            Command::new("bash").args(["-c", &shell]).current_dir(&self.folder).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let checksum = String::from_utf8(output.stdout).unwrap();
        (archive, checksum.split(' ').next().unwrap().to_owned())
    }

    /// A script that the release workflow calls.
    fn script(&self, name: &str, argument: &Path) -> Result<String, String> {
        let folder = self.action().join(".github/release");
        fs::create_dir_all(&folder).unwrap();
        fs::copy(repository().join(".github/release").join(name), folder.join(name)).unwrap();
        // a file that was just written may be open in the child of another test, and is busy then
        let output = Command::new("bash").arg(folder.join(name)).arg(argument).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }

    fn set_table(&self, table: &str) {
        fs::write(self.action().join(".github/action/checksums.txt"), table).unwrap();
    }

    fn table(&self) -> String {
        fs::read_to_string(self.action().join(".github/action/checksums.txt")).unwrap()
    }

    fn job(&self) -> Job {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        Job::new(&self.action())
            .with("targets", "deploy/app")
            .with("kubeconfig", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
            .env("PATH", &path)
    }

    /// How `curl` was called.
    fn downloads(&self) -> Vec<String> {
        let log = fs::read_to_string(self.path("bin/curl.log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }
}

const MACHINES: [(&str, &str, &str); 5] = [
    ("Linux", "X64", "x86_64-unknown-linux-musl"),
    ("Linux", "ARM64", "aarch64-unknown-linux-musl"),
    ("macOS", "X64", "x86_64-apple-darwin"),
    ("macOS", "ARM64", "aarch64-apple-darwin"),
    ("Windows", "X64", "x86_64-pc-windows-msvc"),
];

#[test]
fn a_release_adds_its_checksums_to_the_table_once() {
    let release = Release::new(&MACHINES.map(|(_, _, target)| target));
    let by_hand = release.table();
    let own = fs::read_to_string(repository().join(".github/action/checksums.txt")).unwrap();
    assert!(own.lines().all(|line| line.starts_with('#')), "no version is released: {own}");
    release.set_table("# a comment\n");
    let table = release.script("checksums", release.folder.path()).unwrap();
    assert_eq!(table, by_hand);
    release.set_table(&table);
    let again = release.script("checksums", release.folder.path()).unwrap_err();
    assert_eq!(again, format!("the table already has checksums of {VERSION}\n"));

    release.set_table("# a comment\n");
    let archive = format!("deploygate-{VERSION}-aarch64-apple-darwin.tar.gz");
    fs::remove_file(release.path(&archive)).unwrap();
    let missing = release.script("checksums", release.folder.path()).unwrap_err();
    assert!(missing.contains(&archive), "{missing}");
}

#[test]
fn what_is_packed_is_what_the_action_unpacks() {
    let release = Release::new(&[]);
    let completer = "examples/kubectl/kubectl_complete-deploygate";
    fs::create_dir_all(release.action().join("examples/kubectl")).unwrap();
    for name in ["LICENSE", "README.md", "CHANGELOG.md", "SECURITY.md", completer] {
        fs::copy(repository().join(name), release.action().join(name)).unwrap();
    }
    let mut table = String::new();
    for (os, arch, target) in MACHINES {
        release.pack(target);
        let built = release.action().join("target").join(target).join("release");
        let name = if os == "Windows" { "deploygate.exe" } else { "deploygate" };
        fs::create_dir_all(&built).unwrap();
        fs::rename(release.path(name), built.join(name)).unwrap();
        let packed = release.script("archive", Path::new(target)).unwrap();
        let archive = format!("deploygate-{VERSION}-{target}.tar.gz");
        assert_eq!(packed, format!("target/archive/{archive}\n"));
        fs::rename(release.action().join(packed.trim_end()), release.path(&archive)).unwrap();
        let unpacked = release.path(&format!("unpacked-{target}"));
        fs::create_dir(&unpacked).unwrap();
        let check =
            format!("tar -xzf ../{archive} && sha256sum --check --strict --quiet SHA256SUMS");
        let checked = Command::new("bash").args(["-c", &check]).current_dir(&unpacked).output();
        assert!(checked.as_ref().unwrap().status.success(), "{checked:?}");
        for file in [
            "LICENSE",
            "completions/_deploygate",
            "completions/kubectl_complete-deploygate",
            "man/deploygate.1",
            "man/deploygate-wait.1",
        ] {
            assert!(unpacked.join(file).exists(), "{target}: {file}");
        }
        let sum = Command::new("sha256sum").arg(&archive).current_dir(&release.folder).output();
        table.push_str(&String::from_utf8(sum.unwrap().stdout).unwrap());
        release.set_table(&table);
        let ended = release.job().on(os, arch).run();
        assert_eq!(ended.conclusion, Conclusion::Success, "{target}: {}", ended.log);
    }
}

#[test]
fn the_archive_for_each_machine_is_downloaded_and_checked() {
    let release = Release::new(&MACHINES.map(|(_, _, target)| target));
    for (os, arch, target) in MACHINES {
        let job = release.job().on(os, arch);
        let ended = job.run();
        assert_eq!(ended.conclusion, Conclusion::Success, "{os} {arch}: {}", ended.log);
        assert!(ended.log.contains(&format!("{target} wait ")), "{}", ended.log);
        let archive = format!("deploygate-{VERSION}-{target}.tar.gz");
        let group = format!("Download {archive}");
        assert_eq!(ended.obeyed(), [("group", &*group), ("endgroup", "")]);
        let download = release.downloads().pop().unwrap();
        let url =
            format!("-- {}/releases/download/v{VERSION}/{archive}", env!("CARGO_PKG_REPOSITORY"));
        assert!(download.ends_with(&url) && download.contains("--proto =https"), "{download}");
        // a second use in the same job
        let downloads = release.downloads().len();
        assert_eq!(job.run().conclusion, Conclusion::Success);
        assert_eq!(release.downloads().len(), downloads);
    }
    let ended = release.job().on("Linux", "X86").run();
    ended.is_refused("binary-path", "no release for Linux-X86");
}

#[test]
fn nothing_runs_whose_checksum_does_not_hold() {
    let target = "x86_64-unknown-linux-musl";
    let release = Release::new(&[target]);
    let table = release.table();
    // a row twice, in capitals, cut, or for another version
    for table in [
        format!("{table}{table}"),
        table
            .to_uppercase()
            .replace("DEPLOYGATE", "deploygate")
            .replace(&target.to_uppercase(), target),
        table.replace(" deploygate", "0 deploygate"),
        table.replace(VERSION, "9.9.9"),
    ] {
        release.set_table(&table);
        release.job().run().is_refused("version", "no checksum known for");
    }
    assert_eq!(release.downloads(), [""; 0], "nothing is downloaded in vain");

    release.set_table(&table);
    let archive = release.path(&format!("deploygate-{VERSION}-{target}.tar.gz"));
    fs::write(&archive, "something else").unwrap();
    let job = release.job();
    let ended = job.run();
    assert_eq!((ended.conclusion, ended.code), (Conclusion::Failure, Some(3)), "{}", ended.log);
    assert!(ended.log.contains("checksum mismatch: the SHA-256 of "), "{}", ended.log);
    let names: Vec<_> = ended.obeyed().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["group", "endgroup", "error"]);
    let left: Vec<_> =
        fs::read_dir(job.temp().join(format!("deploygate-{VERSION}"))).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");

    fs::remove_file(&archive).unwrap();
    let ended = release.job().run();
    assert_eq!((ended.conclusion, ended.code), (Conclusion::Failure, Some(3)), "{}", ended.log);
    assert!(ended.log.contains("to do without, use the input binary-path"), "{}", ended.log);
}

#[test]
fn a_version_is_given_as_people_write_it() {
    let target = "x86_64-unknown-linux-musl";
    let release = Release::new(&[]);
    let mut table = String::new();
    for (version, target) in [
        ("0.9.0", target),
        ("0.10.0", target),
        ("0.2.1", target),
        ("1.0.0-rc.1", target),
        // not for this machine
        ("0.11.0", "aarch64-apple-darwin"),
    ] {
        let (archive, checksum) = release.pack_version(version, target);
        table.push_str(&format!("{checksum}  {archive}\n"));
    }
    release.set_table(&table);
    for (given, used) in [
        ("0.2.1", "0.2.1"),
        ("v0.2.1", "0.2.1"),
        ("latest", "0.10.0"),
        ("1.0.0-rc.1", "1.0.0-rc.1"),
    ] {
        let ended = release.job().with("version", given).run();
        assert_eq!(ended.conclusion, Conclusion::Success, "{given}: {}", ended.log);
        let archive = format!("Download deploygate-{used}-{target}.tar.gz");
        assert!(ended.log.contains(&archive), "{given}: {}", ended.log);
    }
    release.job().with("version", "0.3.0").run().is_refused("version", "no checksum known for");
    let elsewhere = release.job().with("version", "latest").on("Windows", "X64").run();
    elsewhere.is_refused("version", "no release for x86_64-pc-windows-msvc is known");
}

#[test]
fn without_a_release_the_checkout_is_built_and_that_is_said() {
    for table in ["", "# a comment\n", "# abc  deploygate-0.1.0-x86_64-unknown-linux-musl.tar.gz\n"]
    {
        let release = Release::new(&[]);
        release.set_table(table);
        let only_source = release.job().run();
        only_source.is_refused("binary-path", "deploygate has not been released yet");
        let named = release.job().with("version", "0.1.0").run();
        named.is_refused("version", "deploygate has not been released yet");

        fs::create_dir(release.action().join("src")).unwrap();
        fs::write(release.action().join("src/main.rs"), "").unwrap();
        let cargo = "#!/bin/bash\nset -e\necho \"$PWD $*\" >\"$0.log\"\n[ ! -e \"$0.fails\" ]\n\
            mkdir -p \"$CARGO_TARGET_DIR/debug\"\ncp \"${0%/bin/cargo}/deploygate\" \"$CARGO_TARGET_DIR/debug/\"\n";
        release.pack("built");
        fs::write(release.path("bin/cargo"), cargo).unwrap();
        fs::set_permissions(release.path("bin/cargo"), fs::Permissions::from_mode(0o755)).unwrap();
        let ended = release.job().run();
        assert_eq!(ended.conclusion, Conclusion::Success, "{}", ended.log);
        assert!(ended.log.contains("built wait "), "{}", ended.log);
        let names: Vec<_> = ended.obeyed().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["notice", "group", "endgroup"]);
        let called = fs::read_to_string(release.path("bin/cargo.log")).unwrap();
        let expected = format!("{} build --locked --bin deploygate\n", release.action().display());
        assert_eq!(called, expected);

        fs::write(release.path("bin/cargo.fails"), "").unwrap();
        let ended = release.job().run();
        assert_eq!((ended.conclusion, ended.code), (Conclusion::Failure, Some(3)), "{}", ended.log);
        assert_eq!(release.downloads(), [""; 0]);
    }
}

#[test]
fn the_tool_cache_spares_a_download_and_is_not_trusted() {
    let target = "x86_64-unknown-linux-musl";
    let release = Release::new(&[target]);
    let cache = release.path("cache");
    let job = || release.job().env("RUNNER_TOOL_CACHE", cache.to_str().unwrap());
    let cached =
        cache.join(format!("deploygate/{VERSION}/X64/deploygate-{VERSION}-{target}.tar.gz"));
    let uses = [(None, 1), (None, 1), (Some("something else"), 2), (None, 2)];
    for (number, (left, downloads)) in uses.into_iter().enumerate() {
        if let Some(text) = left {
            fs::write(&cached, text).unwrap();
        }
        let ended = job().run();
        assert_eq!(ended.conclusion, Conclusion::Success, "{}", ended.log);
        assert_eq!(release.downloads().len(), downloads, "{}", ended.log);
        assert_eq!(ended.log.contains("from the tool cache"), number % 2 == 1, "{}", ended.log);
    }
    assert_eq!(fs::read_dir(cached.parent().unwrap()).unwrap().count(), 1);
    let unwritable = release.job().env("RUNNER_TOOL_CACHE", "/proc/nowhere").run();
    assert_eq!(unwritable.conclusion, Conclusion::Success, "{}", unwritable.log);
}

#[test]
fn cargo_binstall_finds_the_archives() {
    let manifest = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let (_, rest) = manifest.split_once("pkg-url = \"").unwrap();
    let mut url = rest.split('"').next().unwrap().to_owned();
    let target = "aarch64-apple-darwin";
    for (name, value) in [
        ("repo", env!("CARGO_PKG_REPOSITORY")),
        ("version", VERSION),
        ("name", env!("CARGO_PKG_NAME")),
        ("target", target),
    ] {
        url = url.replace(&format!("{{ {name} }}"), value);
    }
    let release = Release::new(&[target]);
    let ended = release.job().on("macOS", "ARM64").run();
    assert_eq!(ended.conclusion, Conclusion::Success, "{}", ended.log);
    assert!(release.downloads()[0].ends_with(&format!("-- {url}")), "{url}");
}

/// macOS has no `sha256sum` and a bash from 2007.
#[test]
fn the_steps_need_no_more_than_macos_has() {
    let target = "aarch64-apple-darwin";
    let release = Release::new(&[target]);
    let tools = release.path("macos");
    fs::create_dir(&tools).unwrap();
    for name in
        ["awk", "bash", "cat", "cp", "cmp", "grep", "gzip", "mkdir", "mv", "rm", "sed", "tar", "tr"]
    {
        let found = Command::new("which").arg(name).output().unwrap();
        let found = String::from_utf8(found.stdout).unwrap();
        std::os::unix::fs::symlink(found.trim_end(), tools.join(name)).unwrap();
    }
    let sum = Command::new("which").arg("sha256sum").output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap();
    let shasum = format!("#!/bin/bash\n[ \"$*\" = '-a 256' ] && exec {}\n", sum.trim_end());
    fs::write(tools.join("shasum"), shasum).unwrap();
    fs::set_permissions(tools.join("shasum"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", release.path("bin").display(), tools.display());
    let ended = release.job().on("macOS", "ARM64").env("PATH", &path).run();
    assert_eq!(ended.conclusion, Conclusion::Success, "{}", ended.log);

    let newer = regex::Regex::new(
        r"mapfile|readarray|declare -[An]|local -n|\$\{\w+(,,|\^\^|@)|\|&|&>>|coproc|\bwait -n",
    );
    let newer = newer.unwrap();
    for entry in fs::read_dir(repository().join(".github/action")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert!(!newer.is_match(&text), "{}: {:?}", path.display(), newer.find(&text));
    }
}
