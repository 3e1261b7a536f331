// The examples run as they stand: the service with its webhooks and the officer's steps, a bundle that a device saved, and the program
// of every flow with that bundle.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

import { Bundle, Evidence } from 'videoid';

import { REPO, sandbox } from './lib/sandbox.mjs';
import { EVIDENCE, IMAGES, REQUEST, VIDEO } from './lib/story.mjs';

const here = join(REPO, 'bindings-node');
const place = mkdtempSync(join(tmpdir(), 'videoid-examples-'));
const examples = join(place, 'examples');
const device = join(place, 'device');
const TOKEN = 'a token of the officer';
let box;
let env;

before(async () => {
  cpSync(join(REPO, 'examples/node'), examples, { recursive: true, filter: (path) => !path.endsWith('node_modules') });
  mkdirSync(join(examples, 'node_modules'));
  symlinkSync(here, join(examples, 'node_modules/videoid'));
  symlinkSync(join(here, 'node_modules/express'), join(examples, 'node_modules/express'));
  await Bundle.save(device, await Evidence.build(EVIDENCE), VIDEO);
  box = await sandbox();
  const { username, password, pin, raoId } = box.rao;
  env = {
    PATH: process.env.PATH,
    VIDEOID_ENVIRONMENT: 'custom', VIDEOID_RA: box.ready.ra.id, VIDEOID_VIDEO_PK: 'request_pk', VIDEOID_RA_URL: box.ready.ra_url, VIDEOID_UPLOAD_URL: box.ready.upload_url,
    VIDEOID_RAO_USERNAME: username, VIDEOID_RAO_PASSWORD: password, VIDEOID_RAO_PIN: pin, VIDEOID_RAO_ID: raoId,
    SERVICE_FOLDER: join(place, 'identifications'), SERVICE_OFFICER_TOKEN: TOKEN,
  };
});
after(() => rmSync(place, { recursive: true, force: true }));

/** Runs an example to its end. */
async function run(file, ...args) {
  const child = spawn(process.execPath, [join(examples, file), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (piece) => (out += piece));
  child.stderr.on('data', (piece) => (err += piece));
  const [status] = await once(child, 'close');
  return { status, out, err };
}

test('a bundle that a device saved is looked at, and submitted', async () => {
  await box.reset();
  const looked = await run('load-bundle.mjs', device);
  assert.deepEqual([looked.status, looked.err], [0, '']);
  assert.match(looked.out, /^document_front: jpeg, \d+ x \d+, \d+ bytes$/mu);
  assert.match(looked.out, new RegExp(`^video: ${statSync(VIDEO).size} bytes$`, 'mu'));
  assert.deepEqual(await box.received(), []);
  const { status, out, err } = await run('load-bundle.mjs', device, '--submit', REQUEST.email, '+34600000000');
  assert.deepEqual([status, err], [0, '']);
  assert.match(out, /^request \d+: VIDEOREVIEW$/mu);
  assert.ok(!out.includes('ERIKSSON') && !out.includes('anna'));
});

test('a bundle that was altered on its way is refused before anything is sent', async () => {
  await box.reset();
  const altered = join(place, 'altered');
  cpSync(device, altered, { recursive: true });
  const image = readdirSync(altered).find((name) => name.startsWith('document_front'));
  const bytes = readFileSync(join(altered, image));
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(join(altered, image), bytes);
  for (const args of [[altered], [altered, '--submit', 'anna@example.com', '+34600000000']]) {
    const { status, out, err } = await run('load-bundle.mjs', ...args);
    assert.deepEqual([status, out], [1, '']);
    assert.match(err, /^bundle_altered: /u);
  }
  assert.match((await run('load-bundle.mjs')).err, /DIR/u);
  assert.deepEqual(await box.received(), []);
});

test('the main example takes its evidence from a bundle', async () => {
  await box.reset();
  const settings = ['--ra-url', box.ready.ra_url, '--upload-url', box.ready.upload_url, '--ra', box.ready.ra.id, '--rao-id', box.rao.raoId];
  const { status, out, err } = await run('external-videoid.mjs', ...settings, '--out', join(place, 'out'), '--bundle', device);
  assert.deepEqual([status, err], [0, ''], out);
  assert.equal(JSON.parse(out.trim().split('\n').at(-1)).status, 'ENROLLREADY');
});

/** The service as a process of its own, with what it logs. */
async function service() {
  const child = spawn(process.execPath, [join(examples, 'service/service.mjs')], { env: { ...env, PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let text = '';
  child.stderr.on('data', (piece) => (text += piece));
  const log = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    text += `${line}\n`;
    log.push(JSON.parse(line));
  });
  await Promise.race([once(lines, 'line'), ended.then(() => assert.fail(`the service ended early: ${text}`))]);
  const url = `http://127.0.0.1:${log[0].port}`;
  const call = async (method, path, body, headers = {}) => {
    const answer = await fetch(url + path, { method, body, headers, ...(body instanceof ReadableStream ? { duplex: 'half' } : {}) });
    const type = answer.headers.get('content-type') ?? '';
    return [answer.status, type.includes('json') ? await answer.json() : type.includes('pdf') ? Buffer.from(await answer.arrayBuffer()) : await answer.text()];
  };
  const stop = async () => {
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null], text);
    return text;
  };
  return { url, call, log, stop };
}

