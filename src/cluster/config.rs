//! The API server and the account: from a kubeconfig, or from the pod that deploygate runs in.
//!
//! `Config::infer` is not used: if the kubeconfig is broken, it falls back to the pod's own cluster, and a verdict on the wrong
//! cluster is worse than none. Nor is `Config::from_custom_kubeconfig`: it chooses the proxy from the environment, and fails
//! where that has a `NO_PROXY` that kubectl accepts, see `proxy`.

use std::path::{Path, PathBuf};

use kube::config::{Config, ExecAuthCluster, Kubeconfig, KubeconfigError};

use super::{ClusterError, ConnectOptions, files, proxy::proxy_for};
use crate::model::Namespace;

/// What a client is built from, and what targets are known by.
#[derive(Clone)]
pub(super) struct Configured {
    pub(super) config: Config,
    /// The namespace of targets that name none. It is validated: a file that anyone may have written must not decide on
    /// paths and texts of reports.
    pub(super) namespace: Namespace,
    /// `None` in a pod without a kubeconfig.
    pub(super) entry: Option<Entry>,
}

/// Which entries of a kubeconfig a connection is made of.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) context: String,
    pub(super) cluster: String,
    pub(super) user: Option<String>,
}

/// Everything that a client is built from, by the kubeconfig if there is one. It blocks on files, and on nothing else.
pub(super) fn configure(
    kubeconfig: Option<Kubeconfig>,
    options: &ConnectOptions,
) -> Result<Configured, ClusterError> {
    let (mut config, entry) = match (kubeconfig, &options.context) {
        (Some(kubeconfig), _) => {
            let (config, entry) = from_kubeconfig(kubeconfig, options)?;
            (config, Some(entry))
        }
        // the pod's own cluster is not the one that was asked for
        (None, Some(name)) => {
            let name = name.clone();
            return Err(ClusterError::UnknownContext { name, contexts: Vec::new() });
        }
        (None, None) => (in_cluster(options)?, None),
    };
    // kube would retry 15 times and obey any Retry-After, while the gate must know of a silent server
    config.default_retry = false;
    config.connect_timeout = Some(options.limits.request / 2);
    config.write_timeout = Some(options.limits.request);
    let namespace = match &options.namespace {
        Some(namespace) => namespace.clone(),
        None => config.default_namespace.parse().map_err(ClusterError::Namespace)?,
    };
    Ok(Configured { config, namespace, entry })
}

fn in_cluster(options: &ConnectOptions) -> Result<Config, ClusterError> {
    let mut config =
        Config::incluster_env().map_err(|error| ClusterError::InCluster(Box::new(error)))?;
    config.proxy_url = proxy_for(&config.cluster_url, None, &options.env)?;
    Ok(config)
}

/// The kubeconfig, merged as kubectl does; `None` in a pod, if none exists and none is named.
pub(super) fn read_kubeconfig(
    options: &ConnectOptions,
) -> Result<Option<Kubeconfig>, ClusterError> {
    if let Some(path) = &options.kubeconfig {
        return match read(path)? {
            kubeconfig if is_empty(&kubeconfig) => {
                Err(ClusterError::EmptyKubeconfig { read: vec![path.clone()] })
            }
            kubeconfig => Ok(Some(kubeconfig)),
        };
    }
    let env = &options.env;
    let named: Vec<PathBuf> = env.kubeconfig.iter().flat_map(std::env::split_paths).collect();
    let named: Vec<PathBuf> =
        named.into_iter().filter(|path| !path.as_os_str().is_empty()).collect();
    let looked = if named.is_empty() {
        env.home.iter().map(|home| home.join(".kube").join("config")).collect()
    } else {
        named.clone()
    };

    let mut merged: Option<Kubeconfig> = None;
    // kubectl skips missing files
    let found: Vec<PathBuf> = looked.iter().filter(|path| path.exists()).cloned().collect();
    for path in &found {
        let next = read(path)?;
        merged = Some(match merged {
            None => next,
            Some(merged) => merged.merge(next).map_err(|error| unreadable(path, error))?,
        });
    }
    let is_pod = env.service_host.as_ref().is_some_and(|host| !host.is_empty());
    match merged {
        None if named.is_empty() && is_pod => Ok(None),
        None => Err(ClusterError::NoKubeconfig { looked }),
        Some(kubeconfig) if is_empty(&kubeconfig) => {
            Err(ClusterError::EmptyKubeconfig { read: found })
        }
        Some(kubeconfig) => Ok(Some(kubeconfig)),
    }
}

/// The names of the contexts, as the kubeconfig has them; none in a pod without one. It blocks on files.
///
/// # Errors
/// There is no kubeconfig, or it cannot be read.
pub fn contexts(options: &ConnectOptions) -> Result<Vec<String>, ClusterError> {
    let contexts = read_kubeconfig(options)?.map(|kubeconfig| kubeconfig.contexts);
    Ok(contexts.into_iter().flatten().map(|named| named.name).collect())
}

