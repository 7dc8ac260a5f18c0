//! Programs that refuse a certificate, or whose peer speaks no TLS.

use super::row::{Row, SETTING, rows};

pub(super) const ROWS: &[Row] = rows! {
    // Go `crypto/x509`, OpenSSL, Node `CERT_HAS_EXPIRED`, Java `CertificateExpiredException`
    SETTING { sign: "certificate-expired",
        shown_by: "certificate has expired|cert_has_expired|certificateexpiredexception|certificate is not yet valid\
            |certificatenotyetvalidexception",
        names: "is not yet valid: <rest>",
        cause: "a certificate has expired or is not yet valid[: {}]",
        next_step: "renew the certificate, and let the pods load it. If it is fresh, check the node's clock" }
    // Go, OpenSSL, Node, Java's PKIX, .NET
    SETTING { sign: "certificate-not-trusted",
        shown_by: "signed by unknown authority|unable to find valid certification path|self signed certificate\
            |self-signed certificate|self_signed_cert|unable to get local issuer certificate\
            |unable_to_verify_leaf_signature|unable to verify the first certificate|certificate verify failed\
            |unknownissuer|the remote certificate is invalid|partialchain",
        names: "<address>",
        cause: "the program does not trust the certificate of [{}|something that it connects to]",
        next_step: "give the program the certificate's authority (a mount with `SSL_CERT_FILE`, or its trust store)" }
    // Go `x509.HostnameError`, Node `ERR_TLS_CERT_ALTNAME_INVALID`, Python `ssl`, Java
    SETTING { sign: "certificate-name",
        shown_by: "certificate is valid for …not |cannot validate certificate for|err_tls_cert_altname_invalid\
            |does not match certificate's altnames|hostname mismatch|no subject alternative|not valid for any names",
        names: "x509: <rest>|altnames: <line>",
        cause: "a certificate does not cover the host that the program connects to[: {}]",
        next_step: "connect by a name that the certificate has, or add the name to the certificate" }
    // Go `crypto/tls`, OpenSSL
    SETTING { sign: "tls-mixed-up",
        shown_by: "server gave http response to https client|wrong version number\
            |first record does not look like a tls handshake|server does not support ssl\
            |ssl is not enabled on the server|server does not support ssl, but ssl was required\
            |the server does not support ssl connections",
        names: "<address>",
        cause: "the program uses TLS with [{}, which|a port that] does not",
        next_step: "turn TLS off for this connection (`http://`, `sslmode=disable`), or use the TLS port" }
};
