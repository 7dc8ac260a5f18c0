//! Runs a credential plugin (`exec` in a kubeconfig): once, with a time limit, ending it and its children if it hangs.
//!
//! kube 5.0 runs a plugin three times for one client, through `Auth::try_from` (`client/config_ext.rs`: `auth_layer`, and
//! `exec_identity_pem` for each TLS configuration), and waits for it without a limit (`client/auth/mod.rs`, `auth_exec`:
//! `cmd.output()`). The token is not renewed ahead of its expiry: the server's 401 says when it has expired, see
//! `Connection::renew`.

use std::{
    io,
    process::{Output, Stdio},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use kube::config::{AuthInfo, ExecConfig, ExecInteractiveMode};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
    time::timeout,
};

use super::{ClusterError, ConnectOptions};
use crate::text::Untrusted;

/// The most bytes that a plugin may write: a credential with certificates has a few kilobytes.
const OUTPUT_MAX: u64 = 1 << 20;

/// Replaces the plugin by the credential that it returns, if there is a plugin and no other credential.
pub(super) async fn resolve(
    auth: &mut AuthInfo,
    options: &ConnectOptions,
) -> Result<(), ClusterError> {
    let Some(plugin) = auth.exec.take() else { return Ok(()) };
    let is_basic = auth.username.is_some() && auth.password.is_some();
    if is_basic || auth.token.is_some() || auth.token_file.is_some() {
        return Ok(());
    }
    let name = plugin.command.clone().unwrap_or_default();
    let failed = |detail: String| ClusterError::PluginFailed {
        command: name.clone(),
        detail: Untrusted::from(detail).to_clean_line(300).to_string(),
        install_hint: plugin.install_hint.clone(),
    };

    let limit = options.limits.connect;
    let output = match timeout(limit, run(command(&plugin, options))).await {
        Ok(output) => output.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => failed("it is not installed, or not on the PATH".to_owned()),
            _ => failed(error.to_string()),
        })?,
        Err(_) => return Err(ClusterError::PluginHung { command: name, limit }),
    };
    if !output.status.success() {
        return Err(failed(last_words(&output)));
    }
    let answer = answer(&output.stdout)
        .ok_or_else(|| failed("its output is not an ExecCredential".to_owned()))?;
    let text = |key| answer["status"][key].as_str();
    auth.token = text("token").map(|token| token.to_owned().into());
    match text("clientCertificateData").zip(text("clientKeyData")) {
        Some((certificate, key)) => {
            auth.client_certificate_data = Some(STANDARD.encode(certificate));
            auth.client_key_data = Some(STANDARD.encode(key).into());
            Ok(())
        }
        None if auth.token.is_some() => Ok(()),
        None => Err(failed("its output contains no credential".to_owned())),
    }
}

/// Runs the plugin to its end. If this future is dropped, the plugin is ended with every process that it started.
async fn run(mut command: Command) -> io::Result<Output> {
    let mut child = command.spawn()?;
    let mut family = Family::of(&child);
    let mut stdout = Vec::new();
    let mut stderr = Vec::new();
    let read_stdout = read_in_bounds(child.stdout.take(), &mut stdout);
    let read_stderr = read_in_bounds(child.stderr.take(), &mut stderr);
    tokio::try_join!(read_stdout, read_stderr)?;
    let status = child.wait().await?;
    // an agent that the plugin leaves behind, e.g. to cache a login, may stay
    family.release();
    Ok(Output { status, stdout, stderr })
}

/// Reads what a plugin writes.
///
/// # Errors
/// It is more than a credential can be.
async fn read_in_bounds(
    pipe: Option<impl AsyncRead + Unpin>,
    into: &mut Vec<u8>,
) -> io::Result<()> {
    let Some(pipe) = pipe else { return Ok(()) };
    pipe.take(OUTPUT_MAX + 1).read_to_end(into).await?;
    if into.len() as u64 > OUTPUT_MAX {
        return Err(io::Error::other(format!("it wrote more than {OUTPUT_MAX} bytes")));
    }
    Ok(())
}

/// A plugin's process group, which is killed on drop: a shell script does not pass signals on to its children. A plugin that
/// may ask at the terminal has no group of its own, since only the foreground group may read from there.
struct Family {
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
}

#[cfg(unix)]
impl Family {
    fn of(child: &Child) -> Self {
        let process = child.id().and_then(|id| rustix::process::Pid::from_raw(id.try_into().ok()?));
        let own = |id: &rustix::process::Pid| rustix::process::getpgid(Some(*id)) == Ok(*id);
        Self { group: process.filter(own) }
    }

    /// Lets the group live on: the plugin has ended by itself.
    fn release(&mut self) {
        self.group = None;
    }
}

#[cfg(unix)]
impl Drop for Family {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            // fails if all have ended by themselves
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(not(unix))]
impl Family {
    fn of(_: &Child) -> Self {
        Self {}
    }

    fn release(&mut self) {}
}

/// An `ExecCredential` (`client.authentication.k8s.io/v1`) as JSON, or as YAML, which client-go accepts too. The parser's
/// error is dropped: it could quote the credential. It is read as a value because every type that is read from YAML adds tens
/// of kilobytes to the program.
fn answer(stdout: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(stdout).ok()?;
    serde_saphyr::from_str(text).ok().filter(Value::is_object)
}

fn command(plugin: &ExecConfig, options: &ConnectOptions) -> Command {
    let wants_terminal = plugin.interactive_mode != Some(ExecInteractiveMode::Never);
    // a prompt that nobody sees would hang the pipeline
    let interactive = options.interactive && wants_terminal;
    let mut question = json!({"kind": "ExecCredential", "spec": {"interactive": interactive}});
    if let Some(version) = &plugin.api_version {
        question["apiVersion"] = json!(version);
    }
    if let Some(cluster) = &plugin.cluster {
        question["spec"]["cluster"] = json!(cluster);
    }
    let mut command = Command::new(plugin.command.as_deref().unwrap_or_default());
    command.args(plugin.args.iter().flatten());
    for variable in plugin.env.iter().flatten() {
        if let (Some(name), Some(value)) = (variable.get("name"), variable.get("value")) {
            command.env(name, value);
        }
    }
    command.env("KUBERNETES_EXEC_INFO", question.to_string());
    command.stdout(Stdio::piped()).kill_on_drop(true);
    #[cfg(unix)]
    if !interactive {
        command.process_group(0);
    }
    if interactive {
        command.stdin(Stdio::inherit()).stderr(Stdio::inherit());
    } else {
        command.stdin(Stdio::null()).stderr(Stdio::piped());
    }
    command
}

/// How it ended, and the last line that it wrote to stderr.
fn last_words(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    match said.lines().rev().find(|line| !line.trim().is_empty()) {
        Some(line) => format!("{}: {}", output.status, line.trim()),
        None => output.status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_json_or_yaml() {
        let token =
            |text: &str| answer(text.as_bytes())?["status"]["token"].as_str().map(str::to_owned);
        let json = r#"{"kind": "ExecCredential", "status": {"token": "t", "expirationTimestamp": "2026-01-01T00:00:00Z"}}"#;
        let yaml = "kind: ExecCredential\nstatus:\n  token: t\n";
        assert_eq!((token(json), token(yaml)), (Some("t".to_owned()), Some("t".to_owned())));
        assert!(token("kind: ExecCredential\n").is_none());
        for text in ["", "no credential", "[", "\u{0}"] {
            assert!(token(text).is_none(), "{text:?}");
        }
        assert!(answer(b"\xff").is_none());
    }
}
