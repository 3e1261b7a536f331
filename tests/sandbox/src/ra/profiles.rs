//! The documented certificate profiles: which fields each requires, and which are for natural persons.

use serde_json::Value;

use crate::state::Request;

/// What every profile requires.
const ALWAYS: [&str; 5] = ["profile", "scratchcard", "registration_authority", "secure_element", "validity_time"];

/// One line for each set of further fields: the names of its profiles, a colon, the fields.
const TABLE: &str = include_str!("profiles.txt");

fn line(profile: &str) -> Option<&'static str> {
    TABLE.lines().find_map(|line| {
        let (names, fields) = line.split_once(": ")?;
        names.split(' ').any(|name| name == profile).then_some(fields)
    })
}

/// The fields that a profile requires. Of one that is not documented, what every request needs.
pub(super) fn required(profile: &str) -> Vec<&'static str> {
    match line(profile) {
        Some(fields) => ALWAYS.into_iter().chain(fields.split(' ')).collect(),
        None => vec!["profile", "scratchcard", "registration_authority", "email"],
    }
}

/// Whether the certificate names a person and no organisation. Of a profile that is not documented, the request's fields decide.
pub(super) fn natural_person(request: &Request) -> bool {
    const ORGANIZATION: &str = "organization_";
    match line(&request.field("profile")) {
        Some(fields) => !fields.split(' ').any(|field| field.starts_with(ORGANIZATION)),
        None => !request.fields.iter().any(|(name, value)| name.starts_with(ORGANIZATION) && *value != Value::Null),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(profile: &str) -> Request {
        let mut request = Request::default();
        request.fields.insert("profile".into(), json!(profile));
        request
    }

    #[test]
    fn all_profiles_are_there() {
        assert_eq!(TABLE.lines().map(|line| line.split(": ").next().map_or(0, |names| names.split(' ').count())).sum::<usize>(), 45);
        assert!(required("PFqscdCiudadano").contains(&"smartcard_sn"));
        assert_eq!(required("CCPNIndividual").len(), 4);
    }

    #[test]
    fn persons_are_told_from_organisations() {
        for name in ["PFnubeQAFCiudadano", "PFnubeNC", "PEPNCiudadano", "CCPNIndividual"] {
            assert!(natural_person(&of(name)), "{name}");
        }
        for name in ["PFnubeQAFEmpresa", "REPnubeQ", "SELLOPJsoft", "PEPNRepresentante", "EMPUBsoft"] {
            assert!(!natural_person(&of(name)), "{name}");
        }
        let mut private = of("OwnProfile");
        private.fields.insert("organization_name".into(), json!("UTOPIA"));
        assert!(!natural_person(&private));
    }
}
