// External VideoID as a service: create, upload, webhook, the officer's steps.
//
//   npm install videoid express
//   node service.mjs
//
//   POST /identifications                          begins one: { "email": …, "mobilePhoneNumber": … }
//   PUT  /identifications/ID/images/NAME           the bytes of document_front, document_rear, document_photo or document_owner
//   PUT  /identifications/ID/video                 the bytes of the video: creates the request and uploads everything
//   GET  /identifications/ID?waitFor=ISSUED        its status; with `waitFor` once it is there, at most `seconds` later
//   POST /identifications/ID/validate, /approve, /refuse     the officer's steps, with `Authorization: Bearer $SERVICE_OFFICER_TOKEN`
//   GET  /identifications/ID/contract              for the officer: the contract, once it was validated
//   POST /webhooks                                 where the vendor's webhooks arrive
//
// Settings: what `RaConfig` reads from the environment; VIDEOID_RAO_USERNAME, _PASSWORD, _PIN and _ID of the officer;
// SERVICE_OFFICER_TOKEN; PORT; SERVICE_FOLDER, where a folder for each identification is kept. It holds personal data until the upload,
// and ids and papers after it: a service that was restarted goes on where it was. Who has a database keeps it there, and has it see to
// it that one identification is in one hand at a time, as the queue does here for one process.

import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import express from 'express';
import { Evidence, ExternalVideoId, RegistrationAuthority, VideoIdError, WebhookInbox } from 'videoid';

const PROFILE = 'PFnubeQAFCiudadano';
const FOLDER = process.env.SERVICE_FOLDER ?? 'identifications';
const IMAGES = { document_front: 'documentFront', document_rear: 'documentRear', document_photo: 'documentPhoto', document_owner: 'documentOwner' };

/** What the log says; nothing personal is in it. @param {object} line */
const log = (line) => console.log(JSON.stringify(line));

const ra = RegistrationAuthority.fromEnv({}, { hook: ({ kind, operation, httpStatus, code }) => log({ event: kind, operation, httpStatus, code }) });
// One for the program; it keeps nothing.
const inbox = new WebhookInbox();

/** What a caller did wrong. */
class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * What is kept of an identification.
 *
 * @typedef {object} Kept
 * @property {{ email: string, mobilePhoneNumber: string }} [person]
 * @property {string} [state]
 * @property {number} [requestPk]
 */

/** One identification, in a folder that only its owner may read. */
class Identification {
  /** @type {Map<string, Identification>} */
  static #known = new Map();
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    /** @type {Kept} */
    this.kept = existsSync(this.file('kept.json')) ? JSON.parse(readFileSync(this.file('kept.json'), 'utf8')) : {};
  }

  /** @param {Kept} kept */
  static begin(kept) {
    const id = randomUUID();
    const folder = join(FOLDER, id);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const begun = new Identification(folder);
    begun.keep(kept);
    Identification.#known.set(id, begun);
    return id;
  }

  /** @param {unknown} id */
  static find(id) {
    // The id becomes a path: nothing but one of our own may.
    if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/u.test(id) || !existsSync(join(FOLDER, id))) throw new Refused(404, 'no such identification');
    const found = Identification.#known.get(id) ?? new Identification(join(FOLDER, id));
    Identification.#known.set(id, found);
    return found;
  }

  /** @param {string} name */
  file(name) {
    return join(this.folder, name);
  }

  /**
   * Either the old content or the new one is there, whatever happens.
   *
   * @param {string} name
   * @param {string | Uint8Array} content
   */
  write(name, content) {
    writeFileSync(this.file(`${name}.new`), content, { mode: 0o600 });
    renameSync(this.file(`${name}.new`), this.file(name));
  }

  /** @param {Kept} changes */
  keep(changes) {
    this.kept = { ...this.kept, ...changes };
    this.write('kept.json', JSON.stringify(this.kept));
  }

  /**
   * One step after the other, on the workflow where it stood. Its state is kept before and after each call that changes something.
   *
   * @template T
   * @param {(flow: ExternalVideoId) => Promise<T>} work
   * @returns {Promise<T>}
   */
  step(work) {
    const run = async () => {
      const store = (/** @type {string} */ state) => this.keep({ state });
      const { state } = this.kept;
      return work(state === undefined ? new ExternalVideoId(ra, { store }) : ExternalVideoId.resume(ra, state, { store }));
    };
    const running = this.#last.then(run, run);
    this.#last = running.catch(() => undefined);
    return running;
  }
}

/** The officer's credentials, for who shows the officer's token. @param {express.Request} request */
function officer(request) {
  const digest = (/** @type {string} */ text) => createHash('sha256').update(text).digest();
  const token = process.env.SERVICE_OFFICER_TOKEN;
  if (!token || !timingSafeEqual(digest(request.get('authorization') ?? ''), digest(`Bearer ${token}`))) throw new Refused(401, 'not the officer');
  const [username, password, pin, raoId] = ['USERNAME', 'PASSWORD', 'PIN', 'ID'].map((name) => process.env[`VIDEOID_RAO_${name}`] ?? '');
  return /** @type {{ username: string, password: string, pin: string, raoId: string }} */ ({ username, password, pin, raoId });
}

/** The body, which comes with its length; it is read as it is sent on. @param {express.Request} request */
function streamed(request) {
  const length = Number(request.get('content-length') ?? NaN);
  if (!Number.isSafeInteger(length)) throw new Refused(411, 'Content-Length is needed');
  return { stream: request, length };
}

