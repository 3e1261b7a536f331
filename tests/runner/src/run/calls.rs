//! The calls that are no operation: evidence, bundles, profiles, webhooks, waiting, lists, the client certificate.

use futures_util::TryStreamExt as _;
use serde_json::{Value, json};
use videoid::evidence::{Bundle, check_video};
use videoid::model::{Flow, Request, Scratchcard, Status};
use videoid::profiles::{check_request, profile, profiles};
use videoid::ra::Listing;
use videoid::webhook::parse_webhook;
use videoid::{Api, RequestOptions, WaitFor};

use super::one_shot_flows::is_one_shot;
use super::{Failure, Given, Object, Run, json_of};
use crate::Outcome;
use crate::values::{Args, builder};

impl Run<'_> {
    pub(super) async fn call(&mut self, name: &str, args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        match name {
            "new_client" | "new_one_shot_client" | "client_certificate" | "replace_identity" => self.of_the_client(name, args),
            "build_evidence" | "check_evidence" | "check_video" | "save_bundle" | "load_bundle" => self.of_evidence(name, args),
            "status_next_steps" | "ways_on" | "profiles" | "profile" | "check_request" | "parse_webhook" | "receive_webhook" => {
                self.without_io(name, args)
            }
            "wait_for" => self.wait_for(args, options).await,
            "collect_requests" => {
                let (ra, filter) = (self.ra()?, self.filter(args)?);
                collected::<Request>(ra.requests(&filter, options)).await
            }
            "collect_scratchcards" => {
                let (ra, filter) = (self.ra()?, self.filter(args)?);
                collected::<Scratchcard>(ra.scratchcards(&filter, options)).await
            }
            _ if ["workflow_", "eidas_", "classic_"].iter().any(|start| name.starts_with(start)) => {
                self.workflow(name, args, options).await
            }
            _ if is_one_shot(name) => self.one_shot_workflow(name, args, options).await,
            _ if videoid::operation(name).is_some_and(|operation| operation.api == Api::OneShot) => {
                self.one_shot_operation(name, args, options).await
            }
            _ => self.operation(name, args, options).await,
        }
    }

    fn filter<T: serde::de::DeserializeOwned + std::fmt::Debug>(&self, mut args: Args) -> Outcome<T> {
        let filter = args.need("filter")?;
        args.finish()?;
        self.pool.show(|| format!("{filter:?}"));
        Ok(filter)
    }

    fn of_the_client(&mut self, name: &str, mut args: Args) -> Result<Given, Failure> {
        if name == "replace_identity" {
            let identity = self.client_identity(&args.need::<String>("identity")?)?;
            args.finish()?;
            self.pool.show(|| format!("{identity:?}"));
            return json_of(&self.ra()?.replace_identity(&identity)?);
        }
        args.finish()?;
        if name == "client_certificate" {
            return json_of(&self.ra()?.client_certificate());
        }
        if name == "new_one_shot_client" {
            self.make_one_shot()?;
        } else {
            self.make_client()?;
        }
        Ok(Given(Value::Null, None, String::new()))
    }

    fn of_evidence(&self, name: &str, mut args: Args) -> Result<Given, Failure> {
        match name {
            "build_evidence" => {
                let builder = builder(args, self.temp.path())?;
                self.pool.show(|| format!("{builder:?}"));
                let evidence = builder.build()?;
                let json = json!({ "content_length": evidence.content_length(), "report": evidence.report() });
                let text = format!("{evidence:?}");
                Ok(Given(json, Some(Object::Evidence(evidence)), text))
            }
            "check_evidence" => json_of(&builder(args, self.temp.path())?.check()?),
            "check_video" => {
                let video = self.need_source(&mut args, "video")?;
                args.finish()?;
                json_of(&check_video(&video, &videoid::config::Limits::default())?)
            }
            "save_bundle" => {
                let (dir, evidence) = (self.path(&mut args, "dir")?, self.evidence(&mut args)?);
                let video = args.take("video").map(|spec| self.source(&spec)).transpose()?;
                args.finish()?;
                json_of(&Bundle::save(&dir, &evidence, video.as_ref())?)
            }
            _ => {
                let dir = self.path(&mut args, "dir")?;
                args.finish()?;
                let bundle = Bundle::load(&dir)?;
                let text = format!("{bundle:?}");
                Ok(Given(json!({ "manifest": bundle.manifest() }), Some(Object::Bundle(bundle)), text))
            }
        }
    }

    fn without_io(&self, name: &str, mut args: Args) -> Result<Given, Failure> {
        match name {
            "status_next_steps" => {
                let status: Status = args.need("status")?;
                args.finish()?;
                json_of(&status.next_steps())
            }
            "ways_on" => {
                let (status, flow): (Status, Flow) = (args.need("status")?, args.need("flow")?);
                args.finish()?;
                json_of(&status.ways_on(&flow))
            }
            "profiles" => {
                args.finish()?;
                json_of(&profiles())
            }
            "profile" => {
                let name: String = args.need("name")?;
                args.finish()?;
                json_of(&profile(&name))
            }
            "check_request" => {
                let (request, flow) = (args.need("request")?, args.need("flow")?);
                args.finish()?;
                json_of(&check_request(&request, &flow))
            }
            _ => {
                let mut body: String = args.need("body")?;
                let length = args.opt::<usize>("pad_to")?.unwrap_or(0);
                args.finish()?;
                body.extend(std::iter::repeat_n(' ', length.saturating_sub(body.len())));
                let webhook =
                    if name == "parse_webhook" { parse_webhook(body.as_bytes())? } else { self.inbox.receive(body.as_bytes())? };
                json_of(&webhook)
            }
        }
    }

    async fn wait_for(&mut self, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        let ra = self.ra()?;
        let pk = args.need("request_pk")?;
        let mut wait = WaitFor::new(args.need::<Vec<Status>>("statuses")?, args.need("deadline_ms")?);
        wait.poll_ms = args.opt("poll_ms")?.unwrap_or(wait.poll_ms);
        wait.max_poll_ms = args.opt("max_poll_ms")?.unwrap_or(wait.max_poll_ms);
        let inbox = self.wanted_inbox(&mut args)?;
        let meanwhile = self.meanwhile(&mut args)?;
        args.finish()?;
        let call = async { json_of(&ra.wait_for(pk, &wait, inbox.as_ref(), options).await?) };
        meanwhile.beside(call).await
    }
}

async fn collected<T: serde::Serialize + std::fmt::Debug>(listing: Listing<T>) -> Result<Given, Failure> {
    let all: Vec<T> = listing.try_collect().await?;
    let Given(list, _, text) = json_of(&all)?;
    Ok(Given(json!({ "results": list }), None, text))
}
