//! Lists as streams: every page by its number from the client's own address, and an end whatever the service says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::{StreamExt as _, TryStreamExt as _};
use tokio::net::TcpListener;
use videoid::model::{RequestFilter, ScratchcardFilter};
use videoid::{ErrorCode, RegistrationAuthority, RequestOptions};

use super::server::serve;

/// Requests with these keys as a page.
fn page(keys: &[i64], count: &str, next: &str) -> String {
    let results: Vec<String> = keys.iter().map(|pk| format!(r#"{{"pk":{pk},"status":"CREATED"}}"#)).collect();
    format!(r#"{{"count":{count},"next":{next},"previous":null,"results":[{}]}}"#, results.join(","))
}

async fn listed(ra: &RegistrationAuthority, filter: &RequestFilter) -> Result<Vec<i64>, videoid::Error> {
    ra.requests(filter, &RequestOptions::new()).map_ok(|request| request.pk.0).try_collect().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_another_host_is_never_followed() {
    let foreign = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let link = format!("\"http://{}/api/v1/requests/?page=2\"", foreign.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    tokio::spawn(async move {
        while foreign.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let server = serve(move |asked, _| match asked {
        "GET /api/v1/requests/?email=anna%40example.com" => (200, page(&[1, 2], "3", &link)),
        "GET /api/v1/requests/?email=anna%40example.com&page=2" => (200, page(&[3], "3", "null")),
        _ => (404, String::new()),
    })
    .await;
    let ra = RegistrationAuthority::new(server.config()).unwrap();
    let mut filter = RequestFilter::default();
    filter.email = Some("anna@example.com".into());
    assert_eq!(listed(&ra, &filter).await.unwrap(), [1, 2, 3]);
    assert_eq!((server.count(""), connections.load(Ordering::SeqCst)), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_read_only_as_far_as_the_stream_is() {
    let server = serve(|_, _| (200, page(&[1, 2], "900", "\"http://127.0.0.1/?page=2\""))).await;
    let ra = RegistrationAuthority::new(server.config()).unwrap();
    let first: Vec<_> = ra.requests(&RequestFilter::default(), &RequestOptions::new()).take(2).collect().await;
    assert!(first.iter().all(Result::is_ok));
    assert_eq!(server.count(""), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_page_ends_the_list() {
    let server = serve(|asked, _| match asked {
        "GET /api/v1/requests/" => (200, page(&[1], "\"550\"", "\"x\"")),
        _ => (200, page(&[], "\"550\"", "\"x\"")),
    })
    .await;
    let ra = RegistrationAuthority::new(server.config()).unwrap();
    assert_eq!(listed(&ra, &RequestFilter::default()).await.unwrap(), [1]);
    assert_eq!(server.count(""), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_comes_again_does_not_come_for_ever() {
    // The service does not look at the number. Where it counts as many as were given the list is whole, otherwise it is not.
    for (count, whole) in [("2", true), ("12", false), ("null", false)] {
        let server = serve(move |_, _| (200, page(&[1, 2], count, "\"x\""))).await;
        let ra = RegistrationAuthority::new(server.config()).unwrap();
        let mut items = ra.requests(&RequestFilter::default(), &RequestOptions::new());
        assert_eq!(items.next().await.unwrap().unwrap().pk.0, 1);
        assert_eq!(items.next().await.unwrap().unwrap().pk.0, 2);
        match items.next().await {
            None => assert!(whole, "{count}"),
            Some(last) => {
                let error = last.unwrap_err();
                assert_eq!(
                    (error.code(), error.operation(), whole),
                    (ErrorCode::UnexpectedAnswer, Some("list_requests"), false),
                    "{count}"
                );
            }
        }
        assert!(items.next().await.is_none());
        assert_eq!(server.count(""), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_pages_in_turns_end_too() {
    let server = serve(|asked, _| {
        let odd = asked.bytes().last().is_some_and(|b| b % 2 == 1);
        (200, page(if odd { &[1] } else { &[2] }, "null", "\"x\""))
    })
    .await;
    let ra = RegistrationAuthority::new(server.config()).unwrap();
    let mut filter = RequestFilter::default();
    filter.page = Some(1);
    let error = listed(&ra, &filter).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::UnexpectedAnswer);
    assert_eq!(server.count(""), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_come_in_pages_as_well() {
    let card = |sn: &str| format!(r#"{{"pk":1,"sn":{sn},"secrets":"{{\"pin\":\"602143\"}}","registration_authority":121}}"#);
    let server = serve(move |asked, _| match asked {
        "GET /api/v1/scratchcards/?registration_authority=121" => {
            (200, format!(r#"{{"count":"2","next":"x","results":[{}]}}"#, card("1256948")))
        }
        "GET /api/v1/scratchcards/?registration_authority=121&page=2" => {
            (200, format!(r#"{{"count":"2","next":"null","results":[{}]}}"#, card("\"1256949\"")))
        }
        _ => (404, String::new()),
    })
    .await;
    let ra = RegistrationAuthority::new(server.config()).unwrap();
    let filter: ScratchcardFilter = serde_json::from_str(r#"{"registration_authority":121}"#).unwrap();
    let cards: Vec<_> = ra.scratchcards(&filter, &RequestOptions::new()).try_collect().await.unwrap();
    let serials: Vec<_> = cards.iter().map(|card| card.sn.as_str()).collect();
    assert_eq!(serials, ["1256948", "1256949"]);
    assert_eq!(cards[1].secrets.as_ref().unwrap().pin.as_ref().unwrap().expose(), "602143");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_ends_the_list() {
    let server = serve(|asked, _| match asked {
        "GET /api/v1/requests/" => (200, page(&[1], "30", "\"x\"")),
        _ => (403, r#"{"detail":"You do not have permission to perform this action."}"#.into()),
    })
    .await;
    let ra = RegistrationAuthority::new(server.config()).unwrap();
    let items: Vec<_> = ra.requests(&RequestFilter::default(), &RequestOptions::new()).collect().await;
    assert_eq!(items.len(), 2);
    assert_eq!(items[1].as_ref().unwrap_err().code(), ErrorCode::Forbidden);
}
