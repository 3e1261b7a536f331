//! The One-Shot API, External and eIDAS VideoID: identified, approved, and on to the signed document.

use std::io::BufRead as _;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use videoid::config::Dialect;
use videoid::model::{BillingEnv, NewVideoId, OneShotRao, Signing, Status};
use videoid::workflow::WaitLimits;
use videoid::workflow::one_shot::{OneShotEidas, OneShotExternal, OneShotOutcome};
use videoid::{OneShot, OneShotConfig, RequestOptions, Source};

use crate::args::Args;
use crate::{Failure, external, say, tell, telling, told};

fn client(args: &Args) -> Result<OneShot, Failure> {
    let dialect = Dialect::from(args.optional("dialect").unwrap_or("current"));
    let mut config = OneShotConfig::custom(args.needed("one-shot-url")?, dialect);
    config.registration_authority = Some(args.needed("ra")?.into());
    config.env = Some(BillingEnv::from(args.optional("env").unwrap_or("sandbox")));
    // In clear: the client encodes the password as the service wants it.
    config.billing_username = Some(args.secret("billing-username", "VIDEOID_BILLING_USERNAME")?.into());
    config.billing_password = Some(args.secret("billing-password", "VIDEOID_BILLING_PASSWORD")?.into());
    Ok(OneShot::new(config)?)
}

/// One person, who is to sign.
fn videoid() -> NewVideoId {
    NewVideoId::new("PFnubeQAFCiudadano", "anna@example.com", "+34600000000")
}

/// From the officer's decision on both workflows have the same steps.
macro_rules! decided_and_signed {
    ($flow:expr, $args:expr, $out:expr) => {{
        let (flow, args, out): (_, &Args, &Path) = ($flow, $args, $out);
        let options = RequestOptions::new();
        let rao = OneShotRao::from(&args.rao()?);
        if let Some(reason) = args.optional("refuse") {
            return Ok(done(&flow.refuse(&rao, reason, &options).await?));
        }
        let approved = flow.approve(&rao, &options).await?;
        if !approved.approved {
            // In 2-step mode it was only validated: its status says so, and nothing can be signed yet.
            return Ok(done(&approved));
        }
        flow.documents(vec![Source::path(args.path("document")?)], &telling()).await?;

        let contract = flow.contract(&out.join("contract.pdf"), &options).await?;
        told("contract", &contract.path);
        // Here the signer reads it. Without this word the workflow does not sign.
        flow.contract_shown().await?;

        let pk = flow.otp(None, &options).await.map(|_| approved.handle.request_pk)?;
        say(&json!({ "event": "waiting", "for": "otp", "request_pk": pk }));
        let signed = flow.sign(&Signing::with_otp(typed()?), &options).await?;
        for document in flow.save(out, &options).await?.documents {
            told("signed", &document.file.path);
        }
        // `flow.delete(out)` would now delete the documents from the Optimizer, which never does so by itself.
        Ok(done(&signed))
    }};
}

pub(crate) async fn external(args: &Args, out: &Path) -> Result<Value, Failure> {
    let flow = OneShotExternal::new(client(args)?).with_events(Arc::new(tell));
    let video = Source::path(args.path("video")?);
    flow.submit(&videoid(), &external::evidence(args)?, &video, &telling()).await?;
    decided_and_signed!(&flow, args, out)
}

pub(crate) async fn eidas(args: &Args, out: &Path) -> Result<Value, Failure> {
    let flow = OneShotEidas::new(client(args)?).with_events(Arc::new(tell));
    let options = RequestOptions::new();
    // The service sends the user the link. What `start` gives has it too, for a page of one's own; it is never printed.
    flow.start(&videoid(), &options).await?;
    let mut limits = WaitLimits::new(60_000);
    (limits.poll_ms, limits.max_poll_ms) = (200, 1000);
    say(&json!({ "event": "waiting", "for": "user" }));
    let seen = flow.wait_for_user(&limits, None, &options).await?;
    if matches!(seen.status, Status::VideoIncomplete | Status::VideoError) {
        // `seen.ways_on` says what is open now.
        return Ok(done(&seen));
    }
    decided_and_signed!(&flow, args, out)
}

/// The one-time password that the signer types.
fn typed() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    match line.trim() {
        "" => Err(Failure::Usage("the one-time password is read from standard input, which is closed".into())),
        otp => Ok(otp.to_owned()),
    }
}

fn done(outcome: &OneShotOutcome) -> Value {
    json!({
        "event": "done", "status": outcome.status, "videoid_status": outcome.videoid_status,
        "request_pk": outcome.handle.request_pk,
    })
}
