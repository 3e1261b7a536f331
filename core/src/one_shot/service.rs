//! The Optimizer itself: greeting, version, settings.

use super::{OneShot, named, parse};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Acknowledgement, OneShotSettings, ServerVersion};
use crate::options::RequestOptions;

impl OneShot {
    /// Asks the Optimizer whether it is there.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `wrong_dialect` where it speaks the other dialect; those of the connection.
    pub async fn hello(&self, options: &RequestOptions) -> Result<Acknowledgement> {
        self.acknowledged(self.plan("hello")?, options).await
    }

    /// What the Optimizer says of itself.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `wrong_dialect`; those of the connection.
    pub async fn version(&self, options: &RequestOptions) -> Result<ServerVersion> {
        let opened = self.opened(self.plan("version")?, options).await?;
        parse::version(opened.data).map_err(|e| named(e, "version"))
    }

    /// The settings of the Optimizer. The billing password is among them, as Base64: show them to nobody.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `wrong_dialect`; those of the connection.
    pub async fn get_settings(&self, options: &RequestOptions) -> Result<OneShotSettings> {
        self.typed(self.plan("get_settings")?, options).await
    }

    /// Changes settings of the Optimizer: the sections that are given. What becomes of keys that a section leaves out is not
    /// documented, so give whole sections. A billing password in them goes as it is given: as Base64, as it is read.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the settings.
    ///
    /// # Errors
    /// `field_missing` without any section; `bad_request`; `ambiguous`.
    pub async fn update_settings(&self, settings: &OneShotSettings, options: &RequestOptions) -> Result<Acknowledgement> {
        if *settings == OneShotSettings::default() {
            return Err(named(Error::field(ErrorCode::FieldMissing, "settings", "one section or more"), "update_settings"));
        }
        self.acknowledged(self.plan("update_settings")?.json(settings)?, options).await
    }
}
