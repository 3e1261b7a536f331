// Provokes everything with recognisable data and prints whatever a program could see without asking for a value: errors with their
// causes and stacks, events of hooks, what inspect(), String(), console.log and JSON.stringify make of every object.
// Run by canary.test.mjs, which looks for the data in it.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  Bundle, ClassicRequest, EidasVideoId, Evidence, ExternalVideoId, RegistrationAuthority, Source, WebhookInbox, checkRequest, checkVideo, fromWire,
  parseWebhook,
} from 'videoid';

import { control as steer, provoke, show, shown } from './canary-show.mjs';

const given = JSON.parse(readFileSync(0, 'utf8'));
const { canaries: c, folder, video, specimen } = given;
const settings = given.settings;
const rao = { username: c.username, password: c.password, pin: c.pin, raoId: '1400' };

const control = (method, path, body) => steer(given.control, method, path, body);
const fault = (operation, kind, more = {}) => control('POST', '/faults', [{ operation, kind, ...more }]);

const broken = join(folder, `${c.given_name}.jpg`);
writeFileSync(broken, c.image);
const person = { givenName: c.given_name, surname1: c.surname, serialNumber: c.serial, email: c.email, mobilePhoneNumber: c.phone };
const request = { profile: 'PFnubeQAFCiudadano', ...person, birthDate: c.birth, residenceAddress: c.address, extra: { nickname: c.extra } };
const pieces = {
  ...specimen,
  acceptance: { ip: c.ip, userAgent: c.agent, date: 1622823879708, extra: { more: c.extra } },
  ocrData: { ...person, extra: { more: c.extra } },
  extra: { more: c.extra },
};
const hook = (event) => show(event);
const wire = { given_name: c.given_name, surname_1: c.surname, serial_number: c.serial, email: c.email };
for (const [model, json] of [['NewRequest', { profile: 'p', ...wire }], ['OcrData', wire], ['RequestFilter', { email: c.email }], ['CardSecrets', { pin: c.pin }], ['RaoCredentials', { username: c.username, password: c.password, pin: c.pin, rao_id: '1' }], ['Request', { pk: 1, status: 'CREATED', ...wire, nickname: c.extra }]]) {
  show(fromWire(model, json));
}
for (const [model, json] of [
  ['RequestUpdate', { profile: 'p', ...wire, responsible_name: c.given_name, responsible_serial: c.serial, residence_address: c.address, nickname: c.extra }],
  ['ContactData', { email: c.email, mobile_phone_number: c.phone, serial_number: c.serial }],
  ['PinUnlock', { scratchcard: '1', enrollment_code: c.password, newpin: c.pin, otp: c.pin }],
  ['RaConfig', { proxy: `http://u:${c.password}@127.0.0.1:1`, tls: { identity: { key_pem: c.password, password: c.pin } } }],
  ['ClientIdentity', { key_pem: c.password, password: c.pin }],
  ['Started', { request_pk: 1, scratchcard: '1', status: 'VIDEOPENDING', videoid_link: `https://example.com/${c.link}` }],
  ['Progressed', { request_pk: 1, status: 'VIDEOPENDING', videoid_link: `https://example.com/${c.link}` }],
  ['RequestDocuments', { documents: [{ pk: 1, type: 'extra_document', content: [...Buffer.from(c.image)], note: c.extra }] }],
]) {
  show(fromWire(model, json));
}
const hookBody = JSON.stringify({ request: { pk: 1, email: c.email, given_name: c.given_name }, status: 'CREATED', note: c.extra, certificates: [{ status: 'VALID', subject: c.surname }] });
await provoke(() => parseWebhook(hookBody));
await provoke(() => new WebhookInbox().receive(Buffer.from(hookBody)));
await provoke(() => parseWebhook(`["${c.email}", "${c.surname}"]`), 'webhook_invalid');
await provoke(() => parseWebhook({ email: c.email }), 'field_invalid');
await provoke(() => checkRequest({ ...request, countryName: c.surname, validityTime: 7 }, 'classic'));
show(Source.path(broken));
show(Source.bytes(Buffer.from(c.image)));

