// The client of the One-Shot API as a program uses it.

import assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, openAsBlob, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

import { AbortError, Dialect, Evidence, ONE_SHOT_OPERATIONS, OneShot, OneShotExternal, RegistrationAuthority, VideoIdError, toWire } from 'videoid';

import { writeMp4 } from './lib/files.mjs';
import { DIALECTS, DOCUMENT, SIGNER, externalRa, otp, sha256 } from './lib/one-shot-story.mjs';
import { Sandbox, fixture, sandbox } from './lib/sandbox.mjs';
import { EVIDENCE, HOLDER, IMAGES, VIDEO } from './lib/story.mjs';

const PNG = fixture('specimen/document_front.png');
const temp = mkdtempSync(join(tmpdir(), 'videoid-one-shot-'));
let box;

before(async () => {
  box = await sandbox();
});
beforeEach(() => box.reset());
after(() => rmSync(temp, { recursive: true }));

const rejection = (promise) => promise.then(() => assert.fail('it did not reject'), (error) => error);
const client = (dialect, more = {}, options = {}) => new OneShot(box.oneShotConfig({ dialect, ...more }), options);
const operations = async () => (await box.received()).map(({ operation }) => operation);

for (const dialect of DIALECTS) {
  test(`every operation, to a signed document and back to nothing, in ${dialect}`, async () => {
    const oneShot = client(dialect, { registrationAuthority: externalRa(box) });
    const rao = box.oneShotRao;
    assert.equal((await oneShot.hello()).status, 'Hello');
    assert.ok((await oneShot.version()).version.length > 0);
    await oneShot.updateSettings({ request: { profile: SIGNER.profile } });
    assert.equal((await oneShot.getSettings()).request.profile, SIGNER.profile);

    const { tokenUid } = await oneShot.createToken({ username: rao.username, password: rao.password, pin: rao.pin, env: 'sandbox' });
    assert.equal((await oneShot.getToken(tokenUid)).username, rao.username);
    assert.ok((await oneShot.listTokens()).tokens.some((token) => token.tokenUid === tokenUid));

    const classic = { ...SIGNER, ...HOLDER, username: rao.username, password: rao.password, pin: rao.pin };
    const documents = { documentRear: IMAGES.documentRear, extraDocument: await openAsBlob(IMAGES.documentPhoto) };
    const created = await oneShot.createOneshotRequest(classic, IMAGES.documentFront, readFileSync(IMAGES.documentOwner), documents);
    assert.equal((await oneShot.getOneshotRequest(created.requestPk)).status, 'ENROLLREADY');
    const without = await rejection(oneShot.createOneshotRequest(classic, IMAGES.documentFront, IMAGES.documentOwner));
    assert.equal(without.code, 'missing_documents');
    const later = await oneShot.createOneshotRequest({ ...classic, useasync: true }, pathToFileURL(IMAGES.documentFront), IMAGES.documentOwner, documents);
    assert.ok(['pending', 'approved'].includes((await oneShot.getAsyncStatus(later.requestPk)).status));

    const { handle } = await oneShot.createVideoid(SIGNER);
    await oneShot.uploadVideoidEvidences(handle, await Evidence.build(EVIDENCE));
    await oneShot.uploadVideoidVideo(handle, { stream: createReadStream(VIDEO), length: statSync(VIDEO).size });
    const file = await oneShot.downloadVideoidVideo(handle, join(temp, 'back.mp4'));
    assert.deepEqual(readFileSync(file.path), readFileSync(VIDEO));
    if (dialect === 'current') {
      assert.equal((await rejection(oneShot.validateOneshotVideoid(handle, rao))).code, 'unsupported');
    } else {
      await box.control('PUT', '/settings', { one_shot: { approval_steps: 2 } });
      await oneShot.validateOneshotVideoid(handle, rao);
    }
    await oneShot.approveOneshotVideoid(handle, { token: tokenUid, rao: rao.rao });
    assert.equal((await rejection(oneShot.refuseOneshotVideoid(handle, rao, 'too late'))).category, 'api');
    const pk = handle.requestPk;

    const uploaded = await oneShot.uploadDocuments(pk, [DOCUMENT, readFileSync(DOCUMENT), await openAsBlob(DOCUMENT)]);
    assert.equal(uploaded.documents.length, 3);
    assert.equal((await oneShot.listDocuments(pk)).documents.length, 3);
    const [{ uid }, { uid: other }] = uploaded.documents;
    assert.equal((await oneShot.getDocument(pk, uid, 'original', join(temp, 'original.pdf'))).sha256, sha256(DOCUMENT));
    await oneShot.deleteDocument(pk, other, 'original');
    const contract = await oneShot.getContract(pk, pathToFileURL(join(temp, `contract-${dialect}.pdf`)));
    assert.equal(readFileSync(contract.path).subarray(0, 5).toString(), '%PDF-');

    const { imageUid } = await oneShot.uploadImage(PNG);
    assert.deepEqual((await oneShot.listImages()).images, [imageUid]);
    assert.equal((await oneShot.getImage(imageUid, join(temp, 'image.png'))).sha256, sha256(PNG));
    assert.ok((await oneShot.generateOtp(pk, { deliveryMethod: 'sms' })).nextAllowedAt > 0);
    const placements = [{ documentUid: uid, position: '10,10,200,80', page: 0, image: imageUid }];
    await oneShot.sign(pk, { secret: await otp(box, pk), useSignatureText: true, placements });
    const signed = await oneShot.getDocument(pk, uid, 'signed', join(temp, `signed-${dialect}.pdf`));
    assert.match(readFileSync(signed.path).toString('latin1'), /ETSI\.CAdES\.detached/u);

    await oneShot.deleteDocuments(pk);
    await oneShot.deleteImage(imageUid);
    await oneShot.deleteImages();
    await oneShot.deleteToken(tokenUid);
    const cancelled = await oneShot.createVideoid(SIGNER);
    await oneShot.updateOneshotRequest(cancelled.handle.requestPk, { profile: SIGNER.profile, email: 'other@example.com', countryName: 'ES' });
    await oneShot.cancelOneshotRequest(cancelled.handle.requestPk);

    const called = new Set(await operations());
    const missing = Object.values(ONE_SHOT_OPERATIONS).map(({ name }) => name).filter((name) => !called.has(name));
    assert.deepEqual(missing, dialect === 'current' ? ['validate_oneshot_videoid'] : []);
  });
}

