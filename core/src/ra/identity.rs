//! The client certificate: until when it is valid, and another one while calls run.

use super::RegistrationAuthority;
use crate::config::{CertificateInfo, ClientIdentity};
use crate::error::Result;

impl RegistrationAuthority {
    /// What is known of the client certificate that is shown to the API; `None` where there is none.
    ///
    /// From `certificate_warning_days` before its end the hooks get a `warning` when the client is made, when the certificate is
    /// replaced, and once a day of use.
    pub fn client_certificate(&self) -> Option<CertificateInfo> {
        self.transport.client_certificate()
    }

    /// Shows another client certificate from now on, in this client and all its clones. Nothing is interrupted: what runs ends on
    /// the connection that it has, and every later attempt opens one with the new certificate. The host for videos follows where
    /// its settings had the same identity. [`config`](Self::config) still says what the client was made with.
    ///
    /// Reads the files that `identity` names. Safe to repeat.
    ///
    /// # Errors
    /// `tls_identity_invalid` or `tls_key_mismatch`; then the identity in use stays.
    pub fn replace_identity(&self, identity: &ClientIdentity) -> Result<CertificateInfo> {
        self.transport.replace_identity(identity)
    }
}
