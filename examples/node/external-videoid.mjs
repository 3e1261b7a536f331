// Identification in one program, by each of the workflows of both APIs.
//
//   node external-videoid.mjs --ra-url URL --upload-url URL --ra 121 --rao-id 1400 --out DIR, and
//     --front F --rear F --photo F --owner F --video F [--refuse REASON]    evidence and video of one's own, validated by one's own officer
//     --bundle DIR [--video F] [--refuse REASON]                            the same, from a folder that a device saved
//     --flow ra-eidas --document F                                          the user identifies on the vendor's page
//     --flow classic --front F --rear F --owner F --document F              the officer has identified the person
//
//   node external-videoid.mjs --one-shot-url URL --dialect current --ra 121 --rao-id 1400 --env sandbox --document F --out DIR, and
//     --flow oneshot-external --front F --rear F --photo F --owner F --video F [--refuse REASON]
//     --flow oneshot-eidas [--refuse REASON]                                on to the signed document; --dialect legacy for older servers
//
// The officer's credentials come from VIDEOID_RAO_USERNAME, _PASSWORD and _PIN, or for a try from --rao-username and so on: a command
// line can be seen by others. The billing account comes from VIDEOID_BILLING_USERNAME and _PASSWORD. It prints one JSON object a line.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import {
  Bundle, ClassicRequest, EidasVideoId, Evidence, ExternalVideoId, OneShot, OneShotEidas, OneShotExternal, RegistrationAuthority, VideoIdError,
} from 'videoid';

/** @import { OfficerOutcome, Progress, RequestOptions, WorkflowOptions } from 'videoid' */

/** Something is wrong with the command line. */
class UsageError extends Error {}

/**
 * The arguments by their names.
 *
 * @returns {Record<string, string | undefined>}
 */
function commandLine() {
  const text = { type: /** @type {const} */ ('string') };
  const options = {
    flow: { ...text, default: 'external' },
    'ra-url': text, 'upload-url': text, ra: text,
    'one-shot-url': text, dialect: { ...text, default: 'current' }, env: { ...text, default: 'sandbox' },
    'rao-username': text, 'rao-password': text, 'rao-pin': text, 'rao-id': text,
    front: text, rear: text, photo: text, owner: text, video: text, bundle: text, document: text, out: text, refuse: text,
  };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : '');
  }
}

/** @type {Record<string, string | undefined>} */
let given = {};

const EMAIL = 'anna@example.com';
const PHONE = '+34600000000';

/** @param {object} event */
const say = (event) => console.log(JSON.stringify(event));

/** @param {string} name */
function needed(name) {
  const value = given[name];
  if (!value) throw new UsageError(`--${name} is needed`);
  return value;
}

function officer() {
  const find = (/** @type {string} */ name) => given[`rao-${name}`] ?? process.env[`VIDEOID_RAO_${name.toUpperCase()}`];
  const [username, password, pin, raoId] = ['username', 'password', 'pin', 'id'].map(find);
  if (!username || !password || !pin || !raoId) throw new UsageError("the officer's credentials are missing: VIDEOID_RAO_USERNAME, _PASSWORD, _PIN and --rao-id");
  return { username, password, pin, raoId };
}

/**
 * @param {string} kind
 * @param {string} name
 * @param {string | Uint8Array} content
 */
async function keep(kind, name, content) {
  const path = join(needed('out'), name);
  await writeFile(path, content, { mode: 0o600 });
  say({ event: 'file', kind, path });
}

/** Leaves what the officer reads before approving. @param {OfficerOutcome} papers */
async function keepPapers({ declaration, contract }) {
  if (declaration) await keep('declaration', 'declaration.txt', declaration.receipt);
  if (contract) await keep('contract', 'contract.pdf', contract.content);
}

/**
 * The last line of a good end. `secrets` (PIN, PUK, enrollment code, ERC) would go to the holder here: they cannot be had again.
 *
 * @param {{ status?: string | undefined, videoidStatus?: string | undefined, requestPk?: number | undefined }} outcome
 */
