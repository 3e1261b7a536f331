// The client, its evidence and its workflow as a program uses them.

import assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, openAsBlob, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Bundle, ERROR_CODES, Evidence, ExternalVideoId, OPERATIONS, RegistrationAuthority, Source, Status, VERSION, VideoIdError, checkVideo, fromWire, isFinal, toWire } from 'videoid';

import { REPO, fixture, sandbox } from './lib/sandbox.mjs';
import { EVIDENCE, HOLDER, IMAGES, REQUEST, VIDEO, pendingRequest } from './lib/story.mjs';

let box;
let ra;
const temp = mkdtempSync(join(tmpdir(), 'videoid-client-'));

before(async () => {
  box = await sandbox();
});
beforeEach(async () => {
  await box.reset();
  ra = new RegistrationAuthority(box.config());
});
after(() => rmSync(temp, { recursive: true }));

const rejection = (promise) => promise.then(() => assert.fail('it did not reject'), (error) => error);

test('every operation, from a scratchcard to the pre-authenticated link', async () => {
  const card = await ra.getFirstUnusedScratchcard({ registrationAuthority: box.ready.ra.id });
  assert.equal(typeof card.sn, 'string');
  const request = await ra.createRequest({ ...REQUEST, scratchcard: card.sn, videoidMode: 1 });
  assert.equal(request.status, Status.VideoPending);
  assert.equal(request.email, HOLDER.email);
  const evidence = await Evidence.build(EVIDENCE);
  await ra.uploadEvidence(request.pk, evidence);
  const identifier = (await ra.getRequest(request.pk)).videoidData.videoIdentifier;
  await ra.uploadVideo(identifier, VIDEO);
  const read = await ra.getRequest(request.pk, { imagesDir: temp });
  assert.equal(read.status, 'VIDEOREVIEW');
  const front = read.videoidData.data.images.find(({ name }) => name === 'document_front');
  assert.deepEqual(readFileSync(front.path), readFileSync(IMAGES.documentFront));
  const page = await ra.listRequests({ email: HOLDER.email });
  assert.deepEqual(page.results.map(({ pk }) => pk), [request.pk]);
  assert.equal((await ra.listRequests()).results.length, 1);
  const file = await ra.downloadVideo(identifier, join(temp, 'back.mp4'));
  assert.deepEqual(readFileSync(file.path), readFileSync(VIDEO));
  const validated = await ra.validateVideoid(request.pk, box.rao);
  assert.equal(typeof validated.secrets.pin, 'string');
  const declaration = await ra.generateDeclaration(request.pk, box.rao.raoId);
  assert.ok(declaration.receipt.length > 0);
  const contract = await ra.getRequestDocument(request.pk, 'contract');
  assert.ok(Buffer.isBuffer(contract.content));
  assert.equal(contract.content.subarray(0, 5).toString(), '%PDF-');
  assert.deepEqual((await ra.generateDocument(request.pk, 'contract')).content, contract.content);
  const approved = await ra.approveRequest(request.pk, box.rao, { lang: 'en' });
  assert.equal(approved.request.status, 'ENROLLREADY');
  assert.match((await ra.getPreauthLink(request.pk)).preauthenticatedlink, /^https:/u);
  const received = await box.received();
  const upload = received.find(({ operation }) => operation === 'upload_evidence');
  assert.equal(Number(upload.headers['content-length']), evidence.contentLength);
});

test('a refusal, and a request that is cancelled', async () => {
  const flow = new ExternalVideoId(ra);
  await flow.submit(REQUEST, await Evidence.build(EVIDENCE), VIDEO);
  const { requestPk } = JSON.parse(JSON.stringify(await flow.refuse(box.rao, 'blurred')));
  assert.equal((await ra.getRequest(requestPk)).videoidData.status, 'REFUSED');
  const other = await pendingRequest(ra);
  await ra.cancelRequest(other.pk);
  assert.ok(isFinal((await ra.getRequest(other.pk)).status));
});

test('the workflow stores its state, tells what it does and is gone on with elsewhere', async () => {
  const states = [];
  const events = [];
  const flow = new ExternalVideoId(ra, { store: async (state) => void states.push(state), onEvent: (event) => events.push(event) });
  const submission = await flow.submit(REQUEST, await Evidence.build(EVIDENCE), VIDEO);
  assert.equal(submission.status, 'VIDEOREVIEW');
  assert.ok(states.length >= 4, `${states.length} states`);
  assert.equal(JSON.parse(states.at(-1)).video_uploaded, true);
  assert.ok(!states.join('').includes(HOLDER.email), 'a state holds personal data');
  assert.ok(events.some(({ kind, status }) => kind === 'status' && status === 'VIDEOREVIEW'));
  const resumed = ExternalVideoId.resume(new RegistrationAuthority(box.config()), states.at(-1));
  const validated = await resumed.validate(box.rao);
  assert.equal(validated.status, 'CREATED');
  assert.equal(validated.contract.content.subarray(0, 5).toString(), '%PDF-');
  const approved = await resumed.approve(box.rao);
  assert.equal(approved.status, 'ENROLLREADY');
  assert.throws(() => ExternalVideoId.resume(ra, '{}'), (error) => VideoIdError.is(error));
});

