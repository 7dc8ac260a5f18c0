//! Programs that can't reach something, or can't listen.

use super::{
    Certainty, SubjectKind,
    row::{PROGRAM, Row, SETTING, rows},
};

pub(super) const START_IT: &str = "start that service. If it runs elsewhere, correct its host and port in the program's configuration";

/// libpq writes the host apart from the port.
const ADDRESS: &str = "connection to server at \"<>\"|<address>";

pub(super) const ROWS: &[Row] = rows! {
    // nginx (chainguard-images/images#452), Go `listen tcp :80: bind: permission denied`, Node `listen EACCES`
    SETTING { sign: "port-not-allowed",
        shown_by: "bind() to …permission denied|bind: permission denied|listen eacces\
            |could not bind…permission denied|make_sock: could not bind to address",
        unless: "address already in use|98)",
        names: "<address>",
        cause: "the program is not allowed to listen on [{}|its port]: ports below 1024 need root or a capability",
        next_step: "listen on a port above 1023 (the Service can still offer 80). If it must be this one, add the capability NET_BIND_SERVICE" }
    // Linux' EADDRINUSE in all runtimes; Spring Boot (anthonyraymond/joal-desktop#102)
    SETTING { sign: "address-in-use",
        shown_by: "address already in use|eaddrinuse|port …was already in use|port …is already in use|address in use\
            |failed to bind to address…in use",
        names: "port <> |<address>",
        cause: "[{}|the port] is already in use, and the program wants to listen there",
        next_step: "give each container of the pod its own port, and start the server once. If `hostNetwork` is set, the old pod may hold the port" }
    // glibc and musl EAI_AGAIN, Node, Python
    PROGRAM { sign: "name-resolution-fails", about: Some(SubjectKind::Host), passes: true,
        shown_by: "temporary failure in name resolution|eai_again|server misbehaving|lookup …i/o timeout\
            |lookup …connection refused|try again…getaddrinfo",
        names: "getaddrinfo eai_again <> |lookup <> on |translate host name \"<>\"",
        cause: "the cluster's DNS does not answer[ for {}]",
        next_step: "check the cluster's DNS and the network policies on the way to it. If they are right, correct the name" }
    // Go, glibc, musl, libpq, Java, Node, curl, PHP, MySQL
    SETTING { sign: "host-unknown", about: Some(SubjectKind::Host), passes: true,
        shown_by: "no such host|getaddrinfo enotfound|name or service not known|name does not resolve\
            |nodename nor servname|could not translate host name|unknownhostexception|could not resolve host\
            |php_network_getaddresses|unknown mysql server host|could not resolve address '\
            |host not found in upstream|no address associated with hostname|failed to lookup address information",
        names: "getaddrinfo enotfound <> |lookup <> on |lookup <>:|translate host name \"<>\"\
            |unknown mysql server host '<>'|host not found in upstream \"<>\"|could not resolve host: <> \
            |could not resolve address '<>'|unknownhostexception: <>:|getaddrinfo for <> failed",
        cause: "[the host name {}|a host name that the program uses] does not exist",
        next_step: "correct the host in the program's configuration, or create the Service. If it is in another namespace, write `service.namespace`" }
    // Linux' ECONNREFUSED in all runtimes; Go with PostgreSQL: customeros/customeros#3290
    PROGRAM { sign: "connection-refused", about: Some(SubjectKind::Host), passes: true,
        shown_by: "connection refused|econnrefused|connectionrefused|actively refused|connection to … refused\
            |can't connect to mysql server on|could not connect to server",
        names: ADDRESS,
        cause: "[nothing accepts connections at {}, which the program needs|something that the program needs refuses its connection]",
        next_step: START_IT }
    // Linux' ENETUNREACH and EHOSTUNREACH
    PROGRAM { sign: "no-route", about: Some(SubjectKind::Host), passes: true,
        shown_by: "no route to host|network is unreachable|ehostunreach|enetunreach|network unreachable",
        names: ADDRESS,
        cause: "there is no route through the network to [{}, which|something that] the program needs",
        next_step: "check network policies and firewalls on the way. If the address is wrong, correct it in the program's configuration" }
    // Go, Node, Java, libpq, MongoDB drivers
    PROGRAM { sign: "connection-timeout", about: Some(SubjectKind::Host), passes: true,
        shown_by: "i/o timeout|etimedout|connection timed out|connect timed out|connection timeout|connecttimeout\
            |timeout expired|server selection timed out|serverselectiontimeouterror|dial …context deadline exceeded\
            |connect…context deadline exceeded|timed out…connect",
        names: ADDRESS,
        cause: "[{}, which the program needs,|something that the program needs] does not answer in time",
        next_step: "check network policies and firewalls on the way: dropped packets look like this. If the address is wrong, correct it in the program's configuration" }
    // Linux' ECONNRESET: it also ends connections that were idle
    PROGRAM { sign: "connection-reset", certainty: Certainty::Guess, passes: true,
        shown_by: "connection reset by peer|econnreset|socket hang up",
        names: ADDRESS,
        cause: "[{}|something that the program needs] closed the program's connection",
        next_step: "check the log of the other side. If only one side uses TLS, correct the port" }
};