const app = express().disable('x-powered-by');

app.post('/identifications', express.json(), (request, response) => {
  const { email, mobilePhoneNumber } = request.body ?? {};
  if (typeof email !== 'string' || typeof mobilePhoneNumber !== 'string') throw new Refused(422, 'email and mobilePhoneNumber are needed');
  response.status(201).json({ id: Identification.begin({ person: { email, mobilePhoneNumber } }) });
});

app.put('/identifications/:id/images/:name', express.raw({ type: () => true, limit: '8mb' }), (request, response) => {
  const found = Identification.find(request.params.id);
  const { name } = request.params;
  if (typeof name !== 'string' || !Object.hasOwn(IMAGES, name)) throw new Refused(404, `no such image: ${Object.keys(IMAGES).join(', ')}`);
  if (found.kept.person === undefined) throw new Refused(409, 'it was uploaded already');
  found.write(name, request.body);
  response.sendStatus(204);
});

app.put('/identifications/:id/video', async (request, response) => {
  const found = Identification.find(request.params.id);
  const video = streamed(request);
  const { requestPk, status } = await found.step(async (flow) => {
    const { person } = found.kept;
    if (person === undefined) throw new Refused(409, 'it was uploaded already');
    const images = Object.entries(IMAGES).filter(([name]) => existsSync(found.file(name)));
    const evidence = await Evidence.build(Object.fromEntries(images.map(([name, key]) => [key, found.file(name)])));
    // The video goes from one connection to the other. Where that breaks off, it is sent again to here, and what was done is not done twice.
    return flow.submit({ profile: PROFILE, ...person }, evidence, video);
  });
  // What identifies the person is with the vendor now, and nobody needs it here any more.
  for (const name of Object.keys(IMAGES)) rmSync(found.file(name), { force: true });
  delete found.kept.person;
  found.keep({ requestPk });
  response.json({ status });
});

app.get('/identifications/:id', async (request, response) => {
  const { requestPk } = Identification.find(request.params.id).kept;
  const { waitFor, seconds } = request.query;
  if (requestPk === undefined) return void response.json({});
  // A webhook brings the next look forward; what is said here, a look has shown.
  const deadlineMs = Math.min(Number(seconds ?? 30), 300) * 1000;
  const { status } = await (waitFor === undefined ? ra.getRequest(requestPk) : ra.waitFor(requestPk, { statuses: [String(waitFor)], deadlineMs }, { inbox }));
  response.json({ status });
});

app.post('/identifications/:id/validate', async (request, response) => {
  const rao = officer(request);
  const found = Identification.find(request.params.id);
  const { status, videoidStatus, declaration, contract } = await found.step((flow) => flow.validate(rao));
  if (contract) found.write('contract.pdf', contract.content);
  response.json({ status, videoidStatus, declaration: declaration?.receipt });
});

app.get('/identifications/:id/contract', (request, response) => {
  officer(request);
  const file = Identification.find(request.params.id).file('contract.pdf');
  if (!existsSync(file)) throw new Refused(404, 'there is no contract yet');
  response.type('pdf').send(readFileSync(file));
});

app.post('/identifications/:id/approve', async (request, response) => {
  const rao = officer(request);
  // `secrets` of the outcome (PIN, PUK, enrollment code, ERC) would go to the holder here. They cannot be had again.
  const { status, videoidStatus } = await Identification.find(request.params.id).step((flow) => flow.approve(rao));
  response.json({ status, videoidStatus });
});

app.post('/identifications/:id/refuse', express.json(), async (request, response) => {
  const rao = officer(request);
  const reason = String(request.body?.reason ?? '');
  const { status, videoidStatus } = await Identification.find(request.params.id).step((flow) => flow.refuse(rao, reason));
  response.json({ status, videoidStatus });
});

app.post('/webhooks', express.raw({ type: () => true, limit: '64kb' }), (request, response) => {
  try {
    const { eventType, status } = inbox.receive(request.body);
    log({ event: 'webhook', eventType, status });
  } catch (error) {
    // No webhook. The service gets its 200 all the same, or it might send it again.
    if (!VideoIdError.is(error, 'webhook_invalid') && !VideoIdError.is(error, 'field_invalid')) throw error;
  }
  response.sendStatus(200);
});

/** The message of an error is one line without personal data; what the service wrote stays out. */
const failed = (/** @type {unknown} */ error, /** @type {express.Request} */ _request, /** @type {express.Response} */ response, /** @type {express.NextFunction} */ next) => {
  if (response.headersSent) return next(error);
  // What is left of a body that nobody reads ends with its connection.
  response.set('connection', 'close');
  if (VideoIdError.is(error)) {
    const { code, category, message: text, fields, retryable } = error;
    // For an ambiguous one: the same call again looks first and does nothing twice.
    const status = category === 'validation' ? 422 : category === 'ambiguous' ? 409 : code === 'wait_deadline' ? 504 : 502;
    return void response.status(status).json({ code, text, fields, retryable });
  }
  const status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500;
  response.status(status).json({ code: 'refused', text: status < 500 && error instanceof Error ? error.message : 'a defect of the service' });
};
app.use(failed);

const server = app.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  const address = server.address();
  log({ event: 'listening', port: typeof address === 'object' ? address?.port : undefined });
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    server.close();
    server.closeIdleConnections();
    // Waits for what is running, so that no call ends with an unknown outcome.
    await ra[Symbol.asyncDispose]();
  });
}
