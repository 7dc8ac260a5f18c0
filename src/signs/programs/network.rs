//! Programs that can't reach something, or can't listen.

use super::{
    Certainty,
    detail::Detail,
    row::{PROGRAM, Row},
};
use crate::evidence::Attribution;

/// libpq writes the host apart from the port.
const ADDRESS: &[Detail] = &[Detail::Between("connection to server at \"", "\""), Detail::Address];

pub(super) const ROWS: &[Row] = &[
    // nginx (chainguard-images/images#452), Go `listen tcp :80: bind: permission denied`, Node `listen EACCES`
    Row {
        sign: "port-not-allowed",
        phrases: &[
            &["bind() to ", "permission denied"],
            &["bind: permission denied"],
            &["listen eacces"],
            &["could not bind", "permission denied"],
            &["make_sock: could not bind to address"],
        ],
        unless: &["address already in use", "98)"],
        details: &[Detail::Address],
        cause: "the program may not listen on its port: those below 1024 need root or a capability",
        named: "the program may not listen on {}: ports below 1024 need root or a capability",
        attribution: Attribution::Configuration,
        next_step: "listen on a port above 1023 (the Service can still offer 80), or add the capability NET_BIND_SERVICE",
        ..PROGRAM
    },
    // Linux' EADDRINUSE in all runtimes; Spring Boot (anthonyraymond/joal-desktop#102)
    Row {
        sign: "address-in-use",
        phrases: &[
            &["address already in use"],
            &["eaddrinuse"],
            &["port ", "was already in use"],
            &["port ", "is already in use"],
            &["address in use"],
            &["failed to bind to address", "in use"],
        ],
        details: &[Detail::Between("port ", " "), Detail::Address],
        cause: "the port that the program listens on is taken already",
        named: "{} is taken already, and the program wants to listen there",
        attribution: Attribution::Configuration,
        next_step: "give each container of the pod (sidecars too) its own port, and start the server once; with `hostNetwork` the old pod may hold it",
        ..PROGRAM
    },
    // glibc and musl EAI_AGAIN, Node, Python
    Row {
        sign: "name-resolution-fails",
        phrases: &[
            &["temporary failure in name resolution"],
            &["eai_again"],
            &["server misbehaving"],
            &["lookup ", "i/o timeout"],
            &["lookup ", "connection refused"],
            &["try again", "getaddrinfo"],
        ],
        details: &[
            Detail::Between("getaddrinfo eai_again ", " "),
            Detail::Between("lookup ", " on "),
            Detail::Between("translate host name \"", "\""),
        ],
        cause: "the cluster's DNS does not answer the program",
        named: "the cluster's DNS does not answer for {}",
        attribution: Attribution::Unknown,
        next_step: "check the cluster's DNS and the network policies on the way to it, and the name itself",
        passes: true,
        ..PROGRAM
    },
    // Go, glibc, musl, libpq, Java, Node, curl, PHP, MySQL
    Row {
        sign: "host-unknown",
        phrases: &[
            &["no such host"],
            &["getaddrinfo enotfound"],
            &["name or service not known"],
            &["name does not resolve"],
            &["nodename nor servname"],
            &["could not translate host name"],
            &["unknownhostexception"],
            &["could not resolve host"],
            &["php_network_getaddresses"],
            &["unknown mysql server host"],
            &["could not resolve address '"],
            &["host not found in upstream"],
            &["no address associated with hostname"],
            &["failed to lookup address information"],
        ],
        details: &[
            Detail::Between("getaddrinfo enotfound ", " "),
            Detail::Between("lookup ", " on "),
            Detail::Between("lookup ", ":"),
            Detail::Between("translate host name \"", "\""),
            Detail::Between("unknown mysql server host '", "'"),
            Detail::Between("host not found in upstream \"", "\""),
            Detail::Between("could not resolve host: ", " "),
            Detail::Between("could not resolve address '", "'"),
            Detail::Between("unknownhostexception: ", ":"),
            Detail::Between("getaddrinfo for ", " failed"),
        ],
        cause: "a host name that the program uses does not exist",
        named: "the host name {} does not exist",
        attribution: Attribution::Configuration,
        next_step: "correct the host in the program's configuration, or create the Service; from another namespace it is `service.namespace`",
        passes: true,
        ..PROGRAM
    },
    // Linux' ECONNREFUSED in all runtimes; Go with PostgreSQL: customeros/customeros#3290
    Row {
        sign: "connection-refused",
        phrases: &[
            &["connection refused"],
            &["econnrefused"],
            &["connectionrefused"],
            &["actively refused"],
            &["connection to ", " refused"],
            &["can't connect to mysql server on"],
            &["could not connect to server"],
        ],
        details: ADDRESS,
        cause: "something that the program needs does not accept its connection",
        named: "nothing accepts connections at {}, which the program needs",
        attribution: Attribution::Unknown,
        next_step: "bring that service up, or correct the host and port in the program's configuration; let the program wait and retry at its start",
        passes: true,
        ..PROGRAM
    },
    // Linux' ENETUNREACH and EHOSTUNREACH
    Row {
        sign: "no-route",
        phrases: &[
            &["no route to host"],
            &["network is unreachable"],
            &["ehostunreach"],
            &["enetunreach"],
            &["network unreachable"],
        ],
        details: ADDRESS,
        cause: "there is no way through the network to something that the program needs",
        named: "there is no way through the network to {}, which the program needs",
        attribution: Attribution::Unknown,
        next_step: "check the address, network policies and firewalls, and whether the address is IPv6 in a cluster without it",
        passes: true,
        ..PROGRAM
    },
    // Go, Node, Java, libpq, MongoDB drivers
    Row {
        sign: "connection-timeout",
        phrases: &[
            &["i/o timeout"],
            &["etimedout"],
            &["connection timed out"],
            &["connect timed out"],
            &["connection timeout"],
            &["connecttimeout"],
            &["timeout expired"],
            &["server selection timed out"],
            &["serverselectiontimeouterror"],
            &["dial ", "context deadline exceeded"],
            &["connect", "context deadline exceeded"],
            &["timed out", "connect"],
        ],
        details: ADDRESS,
        cause: "something that the program needs does not answer in time",
        named: "{}, which the program needs, does not answer in time",
        attribution: Attribution::Unknown,
        next_step: "check the address, and network policies and firewalls on the way; a dropped packet looks like this",
        passes: true,
        ..PROGRAM
    },
    // Linux' ECONNRESET: it also ends connections that were idle
    Row {
        sign: "connection-reset",
        phrases: &[&["connection reset by peer"], &["econnreset"], &["socket hang up"]],
        details: ADDRESS,
        cause: "something that the program needs broke its connection off",
        named: "{} broke the program's connection off",
        attribution: Attribution::Unknown,
        next_step: "see the log of the other side; plain and TLS ports that were mixed up look like this",
        certainty: Certainty::Guess,
        passes: true,
        ..PROGRAM
    },
];
