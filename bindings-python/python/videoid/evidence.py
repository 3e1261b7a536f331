"""The evidence of a video identification, and the bundle folder that keeps it."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any

from videoid import _native as native
from videoid._native import Source
from videoid._types import SourceLike

if TYPE_CHECKING:
    from videoid._models import (
        Acceptance,
        BundleManifest,
        EvidenceReport,
        Limits,
        OcrData,
        SecurityChecks,
        VideoInfo,
    )

__all__ = ["Bundle", "Evidence", "check_video", "check_video_async"]


def _pieces(
    document_front: SourceLike | None,
    document_rear: SourceLike | None,
    document_photo: SourceLike | None,
    document_owner: SourceLike | None,
    acceptance: Acceptance | dict[str, Any] | None,
    ocr_data: OcrData | dict[str, Any] | None,
    security_checks: SecurityChecks | dict[str, Any] | None,
    similarity_level: int | str | None,
    extra: dict[str, Any] | None,
    limits: Limits | dict[str, Any] | None,
    strict: bool,
) -> dict[str, Any]:
    return dict(locals())


class Evidence:
    """The evidence of one identification, checked and ready to be uploaded. Its images are read when they are sent.

    Made by `build`, `build_async`, or a `Bundle`. It never changes and may be used from any thread and more than once.
    """

    __slots__ = ("_native",)

    _native: native.Evidence

    def __init__(self) -> None:
        raise TypeError("use Evidence.build or Evidence.build_async")

    @classmethod
    def _of(cls, native: native.Evidence) -> Evidence:
        self = cls.__new__(cls)
        self._native = native
        return self

    @classmethod
    def build(
        cls,
        *,
        document_front: SourceLike | None = None,
        document_rear: SourceLike | None = None,
        document_photo: SourceLike | None = None,
        document_owner: SourceLike | None = None,
        acceptance: Acceptance | dict[str, Any] | None = None,
        ocr_data: OcrData | dict[str, Any] | None = None,
        security_checks: SecurityChecks | dict[str, Any] | None = None,
        similarity_level: int | str | None = None,
        extra: dict[str, Any] | None = None,
        limits: Limits | dict[str, Any] | None = None,
        strict: bool = False,
    ) -> Evidence:
        """Reads the images in pieces, checks everything and makes the evidence. Safe to repeat.

        Images are JPEG or PNG: a path, bytes, or a binary file object. Front and owner (the selfie) are expected, the rear
        too unless `ocr_data.id_document_type` is `PAS`; what is missing is advice in `report`, unless `strict`.
        `extra` holds further keys of `videoid_data`.

        Errors: one `ValidationError` that lists every field at fault in `fields`.
        """
        return cls._of(native.build_evidence(_pieces(
            document_front, document_rear, document_photo, document_owner, acceptance, ocr_data, security_checks,
            similarity_level, extra, limits, strict,
        )))

    @classmethod
    async def build_async(
        cls,
        *,
        document_front: SourceLike | None = None,
        document_rear: SourceLike | None = None,
        document_photo: SourceLike | None = None,
        document_owner: SourceLike | None = None,
        acceptance: Acceptance | dict[str, Any] | None = None,
        ocr_data: OcrData | dict[str, Any] | None = None,
        security_checks: SecurityChecks | dict[str, Any] | None = None,
        similarity_level: int | str | None = None,
        extra: dict[str, Any] | None = None,
        limits: Limits | dict[str, Any] | None = None,
        strict: bool = False,
    ) -> Evidence:
        """As `build`, without blocking the event loop."""
        return cls._of(await native.build_evidence_async(_pieces(
            document_front, document_rear, document_photo, document_owner, acceptance, ocr_data, security_checks,
            similarity_level, extra, limits, strict,
        )))

    @staticmethod
    def check(
        *,
        document_front: SourceLike | None = None,
        document_rear: SourceLike | None = None,
        document_photo: SourceLike | None = None,
        document_owner: SourceLike | None = None,
        acceptance: Acceptance | dict[str, Any] | None = None,
        ocr_data: OcrData | dict[str, Any] | None = None,
        security_checks: SecurityChecks | dict[str, Any] | None = None,
        similarity_level: int | str | None = None,
        extra: dict[str, Any] | None = None,
        limits: Limits | dict[str, Any] | None = None,
        strict: bool = False,
    ) -> EvidenceReport:
        """Reads the images and says all that is to be said, errors and advice; raises nothing for what it finds."""
        return native.check_evidence(_pieces(
            document_front, document_rear, document_photo, document_owner, acceptance, ocr_data, security_checks,
            similarity_level, extra, limits, strict,
        ))

    @staticmethod
    async def check_async(
        *,
        document_front: SourceLike | None = None,
        document_rear: SourceLike | None = None,
        document_photo: SourceLike | None = None,
        document_owner: SourceLike | None = None,
        acceptance: Acceptance | dict[str, Any] | None = None,
        ocr_data: OcrData | dict[str, Any] | None = None,
        security_checks: SecurityChecks | dict[str, Any] | None = None,
        similarity_level: int | str | None = None,
        extra: dict[str, Any] | None = None,
        limits: Limits | dict[str, Any] | None = None,
        strict: bool = False,
    ) -> EvidenceReport:
        """As `check`, without blocking the event loop."""
        return await native.check_evidence_async(_pieces(
            document_front, document_rear, document_photo, document_owner, acceptance, ocr_data, security_checks,
            similarity_level, extra, limits, strict,
        ))

    @property
    def acceptance(self) -> Acceptance:
        """What the person accepted."""
        return self._native.acceptance

    @property
    def ocr_data(self) -> OcrData:
        """What was read from the document."""
        return self._native.ocr_data

    @property
    def security_checks(self) -> SecurityChecks:
        """The security checks with where they come from. Only their booleans are sent."""
        return self._native.security_checks

    @property
    def similarity_level(self) -> int | str | None:
        """How alike document photo and selfie are."""
        return self._native.similarity_level

    @property
    def extra(self) -> dict[str, Any]:
        """The caller's own keys of `videoid_data`."""
        return self._native.extra

    @property
    def report(self) -> EvidenceReport:
        """What was found when it was built: advice, and what is known of the images."""
        return self._native.report

    @property
    def content_length(self) -> int:
        """The exact length of the upload's body in bytes."""
        return self._native.content_length

    def image(self, name: str) -> Source | None:
        """The image of that name: `document_front`, `document_rear`, `document_photo` or `document_owner`."""
        return self._native.image(name)

    def write_json(self, path: str | PathLike[str]) -> None:
        """Writes the upload's body into a file that only its owner can read. It holds personal data."""
        self._native.write_json(path)

    def sha256(self) -> str:
        """SHA-256 of the upload's body in lower-case hex. Reads the images."""
        return self._native.sha256()

    def __repr__(self) -> str:
        return repr(self._native)


