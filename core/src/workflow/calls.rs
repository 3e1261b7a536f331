//! The calls that the machine asks for, made against the client.

use super::driver::{Documents, Given, Run, Workflow};
use super::find;
use super::machine::{CallKind, Event, Machine, SeenDocument};
use crate::error::{Error, ErrorCode, Result, Wire};
use crate::model::{DocumentType, Flow, NewRequest, Request, RequestPk, ScratchcardSn};
use crate::options::RequestOptions;

fn not_given() -> Error {
    Error::new(ErrorCode::Internal, "the workflow asks for a call that does not belong to its step")
}

impl Workflow {
    pub(super) async fn call(
        &self,
        call: CallKind,
        given: &Given<'_>,
        options: &RequestOptions,
        machine: &Machine,
        run: &mut Run,
    ) -> Result<Event> {
        // Only uploads report progress.
        let mut quiet = options.clone();
        quiet.progress = None;
        let ra = self.ra();
        match call {
            CallKind::TakeCard => {
                let request = given.request.ok_or_else(not_given)?;
                self.step("get_first_unused_scratchcard", machine);
                Ok(Event::Card(ra.get_first_unused_scratchcard(request.registration_authority.as_ref(), &quiet).await?.sn))
            }
            CallKind::Create(sn) => self.create(sn, given.request.ok_or_else(not_given)?, &quiet, machine).await,
            CallKind::FindByCard(sn) => {
                let request = given.request.ok_or_else(not_given)?;
                self.step("list_requests", machine);
                match find::by_card(ra, &sn, &quiet).await? {
                    None => Ok(Event::NoRequest),
                    // A card is not reserved: a request of it may be another person's.
                    Some(found) if !find::is_ours(&found, request) => Ok(Event::CardRefused),
                    Some(found) => Ok(Event::Request(self.saw(machine, &found))),
                }
            }
            CallKind::Read(pk) => {
                let request = self.read(machine, pk, &quiet).await?;
                let mut seen = self.saw(machine, &request);
                seen.shows_update = given.update.is_some_and(|update| find::shows(&request, &find::completed(update, &request)));
                run.request = Some(request);
                Ok(Event::Request(seen))
            }
            CallKind::UploadEvidence(pk) => {
                self.step("upload_evidence", machine);
                ra.upload_evidence(pk, given.evidence.ok_or_else(not_given)?, options).await.map(|_| Event::EvidenceUploaded)
            }
            CallKind::UploadVideo(identifier) => {
                self.step("upload_video", machine);
                ra.upload_video(&identifier, given.video.ok_or_else(not_given)?, options).await.map(|_| Event::VideoUploaded)
            }
            CallKind::Update(pk) => {
                let update = given.update.ok_or_else(not_given)?;
                let shown = run.request.as_ref().ok_or_else(not_given)?;
                self.step("update_request", machine);
                ra.update_request(pk, &find::completed(update, shown), &quiet).await.map(|_| Event::Updated)
            }
            CallKind::ListDocuments(pk) => {
                self.step("list_request_documents", machine);
                let listed = ra.list_request_documents(pk, &quiet).await?.documents;
                let seen = listed.into_iter().map(|document| {
                    let content = document.content.as_ref().map(|content| super::digest::of_bytes(content.as_ref()));
                    SeenDocument::new(document.pk, document.document_type.unwrap_or_default(), content)
                });
                Ok(Event::Documents(seen.collect()))
            }
            CallKind::UploadDocument(pk, at) => self.upload_document(pk, at, given, options, machine).await,
            CallKind::Cancel(pk) => {
                self.step("cancel_request", machine);
                ra.cancel_request(pk, &quiet).await.map(|_| Event::Cancelled)
            }
            CallKind::Validate(_) | CallKind::ReadPapers(_) | CallKind::Approve(_) | CallKind::Refuse(_) => {
                self.officer_call(call, given, &quiet, machine, run).await
            }
        }
    }

