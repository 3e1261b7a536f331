//! The client of the One-Shot API and its operations.

use std::sync::Arc;

use serde_json::{Value, json};
use videoid::model::{DocumentUid, DocumentVersion, ImageUid, OtpDelivery, RequestPk, TokenUid, VideoIdHandle};
use videoid::{OneShot, OneShotConfig, RequestOptions, Source};

use super::{Failure, Given, Run, json_of};
use crate::Outcome;
use crate::values::Args;

impl Run<'_> {
    fn one_shot_config(&self) -> Outcome<OneShotConfig> {
        let base_url = match self.setup.url.as_deref() {
            Some("unreachable") => "http://127.0.0.1:1".to_owned(),
            _ => self.sandbox.one_shot_url(),
        };
        let known = &self.saved["one_shot"];
        let mut config = json!({
            "environment": "custom", "base_url": base_url, "registration_authority": known["ra"]["id"], "env": known["env"],
            "billing_username": known["billing"]["username"], "billing_password": known["billing"]["password"],
        });
        if self.tls {
            let (_, bare) = self.tls()?;
            config["tls"] = bare;
        }
        for (name, value) in &self.setup.one_shot {
            config[name.as_str()] = value.clone();
        }
        serde_json::from_value(config).map_err(|e| format!("the settings: {e}"))
    }

    pub(super) fn make_one_shot(&mut self) -> Result<OneShot, Failure> {
        let config = self.one_shot_config()?;
        self.pool.show(|| format!("{config:?}"));
        let client = match self.pool.witness().cloned() {
            None => OneShot::new(config)?,
            Some(witness) => OneShot::with_hooks(
                config,
                Arc::new(move |event| witness(format!("{event:?} {}", serde_json::to_string(event).unwrap_or_default()))),
            )?,
        };
        self.pool.show(|| format!("{client:?}"));
        self.one_shot = Some(client.clone());
        Ok(client)
    }

    pub(super) fn one_shot(&mut self) -> Result<OneShot, Failure> {
        match &self.one_shot {
            Some(client) => Ok(client.clone()),
            None => self.make_one_shot(),
        }
    }

    /// A list of sources.
    pub(super) fn sources(&self, args: &mut Args, name: &str) -> Outcome<Vec<Source>> {
        let list: Vec<Value> = args.need(name)?;
        list.iter().map(|spec| self.source(spec)).collect()
    }

    pub(super) async fn one_shot_operation(&mut self, name: &str, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        let client = self.one_shot()?;
        match name {
            "create_token" | "get_token" | "delete_token" | "list_tokens" | "hello" | "version" | "get_settings" | "update_settings" => {
                self.of_the_optimizer(&client, name, args, options).await
            }
            "upload_image" | "get_image" | "list_images" | "delete_image" | "delete_images" => {
                self.of_images(&client, name, args, options).await
            }
            "create_oneshot_request" => {
                let request = args.need("request")?;
                self.pool.show(|| format!("{request:?}"));
                let front = self.need_source(&mut args, "document_front")?;
                let rear = args.take("document_rear").map(|spec| self.source(&spec)).transpose()?;
                let owner = self.need_source(&mut args, "document_owner")?;
                let extra = args.take("extra_document").map(|spec| self.source(&spec)).transpose()?;
                args.finish()?;
                json_of(&client.create_oneshot_request(&request, &front, rear.as_ref(), &owner, extra.as_ref(), options).await?)
            }
            "create_videoid" => {
                let videoid = args.need("videoid")?;
                args.finish()?;
                self.pool.show(|| format!("{videoid:?}"));
                json_of(&client.create_videoid(&videoid, options).await?)
            }
            _ if args.has("handle") => self.of_videoid(&client, name, args, options).await,
            _ => self.of_request(&client, name, args, options).await,
        }
    }

    async fn of_the_optimizer(&self, client: &OneShot, name: &str, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        match name {
            "create_token" => {
                let token = args.need("token")?;
                args.finish()?;
                self.pool.show(|| format!("{token:?}"));
                json_of(&client.create_token(&token, options).await?)
            }
            "get_token" | "delete_token" => {
                let uid: TokenUid = args.need("token_uid")?;
                args.finish()?;
                match name {
                    "get_token" => json_of(&client.get_token(&uid, options).await?),
                    _ => json_of(&client.delete_token(&uid, options).await?),
                }
            }
            "update_settings" => {
                let settings = args.need("settings")?;
                args.finish()?;
                self.pool.show(|| format!("{settings:?}"));
                json_of(&client.update_settings(&settings, options).await?)
            }
            _ => {
                args.finish()?;
                match name {
                    "list_tokens" => json_of(&client.list_tokens(options).await?),
                    "hello" => json_of(&client.hello(options).await?),
                    "version" => json_of(&client.version(options).await?),
                    _ => json_of(&client.get_settings(options).await?),
                }
            }
        }
    }

    async fn of_images(&self, client: &OneShot, name: &str, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        match name {
            "upload_image" => {
                let image = self.need_source(&mut args, "image")?;
                args.finish()?;
                json_of(&client.upload_image(&image, options).await?)
            }
            "get_image" => {
                let (uid, path): (ImageUid, _) = (args.need("image_uid")?, self.path(&mut args, "path")?);
                args.finish()?;
                json_of(&client.get_image(&uid, &path, options).await?)
            }
            "delete_image" => {
                let uid: ImageUid = args.need("image_uid")?;
                args.finish()?;
                json_of(&client.delete_image(&uid, options).await?)
            }
            _ => {
                args.finish()?;
                match name {
                    "list_images" => json_of(&client.list_images(options).await?),
                    _ => json_of(&client.delete_images(options).await?),
                }
            }
        }
    }

    async fn of_videoid(&self, client: &OneShot, name: &str, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        let handle: VideoIdHandle = args.need("handle")?;
        match name {
            "upload_videoid_evidences" => {
                let evidence = self.evidence(&mut args)?;
                args.finish()?;
                json_of(&client.upload_videoid_evidences(&handle, &evidence, options).await?)
            }
            "upload_videoid_video" => {
                let video = self.need_source(&mut args, "video")?;
                args.finish()?;
                json_of(&client.upload_videoid_video(&handle, &video, options).await?)
            }
            "download_videoid_video" => {
                let path = self.path(&mut args, "path")?;
                args.finish()?;
                json_of(&client.download_videoid_video(&handle, &path, options).await?)
            }
            _ => {
                let (rao, reason) = (args.need("rao")?, args.opt::<String>("reason")?);
                args.finish()?;
                self.pool.show(|| format!("{rao:?}"));
                json_of(&match (name, reason) {
                    ("approve_oneshot_videoid", None) => client.approve_oneshot_videoid(&handle, &rao, options).await?,
                    ("validate_oneshot_videoid", None) => client.validate_oneshot_videoid(&handle, &rao, options).await?,
                    ("refuse_oneshot_videoid", Some(reason)) => client.refuse_oneshot_videoid(&handle, &rao, &reason, options).await?,
                    _ => return Err(Failure::Runner(format!("a call that the runner does not know: {name}"))),
                })
            }
        }
    }

    async fn of_request(&self, client: &OneShot, name: &str, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        let pk: RequestPk = args.need("request_pk")?;
        match name {
            "update_oneshot_request" => {
                let update = args.need("update")?;
                args.finish()?;
                self.pool.show(|| format!("{update:?}"));
                json_of(&client.update_oneshot_request(pk, &update, options).await?)
            }
            "upload_documents" => {
                let documents = self.sources(&mut args, "documents")?;
                args.finish()?;
                json_of(&client.upload_documents(pk, documents, options).await?)
            }
            "get_document" | "delete_document" => {
                let (uid, version): (DocumentUid, DocumentVersion) = (args.need("document_uid")?, args.need("version")?);
                if name == "delete_document" {
                    args.finish()?;
                    return json_of(&client.delete_document(pk, &uid, &version, options).await?);
                }
                let path = self.path(&mut args, "path")?;
                args.finish()?;
                json_of(&client.get_document(pk, &uid, &version, &path, options).await?)
            }
            "get_contract" => {
                let path = self.path(&mut args, "path")?;
                args.finish()?;
                json_of(&client.get_contract(pk, &path, options).await?)
            }
            "generate_otp" => {
                let method: Option<OtpDelivery> = args.opt("delivery_method")?;
                args.finish()?;
                json_of(&client.generate_otp(pk, method.as_ref(), options).await?)
            }
            "sign" => {
                let signing = args.need("signing")?;
                args.finish()?;
                self.pool.show(|| format!("{signing:?}"));
                json_of(&client.sign(pk, &signing, options).await?)
            }
            _ => {
                args.finish()?;
                match name {
                    "get_oneshot_request" => json_of(&client.get_oneshot_request(pk, options).await?),
                    "cancel_oneshot_request" => json_of(&client.cancel_oneshot_request(pk, options).await?),
                    "get_async_status" => json_of(&client.get_async_status(pk, options).await?),
                    "list_documents" => json_of(&client.list_documents(pk, options).await?),
                    "delete_documents" => json_of(&client.delete_documents(pk, options).await?),
                    other => Err(Failure::Runner(format!("a call that the runner does not know: {other}"))),
                }
            }
        }
    }
}
