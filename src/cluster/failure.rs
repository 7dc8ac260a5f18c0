//! Why a request failed: a kind for the gate, and a text for people.

use std::{error::Error, time::Duration};

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};
use kube::client::AuthError;

use crate::{
    observation::{FailureKind, ReadFailure, Resource},
    text::{Untrusted, chain},
};

/// The longest `Retry-After` that is obeyed: a server that needs longer is unavailable, which the gate must know.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(1);

/// The pause before the one retry of a request.
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// The most characters of a response that are quoted if it is not a `Status`.
const FOREIGN_ANSWER_MAX: usize = 200;

/// A request that failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: FailureKind,
    /// The HTTP status; `None` if there was no response.
    pub(super) status: Option<StatusCode>,
    pub(super) text: String,
    /// The pause before a retry; `None` if a retry would not help.
    pub(super) retry: Option<Duration>,
    /// The response was larger than is read.
    pub(super) is_too_large: bool,
}

impl Failure {
    pub(super) fn new(kind: FailureKind, text: impl Into<String>) -> Self {
        Self { kind, status: None, text: text.into(), retry: None, is_too_large: false }
    }

    pub(super) fn too_large() -> Self {
        let failure = Self::new(FailureKind::Malformed, "response too large");
        Self { is_too_large: true, ..failure }
    }

    pub(super) fn timed_out(limit: Duration) -> Self {
        Self::new(FailureKind::Unreachable, format!("no answer within {limit:?}"))
    }

    /// The connection failed before the response was complete.
    pub(super) fn broken(error: &kube::Error) -> Self {
        match find::<AuthError>(error) {
            // its text has the program's output, which may contain a credential
            Some(AuthError::AuthExecRun { out, .. }) => {
                let text = format!("credential program failed: {}", out.status);
                return Self::new(FailureKind::Unauthorized, text);
            }
            Some(auth) => return Self::new(FailureKind::Unauthorized, chain(auth)),
            None => {}
        }
        let retry = Some(RETRY_PAUSE);
        Self {
            retry,
            ..Self::new(FailureKind::Unreachable, chain(error).trim_start_matches("ServiceError: "))
        }
    }

    /// The server answered with an error status.
    pub(super) fn refused(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let kind = match status {
            StatusCode::UNAUTHORIZED => FailureKind::Unauthorized,
            StatusCode::FORBIDDEN => FailureKind::Forbidden,
            // the 404 of a proxy or of another server says nothing about the cluster
            StatusCode::NOT_FOUND if !is_status(body) => FailureKind::Malformed,
            StatusCode::NOT_FOUND => FailureKind::NotFound,
            StatusCode::TOO_MANY_REQUESTS => FailureKind::Unavailable,
            status if status.is_server_error() => FailureKind::Unavailable,
            _ => FailureKind::Refused,
        };
        let wanted = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let retry = match wanted.map(Duration::from_secs) {
            _ if kind != FailureKind::Unavailable => None,
            Some(wanted) => (wanted <= RETRY_AFTER_MAX).then_some(wanted.max(RETRY_PAUSE)),
            None if status == StatusCode::TOO_MANY_REQUESTS => None,
            None => Some(RETRY_PAUSE),
        };
        let failure = Self::new(kind, message(status, body));
        Self { status: Some(status), retry, ..failure }
    }

    /// The failure as an observation; `what` fits after "failed to".
    pub(super) fn of(self, resource: Resource, what: &str) -> ReadFailure {
        let message = Untrusted::from(format!("failed to {what}: {}", self.text));
        ReadFailure { resource, kind: self.kind, message }
    }
}

/// The server's message from a `Status`, else the start of whatever it sent.
fn message(status: StatusCode, body: &[u8]) -> String {
    #[derive(serde::Deserialize)]
    struct Status {
        message: String,
    }
    if let Ok(Status { message }) = serde_json::from_slice(body)
        && !message.is_empty()
    {
        return message;
    }
    let body = String::from_utf8_lossy(body);
    let start: String = body.trim().chars().take(FOREIGN_ANSWER_MAX).collect();
    let separator = if start.is_empty() { "" } else { ": " };
    format!("HTTP {status}{separator}{start}")
}

/// Whether a response is a `Status`, which API servers send with every error
/// (Kubernetes 1.36 `apiserver/pkg/endpoints/handlers/responsewriters/errors.go`). Gateways speak JSON too.
fn is_status(body: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Object {
        kind: Box<str>,
    }
    serde_json::from_slice(body).is_ok_and(|Object { kind }| kind.as_ref() == "Status")
}

/// The first error of this type in the chain.
fn find<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, retry_after: Option<&'static str>, body: &str) -> Failure {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert(RETRY_AFTER, http::HeaderValue::from_static(value));
        }
        Failure::refused(StatusCode::from_u16(status).unwrap(), &headers, body.as_bytes())
    }

    #[test]
    fn only_short_troubles_are_tried_again() {
        let cases = [
            (500, None, Some(100)),
            (503, Some("1"), Some(1000)),
            (503, Some("2"), None),
            (503, Some("Wed, 21 Oct 2026 07:28:00 GMT"), Some(100)),
            (429, Some("0"), Some(100)),
            (429, Some("3600"), None),
            (429, None, None),
            (403, Some("1"), None),
            (404, None, None),
        ];
        for (status, retry_after, expected) in cases {
            let failure = refused(status, retry_after, "");
            let pause = failure.retry.map(|pause| pause.as_millis());
            assert_eq!(pause, expected, "{status} {retry_after:?}");
        }
    }

    #[test]
    fn the_servers_own_sentence_is_kept() {
        let body = r#"{"kind": "Status", "message": "pods is forbidden: User \"ci\" cannot list", "code": 403}"#;
        let failure = refused(403, None, body).of(Resource::Pods, "list pods in namespace shop");
        assert_eq!(
            failure.message.as_raw(),
            "failed to list pods in namespace shop: pods is forbidden: User \"ci\" cannot list"
        );
        assert_eq!(failure.kind, FailureKind::Forbidden);
    }

    #[test]
    fn a_page_that_is_not_there_is_no_object_that_is_not_there() {
        for page in [
            "<html><h1>404 Not Found</h1></html>",
            "404 page not found",
            r#"{"message": "no Route matched with those values"}"#,
            "",
        ] {
            assert_eq!(refused(404, None, page).kind, FailureKind::Malformed, "{page}");
        }
        let status = r#"{"kind": "Status", "reason": "NotFound", "code": 404}"#;
        assert_eq!(refused(404, None, status).kind, FailureKind::NotFound);
    }

    #[test]
    fn an_answer_that_is_no_status_is_cut() {
        let failure = refused(502, None, &format!("<html>{}", "x".repeat(5000)));
        assert!(failure.text.starts_with("HTTP 502 Bad Gateway: <html>xxx"), "{}", failure.text);
        assert!(failure.text.len() < 250, "{}", failure.text.len());
    }
}
