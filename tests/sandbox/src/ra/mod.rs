//! The RA API's calls, written from the vendor's documents.

mod create;
mod documents;
mod officer;
mod pdf;
mod requests;
mod videoid;

use serde_json::{Map, Value, json};

use crate::app::App;
use crate::reply::Reply;
use crate::routes::Operation;
use crate::service::Input;
use crate::settings::{NoCard, RaoError, Secrets, Settings, Typed};
use crate::state::{RA_ID, RAO_ID, RAO_PASSWORD, RAO_PIN, RAO_USERNAME, Request, World};

pub(crate) use videoid::stored_video;

use requests::FIELDS;

/// A call as it was routed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) operation: Operation,
    /// The id in the path, where the path has one.
    pub(crate) id: &'a str,
    pub(crate) query: &'a [(String, String)],
    /// Scheme and host that the caller used.
    pub(crate) base: &'a str,
}

/// Processes a call whole: the state changes at once or not at all.
pub(crate) fn process(app: &App, call: &Call<'_>, input: Input) -> Reply {
    let body = match input {
        Input::Evidence(evidence) => return videoid::upload_evidence(app, call.id, evidence),
        Input::Video(video) => return videoid::upload_video(app, call.id, video),
        Input::Document(body) => body,
    };
    let result = match call.operation {
        Operation::GetFirstUnusedScratchcard => first_unused(app, &body),
        Operation::CreateRequest => create::create(app, &body),
        Operation::GetRequest => requests::get(app, call.id),
        Operation::ListRequests => requests::list(app, call),
        Operation::CancelRequest => requests::cancel(app, call.id),
        Operation::DownloadVideo => videoid::download(app, call.id),
        Operation::ValidateVideoid => officer::validate(app, call.id, &body),
        Operation::RefuseVideoid => officer::refuse(app, call.id, &body),
        Operation::GenerateDeclaration => documents::declaration(app, call.id, &body),
        Operation::GetRequestDocument => documents::get(app, call.id, &body),
        Operation::GenerateDocument => documents::generate(app, call.id, &body),
        Operation::ApproveRequest => officer::approve(app, call.id, &body),
        Operation::GetPreauthLink => officer::preauth_link(app, call.id),
        // Their bodies are never plain documents.
        Operation::UploadEvidence | Operation::UploadVideo => Err(Reply::not_found_page()),
    };
    result.unwrap_or_else(|reply| reply)
}

type Answer = Result<Reply, Reply>;

/// A field as text, be it sent as text or number.
fn text(body: &Value, name: &str) -> Option<String> {
    match body.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// All of the named fields, or the framework's refusal.
fn required<const N: usize>(body: &Value, names: [&str; N]) -> Result<[String; N], Reply> {
    let missing: Vec<&str> = names.into_iter().filter(|name| text(body, name).is_none()).collect();
    if missing.is_empty() {
        Ok(names.map(|name| text(body, name).unwrap_or_default()))
    } else {
        Err(Reply::detail(400, &format!("Missing required fields: {}", missing.join(", "))))
    }
}

/// The vendor's answer to an id that is not there: HTTP 404 with the body code "400".
fn no_request() -> Reply {
    Reply::error(404, "400", "Request not found")
}

fn wrong_status() -> Reply {
    Reply::error(412, "412", "Invalid request status")
}

fn find<'a>(world: &'a mut World, id: &str) -> Result<&'a mut Request, Reply> {
    let pk: u64 = id.parse().map_err(|_| no_request())?;
    world.state.requests.get_mut(&pk).ok_or_else(no_request)
}

/// Checks the officer's credentials and gives the officer's id.
fn officer(body: &Value, settings: &Settings) -> Result<String, Reply> {
    let sent = required(body, ["username", "password", "pin", "rao_id"])?;
    if sent == [RAO_USERNAME, RAO_PASSWORD, RAO_PIN, RAO_ID] { Ok(RAO_ID.to_owned()) } else { Err(no_officer(settings)) }
}

fn no_officer(settings: &Settings) -> Reply {
    match settings.rao_error {
        RaoError::DoesNotExist => Reply::error(500, "500", "Rao matching query does not exist."),
        RaoError::PermissionDenied => Reply::detail(403, "You do not have permission to perform this action."),
    }
}

/// GET with a JSON body: `{"ra": …}`. The card is named, not reserved.
fn first_unused(app: &App, body: &Value) -> Answer {
    let [ra] = required(body, ["ra"])?;
    if ra != RA_ID {
        return Err(Reply::error(500, "500", "RegistrationAuthority matching query does not exist."));
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
    let secrets = json!({"erc": card.erc, "enrollment_code": card.enrollment_code, "pin": card.pin, "puk": card.puk});
    let mut answer = Map::new();
    answer.insert("pk".into(), json!(card.pk));
    answer.insert("registration_authority".into(), json!(RA_ID.parse::<u64>().unwrap_or_default()));
    answer.insert(
        "sn".into(),
        match settings.scratchcard_sn {
            Typed::String => json!(card.sn),
            Typed::Number => json!(card.sn.parse::<u64>().unwrap_or_default()),
        },
    );
    answer.insert(
        "secrets".into(),
        match settings.scratchcard_secrets {
            Secrets::String => json!(secrets.to_string()),
            Secrets::Object => secrets,
        },
    );
    Ok(Reply::json(200, &Value::Object(answer)))
}