const JSON_BODY = { 'content-type': 'application/json' };
const OFFICER = { authorization: `Bearer ${TOKEN}` };

/** Begins an identification and brings its images. */
async function begun({ call }) {
  const [created, { id }] = await call('POST', '/identifications', JSON.stringify({ email: 'anna@example.com', mobilePhoneNumber: '+34600000000' }), JSON_BODY);
  assert.equal(created, 201);
  for (const [name, file] of [['document_front', IMAGES.documentFront], ['document_rear', IMAGES.documentRear], ['document_owner', IMAGES.documentOwner]]) {
    assert.deepEqual(await call('PUT', `/identifications/${id}/images/${name}`, readFileSync(file), { 'content-type': 'image/jpeg' }), [204, '']);
  }
  return `/identifications/${id}`;
}

test('the service: create, upload, webhook, the officer in another process than the upload', async () => {
  await box.reset();
  let running = await service();
  await box.control('PUT', '/settings', { webhook_url: `${running.url}/webhooks`, webhook_body: 'event' });
  const path = await begun(running);
  assert.deepEqual(await running.call('GET', path), [200, {}]);
  assert.deepEqual(await running.call('PUT', `${path}/video`, readFileSync(VIDEO), { 'content-type': 'video/mp4' }), [200, { status: 'VIDEOREVIEW' }]);
  const [again] = await running.call('PUT', `${path}/video`, readFileSync(VIDEO), { 'content-type': 'video/mp4' });
  assert.equal(again, 409);
  const folder = join(place, 'identifications', path.split('/').at(-1));
  assert.deepEqual(readdirSync(folder), ['kept.json']);
  assert.ok(!readFileSync(join(folder, 'kept.json'), 'utf8').includes('anna'));
  assert.equal(statSync(join(folder, 'kept.json')).mode & 0o077, 0);

  assert.equal((await running.call('POST', `${path}/validate`))[0], 401);
  assert.equal((await running.call('GET', `${path}/contract`, undefined, OFFICER))[0], 404);
  const [status, validated] = await running.call('POST', `${path}/validate`, undefined, OFFICER);
  assert.deepEqual([status, validated.status], [200, 'CREATED']);
  assert.ok(validated.declaration.length > 0);
  const [, contract] = await running.call('GET', `${path}/contract`, undefined, OFFICER);
  assert.equal(contract.subarray(0, 5).toString(), '%PDF-');
  let text = await running.stop();

  // What was validated there is approved here.
  running = await service();
  await box.control('PUT', '/settings', { webhook_url: `${running.url}/webhooks`, webhook_body: 'event' });
  const waiting = running.call('GET', `${path}?waitFor=ENROLLREADY&seconds=120`);
  const approved = await running.call('POST', `${path}/approve`, undefined, OFFICER);
  assert.deepEqual(approved, [200, { status: 'ENROLLREADY', videoidStatus: 'VALIDATED' }]);
  assert.deepEqual(await waiting, [200, { status: 'ENROLLREADY' }]);
  // The webhook may come after the answer that it is about.
  for (const end = Date.now() + 60_000; !running.log.some(({ event }) => event === 'webhook'); ) {
    assert.ok(Date.now() < end, JSON.stringify(running.log));
    await new Promise((done) => setTimeout(done, 50));
  }
  text += await running.stop();
  assert.ok(!/ERIKSSON|anna@|600000000/u.test(text), text);
});

test('the service: refused, and what callers do wrong', async () => {
  await box.reset();
  const running = await service();
  const path = await begun(running);
  assert.deepEqual(await running.call('PUT', `${path}/video`, readFileSync(VIDEO)), [200, { status: 'VIDEOREVIEW' }]);
  const [status, { videoidStatus }] = await running.call('POST', `${path}/refuse`, '{"reason":"blurred"}', { ...JSON_BODY, ...OFFICER });
  assert.deepEqual([status, videoidStatus], [200, 'REFUSED']);

  const other = await begun(running);
  assert.equal((await running.call('POST', '/identifications', '{}', JSON_BODY))[0], 422);
  assert.equal((await running.call('POST', '/identifications', '{', JSON_BODY))[0], 400);
  assert.equal((await running.call('GET', '/identifications/00000000-0000-0000-0000-000000000000'))[0], 404);
  assert.equal((await running.call('GET', '/identifications/..%2F..%2Fetc'))[0], 404);
  assert.equal((await running.call('PUT', `${other}/images/passport`, 'x'))[0], 404);
  const [length] = await running.call('PUT', `${other}/video`, new Blob(['x']).stream());
  assert.equal(length, 411);
  await running.call('PUT', `${other}/images/document_front`, 'no image', { 'content-type': 'image/jpeg' });
  const [bad, answer] = await running.call('PUT', `${other}/video`, readFileSync(VIDEO));
  assert.deepEqual([bad, answer.fields.map(({ field }) => field)], [422, ['videoid_data.images.document_front']]);
  assert.deepEqual(await running.call('POST', '/webhooks', 'no webhook'), [200, 'OK']);
  assert.deepEqual(await running.call('POST', '/webhooks'), [200, 'OK']);
  await running.stop();
});
