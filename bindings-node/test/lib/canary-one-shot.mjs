// As canary-program.mjs, for the One-Shot API: the client and both workflows in each dialect, with recognisable data, and what can go
// wrong on the way. Run by canary.test.mjs.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Evidence, OneShot, OneShotEidas, OneShotExternal, fromWire } from 'videoid';

import { control as steer, provoke, show, shown } from './canary-show.mjs';

const given = JSON.parse(readFileSync(0, 'utf8'));
const { canaries: c, folder, video, specimen, document, image, rao } = given;
const officer = { username: c.username, password: c.password, pin: c.pin, rao: rao.rao };
const signer = { profile: 'PFnubeQAFCiudadano', email: c.email, mobilePhoneNumber: c.phone };
const person = { givenName: c.given_name, surname1: c.surname, serialNumber: c.serial };
const hook = (event) => show(event);
const telling = { store: (state) => console.log(state), onEvent: show };

const control = (method, path, body) => steer(given.control, method, path, body);
const fault = (operation, kind, more = {}) => control('POST', '/faults', [{ operation, kind, ...more }]);
const passwordOf = async (pk) => (await control('GET', `/one-shot/requests/${pk}/otp`)).otp;
/** What the search is to find none of, by the way that is not searched. */
const secret = (name, value) => console.error(JSON.stringify({ name, value }));

const broken = join(folder, `${c.given_name}.pdf`);
writeFileSync(broken, c.image);

for (const [model, json] of [
  ['NewVideoId', { profile: 'p', email: c.email, mobile_phone_number: c.phone, billing_username: c.username, billing_password: c.password, nickname: c.extra }],
  ['NewOneShotRequest', { profile: 'p', given_name: c.given_name, surname_1: c.surname, serial_number: c.serial, email: c.email, mobile_phone_number: c.phone, username: c.username, password: c.password, pin: c.pin, token: c.token, billing_username: c.username, billing_password: c.password }],
  ['OneShotRao', { username: c.username, password: c.password, pin: c.pin, token: c.token, rao: '1' }],
  ['NewToken', { username: c.username, password: c.password, pin: c.pin }],
  ['CreatedToken', { token_uid: c.token }],
  ['Token', { token_uid: c.token, username: c.username }],
  ['TokenList', { tokens: [{ token_uid: c.token, username: c.username }] }],
  ['Signing', { secret: c.otp, ext_unlock_type: 'x', ext_unlock_value: c.otp, appearance: { text: c.surname } }],
  ['OneShotStarted', { handle: { request_pk: 1 }, status: 'VIDEOPENDING', videoid_link: `https://example.com/${c.link}` }],
  ['CreatedVideoId', { handle: { request_pk: 1 }, videoid_link: `https://example.com/${c.link}` }],
  ['OneShotSettings', { request: { email: c.email }, billing: { billing_password: c.password } }],
  ['UploadedDocuments', { documents: [{ uid: '1', filename: `${c.surname}.pdf` }] }],
  ['OneShotDocuments', { documents: [{ uid: '1', filename: `${c.surname}.pdf` }] }],
  ['OneShotConfig', { billing_username: c.username, billing_password: c.password, proxy: `http://u:${c.password}@127.0.0.1:1` }],
]) {
  show(fromWire(model, json));
}
await provoke(() => new OneShot({ ...given.settings, proxy: `no address ${c.password}` }), 'config_invalid');
await provoke(() => new OneShot({ ...given.settings, billingPassword: [c.password] }), 'config_invalid');
const evidence = await Evidence.build({ ...specimen, acceptance: { ip: c.ip, userAgent: c.agent, date: 1622823879708 }, ocrData: { ...person, email: c.email, mobilePhoneNumber: c.phone } });

