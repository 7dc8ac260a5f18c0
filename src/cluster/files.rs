//! The files that a kubeconfig refers to, with limits of size: a path may lead to a device or to a log.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use kube::config::AuthInfo;
use secrecy::ExposeSecret;

/// The most bytes of a kubeconfig: one with a thousand contexts and their certificates has a few megabytes.
const KUBECONFIG_MAX: u64 = 8 << 20;

/// The most bytes of a certificate bundle, key or token: the bundle of all public authorities has 250 kB.
const CREDENTIAL_MAX: u64 = 2 << 20;

/// The text of a kubeconfig that comes through a pipe, as from `<(...)` in a shell; `None` for a regular file, which kube can
/// read itself.
///
/// # Errors
/// What is wrong with the file.
pub(super) fn piped_kubeconfig(path: &Path) -> Result<Option<String>, String> {
    let found = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if found.is_file() {
        check(path, KUBECONFIG_MAX)?;
        return match has_half_a_character(path, found.len()) {
            Ok(false) => Ok(None),
            Ok(true) => Err("invalid UTF-16: it ends within a character".to_owned()),
            Err(error) => Err(error.to_string()),
        };
    }
    let text = read(path, KUBECONFIG_MAX + 1).map_err(|error| error.to_string())?;
    if text.len() as u64 > KUBECONFIG_MAX {
        return Err(too_large(KUBECONFIG_MAX));
    }
    String::from_utf8(text).map(Some).map_err(|_| "not UTF-8".to_owned())
}

/// Whether a file is UTF-16 with an odd number of bytes, on which kube 5.0 panics (`config/file_config.rs`, `read_path`).
fn has_half_a_character(path: &Path, length: u64) -> io::Result<bool> {
    Ok(length % 2 == 1 && matches!(*read(path, 2)?, [0xff, 0xfe] | [0xfe, 0xff]))
}

/// Checks the credential before kube uses it, and reads the token's file, which kube would send with its line break.
///
/// # Errors
/// A file that is missing or far too large, or a token that no request can carry: kube would panic on it.
pub(super) fn check_credential(auth: &mut AuthInfo) -> Result<(), String> {
    for path in [&auth.client_certificate, &auth.client_key].into_iter().flatten() {
        check_certificate(path)?;
    }
    // a renewed token is read when the server has refused this one
    if let Some(path) = auth.token_file.take() {
        check_certificate(&path)?;
        let text = read(Path::new(&path), CREDENTIAL_MAX)
            .and_then(|text| String::from_utf8(text).map_err(io::Error::other))
            .map_err(|error| format!("{path}: {error}"))?;
        auth.token = Some(text.trim().into());
    }
    let token = auth.token.as_ref().map(ExposeSecret::expose_secret);
    let is_token = |text: &str| !text.is_empty() && http::HeaderValue::from_str(text).is_ok();
    if token.is_none_or(is_token) {
        return Ok(());
    }
    Err("the token is empty, or contains a line break or another control character".to_owned())
}

/// Whether a file can be a certificate, key or token, by its size.
///
/// # Errors
/// What is wrong with it, after its path.
pub(super) fn check_certificate(path: &str) -> Result<(), String> {
    check(Path::new(path), CREDENTIAL_MAX).map_err(|problem| format!("{path}: {problem}"))
}

fn check(path: &Path, max: u64) -> Result<(), String> {
    let found = std::fs::metadata(path).map_err(|error| error.to_string())?;
    match found.is_file() {
        false => Err("not a regular file".to_owned()),
        true if found.len() > max => Err(too_large(max)),
        true => Ok(()),
    }
}

fn too_large(max: u64) -> String {
    format!("larger than {max} bytes")
}

fn read(path: &Path, max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(max).read_to_end(&mut bytes)?;
    Ok(bytes)
}
