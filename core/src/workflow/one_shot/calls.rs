//! The calls that the machine asks for, made with a client.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

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
use crate::one_shot::signed_pdf::{check_p7m, check_signed_pdf};
use crate::options::RequestOptions;
use crate::secret::SensitiveString;
use crate::source::{Source, unreadable};
use crate::workflow::WorkflowEvent;

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
    pub(super) link: Option<SensitiveString>,
    pub(super) otp: Option<Otp>,
    pub(super) file: Option<DownloadedFile>,
    pub(super) saved: Vec<SavedDocument>,
}

fn missing() -> Error {
    Error::new(ErrorCode::Internal, "a call came up that the step was not given what it takes for")
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
                        got.link = created.videoid_link;
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
                        got.link = got.link.take().or(shown.filter(|link| !link.expose().is_empty()));
                        Ok(OneShotEvent::Seen(OneShotSeen::from(&request)))
                    }
                    Err(error) if error.code() == ErrorCode::NotFound => Ok(OneShotEvent::Gone),
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
                list(client, handle.request_pk, &quiet).await.map(OneShotEvent::Listed)
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
                    Err(error) if error.code() == ErrorCode::NotFound => Ok(OneShotEvent::Taken),
                    Err(error) => Err(error),
                }
            }
            OneShotCall::Cancel(handle) => {
                self.step("cancel_oneshot_request", machine);
                match client.cancel_oneshot_request(handle.request_pk, &quiet).await {
                    Ok(_) => Ok(OneShotEvent::Taken),
                    Err(error) if error.code() == ErrorCode::NotFound => Ok(OneShotEvent::Gone),
                    Err(error) => Err(error),
                }
            }
        }
    }

    /// Downloads a signed document and looks whether it is whole. What is not keeps no name in the folder.
    async fn save(
        &self,
        pk: RequestPk,
        uid: &DocumentUid,
        machine: &OneShotMachine,
        folder: &Path,
        options: &RequestOptions,
    ) -> Result<SavedDocument> {
        let (path, digest) = place(folder, machine, uid)?;
        let file = self.client.get_document(pk, uid, &DocumentVersion::Signed, &path, options).await?;
        let checked = blocking({
            let path = path.clone();
            move || check(&path, digest.as_deref())
        })
        .await;
        match checked {
            Ok(signatures) => Ok(SavedDocument { uid: uid.clone(), file, signatures }),
            Err(error) => {
                let _ = blocking(move || std::fs::remove_file(path).map_err(|e| unreadable(&e))).await;
                Err(error.with_operation("get_document").with_wire(Wire::Answered))
            }
        }
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
            let is_there = |path: &Path, sha256: &str| {
                std::fs::File::open(path).ok().and_then(|mut file| sha256_of(&mut file).ok()).is_some_and(|(found, _)| found == sha256)
            };
            Ok(saved.into_iter().filter(|(_, path, sha256)| !is_there(path, sha256)).map(|(uid, _, _)| uid).collect())
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
                .map(|(uid, path, sha256, digest)| {
                    let (found, bytes) = sha256_of(&mut std::fs::File::open(&path).map_err(|e| unreadable(&e))?)?;
                    if found != sha256 {
                        return Err(Error::new(
                            ErrorCode::SignedDocumentInvalid,
                            "a signed document on disk is not the one that was saved; nothing was deleted",
                        ));
                    }
                    let signatures = check(&path, digest.as_deref())?;
                    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
                    let mut file = DownloadedFile::default();
                    (file.path, file.bytes, file.sha256) = (path.to_string_lossy().into_owned(), bytes, sha256);
                    Ok(SavedDocument { uid, file, signatures })
                })
                .collect()
        })
        .await
    }
}

async fn list(client: &OneShot, pk: RequestPk, options: &RequestOptions) -> Result<Vec<OneShotDocument>> {
    match client.list_documents(pk, options).await {
        Ok(list) => Ok(list.documents),
        // Some Optimizers say so that there is none.
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
                let (sha256, _) = sha256_of(&mut source.open()?)?;
                Ok(DocumentState::new(sha256, digest))
            })
            .collect()
    })
    .await
}

pub(super) fn sha256_of(reader: &mut impl std::io::Read) -> Result<(String, u64)> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut bytes = 0;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                hash.update(&buffer[..n]);
                bytes += n as u64;
            }
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(unreadable(&e)),
        }
    }
    let text = hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        use std::fmt::Write as _;
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    Ok((text, bytes))
}

pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::new(ErrorCode::Internal, "a reader of files panicked or was stopped"))?
}
