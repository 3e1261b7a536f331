//! Classic: the officer has identified the person, the documents are uploaded, the officer approves.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use videoid::model::{DocumentType, NewRequest};
use videoid::workflow::{ClassicDocument, ClassicRequest};
use videoid::{RegistrationAuthority, RequestOptions, Source};

use crate::args::Args;
use crate::{Failure, done, keep_papers, tell, telling};

pub(crate) async fn story(ra: &RegistrationAuthority, args: &Args, out: &Path) -> Result<Value, Failure> {
    let flow = ClassicRequest::new(ra.clone()).with_events(Arc::new(tell));

    // No video shows who the person is: the request says it.
    let mut request = NewRequest::new("PFnubeQAFCiudadano", "anna@example.com");
    request.mobile_phone_number = Some("+34600000000".into());
    request.given_name = Some("ANNA MARIA".into());
    request.surname_1 = Some("ERIKSSON".into());
    request.serial_number = Some("D23145890".into());
    request.id_document_type = Some("IDC".into());
    request.id_document_country = Some("ES".into());
    request.country_name = Some("ES".into());
    request.validity_time = Some(730);
    request.secure_element = Some(2);
    let document = |kind, name| args.path(name).map(|path| ClassicDocument::new(kind, Source::path(path)));
    let documents = [
        document(DocumentType::DocumentFront, "front")?,
        document(DocumentType::DocumentRear, "rear")?,
        document(DocumentType::DocumentOwner, "owner")?,
        document(DocumentType::ExtraDocument, "document")?,
    ];
    flow.submit(&request, &documents, &telling()).await?;

    let rao = args.rao()?;
    let options = RequestOptions::new();
    keep_papers(out, &flow.papers(args.needed("rao-id")?, &options).await?)?;
    Ok(done(&flow.approve(&rao, &options).await?))
}
