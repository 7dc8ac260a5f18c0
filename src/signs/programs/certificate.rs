//! Programs that refuse a certificate, or whose peer speaks no TLS.

use super::{
    detail::Detail,
    row::{PROGRAM, Row},
};
use crate::evidence::Attribution;

pub(super) const ROWS: &[Row] = &[
    // Go `crypto/x509`, OpenSSL, Node `CERT_HAS_EXPIRED`, Java `CertificateExpiredException`
    Row {
        sign: "certificate-expired",
        phrases: &[
            &["certificate has expired"],
            &["cert_has_expired"],
            &["certificateexpiredexception"],
            &["certificate is not yet valid"],
            &["certificatenotyetvalidexception"],
        ],
        details: &[Detail::Rest("is not yet valid: ")],
        cause: "a certificate is out of its time of validity",
        named: "a certificate is out of its time of validity: {}",
        attribution: Attribution::Configuration,
        next_step: "renew the certificate, and see that the pods get it; check the node's clock if it is fresh",
        ..PROGRAM
    },
    // Go, OpenSSL, Node, Java's PKIX, .NET
    Row {
        sign: "certificate-not-trusted",
        phrases: &[
            &["signed by unknown authority"],
            &["unable to find valid certification path"],
            &["self signed certificate"],
            &["self-signed certificate"],
            &["self_signed_cert"],
            &["unable to get local issuer certificate"],
            &["unable_to_verify_leaf_signature"],
            &["unable to verify the first certificate"],
            &["certificate verify failed"],
            &["unknownissuer"],
            &["the remote certificate is invalid"],
            &["partialchain"],
        ],
        details: &[Detail::Address],
        cause: "the program does not trust the certificate of something that it connects to",
        named: "the program does not trust the certificate of {}",
        attribution: Attribution::Configuration,
        next_step: "give the program the certificate's authority (mount it, `SSL_CERT_FILE`, trust store), or use a certificate that it trusts",
        ..PROGRAM
    },
    // Go `x509.HostnameError`, Node `ERR_TLS_CERT_ALTNAME_INVALID`, Python `ssl`, Java
    Row {
        sign: "certificate-name",
        phrases: &[
            &["certificate is valid for ", "not "],
            &["cannot validate certificate for"],
            &["err_tls_cert_altname_invalid"],
            &["does not match certificate's altnames"],
            &["hostname mismatch"],
            &["no subject alternative"],
            &["not valid for any names"],
        ],
        details: &[Detail::Rest("x509: "), Detail::Between("altnames: ", "\n")],
        cause: "a certificate does not name the host that the program connects to",
        named: "a certificate does not name the host that the program connects to: {}",
        attribution: Attribution::Configuration,
        next_step: "connect by a name that the certificate has, or add the name to the certificate",
        ..PROGRAM
    },
    // Go `crypto/tls`, OpenSSL
    Row {
        sign: "tls-mixed-up",
        phrases: &[
            &["server gave http response to https client"],
            &["wrong version number"],
            &["first record does not look like a tls handshake"],
            &["server does not support ssl"],
            &["ssl is not enabled on the server"],
            &["server does not support ssl, but ssl was required"],
            &["the server does not support ssl connections"],
        ],
        details: &[Detail::Address],
        cause: "the program speaks TLS to a port that does not",
        named: "the program speaks TLS to {}, which does not",
        attribution: Attribution::Configuration,
        next_step: "switch TLS off for this connection (`http://`, `sslmode=disable`), or use the TLS port",
        ..PROGRAM
    },
];
