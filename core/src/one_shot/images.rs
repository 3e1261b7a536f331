//! Signature images.

use std::path::Path;

use super::{OneShot, named, needed, parse};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::document::check_document;
use crate::model::{Acknowledgement, DownloadedFile, ImageList, ImageUid, UploadedImage};
use crate::options::RequestOptions;
use crate::source::Source;
use crate::transport::multipart::{self, FilePart};

const A_PNG: &str = "a PNG image";

/// An error of the check, which names another field and takes JPEG too.
fn of_image(error: Error) -> Error {
    let rule = match (error.code(), error.fields().first()) {
        (ErrorCode::ImageUnrecognised | ErrorCode::ImageHeic, _) => A_PNG.to_owned(),
        (_, Some(issue)) => issue.rule.clone(),
        (_, None) => error.detail().to_owned(),
    };
    Error::field(error.code(), "image", rule).with_retryable(error.retryable())
}

impl OneShot {
    /// Uploads an image for visible signatures: a PNG, which is checked first.
    ///
    /// Where the answer is lost it fails with `ambiguous`: list the images.
    ///
    /// # Errors
    /// `source_unreadable`, `source_empty`, `image_unrecognised` for another type, `image_heic`, `image_damaged`, `field_invalid` above
    /// `limits.image_bytes`; `unsupported_type`; `ambiguous`.
    pub async fn upload_image(&self, image: &Source, options: &RequestOptions) -> Result<UploadedImage> {
        let call = self.plan("upload_image")?;
        let (source, limits) = (image.clone(), self.config.limits.clone());
        let kind = tokio::task::spawn_blocking(move || check_document(&source, false, &limits))
            .await
            .map_err(|_| Error::new(ErrorCode::Internal, "the check of the image panicked or was stopped"))?
            .map_err(of_image)
            .and_then(|kind| match kind.content_type {
                "image/png" => Ok(kind),
                _ => Err(Error::field(ErrorCode::ImageUnrecognised, "image", A_PNG)),
            })
            .map_err(|e| named(e, "upload_image"))?;
        let part = FilePart { field: "image", file_name: "image.png", content_type: kind.content_type, source: image, len: kind.len };
        let opened = self.opened(call.body(multipart::form(&[], Some(part))), options).await?;
        parse::uploaded_image(opened.data).map_err(|e| named(e, "upload_image"))
    }

    /// Downloads a signature image into a file, which is replaced where it exists and gets mode 0600.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `not_found`; `answer_truncated`; `file_not_written`.
    pub async fn get_image(&self, image_uid: &ImageUid, path: &Path, options: &RequestOptions) -> Result<DownloadedFile> {
        needed("get_image", "image_uid", image_uid.as_str())?;
        self.saved(self.plan("get_image")?.path(image_uid), path, options).await
    }

    /// The uids of all signature images.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// Those of the connection; `wrong_dialect`.
    pub async fn list_images(&self, options: &RequestOptions) -> Result<ImageList> {
        let opened = self.opened(self.plan("list_images")?, options).await?;
        parse::images(opened.data).map_err(|e| named(e, "list_images"))
    }

    /// Deletes a signature image.
    ///
    /// Where the answer is lost it fails with `ambiguous`: list the images.
    ///
    /// # Errors
    /// `not_found`; `ambiguous`.
    pub async fn delete_image(&self, image_uid: &ImageUid, options: &RequestOptions) -> Result<Acknowledgement> {
        needed("delete_image", "image_uid", image_uid.as_str())?;
        self.acknowledged(self.plan("delete_image")?.path(image_uid), options).await
    }

    /// Deletes all signature images of the Optimizer, whoever uploaded them.
    ///
    /// Where the answer is lost it fails with `ambiguous`: list the images.
    ///
    /// # Errors
    /// `ambiguous`.
    pub async fn delete_images(&self, options: &RequestOptions) -> Result<Acknowledgement> {
        self.acknowledged(self.plan("delete_images")?, options).await
    }
}
