//! The proxy to the API server, if any. The rules are kubectl's (Go's `x/net/http/httpproxy`).
//!
//! The choice is made here because kube 5.0 compares `NO_PROXY` with the proxy's address instead of the server's
//! (`config/file_loader.rs`, `proxy_url`: `no_proxy.matches(&uri)`; meant otherwise in <https://github.com/kube-rs/kube/issues/1203>),
//! and refuses a list with a trailing comma (`config/no_proxy.rs`, `EmptyValue`).

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use super::{ClusterError, Environment};

/// The proxy for a server: the kubeconfig's, whatever `NO_PROXY` says; else the environment's.
pub(super) fn proxy_for(
    server: &Uri,
    kubeconfig: Option<&str>,
    env: &Environment,
) -> Result<Option<Uri>, ClusterError> {
    if let Some(proxy) = kubeconfig.filter(|proxy| !proxy.is_empty()) {
        return parse("the kubeconfig's proxy-url", proxy).map(Some);
    }
    let (variable, proxy) = match server.scheme_str() {
        Some("http") => ("HTTP_PROXY", env.http_proxy.as_deref()),
        _ => ("HTTPS_PROXY", env.https_proxy.as_deref()),
    };
    match proxy.map(str::trim).filter(|proxy| !proxy.is_empty()) {
        Some(proxy) if !is_excluded(server, env.no_proxy.as_deref().unwrap_or("")) => {
            parse(variable, proxy).map(Some)
        }
        _ => Ok(None),
    }
}

fn is_excluded(server: &Uri, no_proxy: &str) -> bool {
    let Some(host) = server.host() else { return false };
    if is_loopback(host) {
        return true;
    }
    let port = server.port_u16().unwrap_or(match server.scheme_str() {
        Some("http") => 80,
        _ => 443,
    });
    let entries = no_proxy.split([',', ' ']).filter_map(|entry| entry_for_port(entry.trim(), port));
    let entries = entries.collect::<Vec<_>>().join(",");
    // only the exclusion matters here, so any proxy will do
    let any = "http://proxy.invalid";
    Matcher::builder().all(any).no(entries).build().intercept(server).is_none()
}

/// The host of an entry, without a `*` before its dot; `None` if it is for another port.
fn entry_for_port(entry: &str, port: u16) -> Option<&str> {
    let entry = entry.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(entry);
    let is_bare_ipv6 = !entry.starts_with('[') && entry.matches(':').count() > 1;
    let (host, its_port) = match entry.rsplit_once(':') {
        Some((host, its_port)) if !is_bare_ipv6 && !its_port.ends_with(']') => {
            (host, its_port.parse().ok())
        }
        _ => (entry, Some(port)),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    (its_port == Some(port)).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn parse(variable: &'static str, proxy: &str) -> Result<Uri, ClusterError> {
    let url = match proxy.split_once("://") {
        None => format!("http://{proxy}"),
        // kube lets the proxy resolve names for socks5 too, as socks5h requests
        Some(("socks5h", rest)) => format!("socks5://{rest}"),
        Some(_) => proxy.to_owned(),
    };
    let bad = || ClusterError::Proxy { variable };
    let url: Uri = url.parse().map_err(|_| bad())?;
    let is_known = matches!(url.scheme_str(), Some("http" | "https" | "socks5"));
    if is_known && url.host().is_some_and(|host| !host.is_empty()) { Ok(url) } else { Err(bad()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxied(server: &str, no_proxy: &str) -> bool {
        let env = Environment {
            https_proxy: Some("http://10.9.9.9:3128".into()),
            no_proxy: Some(no_proxy.into()),
            ..Environment::default()
        };
        proxy_for(&server.parse().unwrap(), None, &env).unwrap().is_some()
    }

    #[test]
    fn no_proxy_is_compared_with_the_server() {
        let cases = [
            ("https://api.corp.example:6443", "", true),
            ("https://api.corp.example:6443", "api.corp.example", false),
            ("https://api.corp.example:6443", ".corp.example", false),
            ("https://api.corp.example:6443", "*.corp.example", false),
            ("https://api.corp.example:6443", "corp.example,", false),
            ("https://api.corp.example:6443", "other.example , corp.example", false),
            ("https://api.corp.example:6443", "api.corp.example:6443", false),
            ("https://api.corp.example:6443", "api.corp.example:443", true),
            ("https://api.corp.example", "api.corp.example:443", false),
            ("https://notcorp.example", "corp.example", true),
            ("https://api.corp.example:6443", "*", false),
            ("https://10.1.2.3:6443", "10.0.0.0/8", false),
            ("https://192.168.0.7:6443", "10.0.0.0/8,192.168.0.7", false),
            // 10.9.9.9 is the proxy: its own exclusion says nothing about the server
            ("https://192.168.0.7:6443", "10.0.0.0/8", true),
            ("https://192.168.0.7:6443", "10.9.9.9:3128", true),
            ("https://[fd00::1]:6443", "fd00::/8", false),
            ("https://[fd00::1]:6443", "[fd00::1]:6443", false),
            ("https://127.0.0.1:6443", "", false),
            ("https://localhost:6443", "", false),
        ];
        for (server, no_proxy, expected) in cases {
            assert_eq!(proxied(server, no_proxy), expected, "{server} with NO_PROXY={no_proxy}");
        }
    }

    #[test]
    fn the_kubeconfigs_proxy_wins_over_the_environment() {
        let env = Environment {
            https_proxy: Some("http://env.example:1".into()),
            no_proxy: Some("*".into()),
            ..Environment::default()
        };
        let server = Uri::from_static("https://api.example");
        let proxy = proxy_for(&server, Some("socks5h://user:p%40ss@socks.example:1080"), &env);
        assert_eq!(proxy.unwrap().unwrap(), "socks5://user:p%40ss@socks.example:1080/");
    }

    #[test]
    fn a_proxy_without_scheme_is_http() {
        let env = Environment {
            https_proxy: Some(" proxy.example:3128 ".into()),
            ..Environment::default()
        };
        let proxy = proxy_for(&Uri::from_static("https://api.example"), None, &env);
        assert_eq!(proxy.unwrap().unwrap(), "http://proxy.example:3128/");
    }

    #[test]
    fn a_bad_proxy_is_named_without_its_value() {
        for bad in ["ftp://secret@proxy", "http://", "http://secret pass@proxy"] {
            let env = Environment { https_proxy: Some(bad.into()), ..Environment::default() };
            let error =
                proxy_for(&Uri::from_static("https://api.example"), None, &env).unwrap_err();
            assert_eq!(error.to_string(), "invalid proxy URL in HTTPS_PROXY", "{bad}");
        }
    }
}
