//! The calls that the machine asks for, made with a client.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::driver::Shared;
use super::machine::{OneShotCall, OneShotEvent};
use super::outcome::SavedDocument;
use super::state::{DocumentState, OneShotMachine, OneShotSeen};
use crate::error::{Error, ErrorCode, Result, Wire};
use crate::evidence::Evidence;
use crate::model::{
    DocumentUid, DocumentVersion, DownloadedFile, NewVideoId, OneShotDocument, OneShotRao, Otp, OtpDelivery, RequestPk, Signing,
};
use crate::one_shot::OneShot;
use crate::one_shot::failure::UNKNOWN_ADDRESS;
use crate::one_shot::signed_pdf::{check_p7m, check_signed_pdf};
use crate::options::RequestOptions;
use crate::source::{Source, unreadable};
use crate::transport::skim::not_written;
use crate::transport::sync_folder;
use crate::workflow::WorkflowEvent;
use crate::workflow::digest::{blocking, sha256};

/// What a step was given. Not part of the state.
#[derive(Default)]
pub(super) struct Given<'a> {
    pub(super) videoid: Option<&'a NewVideoId>,
    pub(super) evidence: Option<&'a Evidence>,
    pub(super) video: Option<&'a Source>,
    pub(super) rao: Option<&'a OneShotRao>,
    pub(super) reason: Option<&'a str>,
    pub(super) documents: Vec<Source>,
    pub(super) delivery: Option<&'a OtpDelivery>,
    pub(super) signing: Option<&'a Signing>,
    /// The file of the contract, or the folder of the signed documents.
    pub(super) path: Option<&'a Path>,
}

/// What a step got beside events. Not part of the state.
#[derive(Default)]
pub(super) struct Got {
    pub(super) otp: Option<Otp>,
    pub(super) file: Option<DownloadedFile>,
    pub(super) saved: Vec<SavedDocument>,
}

fn missing() -> Error {
    Error::new(ErrorCode::Internal, "a call came up that the step was not given what it takes for")
}

/// Whether the API says that it has no such thing. A server or a gateway that does not know the address says nothing of that.
fn is_not_there(error: &Error) -> bool {
    error.code() == ErrorCode::NotFound && error.detail() != UNKNOWN_ADDRESS
}

