//! The One-Shot workflow of a scenario, whichever of the two it is.

use std::sync::Arc;

use serde_json::Value;
use videoid::model::{NewVideoId, OneShotRao, OtpDelivery, VideoIdHandle};
use videoid::workflow::WaitLimits;
use videoid::workflow::one_shot::{OneShotEidas, OneShotExternal};
use videoid::{OneShot, RequestOptions};

use super::{Failure, Given, Run, json_of};
use crate::Outcome;
use crate::values::Args;

/// What the names of the calls begin with.
const EIDAS: &str = "one_shot_eidas_";
const EXTERNAL: &str = "one_shot_external_";

/// The One-Shot workflow that a scenario has.
#[derive(Clone)]
pub(super) enum OneShotFlow {
    Eidas(OneShotEidas),
    External(OneShotExternal),
}

/// Does the same with each of the two types.
macro_rules! each {
    ($flow:expr, $it:ident => $what:expr) => {
        match $flow {
            OneShotFlow::Eidas($it) => $what,
            OneShotFlow::External($it) => $what,
        }
    };
}

/// Whether a call is one of these workflows'.
pub(super) fn is_one_shot(call: &str) -> bool {
    call.starts_with(EIDAS) || call.starts_with(EXTERNAL)
}

impl OneShotFlow {
    fn new(call: &str, client: OneShot) -> Self {
        if call.starts_with(EIDAS) { Self::Eidas(OneShotEidas::new(client)) } else { Self::External(OneShotExternal::new(client)) }
    }

    fn resume(call: &str, client: OneShot, state: &str) -> videoid::Result<Self> {
        Ok(if call.starts_with(EIDAS) {
            Self::Eidas(OneShotEidas::resume(client, state)?)
        } else {
            Self::External(OneShotExternal::resume(client, state)?)
        })
    }
}

