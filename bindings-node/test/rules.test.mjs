// What is known without a network: profiles, statuses; and the client's own certificate.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';

import { Flow, RegistrationAuthority, Status, VideoIdError, WayOn, checkRequest, isFinal, nextSteps, profile, profiles, waysOn } from 'videoid';

import { sandbox } from './lib/sandbox.mjs';
import { CLASSIC, HOLDER, REQUEST } from './lib/story.mjs';

test('the documented profiles, and one by its name', () => {
  const all = profiles();
  assert.equal(all.length, 45);
  const found = profile('PFnubeQAFEmpresa');
  assert.equal(found.naturalPerson, false);
  assert.deepEqual(found, all.find(({ name }) => name === found.name));
  assert.equal(profile('private'), undefined);
  assert.throws(() => profile(7), (error) => VideoIdError.is(error, 'field_invalid'));
  // What a caller does to a result is the caller's.
  found.required.push('another');
  assert.ok(!profile('PFnubeQAFEmpresa').required.includes('another'));
});

test('a request is checked by its flow', () => {
  const fields = (request, flow) => checkRequest(request, flow).findings.map(({ field }) => field);
  assert.deepEqual(fields(CLASSIC, Flow.Classic), []);
  assert.ok(fields(REQUEST, 'classic').includes('given_name'));
  assert.ok(!fields(REQUEST, Flow.EidasVideoId).includes('given_name'), 'a video shows the name');
  assert.deepEqual(fields({ ...REQUEST, profile: 'private' }, Flow.Classic), []);
  assert.ok(!inspect(checkRequest({ ...REQUEST, countryName: 'anna@example.com' }, Flow.Classic), { depth: 9 }).includes(HOLDER.email));
  for (const [given, flow] of [[{ ...REQUEST, prfile: 'x' }, 'classic'], [REQUEST, 7], ['x', 'classic']]) {
    assert.throws(() => checkRequest(given, flow), (error) => VideoIdError.is(error, 'field_invalid'));
  }
});

test('findings are warnings, and errors where the client is strict', async () => {
  const box = await sandbox();
  const events = [];
  const request = { ...CLASSIC, countryName: 'ESP', paperlessMode: 1 };
  const ra = new RegistrationAuthority(box.config(), { hook: (event) => events.push(event) });
  const { sn } = await ra.getFirstUnusedScratchcard();
  await ra.createRequest({ ...request, scratchcard: sn }).catch((error) => assert.equal(error.category, 'api'));
  assert.ok(events.some(({ kind, text }) => kind === 'warning' && text.includes('country_name')), inspect(events));
  const strict = new RegistrationAuthority(box.config({ strict: true }));
  await assert.rejects(strict.createRequest({ ...request, scratchcard: sn }), (error) => error.category === 'validation' && error.fields.some(({ field }) => field === 'country_name'));
});

test('what a status says', () => {
  assert.deepEqual(waysOn(Status.VideoError, Flow.ExternalVideoId), [WayOn.UploadEvidence, WayOn.UploadVideo, WayOn.UpdateRequest, WayOn.CancelAndNewCard]);
  assert.deepEqual(waysOn('VIDEOINCOMPLETE', 'eidas_videoid'), ['send_link', 'update_request', 'cancel_and_new_card']);
  assert.deepEqual(waysOn('SOMETHING', 'classic'), []);
  assert.ok(nextSteps(Status.VideoReview).includes('validate_videoid'));
  assert.ok(isFinal(Status.Cancelled) && !isFinal(Status.Created));
  assert.throws(() => waysOn(Status.Created), (error) => VideoIdError.is(error, 'field_invalid'));
});

test('a certificate that ends soon is warned of, and is replaced while the client runs', async () => {
  const box = await sandbox(['--tls', '--mutual-tls']);
  const file = (name) => join(box.ready.pki_dir, name);
  const identity = (certificate, key, password) => ({ certificateFile: file(certificate), keyFile: file(key), ...(password ? { password } : {}) });
  const tls = (own) => ({ caFile: file('ca.pem'), caOnly: true, ...(own ? { identity: own } : {}) });
  const plain = new RegistrationAuthority(box.config({ tls: tls() }));
  assert.equal(plain.clientCertificate(), undefined);

  const events = [];
  const hook = (event) => events.push(event);
  const ra = new RegistrationAuthority(box.config({ tls: tls(identity('client-expired.pem', 'client-expired.key')), uploadTls: tls() }), { hook });
  assert.ok(ra.clientCertificate().daysLeft < 0);
  await assert.rejects(ra.getFirstUnusedScratchcard(), { code: 'client_certificate_rejected' });
  assert.ok(events.some(({ kind, text }) => kind === 'warning' && /certificate/u.test(text)), inspect(events));

  await assert.rejects(ra.replaceIdentity(identity('client.pem', 'other.key')), { code: 'tls_key_mismatch' });
  await assert.rejects(ra.replaceIdentity({ certificate: 'x' }), { code: 'field_invalid' });
  assert.ok(ra.clientCertificate().daysLeft < 0, 'the identity in use stays');
  const info = await ra.replaceIdentity(identity('client.pem', 'client-encrypted.key', 'sandbox'));
  assert.ok(info.daysLeft >= 0 && info.notAfterMs > Date.now() && info.notBeforeMs <= Date.now());
  assert.deepEqual(ra.clientCertificate(), info);
  assert.equal(typeof (await ra.getFirstUnusedScratchcard()).sn, 'string');

  // With so many days' notice every certificate is due; the hook hears of it before the promise is settled.
  const early = [];
  const warned = new RegistrationAuthority(box.config({ tls: tls(identity('client.pem', 'client.key')), uploadTls: tls(), certificateWarningDays: 100_000 }), { hook: (event) => early.push(event) });
  await warned.replaceIdentity(identity('client.pem', 'client.key'));
  assert.ok(early.filter(({ kind }) => kind === 'warning').length >= 2, inspect(early));
});

test('the assumptions are settings', async () => {
  const box = await sandbox();
  const ra = (assumptions) => new RegistrationAuthority(box.config({ assumptions }));
  assert.ok(ra({ videoIdentifierFrom: 'request_pk', incompleteIs: 'failure', uploadOrder: 'video_first', acceptanceDate: 'string', videoFormat: 'any', repeatReadingPosts: false }));
  for (const wrong of [{ uploadOrder: 'sideways' }, { repeatReadingPosts: 'no' }, { order: 'video_first' }]) {
    assert.throws(() => ra(wrong), (error) => VideoIdError.is(error, 'config_invalid'), JSON.stringify(wrong));
  }
});
