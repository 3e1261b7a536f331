//! Scratchcards: the first unused one, lists, one, and whether it was used.

use serde_json::{Map, Value, json};

use super::paging::Page;
use super::{Answer, Call, required};
use crate::app::App;
use crate::reply::Reply;
use crate::settings::{IsUsedAnswer, NoCard, Secrets, Settings, Typed};
use crate::state::{Card, RA_ID};

/// A card as the service shows it, secrets included.
fn object(settings: &Settings, card: &Card) -> Value {
    let secrets = json!({"erc": card.erc, "enrollment_code": card.enrollment_code, "pin": card.pin, "puk": card.puk});
    let sn = match settings.scratchcard_sn {
        Typed::String => json!(card.sn),
        Typed::Number => json!(card.sn.parse::<u64>().unwrap_or_default()),
    };
    let secrets = match settings.scratchcard_secrets {
        Secrets::String => json!(secrets.to_string()),
        Secrets::Object => secrets,
    };
    let mut map = Map::new();
    map.insert("pk".into(), json!(card.pk));
    map.insert("registration_authority".into(), json!(RA_ID.parse::<u64>().unwrap_or_default()));
    map.insert("sn".into(), sn);
    map.insert("secrets".into(), secrets);
    Value::Object(map)
}

/// GET with a JSON body: `{"ra": …}`. The card is named, not reserved.
pub(super) fn first_unused(app: &App, body: &Value) -> Answer {
    let [ra] = required(body, ["ra"])?;
    if ra != RA_ID {
        return Err(super::no_ra());
    }
    let mut world = app.world();
    let settings = world.state.settings.clone();
    let card = world.state.next_card().cloned();
    app.save(&world);
    let Some(card) = card else {
        const NONE: &str = "No unused scratchcard";
        return Err(match settings.no_card_answer {
            NoCard::NotFound => Reply::error(404, "404", NONE),
            NoCard::BadRequest => Reply::detail(400, NONE),
            NoCard::ServerError => Reply::error(500, "500", NONE),
        });
    };
    Ok(Reply::json(200, &object(&settings, &card)))
}

/// `GET /scratchcards/`, used ones included.
pub(super) fn list(app: &App, call: &Call<'_>) -> Answer {
    const FILTERS: [&str; 2] = ["registration_authority", "sn"];
    let world = app.world();
    let settings = &world.state.settings;
    let wanted = |name: &str| call.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let (ra, sn) = (wanted("registration_authority"), wanted("sn"));
    let found: Vec<&Card> =
        world.state.cards.iter().filter(|card| ra.is_none_or(|ra| ra == RA_ID) && sn.is_none_or(|sn| sn == card.sn)).collect();
    let page = Page::of(call, found.len())?;
    let results = page.cut(found.into_iter()).map(|card| object(settings, card)).collect();
    Ok(Reply::json(200, &page.frame(settings, call, "scratchcards", &FILTERS, results)))
}

/// `GET /scratchcards/{id}/`.
pub(super) fn get(app: &App, id: &str) -> Answer {
    let world = app.world();
    let pk: Option<u64> = id.parse().ok();
    let card = world.state.cards.iter().find(|card| Some(card.pk) == pk);
    card.map(|card| Reply::json(200, &object(&world.state.settings, card))).ok_or_else(|| Reply::error(404, "400", "ScratchCard not found"))
}

/// `POST /scratchcards/isused/`: plain text.
pub(super) fn is_used(app: &App, body: &Value) -> Answer {
    let [sn] = required(body, ["sn"])?;
    let world = app.world();
    let card = world.state.cards.iter().find(|card| card.sn == sn).ok_or_else(super::bad_card)?;
    let plain = |text: &'static str| Reply::text(200, "text/plain; charset=utf-8", text);
    Ok(match world.state.settings.isused_answer {
        IsUsedAnswer::Text => plain(if card.used { "true" } else { "false" }),
        IsUsedAnswer::Capital => plain(if card.used { "True" } else { "False" }),
        IsUsedAnswer::Json => Reply::json(200, &json!(card.used)),
    })
}
