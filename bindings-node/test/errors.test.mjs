// Typed errors, for what is wrong before a call and for what the service says.

import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { inspect } from 'node:util';

import { AbortError, Evidence, ExternalVideoId, RegistrationAuthority, VideoIdError, toWire } from 'videoid';

import { fixture, sandbox } from './lib/sandbox.mjs';
import { EVIDENCE, HOLDER, REQUEST, VIDEO } from './lib/story.mjs';

let box;
let ra;

before(async () => {
  box = await sandbox();
});
beforeEach(async () => {
  await box.reset();
  ra = new RegistrationAuthority(box.config());
});

const rejection = (promise) => promise.then(() => assert.fail('it did not reject'), (error) => error);

test('an answer of the service becomes a typed error with all it says', async () => {
  let error;
  try {
    await ra.createRequest({ ...REQUEST, scratchcard: '0000', videoidMode: 1 });
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof VideoIdError);
  assert.ok(error instanceof Error);
  assert.equal(error.name, 'VideoIdError');
  assert.equal(error.code, 'scratchcard_invalid');
  assert.ok(error.is('scratchcard_invalid'));
  assert.ok(VideoIdError.is(error, 'scratchcard_invalid') && VideoIdError.is(error) && !VideoIdError.is(error, 'rejected') && !VideoIdError.is(new Error('x')));
  assert.deepEqual([error.category, error.operation, error.wire, error.retryable, error.httpStatus], ['api', 'create_request', 'answered', false, 500]);
  assert.match(error.serverId, /^[0-9a-f]{16}$/u);
  assert.equal(typeof error.correlationId, 'string');
  assert.match(error.serverText, /ScratchCard/iu);
  assert.ok(!Object.keys(error).includes('serverText'), 'serverText is enumerable');
  assert.ok(!/ScratchCard/u.test(inspect(error, { depth: 9 })) && !/ScratchCard/u.test(JSON.stringify(error)));
  assert.match(error.stack, /errors\.test\.mjs/u, 'the stack leads to the caller');
});

test('a file that is wrong is named by its field', async () => {
  for (const [name, code] of [['broken/cut.jpg', 'image_damaged'], ['broken/cut.png', 'image_damaged'], ['broken/photo.heic', 'image_heic'], ['broken/text.jpg', 'image_unrecognised'], ['broken/empty.jpg', 'source_empty'], ['broken/none.jpg', 'source_unreadable']]) {
    const error = await rejection(Evidence.build({ ...EVIDENCE, documentRear: fixture(name) }));
    assert.equal(error.code, code, name);
    assert.deepEqual(error.fields.map(({ field }) => field), ['videoid_data.images.document_rear']);
  }
});

test('values of the wrong type are refused by name, never shown', async () => {
  const secret = 'ERIKSSON-4711';
  const cases = [
    [() => Evidence.build({ ...EVIDENCE, ocrData: { surname1: [secret] } }), 'videoid_data.ocr_data.surname_1'],
    [() => Evidence.build({ ...EVIDENCE, ocrData: { surename1: secret } }), 'videoid_data.ocr_data.surename1'],
    [() => Evidence.build({ ...EVIDENCE, documentFront: 42 }), 'videoid_data.images.document_front'],
    [() => Evidence.build({ ...EVIDENCE, documentFront: '' }), 'videoid_data.images.document_front'],
    [() => Evidence.build({ ...EVIDENCE, documentFront: new URL('https://example.com/x.jpg') }), 'videoid_data.images.document_front'],
    [() => Evidence.build({ ...EVIDENCE, similarityLevel: 87.5 }), 'videoid_data.similarity_level'],
    [() => Evidence.build({ ...EVIDENCE, extra: { deep: () => secret } }), 'videoid_data'],
    [() => Evidence.build({ ...EVIDENCE, securityChecks: { liveliness: true } }), 'videoid_data.security_checks.liveliness'],
    [() => ra.createRequest({ ...REQUEST, email: { secret } }), 'email'],
    [() => ra.createRequest({ ...REQUEST, validityTime: Number.NaN }), 'validity_time'],
    [() => ra.createRequest(secret), 'NewRequest'],
    [() => ra.getRequest(secret), 'request_pk'],
    [() => ra.getRequest(1, { timeout: -1 }), 'options.timeout'],
    [() => ra.getRequest(1, { signal: {} }), 'options.signal'],
    [() => ra.getRequest(1, { onProgress: secret }), 'options.onProgress'],
    [() => ra.uploadEvidence(1, {}), 'evidence'],
    [() => ra.uploadVideo('x', { stream: 'x', length: 1 }), 'stream'],
    [() => ra.uploadVideo('x', { stream: new Blob(['x']).stream(), length: -1 }), 'length'],
  ];
  for (const [call, field] of cases) {
    const error = await rejection(Promise.resolve().then(call));
    assert.equal(error.code, 'field_invalid', `${field}: ${error}`);
    assert.equal(error.fields[0].field, field);
    assert.equal(error.wire, 'not_sent');
    assert.ok(!inspect(error).includes('4711'), field);
  }
  const missing = await rejection(ra.validateVideoid(1, { username: 'x' }));
  assert.equal(missing.code, 'field_missing');
  assert.equal((await rejection(ra.getRequest())).code, 'field_missing');
  assert.deepEqual(await box.received(), []);
});

