//! Runs a credential plugin (`exec` in a kubeconfig): once, with a limit, and ended if it hangs.
//!
//! kube 5.0 runs the plugin three times for a client and waits for it without end. Its token is not renewed before it
//! expires, as the server's 401 says when that is; see `Connection::renew`.

use std::{
    io,
    path::Path,
    process::{Output, Stdio},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use kube::config::{AuthInfo, ExecAuthCluster, ExecConfig, ExecInteractiveMode};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
    time::timeout,
};

use super::{ClusterError, ConnectOptions, files};
use crate::text::Untrusted;

/// Bytes that a plugin may write: a credential with its certificates has some kilobytes.
const OUTPUT_MAX: u64 = 1 << 20;

/// What the plugin is told (`client.authentication.k8s.io/v1`, `ExecCredential`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    api_version: Option<&'a str>,
    kind: &'static str,
    spec: QuestionSpec<'a>,
}

#[derive(Serialize)]
struct QuestionSpec<'a> {
    interactive: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<&'a ExecAuthCluster>,
}

/// What the plugin says.
#[derive(Deserialize)]
struct Answer {
    status: Option<Credential>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
}

/// Makes sure that the credential can be used, before kube does with it what it likes.
///
/// # Errors
/// A file that is missing or far too large, or a token that no request can carry.
pub(super) fn check(auth: &mut AuthInfo) -> Result<(), ClusterError> {
    for path in [&auth.client_certificate, &auth.client_key].into_iter().flatten() {
        files::check_credential(Path::new(path)).map_err(ClusterError::Credential)?;
    }
    // kube sends a file's text as it is; a new token is read after the server has refused this one
    if let Some(path) = auth.token_file.take() {
        auth.token = Some(files::token(Path::new(&path)).map_err(ClusterError::Credential)?.into());
    }
    let token = auth.token.as_ref().map(ExposeSecret::expose_secret);
    match token.is_none_or(files::is_token) {
        true => Ok(()),
        false => Err(ClusterError::Credential(
            "the token is empty, or contains a line break or another control character".to_owned(),
        )),
    }
}

/// Replaces the plugin by the credential that it gives. Without a plugin there is nothing to do.
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

    let command = command(&plugin, options).map_err(|error| failed(error.to_string()))?;
    let limit = options.limits.connect;
    let output = match timeout(limit, run(command)).await {
        Ok(output) => output.map_err(|error| failed(error.to_string()))?,
        Err(_) => {
            return Err(ClusterError::PluginHung { command: name, limit });
        }
    };
    if !output.status.success() {
        return Err(failed(last_words(&output)));
    }
    let answer = answer(&output.stdout);
    let answer = answer.ok_or_else(|| failed("its output is not an ExecCredential".to_owned()))?;
    let credential = answer.status.filter(|credential| credential.is_usable());
    let credential =
        credential.ok_or_else(|| failed("its output contains no credential".to_owned()))?;

    auth.token = credential.token.map(Into::into);
    if let (Some(certificate), Some(key)) =
        (credential.client_certificate_data, credential.client_key_data)
    {
        auth.client_certificate_data = Some(STANDARD.encode(certificate));
        auth.client_key_data = Some(STANDARD.encode(key).into());
    }
    Ok(())
}

/// Runs the plugin to its end. Where this is given up, the plugin is ended with every process that it started.
async fn run(mut command: Command) -> io::Result<Output> {
    let mut child = command.spawn()?;
    let mut family = Family::of(&child);
    let mut stdout = Vec::new();
    let mut stderr = Vec::new();
    let read_stdout = read_in_bounds(child.stdout.take(), &mut stdout);
    let read_stderr = read_in_bounds(child.stderr.take(), &mut stderr);
    tokio::try_join!(read_stdout, read_stderr)?;
    let status = child.wait().await?;
    // an agent that keeps a login for the next run may stay
    family.release();
    Ok(Output { status, stdout, stderr })
}

/// Reads what a plugin writes.
///
/// # Errors
/// If it is more than a credential can be.
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

/// A plugin with every process that it started, which end when it is given up: a shell script does not pass a signal on. A
/// plugin that may ask at the terminal stays in the group of this program, since others may not read from there.
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

    /// The plugin came to its end: what it left running is its own affair.
    fn release(&mut self) {
        self.group = None;
    }
}

#[cfg(unix)]
impl Drop for Family {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            // all may have ended by themselves
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

/// What a plugin wrote: JSON, or YAML, since client-go takes it too. The text of an error could show a part of the
/// credential. It goes by a value, since each type that is read from YAML adds tens of kilobytes to the program.
fn answer(stdout: &[u8]) -> Option<Answer> {
    let text = std::str::from_utf8(stdout).ok()?;
    let value: serde_json::Value = serde_saphyr::from_str(text).ok()?;
    serde_json::from_value(value).ok()
}

impl Credential {
    fn is_usable(&self) -> bool {
        let has_pair = self.client_certificate_data.is_some() && self.client_key_data.is_some();
        self.token.is_some() || has_pair
    }
}

fn command(plugin: &ExecConfig, options: &ConnectOptions) -> Result<Command, serde_json::Error> {
    let wants_terminal = plugin.interactive_mode != Some(ExecInteractiveMode::Never);
    // a prompt that no one sees hangs the pipeline
    let interactive = options.interactive && wants_terminal;
    let question = Question {
        api_version: plugin.api_version.as_deref(),
        kind: "ExecCredential",
        spec: QuestionSpec { interactive, cluster: plugin.cluster.as_ref() },
    };
    let mut command = Command::new(plugin.command.as_deref().unwrap_or_default());
    command.args(plugin.args.iter().flatten());
    for variable in plugin.env.iter().flatten() {
        if let (Some(name), Some(value)) = (variable.get("name"), variable.get("value")) {
            command.env(name, value);
        }
    }
    command.env("KUBERNETES_EXEC_INFO", serde_json::to_string(&question)?);
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
    Ok(command)
}

/// How it ended, and the last line that it wrote for people.
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
        let token = |text: &str| answer(text.as_bytes())?.status?.token;
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
