//! What the update call sends.

use serde::{Deserialize, Serialize};

use super::ids::{RaId, ScratchcardSn};
use super::json::Extra;
use super::lenient;
use crate::secret::SensitiveString;

/// The data that a request is to have (`PUT /requests/{id}/`): the five fields that the service always wants, and what else is to
/// be set. Only what is set is sent; what becomes of the fields that are left out is not documented, so give all that count.
///
/// What came from the video identification cannot be changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RequestUpdate {
    /// Certificate profile. Needed.
    pub profile: String,
    /// The card that the request consumed, as [`Request`](super::Request) shows it. Needed.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub scratchcard: Option<ScratchcardSn>,
    /// The registration authority. Left out, the client's own setting is sent.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub registration_authority: Option<RaId>,
    /// E-mail address of the holder. Needed.
    pub email: SensitiveString,
    /// Country of the holder, ISO 3166-1 alpha-2. Needed.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub country_name: Option<String>,
    /// How long the certificate is valid, in days: 1, 3, 365, 730, 1095 or 1825.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub validity_time: Option<i64>,
    /// Where the keys live: 0 software, 1 smartcard, 2 cloud. Depends on the profile.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub secure_element: Option<i64>,
    /// The officer who identifies, where it is not the one who approves.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub identification_rao: Option<i64>,
    /// Serial number of the smartcard, for profiles with `secure_element` 1.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub smartcard_sn: Option<String>,
    /// Type of the identity document: `IDC`, `PAS`, `PNO`, `TIN`; `DNI`, `CEX`, `PAS` for Peruvian profiles.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub id_document_type: Option<String>,
    /// Country that issued the identity document, ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub id_document_country: Option<String>,
    /// Number of the identity document, where it is not `serial_number`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub id_document_number: Option<SensitiveString>,
    /// Description of the identity document.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub id_document_description: Option<SensitiveString>,
    /// Authority that issued the identity document.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub id_document_issuer: Option<SensitiveString>,
    /// The holder's national identification number.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub serial_number: Option<SensitiveString>,
    /// Given names. In a VideoID request the identity comes from the video.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub given_name: Option<SensitiveString>,
    /// First surname.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub surname_1: Option<SensitiveString>,
    /// Second surname.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub surname_2: Option<SensitiveString>,
    /// Mobile phone with the international prefix, for example `+34600000000`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub mobile_phone_number: Option<SensitiveString>,
    /// Landline phone.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub fix_phone_number: Option<SensitiveString>,
    /// Sex as on the document.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub sex: Option<SensitiveString>,
    /// Date of birth, `dd/mm/YYYY`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub birth_date: Option<SensitiveString>,
    /// City of birth.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub birth_city: Option<SensitiveString>,
    /// Province of birth.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub birth_province: Option<SensitiveString>,
    /// State of birth.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub birth_state: Option<SensitiveString>,
    /// District of birth.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub birth_district: Option<SensitiveString>,
    /// Canton of birth.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub birth_canton: Option<SensitiveString>,
    /// Tax number of the holder.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub citizen_tax_number: Option<SensitiveString>,
    /// Country of residence.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence: Option<SensitiveString>,
    /// Street address.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_address: Option<SensitiveString>,
    /// City of residence.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_city: Option<SensitiveString>,
    /// Province of residence.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_province: Option<SensitiveString>,
    /// Postal code of residence.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_postal_code: Option<SensitiveString>,
    /// State of residence.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_state: Option<SensitiveString>,
    /// District of residence.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_district: Option<SensitiveString>,
    /// Canton of residence.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_canton: Option<SensitiveString>,
    /// The holder's title or position.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub title: Option<SensitiveString>,
    /// Number in a professional register.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub professional_id_number: Option<SensitiveString>,
    /// Name of the organization.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_name: Option<String>,
    /// Identifier of the organization.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_identifier: Option<String>,
    /// Tax number of the organization.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_tax_number: Option<String>,
    /// Role of the organization (the service's spelling).
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_rol: Option<String>,
    /// E-mail address of the organization.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub organization_email: Option<SensitiveString>,
    /// Web address of the organization.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_url: Option<String>,
    /// Country of the organization, ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_country: Option<String>,
    /// Address of the organization.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_address: Option<String>,
    /// City of the organization.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_city: Option<String>,
    /// Province of the organization.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_province: Option<String>,
    /// Postal code of the organization.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_postal_code: Option<String>,
    /// State of the organization.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_state: Option<String>,
    /// First organizational unit; some profiles prescribe its text.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organizational_unit_1: Option<String>,
    /// Second organizational unit.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organizational_unit_2: Option<String>,
    /// Third organizational unit.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organizational_unit_3: Option<String>,
    /// Fourth organizational unit.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organizational_unit_4: Option<String>,
    /// Given name of the person responsible.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub responsible_name: Option<SensitiveString>,
    /// First surname of the person responsible.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub responsible_first_surname: Option<SensitiveString>,
    /// Second surname of the person responsible.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub responsible_second_surname: Option<SensitiveString>,
    /// Identification number of the person responsible.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub responsible_serial: Option<SensitiveString>,
    /// Position of the person responsible.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub responsible_position: Option<SensitiveString>,
    /// E-mail address of the person responsible.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub responsible_email: Option<SensitiveString>,
    /// Type of the responsible person's document.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub id_responsible_document_type: Option<String>,
    /// Country of the responsible person's document, ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub id_responsible_document_country: Option<String>,
    /// Number of the responsible person's document.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub id_responsible_document_number: Option<SensitiveString>,
    /// Identification number of the subscriber's responsible person.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub subscriber_responsible_serial: Option<SensitiveString>,
    /// The power of representation.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub empowerment: Option<String>,
    /// Kind of representation.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub representation: Option<String>,
    /// Circumstances of the representation.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub circumstances: Option<String>,
    /// Limit of the representation.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub limit: Option<String>,
    /// Registration of the entity.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub registration: Option<String>,
    /// Description that the profile asks for.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub description: Option<String>,
    /// Process or application that the certificate is for.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub process_application: Option<String>,
    /// Further fields that a profile asks for, sent as they are.
    #[serde(flatten)]
    pub extra: Extra,
}

impl RequestUpdate {
    /// An update with the fields that the service always wants; the registration authority comes from the settings where it is
    /// not set.
    pub fn new(
        profile: impl Into<String>,
        scratchcard: impl Into<ScratchcardSn>,
        email: impl Into<String>,
        country_name: impl Into<String>,
    ) -> Self {
        Self {
            profile: profile.into(),
            scratchcard: Some(scratchcard.into()),
            email: SensitiveString::new(email.into()),
            country_name: Some(country_name.into()),
            ..Self::default()
        }
    }
}
