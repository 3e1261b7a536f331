//! Pages of ten.

use serde_json::{Value, json};

use super::Call;
use crate::reply::Reply;
use crate::settings::{NextLink, Settings, Typed};

const PAGE: usize = 10;

/// One page of a list: what of it is shown, and the frame around it.
pub(super) struct Page {
    number: usize,
    pages: usize,
    count: usize,
}

impl Page {
    /// The page that the query asks for; beyond the last one there is none.
    pub(super) fn of(call: &Call<'_>, count: usize) -> Result<Self, Reply> {
        let number = call.query.iter().find(|(name, _)| name == "page").map_or(Ok(1), |(_, page)| page.parse::<usize>());
        let pages = count.div_ceil(PAGE).max(1);
        let number = number.ok().filter(|page| (1..=pages).contains(page)).ok_or_else(|| Reply::detail(404, "Invalid page."))?;
        Ok(Self { number, pages, count })
    }

    /// The part of a list that is on the page.
    pub(super) fn cut<T>(&self, list: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        list.skip((self.number - 1) * PAGE).take(PAGE)
    }

    /// The answer: `path` under `/api/v1`, and the filters that its links repeat.
    pub(super) fn frame(&self, settings: &Settings, call: &Call<'_>, path: &str, filters: &[&str], results: Vec<Value>) -> Value {
        let base = match settings.next_link {
            NextLink::Own => call.base,
            NextLink::Internal => "https://internal.example.invalid:13035",
        };
        let link = |page: usize| {
            let kept = call.query.iter().filter(|(name, _)| filters.contains(&name.as_str()));
            let query = kept.map(|(name, value)| format!("{name}={}&", encode(value))).collect::<Vec<_>>().concat();
            json!(format!("{base}/api/v1/{path}/?{query}page={page}"))
        };
        let none = || if settings.list_numbers == Typed::String { json!("null") } else { Value::Null };
        let count = match settings.list_numbers {
            Typed::Number => json!(self.count),
            Typed::String => json!(self.count.to_string()),
        };
        json!({
            "count": count,
            "next": if self.number < self.pages { link(self.number + 1) } else { none() },
            "previous": if self.number > 1 { link(self.number - 1) } else { none() },
            "results": results,
        })
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
