"""The workflows: from a scratchcard to ENROLLREADY, or on the One-Shot API to the signed documents; each for sync code and for asyncio."""

from videoid.workflow.classic import AsyncClassicRequest, ClassicDocument, ClassicRequest
from videoid.workflow.eidas import AsyncEidasVideoId, EidasVideoId, EvidenceDocument
from videoid.workflow.external import AsyncExternalVideoId, ExternalVideoId
from videoid.workflow.one_shot import OneShotEidas, OneShotExternal
from videoid.workflow.one_shot_async import AsyncOneShotEidas, AsyncOneShotExternal

__all__ = [
    "AsyncClassicRequest",
    "AsyncEidasVideoId",
    "AsyncExternalVideoId",
    "AsyncOneShotEidas",
    "AsyncOneShotExternal",
    "ClassicDocument",
    "ClassicRequest",
    "EidasVideoId",
    "EvidenceDocument",
    "ExternalVideoId",
    "OneShotEidas",
    "OneShotExternal",
]
