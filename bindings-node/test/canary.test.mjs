// No personal datum and no secret comes out where nobody asked for it: in what is printed, made into JSON or text, in errors,
// hooks and events, and on the streams of a process with every error provoked and the environment asking for logs at TRACE.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

import { sandbox } from './lib/sandbox.mjs';
import { IMAGES, VIDEO } from './lib/story.mjs';

const CANARIES = {
  givenName: 'CANARYANNA', surname1: 'CANARYERIKSSON', email: 'canary.anna@example.com', mobilePhoneNumber: '+34600987123',
  serialNumber: 'CANARYD2314', residenceAddress: 'CANARY STREET 7', ip: '192.0.2.201', userAgent: 'CanaryBrowser/7', reason: 'CANARY blurred reason',
  password: 'CanaryPass:9', pin: 'CanaryPin9', extra: 'CANARYEXTRA',
};

/** The forms in which a text could come out. */
function forms(text) {
  const bytes = Buffer.from(text);
  return [text, bytes.toString('base64').replace(/=+$/u, ''), bytes.toString('base64url'), bytes.toString('hex'), encodeURIComponent(text)];
}

test('nothing that is printed holds a canary', async () => {
  const box = await sandbox();
  const program = `
    import { inspect } from 'node:util';
    import * as v from 'videoid';
    const c = ${JSON.stringify(CANARIES)};
    const values = [];
    const heard = [];
    const hook = (event) => heard.push(event);
    const ra = new v.RegistrationAuthority({ ...${JSON.stringify(box.config())}, proxy: undefined }, { hook });
    const rao = ${JSON.stringify(box.rao)};
    const holder = { givenName: c.givenName, surname1: c.surname1, email: c.email, mobilePhoneNumber: c.mobilePhoneNumber, serialNumber: c.serialNumber };
    const input = { ...${JSON.stringify(IMAGES)}, ocrData: { ...holder, extra: { note: c.extra } }, acceptance: { ip: c.ip, userAgent: c.userAgent, date: 1780000000000, extra: { note: c.extra } }, extra: { note: c.extra } };
    const keep = (value) => (values.push(value), value);
    const caught = async (work) => { try { keep(await work()); } catch (error) { keep(error); } };
    const evidence = keep(await v.Evidence.build(input));
    keep(evidence.ocrData); keep(evidence.acceptance); keep(evidence.report); keep(ra);
    const flow = keep(new v.ExternalVideoId(ra, { store: (state) => void heard.push(state), onEvent: hook }));
    const submission = keep(await flow.submit({ profile: 'PFnubeQAFCiudadano', ...holder, residenceAddress: c.residenceAddress }, evidence, ${JSON.stringify(VIDEO)}));
    keep(v.fromWire('NewRequest', v.toWire({ profile: 'P', ...holder, extra: { note: c.extra } }, 'NewRequest')));
    keep(v.fromWire('RaoCredentials', { username: 'x', password: c.password, pin: c.pin, rao_id: '1' }));
    keep(v.fromWire('RaConfig', { proxy: 'http://u:' + c.password + '@127.0.0.1:1', tls: { identity: { key_pem: c.password, password: c.pin } } }));
    const read = keep(await ra.getRequest(submission.requestPk));
    if (read.email !== c.email) throw new Error('the canaries do not reach the service');
    keep(await ra.listRequests({ email: c.email }));
    await caught(() => ra.listRequests({ email: c.email, givenName: c.givenName, page: 99 }));
    await caught(() => ra.validateVideoid(submission.requestPk, { ...rao, password: c.password, pin: c.pin }));
    await caught(() => ra.refuseVideoid(submission.requestPk, rao, c.reason));
    await caught(() => ra.refuseVideoid(submission.requestPk, rao, c.reason));
    await caught(() => ra.createRequest({ profile: 'P', ...holder, scratchcard: c.extra, videoidMode: 1 }));
    await caught(() => ra.createRequest({ profile: 'P', ...holder, mobilePhoneNumber: c.serialNumber, scratchcard: 'x' }));
    await caught(() => ra.createRequest({ profile: 'P', ...holder, givenName: { name: c.givenName } }));
    await caught(() => v.Evidence.build({ ...input, documentFront: '/nowhere/' + c.surname1 + '.jpg' }));
    await caught(() => ra.downloadVideo('00000000-0000-0000-0000-000000000000', '/nowhere/' + c.surname1 + '.mp4'));
    await caught(() => v.Bundle.load('/nowhere/' + c.surname1));
    await caught(() => v.fromWire('Request', { pk: c.givenName }));
    await caught(() => v.ExternalVideoId.resume(ra, c.givenName));
    await caught(() => new v.RegistrationAuthority({ proxy: 'no address ' + c.password }));
    await caught(() => new v.RegistrationAuthority({ ...${JSON.stringify(box.config())}, tls: { identity: { certificatePem: c.password, keyPem: c.password, password: c.pin } } }));
    for (const fault of ['drop', 'not_json', 'truncate', 'big_error']) {
      await fetch('${box.ready.control_url}/faults', { method: 'POST', body: JSON.stringify([{ operation: 'list_requests', when: 'before', kind: fault, times: 9 }]) });
      await caught(() => ra.listRequests({ email: c.email, surname1: c.surname1 }));
      await fetch('${box.ready.control_url}/faults', { method: 'DELETE' }).catch(() => undefined);
    }
    await fetch('${box.ready.control_url}/faults', { method: 'POST', body: JSON.stringify([{ operation: 'create_request', when: 'before', kind: 'status', status: 500, body: { code: '500', id: 'x', error: 'no such ' + c.email }, times: 1 }]) });
    await caught(() => ra.createRequest({ profile: 'P', ...holder, scratchcard: 'x', videoidMode: 1 }));
    keep(v.Source.path('/nowhere/' + c.surname1));
    for (const value of [...values, ...heard]) {
      console.log(value);
      console.log(inspect(value, { depth: 20, showHidden: false, compact: false }));
      console.log(JSON.stringify(value));
      console.log(String(value), \`\${value}\`, value?.stack, value?.message, value?.cause?.stack);
    }
    console.log('values', values.length, 'errors', values.filter((value) => v.VideoIdError.is(value)).length, 'heard', heard.length);
  `;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, RUST_LOG: 'trace', RUST_BACKTRACE: '1', NODE_DEBUG: '' },
  });
  assert.equal(status, 0, stderr);
  const [, values, errors, heard] = /values (\d+) errors (\d+) heard (\d+)/u.exec(stdout).map(Number);
  assert.ok(values > 25 && errors > 12 && heard > 10, `${values} values, ${errors} errors, ${heard} events`);
  const text = `${stdout}${stderr}`;
  for (const [name, canary] of Object.entries(CANARIES)) {
    for (const form of forms(canary)) {
      const at = text.indexOf(form);
      assert.equal(at, -1, `${name} comes out: ${text.slice(Math.max(0, at - 200), at + 100)}`);
    }
  }
  for (const [name, secret] of Object.entries({ password: box.rao.password, pin: box.rao.pin })) assert.ok(!text.includes(secret), `the officer's ${name} comes out`);
});
