//! The container image, run as a container runtime runs it. `tests/homes/image` builds it.
//!
//! Needs root, buildah and runc (`.ci/tools`): `cargo test --test image -- --ignored`.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(
    clippy::disallowed_methods,
    reason = "containers are laid out, and time limits held, here"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Longer than any of it takes.
const LIMIT: Duration = Duration::from_secs(20);

fn ran(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The image's configuration and its root file system, unpacked.
fn image() -> &'static (Value, TempDir) {
    static IMAGE: OnceLock<(Value, TempDir)> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let archive = ran(&mut Command::new(format!("{ROOT}/tests/homes/image")));
        let folder = tempfile::tempdir().unwrap();
        let unpack = |archive: &Path, into: &Path| {
            fs::create_dir_all(into).unwrap();
            ran(Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(into));
        };
        let parts = folder.path().join("parts");
        unpack(Path::new(archive.trim()), &parts);
        let read = |name: &str| -> Value {
            serde_json::from_slice(&fs::read(parts.join(name)).unwrap()).unwrap()
        };
        let manifest = &read("manifest.json")[0];
        for layer in manifest["Layers"].as_array().unwrap() {
            unpack(&parts.join(layer.as_str().unwrap()), &folder.path().join("rootfs"));
        }
        (read(manifest["Config"].as_str().unwrap())["config"].clone(), folder)
    })
}

/// A container of the image that was not started yet.
struct Container {
    id: String,
    bundle: TempDir,
}

impl Container {
    /// With these arguments after the entry point. The folder `/reports` is the user's, the rest can't be written.
    fn with_args(args: &[&str]) -> Self {
        let (config, folder) = image();
        let bundle = tempfile::tempdir().unwrap();
        let reports = bundle.path().join("reports");
        fs::create_dir(&reports).unwrap();
        fs::set_permissions(&reports, fs::Permissions::from_mode(0o777)).unwrap();

        ran(Command::new("runc").arg("spec").current_dir(bundle.path()));
        let path = bundle.path().join("config.json");
        let mut spec: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let entry = config["Entrypoint"].as_array().unwrap().iter().cloned();
        let user: Vec<u32> =
            config["User"].as_str().unwrap().split(':').map(|id| id.parse().unwrap()).collect();
        spec["process"]["terminal"] = json!(false);
        spec["process"]["args"] = entry.chain(args.iter().map(|arg| json!(arg))).collect();
        spec["process"]["env"] = config["Env"].clone();
        spec["process"]["user"] = json!({"uid": user[0], "gid": user[1]});
        for set in ["bounding", "effective", "permitted", "ambient", "inheritable"] {
            spec["process"]["capabilities"][set] = json!([]);
        }
        spec["root"] = json!({"path": folder.path().join("rootfs"), "readonly": true});
        spec["mounts"].as_array_mut().unwrap().push(json!({
            "destination": "/reports", "type": "bind", "source": reports, "options": ["bind", "rw"],
        }));
        // the servers of these tests listen on the machine's own loopback address
        let namespaces = spec["linux"]["namespaces"].as_array_mut().unwrap();
        namespaces.retain(|namespace| namespace["type"] != "network");
        fs::write(path, spec.to_string()).unwrap();
        let id = bundle.path().file_name().unwrap().to_str().unwrap().trim_start_matches('.');
        Self { id: format!("deploygate-{id}"), bundle }
    }

    /// Changes how it will be started.
    fn edit(&self, change: impl FnOnce(&mut Value)) {
        let path = self.bundle.path().join("config.json");
        let mut spec: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        change(&mut spec);
        fs::write(path, spec.to_string()).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.bundle.path().join("reports").join(name)
    }