// What is found before anything is sent.
await provoke(() => Evidence.build({ ...pieces, documentFront: broken }), 'image_unrecognised');
await provoke(() => Evidence.build({ ...pieces, documentFront: Buffer.from(c.image) }), 'image_unrecognised');
await provoke(() => Evidence.build({ ...pieces, documentFront: join(folder, c.surname) }), 'source_unreadable');
await provoke(() => Evidence.build({ ...pieces, ocrData: { ...person, mobilePhoneNumber: c.serial } }), 'field_invalid');
await provoke(() => Evidence.build({ ...pieces, ocrData: { ...person, surname1: [c.surname] } }), 'field_invalid');
await provoke(() => Evidence.check({ ...pieces, documentFront: broken, ocrData: { ...person, email: c.agent } }));
await provoke(() => checkVideo(broken), 'video_unrecognised');
await provoke(() => Bundle.load(join(folder, c.surname)), 'bundle_invalid');
await provoke(() => fromWire('Request', { pk: c.serial, status: [c.surname] }), 'unexpected_answer');
await provoke(() => ExternalVideoId.resume(new RegistrationAuthority(settings), `{"email": "${c.email}"`), 'field_invalid');
for (const [more, code] of [
  [{ tls: { identity: { certificatePem: c.serial, keyPem: c.password, password: c.pin } } }, 'tls_identity_invalid'],
  [{ tls: { identity: { pkcs12: Buffer.from(c.password), password: c.pin } } }, 'tls_identity_invalid'],
]) await provoke(() => new RegistrationAuthority({ ...settings, ...more }, { hook }), code);
const proxied = await provoke(() => new RegistrationAuthority({ ...settings, retry: { maxAttempts: 1 }, proxy: `http://${c.username}:${encodeURIComponent(c.password)}@127.0.0.1:1` }, { hook }));
await provoke(() => proxied.getRequest(1), 'proxy_failed');

// The flow, with each kind of failure on the way.
const ra = await provoke(() => new RegistrationAuthority({ ...settings, retry: { baseDelayMs: 1 } }, { hook }));
const evidence = await provoke(() => Evidence.build(pieces));
show(evidence.acceptance);
show(evidence.ocrData);
await provoke(() => Bundle.save(join(folder, 'bundle'), evidence, video));
const bundle = await provoke(() => Bundle.load(join(folder, 'bundle')));
show(bundle.evidence);
show(bundle.video);
const card = await provoke(() => ra.getFirstUnusedScratchcard());
const full = { ...request, scratchcard: card.sn, videoidMode: 1 };
const echo = { code: '500', id: c.email, error: `${c.email} ${c.given_name} ${c.phone}` };
await fault('create_request', 'body', { status: 500, body: echo, when: 'before' });
await provoke(() => ra.createRequest(full), 'rejected');
await fault('create_request', 'body', { status: 400, body: { detail: `${c.email} is wrong`, [c.serial]: [c.surname] }, when: 'before' });
await provoke(() => ra.createRequest(full), 'bad_request');
await fault('get_request', 'body', { status: 200, body: `<html>${c.email}</html>` });
await provoke(() => ra.getRequest(1), 'unexpected_answer');
await fault('list_requests', 'body', { status: 200, body: { count: c.email, results: c.serial } });
await provoke(() => ra.listRequests({ email: c.email, givenName: c.given_name }), 'unexpected_answer');
await provoke(() => ra.listRequests({ email: c.email, serialNumber: c.serial }));
await fault('list_requests', 'delay', { ms: 5000 });
await provoke(() => ra.listRequests({ email: c.email }, { timeout: 200 }), 'timeout');
await fault('list_requests', 'delay', { ms: 5000 });
await provoke(() => ra.listRequests({ email: c.email }, { signal: AbortSignal.timeout(200) }), 'cancelled');
await fault('list_requests', 'drop', { times: 3 });
await provoke(() => ra.listRequests({ email: c.email }), 'connection_lost');
await fault('create_request', 'drop', { when: 'after' });
await provoke(() => ra.createRequest(full), 'ambiguous');
await provoke(() => ra.createRequest(full), 'scratchcard_invalid');
const flow = new ExternalVideoId(ra, { store: async (state) => console.log(state), onEvent: show });
const submission = await provoke(() => flow.submit(request, evidence, video, { onProgress: show }));
show(flow);
console.log(flow.state);
await provoke(() => ra.getRequest(submission.requestPk));
await provoke(() => flow.approve(rao), 'rao_rejected');
await provoke(() => ra.refuseVideoid(submission.requestPk, rao, c.reason), 'rao_rejected');
await fault('validate_videoid', 'body', { status: 500, body: echo, when: 'before' });
await provoke(() => ra.validateVideoid(submission.requestPk, given.rao), 'rejected');
await provoke(() => flow.validate(given.rao));
await provoke(() => flow.approve(given.rao));
await provoke(() => ra.getPreauthLink(submission.requestPk));
const other = new ExternalVideoId(ra, { onEvent: show });
await provoke(() => other.submit(request, evidence, readFileSync(video)));
await provoke(() => other.refuse(given.rao, c.reason));
await provoke(() => ra.getRequest('x'), 'field_invalid');
await provoke(() => ra.downloadVideo('00000000-0000-0000-0000-000000000000', join(folder, c.surname, 'x.mp4')), 'not_found');
await provoke(() => new RegistrationAuthority({ proxy: `no address ${c.password}` }), 'config_invalid');