test('what a store throws ends the step and is the cause', async () => {
  const full = new Error('the disk is full');
  const flow = new ExternalVideoId(ra, {
    store: () => {
      throw full;
    },
  });
  const error = await rejection(flow.submit(REQUEST, await Evidence.build(EVIDENCE), VIDEO));
  assert.ok(VideoIdError.is(error), String(error));
  assert.equal(error.cause, full);
  assert.ok(!(await box.received()).some(({ operation }) => operation === 'create_request'));
});

test('the same body from paths, URLs, bytes and blobs', async () => {
  const images = (make) => Promise.all(Object.entries(IMAGES).map(async ([name, path]) => [name, await make(path)])).then(Object.fromEntries);
  const sums = new Set();
  for (const make of [(path) => path, (path) => pathToFileURL(path), (path) => readFileSync(path), (path) => new Uint8Array(readFileSync(path)), (path) => openAsBlob(path), (path) => Source.path(path), (path) => Source.bytes(readFileSync(path))]) {
    const evidence = await Evidence.build({ ...EVIDENCE, ...(await images(make)) });
    sums.add(await evidence.sha256());
  }
  assert.equal(sums.size, 1);
});

test('the video from every kind of source', async () => {
  const { size } = statSync(VIDEO);
  const kinds = {
    path: () => VIDEO,
    bytes: () => readFileSync(VIDEO),
    blob: () => openAsBlob(VIDEO),
    readable: () => ({ stream: createReadStream(VIDEO), length: size }),
    web: () => ({ stream: Readable.toWeb(createReadStream(VIDEO)), length: size }),
    generator: () => ({
      stream: (async function* () {
        yield* createReadStream(VIDEO, { highWaterMark: 1000 });
      })(),
      length: size,
    }),
  };
  for (const [kind, make] of Object.entries(kinds)) {
    const request = await pendingRequest(ra);
    const identifier = (await ra.getRequest(request.pk)).videoidData.videoIdentifier;
    await ra.uploadVideo(identifier, await make());
    const sent = (await box.received()).findLast(({ operation }) => operation === 'upload_video');
    assert.equal(sent.body[0].bytes, size, kind);
    assert.equal(sent.complete, true, kind);
  }
});

test('a stream that fails, ends early or goes on too long', async () => {
  const request = await pendingRequest(ra);
  const identifier = (await ra.getRequest(request.pk)).videoidData.videoIdentifier;
  const broken = new Error('the camera was unplugged');
  const stream = async function* (chunks, error) {
    yield* chunks;
    if (error) throw error;
  };
  const failed = await rejection(ra.uploadVideo(identifier, { stream: stream([Buffer.alloc(10)], broken), length: 20 }));
  assert.equal(failed.code, 'source_changed');
  assert.equal(failed.cause, broken);
  const short = await rejection(ra.uploadVideo(identifier, { stream: stream([Buffer.alloc(10)]), length: 20 }));
  assert.equal(short.code, 'source_changed');
  const long = await rejection(ra.uploadVideo(identifier, { stream: stream([Buffer.alloc(30)]), length: 20 }));
  assert.equal(long.code, 'source_changed');
  const words = await rejection(ra.uploadVideo(identifier, { stream: stream(['text']), length: 4 }));
  assert.equal(words.cause.code, 'field_invalid');
  const once = Source.stream(createReadStream(VIDEO), statSync(VIDEO).size);
  await ra.uploadVideo(identifier, once);
  assert.equal((await rejection(ra.uploadVideo(identifier, once))).code, 'body_not_repeatable');
});

test('a bundle goes through a folder unchanged', async () => {
  const evidence = await Evidence.build(EVIDENCE);
  const folder = join(temp, 'bundle');
  const manifest = await Bundle.save(folder, evidence, VIDEO);
  assert.ok(manifest.files.length >= 5);
  const bundle = await Bundle.load(folder);
  assert.equal(await bundle.evidence.sha256(), await evidence.sha256());
  assert.deepEqual(toWire(bundle.manifest), toWire(manifest));
  const submission = await new ExternalVideoId(ra).submit(REQUEST, bundle.evidence, bundle.video);
  assert.equal(submission.status, 'VIDEOREVIEW');
  assert.equal((await rejection(Bundle.save(folder, evidence))).code, 'bundle_invalid');
});

