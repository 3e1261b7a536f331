//! Lists page by page, as streams.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::pin::Pin;

use futures_core::Stream;
use futures_util::TryStreamExt as _;
use futures_util::stream::{iter, try_unfold};

use super::RegistrationAuthority;
use crate::error::{Error, ErrorCode, Result, Wire};
use crate::model::{Request, RequestFilter, Scratchcard, ScratchcardFilter};
use crate::options::RequestOptions;

/// A list that is read page by page while it is polled. It ends after its first error.
pub type Listing<T> = Pin<Box<dyn Stream<Item = Result<T>> + Send>>;

/// What a page gives to go on with.
struct Page<T> {
    items: Vec<T>,
    next: Option<i64>,
    count: Option<i64>,
}

/// How far a listing has come. Of the pages that were seen only a number each is kept.
struct Position {
    page: Option<i64>,
    /// The page that the listing began with: where it is not the first, the items before it count too.
    began: i64,
    seen: HashSet<u64>,
    items: i64,
}

impl RegistrationAuthority {
    /// All requests that match, from the filter's page on: the pages are read one after the other while the stream is polled. The
    /// next page is asked for by its number; the address that the service names for it is never followed.
    ///
    /// Safe to repeat. Requests that are created meanwhile may shift the pages, so that one comes twice.
    ///
    /// ```no_run
    /// # async fn all(ra: &videoid::RegistrationAuthority) -> videoid::Result<()> {
    /// use futures_util::TryStreamExt as _;
    /// use videoid::RequestOptions;
    /// use videoid::model::RequestFilter;
    ///
    /// let mut requests = ra.requests(&RequestFilter::default(), &RequestOptions::new());
    /// while let Some(request) = requests.try_next().await? {
    ///     println!("{} {}", request.pk, request.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The stream ends with its first error: those of [`list_requests`](Self::list_requests), and `unexpected_answer` where the
    /// service gives a page again before its count is reached, because the rest cannot be had then.
    pub fn requests(&self, filter: &RequestFilter, options: &RequestOptions) -> Listing<Request> {
        let (ra, filter, options) = (self.clone(), filter.clone(), options.clone());
        let first = filter.page;
        listing(
            "list_requests",
            first,
            |request: &Request| request.pk.0,
            move |page| {
                let (ra, options) = (ra.clone(), options.clone());
                let filter = RequestFilter { page, ..filter.clone() };
                async move {
                    let page = ra.list_requests(&filter, &options).await?;
                    Ok(Page { items: page.results, next: page.next_page, count: page.count })
                }
            },
        )
    }

    /// All scratchcards that match, as [`requests`](Self::requests) gives requests.
    pub fn scratchcards(&self, filter: &ScratchcardFilter, options: &RequestOptions) -> Listing<Scratchcard> {
        let (ra, filter, options) = (self.clone(), filter.clone(), options.clone());
        let first = filter.page;
        listing(
            "list_scratchcards",
            first,
            |card: &Scratchcard| card.sn.clone(),
            move |page| {
                let (ra, options) = (ra.clone(), options.clone());
                let filter = ScratchcardFilter { page, ..filter.clone() };
                async move {
                    let page = ra.list_scratchcards(&filter, &options).await?;
                    Ok(Page { items: page.results, next: page.next_page, count: page.count })
                }
            },
        )
    }
}

fn listing<T, K, F, Fut>(operation: &'static str, first: Option<i64>, key: impl Fn(&T) -> K + Send + 'static, fetch: F) -> Listing<T>
where
    T: Send + 'static,
    K: Hash,
    F: Fn(Option<i64>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page<T>>> + Send,
{
    let start = Position { page: first, began: first.unwrap_or(1), seen: HashSet::new(), items: 0 };
    let pages = try_unfold((Some(start), key, fetch), move |(position, key, fetch)| async move {
        let Some(mut at) = position else { return Ok(None) };
        let page = fetch(at.page).await?;
        if page.items.is_empty() {
            return Ok(None);
        }
        let mut hasher = DefaultHasher::new();
        page.items.iter().for_each(|item| key(item).hash(&mut hasher));
        if !at.seen.insert(hasher.finish()) {
            // The last page again says that there is none after it; any other leaves items out that the service counts.
            let whole = at.began == 1 && page.count.is_some_and(|count| at.items >= count);
            return if whole { Ok(None) } else { Err(again(operation)) };
        }
        at.items = at.items.saturating_add(i64::try_from(page.items.len()).unwrap_or(i64::MAX));
        at.page = page.next;
        let next = at.page.is_some().then_some(at);
        Ok(Some((page.items, (next, key, fetch))))
    });
    Box::pin(pages.map_ok(|items| iter(items.into_iter().map(Ok))).try_flatten())
}

fn again(operation: &'static str) -> Error {
    Error::new(ErrorCode::UnexpectedAnswer, "the service gives a page of the list again; the rest of it cannot be had")
        .with_operation(operation)
        .with_wire(Wire::Answered)
}
