//! A stream that the caller fills: whoever pushes must not wait for an upload that is over.

use std::time::Duration;

use videoid::{ErrorCode, RegistrationAuthority, RequestOptions, Source};

use super::server::serve;

#[tokio::test(flavor = "multi_thread")]
async fn who_pushes_is_told_that_the_upload_failed() {
    // It refuses before it reads the body, and closes.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
            drop(stream);
        }
    });
    let ra = RegistrationAuthority::new(super::server::config(address)).unwrap();
    pushes_end(&ra).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_pushes_is_told_that_the_upload_was_given_up() {
    let server = serve(|_, _| (200, "{}".into())).await;
    let ra = RegistrationAuthority::new(server.config()).unwrap();
    let (sender, source) = Source::channel(100 << 20);
    let identifier = "4dc2f2ba-7d0e-4bcd-9a5c-3a9d1f6c0f11".into();
    {
        let options = RequestOptions::new();
        let upload = ra.upload_video(&identifier, &source, &options);
        let first = sender.push(vec![0; 1000]);
        tokio::select! {
            _ = upload => panic!("it cannot have ended"),
            () = async { first.await.unwrap(); tokio::time::sleep(Duration::from_millis(200)).await } => {}
        }
    }
    end(&sender).await;
    drop(source);
}

async fn pushes_end(ra: &RegistrationAuthority) {
    let (sender, source) = Source::channel(100 << 20);
    let pushing = tokio::spawn(async move { end(&sender).await });
    let identifier = "4dc2f2ba-7d0e-4bcd-9a5c-3a9d1f6c0f11".into();
    ra.upload_video(&identifier, &source, &RequestOptions::new()).await.unwrap_err();
    pushing.await.unwrap();
    drop(source);
}

/// Pushes until nobody reads any more. The source lives meanwhile.
async fn end(sender: &videoid::SourceSender) {
    let pushing = async {
        loop {
            if let Err(error) = sender.push(vec![0; 1000]).await {
                break error;
            }
        }
    };
    let error = tokio::time::timeout(Duration::from_secs(20), pushing).await.expect("a push waits for ever");
    assert_eq!(error.code(), ErrorCode::Cancelled);
}