function done({ status, videoidStatus, requestPk }) {
  say({ event: 'done', status, videoid_status: videoidStatus, request_pk: requestPk });
}

/**
 * What a workflow is given: a place for its state, from which another process could go on after a crash, and a listener.
 *
 * @returns {[WorkflowOptions, (progress: Progress) => void]}
 */
function telling() {
  /** @type {{ operation: string | undefined }} */
  const story = { operation: 'upload' };
  /** @type {WorkflowOptions} */
  const options = {
    store: (state) => writeFile(join(needed('out'), 'state.json'), state, { mode: 0o600 }),
    onEvent: ({ kind, step, status, requestPk, text: remark }) => {
      if (kind === 'status') say({ event: 'status', status, request_pk: requestPk });
      if (kind === 'step') say({ event: 'step', operation: (story.operation = step) });
      if (kind === 'warning') say({ event: 'warning', text: remark });
    },
  };
  return [options, ({ sent, total }) => say({ event: 'progress', operation: story.operation, sent, total })];
}

/** Evidence and video: from the bundle where there is one, each file of which is checked; else from the single files. */
async function collected() {
  if (given.bundle !== undefined) {
    const bundle = await Bundle.load(given.bundle);
    return { evidence: bundle.evidence, video: given.video ?? bundle.video ?? needed('video') };
  }
  const evidence = await Evidence.build({
    documentFront: needed('front'),
    documentRear: needed('rear'),
    documentPhoto: needed('photo'),
    documentOwner: needed('owner'),
    acceptance: { description: 'I accept the terms and conditions', urlWebVideoid: 'https://example.com/identify', ip: '192.0.2.7', userAgent: 'Example/1.0', date: Date.now() },
    ocrData: {
      givenName: 'ANNA MARIA', surname1: 'ERIKSSON', serialNumber: 'D23145890',
      email: EMAIL, mobilePhoneNumber: PHONE,
      idDocumentType: 'IDC', idDocumentCountry: 'ES',
    },
    securityChecks: {
      liveliness: { passed: true, provenance: 'attested', by: 'the liveness product' },
      documentNotexpired: { passed: true, provenance: 'asserted' },
    },
    similarityLevel: 87,
  });
  return { evidence, video: needed('video') };
}

/** Evidence and video of one's own, validated by one's own officer. @param {RegistrationAuthority} ra */
async function external(ra) {
  const { evidence, video } = await collected();
  const [options, onProgress] = telling();
  const flow = new ExternalVideoId(ra, options);
  await flow.submit({ profile: 'PFnubeQAFCiudadano', email: EMAIL, mobilePhoneNumber: PHONE }, evidence, video, { onProgress });
  if (given.refuse !== undefined) return done(await flow.refuse(officer(), given.refuse));
  await keepPapers(await flow.validate(officer()));
  return done(await flow.approve(officer()));
}

