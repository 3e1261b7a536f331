//! The One-Shot API in both dialects, written from the vendor's documents.
//!
//! What no document shows is marked "assumed" in README.md.

mod answer;
mod authority;
pub(crate) mod callback;
pub(crate) mod control;
mod create;
mod credentials;
mod der;
mod documents;
mod forms;
mod general;
mod images;
mod page;
mod pdf;
mod placement;
mod requests;
mod routes;
mod serve;
pub(crate) mod settings;
mod sign;
mod state;
mod tokens;
mod videoid;

use serde_json::{Value, json};

use crate::app::App;
use crate::state::World;

use answer::{Answer, Dialect, Failure};
use routes::Operation;
use serve::Input;

pub(crate) use callback::Runtime;
pub(crate) use serve::serve;
pub(crate) use state::State;

/// A call as it was routed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) operation: Operation,
    pub(crate) dialect: Dialect,
    pub(crate) ids: &'a [String],
    pub(crate) query: &'a [(String, String)],
    /// Scheme and host that the caller used.
    pub(crate) base: &'a str,
}

/// Whether faults may name this operation.
pub(crate) fn is_operation(name: &str) -> bool {
    Operation::by_name(name).is_some()
}

/// Whether a fault's name means this operation.
pub(crate) fn means(fault: &str, operation: &str) -> bool {
    Operation::by_name(fault).is_some_and(|found| found.name() == operation)
}

/// What the ready line says about this API.
pub(crate) fn ready() -> Value {
    json!({
        "ra": {"id": crate::state::RA_ID, "external_id": state::EXTERNAL_RA, "without_videoid_id": state::PLAIN_RA},
        "billing": {"username": state::BILLING_USERNAME, "password": state::BILLING_PASSWORD},
        "token": state::DEMO_TOKEN,
        "env": "sandbox",
        "profile": state::PROFILE,
    })
}

/// Processes a call whole: the state changes at once or not at all.
pub(crate) fn process(app: &App, call: &Call<'_>, input: Input) -> Answer {
    use Operation as O;
    let id = call.ids.first().map_or("", String::as_str);
    match (call.operation, input) {
        (O::UploadEvidences, Input::Evidence(evidence)) => videoid::upload_evidence(app, call, evidence),
        (O::UploadVideo, Input::Video(video)) => videoid::upload_video(app, call, video),
        (O::CreateRequest, Input::Form(form)) => create::classic(app, call, form),
        (O::UploadDocuments, Input::Form(form)) => documents::upload(app, call, form),
        (O::UploadImage, Input::Form(form)) => images::upload(app, call, form),
        (operation, Input::Document(body)) => match operation {
            O::CreateToken => tokens::create(app, call, &body),
            O::GetToken => tokens::get(app, call, id),
            O::DeleteToken => tokens::delete(app, id),
            O::ListTokens => Ok(tokens::list(app, call)),
            O::Hello => Ok(general::hello()),
            O::Version => Ok(general::version()),
            O::GetSettings => Ok(general::settings(app)),
            O::UpdateSettings => general::update(app, &body),
            O::GetRequest => requests::get(app, call),
            O::UpdateRequest => requests::update(app, call, &body),
            O::CancelRequest => requests::cancel(app, call),
            O::GetAsyncStatus => requests::async_status(app, call),
            O::CreateVideoid => create::videoid(app, call, &body),
            O::DownloadVideo => videoid::download(app, call),
            O::ApproveVideoid => videoid::approve(app, call, &body),
            O::RefuseVideoid => videoid::refuse(app, call, &body),
            O::ValidateVideoid => videoid::validate(app, call, &body),
            O::ListDocuments => documents::list(app, call),
            O::GetDocument => documents::get(app, call),
            O::DeleteDocument => documents::delete(app, call),
            O::DeleteDocuments => documents::delete_all(app, call),
            O::GetContract => documents::contract(app, call),
            O::GenerateOtp => sign::otp(app, call, &body),
            O::Sign => sign::sign(app, call, &body),
            O::GetImage => images::get(app, id),
            O::ListImages => Ok(images::list(app, call)),
            O::DeleteImage => images::delete(app, id),
            O::DeleteImages => Ok(images::delete_all(app)),
            // Their bodies are never plain documents.
            O::UploadEvidences | O::UploadVideo | O::CreateRequest | O::UploadDocuments | O::UploadImage => Err(unprocessed()),
        },
        _ => Err(unprocessed()),
    }
}

fn unprocessed() -> Failure {
    Failure::new(500, "Internal Server Error")
}

fn no_request() -> Failure {
    Failure::new(404, "Request not found")
}

fn wrong_status() -> Failure {
    Failure::new(412, "Invalid request status")
}

/// The pk of the request that the path names: VideoID calls of Current name it by its `videoid_pk`.
fn pk(world: &World, call: &Call<'_>) -> Option<u64> {
    use Operation as O;
    let number: u64 = call.ids.first()?.parse().ok()?;
    let by_videoid = call.dialect == Dialect::Current
        && matches!(call.operation, O::UploadEvidences | O::UploadVideo | O::DownloadVideo | O::ApproveVideoid | O::RefuseVideoid);
    let state = &world.state.one_shot;
    let pk = if by_videoid { state.by_videoid(number)? } else { number };
    state.requests.get(&pk).filter(|request| !request.gone).map(|request| request.pk)
}

/// The request that the path names.
fn find<'a>(world: &'a mut World, call: &Call<'_>) -> Result<&'a mut state::Request, Failure> {
    let pk = pk(world, call).ok_or_else(no_request)?;
    world.state.one_shot.requests.get_mut(&pk).ok_or_else(no_request)
}

/// A field as text, be it sent as text or number.
fn text(body: &Value, name: &str) -> Option<String> {
    match body.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `true`, `1`, `"1"` and `"true"` all switch something on.
fn truth(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(on)) => *on,
        Some(Value::Number(number)) => number.as_i64() == Some(1),
        Some(Value::String(text)) => matches!(text.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on"),
        _ => false,
    }
}

/// Moves a request on and tells its webhooks.
fn change(app: &App, request: &mut state::Request, settings: &settings::Settings, status: &str, by: &str, now: i64) {
    if request.status == status && !request.history.is_empty() {
        return;
    }
    let previous = std::mem::replace(&mut request.status, status.to_owned());
    request.history.push(crate::state::Change { status: status.to_owned(), at: crate::clock::iso(now), by: by.to_owned() });
    app.one_shot.tell(request, settings, &previous, now);
}
