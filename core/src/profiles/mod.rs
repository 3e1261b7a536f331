//! The certificate profiles that the vendor documents, and what a request for one of them needs.
//!
//! The table is advice: the vendor's own samples break it, and private profiles exist. A name that is not in it passes without a
//! finding.

mod check;
mod countries;
mod table;

pub use check::{RequestReport, check_request};
pub use table::{AllowedValues, Profile};

/// Every documented profile, in the order of the documents.
///
/// ```
/// let names: Vec<String> = videoid::profiles::profiles().into_iter().map(|profile| profile.name).collect();
/// assert_eq!(names.len(), 45);
/// assert!(names.contains(&"PFnubeQAFCiudadano".to_owned()));
/// ```
pub fn profiles() -> Vec<Profile> {
    table::all().to_vec()
}

/// The documented profile of that name; `None` for a private one.
///
/// ```
/// let profile = videoid::profiles::profile("PFqscdCiudadano").unwrap();
/// assert!(profile.natural_person && profile.required.contains(&"smartcard_sn".to_owned()));
/// ```
pub fn profile(name: &str) -> Option<Profile> {
    table::find(name).cloned()
}