test('the table names both routes', () => {
  assert.equal(Object.keys(ONE_SHOT_OPERATIONS).length, 33);
  for (const { name, route, legacyRoute } of Object.values(ONE_SHOT_OPERATIONS)) {
    if (name === 'validate_oneshot_videoid') assert.equal(route, '');
    else assert.match(route, /^\//u, name);
    assert.match(legacyRoute, /^\//u, name);
  }
});

test('a token is a secret, and so is what makes one', async () => {
  const oneShot = client('current');
  const { token } = box.ready.one_shot;
  const { username, password, pin, rao } = box.oneShotRao;
  const { billingPassword } = box.oneShotConfig();
  const created = await oneShot.createToken({ username, password, pin });
  const list = await oneShot.listTokens();
  const error = await rejection(oneShot.getToken(`${token.slice(0, -4)}aaaa`));
  assert.equal(error.code, 'token_unknown');
  const shown = [created, list, list.tokens[0], await oneShot.getToken(created.tokenUid), oneShot, error].flatMap((value) => [inspect(value, { depth: 9, showHidden: true }), JSON.stringify(value), String(value)]);
  for (const secret of [created.tokenUid, token, token.slice(0, -4), username, password, pin, billingPassword]) {
    for (const text of shown) assert.ok(!text.includes(secret), text);
  }
  assert.match(shown.join(), /tokenUid: '\*\*\*'/u);
  // The fields themselves are in clear.
  assert.equal(toWire(created).token_uid, created.tokenUid);
  assert.equal(typeof rao, 'string');
});

test('the client shows its installation and its dialect, and no settings', () => {
  const oneShot = client(Dialect.Legacy);
  assert.equal(inspect(oneShot), "OneShot { environment: 'custom', dialect: 'legacy' }");
  assert.deepEqual(JSON.parse(JSON.stringify({ oneShot })), { oneShot: { environment: 'custom', dialect: 'legacy' } });
  assert.equal(inspect(new OneShot()), "OneShot { environment: 'sandbox', dialect: 'current' }");
});

test('settings that cannot be are refused', async () => {
  for (const more of [{ dialect: 'newest' }, { env: 'live' }, { documentBytes: '1' }, { videoPk: 'request_pk' }, { retry: { maxAttempts: 1.5 } }]) {
    assert.throws(() => client('current', more), (error) => error.code === 'config_invalid' && error.category === 'config', JSON.stringify(more));
  }
  assert.throws(() => client('current', { baseUrl: 'http://example.com' }), { category: 'config' });
  assert.throws(() => new OneShot({}, { hook: 'x' }), { code: 'config_invalid' });
  assert.throws(() => new OneShotExternal(new RegistrationAuthority(box.config())), { code: 'field_invalid' });
});

test('the environment gives the settings', async () => {
  const { oneShot } = { oneShot: box.oneShotConfig() };
  const set = {
    VIDEOID_ONESHOT_URL: oneShot.baseUrl, VIDEOID_ONESHOT_DIALECT: 'legacy', VIDEOID_RA: oneShot.registrationAuthority, VIDEOID_ONESHOT_ENV: oneShot.env,
    VIDEOID_BILLING_USERNAME: oneShot.billingUsername, VIDEOID_BILLING_PASSWORD: oneShot.billingPassword,
  };
  Object.assign(process.env, set);
  try {
    await OneShot.fromEnv().createVideoid(SIGNER);
    assert.match((await box.received()).at(-1).path, /^\/api\/v1\/videoid/u);
    await OneShot.fromEnv({ dialect: 'current' }).createVideoid(SIGNER);
    assert.match((await box.received()).at(-1).path, /^\/oneshot\/api\/v1\/videoid/u);
    process.env.VIDEOID_ONESHOT_DIALECT = 'newest';
    assert.throws(() => OneShot.fromEnv(), { code: 'config_invalid' });
  } finally {
    for (const name of Object.keys(set)) delete process.env[name];
  }
});

test('values of another type are found before anything is sent', async () => {
  const oneShot = client('current');
  const handle = { requestPk: 1, videoidPk: 2 };
  const calls = {
    'videoid.emial': () => oneShot.createVideoid({ ...SIGNER, emial: 'x' }),
    documents: () => oneShot.uploadDocuments(1, DOCUMENT),
    'documents.1': () => oneShot.uploadDocuments(1, [DOCUMENT, 7]),
    handle: () => oneShot.uploadVideoidVideo(7, VIDEO),
    document_front: () => oneShot.createOneshotRequest({ ...SIGNER }, undefined, IMAGES.documentOwner),
    extra_document: () => oneShot.createOneshotRequest({ ...SIGNER }, IMAGES.documentFront, IMAGES.documentOwner, { extraDocument: 7 }),
    evidence: () => oneShot.uploadVideoidEvidences(handle, {}),
    reason: () => oneShot.refuseOneshotVideoid(handle, { rao: '1' }, 7),
    path: () => oneShot.getContract(1, 'with\0zero'),
    delivery_method: () => oneShot.generateOtp(1, { deliveryMethod: 7 }),
    request_pk: () => oneShot.getOneshotRequest('1'),
  };
  for (const [field, call] of Object.entries(calls)) {
    const error = await rejection(call());
    assert.ok(VideoIdError.is(error), field);
    assert.equal(error.category, 'validation', field);
    assert.ok([field, field.replace(/^videoid\./u, ''), 'VideoIdHandle'].includes(error.fields[0].field), `${field}: ${error.fields[0].field}`);
  }
  assert.deepEqual(await operations(), []);
});

test('documents are looked at before they are sent: a stream is not taken, a broken one not sent', async () => {
  const oneShot = client('current');
  const { handle } = await oneShot.createVideoid(SIGNER);
  const stream = { stream: createReadStream(DOCUMENT), length: statSync(DOCUMENT).size };
  assert.equal((await rejection(oneShot.uploadDocuments(handle.requestPk, [stream]))).code, 'body_not_repeatable');
  assert.equal((await rejection(oneShot.uploadDocuments(handle.requestPk, []))).category, 'validation');
  assert.equal((await rejection(oneShot.uploadDocuments(handle.requestPk, [join(temp, 'is-not-there.pdf')]))).code, 'source_unreadable');
  assert.equal((await rejection(oneShot.uploadImage(IMAGES.documentFront))).code, 'image_unrecognised');
  assert.deepEqual(await operations(), ['create_videoid']);
});

test('what the service says no to', async () => {
  const oneShot = client('current');
  const missing = await rejection(oneShot.getOneshotRequest(1));
  assert.deepEqual([missing.code, missing.operation, missing.wire, missing.retryable], ['not_found', 'get_oneshot_request', 'answered', false]);
  await box.control('PUT', '/settings', { one_shot: { dialect: 'legacy' } });
  assert.equal((await rejection(oneShot.hello())).code, 'wrong_dialect');
  await box.faults({ operation: 'create_videoid', kind: 'drop', when: 'after' });
  const lost = await rejection(client('legacy').createVideoid(SIGNER));
  assert.deepEqual([lost.code, lost.category, lost.wire], ['ambiguous', 'ambiguous', 'may_be_processed']);
});

test('hooks are told of attempts and outcomes before the promise is settled', async () => {
  const events = [];
  await client('legacy', {}, { hook: (event) => events.push(event) }).hello();
  assert.deepEqual(events.map(({ kind, operation }) => [kind, operation]), [['attempt', 'hello'], ['outcome', 'hello']]);
});

test('a closed client takes no more calls, and what runs on it ends', async () => {
  const oneShot = client('current');
  await box.faults({ operation: 'hello', kind: 'delay', ms: 300 });
  const running = oneShot.hello();
  await oneShot[Symbol.asyncDispose]();
  assert.equal((await running).status, 'Hello');
  oneShot.close();
  assert.equal((await rejection(oneShot.hello())).code, 'client_closed');
});

test('an aborted upload ends on the wire, in both dialects', async () => {
  const sink = await Sandbox.start(['--discard-uploads']);
  after(() => sink.stop());
  const bytes = 400_000_000;
  const video = writeMp4(join(temp, 'video.mp4'), bytes);
  // It reads slowly, or on a busy machine half of the bytes would be there before this thread hears of the first.
  await sink.faults({ operation: 'upload_videoid_video', kind: 'slow_reading', ms: 20, times: 2 });
  for (const dialect of DIALECTS) {
    const oneShot = new OneShot(sink.oneShotConfig({ dialect, registrationAuthority: externalRa(sink) }));
    const { handle } = await oneShot.createVideoid(SIGNER);
    const controller = new AbortController();
    const reason = new Error('the user closed the page');
    const options = { signal: controller.signal, onProgress: ({ sent }) => sent > 1_000_000 && controller.abort(reason) };
    const error = await rejection(oneShot.uploadVideoidVideo(handle, video, options));
    assert.ok(error instanceof AbortError, String(error));
    assert.equal(error.cause, reason);
    let row;
    for (let tries = 0; row === undefined && tries < 200; tries += 1) {
      row = (await sink.received()).find(({ operation }) => operation === 'upload_videoid_video');
      if (row === undefined) await new Promise((done) => setTimeout(done, 50));
    }
    assert.equal(row?.complete, false, 'the service saw the end of the connection');
    assert.ok(row.bytes_read < bytes / 2, `${row.bytes_read} of ${bytes} bytes arrived`);
    await sink.control('DELETE', '/received');
  }
});
