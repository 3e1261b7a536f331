// Waiting for a status, with webhooks as hints and without; and webhooks by themselves.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { inspect } from 'node:util';

import { RegistrationAuthority, VideoIdError, WebhookInbox, parseWebhook } from 'videoid';

import { sandbox } from './lib/sandbox.mjs';
import { pendingRequest } from './lib/story.mjs';

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
const status = (pk, word) => box.control('PUT', `/requests/${pk}/status`, { status: word });
const looks = async () => (await box.received()).filter(({ operation }) => operation === 'get_request').length;

/** A server that puts what it receives into an inbox, as a program would have one. */
async function receiver(inbox) {
  const codes = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    try {
      inbox.receive(Buffer.concat(chunks));
      codes.push('taken');
    } catch (error) {
      codes.push(error.code);
    } finally {
      response.end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  after(() => server.close());
  return [`http://127.0.0.1:${server.address().port}/webhook`, codes];
}

test('a wait ends with the request as a GET shows it', async () => {
  const { pk } = await pendingRequest(ra);
  const waiting = ra.waitFor(pk, { statuses: ['VIDEOREVIEW', 'CREATED'], deadlineMs: 20_000, pollMs: 20, maxPollMs: 100 });
  await status(pk, 'VIDEOREVIEW');
  const request = await waiting;
  assert.deepEqual([request.pk, request.status], [pk, 'VIDEOREVIEW']);
  assert.ok(!inspect(request).includes('anna@example.com'));
});

test('a webhook that is really delivered brings the look forward, however it is harmed on its way', async () => {
  for (const settings of [{ webhook_body: 'flat' }, { webhook_body: 'event' }, { webhook_body: 'mixed', webhook_fault: 'duplicate' }]) {
    await box.reset();
    const inbox = new WebhookInbox();
    const [url, codes] = await receiver(inbox);
    await box.control('PUT', '/settings', { webhook_url: url, ...settings });
    const { pk } = await pendingRequest(ra);
    // Without the webhook it would look again in a minute, when the deadline has long passed.
    const waiting = ra.waitFor(pk, { statuses: ['VIDEOREVIEW'], deadlineMs: 20_000, pollMs: 60_000 }, { inbox });
    await new Promise((done) => setTimeout(done, 50));
    await status(pk, 'VIDEOREVIEW');
    assert.equal((await waiting).status, 'VIDEOREVIEW');
    assert.ok(codes.includes('taken'));
  }
});

test('a webhook half of which came is refused, and the polls find out', async () => {
  const inbox = new WebhookInbox();
  const [url, codes] = await receiver(inbox);
  await box.control('PUT', '/settings', { webhook_url: url, webhook_fault: 'truncate' });
  const { pk } = await pendingRequest(ra);
  const waiting = ra.waitFor(pk, { statuses: ['VIDEOREVIEW'], deadlineMs: 20_000, pollMs: 300, maxPollMs: 300 }, { inbox });
  await status(pk, 'VIDEOREVIEW');
  assert.equal((await waiting).status, 'VIDEOREVIEW');
  for (let tries = 0; tries < 100 && codes.length === 0; tries += 1) await new Promise((done) => setTimeout(done, 20));
  assert.ok(codes.length > 0 && codes.every((code) => code === 'webhook_invalid'), codes.join());
});

test('what a forged webhook claims is no status, and many of them are few looks', async () => {
  const { pk } = await pendingRequest(ra);
  const inbox = new WebhookInbox();
  const forge = setInterval(() => inbox.receive(JSON.stringify({ status: 'ENROLLREADY', request: pk })), 2);
  const error = await rejection(ra.waitFor(pk, { statuses: ['ENROLLREADY'], deadlineMs: 900, pollMs: 60_000 }, { inbox }));
  clearInterval(forge);
  assert.deepEqual([error.code, error.category, error.retryable, error.operation], ['wait_deadline', 'transport', true, 'get_request']);
  const taken = await looks();
  assert.ok(taken >= 2 && taken <= 6, `${taken} looks`);
});

test('a wait ends with its signal, at once and for good', async () => {
  const { pk } = await pendingRequest(ra);
  const reason = new Error('the user went away');
  const controller = new AbortController();
  const inbox = new WebhookInbox();
  const waiting = rejection(ra.waitFor(pk, { statuses: ['VIDEOREVIEW'], deadlineMs: 60_000, pollMs: 60_000 }, { inbox, signal: controller.signal }));
  for (let tries = 0; tries < 100 && (await looks()) === 0; tries += 1) await new Promise((done) => setTimeout(done, 20));
  controller.abort(reason);
  const error = await waiting;
  assert.deepEqual([error.name, error.code, error.cause], ['AbortError', 'cancelled', reason]);
  const taken = await looks();
  inbox.receive(JSON.stringify({ status: 'VIDEOREVIEW', request: pk }));
  await new Promise((done) => setTimeout(done, 300));
  assert.equal(await looks(), taken, 'it looked after its end');
  const before = await rejection(ra.waitFor(pk, { statuses: ['CREATED'], deadlineMs: 1000 }, { signal: AbortSignal.abort(reason) }));
  assert.deepEqual([before.name, before.wire, before.cause], ['AbortError', 'not_sent', reason]);
  const timed = await rejection(ra.waitFor(pk, { statuses: ['CREATED'], deadlineMs: 60_000 }, { signal: AbortSignal.timeout(50) }));
  assert.equal(timed.cause.name, 'TimeoutError');
});

test('a wait that cannot come to its end says so', async () => {
  const { pk } = await pendingRequest(ra);
  await ra.cancelRequest(pk);
  const error = await rejection(ra.waitFor(pk, { statuses: ['CREATED'], deadlineMs: 60_000 }));
  assert.deepEqual([error.code, error.category], ['unexpected_status', 'api']);
  assert.equal((await rejection(ra.waitFor(999_999_999, { statuses: ['CREATED'], deadlineMs: 60_000 }))).code, 'not_found');
  for (const [wait, options, code, field] of [
    [{ deadlineMs: 1000 }, undefined, 'field_missing', 'statuses'],
    [{ statuses: ['CREATED'] }, undefined, 'field_missing', 'deadline_ms'],
    [{ statuses: ['CREATED'], deadlineMs: -1 }, undefined, 'field_invalid', 'deadline_ms'],
    [{ statuses: ['CREATED'], deadlineMs: 1.5 }, undefined, 'field_invalid', 'deadline_ms'],
    [{ statuses: 'CREATED', deadlineMs: 1000 }, undefined, 'field_invalid', 'statuses'],
    [{ statuses: ['CREATED'], deadlineMs: 1000, deadline: 5 }, undefined, 'field_invalid', 'deadline'],
    [{ statuses: ['CREATED'], deadlineMs: 1000 }, { inbox: {} }, 'field_invalid', 'options.inbox'],
  ]) {
    const refused = await rejection(ra.waitFor(pk, wait, options));
    assert.deepEqual([refused.code, refused.fields[0].field], [code, field]);
  }
});

test('one inbox is enough for many waits', async () => {
  const inbox = new WebhookInbox();
  const requests = [];
  for (let index = 0; index < 5; index += 1) requests.push((await pendingRequest(ra)).pk);
  const waits = requests.map((pk) => ra.waitFor(pk, { statuses: ['VIDEOREVIEW'], deadlineMs: 20_000, pollMs: 60_000 }, { inbox }));
  await new Promise((done) => setTimeout(done, 50));
  for (const pk of requests) {
    await status(pk, 'VIDEOREVIEW');
    inbox.receive(JSON.stringify({ event_type: 'REQUEST_VIDEOREVIEW', request: { pk, status: 'VIDEOREVIEW' } }));
  }
  assert.deepEqual((await Promise.all(waits)).map(({ pk }) => pk), requests);
});

test('a webhook from text and from bytes of every kind', () => {
  const text = JSON.stringify({ date: '2024-03-01 10:20:30', status: 'CREATED', previous_status: 'VIDEOREVIEW', request: 7, registration_authority: 121, own: { a: 1 } });
  const bytes = Buffer.from(`xx${text}yy`);
  const exact = new Uint8Array(Buffer.from(text)).slice();
  for (const body of [text, Buffer.from(text), exact, exact.buffer, bytes.subarray(2, -2)]) {
    const webhook = parseWebhook(body);
    assert.deepEqual([webhook.status, webhook.previousStatus, webhook.requestPk, webhook.registrationAuthority, webhook.extra], ['CREATED', 'VIDEOREVIEW', 7, '121', { own: { a: 1 } }]);
    assert.deepEqual([webhook.date.text, webhook.date.iso], ['2024-03-01 10:20:30', '2024-03-01T10:20:30']);
    assert.deepEqual(new WebhookInbox().receive(body).requestPk, 7);
  }
  const shown = inspect(parseWebhook(JSON.stringify({ request: 7, email: 'anna@example.com' })));
  assert.ok(shown.includes('requestPk') && !shown.includes('anna@example.com'), shown);
});

test('what is no webhook is refused without being shown', () => {
  const secret = 'anna@example.com';
  for (const body of ['', secret, `["${secret}"]`, `{"email": "${secret}"`, Buffer.alloc(65_537, ' '), `{"a":"${secret}"}${' '.repeat(70_000)}`]) {
    for (const take of [parseWebhook, (given) => new WebhookInbox().receive(given)]) {
      assert.throws(() => take(body), (error) => VideoIdError.is(error, 'webhook_invalid') && error.category === 'validation' && !inspect(error).includes(secret));
    }
  }
  for (const body of [undefined, null, 7, { request: 7 }, ['x']]) assert.throws(() => parseWebhook(body), (error) => VideoIdError.is(error, 'field_invalid'));
  assert.equal(inspect(new WebhookInbox()), 'WebhookInbox {}');
  assert.equal(JSON.stringify(new WebhookInbox()), '{}');
});
