//! Documents of a request: uploaded, deleted, listed.

use serde_json::{Value, json};

use super::requests::Document;
use super::{Answer, bad_parameters, find, text, too_large, wrong_status};
use crate::app::App;
use crate::reply::{Part, Reply};
use crate::routes::Operation;
use crate::settings::DocumentTypes;
use crate::state::Stored;
use crate::upload::Upload;

pub(super) const TYPES: [&str; 4] = ["document_front", "document_rear", "document_owner", "extra_document"];
const EVIDENCE: &str = "videoid_evidence";
/// Documents of one request; more is a mistake of the caller, and would fill the disk.
const MAX_DOCUMENTS: usize = 200;

/// `POST …/pl_upload_document/` and `POST` or `PUT …/upload_videoid_evidence/`.
pub(super) fn upload(app: &App, operation: Operation, id: &str, upload: &Upload) -> Reply {
    take(app, operation, id, upload).unwrap_or_else(|reply| {
        upload.discard(&app.files);
        reply
    })
}

fn take(app: &App, operation: Operation, id: &str, upload: &Upload) -> Answer {
    let mut world = app.world();
    let (limit, types) = (world.state.settings.image_limit_bytes, world.state.settings.document_content_types);
    let request = find(&mut world, id)?;
    let (kind, label) = if operation == Operation::UploadVideoidEvidenceDocument {
        let label = text(&upload.fields, "label").ok_or_else(bad_parameters)?;
        if request.videoid.is_none() {
            return Err(wrong_status());
        }
        (EVIDENCE.to_owned(), Some(label))
    } else {
        let kind = text(&upload.fields, "type").filter(|kind| TYPES.contains(&kind.as_str()));
        (kind.ok_or_else(bad_parameters)?, None)
    };
    let blob = match &upload.document {
        None => return Err(bad_parameters()),
        Some(Err(())) => return Err(Reply::error(500, "500", "Invalid content_type")),
        Some(Ok(blob)) if types == DocumentTypes::Images && blob.kind == "pdf" => {
            return Err(Reply::error(500, "500", "Invalid content_type"));
        }
        Some(Ok(blob)) => blob.clone(),
    };
    if limit.is_some_and(|limit| blob.bytes > limit) {
        return Err(too_large());
    }
    if request.is_settled() || request.documents.len() >= MAX_DOCUMENTS {
        return Err(wrong_status());
    }
    let request = request.pk;
    let pk = world.state.take_document_pk();
    if let Some(request) = world.state.requests.get_mut(&request) {
        request.documents.push(Stored { pk, kind: kind.clone(), label, blob });
    }
    app.save(&world);
    Ok(Reply::json(201, &json!({"pk": pk, "type": kind})))
}

/// `POST …/pl_delete_document/`.
pub(super) fn delete(app: &App, id: &str, body: &Value) -> Answer {
    let docpk = text(body, "docpk").ok_or_else(bad_parameters)?;
    let mut world = app.world();
    let request = find(&mut world, id)?;
    let pk: Option<u64> = docpk.parse().ok();
    let Some(position) = request.documents.iter().position(|document| Some(document.pk) == pk) else {
        // Form 3: no code, no reference.
        return Err(Reply::json(404, &json!({"error": format!("No documents found with id {}", docpk.escape_default())})));
    };
    if request.is_settled() {
        return Err(wrong_status());
    }
    let document = request.documents.remove(position);
    app.files.remove(&document.blob);
    app.save(&world);
    Ok(Reply::json(200, &json!({"status": "Document deleted"})))
}

/// `GET …/pl_get_documents/`: Base64 with line breaks, as one of them is read.
pub(super) fn list(app: &App, id: &str) -> Answer {
    let mut world = app.world();
    let content = world.state.settings.list_documents_content;
    let request = find(&mut world, id)?;
    let mut answer = Document::new();
    let mut list = Vec::new();
    for document in &request.documents {
        let file = if content { app.files.read(&document.blob) } else { None };
        let content = file.map_or(Value::Null, |file| answer.put(Part::Lines(file, document.blob.bytes)));
        list.push(json!({"pk": document.pk, "document": content, "type": document.kind}));
    }
    answer.value = Value::Array(list);
    Ok(answer.reply(200))
}
