//! The table of profiles, read once from the file beside this one.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// What a certificate profile asks of a request, with the service's names of the fields.
///
/// Source: the vendor's guide to the RA API, "Certificate Profiles".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Profile {
    /// Its name, as `NewRequest.profile` takes it.
    pub name: String,
    /// Where it is offered: `Europe`, `Peru` or `Global`.
    pub region: String,
    /// Fields that a request needs. In a VideoID request the holder's names, document, number and birth date come from the video.
    pub required: Vec<String>,
    /// Fields that it may have.
    pub optional: Vec<String>,
    /// Fields of which only some values are taken.
    pub allowed: Vec<AllowedValues>,
    /// Fields that hold a country as ISO 3166-1 alpha-2.
    pub iso_3166_1_alpha_2: Vec<String>,
    /// Whether the certificate is for a person alone: no field of an organization or of somebody responsible is needed. After the
    /// operator's validation of an eIDAS VideoID such a request is documented to be ready, the others to be completed first.
    pub natural_person: bool,
}

/// A field and the values that a profile takes for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AllowedValues {
    /// The field.
    pub field: String,
    /// The values as text; numbers may be sent as numbers.
    pub values: Vec<String>,
}

/// The file. Lists of names are one text with spaces, and a profile that differs little from an earlier one says from which:
/// the table is part of libraries for phones.
#[derive(Deserialize)]
struct File {
    validity_time: Vec<i64>,
    profiles: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    #[serde(default)]
    like: String,
    #[serde(default)]
    region: String,
    #[serde(default)]
    required: String,
    #[serde(default)]
    optional: String,
    #[serde(default)]
    countries: String,
    #[serde(default)]
    allowed: Allowed,
}

/// The fields that some profile restricts, other than `validity_time`, which all restrict alike.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Allowed {
    secure_element: Vec<i64>,
    id_document_type: Vec<String>,
    id_responsible_document_type: Vec<String>,
    organizational_unit_1: Vec<String>,
}

/// Every profile.
pub(super) fn all() -> &'static [Profile] {
    static TABLE: OnceLock<Vec<Profile>> = OnceLock::new();
    // The file is part of the crate, and a test reads it: what cannot be read would be no table, never a panic.
    TABLE.get_or_init(|| parse(include_str!("profiles.json")).unwrap_or_default())
}

/// The profile of that name.
pub(crate) fn find(name: &str) -> Option<&'static Profile> {
    all().iter().find(|profile| profile.name == name)
}

fn parse(text: &str) -> Option<Vec<Profile>> {
    let file: File = serde_json::from_str(text).ok()?;
    let mut profiles: Vec<Profile> = Vec::with_capacity(file.profiles.len());
    for row in file.profiles {
        let mut profile = if row.like.is_empty() {
            let mut profile = Profile {
                required: words(&row.required),
                optional: words(&row.optional),
                iso_3166_1_alpha_2: words(&row.countries),
                ..Profile::default()
            };
            profile.natural_person = !profile.required.iter().any(|field| is_of_an_organization(field));
            profile
        } else {
            profiles.iter().find(|profile| profile.name == row.like)?.clone()
        };
        profile.name = row.name;
        if !row.region.is_empty() {
            profile.region = row.region;
        }
        profile.allow("secure_element", numbers(&row.allowed.secure_element));
        profile.allow("validity_time", numbers(&file.validity_time));
        profile.allow("id_document_type", row.allowed.id_document_type);
        profile.allow("id_responsible_document_type", row.allowed.id_responsible_document_type);
        profile.allow("organizational_unit_1", row.allowed.organizational_unit_1);
        profiles.push(profile);
    }
    Some(profiles)
}

impl Profile {
    fn allow(&mut self, field: &str, values: Vec<String>) {
        if values.is_empty() {
            return;
        }
        match self.allowed.iter_mut().find(|allowed| allowed.field == field) {
            Some(allowed) => allowed.values = values,
            None => self.allowed.push(AllowedValues { field: field.to_owned(), values }),
        }
    }
}

fn is_of_an_organization(field: &str) -> bool {
    ["organization", "responsible", "id_responsible"].iter().any(|start| field.starts_with(start))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn numbers(values: &[i64]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let profiles = parse(include_str!("profiles.json")).unwrap();
        assert_eq!(profiles.len(), 45);
        for profile in &profiles {
            let name = &profile.name;
            assert!(["Europe", "Peru", "Global"].contains(&profile.region.as_str()), "{name}");
            assert!(profile.required.len() >= 12 && !profile.optional.is_empty(), "{name}");
            assert!(profile.required.iter().all(|field| !profile.optional.contains(field)), "{name}");
            assert!(!profile.allowed.is_empty() && !profile.iso_3166_1_alpha_2.is_empty(), "{name}");
            let restricted = profile.allowed.iter().map(|allowed| &allowed.field).chain(&profile.iso_3166_1_alpha_2);
            for field in restricted {
                assert!(profile.required.contains(field) || profile.optional.contains(field), "{name}: {field}");
            }
            assert_eq!(profiles.iter().filter(|other| other.name == *name).count(), 1, "{name}");
        }
    }

    #[test]
    fn natural_persons_have_no_organization() {
        let natural: Vec<&str> = all().iter().filter(|profile| profile.natural_person).map(|profile| profile.name.as_str()).collect();
        assert_eq!(
            natural,
            ["PFSoftAFCiudadano", "PFqscdCiudadano", "PFnubeAFCiudadano", "PFnubeQAFCiudadano", "PEPNCiudadano", "PFSoftNC", "PFnubeNC"]
        );
    }

    #[test]
    fn a_row_that_is_like_another_has_what_it_does_not_say() {
        let (base, like) = (find("PFSoftAFCiudadano").unwrap(), find("PFnubeQAFCiudadano").unwrap());
        assert_eq!((&base.required, &base.optional, &base.region), (&like.required, &like.optional, &like.region));
        let elements = |profile: &Profile| profile.allowed.iter().find(|a| a.field == "secure_element").unwrap().values.clone();
        assert_eq!((elements(base), elements(like)), (vec!["0".to_owned()], vec!["2".to_owned()]));
    }
}