// The rest of the API, and the other two flows.
await provoke(async () => {
  const list = [];
  for await (const item of ra.requests({ email: c.email })) list.push(item);
  return list;
});
await provoke(() => ra.waitFor(submission.requestPk, { statuses: ['ENROLLREADY'], deadlineMs: 5000 }));
await provoke(() => ra.checkContactData({ email: c.email, mobilePhoneNumber: c.phone, serialNumber: c.serial }));
await provoke(() => ra.isRenewable(c.extra, c.password), 'bad_request');
await provoke(() => ra.unlockPin(submission.requestPk, { scratchcard: c.extra, enrollmentCode: c.password, newpin: c.pin, otp: c.pin }), 'rejected');
const classic = new ClassicRequest(ra, { store: async (state) => console.log(state), onEvent: show });
const papers = { documentType: 'document_front', document: specimen.documentFront };
await provoke(() => classic.submit(request, [{ ...papers, document: broken }]), 'image_unrecognised');
await provoke(() => classic.submit(request, [{ ...papers, document: { [c.surname]: c.email } }]), 'field_invalid');
const brought = await provoke(() => classic.submit(request, [papers]));
await fault('update_request', 'body', { status: 500, body: echo, when: 'before' });
const update = { profile: request.profile, scratchcard: brought.scratchcard, email: c.email, countryName: 'ES', responsibleName: c.given_name };
await provoke(() => ra.updateRequest(brought.requestPk, update), 'rejected');
await provoke(() => ra.updateRequest(brought.requestPk, { ...update, validityTime: c.serial }), 'field_invalid');
await provoke(() => ra.listRequestDocuments(brought.requestPk));
await provoke(() => ra.validateRequest(brought.requestPk));
await provoke(() => classic.approve(rao), 'rao_rejected');
await provoke(() => classic.cancel());
show(classic);
await control('PUT', '/settings', { external_auth: false });
const eidas = new EidasVideoId(ra, { store: async (state) => console.log(state), onEvent: show });
const started = await provoke(() => eidas.start(request));
const userLink = new URL(started.videoidLink).pathname;
console.error(JSON.stringify({ link: userLink }));
await provoke(() => eidas.waitForUser({ deadlineMs: 300 }), 'wait_deadline');
await control('POST', `/requests/${started.requestPk}/user`, { action: 'leave' });
await provoke(() => eidas.waitForUser({ deadlineMs: 5000 }));
await control('POST', `/requests/${started.requestPk}/user`, { action: 'finish' });
await control('POST', `/requests/${started.requestPk}/operator`, { action: 'refuse', reason: c.reason });
await provoke(() => eidas.waitForOperator({ deadlineMs: 5000 }));
await provoke(() => eidas.complete({ update, documents: [{ label: c.extra, document: specimen.documentFront }] }), 'unexpected_status');
await provoke(() => EidasVideoId.resume(ra, `{"email": "${c.email}"}`), 'field_invalid');
show(eidas);
ra.close();
await provoke(() => ra.getRequest(1), 'client_closed');
console.log(`shown ${shown}`);