test('settings that contradict each other are a matter of configuration', () => {
  for (const config of [{ environment: 'custom' }, { environment: 'elsewhere' }, { enviroment: 'custom' }, { environment: 'production', apiUrl: 'https://example.com/x' }, { tls: { caFile: '/nowhere/ca.pem' } }, { retry: { maxAttempts: 0 } }, { timeouts: { total: -1 } }]) {
    assert.throws(() => new RegistrationAuthority(config), (error) => VideoIdError.is(error) && error.category === 'config', JSON.stringify(config));
  }
  assert.throws(() => new RegistrationAuthority(box.config({ apiUrl: 'http://192.0.2.1/api/v1' })), (error) => VideoIdError.is(error, 'plain_http_refused'));
});

test('what may not be guessed is asked for', async () => {
  const { videoPk: _, ...config } = box.config();
  const client = new RegistrationAuthority(config);
  const error = await rejection(client.uploadEvidence(1, await Evidence.build(EVIDENCE)));
  assert.equal(error.code, 'video_pk_unset');
  assert.equal((await rejection(ra.validateVideoid(1, { ...box.rao, pin: 'wrong' }))).category, 'api');
  assert.equal((await rejection(ra.refuseVideoid(1, box.rao, ''))).code, 'field_missing');
});

test('answers that cannot be used, and answers that are lost', async () => {
  for (const [fault, codes] of [
    [{ kind: 'not_json' }, ['unexpected_answer']],
    [{ kind: 'truncate' }, ['answer_truncated']],
    [{ kind: 'big_error' }, ['answer_too_large', 'server_error']],
    [{ kind: 'status', status: 503 }, ['server_error']],
  ]) {
    await box.reset();
    await box.faults({ operation: 'get_request', when: 'before', times: 9, ...fault });
    const error = await rejection(ra.getRequest(1));
    assert.ok(codes.includes(error.code), `${fault.kind}: ${error.code}`);
  }
  await box.reset();
  await box.faults({ operation: 'create_request', when: 'after', kind: 'drop', times: 1 });
  const card = await ra.getFirstUnusedScratchcard();
  const lost = await rejection(ra.createRequest({ ...REQUEST, scratchcard: card.sn, videoidMode: 1 }));
  assert.deepEqual([lost.code, lost.wire, lost.category, lost.retryable], ['ambiguous', 'may_be_processed', 'ambiguous', false]);
});

test('time limits', async () => {
  await box.faults({ operation: 'get_request', when: 'before', kind: 'delay', ms: 5000, times: 1 });
  const error = await rejection(ra.getRequest(1, { timeout: 100 }));
  assert.equal(error.code, 'timeout');
});

test('an aborted signal rejects with an AbortError whose cause is the reason', async () => {
  const reason = new Error('the user went away');
  const before = await rejection(ra.getRequest(1, { signal: AbortSignal.abort(reason) }));
  assert.ok(before instanceof AbortError && VideoIdError.is(before, 'cancelled'));
  assert.deepEqual([before.name, before.code, before.category, before.wire, before.cause], ['AbortError', 'cancelled', 'cancelled', 'not_sent', reason]);
  assert.deepEqual(await box.received(), []);
  await box.faults({ operation: 'get_request', when: 'before', kind: 'delay', ms: 5000, times: 1 });
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 50);
  const during = await rejection(ra.getRequest(1, { signal: controller.signal }));
  assert.deepEqual([during.name, during.code, during.operation, during.cause], ['AbortError', 'cancelled', 'get_request', reason]);
  const timeout = await rejection(Evidence.build(EVIDENCE, { signal: AbortSignal.abort() }));
  assert.equal(timeout.name, 'AbortError');
  await box.reset();
  const flow = new ExternalVideoId(ra);
  const stopped = await rejection(flow.submit(REQUEST, await Evidence.build(EVIDENCE), VIDEO, { signal: AbortSignal.abort(reason) }));
  assert.equal(stopped.cause, reason);
});

test('signals keep no listeners of calls that are over', async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args) => ((listeners += 1), add(...args));
  signal.removeEventListener = (...args) => ((listeners -= 1), remove(...args));
  for (let i = 0; i < 20; i += 1) await ra.getFirstUnusedScratchcard({ signal });
  assert.equal(listeners, 0);
});

test('errors carry the value of no field', async () => {
  const error = await rejection(ra.createRequest({ ...REQUEST, mobilePhoneNumber: '600000000', scratchcard: 'x' }));
  assert.equal(error.code, 'field_invalid');
  assert.ok(!inspect(error).includes('600000000'));
  assert.equal(typeof toWire(await ra.getFirstUnusedScratchcard()).sn, 'string');
  assert.ok(HOLDER.email);
});