for (const dialect of ['current', 'legacy']) {
  await control('POST', '/reset', {});
  const settings = { ...given.settings, dialect, retry: { baseDelayMs: 1 } };
  const external = { ...settings, registrationAuthority: given.external };
  const wrong = await provoke(() => new OneShot({ ...external, billingUsername: c.username, billingPassword: c.password }, { hook }));
  await provoke(() => wrong.createVideoid(signer), 'billing_rejected');
  const oneShot = await provoke(() => new OneShot(external, { hook }));

  // Tokens, settings, images and the classic request.
  await provoke(() => oneShot.getToken(c.token), 'token_unknown');
  const token = await provoke(() => oneShot.createToken({ username: rao.username, password: rao.password, pin: rao.pin, env: 'sandbox' }));
  secret(`token of ${dialect}`, token.tokenUid);
  await provoke(() => oneShot.listTokens());
  await provoke(() => oneShot.getToken(token.tokenUid));
  await provoke(() => oneShot.updateSettings({ request: { nickname: c.extra } }));
  await provoke(() => oneShot.getSettings());
  await provoke(() => oneShot.uploadImage(broken), 'image_unrecognised');
  await provoke(() => oneShot.uploadImage(image));
  const request = { ...signer, ...person, username: c.username, password: c.password, pin: c.pin };
  await provoke(() => oneShot.createOneshotRequest(request, specimen.documentFront, specimen.documentOwner, { documentRear: broken }), 'image_unrecognised');
  await provoke(() => oneShot.createOneshotRequest({ ...request, token: token.tokenUid }, specimen.documentFront, specimen.documentOwner, { documentRear: specimen.documentRear, extraDocument: { [c.surname]: c.email } }), 'field_invalid');
  const echo = { status: 'error', message: `${c.email} ${c.given_name}`, details: { email: [c.surname, c.serial] } };
  await fault('create_videoid', 'body', { status: 400, body: echo, when: 'before' });
  await provoke(() => oneShot.createVideoid(signer), 'bad_request');
  await fault('create_videoid', 'body', { status: 200, body: `<html>${c.email}</html>`, when: 'after' });
  await provoke(() => oneShot.createVideoid(signer), 'unexpected_answer');
  await fault('get_oneshot_request', 'drop', { times: 3 });
  await provoke(() => oneShot.getOneshotRequest(388141), 'connection_lost');

  // Own evidence, to the signed document.
  const flow = new OneShotExternal(oneShot, telling);
  const { handle } = await provoke(() => flow.submit(signer, evidence, video, { onProgress: show }));
  await provoke(() => oneShot.getOneshotRequest(handle.requestPk));
  await provoke(() => flow.approve(officer), 'rao_rejected');
  await provoke(() => flow.approve({ token: c.token, rao: rao.rao }), 'token_unknown');
  await provoke(() => flow.approve({ token: token.tokenUid, rao: rao.rao }));
  await provoke(() => flow.documents([broken]), 'document_unrecognised');
  await provoke(() => flow.documents([document]));
  await provoke(() => flow.contract(join(folder, c.surname, 'contract.pdf')), 'file_not_written');
  await provoke(() => flow.contract(join(folder, `contract-${dialect}.pdf`)));
  await flow.contractShown();
  await provoke(() => flow.otp());
  await provoke(() => flow.otp(), 'otp_too_soon');
  await provoke(() => flow.sign({ secret: c.otp }), 'otp_invalid');
  const otp = await passwordOf(handle.requestPk);
  secret(`one-time password of ${dialect}`, otp);
  await provoke(() => flow.sign({ secret: otp }));
  await provoke(() => flow.save(join(folder, c.surname)), 'file_not_written');
  show(flow);
  console.log(flow.state);

  // The user on the vendor's page, and a refusal.
  const eidas = new OneShotEidas(await provoke(() => new OneShot(settings, { hook })), telling);
  const started = await provoke(() => eidas.start(signer));
  secret(`link of ${dialect}`, started.videoidLink.slice(-20));
  await provoke(() => eidas.waitForUser({ deadlineMs: 300 }), 'wait_deadline');
  await control('POST', `/one-shot/requests/${started.handle.requestPk}/identification`, { outcome: 'finish', given_name: c.given_name, surname_1: c.surname, serial_number: c.serial });
  await provoke(() => eidas.waitForUser({ deadlineMs: 20_000, pollMs: 50 }));
  await provoke(() => eidas.refuse(rao, c.reason));
  await provoke(() => OneShotEidas.resume(oneShot, `{"email": "${c.email}"}`), 'field_invalid');
  show(eidas);
  oneShot.close();
  await provoke(() => oneShot.createVideoid(signer), 'client_closed');
}
console.log(`shown ${shown}`);