class Bundle:
    """Evidence and video in a plain folder: `manifest.json`, plain file names, sizes, SHA-256, files of mode 0600.

    The folder holds personal data in clear. Whoever keeps it takes care of it.
    """

    __slots__ = ("_native",)

    _native: native.Bundle

    def __init__(self) -> None:
        raise TypeError("use Bundle.load or Bundle.load_async")

    @classmethod
    def _of(cls, native: native.Bundle) -> Bundle:
        self = cls.__new__(cls)
        self._native = native
        return self

    @staticmethod
    def save(folder: str | PathLike[str], evidence: Evidence, video: SourceLike | None = None) -> BundleManifest:
        """Saves evidence and video as a new folder, which is either whole or not there. Nothing is overwritten.

        Errors: `bundle_invalid` where something is at the place already; `file_not_written`; those of the video's check.
        """
        return native.save_bundle(folder, evidence._native, video)

    @staticmethod
    async def save_async(folder: str | PathLike[str], evidence: Evidence, video: SourceLike | None = None) -> BundleManifest:
        """As `save`, without blocking the event loop."""
        return await native.save_bundle_async(folder, evidence._native, video)

    @classmethod
    def load(cls, folder: str | PathLike[str]) -> Bundle:
        """Loads a folder and checks every file of it.

        Errors: `bundle_invalid`, `bundle_altered`, `format_unsupported`, and those of `Evidence.build`.
        """
        return cls._of(native.load_bundle(folder))

    @classmethod
    async def load_async(cls, folder: str | PathLike[str]) -> Bundle:
        """As `load`, without blocking the event loop."""
        return cls._of(await native.load_bundle_async(folder))

    @property
    def evidence(self) -> Evidence:
        """The evidence. Its images are in the folder."""
        return Evidence._of(self._native.evidence)

    @property
    def video(self) -> Source | None:
        """The video, where there is one. It is in the folder."""
        return self._native.video

    @property
    def manifest(self) -> BundleManifest:
        """What is in the folder."""
        return self._native.manifest

    def __repr__(self) -> str:
        return repr(self._native)


def check_video(video: SourceLike, limits: Limits | None = None) -> VideoInfo:
    """Looks whether a file is a whole MP4 video, reading its headers only. Safe to repeat.

    Errors: `source_unreadable`, `source_empty`, `video_unrecognised`, `video_damaged`, `field_invalid` above the limit.
    """
    return native.check_video(video, limits)


async def check_video_async(video: SourceLike, limits: Limits | None = None) -> VideoInfo:
    """As `check_video`, without blocking the event loop."""
    return await native.check_video_async(video, limits)
