// The eIDAS and the classic workflow, and what the three have in common, as a program uses them.

import assert from 'node:assert/strict';
import { createReadStream, openAsBlob, readFileSync, statSync } from 'node:fs';
import { before, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

import { ClassicRequest, EidasVideoId, Evidence, ExternalVideoId, RegistrationAuthority, VideoIdError, WayOn } from 'videoid';

import { fixture, sandbox } from './lib/sandbox.mjs';
import { CLASSIC, COMPANY, COMPANY_UPDATE, EVIDENCE, IMAGES, REQUEST, VIDEO } from './lib/story.mjs';

const EXTRACT = fixture('specimen/register_extract.pdf');
const LIMITS = { deadlineMs: 20_000, pollMs: 50, maxPollMs: 200 };

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
const eidas = () => box.control('PUT', '/settings', { external_auth: false });
const user = (pk, action) => box.control('POST', `/requests/${pk}/user`, { action });
const operator = (pk, action, reason) => box.control('POST', `/requests/${pk}/operator`, { action, reason });
const operations = async () => (await box.received()).map(({ operation }) => operation);

test('an eIDAS VideoID of a person in a company, from the link to ENROLLREADY', async () => {
  await eidas();
  const states = [];
  const events = [];
  const options = { store: async (state) => void states.push(state), onEvent: (event) => events.push(event) };
  const flow = new EidasVideoId(ra, options);
  const started = await flow.start(COMPANY);
  assert.equal(started.status, 'VIDEOPENDING');
  assert.match(started.videoidLink, /\/lcmpl\/videoid\//u);
  assert.ok(!`${inspect(started)}${JSON.stringify(started)}${states.join('')}`.includes('lcmpl'), 'the link is a secret');
  assert.deepEqual(flow.waysOn(), [WayOn.SendLink, WayOn.UpdateRequest, WayOn.CancelAndNewCard]);

  const waiting = flow.waitForUser(LIMITS);
  await user(started.requestPk, 'finish');
  assert.equal((await waiting).status, 'VIDEOREVIEW');
  await operator(started.requestPk, 'validate');
  const validated = await flow.waitForOperator(LIMITS);
  assert.equal(validated.status, 'CREATED');

  // Another process goes on from here, with a document in memory.
  const resumed = EidasVideoId.resume(new RegistrationAuthority(box.config()), states.at(-1), options);
  assert.ok(resumed instanceof EidasVideoId);
  const seen = [];
  const documents = [{ label: 'Company register extract', document: await openAsBlob(EXTRACT) }];
  const completed = await resumed.complete({ update: COMPANY_UPDATE, documents }, { onProgress: (progress) => seen.push(progress) });
  assert.equal(completed.status, 'CREATED');
  assert.equal(seen.at(-1).sent, seen.at(-1).total);
  await resumed.complete({ update: COMPANY_UPDATE, documents });
  const papers = await resumed.papers(box.rao.raoId);
  assert.ok(papers.declaration.receipt.length > 0);
  assert.equal(papers.contract.content.subarray(0, 5).toString(), '%PDF-');
  const approved = await resumed.approve(box.rao);
  assert.equal(approved.status, 'ENROLLREADY');
  assert.equal(typeof approved.secrets.pin, 'string');

  const sent = await operations();
  for (const once of ['create_request', 'update_request', 'upload_videoid_evidence_document', 'approve_request']) {
    assert.equal(sent.filter((name) => name === once).length, 1, once);
  }
  assert.ok(!sent.includes('validate_videoid'), 'validating is the operator\'s');
  assert.ok(events.some(({ kind, step }) => kind === 'step' && step === 'upload_videoid_evidence_document'));
  assert.ok(events.some(({ kind, status }) => kind === 'status' && status === 'ENROLLREADY'));
});

test('an eIDAS user who leaves is an outcome with its ways on, and comes back', async () => {
  await eidas();
  const flow = new EidasVideoId(ra);
  const { requestPk } = await flow.start({ ...REQUEST });
  await user(requestPk, 'leave');
  const left = await flow.waitForUser(LIMITS);
  assert.equal(left.status, 'VIDEOINCOMPLETE');
  assert.deepEqual(left.waysOn, flow.waysOn());
  assert.ok(left.waysOn.includes('send_link'));
  await user(requestPk, 'finish');
  assert.equal((await flow.waitForUser(LIMITS)).status, 'VIDEOREVIEW');
  await operator(requestPk, 'refuse', 'blurred');
  const refused = await flow.waitForOperator(LIMITS);
  assert.equal(refused.videoidStatus, 'REFUSED');
});

test('a classic request, with documents from every kind of source', async () => {
  const events = [];
  const flow = new ClassicRequest(ra, { onEvent: (event) => events.push(event) });
  const seen = [];
  const documents = [
    { documentType: 'document_front', document: IMAGES.documentFront },
    { documentType: 'document_rear', document: readFileSync(IMAGES.documentRear) },
    { documentType: 'document_owner', document: await openAsBlob(IMAGES.documentOwner) },
    { documentType: 'extra_document', document: pathToFileURL(EXTRACT) },
  ];
  const submission = await flow.submit(CLASSIC, documents, { onProgress: (progress) => seen.push(progress) });
  assert.equal(submission.status, 'CREATED');
  assert.ok(seen.length >= 4);
  const { documents: there } = await ra.listRequestDocuments(submission.requestPk);
  assert.deepEqual(there.map(({ documentType }) => documentType).sort(), documents.map(({ documentType }) => documentType).sort());
  await flow.submit(CLASSIC, documents);
  assert.equal((await operations()).filter((name) => name === 'upload_request_document').length, 4);
  const papers = await flow.papers(box.rao.raoId);
  assert.equal(papers.contract.content.subarray(0, 5).toString(), '%PDF-');
  assert.equal((await flow.approve(box.rao)).status, 'ENROLLREADY');
  assert.equal((await flow.approve(box.rao)).status, 'ENROLLREADY');
  assert.ok(events.some(({ step }) => step === 'approve_request'));
});

test('the documents of a call are looked at before they are sent, so a blob is taken and a stream is not', async () => {
  const flow = new ClassicRequest(ra);
  const { requestPk } = await flow.submit(CLASSIC, []);
  const uploaded = await ra.uploadRequestDocument(requestPk, 'document_front', await openAsBlob(IMAGES.documentFront));
  assert.equal(uploaded.documentType, 'document_front');
  const stream = () => ({ stream: createReadStream(EXTRACT), length: statSync(EXTRACT).size });
  assert.equal((await rejection(ra.uploadRequestDocument(requestPk, 'extra_document', stream()))).code, 'body_not_repeatable');
  const error = await rejection(flow.submit(CLASSIC, [{ documentType: 'extra_document', document: stream() }]));
  assert.equal(error.code, 'body_not_repeatable');
  await ra.deleteRequestDocument(requestPk, uploaded.pk);
  assert.deepEqual((await ra.listRequestDocuments(requestPk)).documents, []);
});

test('what is cancelled is forgotten, and the next first step takes a new card', async () => {
  for (const [flow, begin] of [
    [new ExternalVideoId(ra), async (it) => it.submit(REQUEST, await Evidence.build(EVIDENCE), VIDEO)],
    [new EidasVideoId(ra), (it) => it.start(REQUEST)],
    [new ClassicRequest(ra), (it) => it.submit(CLASSIC, [])],
  ]) {
    assert.deepEqual(flow.waysOn(), []);
    assert.equal((await rejection(flow.cancel())).code, 'workflow_step');
    const first = await begin(flow);
    const cancelled = await flow.cancel();
    assert.deepEqual([cancelled.requestPk, cancelled.status], [first.requestPk, 'CANCELLED']);
    const second = await begin(flow);
    assert.notEqual(second.requestPk, first.requestPk);
    assert.notEqual(second.scratchcard, first.scratchcard);
    assert.equal(inspect(flow), `${flow.constructor.name} {}`);
    assert.equal(JSON.stringify(flow), '{}');
  }
});

test('what a workflow is given is checked before anything is sent', async () => {
  const [e, c] = [new EidasVideoId(ra), new ClassicRequest(ra)];
  const secret = 'secret-4711';
  for (const [call, code, field] of [
    [() => e.waitForUser({ deadlineMs: 1.5 }), 'field_invalid', 'deadline_ms'],
    [() => e.waitForUser({ deadline: 5 }), 'field_invalid', 'deadline'],
    [() => e.waitForUser(LIMITS, { inbox: {} }), 'field_invalid', 'options.inbox'],
    [() => e.complete({ document: [] }), 'field_invalid', 'document'],
    [() => e.complete({ documents: secret }), 'field_invalid', 'documents'],
    [() => e.complete({ documents: [{ label: 'x', document: EXTRACT, note: secret }] }), 'field_invalid', 'documents.0.note'],
    [() => e.complete({ documents: [{ document: EXTRACT }] }), 'field_missing', 'documents.0.label'],
    [() => e.complete({ documents: [{ label: 'x' }] }), 'field_missing', 'documents.0.document'],
    [() => e.complete({ update: { ...COMPANY_UPDATE, country: secret } }), 'field_invalid', 'country'],
    [() => c.submit(CLASSIC), 'field_invalid', 'documents'],
    [() => c.submit(CLASSIC, [{ documentType: 7, document: EXTRACT }]), 'field_invalid', 'documents.0.documentType'],
    [() => c.submit(CLASSIC, [{ documentType: 'document_front', document: 7 }]), 'field_invalid', 'documents.0.document'],
    [() => c.papers(7), 'field_invalid', 'rao_id'],
    [() => c.approve({ username: 'x' }), 'field_missing', 'password'],
  ]) {
    const error = await rejection(Promise.resolve().then(call));
    assert.deepEqual([error.code, error.fields[0].field], [code, field], String(error));
    assert.ok(!inspect(error).includes('4711'));
  }
  assert.deepEqual(await box.received(), []);
  assert.equal((await rejection(e.waitForUser(LIMITS))).code, 'workflow_step');
  assert.equal((await rejection(c.papers(box.rao.raoId))).code, 'workflow_step');
  assert.throws(() => new EidasVideoId({}), (error) => VideoIdError.is(error, 'field_invalid'));
  assert.throws(() => new ClassicRequest(ra, { store: 7 }), (error) => VideoIdError.is(error, 'field_invalid'));
});

test('a state is of one flow', async () => {
  const flow = new EidasVideoId(ra);
  await flow.start(REQUEST);
  for (const Kind of [ExternalVideoId, ClassicRequest]) assert.throws(() => Kind.resume(ra, flow.state), (error) => VideoIdError.is(error, 'field_invalid'));
  assert.equal(EidasVideoId.resume(ra, flow.state).state, flow.state);
});

test('a waiting step ends with its signal, and lets another step in between two looks', async () => {
  await eidas();
  const flow = new EidasVideoId(ra);
  const { requestPk } = await flow.start(REQUEST);
  const reason = new Error('the page was closed');
  const controller = new AbortController();
  const waiting = flow.waitForUser({ deadlineMs: 60_000, pollMs: 60_000 }, { signal: controller.signal });
  setTimeout(() => controller.abort(reason), 100);
  const error = await rejection(waiting);
  assert.deepEqual([error.name, error.code, error.cause], ['AbortError', 'cancelled', reason]);
  const again = rejection(flow.waitForUser({ deadlineMs: 10_000, pollMs: 200 }));
  assert.equal((await flow.cancel()).requestPk, requestPk);
  assert.equal((await again).code, 'workflow_step');
  assert.equal((await rejection(new EidasVideoId(ra).waitForOperator({ deadlineMs: 1000 }))).code, 'workflow_step');
});

test('fifty workflows at once keep to their own requests', async () => {
  await box.reset({ cards: 60 });
  const evidence = await Evidence.build(EVIDENCE);
  const email = (index) => `anna${index}@example.com`;
  const all = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const flow = new ExternalVideoId(ra);
      const submission = await flow.submit({ ...REQUEST, email: email(index) }, evidence, VIDEO);
      return [index, submission, await flow.approve(box.rao)];
    }),
  );
  for (const key of ['requestPk', 'scratchcard', 'videoIdentifier']) assert.equal(new Set(all.map(([, submission]) => submission[key])).size, 50, key);
  for (const [index, { requestPk }, outcome] of all) {
    assert.deepEqual([outcome.requestPk, outcome.status], [requestPk, 'ENROLLREADY']);
    assert.equal((await ra.getRequest(requestPk)).email, email(index));
  }
});