impl Run<'_> {
    fn one_shot_flow(&mut self, call: &str) -> Result<OneShotFlow, Failure> {
        if let Some(flow) = &self.one_shot_flow {
            return Ok(flow.clone());
        }
        let mut flow = OneShotFlow::new(call, self.one_shot()?);
        if let Some(witness) = self.pool.witness().cloned() {
            let kept = Arc::clone(&witness);
            let events: videoid::workflow::EventFn = Arc::new(move |event| witness(format!("{event:?}")));
            let store: videoid::workflow::StoreFn = Arc::new(move |state| {
                kept(state);
                Box::pin(async { Ok(()) })
            });
            flow = match flow {
                OneShotFlow::Eidas(flow) => OneShotFlow::Eidas(flow.with_events(events).with_store(store)),
                OneShotFlow::External(flow) => OneShotFlow::External(flow.with_events(events).with_store(store)),
            };
        }
        self.one_shot_flow = Some(flow.clone());
        Ok(flow)
    }

    pub(super) async fn one_shot_workflow(&mut self, name: &str, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        let step = name.strip_prefix(EIDAS).or_else(|| name.strip_prefix(EXTERNAL)).unwrap_or_default();
        if step == "resume" {
            let state = match args.take("state") {
                None => each!(&self.one_shot_flow(name)?, flow => flow.state()),
                Some(Value::String(text)) => text,
                Some(other) => other.to_string(),
            };
            args.finish()?;
            let client = self.make_one_shot()?;
            self.one_shot_flow = Some(OneShotFlow::resume(name, client, &state)?);
            return Ok(Given(Value::Null, None, String::new()));
        }
        let flow = self.one_shot_flow(name)?;
        match (&flow, step) {
            (OneShotFlow::External(flow), "submit") => {
                let (videoid, evidence) = (self.videoid(&mut args)?, self.evidence(&mut args)?);
                let video = self.need_source(&mut args, "video")?;
                args.finish()?;
                json_of(&flow.submit(&videoid, &evidence, &video, options).await?)
            }
            (OneShotFlow::Eidas(flow), "start") => {
                let videoid = self.videoid(&mut args)?;
                args.finish()?;
                json_of(&flow.start(&videoid, options).await?)
            }
            (OneShotFlow::Eidas(flow), "wait_for_user") => {
                let mut limits = WaitLimits::new(args.need("deadline_ms")?);
                limits.poll_ms = args.opt("poll_ms")?.unwrap_or(limits.poll_ms);
                limits.max_poll_ms = args.opt("max_poll_ms")?.unwrap_or(limits.max_poll_ms);
                let inbox = self.wanted_inbox(&mut args)?;
                let meanwhile = self.meanwhile(&mut args)?;
                args.finish()?;
                let call = async { json_of(&flow.wait_for_user(&limits, inbox.as_ref(), options).await?) };
                meanwhile.beside(call).await
            }
            (_, "validate" | "approve" | "refuse") => self.decision(&flow, step, args, options).await,
            _ => self.signature(&flow, step, args, options).await,
        }
    }

    async fn decision(&self, flow: &OneShotFlow, step: &str, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        let (rao, reason): (OneShotRao, Option<String>) = (args.need("rao")?, args.opt("reason")?);
        args.finish()?;
        self.pool.show(|| format!("{rao:?}"));
        json_of(&match (step, reason) {
            ("validate", None) => each!(flow, flow => flow.validate(&rao, options).await?),
            ("approve", None) => each!(flow, flow => flow.approve(&rao, options).await?),
            ("refuse", Some(reason)) => each!(flow, flow => flow.refuse(&rao, &reason, options).await?),
            _ => return Err(unknown(step)),
        })
    }

    async fn signature(&self, flow: &OneShotFlow, step: &str, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        match step {
            "documents" => {
                let documents = self.sources(&mut args, "documents")?;
                args.finish()?;
                json_of(&each!(flow, flow => flow.documents(documents, options).await?))
            }
            "contract" => {
                let path = self.path(&mut args, "path")?;
                args.finish()?;
                json_of(&each!(flow, flow => flow.contract(&path, options).await?))
            }
            "otp" => {
                let method: Option<OtpDelivery> = args.opt("delivery_method")?;
                args.finish()?;
                json_of(&each!(flow, flow => flow.otp(method.as_ref(), options).await?))
            }
            "sign" => {
                let signing = args.need("signing")?;
                args.finish()?;
                self.pool.show(|| format!("{signing:?}"));
                json_of(&each!(flow, flow => flow.sign(&signing, options).await?))
            }
            "save" | "delete" => {
                let folder = self.path(&mut args, "folder")?;
                args.finish()?;
                match step {
                    "save" => json_of(&each!(flow, flow => flow.save(&folder, options).await?)),
                    _ => json_of(&each!(flow, flow => flow.delete(&folder, options).await?)),
                }
            }
            "adopt" => {
                let handle: VideoIdHandle = args.need("handle")?;
                args.finish()?;
                json_of(&each!(flow, flow => flow.adopt(&handle).await?))
            }
            _ => {
                args.finish()?;
                match step {
                    "look" => json_of(&each!(flow, flow => flow.look(options).await?)),
                    "create_anew" => json_of(&each!(flow, flow => flow.create_anew().await?)),
                    "contract_shown" => json_of(&each!(flow, flow => flow.contract_shown().await?)),
                    "cancel" => json_of(&each!(flow, flow => flow.cancel(options).await?)),
                    _ => Err(unknown(step)),
                }
            }
        }
    }

    fn videoid(&self, args: &mut Args) -> Outcome<NewVideoId> {
        let videoid = args.need("videoid")?;
        self.pool.show(|| format!("{videoid:?}"));
        Ok(videoid)
    }
}

fn unknown(step: &str) -> Failure {
    Failure::Runner(format!("a call that the runner does not know, or of another workflow than the scenario's: {step}"))
}
