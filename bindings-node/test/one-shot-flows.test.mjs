// The two workflows of the One-Shot API as a program uses them.

import assert from 'node:assert/strict';
import { mkdtempSync, openAsBlob, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

import { AbortError, Evidence, OneShot, OneShotEidas, OneShotExternal, OneShotWait, RegistrationAuthority, VideoIdError, WebhookInbox } from 'videoid';

import { DIALECTS, DOCUMENT, SIGNER, externalRa, otp, sha256, user } from './lib/one-shot-story.mjs';
import { sandbox } from './lib/sandbox.mjs';
import { EVIDENCE, VIDEO } from './lib/story.mjs';

const LIMITS = { deadlineMs: 20_000, pollMs: 50, maxPollMs: 200 };
const temp = mkdtempSync(join(tmpdir(), 'videoid-one-shot-flows-'));
let box;

before(async () => {
  box = await sandbox();
});
beforeEach(() => box.reset());
after(() => rmSync(temp, { recursive: true }));

const rejection = (promise) => promise.then(() => assert.fail('it did not reject'), (error) => error);
const client = (dialect = 'current', more = {}) => new OneShot(box.oneShotConfig({ dialect, ...more }));
const external = (dialect) => client(dialect, { registrationAuthority: externalRa(box) });
const operations = async () => (await box.received()).map(({ operation }) => operation);
const folder = (name) => mkdtempSync(join(temp, name));

for (const dialect of DIALECTS) {
  test(`own evidence to the signed document, in two processes, in ${dialect}`, async () => {
    const [states, events, seen] = [[], [], []];
    const options = { store: async (state) => void states.push(state), onEvent: (event) => events.push(event) };
    const flow = new OneShotExternal(external(dialect), options);
    const submitted = await flow.submit(SIGNER, await Evidence.build(EVIDENCE), await openAsBlob(VIDEO), { onProgress: (progress) => seen.push(progress) });
    assert.deepEqual([submitted.status, submitted.waitsFor, submitted.approved], ['VIDEOREVIEW', OneShotWait.Review, false]);
    assert.equal(seen.at(-1).sent, seen.at(-1).total);
    assert.equal((await flow.approve(box.oneShotRao)).waitsFor, 'documents');

    // Another process goes on from here, with a document in memory.
    const resumed = OneShotExternal.resume(external(dialect), states.at(-1), options);
    assert.ok(resumed instanceof OneShotExternal);
    await resumed.documents([await openAsBlob(DOCUMENT), readFileSync(DOCUMENT), pathToFileURL(DOCUMENT)]);
    await resumed.documents([DOCUMENT, DOCUMENT, DOCUMENT]);
    assert.equal((await rejection(resumed.sign({ secret: '123456' }))).code, 'workflow_step');
    const out = folder(dialect);
    const contract = await resumed.contract(join(out, 'contract.pdf'));
    assert.equal(readFileSync(contract.path).subarray(0, 5).toString(), '%PDF-');
    assert.equal(await resumed.contractShown(), undefined);
    assert.ok((await resumed.otp({ deliveryMethod: 'sms' })).nextAllowedAt > 0);
    const soon = await rejection(resumed.otp());
    assert.equal(soon.code, 'otp_too_soon');
    assert.ok(soon.retryAfter > 0 && soon.retryAfter <= 60_000, String(soon.retryAfter));
    assert.equal((await rejection(resumed.sign({ secret: 'wrong' }))).code, 'otp_invalid');
    const pk = submitted.handle.requestPk;
    const signed = await resumed.sign({ secret: await otp(box, pk) });
    assert.deepEqual([signed.status, signed.waitsFor], ['ISSUED', 'saving']);
    const saved = await resumed.save(pathToFileURL(out));
    assert.deepEqual(saved.documents.map(({ file, signatures }) => [file.path, signatures]), [1, 2, 3].map((at) => [join(out, `signed-${at}.pdf`), 1]));
    for (const { file } of saved.documents) assert.equal(file.sha256, sha256(file.path));

    // A file that is not whole any more is in the way of the deletion.
    const second = join(out, 'signed-2.pdf');
    const whole = readFileSync(second);
    writeFileSync(second, 'damaged');
    assert.equal((await rejection(resumed.delete(out))).code, 'signed_document_invalid');
    writeFileSync(second, whole);
    assert.equal((await resumed.delete(out)).waitsFor, 'nothing');
    assert.equal((await resumed.look()).status, 'ISSUED');

    const sent = await operations();
    for (const once of ['create_videoid', 'upload_videoid_evidences', 'upload_videoid_video', 'approve_oneshot_videoid', 'upload_documents', 'delete_documents']) {
      assert.equal(sent.filter((name) => name === once).length, 1, once);
    }
    assert.ok(events.some(({ kind, step }) => kind === 'step' && step === 'upload_documents'));
    assert.ok(events.some(({ kind, status }) => kind === 'status' && status === 'ISSUED'));
    const kept = states.join();
    for (const secret of [...Object.values(box.oneShotRao).slice(0, 3), SIGNER.email, box.ready.one_shot.billing.password]) assert.ok(!kept.includes(secret));
  });

  test(`the user's link, the wait with an inbox and a refusal, in ${dialect}`, async () => {
    const flow = new OneShotEidas(client(dialect));
    const started = await flow.start(SIGNER);
    assert.equal(started.status, 'VIDEOPENDING');
    assert.match(started.videoidLink, /^http/u);
    assert.ok(!`${inspect(started)}${JSON.stringify(started)}${flow.state}`.includes(started.videoidLink.slice(-20)), 'the link is a secret');
    const pk = started.handle.requestPk;
    await user(box, pk, 'leave');
    const left = await flow.waitForUser(LIMITS);
    assert.equal(left.status, 'VIDEOINCOMPLETE');
    assert.ok(left.waysOn.length > 0);
    await user(box, pk, 'finish');

    const inbox = new WebhookInbox();
    // Without the webhook the next look would be a minute away.
    const waiting = flow.waitForUser({ deadlineMs: 60_000, pollMs: 60_000 }, { inbox });
    const hook = setInterval(() => inbox.receive(JSON.stringify({ request: pk, status: 'VIDEOREVIEW' })), 50);
    const identified = await waiting.finally(() => clearInterval(hook));
    assert.equal(identified.status, 'VIDEOREVIEW');
    const refused = await flow.refuse(box.oneShotRao, 'blurred');
    assert.deepEqual([refused.videoidStatus, refused.waitsFor], ['REFUSED', 'nothing']);
    assert.equal((await rejection(flow.approve(box.oneShotRao))).code, 'unexpected_status');
  });
}

test('two steps of approval, with a token', async () => {
  await box.control('PUT', '/settings', { one_shot: { approval_steps: 2 } });
  const flow = new OneShotExternal(external('legacy'));
  await flow.submit(SIGNER, await Evidence.build(EVIDENCE), VIDEO);
  const validated = await flow.validate(box.oneShotRao);
  assert.equal(validated.approved, false);
  const { tokenUid: token } = await external('legacy').createToken({ ...box.oneShotRao, rao: undefined, env: 'sandbox' });
  assert.equal((await flow.approve({ token, rao: box.oneShotRao.rao })).approved, true);
  assert.ok(!flow.state.includes(token), 'a token is a secret');
});

test('a wait for the user ends with its signal and with its deadline', async () => {
  const flow = new OneShotEidas(client());
  const before = await rejection(flow.waitForUser(LIMITS));
  assert.equal(before.code, 'workflow_step');
  await flow.start(SIGNER);
  const controller = new AbortController();
  const reason = new Error('the user went home');
  const waiting = rejection(flow.waitForUser({ deadlineMs: 600_000, pollMs: 600_000 }, { signal: controller.signal }));
  for (;;) {
    // It has looked, and sleeps.
    if ((await operations()).includes('get_oneshot_request')) break;
    await new Promise((done) => setTimeout(done, 20));
  }
  controller.abort(reason);
  const error = await waiting;
  assert.ok(error instanceof AbortError, String(error));
  assert.equal(error.cause, reason);
  const late = await rejection(flow.waitForUser({ deadlineMs: 50 }));
  assert.deepEqual([late.code, late.retryable], ['wait_deadline', true]);
  assert.equal((await rejection(flow.waitForUser({ deadlineMs: 1000 }, { inbox: 'x' }))).code, 'field_invalid');
  assert.equal((await rejection(flow.waitForUser({}))).category, 'validation');
  const aborted = await rejection(flow.look({ signal: AbortSignal.abort(reason) }));
  assert.ok(aborted instanceof AbortError);
});

test('a request is cancelled while another step waits for its user', async () => {
  const flow = new OneShotEidas(client());
  await flow.start(SIGNER);
  const waiting = rejection(flow.waitForUser({ deadlineMs: 60_000, pollMs: 50, maxPollMs: 100 }));
  await flow.cancel();
  assert.equal((await waiting).code, 'workflow_step');
});

test('a create call whose answer was lost: the request is adopted, or made anew', async () => {
  await box.faults({ operation: 'create_videoid', kind: 'drop', when: 'after' });
  const flow = new OneShotEidas(client());
  assert.equal((await rejection(flow.start(SIGNER))).category, 'ambiguous');
  assert.equal((await rejection(flow.start(SIGNER))).category, 'ambiguous');
  const { requests } = await box.control('GET', '/one-shot/requests');
  const [{ pk: requestPk, videoid_pk: videoidPk }] = requests;
  await flow.adopt({ requestPk, videoidPk });
  assert.equal((await flow.look()).handle.requestPk, requestPk);
  assert.equal((await rejection(flow.adopt({ requestPk, videoidPk }))).code, 'workflow_step');
  await flow.cancel();
  assert.ok(['CANCELLED', undefined].includes((await flow.look().catch(() => ({}))).status));

  await box.faults({ operation: 'create_videoid', kind: 'drop', when: 'before' });
  const other = new OneShotEidas(client());
  assert.equal((await rejection(other.createAnew())).code, 'workflow_step');
  assert.equal((await rejection(other.start(SIGNER))).category, 'ambiguous');
  await other.createAnew();
  assert.equal((await other.start(SIGNER)).status, 'VIDEOPENDING');
});

test('what the store throws is the cause, and nothing is sent', async () => {
  const thrown = new Error('the disk is full');
  const flow = new OneShotExternal(external('current'), {
    store: () => {
      throw thrown;
    },
  });
  const error = await rejection(flow.submit(SIGNER, await Evidence.build(EVIDENCE), VIDEO));
  assert.equal(error.code, 'file_not_written');
  assert.equal(error.cause, thrown);
  assert.deepEqual(await operations(), []);
});

test('a state is of one workflow, and a workflow of one client', async () => {
  const flow = new OneShotEidas(client());
  assert.throws(() => OneShotExternal.resume(client(), flow.state), { code: 'field_invalid' });
  assert.throws(() => OneShotEidas.resume(client(), '{"version": 99}'), (error) => VideoIdError.is(error));
  assert.throws(() => OneShotEidas.resume(client(), 7), { code: 'field_invalid' });
  assert.throws(() => new OneShotEidas(new RegistrationAuthority(box.config())), { code: 'field_invalid' });
  assert.throws(() => new OneShotEidas(client(), { store: 'x' }), { code: 'field_invalid' });
  assert.equal(inspect(flow), 'OneShotEidas {}');
  assert.equal(JSON.stringify({ flow }), '{"flow":{}}');
  assert.equal((await rejection(flow.documents(DOCUMENT))).code, 'field_invalid');
  const closed = client();
  const stopped = new OneShotEidas(closed);
  closed.close();
  assert.equal((await rejection(stopped.start(SIGNER))).code, 'client_closed');
});
