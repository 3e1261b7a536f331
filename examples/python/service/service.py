"""External VideoID as a service: create, upload, webhook, the officer's steps.

    pip install videoid -r requirements.txt
    uvicorn service:app

| call | what it does |
| --- | --- |
| `POST /identifications` | begins one: `{"email": …, "mobile_phone_number": …}` |
| `PUT /identifications/{id}/evidence` | multipart `document_front`, `document_rear`, `document_owner`, `video`: creates the request and uploads |
| `GET /identifications/{id}?wait_for=ISSUED&seconds=30` | its status; with `wait_for` once it is there |
| `POST /identifications/{id}/validate`, `…/approve`, `…/refuse` | the officer's steps, with `Authorization: Bearer $SERVICE_OFFICER_TOKEN` |
| `GET /identifications/{id}/contract` | for the officer: the contract, once it was validated |
| `POST /webhooks` | where the vendor's webhooks arrive |

Settings: what `RaConfig` reads from the environment; `VIDEOID_RAO_USERNAME`, `_PASSWORD`, `_PIN` and `_ID` of the officer;
`SERVICE_OFFICER_TOKEN`; `SERVICE_FOLDER`, where one file for each identification is kept. The file holds personal data until the
upload, and ids after it: a service that was restarted goes on where it was. Who has a database keeps it there, and has it see to
it that one identification is in one hand at a time, as the lock does here for one process.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from videoid import (
    AmbiguousError,
    AsyncExternalVideoId,
    AsyncRegistrationAuthority,
    ConflictError,
    Evidence,
    NewRequest,
    OfficerOutcome,
    RaoCredentials,
    RequestPk,
    RequestTimeoutError,
    ValidationError,
    VideoIdError,
    WebhookInbox,
    logging_hook,
)

PROFILE = "PFnubeQAFCiudadano"
FOLDER = Path(os.environ.get("SERVICE_FOLDER", "identifications"))
# One for the program; it keeps nothing.
inbox = WebhookInbox()


class Person(BaseModel):
    """Who is identified."""

    email: str = Field(min_length=3)
    mobile_phone_number: str = Field(min_length=5)


class Reason(BaseModel):
    """Why the officer refuses."""

    reason: str = Field(min_length=1)


class Identification:
    """One identification, kept in a file that only its owner may read."""

    def __init__(self, id: uuid.UUID) -> None:
        self.path = FOLDER / f"{id}.json"
        self.lock = asyncio.Lock()
        self.kept: dict[str, Any] = {}

    def keep(self, **changes: Any) -> None:
        self.kept.update(changes)
        fresh = self.path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self.kept, file)
        # Either the old one or the new one is there, whatever happens.
        fresh.replace(self.path)

    def flow(self, ra: AsyncRegistrationAuthority) -> AsyncExternalVideoId:
        """The workflow where it stood. Its state is kept before and after each call that changes something."""

        def store(state: str) -> None:
            self.keep(state=state)

        state = self.kept.get("state")
        return AsyncExternalVideoId(ra, store=store) if state is None else AsyncExternalVideoId.resume(ra, state, store=store)


known: dict[uuid.UUID, Identification] = {}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with AsyncRegistrationAuthority.from_env(hooks=logging_hook()) as ra:
        app.state.ra = ra
        yield


app = FastAPI(title="Identifications", lifespan=lifespan)


async def client(request: Request) -> AsyncRegistrationAuthority:
    ra: AsyncRegistrationAuthority = request.app.state.ra
    return ra


async def identification(id: uuid.UUID) -> Identification:
    if id not in known:
        found = Identification(id)
        if not found.path.is_file():
            raise HTTPException(404, "no such identification")
        found.kept = json.loads(found.path.read_text())
        known[id] = found
    return known[id]


async def officer(authorization: Annotated[str, Header()] = "") -> RaoCredentials:
    """The officer's credentials, for who shows the officer's token."""
    token = os.environ.get("SERVICE_OFFICER_TOKEN", "")
    if not token or not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        raise HTTPException(401, "not the officer")
    given = {name: os.environ[f"VIDEOID_RAO_{name}"] for name in ("USERNAME", "PASSWORD", "PIN", "ID")}
    return RaoCredentials(username=given["USERNAME"], password=given["PASSWORD"], pin=given["PIN"], rao_id=given["ID"])


Client = Annotated[AsyncRegistrationAuthority, Depends(client)]
Known = Annotated[Identification, Depends(identification)]
Officer = Annotated[RaoCredentials, Depends(officer)]


@app.exception_handler(VideoIdError)
async def failed(_: Request, error: VideoIdError) -> JSONResponse:
    """The text of an error is one line without personal data; what the service wrote stays out."""
    status = 502
    if isinstance(error, ValidationError):
        status = 422
    elif isinstance(error, (ConflictError, AmbiguousError)):
        # For an ambiguous one: the same call again looks first and does nothing twice.
        status = 409
    elif isinstance(error, RequestTimeoutError):
        status = 504
    fields = [{"field": issue.field, "rule": issue.rule} for issue in error.fields]
    return JSONResponse({"code": error.code, "text": str(error), "fields": fields, "retryable": error.retryable}, status)


@app.post("/identifications", status_code=201)
async def create(person: Person) -> dict[str, str]:
    id = uuid.uuid4()
    found = known[id] = Identification(id)
    found.keep(person=person.model_dump())
    return {"id": str(id)}


@app.put("/identifications/{id}/evidence")
async def upload(
    found: Known, ra: Client, document_front: UploadFile, document_rear: UploadFile, document_owner: UploadFile, video: UploadFile
) -> dict[str, Any]:
    # The web framework has put larger files on disk; they are streamed from there.
    evidence = await Evidence.build_async(
        document_front=document_front.file, document_rear=document_rear.file, document_owner=document_owner.file
    )
    async with found.lock:
        if "person" not in found.kept:
            raise HTTPException(409, "it was uploaded already")
        request = NewRequest(profile=PROFILE, **found.kept["person"])
        submission = await found.flow(ra).submit(request, evidence, video.file)
        # What identifies the person is with the vendor now, and nobody needs it here any more.
        del found.kept["person"]
        found.keep(request_pk=submission.request_pk)
    return {"status": submission.status}


@app.get("/identifications/{id}")
async def look(found: Known, ra: Client, wait_for: str | None = None, seconds: float = 30) -> dict[str, Any]:
    if "request_pk" not in found.kept:
        return {"status": None}
    pk = RequestPk(found.kept["request_pk"])
    # A webhook brings the next look forward; what is said here, a look has shown.
    seen = await (ra.get_request(pk) if wait_for is None else ra.wait_for(pk, wait_for, deadline=seconds, inbox=inbox))
    return {"status": seen.status}


def said(outcome: OfficerOutcome) -> dict[str, Any]:
    return {"status": outcome.status, "videoid_status": outcome.videoid_status}


@app.post("/identifications/{id}/validate")
async def validate(rao: Officer, found: Known, ra: Client) -> dict[str, Any]:
    async with found.lock:
        outcome = await found.flow(ra).validate(rao)
    if outcome.contract is not None:
        contract = found.path.with_suffix(".pdf")
        contract.touch(mode=0o600)
        contract.write_bytes(outcome.contract.content)
    # `outcome.secrets` (PIN, PUK, ERC) would go to the holder here. They cannot be had again.
    return {**said(outcome), "declaration": outcome.declaration.receipt if outcome.declaration is not None else None}


@app.get("/identifications/{id}/contract")
async def contract(_: Officer, found: Known) -> Response:
    path = found.path.with_suffix(".pdf")
    if not path.is_file():
        raise HTTPException(404, "there is no contract yet")
    return Response(path.read_bytes(), media_type="application/pdf")


@app.post("/identifications/{id}/approve")
async def approve(rao: Officer, found: Known, ra: Client) -> dict[str, Any]:
    async with found.lock:
        return said(await found.flow(ra).approve(rao))


@app.post("/identifications/{id}/refuse")
async def refuse(rao: Officer, found: Known, ra: Client, why: Reason) -> dict[str, Any]:
    async with found.lock:
        return said(await found.flow(ra).refuse(rao, why.reason))


@app.post("/webhooks")
async def webhook(request: Request) -> Response:
    try:
        inbox.receive(await request.body())
    except ValidationError:
        pass  # No webhook. The service gets its 200 all the same, or it would send it again.
    return Response()
