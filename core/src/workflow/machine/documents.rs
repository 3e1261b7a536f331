//! Documents are uploaded once: a list of the service says whether an upload whose answer was lost was carried out.

use super::Machine;
use super::state::{Intent, Next, Uploaded};
use super::types::{Action, CallKind, SeenDocument};
use crate::error::Result;
use crate::model::{DocumentPk, Flow, RequestPk};

impl Machine {
    /// The next document that is not there yet.
    pub(super) fn decide_documents(&mut self, pk: RequestPk) -> Action {
        let there = |sha256: &str| self.documents.iter().any(|known| known.sha256 == sha256);
        let Some(at) = self.inputs.documents.iter().position(|wanted| !there(&wanted.sha256)) else {
            // Of an upload that nobody wants any more nothing needs to be known.
            self.document_pending = None;
            return Action::Done;
        };
        // A classic request is empty when it begins. An eIDAS request may have been given documents by others: they must not be
        // taken for ours later on, so the first run looks at them before it uploads.
        let begins = self.documents.is_empty() && self.document_pending.is_none();
        let look = if begins { self.flow == Flow::EidasVideoId } else { self.document_pending.is_some() };
        if look && !self.documents_listed {
            return Action::Call(CallKind::ListDocuments(pk));
        }
        self.document_pending = Some(self.inputs.documents[at].sha256.clone());
        self.intend(Intent::UploadDocument, CallKind::UploadDocument(pk, at))
    }

    /// The service lists the documents of the request.
    pub(super) fn listed(&mut self, listed: &[SeenDocument]) -> Result<Action> {
        self.documents_listed = true;
        if let Some(pending) = self.document_pending.take() {
            let known = |pk: DocumentPk| self.documents_before.contains(&pk) || self.documents.iter().any(|d| d.pk == pk);
            let wanted = self.inputs.documents.iter().find(|wanted| wanted.sha256 == pending);
            let found = wanted.and_then(|wanted| listed.iter().find(|document| !known(document.pk) && wanted.is(document)));
            if let Some(pk) = found.map(|document| document.pk) {
                self.documents.push(Uploaded { sha256: pending, pk });
            }
        }
        // Nothing is under way now, so what is there and is not ours is somebody else's.
        let ours = |pk: DocumentPk| self.documents.iter().any(|d| d.pk == pk);
        self.documents_before = listed.iter().map(|document| document.pk).filter(|pk| !ours(*pk)).collect();
        self.decide()
    }

    /// The service took the document.
    pub(super) fn document_uploaded(&mut self, pk: DocumentPk) -> Action {
        if let Some(sha256) = self.document_pending.take() {
            self.documents.push(Uploaded { sha256, pk });
        }
        self.settle(Next::Decide)
    }
}
