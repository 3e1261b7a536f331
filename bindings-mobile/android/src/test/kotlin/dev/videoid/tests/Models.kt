package dev.videoid.tests

import dev.videoid.*

/** The answer as this language's class of that name, and as JSON again. */
fun throughModel(model: String, json: String): String = when (model) {
    "Acknowledgement" -> Acknowledgement.fromJson(json).toJson()
    "Approval" -> Approval.fromJson(json).toJson()
    "AsyncStatus" -> AsyncStatus.fromJson(json).toJson()
    "ContactDataCheck" -> ContactDataCheck.fromJson(json).toJson()
    "CreatedRequest" -> CreatedRequest.fromJson(json).toJson()
    "CreatedToken" -> CreatedToken.fromJson(json).toJson()
    "CreatedVideoId" -> CreatedVideoId.fromJson(json).toJson()
    "Declaration" -> Declaration.fromJson(json).toJson()
    "Document" -> Document.fromJson(json).toJson()
    "ImageList" -> ImageList.fromJson(json).toJson()
    "OneShotDocuments" -> OneShotDocuments.fromJson(json).toJson()
    "OneShotSettings" -> OneShotSettings.fromJson(json).toJson()
    "Otp" -> Otp.fromJson(json).toJson()
    "PreauthLink" -> PreauthLink.fromJson(json).toJson()
    "Refusal" -> Refusal.fromJson(json).toJson()
    "Request" -> Request.fromJson(json).toJson()
    "RequestDocuments" -> RequestDocuments.fromJson(json).toJson()
    "RequestFieldCheck" -> RequestFieldCheck.fromJson(json).toJson()
    "RequestPage" -> RequestPage.fromJson(json).toJson()
    "Scratchcard" -> Scratchcard.fromJson(json).toJson()
    "ScratchcardPage" -> ScratchcardPage.fromJson(json).toJson()
    "ScratchcardUse" -> ScratchcardUse.fromJson(json).toJson()
    "ServerVersion" -> ServerVersion.fromJson(json).toJson()
    "Token" -> Token.fromJson(json).toJson()
    "TokenList" -> TokenList.fromJson(json).toJson()
    "UploadedDocument" -> UploadedDocument.fromJson(json).toJson()
    "UploadedDocuments" -> UploadedDocuments.fromJson(json).toJson()
    "UploadedImage" -> UploadedImage.fromJson(json).toJson()
    else -> error("unknown model $model")
}
