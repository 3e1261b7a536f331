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