    fn start(&self) -> Child {
        let mut command = Command::new("runc");
        command.args(["run", "--bundle"]).arg(self.bundle.path()).arg(&self.id);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// Its first process as the machine sees it.
    fn pid(&self) -> u32 {
        let state = ran(Command::new("runc").args(["state", &self.id]));
        let state: Value = serde_json::from_str(&state).unwrap();
        state["pid"].as_u64().unwrap().try_into().unwrap()
    }

    fn outcome(&self) -> Value {
        serde_json::from_slice(&fs::read(self.file("gate.json")).unwrap()).unwrap()
    }

    fn kubeconfig(&self, server: &str) {
        let kubeconfig = json!({
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": server}}],
            "users": [{"name": "u", "user": {}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u", "namespace": "shop"}}],
        });
        fs::write(self.file("kubeconfig"), kubeconfig.to_string()).unwrap();
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        // it is gone already if the test passed
        let _ = Command::new("runc")
            .args(["delete", "--force", &self.id])
            .stderr(Stdio::null())
            .status();
    }
}

const WAIT: [&str; 5] = [
    "wait",
    "deploy/app",
    "--kubeconfig=/reports/kubeconfig",
    "--report=json=/reports/gate.json",
    "--report=junit=/reports/TEST-gate.xml",
];

fn exit_code(child: &mut Child) -> Option<i32> {
    let deadline = Instant::now() + LIMIT;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        assert!(Instant::now() < deadline, "the container did not end");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
#[ignore = "needs root, buildah and runc"]
fn the_image_tells_what_it_is_and_holds_nothing_else() {
    let (config, folder) = image();
    assert_eq!(config["User"], "65532:65532");
    assert_eq!(config["Entrypoint"], json!(["/deploygate"]));
    let label = |name: &str| config["Labels"][format!("org.opencontainers.image.{name}")].clone();
    assert_eq!(label("title"), "deploygate");
    assert_eq!(label("licenses"), env!("CARGO_PKG_LICENSE"));
    assert_eq!(label("version"), env!("CARGO_PKG_VERSION"));
    assert_eq!((label("revision"), label("source")), (json!("test"), json!("test")));
    // both targets have the same ones
    let dockerfile = fs::read_to_string(format!("{ROOT}/examples/container/Dockerfile")).unwrap();
    let labels = |target: &str| {
        let (_, stage) = dockerfile.split_once(&format!(" AS {target}\n")).unwrap();
        let stage = stage.split("\nFROM ").next().unwrap();
        let labels = stage.lines().filter_map(|line| line.split_once("org.opencontainers.image."));
        labels.map(|(_, label)| label.split('=').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(labels("program").len() >= 9);
    assert_eq!(labels("shell"), labels("program"));
    // a name can get another image, a digest cannot; what is built here has none
    let froms = dockerfile.lines().filter(|line| line.starts_with("FROM "));
    assert!(froms.clone().count() == 3, "{dockerfile}");
    for from in froms.filter(|from| !from.starts_with("FROM scratch ")) {
        assert!(from.contains("@sha256:"), "{from}");
    }
    let files = ran(Command::new("find")
        .args([".", "-type", "f"])
        .current_dir(folder.path().join("rootfs")));
    let mut files: Vec<_> = files.lines().collect();
    files.sort_unstable();
    assert_eq!(files, ["./deploygate", "./etc/ssl/certs/ca-certificates.crt"]);
}

#[test]
#[ignore = "needs root, buildah and runc"]
fn it_starts_without_a_c_library() {
    let container = Container::with_args(&["--version"]);
    let output = container.start().wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let version = concat!("deploygate ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), version);
}

#[test]
#[ignore = "needs root, buildah and runc"]
fn as_process_1_it_heeds_a_signal_while_it_waits() {
    // takes connections and never answers
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    for (signal, code) in [("TERM", 143), ("INT", 130)] {
        let container = Container::with_args(&WAIT);
        container.kubeconfig(&format!("http://{}", server.local_addr().unwrap()));
        let mut child = container.start();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        stderr.read_line(&mut said).unwrap();
        assert!(said.contains("watching deployment/app in shop"), "{said}");
        let status = fs::read_to_string(format!("/proc/{}/status", container.pid())).unwrap();
        for fact in
            ["NSpid:", "Uid:\t65532\t65532", "Gid:\t65532\t65532", "CapEff:\t0000000000000000"]
        {
            assert!(status.contains(fact), "{fact}: {status}");
        }
        let ids = status.lines().find(|line| line.starts_with("NSpid:")).unwrap();
        assert!(ids.ends_with("\t1"), "{ids}");

        ran(Command::new("runc").args(["kill", &container.id, signal]));
        assert_eq!(exit_code(&mut child), Some(code), "{signal}");
        stderr.read_to_string(&mut said).unwrap();
        assert!(said.contains("INTERRUPTED  deployment/app (shop @ c)"), "{said}");
        assert_eq!(container.outcome()["verdict"], "interrupted");
        let junit = fs::read_to_string(container.file("TEST-gate.xml")).unwrap();
        assert!(junit.contains("type=\"interrupted\""), "{junit}");
    }
}

#[test]
#[ignore = "needs root, buildah and runc"]
fn what_is_missing_is_named_and_never_green() {
    let ended = |container: &Container| {
        let output = container.start().wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = ended(&Container::with_args(&["wait"]));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("DEPLOYGATE_TARGET, which is empty or not set"), "{said}");

    // neither a kubeconfig nor a service account
    let (code, said) = ended(&Container::with_args(&["wait", "deploy/app"]));
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("set KUBECONFIG, or pass --kubeconfig"), "{said}");

    // the file system of the container can't be written, but for what is mounted
    let report = "--report=junit=/elsewhere/gate.xml";
    let (code, said) = ended(&Container::with_args(&["wait", "deploy/app", report]));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("/elsewhere") && said.contains("--report junit="), "{said}");

    // credential plugins are programs, and there are none in the image
    let container = Container::with_args(&WAIT);
    container.kubeconfig("http://127.0.0.1:1");
    let kubeconfig = fs::read_to_string(container.file("kubeconfig")).unwrap();
    let exec = r#""user":{"exec":{"apiVersion":"client.authentication.k8s.io/v1","command":"cloud-auth","interactiveMode":"Never"}}"#;
    assert!(kubeconfig.contains(r#""user":{}"#), "{kubeconfig}");
    fs::write(container.file("kubeconfig"), kubeconfig.replace(r#""user":{}"#, exec)).unwrap();
    let (code, said) = ended(&container);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("cloud-auth") && said.contains("  next   "), "{said}");
    assert_eq!(container.outcome()["verdict"], "inconclusive");
}

/// A web server with a certificate that its own authority signed; it ends with the value.
struct Server {
    folder: TempDir,
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let openssl = |args: &str| {
            let mut command = Command::new("openssl");
            command.args(args.split_whitespace()).current_dir(folder.path());
            command.stdout(Stdio::null()).stderr(Stdio::null());
            command
        };
        fs::write(folder.path().join("names"), "subjectAltName=IP:127.0.0.1").unwrap();
        for step in [
            "req -x509 -newkey rsa:2048 -nodes -subj /CN=authority -keyout ca.key -out ca.crt",
            "req -newkey rsa:2048 -nodes -subj /CN=server -keyout server.key -out server.csr",
            "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -extfile names -out server.crt",
        ] {
            ran(&mut openssl(step));
        }
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let serve =
            format!("s_server -quiet -www -cert server.crt -key server.key -accept {address}");
        let process = openssl(&serve).spawn().unwrap();
        let deadline = Instant::now() + LIMIT;
        while TcpStream::connect(address).is_err() {
            assert!(Instant::now() < deadline, "openssl does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        Self { folder, process, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // it may have ended by itself
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
#[ignore = "needs root, buildah and runc"]
fn it_trusts_the_certificates_of_the_image() {
    let server = Server::start();
    let said = |container: &Container| {
        container.kubeconfig(&format!("https://{}", server.address));
        let output = container.start().wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(3));
        let said = String::from_utf8(output.stderr).unwrap();
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let args = [&WAIT[..], &["--grace=stale=1s"]].concat();
    let distrusted = said(&Container::with_args(&args));
    assert!(distrusted.contains("invalid peer certificate: UnknownIssuer"), "{distrusted}");
    assert!(distrusted.contains("file into SSL_CERT_FILE"), "{distrusted}");

    let container = Container::with_args(&args);
    fs::copy(server.folder.path().join("ca.crt"), container.file("ca.crt")).unwrap();
    container.edit(|spec| {
        let variables = spec["process"]["env"].as_array_mut().unwrap();
        variables.push(json!("SSL_CERT_FILE=/reports/ca.crt"));
    });
    let trusted = said(&container);
    assert!(!trusted.contains("certificate"), "{trusted}");

    let container = Container::with_args(&args);
    container.edit(|spec| {
        spec["mounts"].as_array_mut().unwrap().push(json!({
            "destination": "/etc/ssl/certs/ca-certificates.crt", "type": "bind",
            "source": server.folder.path().join("ca.crt"), "options": ["bind", "ro"],
        }));
    });
    let trusted = said(&container);
    assert!(!trusted.contains("certificate"), "{trusted}");
}
