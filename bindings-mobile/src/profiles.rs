//! The documented certificate profiles.

use crate::error::VideoIdError;
use crate::generated::{Flow, NewRequest, Profile, RequestReport};

/// The documented certificate profiles.
#[uniffi::export]
pub fn all_profiles() -> Vec<Profile> {
    videoid::profiles::profiles().into_iter().map(Into::into).collect()
}

/// The documented profile of exactly that name.
#[uniffi::export]
pub fn find_profile(name: String) -> Option<Profile> {
    videoid::profiles::profile(&name).map(Into::into)
}

/// What the documented profile of a request asks for and the request lacks in that flow, and values that the profile does not
/// take. Sends nothing; nothing is found for a profile that is not documented.
#[uniffi::export]
pub fn check_request(request: NewRequest, flow: Flow) -> Result<RequestReport, VideoIdError> {
    let request = request.try_into()?;
    Ok(videoid::profiles::check_request(&request, &flow.into()).into())
}