test('checks say what is wrong without rejecting', async () => {
  const report = await Evidence.check({ documentFront: fixture('broken/photo.heic'), similarityLevel: 101 });
  const errors = report.findings.filter(({ severity }) => severity === 'error').map(({ code, field }) => [code, field]);
  assert.deepEqual(errors, [['image_heic', 'videoid_data.images.document_front'], ['field_invalid', 'videoid_data.similarity_level']]);
  assert.equal((await checkVideo(VIDEO)).hasMoov, true);
  assert.equal((await rejection(checkVideo(fixture('broken/cut.mp4')))).code, 'video_damaged');
});

test('progress never goes back and is complete before the promise is settled', async () => {
  const request = await pendingRequest(ra);
  const seen = [];
  await ra.uploadEvidence(request.pk, await Evidence.build(EVIDENCE), { onProgress: (progress) => seen.push(progress) });
  const at = seen.length;
  assert.ok(at > 0);
  seen.reduce((last, now) => (assert.ok(now.sent >= last.sent), now));
  assert.equal(seen.at(-1).sent, seen.at(-1).total);
  await new Promise((done) => setTimeout(done, 100));
  assert.equal(seen.length, at, 'progress after the end');
});

test('what a progress function throws ends the call', async () => {
  const request = await pendingRequest(ra);
  const thrown = new Error('enough');
  const error = await rejection(
    ra.uploadEvidence(request.pk, await Evidence.build(EVIDENCE), {
      onProgress: () => {
        throw thrown;
      },
    }),
  );
  assert.equal(error, thrown);
});

test('hooks are told of attempts and outcomes before the promise is settled', async () => {
  const events = [];
  const client = new RegistrationAuthority(box.config(), { hook: (event) => events.push(event) });
  await client.getFirstUnusedScratchcard();
  assert.deepEqual(events.map(({ kind }) => kind), ['attempt', 'outcome']);
  await box.faults({ operation: 'get_request', when: 'before', kind: 'status', status: 503, times: 1 });
  const error = await rejection(client.getRequest(999_999_999));
  assert.equal(error.code, 'not_found');
  assert.ok(events.some(({ kind, code }) => kind === 'outcome' && code === 'not_found'));
  assert.ok(events.some(({ correlationId }) => correlationId === error.correlationId));
});

test('a closed client makes no calls', async () => {
  const running = ra.getFirstUnusedScratchcard();
  await ra[Symbol.asyncDispose]();
  await running;
  ra.close();
  const error = await rejection(ra.getFirstUnusedScratchcard());
  assert.equal(error.code, 'client_closed');
  assert.equal(error.category, 'config');
});

test('the settings of the environment variables', () => {
  const before = { ...process.env };
  try {
    Object.assign(process.env, { VIDEOID_ENVIRONMENT: 'custom', VIDEOID_RA_URL: box.ready.ra_url, VIDEOID_UPLOAD_URL: box.ready.upload_url, VIDEOID_RA: '121' });
    assert.ok(RegistrationAuthority.fromEnv() instanceof RegistrationAuthority);
    process.env.VIDEOID_ENVIRONMENT = 'elsewhere';
    assert.throws(() => RegistrationAuthority.fromEnv(), (error) => VideoIdError.is(error, 'config_invalid'));
  } finally {
    process.env = before;
  }
});

test('values as JSON of the wire and back', () => {
  const json = { pk: 7, status: 'SOMETHING_NEW', email: HOLDER.email, registration_authority: '121', count: 1780000000000, nested: { a: [1, 2.5, null, true] } };
  const request = fromWire('Request', json);
  assert.equal(request.extra.count, 1780000000000);
  assert.deepEqual(toWire(request), json);
  assert.throws(() => fromWire('Request', { pk: 'x' }), (error) => VideoIdError.is(error, 'unexpected_answer'));
  assert.throws(() => toWire({ pk: 7 }), (error) => VideoIdError.is(error, 'field_invalid'));
});

test('the package, its addon and its tables are of one version', () => {
  assert.equal(VERSION, JSON.parse(readFileSync(join(REPO, 'bindings-node/package.json'), 'utf8')).version);
  assert.equal(OPERATIONS.createRequest.class, 'reconcile');
  assert.ok(ERROR_CODES.rejected.meaning.length > 30);
});
