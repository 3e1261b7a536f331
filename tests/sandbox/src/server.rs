//! Listeners and connections.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::app::App;
use crate::routes::Host;
use crate::service::Link;
use crate::{control, one_shot, service};

/// What a listener serves.
#[derive(Clone, Debug)]
pub(crate) enum Role {
    Service(Host, Option<Arc<ServerConfig>>),
    Control,
}

/// A listener on loopback; port 0 takes a free one.
pub(crate) async fn bind(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until the task is aborted; its connections end with it.
pub(crate) async fn run(listener: TcpListener, app: Arc<App>, role: Role) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&app), role.clone()));
                }
                // Out of file descriptors, most likely: others will close theirs.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, app: Arc<App>, role: Role) {
    // Without it small answers may wait for acknowledgements; if it cannot be set they are only slower.
    let _ = stream.set_nodelay(true);
    match role {
        Role::Service(host, Some(config)) => {
            // A failed handshake was already answered by an alert.
            let Ok(stream) = TlsAcceptor::from(config).accept(stream).await else { return };
            let client_certificate = stream.get_ref().1.peer_certificates().is_some();
            http(stream, app, Some(Link { host, tls: true, client_certificate })).await;
        }
        Role::Service(host, None) => http(stream, app, Some(Link { host, tls: false, client_certificate: false })).await,
        Role::Control => http(stream, app, None).await,
    }
}

async fn http(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, app: Arc<App>, link: Option<Link>) {
    let handler = service_fn(move |request| {
        let app = Arc::clone(&app);
        async move {
            match link {
                Some(link) if link.host == Host::OneShot => one_shot::serve(app, link, request).await,
                Some(link) => service::serve(app, link, request).await,
                None => control::serve(app, request).await,
            }
        }
    });
    // Errors are callers that went away and faults that were ordered.
    let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), handler).await;
}
