//! One request and its whole response.

use http::header::DATE;
use http_body_util::BodyExt;
use kube::{Client, client::Body};

use super::failure::Failure;
use crate::{
    model::ServerTime,
    observation::{FailureKind, ReadFailure, Resource},
};

/// The most bytes of a response: enough for a page of pods of a megabyte each.
const BODY_MAX: usize = 48 << 20;

/// The most bytes of an error response that are read.
const ERROR_MAX: usize = 64 << 10;

/// A request, and what it is in words.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) resource: Resource,
    /// Fits after "failed to", e.g. `list pods in namespace shop`.
    pub(super) what: String,
    pub(super) request: http::Request<Vec<u8>>,
}

impl Call {
    /// A call of a request that kube has built.
    pub(super) fn new(
        resource: Resource,
        what: String,
        request: Result<http::Request<Vec<u8>>, kube::core::request::Error>,
    ) -> Result<Self, ReadFailure> {
        match request {
            Ok(request) => Ok(Self { resource, what, request }),
            Err(error) => {
                Err(Failure::new(FailureKind::Refused, error.to_string()).of(resource, &what))
            }
        }
    }

    pub(super) fn failed(&self, failure: Failure) -> ReadFailure {
        failure.of(self.resource, &self.what)
    }

    /// Reads the whole response into `body` and returns the server's time.
    pub(super) async fn read(
        &self,
        client: &Client,
        body: &mut Vec<u8>,
    ) -> Result<Option<ServerTime>, Failure> {
        let response = self.send(client).await?;
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(ServerTime::from_http_date);
        if !collect(response.into_body(), BODY_MAX, body).await? {
            return Err(Failure::too_large());
        }
        Ok(date)
    }

    /// Sends a request. A response without success becomes a failure with the server's text.
    pub(super) async fn send(&self, client: &Client) -> Result<http::Response<Body>, Failure> {
        let request = self.request.clone().map(Body::from);
        let response = client.send(request).await.map_err(|error| Failure::broken(&error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let (head, body) = response.into_parts();
        let mut text = Vec::new();
        collect(body, ERROR_MAX, &mut text).await?;
        Err(Failure::refused(head.status, &head.headers, &text))
    }
}

/// Collects a body up to the limit; returns whether that is all of it.
async fn collect(mut body: Body, max: usize, bytes: &mut Vec<u8>) -> Result<bool, Failure> {
    bytes.clear();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Failure::broken(&error))?;
        let Some(data) = frame.data_ref() else { continue };
        if bytes.len() + data.len() > max {
            return Ok(false);
        }
        bytes.extend_from_slice(data);
    }
    Ok(true)
}

/// Decodes JSON. The text of the error has the field's name, not its value.
pub(super) fn decode<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes)
        .map_err(|error| Failure::new(FailureKind::Malformed, format!("invalid response: {error}")))
}
