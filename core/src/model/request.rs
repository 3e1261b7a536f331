//! A request as the service shows it.

use serde::{Deserialize, Serialize};

use super::ids::{RaId, RequestPk, ScratchcardSn};
use super::json::Extra;
use super::lenient;
use super::status::Status;
use super::videoid_data::VideoIdData;
use crate::secret::SensitiveString;

/// A request as the service shows it. What is null or missing there is `None` here; what this version has no name for is in
/// `extra`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Request {
    /// The request's primary key.
    pub pk: RequestPk,
    /// Where the request stands. The status of the server always wins over what the documents predict.
    pub status: Status,
    /// Certificate profile.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub profile: Option<String>,
    /// The card that the request consumed.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub scratchcard: Option<ScratchcardSn>,
    /// The registration authority.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub registration_authority: Option<RaId>,
    /// E-mail address of the holder.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub email: Option<SensitiveString>,
    /// Whether it is a VideoID request.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_bool")]
    pub videoid_mode: Option<bool>,
    /// Whether it is a classic request.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_bool")]
    pub paperless_mode: Option<bool>,
    /// Address that is told of status changes.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub webhook_url: Option<String>,
    /// The VideoID part; `None` for other requests.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_object")]
    pub videoid_data: Option<VideoIdData>,
    /// How long the certificate is valid, in days: 1, 3, 365, 730, 1095 or 1825.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub validity_time: Option<i64>,
    /// Where the keys live: 0 software, 1 smartcard, 2 cloud. Depends on the profile.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub secure_element: Option<i64>,
    /// The officer who identifies, where it is not the one who approves.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub identification_rao: Option<i64>,
    /// Serial number of the smartcard, for profiles with `secure_element` 1.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub smartcard_sn: Option<String>,
    /// Country of the holder, ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub country_name: Option<String>,
    /// Type of the identity document: `IDC`, `PAS`, `PNO`, `TIN`; `DNI`, `CEX`, `PAS` for Peruvian profiles.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub id_document_type: Option<String>,
    /// Country that issued the identity document, ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub id_document_country: Option<String>,
    /// Number of the identity document, where it is not `serial_number`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub id_document_number: Option<SensitiveString>,
    /// Description of the identity document.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub id_document_description: Option<SensitiveString>,
    /// Authority that issued the identity document.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub id_document_issuer: Option<SensitiveString>,
    /// The holder's national identification number.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub serial_number: Option<SensitiveString>,
    /// Given names. In a VideoID request the identity comes from the video.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub given_name: Option<SensitiveString>,
    /// First surname.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub surname_1: Option<SensitiveString>,
    /// Second surname.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub surname_2: Option<SensitiveString>,
    /// Mobile phone with the international prefix, for example `+34600000000`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub mobile_phone_number: Option<SensitiveString>,
    /// Landline phone.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub fix_phone_number: Option<SensitiveString>,
    /// Sex as on the document.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub sex: Option<SensitiveString>,
    /// Date of birth, `dd/mm/YYYY`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub birth_date: Option<SensitiveString>,
    /// City of birth.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub birth_city: Option<SensitiveString>,
    /// Province of birth.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub birth_province: Option<SensitiveString>,
    /// State of birth.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub birth_state: Option<SensitiveString>,
    /// District of birth.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub birth_district: Option<SensitiveString>,
    /// Canton of birth.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub birth_canton: Option<SensitiveString>,
    /// Tax number of the holder.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub citizen_tax_number: Option<SensitiveString>,
    /// Country of residence.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence: Option<SensitiveString>,
    /// Street address.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_address: Option<SensitiveString>,
    /// City of residence.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_city: Option<SensitiveString>,
    /// Province of residence.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_province: Option<SensitiveString>,
    /// Postal code of residence.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_postal_code: Option<SensitiveString>,
    /// State of residence.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_state: Option<SensitiveString>,
    /// District of residence.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_district: Option<SensitiveString>,
    /// Canton of residence.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub residence_canton: Option<SensitiveString>,
    /// The holder's title or position.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub title: Option<SensitiveString>,
    /// Number in a professional register.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub professional_id_number: Option<SensitiveString>,
    /// Name of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_name: Option<String>,
    /// Identifier of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_identifier: Option<String>,
    /// Tax number of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_tax_number: Option<String>,
    /// Role of the organization (the service's spelling).
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_rol: Option<String>,
    /// E-mail address of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub organization_email: Option<SensitiveString>,
    /// Web address of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_url: Option<String>,
    /// Country of the organization, ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_country: Option<String>,
    /// Address of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_address: Option<String>,
    /// City of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_city: Option<String>,
    /// Province of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_province: Option<String>,
    /// Postal code of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_postal_code: Option<String>,
    /// State of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organization_state: Option<String>,
    /// First organizational unit; some profiles prescribe its text.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organizational_unit_1: Option<String>,
    /// Second organizational unit.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organizational_unit_2: Option<String>,
    /// Third organizational unit.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organizational_unit_3: Option<String>,
    /// Fourth organizational unit.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub organizational_unit_4: Option<String>,
    /// Given name of the person responsible.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub responsible_name: Option<SensitiveString>,
    /// First surname of the person responsible.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub responsible_first_surname: Option<SensitiveString>,
    /// Second surname of the person responsible.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub responsible_second_surname: Option<SensitiveString>,
    /// Identification number of the person responsible.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub responsible_serial: Option<SensitiveString>,
    /// Position of the person responsible.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub responsible_position: Option<SensitiveString>,
    /// E-mail address of the person responsible.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub responsible_email: Option<SensitiveString>,
    /// Type of the responsible person's document.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub id_responsible_document_type: Option<String>,
    /// Country of the responsible person's document, ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub id_responsible_document_country: Option<String>,
    /// Number of the responsible person's document.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub id_responsible_document_number: Option<SensitiveString>,
    /// Identification number of the subscriber's responsible person.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub subscriber_responsible_serial: Option<SensitiveString>,
    /// The power of representation.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub empowerment: Option<String>,
    /// Kind of representation.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub representation: Option<String>,
    /// Circumstances of the representation.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub circumstances: Option<String>,
    /// Limit of the representation.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub limit: Option<String>,
    /// Registration of the entity.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub registration: Option<String>,
    /// Description that the profile asks for.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub description: Option<String>,
    /// Process or application that the certificate is for.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub process_application: Option<String>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}