    async fn create(&self, sn: ScratchcardSn, request: &NewRequest, options: &RequestOptions, machine: &Machine) -> Result<Event> {
        self.step("create_request", machine);
        let mut request = request.clone();
        request.scratchcard = Some(sn);
        if *machine.flow() == Flow::Classic {
            request.paperless_mode = Some(1);
        } else {
            request.videoid_mode = Some(1);
        }
        match self.ra().create_request_in(machine.flow(), &request, options).await {
            Ok(created) => Ok(Event::Request(self.saw(machine, &created))),
            Err(e) if e.code() == ErrorCode::ScratchcardInvalid => Ok(Event::CardRefused),
            Err(e) => Err(e),
        }
    }

    async fn upload_document(
        &self,
        pk: RequestPk,
        at: usize,
        given: &Given<'_>,
        options: &RequestOptions,
        machine: &Machine,
    ) -> Result<Event> {
        let ra = self.ra();
        let uploaded = match given.documents {
            Documents::None => return Err(not_given()),
            Documents::Evidence(documents) => {
                let item = documents.get(at).ok_or_else(not_given)?;
                self.step("upload_videoid_evidence_document", machine);
                ra.upload_videoid_evidence_document(pk, &item.label, &item.document, options).await?
            }
            Documents::Classic(documents) => {
                let item = documents.get(at).ok_or_else(not_given)?;
                self.step("upload_request_document", machine);
                ra.upload_request_document(pk, &item.document_type, &item.document, options).await?
            }
        };
        Ok(Event::DocumentUploaded(uploaded.pk))
    }

    async fn officer_call(
        &self,
        call: CallKind,
        given: &Given<'_>,
        options: &RequestOptions,
        machine: &Machine,
        run: &mut Run,
    ) -> Result<Event> {
        let ra = self.ra();
        match call {
            CallKind::Validate(pk) => {
                self.step("validate_videoid", machine);
                let answer = ra.validate_videoid(pk, given.rao.ok_or_else(not_given)?, options).await?;
                self.keep_secrets(answer.secrets);
                Ok(Event::Validated)
            }
            CallKind::ReadPapers(pk) => {
                let rao_id = given.rao_id.ok_or_else(not_given)?;
                self.step("generate_declaration", machine);
                run.declaration = Some(ra.generate_declaration(pk, rao_id, options).await?);
                self.step("get_request_document", machine);
                run.contract = Some(ra.get_request_document(pk, &DocumentType::Contract, Some(rao_id), options).await?);
                Ok(Event::PapersRead)
            }
            CallKind::Approve(pk) => {
                self.step("approve_request", machine);
                run.approved = true;
                // An approval may replace what the validation gave: where its answer is lost, the earlier secrets may be void.
                let before = self.take_secrets();
                match ra.approve_request(pk, given.rao.ok_or_else(not_given)?, None, options).await {
                    Ok(answer) => {
                        self.keep_secrets(answer.secrets.or(before));
                        Ok(Event::Approved)
                    }
                    Err(error) => {
                        self.keep_secrets(before.filter(|_| error.wire() != Wire::MayBeProcessed));
                        Err(error)
                    }
                }
            }
            CallKind::Refuse(pk) => {
                // A second refusal in one run would be sent because the service does not show the first.
                if std::mem::replace(&mut run.refused, true) {
                    return Err(Error::new(
                        ErrorCode::UnexpectedStatus,
                        "the refusal was accepted and the service does not show it: read the request later",
                    ));
                }
                self.step("refuse_videoid", machine);
                ra.refuse_videoid(pk, given.rao.ok_or_else(not_given)?, given.reason.unwrap_or_default(), options).await?;
                Ok(Event::Refused)
            }
            _ => Err(not_given()),
        }
    }

    /// What is known of a request besides its status, for a look between two runs.
    pub(super) async fn look(&self, machine: &mut Machine, pk: RequestPk, options: &RequestOptions) -> Result<Request> {
        let mut quiet = options.clone();
        quiet.progress = None;
        let request = self.read(machine, pk, &quiet).await?;
        let seen = self.saw(machine, &request);
        machine.observe(seen);
        self.note(machine);
        Ok(request)
    }
}