/// As a variable of a CI system that was not filled leaves it.
fn is_empty(kubeconfig: &Kubeconfig) -> bool {
    kubeconfig.clusters.is_empty() && kubeconfig.contexts.is_empty()
}

fn read(path: &Path) -> Result<Kubeconfig, ClusterError> {
    let piped = files::piped_kubeconfig(path)
        .map_err(|problem| ClusterError::Kubeconfig { path: path.to_owned(), problem })?;
    let kubeconfig = match piped {
        Some(text) => Kubeconfig::from_yaml(&text),
        None => Kubeconfig::read_from(path),
    };
    kubeconfig.map_err(|error| unreadable(path, error))
}

fn unreadable(path: &Path, error: KubeconfigError) -> ClusterError {
    let problem = match error {
        KubeconfigError::ReadConfig(error, _) => error.to_string(),
        // the parser's error quotes lines, which may contain credentials
        KubeconfigError::Parse(error) => match error.location() {
            Some(place) => {
                format!("invalid YAML at line {}, column {}", place.line(), place.column())
            }
            None => "invalid YAML".to_owned(),
        },
        error => error.to_string(),
    };
    ClusterError::Kubeconfig { path: path.to_owned(), problem }
}

fn from_kubeconfig(
    kubeconfig: Kubeconfig,
    options: &ConnectOptions,
) -> Result<(Config, Entry), ClusterError> {
    let contexts = || kubeconfig.contexts.iter().map(|named| named.name.clone()).collect();
    let current = kubeconfig.current_context.as_ref().filter(|name| !name.is_empty());
    let Some(name) = options.context.as_ref().or(current) else {
        return Err(ClusterError::NoContext { contexts: contexts() });
    };
    let named = kubeconfig.contexts.iter().find(|named| named.name == *name);
    let Some(context) = named.and_then(|named| named.context.as_ref()) else {
        return Err(ClusterError::UnknownContext { name: name.clone(), contexts: contexts() });
    };
    let broken = |problem: String| ClusterError::BrokenContext { context: name.clone(), problem };

    let named = kubeconfig.clusters.iter().find(|named| named.name == context.cluster);
    let cluster = named
        .and_then(|named| named.cluster.as_ref())
        .ok_or_else(|| broken(format!("cluster {:?} not found", context.cluster)))?;
    let Some(server) = cluster.server.as_ref().filter(|server| !server.is_empty()) else {
        return Err(broken("its cluster has no server URL".to_owned()));
    };
    // the client panics without a scheme
    let is_url = |uri: &http::Uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
    };
    // its text may contain a password
    let server: http::Uri = (server.parse().ok().filter(is_url))
        .ok_or_else(|| broken("its cluster has an invalid server URL".to_owned()))?;

    // as in kubectl, a missing user is anonymous
    let user = context.user.as_ref().and_then(|user| {
        kubeconfig.auth_infos.iter().find(|named| named.name == *user)?.auth_info.clone()
    });

    let mut config = Config::new(server);
    let unusable = |source| ClusterError::CertificateAuthority { context: name.clone(), source };
    if let Some(path) = &cluster.certificate_authority {
        files::check_certificate(path).map_err(|problem| unusable(problem.into()))?;
    }
    // reads the certificate authority, and is what a credential plugin may be told
    let facts = ExecAuthCluster::try_from(cluster).map_err(|error| unusable(error.into()))?;
    if let Some(bundle) = &facts.certificate_authority_data {
        config.root_cert = Some(certificates(bundle).map_err(unusable)?);
    }
    config.auth_info = user.unwrap_or_default();
    if let Some(plugin) =
        config.auth_info.exec.as_mut().filter(|plugin| plugin.provide_cluster_info)
    {
        plugin.cluster = Some(facts);
    }
    if let Some(namespace) = context.namespace.as_ref().filter(|name| !name.is_empty()) {
        config.default_namespace.clone_from(namespace);
    }
    config.accept_invalid_certs = cluster.insecure_skip_tls_verify.unwrap_or(false);
    if config.accept_invalid_certs || config.cluster_url.scheme_str() == Some("http") {
        // nothing is verified: an image without CA certificates must do
        config.root_cert.get_or_insert_default();
    }
    config.disable_compression = cluster.disable_compression.unwrap_or(false);
    config.tls_server_name.clone_from(&cluster.tls_server_name);
    config.proxy_url = proxy_for(&config.cluster_url, cluster.proxy_url.as_deref(), &options.env)?;
    let entry = Entry {
        context: name.clone(),
        cluster: context.cluster.clone(),
        user: context.user.clone(),
    };
    Ok((config, entry))
}

/// The certificates of a PEM bundle, as DER.
fn certificates(bundle: &[u8]) -> Result<Vec<Vec<u8>>, Box<dyn std::error::Error + Send + Sync>> {
    let blocks = pem::parse_many(bundle)?.into_iter();
    let certificates: Vec<Vec<u8>> =
        blocks.filter(|block| block.tag() == "CERTIFICATE").map(pem::Pem::into_contents).collect();
    if certificates.is_empty() {
        return Err("it contains no certificate".into());
    }
    Ok(certificates)
}