impl Shared {
    pub(super) async fn make(
        &self,
        call: OneShotCall,
        machine: &OneShotMachine,
        given: &Given<'_>,
        got: &mut Got,
        options: &RequestOptions,
    ) -> Result<OneShotEvent> {
        let client = &self.client;
        // Only uploads report progress.
        let mut quiet = options.clone();
        quiet.progress = None;
        match call {
            OneShotCall::Create => {
                self.step("create_videoid", machine);
                match client.create_videoid(given.videoid.ok_or_else(missing)?, &quiet).await {
                    Ok(created) => {
                        self.keep_link(created.videoid_link);
                        Ok(OneShotEvent::Created(created.handle))
                    }
                    Err(error) => Err(error),
                }
            }
            OneShotCall::Read(handle) => {
                self.step("get_oneshot_request", machine);
                match client.get_oneshot_request(handle.request_pk, &quiet).await {
                    Ok(request) => {
                        if machine.status() != Some(&request.status) {
                            self.emit(WorkflowEvent {
                                kind: "status".into(),
                                status: Some(request.status.clone()),
                                request_pk: Some(handle.request_pk),
                                ..WorkflowEvent::default()
                            });
                        }
                        let shown = request.videoid_data.as_ref().and_then(|data| data.videoid_link.clone());
                        self.keep_link(shown.filter(|link| !link.expose().is_empty()));
                        Ok(OneShotEvent::Seen(OneShotSeen::from(&request)))
                    }
                    Err(error) if is_not_there(&error) => Ok(OneShotEvent::Gone),
                    Err(error) => Err(error),
                }
            }
            OneShotCall::UploadEvidence(handle) => {
                self.step("upload_videoid_evidences", machine);
                let evidence = given.evidence.ok_or_else(missing)?;
                client.upload_videoid_evidences(&handle, evidence, options).await.map(|_| OneShotEvent::Taken)
            }
            OneShotCall::UploadVideo(handle) => {
                self.step("upload_videoid_video", machine);
                client.upload_videoid_video(&handle, given.video.ok_or_else(missing)?, options).await.map(|_| OneShotEvent::Taken)
            }
            OneShotCall::Validate(handle) => {
                self.step("validate_oneshot_videoid", machine);
                client.validate_oneshot_videoid(&handle, given.rao.ok_or_else(missing)?, &quiet).await.map(|_| OneShotEvent::Taken)
            }
            OneShotCall::Approve(handle) => {
                self.step("approve_oneshot_videoid", machine);
                client.approve_oneshot_videoid(&handle, given.rao.ok_or_else(missing)?, &quiet).await.map(|_| OneShotEvent::Taken)
            }
            OneShotCall::Refuse(handle) => {
                self.step("refuse_oneshot_videoid", machine);
                let (rao, reason) = (given.rao.ok_or_else(missing)?, given.reason.unwrap_or_default());
                client.refuse_oneshot_videoid(&handle, rao, reason, &quiet).await.map(|_| OneShotEvent::Taken)
            }
            OneShotCall::ListDocuments(handle) => {
                self.step("list_documents", machine);
                list(client, machine, handle.request_pk, &quiet).await.map(OneShotEvent::Listed)
            }
            OneShotCall::UploadDocuments(handle) => {
                self.step("upload_documents", machine);
                client.upload_documents(handle.request_pk, given.documents.clone(), options).await.map(OneShotEvent::Uploaded)
            }
            OneShotCall::Contract(handle) => {
                self.step("get_contract", machine);
                let file = client.get_contract(handle.request_pk, given.path.ok_or_else(missing)?, options).await?;
                let sha256 = file.sha256.clone();
                got.file = Some(file);
                Ok(OneShotEvent::Contract(sha256))
            }
            OneShotCall::SendOtp(handle) => {
                self.step("generate_otp", machine);
                got.otp = Some(client.generate_otp(handle.request_pk, given.delivery, &quiet).await?);
                Ok(OneShotEvent::Taken)
            }
            OneShotCall::Sign(handle) => {
                self.step("sign", machine);
                client.sign(handle.request_pk, given.signing.ok_or_else(missing)?, &quiet).await.map(|_| OneShotEvent::Taken)
            }
            OneShotCall::Save(handle, uid) => {
                self.step("get_document", machine);
                let saved = self.save(handle.request_pk, &uid, machine, given.path.ok_or_else(missing)?, options).await?;
                let sha256 = saved.file.sha256.clone();
                got.saved.push(saved);
                Ok(OneShotEvent::Saved(uid, sha256))
            }
            OneShotCall::Delete(handle) => {
                self.step("delete_documents", machine);
                match client.delete_documents(handle.request_pk, &quiet).await {
                    Ok(_) => Ok(OneShotEvent::Taken),
                    // The request was read a moment ago: there are no documents any more, as after a call whose answer was lost.
                    Err(error) if is_not_there(&error) => Ok(OneShotEvent::Taken),
                    Err(error) => Err(error),
                }
            }
            OneShotCall::Cancel(handle) => {
                self.step("cancel_oneshot_request", machine);
                match client.cancel_oneshot_request(handle.request_pk, &quiet).await {
                    Ok(_) => Ok(OneShotEvent::Taken),
                    Err(error) if is_not_there(&error) => Ok(OneShotEvent::Gone),
                    Err(error) => Err(error),
                }
            }
        }
    }

    /// Downloads a signed document and looks whether it is whole. Only then it gets its name, and only where nothing else has it: a
    /// file of another request, or one that was changed since, may be the only one of its kind.
    async fn save(
        &self,
        pk: RequestPk,
        uid: &DocumentUid,
        machine: &OneShotMachine,
        folder: &Path,
        options: &RequestOptions,
    ) -> Result<SavedDocument> {
        let named = |error: Error| error.with_operation("get_document").with_wire(Wire::Answered);
        let (path, digest) = place(folder, machine, uid)?;
        let dir = folder.to_owned();
        let part = blocking(move || {
            let part = tempfile::Builder::new().prefix(".videoid-").suffix(".part").tempfile_in(dir).map_err(|e| not_written(&e))?;
            Ok(part.into_temp_path())
        });
        let part = part.await.map_err(|e| e.with_operation("get_document"))?;
        let mut file = self.client.get_document(pk, uid, &DocumentVersion::Signed, &part, options).await?;
        file.path = path.to_string_lossy().into_owned();
        let sha256_of_file = file.sha256.clone();
        let kept = blocking(move || {
            let signatures = check(&part, digest.as_deref())?;
            match part.persist_noclobber(&path) {
                Ok(()) => sync_folder(&path).map_err(|e| not_written(&e))?,
                // An earlier run may have ended right here.
                Err(e) if e.error.kind() == std::io::ErrorKind::AlreadyExists => {
                    if sha256(&Source::path(&path))? != sha256_of_file {
                        return Err(Error::new(
                            ErrorCode::FileNotWritten,
                            "another file has the name of the signed document: move it away, or name another folder",
                        ));
                    }
                }
                Err(e) => return Err(not_written(&e.error)),
            }
            Ok(signatures)
        });
        let signatures = kept.await.map_err(named)?;
        Ok(SavedDocument { uid: uid.clone(), file, signatures })
    }

