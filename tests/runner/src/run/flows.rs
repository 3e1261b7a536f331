//! The workflow of a scenario, whichever of the three it is.

use std::sync::Arc;

use serde_json::{Map, Value};
use videoid::model::{NewRequest, RaoCredentials};
use videoid::workflow::{ClassicDocument, ClassicRequest, EidasVideoId, EvidenceDocument, ExternalVideoId, WaitLimits};
use videoid::{RegistrationAuthority, RequestOptions};

use super::{Failure, Given, Run, json_of};
use crate::Outcome;
use crate::values::Args;

/// The workflow that a scenario has.
#[derive(Clone)]
pub(super) enum Flow {
    External(ExternalVideoId),
    Eidas(EidasVideoId),
    Classic(ClassicRequest),
}

/// Does the same with each of the three types.
macro_rules! each {
    ($flow:expr, $it:ident => $what:expr) => {
        match $flow {
            Flow::External($it) => $what,
            Flow::Eidas($it) => $what,
            Flow::Classic($it) => $what,
        }
    };
}

impl Flow {
    /// A new workflow of the kind that the call's name begins with.
    fn new(call: &str, ra: RegistrationAuthority) -> Self {
        match kind(call) {
            "eidas" => Self::Eidas(EidasVideoId::new(ra)),
            "classic" => Self::Classic(ClassicRequest::new(ra)),
            _ => Self::External(ExternalVideoId::new(ra)),
        }
    }

    fn resume(call: &str, ra: RegistrationAuthority, state: &str) -> videoid::Result<Self> {
        Ok(match kind(call) {
            "eidas" => Self::Eidas(EidasVideoId::resume(ra, state)?),
            "classic" => Self::Classic(ClassicRequest::resume(ra, state)?),
            _ => Self::External(ExternalVideoId::resume(ra, state)?),
        })
    }

    fn state(&self) -> String {
        each!(self, flow => flow.state())
    }
}

fn kind(call: &str) -> &str {
    call.split('_').next().unwrap_or_default()
}