/** The user identifies on the vendor's page, the vendor's operator validates, the officer completes and approves. @param {RegistrationAuthority} ra */
async function eidas(ra) {
  // A person as part of a company: the video does not show the company, so the request is completed after the validation.
  const profile = 'PFnubeQAFEmpresa';
  const [options, onProgress] = telling();
  const flow = new EidasVideoId(ra, options);
  // The service mails the link to the user. `started.videoidLink` has it too, for a page of one's own; it is never printed.
  const started = await flow.start({ profile, email: EMAIL, mobilePhoneNumber: PHONE });

  // In a service rather a day than a minute, and with a `WebhookInbox`, which hears of each change at once.
  const limits = { deadlineMs: 60_000, pollMs: 200, maxPollMs: 1000 };
  say({ event: 'waiting', for: 'user' });
  const identified = await flow.waitForUser(limits);
  // `waysOn` says what is open now: hand the link over again, update the request, or cancel and take a new card.
  if (['VIDEOINCOMPLETE', 'VIDEOERROR'].includes(identified.status)) return done(identified);
  say({ event: 'waiting', for: 'operator' });
  const validated = await flow.waitForOperator(limits);
  // Refused; or ready at once, as the profiles of natural persons are.
  if (validated.videoidStatus === 'REFUSED' || validated.status !== 'CREATED') return done(validated);

  const update = {
    profile, scratchcard: started.scratchcard, email: EMAIL, countryName: 'ES', mobilePhoneNumber: PHONE, title: 'Manager',
    responsibleName: 'ANNA MARIA', responsibleFirstSurname: 'ERIKSSON', responsibleSerial: 'D23145890',
    organizationName: 'EXAMPLE UTOPIA SL', organizationTaxNumber: 'B00000000', organizationCountry: 'ES', organizationEmail: 'office@example.com',
    validityTime: 730, secureElement: 2,
  };
  await flow.complete({ update, documents: [{ label: 'Company register extract', document: needed('document') }] }, { onProgress });
  await keepPapers(await flow.papers(officer().raoId));
  return done(await flow.approve(officer()));
}

/** An officer has identified the person: the documents are uploaded and the request is approved. @param {RegistrationAuthority} ra */
async function classic(ra) {
  const [options, onProgress] = telling();
  const flow = new ClassicRequest(ra, options);
  // No video shows who the person is: the request says it.
  const request = {
    profile: 'PFnubeQAFCiudadano', email: EMAIL, mobilePhoneNumber: PHONE,
    givenName: 'ANNA MARIA', surname1: 'ERIKSSON', serialNumber: 'D23145890', idDocumentType: 'IDC', idDocumentCountry: 'ES', countryName: 'ES',
    validityTime: 730, secureElement: 2,
  };
  const documents = [
    { documentType: 'document_front', document: needed('front') },
    { documentType: 'document_rear', document: needed('rear') },
    { documentType: 'document_owner', document: needed('owner') },
    { documentType: 'extra_document', document: needed('document') },
  ];
  await flow.submit(request, documents, { onProgress });
  await keepPapers(await flow.papers(officer().raoId));
  return done(await flow.approve(officer()));
}

/** The person who is to sign. */
const SIGNER = { profile: 'PFnubeQAFCiudadano', email: EMAIL, mobilePhoneNumber: PHONE };

/** The One-Shot API with evidence and video of one's own, on to the signed document. @param {OneShot} client */
async function oneShotExternal(client) {
  const { evidence, video } = await collected();
  const [options, onProgress] = telling();
  const flow = new OneShotExternal(client, options);
  await flow.submit(SIGNER, evidence, video, { onProgress });
  return decidedAndSigned(flow, onProgress);
}

/** The One-Shot API with the user on the vendor's page, on to the signed document. @param {OneShot} client */
async function oneShotEidas(client) {
  const [options, onProgress] = telling();
  const flow = new OneShotEidas(client, options);
  // The service sends the user the link. What `start` gives has it too, for a page of one's own; it is never printed.
  await flow.start(SIGNER);
  say({ event: 'waiting', for: 'user' });
  const seen = await flow.waitForUser({ deadlineMs: 60_000, pollMs: 200, maxPollMs: 1000 });
  if (['VIDEOINCOMPLETE', 'VIDEOERROR'].includes(seen.status)) return oneShotDone(seen);
  return decidedAndSigned(flow, onProgress);
}

/**
 * From the officer's decision on both workflows have the same steps.
 *
 * @param {OneShotExternal | OneShotEidas} flow
 * @param {RequestOptions['onProgress']} onProgress
 */
