//! Files that a kubeconfig is made of, none larger than it can be: a path may lead to a device or to a log.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// Bytes of a kubeconfig: one with a thousand contexts and their certificates has some megabytes.
const KUBECONFIG_MAX: u64 = 8 << 20;

/// Bytes of a certificate bundle, key or token: the bundle of all public authorities has 250 kB.
const CREDENTIAL_MAX: u64 = 2 << 20;

/// The text of a kubeconfig that comes through a pipe, as from `<(...)` in a shell; `None` for a regular file of a size
/// that a kubeconfig can have.
///
/// # Errors
/// What is wrong with it.
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
    let mut text = Vec::new();
    File::open(path)
        .and_then(|file| file.take(KUBECONFIG_MAX + 1).read_to_end(&mut text))
        .map_err(|error| error.to_string())?;
    if text.len() as u64 > KUBECONFIG_MAX {
        return Err(format!("larger than {KUBECONFIG_MAX} bytes"));
    }
    String::from_utf8(text).map(Some).map_err(|_| "not UTF-8".to_owned())
}

/// Whether a file of UTF-16 has an odd number of bytes, at which kube 5.0 panics (`config/file_config.rs`, `read_path`).
fn has_half_a_character(path: &Path, length: u64) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(2).read_to_end(&mut start)?;
    Ok(length % 2 == 1 && matches!(*start, [0xff, 0xfe] | [0xfe, 0xff]))
}

/// Whether a file can be a certificate, key or token by its size.
///
/// # Errors
/// What is wrong with it, with its path.
pub(super) fn check_credential(path: &Path) -> Result<(), String> {
    check(path, CREDENTIAL_MAX).map_err(|problem| format!("{}: {problem}", path.display()))
}

fn check(path: &Path, max: u64) -> Result<(), String> {
    let found = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if !found.is_file() {
        return Err("not a regular file".to_owned());
    }
    if found.len() > max {
        return Err(format!("larger than {max} bytes"));
    }
    Ok(())
}

/// A token from a file, without the line break that an editor puts at its end, which client-go cuts off too.
///
/// # Errors
/// What is wrong with it, with its path.
pub(super) fn token(path: &Path) -> Result<String, String> {
    check_credential(path)?;
    let read = || -> io::Result<String> {
        let mut text = String::new();
        File::open(path)?.take(CREDENTIAL_MAX).read_to_string(&mut text)?;
        Ok(text)
    };
    let text = read().map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.trim().to_owned())
}

/// Whether a text can be sent as a token: kube would go down with one that holds a line break.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && http::HeaderValue::from_str(text).is_ok()
}
