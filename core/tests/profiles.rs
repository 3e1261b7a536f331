//! The check of a request against the table of profiles: all of them, each field, each flow.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use serde_json::{Map, Value, json};
use videoid::evidence::Severity;
use videoid::model::{Flow, NewRequest};
use videoid::profiles::{Profile, check_request, profile, profiles};

const FLOWS: [Flow; 3] = [Flow::Classic, Flow::ExternalVideoId, Flow::EidasVideoId];

/// What the client fills in itself, or takes from the profile's name.
const OWN: [&str; 3] = ["profile", "scratchcard", "registration_authority"];

/// A request that has what its profile needs, with the last of the values that each field may have.
fn whole(profile: &Profile) -> Map<String, Value> {
    let value = |field: &str| {
        if let Some(allowed) = profile.allowed.iter().find(|a| a.field == field) {
            return json!(allowed.values.last().unwrap());
        }
        if profile.iso_3166_1_alpha_2.iter().any(|f| f == field) {
            return json!("ES");
        }
        json!(match field {
            "profile" => profile.name.as_str(),
            "email" | "organization_email" => "anna@example.com",
            "mobile_phone_number" => "+34600000000",
            _ => "EXAMPLE",
        })
    };
    let own = |field: &&String| *field == "profile" || !OWN.contains(&field.as_str());
    profile.required.iter().filter(own).map(|field| (field.clone(), value(field))).collect()
}

fn found(fields: &Map<String, Value>, flow: &Flow) -> Vec<(String, String)> {
    let request: NewRequest = serde_json::from_value(Value::Object(fields.clone())).unwrap();
    let report = check_request(&request, flow);
    assert!(report.findings.iter().all(|f| f.severity == Severity::Warning && !f.rule.is_empty()));
    report.findings.into_iter().map(|f| (f.code, f.field)).collect()
}

fn one(code: &str, field: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), field.to_owned())]
}

#[test]
fn a_request_with_all_that_is_needed_passes() {
    assert_eq!(profiles().len(), 45);
    for profile in profiles() {
        for flow in &FLOWS {
            assert_eq!(found(&whole(&profile), flow), [], "{} {}", profile.name, flow.as_str());
        }
    }
}

#[test]
fn each_missing_field_is_found() {
    let from_the_video = ["given_name", "surname_1", "serial_number", "id_document_type", "id_document_country", "id_document_number"];
    let mut seen = 0;
    for profile in profiles() {
        for field in profile.required.iter().filter(|field| !OWN.contains(&field.as_str())) {
            for blank in [None, Some(Value::Null), Some(json!("  "))] {
                let mut fields = whole(&profile);
                match blank {
                    None => fields.remove(field),
                    Some(value) => fields.insert(field.clone(), value),
                };
                // The create call needs an address whatever the profile says, and its type is not optional.
                if field == "email" && fields.get("email").is_some_and(Value::is_null) {
                    continue;
                }
                for flow in &FLOWS {
                    let shown = *flow != Flow::Classic && from_the_video.contains(&field.as_str());
                    // The data of an organization come with the update after the operator's validation.
                    let contact = ["email", "mobile_phone_number"].contains(&field.as_str());
                    let later = *flow == Flow::EidasVideoId && !profile.natural_person && !contact;
                    let expected = if shown || later { Vec::new() } else { one("field_missing", field) };
                    assert_eq!(found(&fields, flow), expected, "{} {}", profile.name, flow.as_str());
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 2000, "{seen}");
}

#[test]
fn each_wrong_value_is_found() {
    for profile in profiles() {
        let countries = profile.iso_3166_1_alpha_2.iter().map(|field| (field, json!("UT")));
        let restricted = profile.allowed.iter().map(|allowed| (&allowed.field, json!(7)));
        for (field, wrong) in countries.chain(restricted) {
            for flow in &FLOWS {
                let mut fields = whole(&profile);
                fields.insert(field.clone(), wrong.clone());
                assert_eq!(found(&fields, flow), one("field_invalid", field), "{}", profile.name);
            }
        }
        for allowed in &profile.allowed {
            for value in &allowed.values {
                let mut fields = whole(&profile);
                // A number and its text are the same.
                fields.insert(allowed.field.clone(), value.parse::<i64>().map_or_else(|_| json!(value), |number| json!(number)));
                assert_eq!(found(&fields, &Flow::Classic), [], "{} {value}", profile.name);
            }
        }
    }
}

#[test]
fn the_further_fields_count_like_the_named_ones() {
    let profile = profile("PFnubeQAFCiudadano").unwrap();
    let mut request = NewRequest::new(&profile.name, "anna@example.com");
    for (name, value) in whole(&profile) {
        if !["profile", "email"].contains(&name.as_str()) {
            request.extra.insert(name, value);
        }
    }
    assert!(check_request(&request, &Flow::Classic).is_empty());
    request.extra.insert("validity_time".into(), json!("366"));
    request.extra.remove("serial_number");
    let findings = check_request(&request, &Flow::Classic).findings;
    let fields: Vec<_> = findings.iter().map(|f| (f.code.as_str(), f.field.as_str())).collect();
    assert_eq!(fields, [("field_invalid", "validity_time"), ("field_missing", "serial_number")]);
}

#[test]
fn an_optional_field_with_a_wrong_value_is_found() {
    let profile = profile("PFnubeQAFCiudadano").unwrap();
    let mut fields = whole(&profile);
    fields.insert("country_name".into(), json!("España"));
    assert_eq!(found(&fields, &Flow::EidasVideoId), one("field_invalid", "country_name"));
}

#[test]
fn an_unknown_profile_passes() {
    for name in ["CCPNIndividual", "", "pfnubeqafciudadano"] {
        for flow in &FLOWS {
            assert!(check_request(&NewRequest::new(name, ""), flow).is_empty(), "{name}");
        }
    }
}

#[test]
fn findings_hold_no_value() {
    let mut request = NewRequest::new("PFqscdEmpresa", "anna@example.com");
    request.id_document_country = Some("ERIKSSON".into());
    request.organizational_unit_1 = Some("ERIKSSON".into());
    request.id_document_type = Some("ERIKSSON".into());
    let report = check_request(&request, &Flow::Classic);
    assert!(report.findings.len() > 10);
    assert!(!format!("{report:?}").contains("ERIKSSON"));
}
