//! What a failed HTTP exchange means: walks the chain of causes down to rustls and the operating system.

use std::error::Error as StdError;
use std::io;

use rustls::AlertDescription;

use super::progress::Meter;
use crate::error::{Error, ErrorCode, Wire};
use crate::operations::{Class, Operation};

/// The first cause of type `T` in the chain, also inside an `io::Error`.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<T>() {
            return Some(found);
        }
        if let Some(inner) = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref)
            && let Some(found) = find::<T>(inner)
        {
            return Some(found);
        }
        next = cause.source();
    }
    None
}

/// What rustls says, as an error of our own. In the handshake nothing has happened yet; the caller knows when it was over.
pub(crate) fn from_tls(error: &rustls::Error) -> Error {
    use rustls::CertificateError as Cert;
    let (code, detail) = match error {
        rustls::Error::InvalidCertificate(why) => (
            ErrorCode::ServerCertificateInvalid,
            match why {
                Cert::Expired | Cert::ExpiredContext { .. } => "the server's certificate has expired",
                Cert::NotValidYet | Cert::NotValidYetContext { .. } => "the server's certificate is not valid yet",
                Cert::NotValidForName | Cert::NotValidForNameContext { .. } => "the server's certificate is for another host",
                Cert::UnknownIssuer => "the server's certificate is not signed by a trusted authority; set tls.ca_file for a private one",
                Cert::ApplicationVerificationFailure => "none of the pins matches the server's certificates",
                _ => "the server's certificate is not valid",
            },
        ),
        rustls::Error::AlertReceived(
            AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateRequired
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::DecryptError,
        ) => (ErrorCode::ClientCertificateRejected, "the server refused the client certificate: wrong, expired, or none was given"),
        rustls::Error::NoCertificatesPresented => (ErrorCode::ServerCertificateInvalid, "the server presented no certificate"),
        _ => (ErrorCode::TlsFailed, "the TLS connection failed"),
    };
    Error::new(code, detail).with_source(error.clone())
}

/// Whether an I/O error carries a TLS error.
pub(crate) fn tls_in_io(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref().and_then(|inner| find::<rustls::Error>(inner))
}

/// What a failed exchange means. `meter` tells how far the body came.
pub(crate) fn from_exchange(error: reqwest::Error, meter: &Meter, proxied: bool) -> Error {
    // The address can hold personal data in its query.
    let error = error.without_url();
    if let Some(own) = meter.failure() {
        return own;
    }
    if let Some(tls) = find::<rustls::Error>(&error) {
        let own = from_tls(tls);
        // The handshake was over and the request had left: it may have been processed before TLS failed. A refused client
        // certificate, which TLS 1.3 tells only then, says that it was not.
        let left = !error.is_connect() && meter.is_finished() && own.code() == ErrorCode::TlsFailed;
        return if left { own.with_wire(Wire::MayBeProcessed) } else { own };
    }
    if error.is_connect() {
        let (code, detail) = if error.is_timeout() {
            (ErrorCode::ConnectTimeout, "no connection within the connect timeout")
        } else if proxied {
            (ErrorCode::ProxyFailed, "no connection through the proxy")
        } else {
            (ErrorCode::ConnectFailed, "no connection: the name does not resolve, or nobody listens there")
        };
        let cause = find::<io::Error>(&error).map(|io| io::Error::from(io.kind()));
        let own = Error::new(code, detail).with_retryable(true);
        return match cause {
            Some(cause) => own.with_source(cause),
            None => own,
        };
    }
    let wire = if meter.is_finished() { Wire::MayBeProcessed } else { Wire::NotSent };
    Error::new(ErrorCode::ConnectionLost, "the connection was lost before the answer")
        .with_wire(wire)
        .with_retryable(true)
        .with_source(error)
}

/// What the loss of an answer means for this operation: a reading one may be repeated; for the others it is not known whether
/// they were carried out.
pub(crate) fn lost(operation: &Operation, error: Error) -> Error {
    // An answer that says itself that it may have been done (503) is told as it is, with its status.
    if operation.class == Class::Safe || error.wire() != Wire::MayBeProcessed || error.code() == ErrorCode::Ambiguous {
        return error;
    }
    let lost = Error::new(ErrorCode::Ambiguous, format!("the answer was lost and it may have been done; {}", operation.when_lost))
        .with_wire(Wire::MayBeProcessed);
    match error.http_status() {
        Some(status) => lost.with_http_status(status),
        None => lost,
    }
    .with_source(error)
}
