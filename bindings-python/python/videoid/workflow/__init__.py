"""The workflows: from a scratchcard to ENROLLREADY, each for sync code and for asyncio."""

from videoid.workflow.classic import AsyncClassicRequest, ClassicDocument, ClassicRequest
from videoid.workflow.eidas import AsyncEidasVideoId, EidasVideoId, EvidenceDocument
from videoid.workflow.external import AsyncExternalVideoId, ExternalVideoId

__all__ = [
    "AsyncClassicRequest",
    "AsyncEidasVideoId",
    "AsyncExternalVideoId",
    "ClassicDocument",
    "ClassicRequest",
    "EidasVideoId",
    "EvidenceDocument",
    "ExternalVideoId",
]
