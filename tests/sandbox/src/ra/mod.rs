//! The RA API's calls, written from the vendor's documents.

mod cards;
mod create;
mod documents;
mod officer;
mod paging;
pub(crate) mod pdf;
mod profiles;
pub(crate) mod renewal;
mod requests;
mod update;
mod uploads;
pub(crate) mod user;
mod videoid;

use serde_json::Value;

use crate::app::App;
use crate::reply::Reply;
use crate::routes::Operation;
use crate::service::Input;
use crate::settings::{Mutation500, RaoError, Settings};
use crate::state::{RAO_ID, RAO_PASSWORD, RAO_PIN, RAO_USERNAME, Request, World};

pub(crate) use requests::{Document, FIELDS};
pub(crate) use videoid::stored_video;

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
    let reply = answer(app, call, input);
    let page = app.world().state.settings.mutation_500 == Mutation500::Page;
    if page && reply.status == 500 && !call.operation.only_reads() {
        return Reply::page(500, "Server Error (500)", "The request could not be processed.");
    }
    reply
}

fn answer(app: &App, call: &Call<'_>, input: Input) -> Reply {
    let body = match input {
        Input::Upload(upload) => return uploads::upload(app, call.operation, call.id, &upload),
        Input::Evidence(evidence) => return videoid::upload_evidence(app, call.id, evidence),
        Input::Video(video) => return videoid::upload_video(app, call.id, &video),
        Input::Document(body) => body,
    };
    let result = match call.operation {
        Operation::GetFirstUnusedScratchcard => cards::first_unused(app, &body),
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
        Operation::ListScratchcards => cards::list(app, call),
        Operation::GetScratchcard => cards::get(app, call.id),
        Operation::IsScratchcardUsed => cards::is_used(app, &body),
        Operation::UpdateRequest => update::update(app, call.id, &body),
        Operation::ValidateRequest => update::check(app, call.id),
        Operation::CheckContactData => update::contact_data(app, &body),
        Operation::DeleteRequestDocument => uploads::delete(app, call.id, &body),
        Operation::ListRequestDocuments => uploads::list(app, call.id),
        Operation::GetRenewalStatus => renewal::status(app, call.id),
        Operation::EnableRenewal => renewal::switch(app, call.id, true),
        Operation::DisableRenewal => renewal::switch(app, call.id, false),
        Operation::IsRenewable => renewal::is_renewable(app, &body),
        Operation::GenerateOtpForUnlock => renewal::otp(app, call.id),
        Operation::UnlockPin => renewal::unlock(app, call.id, &body),
        // Their bodies are never plain documents.
        Operation::UploadEvidence
        | Operation::UploadVideo
        | Operation::UploadRequestDocument
        | Operation::UploadVideoidEvidenceDocument => Err(Reply::not_found_page()),
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

/// The same with an empty text, as approve and the switches of renewal answer.
fn no_request_and_no_text() -> Reply {
    Reply::error(404, "400", "")
}

fn no_ra() -> Reply {
    Reply::error(500, "500", "RegistrationAuthority matching query does not exist.")
}

fn bad_ra(ra: &str) -> Reply {
    Reply::error(500, "500", &format!("invalid literal for int() with base 10: '{}'", ra.escape_default()))
}

fn bad_card() -> Reply {
    Reply::error(500, "500", "Invalid ScratchCard")
}

/// The vendor's spelling.
fn bad_parameters() -> Reply {
    Reply::error(412, "418", "Invalid paramiters")
}

fn bad_fields(names: &[&str]) -> Reply {
    Reply::error(412, "415", &format!("Invalid request fields: {}", names.join(", ")))
}

fn denied() -> Reply {
    Reply::detail(403, "You do not have permission to perform this action.")
}

/// What stands before the service refuses large bodies with.
fn too_large() -> Reply {
    Reply::page(413, "Request Entity Too Large", "The body is too large.")
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
        RaoError::PermissionDenied => denied(),
    }
}
