//! Asks a server whether it refuses the client certificate: a TLS handshake and a look for the alert that follows it.

use std::sync::Arc;

use reqwest::Url;
use rustls::pki_types::ServerName;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::cause;
use crate::error::{Error, ErrorCode};

/// The refusal, where the server sends one. Sends no request. Waits until the server says something: the caller limits it.
pub(crate) async fn refusal(url: &Url, tls: Arc<rustls::ClientConfig>) -> Option<Error> {
    let host = url.host_str()?;
    let port = url.port_or_known_default()?;
    let plain = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((plain, port)).await.ok()?;
    let name = ServerName::try_from(plain.to_owned()).ok()?;
    let alert = match TlsConnector::from(tls).connect(name, stream).await {
        Err(error) => error,
        // A server that accepts the certificate waits for a request and closes at some time: no alert.
        Ok(mut stream) => stream.read(&mut [0]).await.err()?,
    };
    let refused = cause::from_tls(cause::tls_in_io(&alert)?);
    (refused.code() == ErrorCode::ClientCertificateRejected).then_some(refused)
}