    /// The documents that were saved, and are not in the folder or are not what was saved there.
    pub(super) async fn gone_from(&self, machine: &OneShotMachine, folder: &Path) -> Result<Vec<DocumentUid>> {
        let mut saved = Vec::new();
        for document in machine.documents() {
            if let (Some(uid), Some(sha256)) = (document.uid.clone(), document.signed_sha256.clone()) {
                let (path, _) = place(folder, machine, &uid)?;
                saved.push((uid, path, sha256));
            }
        }
        blocking(move || {
            let is_there = |path: &Path, known: &str| sha256(&Source::path(path)).is_ok_and(|found| found == known);
            Ok(saved.into_iter().filter(|(_, path, known)| !is_there(path, known)).map(|(uid, _, _)| uid).collect())
        })
        .await
    }

    /// Looks again whether each signed document is in the folder as it was saved, right before they are deleted elsewhere.
    pub(super) async fn still_there(&self, machine: &OneShotMachine, folder: &Path) -> Result<Vec<SavedDocument>> {
        let mut wanted = Vec::new();
        for document in machine.documents() {
            let (Some(uid), Some(sha256)) = (document.uid.clone(), document.signed_sha256.clone()) else {
                return Err(Error::new(
                    ErrorCode::WorkflowStep,
                    "documents are deleted only after each signed one is saved and looks whole",
                ));
            };
            let (path, digest) = place(folder, machine, &uid)?;
            wanted.push((uid, path, sha256, digest));
        }
        blocking(move || {
            wanted
                .into_iter()
                .map(|(uid, path, known, digest)| {
                    if sha256(&Source::path(&path))? != known {
                        return Err(Error::new(
                            ErrorCode::SignedDocumentInvalid,
                            "a signed document on disk is not the one that was saved; nothing was deleted",
                        ));
                    }
                    let signatures = check(&path, digest.as_deref())?;
                    let bytes = std::fs::metadata(&path).map_err(|e| unreadable(&e))?.len();
                    let mut file = DownloadedFile::default();
                    (file.path, file.sha256) = (path.to_string_lossy().into_owned(), known);
                    file.bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
                    Ok(SavedDocument { uid, file, signatures })
                })
                .collect()
        })
        .await
    }
}

async fn list(client: &OneShot, machine: &OneShotMachine, pk: RequestPk, options: &RequestOptions) -> Result<Vec<OneShotDocument>> {
    match client.list_documents(pk, options).await {
        Ok(list) => Ok(list.documents),
        // Some Optimizers say so that there is none.
        Err(error) if is_not_there(&error) => Ok(Vec::new()),
        // Others have no such call: then nobody can say whether an upload arrived whose answer was lost.
        Err(error) if error.code() == ErrorCode::NotFound && machine.documents_open => Err(Error::new(
            ErrorCode::Ambiguous,
            "the answer to the upload of the documents does not say which is which, or was lost, and the server lists no documents",
        )
        .with_operation("list_documents")
        .with_wire(Wire::MayBeProcessed)
        .with_source(error)),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Where a signed document stands: `signed.pdf` where it is the only one, else `signed-1.pdf` and so on in the order of the upload.
fn place(folder: &Path, machine: &OneShotMachine, uid: &DocumentUid) -> Result<(PathBuf, Option<String>)> {
    let documents = machine.documents();
    let at = documents.iter().position(|own| own.uid.as_ref() == Some(uid)).ok_or_else(missing)?;
    let ending = if documents[at].message_digest.is_some() { "p7m" } else { "pdf" };
    let name = if documents.len() == 1 { format!("signed.{ending}") } else { format!("signed-{}.{ending}", at + 1) };
    Ok((folder.join(name), documents[at].message_digest.clone()))
}

fn check(path: &Path, message_digest: Option<&str>) -> Result<i64> {
    match message_digest {
        Some(digest) => check_p7m(path, digest).map(|()| 1),
        None => check_signed_pdf(path).map(|found| i64::try_from(found.signatures).unwrap_or(i64::MAX)),
    }
}

/// The documents as the machine knows them.
pub(super) async fn described(documents: Vec<Source>) -> Result<Vec<DocumentState>> {
    blocking(move || {
        documents
            .iter()
            .map(|source| {
                let mut reader = source.open()?;
                let mut head = Vec::new();
                (&mut reader).take(64 * 1024).read_to_end(&mut head).map_err(|e| unreadable(&e))?;
                let digest = serde_json::from_slice::<serde_json::Value>(&head)
                    .ok()
                    .and_then(|json| json.get("messageDigest")?.as_str().map(str::to_owned));
                Ok(DocumentState::new(sha256(source)?, digest))
            })
            .collect()
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_api_says_that_something_is_not_there() {
        assert!(is_not_there(&Error::new(ErrorCode::NotFound, "no such request")));
        assert!(!is_not_there(&Error::new(ErrorCode::NotFound, UNKNOWN_ADDRESS)));
        assert!(!is_not_there(&Error::new(ErrorCode::Rejected, "no such request")));
    }
}
