//! One connection to an API server: every request has its own limit and at most one quick retry.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::StatusCode;
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
    call::Call,
    config::{load, namespace},
    failure::Failure,
    files, plugin,
};
use crate::model::{Namespace, ServerTime};

/// Requests for evidence at a time. Each log takes two connections of its own, since kube speaks only HTTP/1.1.
const EVIDENCE_AT_A_TIME: usize = 8;

/// A client that is set up again when its credential has expired.
pub(super) struct Connection {
    options: ConnectOptions,
    pub(super) default_namespace: Namespace,
    pub(super) context: Option<String>,
    state: Mutex<State>,
    renewal: tokio::sync::Mutex<()>,
    pub(super) evidence: Semaphore,
}

struct State {
    client: Client,
    /// How often the client was set up again.
    generation: u64,
    /// Whether the server has accepted this client's credential.
    accepted: bool,
}

impl Connection {
    pub(super) async fn new(options: ConnectOptions) -> Result<Arc<Self>, ClusterError> {
        let built = build(&options).await?;
        let state = State { client: built.client, generation: 0, accepted: false };
        Ok(Arc::new(Self {
            options,
            default_namespace: built.default_namespace,
            context: built.context,
            state: Mutex::new(state),
            renewal: tokio::sync::Mutex::new(()),
            evidence: Semaphore::new(EVIDENCE_AT_A_TIME),
        }))
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.options.limits
    }

    /// The client, and its generation.
    pub(super) fn client(&self) -> (Client, u64) {
        let state = self.state();
        (state.client.clone(), state.generation)
    }

    /// Reads a whole response into `body`, whose memory is reused, and returns the server's time.
    pub(super) async fn read(
        &self,
        call: &Call,
        body: &mut Vec<u8>,
    ) -> Result<Option<ServerTime>, Failure> {
        let limit = self.limits().request;
        let mut retried = false;
        loop {
            let (client, generation) = self.client();
            let answer = timeout(limit, call.read(&client, body)).await;
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

    /// Sends a request whose response the caller reads as it comes, within a time limit of its own.
    pub(super) async fn open(&self, call: &Call) -> Result<http::Response<Body>, Failure> {
        let mut retried = false;
        loop {
            let (client, generation) = self.client();
            match call.send(&client).await {
                Err(failure)
                    if self.is_worth_retrying(&failure, generation, &mut retried).await => {}
                answer => return answer,
            }
        }
    }

    /// Waits, or sets up the client again, as the failure requires; returns whether to send the request again.
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

    /// Remembers that the server has accepted the credential of this client.
    pub(super) fn accept(&self, generation: u64) {
        let mut state = self.state();
        if state.generation == generation {
            state.accepted = true;
        }
    }

    /// Sets up the client again after a 401; returns whether there is another client to try. A credential that was never
    /// accepted would not be accepted the second time either.
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
    context: Option<String>,
}

/// Builds a client on a thread of its own: kube reads files, and may run a program for the old `auth-provider`.
async fn build(options: &ConnectOptions) -> Result<Built, ClusterError> {
    let (mut config, context) = load(options)?;
    plugin::resolve(&mut config.auth_info, options).await?;
    files::check_credential(&mut config.auth_info).map_err(ClusterError::Credential)?;
    let has_certificates = config.root_cert.is_some();
    let default_namespace = namespace(&config, options)?;

    let limit = options.limits.connect;
    let build = tokio::task::spawn_blocking(move || ClientBuilder::try_from(config));
    let error: Box<dyn std::error::Error + Send + Sync> = match timeout(limit, build).await {
        Ok(Ok(Ok(builder))) => {
            return Ok(Built { client: builder.build(), default_namespace, context });
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
