//! One connection to an API server: every request has its own limit and at most one quick retry.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{StatusCode, header::DATE};
use http_body_util::BodyExt;
use kube::{
    Client,
    client::{Body, ClientBuilder},
};
use tokio::{
    sync::Semaphore,
    time::{sleep, timeout},
};

use super::{
    ClusterError, ConnectOptions, Limits,
    config::{load, namespace},
    failure::Failure,
    plugin,
};
use crate::{
    model::{Namespace, ServerTime},
    observation::{FailureKind, ReadFailure, Resource},
};

/// No answer that makes sense is larger: a page of 50 pods of a megabyte each.
const BODY_MAX: usize = 48 << 20;

/// No error needs more words.
const ERROR_MAX: usize = 64 << 10;

/// Each log takes two connections of its own, as kube speaks HTTP/1.1 only.
const EVIDENCE_AT_A_TIME: usize = 8;

/// A client that can be renewed.
pub(super) struct Connection {
    options: ConnectOptions,
    pub(super) default_namespace: Namespace,
    state: Mutex<State>,
    renewal: tokio::sync::Mutex<()>,
    pub(super) evidence: Semaphore,
}

struct State {
    client: Client,
    /// How often the client was made anew.
    generation: u64,
    /// Whether the server took this client's credential.
    accepted: bool,
}

/// A request with the words that name it.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) resource: Resource,
    /// E.g. `list pods in namespace shop`.
    pub(super) what: String,
    pub(super) request: http::Request<Vec<u8>>,
}

impl Call {
    /// A call from what kube makes of parameters.
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
}

impl Connection {
    pub(super) async fn new(options: ConnectOptions) -> Result<Arc<Self>, ClusterError> {
        let built = build(&options).await?;
        let state = State { client: built.client, generation: 0, accepted: false };
        Ok(Arc::new(Self {
            options,
            default_namespace: built.default_namespace,
            state: Mutex::new(state),
            renewal: tokio::sync::Mutex::new(()),
            evidence: Semaphore::new(EVIDENCE_AT_A_TIME),
        }))
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.options.limits
    }

    /// The client, and which one it is.
    pub(super) fn client(&self) -> (Client, u64) {
        let state = self.state();
        (state.client.clone(), state.generation)
    }

    /// Reads a whole answer into `body`, whose memory is used again, and returns the server's time.
    pub(super) async fn read(
        &self,
        call: &Call,
        body: &mut Vec<u8>,
    ) -> Result<Option<ServerTime>, Failure> {
        let limit = self.limits().request;
        let mut retried = false;
        loop {
            let (client, generation) = self.client();
            let answer = timeout(limit, whole(&client, call, body)).await;
            match answer.unwrap_or_else(|_| Err(Failure::timed_out(limit))) {
                Ok(date) => {
                    self.accept(generation);
                    return Ok(date);
                }
                Err(failure)
                    if self.is_worth_retrying(&failure, generation, &mut retried).await => {}
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Sends a request whose answer is read as it comes. The caller limits the time.
    pub(super) async fn open(&self, call: &Call) -> Result<http::Response<Body>, Failure> {
        let mut retried = false;
        loop {
            let (client, generation) = self.client();
            match send(&client, call).await {
                Err(failure)
                    if self.is_worth_retrying(&failure, generation, &mut retried).await => {}
                answer => return answer,
            }
        }
    }

    /// Waits or makes the client anew, as the failure needs, and says whether the request may be sent again.
    async fn is_worth_retrying(
        &self,
        failure: &Failure,
        generation: u64,
        retried: &mut bool,
    ) -> bool {
        if failure.status == Some(StatusCode::UNAUTHORIZED) {
            return self.renew(generation).await;
        }
        let Some(pause) = failure.retry.filter(|_| !*retried) else { return false };
        *retried = true;
        sleep(pause).await;
        true
    }

    /// Notes that the server took the credential of this client.
    pub(super) fn accept(&self, generation: u64) {
        let mut state = self.state();
        if state.generation == generation {
            state.accepted = true;
        }
    }

    /// Makes the client anew after a 401, and says whether there is another one to try: a credential that was never
    /// accepted won't be on a second attempt.
    pub(super) async fn renew(&self, generation: u64) -> bool {
        let _one_at_a_time = self.renewal.lock().await;
        {
            let state = self.state();
            if state.generation != generation {
                return true;
            }
            if !state.accepted {
                return false;
            }
        }
        let Ok(built) = build(&self.options).await else { return false };
        let mut state = self.state();
        *state = State { client: built.client, generation: generation + 1, accepted: false };
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Built {
    client: Client,
    default_namespace: Namespace,
}

/// Builds a client, on a thread of its own: kube reads files, and may run a program for the old `auth-provider`.
async fn build(options: &ConnectOptions) -> Result<Built, ClusterError> {
    let mut config = load(options)?;
    plugin::resolve(&mut config.auth_info, options).await?;
    plugin::check(&mut config.auth_info)?;
    let has_certificates = config.root_cert.is_some();
    let default_namespace = namespace(&config, options)?;

    let limit = options.limits.connect;
    let build = tokio::task::spawn_blocking(move || ClientBuilder::try_from(config));
    let error: Box<dyn std::error::Error + Send + Sync> = match timeout(limit, build).await {
        Ok(Ok(Ok(builder))) => {
            return Ok(Built { client: builder.build(), default_namespace });
        }
        Ok(Ok(Err(error))) => error.into(),
        Ok(Err(error)) => error.into(),
        Err(_) => return Err(ClusterError::Hung { limit }),
    };
    if !has_certificates && error.to_string().contains("CA certificates") {
        return Err(ClusterError::NoCertificates);
    }
    Err(ClusterError::Client(error))
}

async fn whole(
    client: &Client,
    call: &Call,
    body: &mut Vec<u8>,
) -> Result<Option<ServerTime>, Failure> {
    let response = send(client, call).await?;
    let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(ServerTime::from_http_date);
    if !collect(response.into_body(), BODY_MAX, body).await? {
        return Err(Failure::new(FailureKind::Malformed, "response too large"));
    }
    Ok(date)
}

/// Sends a request; an answer that is no success becomes a failure with the server's text.
async fn send(client: &Client, call: &Call) -> Result<http::Response<Body>, Failure> {
    let request = call.request.clone().map(Body::from);
    let response = client.send(request).await.map_err(|error| Failure::broken(&error))?;
    if response.status().is_success() {
        return Ok(response);
    }
    let (head, body) = response.into_parts();
    let mut text = Vec::new();
    collect(body, ERROR_MAX, &mut text).await?;
    Err(Failure::refused(head.status, &head.headers, &text))
}

/// Collects a body as far as the limit allows, and says whether that is all of it.
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

/// Decodes JSON; the text of an error names the field, not its value.
pub(super) fn decode<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes)
        .map_err(|error| Failure::new(FailureKind::Malformed, format!("invalid response: {error}")))
}
