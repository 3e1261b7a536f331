//! Where and how the signature of a document is seen, as the sign call says.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::{Dialect, Failure};
use super::documents::content;
use super::pdf::stamp::{Picture, Rectangle, Stamp};
use super::settings::{Settings, Unnamed};
use super::state::{Request, State, plain, uid};
use super::{Call, text, truth};
use crate::app::App;

/// A stamp, and whether a countersignature follows.
#[derive(Clone, Debug, Default)]
pub(super) struct Placement {
    pub(super) stamp: Stamp,
    pub(super) countersigned: bool,
}

/// `"x1,y1,x2,y2"`, or a list of the four, in points from the bottom left corner.
fn position(value: &Value) -> Option<Rectangle> {
    let edges: Vec<f64> = match value {
        Value::String(text) => text.split(',').map(|edge| edge.trim().parse().ok()).collect::<Option<_>>()?,
        Value::Array(edges) => edges.iter().map(Value::as_f64).collect::<Option<_>>()?,
        _ => return None,
    };
    let rectangle: Rectangle = edges.try_into().ok()?;
    let sound = rectangle.iter().all(|edge| edge.is_finite() && edge.abs() <= 20_000.0);
    (sound && rectangle[2] - rectangle[0] >= 1.0 && rectangle[3] - rectangle[1] >= 1.0).then_some(rectangle)
}

struct Shared<'a> {
    app: &'a App,
    state: &'a State,
    lines: Vec<String>,
    countersigned: bool,
    page_count: usize,
}

fn one(shared: &Shared<'_>, wish: &Value) -> Result<Placement, (u16, &'static str)> {
    let mut placement = Placement { countersigned: shared.countersigned, ..Placement::default() };
    if !wish.is_object() && !wish.is_null() {
        return Err((400, "Invalid options"));
    }
    if let Some(page) = wish.get("page").filter(|page| !page.is_null()) {
        placement.stamp.page = match page {
            Value::Number(page) => page.as_u64(),
            Value::String(page) => page.parse().ok(),
            _ => None,
        }
        .and_then(|page| usize::try_from(page).ok())
        .ok_or((400, "Invalid page"))?;
    }
    if placement.stamp.page >= shared.page_count.max(1) {
        return Err((400, "Invalid page"));
    }
    if let Some(wanted) = wish.get("position").filter(|wanted| !wanted.is_null()) {
        placement.stamp.position = Some(position(wanted).ok_or((400, "Invalid position"))?);
    }
    if let Some(image) = text(wish, "image") {
        let blob = shared.state.images.get(&plain(&image)).ok_or((404, "Image not found"))?;
        let bytes = content(shared.app, blob).ok_or((404, "Image not found"))?;
        placement.stamp.picture = Some(Picture::png(&bytes).map_err(|_| (400, "Invalid image"))?);
    }
    let own = text(wish, "text").map(|text| text.lines().map(str::to_owned).collect());
    placement.stamp.lines = own.unwrap_or_else(|| shared.lines.clone());
    if let Some(countersigned) = wish.get("usecountersignature") {
        placement.countersigned = truth(Some(countersigned));
    }
    Ok(placement)
}

/// What Current's documents do not name: taken, left aside, or refused.
fn unnamed(body: &mut Value, name: &str, taken: Unnamed) -> Result<(), Failure> {
    let Some(object) = body.as_object_mut().filter(|object| object.contains_key(name)) else { return Ok(()) };
    match taken {
        Unnamed::Taken => {}
        Unnamed::Ignored => {
            object.remove(name);
        }
        Unnamed::Refused => return Err(Failure::extra(name)),
    }
    Ok(())
}

/// The placement of each document, by its identifier; an error names the documents.
pub(super) fn all(
    app: &App,
    (state, settings): (&State, &Settings),
    request: &Request,
    call: &Call<'_>,
    body: &Value,
    pages: &BTreeMap<String, usize>,
    time: &str,
) -> Result<BTreeMap<String, Placement>, Failure> {
    let mut body = body.clone();
    if call.dialect == Dialect::Current {
        for name in ["options", "use_signature_text", "countersignature"] {
            unnamed(&mut body, name, settings.legacy_sign_words)?;
        }
        if let Some(appearance) = body.get_mut("signature").and_then(|signature| signature.get_mut("appearance")) {
            for name in ["position", "page", "image", "text"] {
                unnamed(appearance, name, settings.appearance_keys)?;
            }
        }
    }
    let body = &body;
    let standard = || vec!["Digitally signed by".to_owned(), request.holder(), format!("Date: {time}")];
    let lines = match body.get("use_signature_text") {
        Some(Value::String(own)) if !own.is_empty() && !matches!(own.to_ascii_lowercase().as_str(), "0" | "false" | "1" | "true") => {
            own.lines().map(str::to_owned).collect()
        }
        other if truth(other) => standard(),
        _ => Vec::new(),
    };
    let none = Value::Null;
    let shared_wish = body.pointer("/signature/appearance").unwrap_or(&none);
    let mut wishes: BTreeMap<String, &Value> = BTreeMap::new();
    let mut errors = Map::new();
    let mut status = 0;
    let mut wrong = |id: &str, error: (u16, &str)| {
        status = status.max(error.0);
        errors.insert(id.to_owned(), json!(error.1));
    };
    match body.get("options") {
        None | Some(Value::Null) => {}
        Some(Value::Object(options)) => {
            for (id, wish) in options {
                if request.documents.contains_key(&plain(id)) {
                    wishes.insert(plain(id), wish);
                } else {
                    wrong(id, (404, "Document not found"));
                }
            }
        }
        Some(_) => return Err(Failure::wrong("options", "Input should be a valid dictionary", "dict_type", "Invalid options")),
    }
    let mut placements = BTreeMap::new();
    for id in request.documents.keys() {
        let page_count = pages.get(id).copied().unwrap_or(1);
        let shared = Shared { app, state, lines: lines.clone(), countersigned: truth(body.get("countersignature")), page_count };
        match one(&shared, wishes.get(id).copied().unwrap_or(shared_wish)) {
            Ok(mut placement) => {
                // A place without anything to show is filled with the standard text.
                if placement.stamp.position.is_some() && placement.stamp.lines.is_empty() && placement.stamp.picture.is_none() {
                    placement.stamp.lines = standard();
                }
                placements.insert(id.clone(), placement);
            }
            Err(error) => wrong(&uid(call.dialect, id), error),
        }
    }
    if errors.is_empty() { Ok(placements) } else { Err(Failure::Object(status, Value::Object(errors))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_four_numbers_that_make_a_rectangle() {
        assert_eq!(position(&json!("10, 20,110.5,60")), Some([10.0, 20.0, 110.5, 60.0]));
        assert_eq!(position(&json!([10, 20, 110, 60])), Some([10.0, 20.0, 110.0, 60.0]));
        for wrong in [json!("10,20,30"), json!("a,b,c,d"), json!("10,10,5,20"), json!([1, 2, 3]), json!("1,1,NaN,5"), json!(7)] {
            assert_eq!(position(&wrong), None, "{wrong}");
        }
    }
}
