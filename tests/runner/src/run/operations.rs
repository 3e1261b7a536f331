//! The operations of `OPERATIONS` as scenarios call them.

use videoid::RequestOptions;
use videoid::model::{RaId, VideoIdentifier};

use super::{Failure, Given, Run, json_of};
use crate::values::{Args, path};

impl Run<'_> {
    #[allow(clippy::too_many_lines, reason = "one arm for each operation")]
    pub(super) async fn operation(&mut self, name: &str, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        let ra = self.ra()?;
        match name {
            "get_first_unused_scratchcard" => {
                let own: Option<RaId> = args.opt("registration_authority")?;
                args.finish()?;
                json_of(&ra.get_first_unused_scratchcard(own.as_ref(), options).await?)
            }
            "create_request" => {
                let request = args.need("request")?;
                args.finish()?;
                self.pool.show(|| format!("{request:?}"));
                json_of(&ra.create_request(&request, options).await?)
            }
            "list_requests" => {
                let filter = args.need("filter")?;
                args.finish()?;
                self.pool.show(|| format!("{filter:?}"));
                json_of(&ra.list_requests(&filter, options).await?)
            }
            "list_scratchcards" => {
                let filter = args.need("filter")?;
                args.finish()?;
                json_of(&ra.list_scratchcards(&filter, options).await?)
            }
            "get_scratchcard" => {
                let pk = args.need("scratchcard_pk")?;
                args.finish()?;
                json_of(&ra.get_scratchcard(pk, options).await?)
            }
            "is_scratchcard_used" => {
                let sn = args.need("sn")?;
                args.finish()?;
                json_of(&ra.is_scratchcard_used(&sn, options).await?)
            }
            "check_contact_data" => {
                let data = args.need("data")?;
                args.finish()?;
                self.pool.show(|| format!("{data:?}"));
                json_of(&ra.check_contact_data(&data, options).await?)
            }
            "is_renewable" => {
                let (sn, erc) = (args.need("sn")?, args.need("erc")?);
                args.finish()?;
                json_of(&ra.is_renewable(&sn, &erc, options).await?)
            }
            "upload_video" | "download_video" => {
                let identifier: VideoIdentifier = args.need("video_identifier")?;
                if name == "upload_video" {
                    let video = self.need_source(&mut args, "video")?;
                    args.finish()?;
                    return json_of(&ra.upload_video(&identifier, &video, options).await?);
                }
                let path = self.path(&mut args, "path")?;
                args.finish()?;
                json_of(&ra.download_video(&identifier, &path, options).await?)
            }
            _ => {
                let pk = args.need("request_pk")?;
                match name {
                    "get_request" => {
                        let dir = args.opt::<String>("images_dir")?.map(|text| path(&text, self.temp.path()));
                        args.finish()?;
                        json_of(&ra.get_request(pk, dir.as_deref(), options).await?)
                    }
                    "cancel_request" => {
                        args.finish()?;
                        json_of(&ra.cancel_request(pk, options).await?)
                    }
                    "get_preauth_link" => {
                        args.finish()?;
                        json_of(&ra.get_preauth_link(pk, options).await?)
                    }
                    "update_request" => {
                        let update = args.need("update")?;
                        args.finish()?;
                        self.pool.show(|| format!("{update:?}"));
                        json_of(&ra.update_request(pk, &update, options).await?)
                    }
                    "validate_request" => {
                        args.finish()?;
                        json_of(&ra.validate_request(pk, options).await?)
                    }
                    "upload_request_document" => {
                        let (kind, document) = (args.need("document_type")?, self.need_source(&mut args, "document")?);
                        args.finish()?;
                        json_of(&ra.upload_request_document(pk, &kind, &document, options).await?)
                    }
                    "delete_request_document" => {
                        let document = args.need("document_pk")?;
                        args.finish()?;
                        json_of(&ra.delete_request_document(pk, document, options).await?)
                    }
                    "list_request_documents" => {
                        args.finish()?;
                        json_of(&ra.list_request_documents(pk, options).await?)
                    }
                    "upload_videoid_evidence_document" => {
                        let (label, document) = (args.need::<String>("label")?, self.need_source(&mut args, "document")?);
                        args.finish()?;
                        json_of(&ra.upload_videoid_evidence_document(pk, &label, &document, options).await?)
                    }
                    "get_renewal_status" => {
                        args.finish()?;
                        json_of(&ra.get_renewal_status(pk, options).await?)
                    }
                    "enable_renewal" => {
                        args.finish()?;
                        json_of(&ra.enable_renewal(pk, options).await?)
                    }
                    "disable_renewal" => {
                        args.finish()?;
                        json_of(&ra.disable_renewal(pk, options).await?)
                    }
                    "generate_otp_for_unlock" => {
                        args.finish()?;
                        json_of(&ra.generate_otp_for_unlock(pk, options).await?)
                    }
                    "unlock_pin" => {
                        let unlock = args.need("unlock")?;
                        args.finish()?;
                        self.pool.show(|| format!("{unlock:?}"));
                        json_of(&ra.unlock_pin(pk, &unlock, options).await?)
                    }
                    "upload_evidence" => {
                        let evidence = self.evidence(&mut args)?;
                        args.finish()?;
                        json_of(&ra.upload_evidence(pk, &evidence, options).await?)
                    }
                    "generate_declaration" => {
                        let rao: String = args.need("rao_id")?;
                        args.finish()?;
                        json_of(&ra.generate_declaration(pk, &rao, options).await?)
                    }
                    "get_request_document" => {
                        let (kind, rao) = (args.need("document_type")?, args.opt::<String>("rao_id")?);
                        args.finish()?;
                        json_of(&ra.get_request_document(pk, &kind, rao.as_deref(), options).await?)
                    }
                    "generate_document" => {
                        let kind = args.need("doctype")?;
                        args.finish()?;
                        json_of(&ra.generate_document(pk, &kind, options).await?)
                    }
                    "validate_videoid" => {
                        let rao = args.need("rao")?;
                        args.finish()?;
                        json_of(&ra.validate_videoid(pk, &rao, options).await?)
                    }
                    "refuse_videoid" => {
                        let (rao, reason) = (args.need("rao")?, args.need::<String>("reason")?);
                        args.finish()?;
                        json_of(&ra.refuse_videoid(pk, &rao, &reason, options).await?)
                    }
                    "approve_request" => {
                        let (rao, lang) = (args.need("rao")?, args.opt::<String>("lang")?);
                        args.finish()?;
                        json_of(&ra.approve_request(pk, &rao, lang.as_deref(), options).await?)
                    }
                    other => Err(Failure::Runner(format!("a call that the runner does not know: {other}"))),
                }
            }
        }
    }
}