impl Run<'_> {
    fn flow(&mut self, call: &str) -> Result<Flow, Failure> {
        if let Some(flow) = &self.flow {
            return Ok(flow.clone());
        }
        let mut flow = Flow::new(call, self.ra()?);
        if let Some(witness) = self.pool.witness().cloned() {
            let kept = Arc::clone(&witness);
            let events: videoid::workflow::EventFn = Arc::new(move |event| witness(format!("{event:?}")));
            let store: videoid::workflow::StoreFn = Arc::new(move |state| {
                kept(state);
                Box::pin(async { Ok(()) })
            });
            flow = match flow {
                Flow::External(flow) => Flow::External(flow.with_events(events).with_store(store)),
                Flow::Eidas(flow) => Flow::Eidas(flow.with_events(events).with_store(store)),
                Flow::Classic(flow) => Flow::Classic(flow.with_events(events).with_store(store)),
            };
        }
        self.pool.show(|| format!("{} {}", each!(&flow, flow => format!("{flow:?}")), flow.state()));
        self.flow = Some(flow.clone());
        Ok(flow)
    }

    pub(super) async fn workflow(&mut self, name: &str, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        if name.ends_with("_resume") {
            let state = match args.take("state") {
                None => self.flow(name)?.state(),
                Some(Value::String(text)) => text,
                Some(other) => other.to_string(),
            };
            args.finish()?;
            let ra = self.make_client()?;
            self.flow = Some(Flow::resume(name, ra, &state)?);
            return Ok(Given(Value::Null, None, String::new()));
        }
        let flow = self.flow(name)?;
        match (name, &flow) {
            ("workflow_ways_on", _) => {
                args.finish()?;
                json_of(&each!(&flow, flow => flow.ways_on()))
            }
            ("workflow_cancel", _) => {
                args.finish()?;
                json_of(&each!(&flow, flow => flow.cancel(options).await)?)
            }
            (_, Flow::External(flow)) => self.external(name, flow, args, options).await,
            (_, Flow::Eidas(flow)) => self.eidas(name, flow, args, options).await,
            (_, Flow::Classic(flow)) => self.classic(name, flow, args, options).await,
        }
    }

    async fn external(&self, name: &str, flow: &ExternalVideoId, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        if name == "workflow_submit" {
            let (request, evidence) = (self.request(&mut args)?, self.evidence(&mut args)?);
            let video = self.need_source(&mut args, "video")?;
            args.finish()?;
            self.pool.show(|| format!("{evidence:?} {video:?} {options:?}"));
            return json_of(&flow.submit(&request, &evidence, &video, options).await?);
        }
        let rao = self.rao(&mut args)?;
        let reason: Option<String> = args.opt("reason")?;
        args.finish()?;
        json_of(&match (name, reason) {
            ("workflow_validate", None) => flow.validate(&rao, options).await?,
            ("workflow_approve", None) => flow.approve(&rao, options).await?,
            ("workflow_refuse", Some(reason)) => flow.refuse(&rao, &reason, options).await?,
            _ => return Err(unknown(name)),
        })
    }

    async fn eidas(&self, name: &str, flow: &EidasVideoId, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        match name {
            "eidas_start" => {
                let request = self.request(&mut args)?;
                args.finish()?;
                json_of(&flow.start(&request, options).await?)
            }
            "eidas_wait_for_user" | "eidas_wait_for_operator" => {
                let mut limits = WaitLimits::new(args.need("deadline_ms")?);
                limits.poll_ms = args.opt("poll_ms")?.unwrap_or(limits.poll_ms);
                limits.max_poll_ms = args.opt("max_poll_ms")?.unwrap_or(limits.max_poll_ms);
                let inbox = self.wanted_inbox(&mut args)?;
                let meanwhile = self.meanwhile(&mut args)?;
                args.finish()?;
                let call = async {
                    json_of(&match name {
                        "eidas_wait_for_user" => flow.wait_for_user(&limits, inbox.as_ref(), options).await?,
                        _ => flow.wait_for_operator(&limits, inbox.as_ref(), options).await?,
                    })
                };
                meanwhile.beside(call).await
            }
            "eidas_complete" => {
                let update = args.opt("update")?;
                let mut list = Vec::new();
                for mut own in documents(&mut args)? {
                    list.push(EvidenceDocument::new(own.need::<String>("label")?, self.need_source(&mut own, "document")?));
                    own.finish()?;
                }
                args.finish()?;
                self.pool.show(|| format!("{update:?} {list:?}"));
                json_of(&flow.complete(update.as_ref(), &list, options).await?)
            }
            "eidas_papers" => {
                let rao: String = args.need("rao_id")?;
                args.finish()?;
                json_of(&flow.papers(&rao, options).await?)
            }
            "eidas_approve" => {
                let rao = self.rao(&mut args)?;
                args.finish()?;
                json_of(&flow.approve(&rao, options).await?)
            }
            _ => Err(unknown(name)),
        }
    }

    async fn classic(&self, name: &str, flow: &ClassicRequest, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        match name {
            "classic_submit" => {
                let request = self.request(&mut args)?;
                let mut list = Vec::new();
                for mut own in documents(&mut args)? {
                    list.push(ClassicDocument::new(own.need("document_type")?, self.need_source(&mut own, "document")?));
                    own.finish()?;
                }
                args.finish()?;
                self.pool.show(|| format!("{list:?}"));
                json_of(&flow.submit(&request, &list, options).await?)
            }
            "classic_papers" => {
                let rao: String = args.need("rao_id")?;
                args.finish()?;
                json_of(&flow.papers(&rao, options).await?)
            }
            "classic_approve" => {
                let rao = self.rao(&mut args)?;
                args.finish()?;
                json_of(&flow.approve(&rao, options).await?)
            }
            _ => Err(unknown(name)),
        }
    }

    fn request(&self, args: &mut Args) -> Outcome<NewRequest> {
        let request = args.need("request")?;
        self.pool.show(|| format!("{request:?}"));
        Ok(request)
    }

    fn rao(&self, args: &mut Args) -> Outcome<RaoCredentials> {
        let rao = args.need("rao")?;
        self.pool.show(|| format!("{rao:?}"));
        Ok(rao)
    }
}

fn documents(args: &mut Args) -> Outcome<Vec<Args>> {
    let list: Vec<Map<String, Value>> = args.opt("documents")?.unwrap_or_default();
    Ok(list.into_iter().map(Args::new).collect())
}

fn unknown(name: &str) -> Failure {
    Failure::Runner(format!("a call that the runner does not know, or of another workflow than the scenario's: {name}"))
}