async function decidedAndSigned(flow, onProgress) {
  const { raoId: rao, ...credentials } = officer();
  if (given.refuse !== undefined) return oneShotDone(await flow.refuse({ ...credentials, rao }, given.refuse));
  const approved = await flow.approve({ ...credentials, rao });
  // In 2-step mode it was only validated: its status says so, and nothing can be signed yet.
  if (!approved.approved) return oneShotDone(approved);
  await flow.documents([needed('document')], { onProgress });

  const contract = await flow.contract(join(needed('out'), 'contract.pdf'));
  say({ event: 'file', kind: 'contract', path: contract.path });
  // Here the signer reads it. Without this word the workflow does not sign.
  await flow.contractShown();

  await flow.otp();
  say({ event: 'waiting', for: 'otp', request_pk: approved.handle.requestPk });
  const signed = await flow.sign({ secret: await typed() });
  const saved = await flow.save(needed('out'));
  for (const { file } of saved.documents) say({ event: 'file', kind: 'signed', path: file.path });
  // `flow.delete(out)` would now delete the documents from the service, which never does so by itself.
  return oneShotDone(signed);
}

/** @param {{ status?: string | undefined, videoidStatus?: string | undefined, handle: { requestPk: number } }} outcome */
const oneShotDone = ({ status, videoidStatus, handle }) => done({ status, videoidStatus, requestPk: handle.requestPk });

/** The one-time password that the signer types. */
async function typed() {
  const lines = createInterface({ input: process.stdin });
  try {
    const { value = '' } = await lines[Symbol.asyncIterator]().next();
    if (value.trim() !== '') return value.trim();
  } finally {
    lines.close();
    // Nothing more is read: standard input must not keep the program alive.
    process.stdin.destroy();
  }
  throw new UsageError('the one-time password is read from standard input, which is closed');
}

function oneShotClient() {
  const billing = (/** @type {string} */ name) => process.env[`VIDEOID_BILLING_${name}`] || undefined;
  const [billingUsername, billingPassword] = [billing('USERNAME'), billing('PASSWORD')];
  if (!billingUsername || !billingPassword) throw new UsageError('the billing account is missing: VIDEOID_BILLING_USERNAME and _PASSWORD');
  return new OneShot({
    environment: 'custom',
    baseUrl: needed('one-shot-url'),
    dialect: needed('dialect'),
    registrationAuthority: needed('ra'),
    env: needed('env'),
    // In clear: the client encodes the password as the service wants it.
    billingUsername,
    billingPassword,
  });
}

function raClient() {
  return new RegistrationAuthority({
    environment: 'custom',
    apiUrl: needed('ra-url'),
    uploadUrl: needed('upload-url'),
    registrationAuthority: needed('ra'),
    // The local sandbox takes the request's key here. For the real service ask the vendor. Only the External flow needs it.
    ...(given.flow === 'external' ? { videoPk: 'request_pk' } : {}),
  });
}

async function story() {
  given = commandLine();
  /** @type {Record<string, () => Promise<void>>} */
  const stories = {
    external: () => tell(raClient(), external),
    'ra-eidas': () => tell(raClient(), eidas),
    classic: () => tell(raClient(), classic),
    'oneshot-external': () => tell(oneShotClient(), oneShotExternal),
    'oneshot-eidas': () => tell(oneShotClient(), oneShotEidas),
  };
  const flow = needed('flow');
  const chosen = Object.hasOwn(stories, flow) ? stories[flow] : undefined;
  if (chosen === undefined) throw new UsageError(`--flow does not know ${flow}; it knows ${Object.keys(stories).join(', ')}`);
  await mkdir(needed('out'), { recursive: true });
  await chosen();
}

/**
 * Tells a story with its client, which is closed then.
 *
 * @template {RegistrationAuthority | OneShot} Client
 * @param {Client} client
 * @param {(client: Client) => Promise<void>} story
 */
async function tell(client, story) {
  try {
    await story(client);
  } finally {
    client.close();
  }
}

try {
  await story();
} catch (error) {
  // The message is one line without personal data.
  const code = VideoIdError.is(error) ? error.code : error instanceof UsageError ? 'usage' : 'program';
  say({ event: 'error', code, text: error instanceof Error ? error.message : 'something that is no error was thrown' });
  process.exitCode = 1;
}
