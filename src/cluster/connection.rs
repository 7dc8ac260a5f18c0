//! One connection to an API server: every request has its own limit and at most one quick retry.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::StatusCode;
use kube::{
    Client, Config,
    client::{Body, ClientBuilder},
};
use serde::de::DeserializeOwned;
use tokio::{
    sync::{OnceCell, Semaphore},
    time::{sleep, timeout},
};

use super::{
    ClusterError, ConnectOptions, Limits,
    call::{Call, decode},
    config::{self, Configured},
    discovery::Discovered,
    failure::Failure,
    files,
    forms::Forms,
    owners::Owners,
    plugin,
};
use crate::{
    model::{Namespace, ServerTime},
    observation::FailureKind,
};

/// Requests for evidence at a time. Each log takes two connections of its own, since kube speaks only HTTP/1.1.
const EVIDENCE_AT_A_TIME: usize = 8;

/// A client that is set up when it is first needed, and again when its credential has expired.
pub(super) struct Connection {
    options: ConnectOptions,
    configured: Result<Configured, Arc<ClusterError>>,
    default_namespace: Namespace,
    state: OnceCell<Result<Mutex<State>, Arc<ClusterError>>>,
    renewal: tokio::sync::Mutex<()>,
    pub(super) evidence: Semaphore,
    pub(super) discovered: Discovered,
    pub(super) owners: Owners,
    pub(super) forms: Forms,
}

struct State {
    client: Client,
    /// How often the client was set up again.
    generation: u64,
    /// Whether the server has accepted this client's credential.
    accepted: bool,
}

impl State {
    const fn new(client: Client, generation: u64) -> Self {
        Self { client, generation, accepted: false }
    }
}

impl Connection {
    pub(super) fn new(
        options: ConnectOptions,
        configured: Result<Configured, Arc<ClusterError>>,
    ) -> Self {
        let namespace = configured.as_ref().ok().map(|known| known.namespace.clone());
        let namespace = namespace.or_else(|| options.namespace.clone());
        Self {
            options,
            configured,
            default_namespace: namespace.unwrap_or_else(Namespace::default_one),
            state: OnceCell::new(),
            renewal: tokio::sync::Mutex::new(()),
            evidence: Semaphore::new(EVIDENCE_AT_A_TIME),
            discovered: Discovered::default(),
            owners: Owners::default(),
            forms: Forms::default(),
        }
    }

    /// What the kubeconfig says; `None` if it cannot be used.
    pub(super) fn configured(&self) -> Option<&Configured> {
        self.configured.as_ref().ok()
    }

    /// The context that was asked for; `None` means the current one.
    pub(super) fn context_given(&self) -> Option<&str> {
        self.options.context.as_deref()
    }

    pub(super) fn default_namespace(&self) -> &Namespace {
        &self.default_namespace
    }

    /// Sets up the client, once; whoever comes later waits for that and gets the same answer.
    pub(super) async fn establish(&self) -> Result<(), Arc<ClusterError>> {
        let state = self.state.get_or_init(|| async {
            let config = self.configured.clone()?.config;
            let client = build(config, &self.options).await?;
            Ok(Mutex::new(State::new(client, 0)))
        });
        state.await.as_ref().map(|_| ()).map_err(Arc::clone)
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.options.limits
    }

    /// The client, and its generation.
    pub(super) fn client(&self) -> Result<(Client, u64), Failure> {
        let missing = || Failure::new(FailureKind::Unreachable, "there is no connection");
        let state = self.state().ok_or_else(missing)?;
        Ok((state.client.clone(), state.generation))
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
            let (client, generation) = self.client()?;
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

    /// Sends what changes something: once, since nobody knows what became of it where no answer came. What the server does
    /// not let in, for want of a valid credential, is sent again with another one.
    pub(super) async fn write(&self, call: &Call) -> Result<(), Failure> {
        let limit = self.limits().request;
        let mut body = Vec::new();
        loop {
            let (client, generation) = self.client()?;
            let answer = timeout(limit, call.read(&client, &mut body)).await;
            match answer.unwrap_or_else(|_| Err(Failure::timed_out(limit))) {
                Ok(_) => return Ok(()),
                Err(failure)
                    if failure.status == Some(StatusCode::UNAUTHORIZED)
                        && self.renew(generation).await => {}
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Reads a whole response, and decodes it.
    pub(super) async fn get<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Failure> {
        let mut body = Vec::new();
        self.read(call, &mut body).await?;
        decode(&body)
    }

    /// Sends a request whose response the caller reads as it comes, within a time limit of its own.
    pub(super) async fn open(&self, call: &Call) -> Result<http::Response<Body>, Failure> {
        let mut retried = false;
        loop {
            let (client, generation) = self.client()?;
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
        if let Some(mut state) = self.state().filter(|state| state.generation == generation) {
            state.accepted = true;
        }
    }

    /// Sets up the client again after a 401; returns whether there is another client to try. A credential that was never
    /// accepted would not be accepted the second time either.
    pub(super) async fn renew(&self, generation: u64) -> bool {
        let _one_at_a_time = self.renewal.lock().await;
        match self.state() {
            Some(state) if state.generation != generation => return true,
            Some(state) if state.accepted => {}
            _ => return false,
        }
        let Ok(client) = rebuild(&self.options).await else { return false };
        if let Some(mut state) = self.state() {
            *state = State::new(client, generation + 1);
        }
        true
    }

    fn state(&self) -> Option<MutexGuard<'_, State>> {
        let state = self.state.get()?.as_ref().ok()?;
        Some(state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A client of what the kubeconfig says by now.
async fn rebuild(options: &ConnectOptions) -> Result<Client, ClusterError> {
    let configured = config::configure(config::read_kubeconfig(options)?, options)?;
    build(configured.config, options).await
}

/// Builds a client on a thread of its own: kube reads files, and may run a program for the old `auth-provider`.
async fn build(mut config: Config, options: &ConnectOptions) -> Result<Client, ClusterError> {
    plugin::resolve(&mut config.auth_info, options).await?;
    files::check_credential(&mut config.auth_info).map_err(ClusterError::Credential)?;
    let has_certificates = config.root_cert.is_some();

    let limit = options.limits.connect;
    let build = tokio::task::spawn_blocking(move || ClientBuilder::try_from(config));
    let error: Box<dyn std::error::Error + Send + Sync> = match timeout(limit, build).await {
        Ok(Ok(Ok(builder))) => return Ok(builder.build()),
        Ok(Ok(Err(error))) => error.into(),
        Ok(Err(error)) => error.into(),
        Err(_) => return Err(ClusterError::Hung { limit }),
    };
    if !has_certificates && error.to_string().contains("CA certificates") {
        return Err(ClusterError::NoCertificates);
    }
    Err(ClusterError::Client(error))
}
