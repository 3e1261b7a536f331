//! What is known without a network: statuses, profiles, the form of answers.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use videoid::model::{Flow, NewRequest as CoreRequest, Status};
use videoid::ra::parse_answer as core_parse_answer;
use videoid::{Error, ErrorCode, profiles as core_profiles};

use crate::convert::write;
use crate::error::guarded_sync;
use crate::generated::{NewRequest, Profile, RequestReport};

/// The operations that the documents allow next in a status.
#[napi]
pub fn status_next_steps(status: String) -> Vec<String> {
    Status::from(status.as_str()).next_steps()
}

/// Whether nothing more is to be done for a request in that status.
#[napi]
pub fn status_is_final(status: String) -> bool {
    Status::from(status.as_str()).is_final()
}

/// What can be done for a request of that flow that does not go ahead.
#[napi]
pub fn status_ways_on(status: String, flow: String) -> Vec<String> {
    let ways = Status::from(status.as_str()).ways_on(&Flow::from(flow.as_str()));
    ways.iter().map(|way| way.as_str().to_owned()).collect()
}

/// Every documented profile.
#[napi]
pub fn profiles() -> Vec<Profile> {
    core_profiles::profiles().into_iter().map(Into::into).collect()
}

/// The documented profile of that name.
#[napi]
pub fn profile(name: String) -> Option<Profile> {
    core_profiles::profile(&name).map(Into::into)
}

/// What the request's profile finds fault with.
#[napi]
pub fn check_request(request: NewRequest, flow: String) -> napi::Result<RequestReport> {
    let request: CoreRequest = request.try_into()?;
    guarded_sync(|| Ok(core_profiles::check_request(&request, &Flow::from(flow.as_str())).into()))
}

/// An answer of the service as the JSON of its model. For the package's own tests, which read every documented body.
#[napi]
pub fn parse_answer(operation: String, http_status: u32, body: Buffer) -> napi::Result<String> {
    let value = guarded_sync(|| {
        let status = u16::try_from(http_status).map_err(|_| Error::new(ErrorCode::FieldInvalid, "http_status: a status of HTTP"))?;
        core_parse_answer(&operation, status, &body)
    })?;
    write(&value)
}
